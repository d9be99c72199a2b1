"""Forms of imports."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FileField, SelectField, ValidationError

from portal.base.terms import choices_of
from portal.shared.accounts.models import User
from portal.web.forms import PortalForm
from portal.workspaces.imports.models import ImportKind, kinds_for


class UploadForm(PortalForm):
    kind = SelectField(_l("Hvad er der i filen?"), coerce=ImportKind)
    file = FileField(_l("Fil (CSV eller Excel)"), description=_l("Højst 5 MB og 1.000 rækker."))

    def __init__(self, user: User, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.kind.choices = choices_of(kinds_for(user))

    def validate_file(self, field: Any) -> None:
        if not getattr(field.data, "filename", ""):
            raise ValidationError(_l("Vælg en fil."))


class ConfirmForm(PortalForm):
    only_good_rows = BooleanField(_l("Indlæs kun de gode rækker"))
