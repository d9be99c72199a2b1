"""What the papers of a meeting hold."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField

from portal.base.terms import Language
from portal.shared.skills.translations import word_lists
from portal.web.forms import PortalForm

OWN_LANGUAGE = "own"


class PapersForm(PortalForm):
    """Read from the address: the file is only shown, nothing is written."""

    form_id = None
    language = SelectField(
        _l("Sprog ved siden af dansk"),
        choices=[(OWN_LANGUAGE, _l("Borgerens eget sprog")), ("", _l("Kun dansk")), *Language.choices()],
        default=OWN_LANGUAGE,
    )
    words = SelectField(
        _l("30 ord fra faget på kortets bagside"),
        choices=[("", _l("Ingen")), *word_lists()],
        default="",
    )
    record = BooleanField(_l("Matchnotatet"), default=True)
    expectations = BooleanField(_l("Tomt ark til forventninger"), default=True)
    assessment = BooleanField(_l("Tomt ark til vurdering af opgaverne"), default=True)
