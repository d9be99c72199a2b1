"""The shape of choosing a team."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectMultipleField

from portal.shared.accounts.models import User
from portal.web.forms import PortalForm


class TeamForm(PortalForm):
    members = SelectMultipleField(_l("Hvem er på dit team?"), coerce=int)

    def __init__(self, *args: Any, colleagues: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.colleagues = {one.id: one for one in colleagues}
        self.members.choices = [(one.id, one.name) for one in colleagues]

    @property
    def chosen(self) -> list[User]:
        return [self.colleagues[one] for one in dict.fromkeys(self.members.data or [])]
