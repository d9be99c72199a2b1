"""Forms of the citizen's own page."""

from wtforms import SelectField

from portal.base.terms import Language
from portal.loop.citizens.forms import language_or_none
from portal.web.forms import PortalForm


class LanguageForm(PortalForm):
    """Each language under its own name."""

    language = SelectField(
        choices=[("", "Dansk"), *((one.value, one.own_name) for one in Language)], coerce=language_or_none
    )
