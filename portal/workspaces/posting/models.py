"""The table of drafts, and the steps they are written in."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.base.database import db
from portal.base.terms import LabelledEnum
from portal.shared.accounts.models import User


class Step(LabelledEnum):
    """One screen of the form, in the order of asking."""

    JOB = "job", _l("Stilling")
    FORM = "form", _l("Form")
    TASKS = "tasks", _l("Opgaver")
    MORE = "more", _l("Andre opgaver")
    TIME = "time", _l("Tid og sted")
    DANISH = "danish", _l("Dansk")
    TERMS = "terms", _l("Vilkår")

    @property
    def number(self) -> int:
        return list(Step).index(self) + 1

    @property
    def previous(self) -> "Step | None":
        return list(Step)[self.number - 2] if self.number > 1 else None

    @property
    def following(self) -> "Step | None":
        return list(Step)[self.number] if self.number < len(Step) else None


class OpeningDraft(db.Model):  # type: ignore[name-defined]
    """An opening being written: the steps answered so far. Gone when it becomes an opening."""

    __tablename__ = "opening_drafts"
    __table_args__ = {"sqlite_autoincrement": True}  # the audit holds ids: none is given twice

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"), index=True)
    """Who began it; her colleagues at the employer may go on."""
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Value of a Step -> what was answered there (`posting/forms.py` says in which shape)."""
    begun_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    user: Mapped[User] = relationship()

    @property
    def title(self) -> str:
        """What its writer calls it; empty before she has."""
        return str(self.answers.get(Step.JOB, {}).get("title", ""))

    @property
    def missing(self) -> list[Step]:
        """The steps not answered yet."""
        return [step for step in Step if step.value not in self.answers]

    @property
    def next_step(self) -> Step | None:
        return self.missing[0] if self.missing else None
