"""The table of tasks."""

from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.base.database import db
from portal.base.terms import LabelledEnum
from portal.loop.citizens.models import Citizen
from portal.loop.employers.models import Employer
from portal.loop.placements.models import Placement
from portal.shared.accounts.models import User

TITLE_LENGTH = 200


class TaskSubject(LabelledEnum):
    """What a task is about."""

    CITIZEN = "citizen", _l("En borger")
    EMPLOYER = "employer", _l("En virksomhed")
    PLACEMENT = "placement", _l("Et forløb")
    NONE = "none", _l("Ingen bestemt")


class DeskTask(db.Model):  # type: ignore[name-defined]
    """One thing that somebody in the municipality is to do by a day."""

    __tablename__ = "tasks"
    __table_args__ = (
        sa.CheckConstraint(
            "(CASE WHEN citizen_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN employer_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN placement_id IS NULL THEN 0 ELSE 1 END) <= 1",
            name="about_one",
        ),
        sa.CheckConstraint("(done_at IS NULL) = (done_by_id IS NULL)", name="done_by_somebody"),
        sa.Index("ix_tasks_owner", "owner_id", "done_at", "due_on"),
        sa.Index("ix_tasks_municipality", "municipality_id", "done_at", "due_on"),
        {"sqlite_autoincrement": True},  # the audit holds ids: none is given twice
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    municipality_id: Mapped[int] = mapped_column(sa.ForeignKey("municipalities.id"))
    title: Mapped[str] = mapped_column(sa.String(TITLE_LENGTH))
    due_on: Mapped[date]
    owner_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    citizen_id: Mapped[int | None] = mapped_column(sa.ForeignKey("citizens.id"), index=True)
    employer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("employers.id"), index=True)
    placement_id: Mapped[int | None] = mapped_column(sa.ForeignKey("placements.id"), index=True)
    made_at: Mapped[datetime]
    made_by_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    owner: Mapped[User] = relationship(foreign_keys=[owner_id])
    made_by: Mapped[User] = relationship(foreign_keys=[made_by_id])
    done_by: Mapped[User | None] = relationship(foreign_keys=[done_by_id])
    citizen: Mapped[Citizen | None] = relationship()
    employer: Mapped[Employer | None] = relationship()
    placement: Mapped[Placement | None] = relationship()

    @property
    def is_done(self) -> bool:
        return self.done_at is not None

    @property
    def subject(self) -> TaskSubject:
        if self.citizen_id is not None:
            return TaskSubject.CITIZEN
        if self.employer_id is not None:
            return TaskSubject.EMPLOYER
        return TaskSubject.NONE if self.placement_id is None else TaskSubject.PLACEMENT

    @property
    def person(self) -> Citizen | None:
        """The citizen whom it is about, herself or by her placement."""
        return self.placement.card.citizen if self.placement else self.citizen

    @property
    def firm(self) -> Employer | None:
        """The employer whom it is about, itself or by a placement."""
        return self.placement.opening.employer if self.placement else self.employer
