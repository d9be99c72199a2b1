"""Forms of imports."""

import re
from collections.abc import Mapping
from typing import Any, Final

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, FileField, SelectField, ValidationError

from portal.base.terms import choices_of
from portal.shared.accounts.models import User
from portal.web.forms import PortalForm
from portal.workspaces.imports.code_pages import DOS, MAC, UTF8, WINDOWS
from portal.workspaces.imports.effects import Answers
from portal.workspaces.imports.models import ImportKind, kinds_for

NAMES: Final[Mapping[str, LazyString]] = {
    UTF8: _l("UTF-8"),
    WINDOWS: _l("Windows (1252)"),
    MAC: _l("Mac (Roman)"),
    DOS: _l("DOS (850)"),
}


class WhoField(Field):
    """Answers of several questions under one name: "12-1003" says line 12 is citizen 1003, "12-0" somebody else."""

    def process_formdata(self, valuelist: list[str]) -> None:
        pairs = [match.groups() for value in valuelist if (match := _ANSWER.fullmatch(value))]
        self.data = {int(line): int(key) or None for line, key in pairs}


_ANSWER = re.compile(r"(\d{1,7})-(\d{1,9})", re.ASCII)


class UploadForm(PortalForm):
    kind = SelectField(_l("Hvad er der i filen?"), coerce=ImportKind)
    file = FileField(_l("Fil (CSV eller Excel)"), description=_l("Højst 5 MB og 1.000 rækker."))

    code_page = SelectField(
        _l("Tegnsæt"),
        choices=[("", _l("Find det selv")), *NAMES.items()],
        default="",
        description=_l("Kun for CSV. Vælg selv, hvis gennemsynet viser æ, ø og å forkert."),
    )

    def __init__(self, user: User, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.kind.choices = choices_of(kinds_for(user))

    def validate_file(self, field: Any) -> None:
        if not getattr(field.data, "filename", ""):
            raise ValidationError(_l("Vælg en fil."))


class CodePageForm(PortalForm):
    """Another reading of a file whose letters are wrong in the preview."""

    code_page = SelectField(_l("Tegnsæt"), choices=[("", _l("Find det selv")), *NAMES.items()])


class ConfirmForm(PortalForm):
    """The yes to a file, and of each line that looks like somebody's who she is."""

    only_good_rows = BooleanField(_l("Indlæs kun de gode rækker"))
    who = WhoField()

    @property
    def answers(self) -> Answers:
        return dict(self.who.data or {})
