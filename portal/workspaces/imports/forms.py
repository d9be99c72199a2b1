"""Forms of imports."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FileField, SelectField, ValidationError

from portal.base.terms import choices_of
from portal.web.forms import PortalForm
from portal.workspaces.imports.models import UPLOAD_KINDS, ImportKind


class UploadForm(PortalForm):
    kind = SelectField(
        _l("Hvad er der i filen?"),
        choices=choices_of(UPLOAD_KINDS),
        coerce=ImportKind,
    )
    file = FileField(_l("Fil (CSV eller Excel)"), description=_l("Højst 5 MB og 1.000 rækker."))

    def validate_file(self, field: Any) -> None:
        if not getattr(field.data, "filename", ""):
            raise ValidationError(_l("Vælg en fil."))


class ConfirmForm(PortalForm):
    only_good_rows = BooleanField(_l("Indlæs kun de gode rækker"))
