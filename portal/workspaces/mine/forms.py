"""Forms of the citizen's own page."""

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.validators import Length

from portal.base.terms import Language
from portal.loop.citizens.forms import language_or_none
from portal.web.forms import PortalForm, required, strip


class LanguageForm(PortalForm):
    """Each language under its own name."""

    language = SelectField(
        choices=[("", "Dansk"), *((one.value, one.own_name) for one in Language)], coerce=language_or_none
    )


class CodeForm(PortalForm):
    code = StringField(_l("Kode"), [required(), Length(max=40)], filters=[strip])
