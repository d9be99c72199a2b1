"""The shape of a task."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from portal.base.typed_days import DayKind
from portal.shared.accounts.models import User
from portal.web.forms import DanishDateField, DatedForm, VersionedForm, required, text_field
from portal.workspaces.tasks.models import TITLE_LENGTH
from portal.workspaces.tasks.services import TaskDetails


class TaskForm(DatedForm, VersionedForm):
    title = text_field(_l("Hvad skal gøres?"), TITLE_LENGTH)
    due_on = DanishDateField(_l("Hvornår?"), [required()], DayKind.COMING)
    owner_id = SelectField(_l("Hvem gør det?"), coerce=int)

    def __init__(self, *args: Any, colleagues: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.colleagues = {one.id: one for one in colleagues}
        self.owner_id.choices = [(one.id, one.name) for one in colleagues]

    @property
    def details(self) -> TaskDetails:
        return TaskDetails(
            title=self.title.data or "",
            due_on=self.due_on.data,
            owner=self.colleagues[self.owner_id.data],
        )
