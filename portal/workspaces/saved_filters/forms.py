"""The shape of a saved filter."""

from flask_babel import lazy_gettext as _l

from portal.web.forms import PortalForm, text_field
from portal.workspaces.saved_filters.models import NAME_LENGTH


class SavedFilterForm(PortalForm):
    name = text_field(_l("Gem filteret som"), NAME_LENGTH, missing=_l("Skriv, hvad filteret skal hedde."))
