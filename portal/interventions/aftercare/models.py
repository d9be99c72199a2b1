"""The table of talks after somebody was hired."""

from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.base.database import db
from portal.base.terms import HOURS_IN_A_WEEK, LabelledEnum
from portal.loop.citizens.models import Citizen
from portal.loop.placements.models import Placement
from portal.shared.accounts.models import User


class StillThere(LabelledEnum):
    """Whether she has the job yet."""

    YES = "yes", _l("Ja")
    NO = "no", _l("Nej")
    UNKNOWN = "unknown", _l("Ved ikke")


class AfterHired(LabelledEnum):
    """What comes next."""

    GOES_ON = "goes_on", _l("Fortsætter som nu")
    MORE_HOURS = "more_hours", _l("Flere timer")
    EDUCATION = "education", _l("Kursus eller uddannelse ved siden af")
    MENTOR = "mentor", _l("Mentor på arbejdspladsen")
    OTHER_JOB = "other_job", _l("Et andet job")
    NEW_PLACEMENT = "new_placement", _l("Et nyt forløb")
    CALL_AGAIN = "call_again", _l("Vi ringer igen")
    NO_HELP = "no_help", _l("Ingen hjælp mere")


class TalkState(LabelledEnum):
    """What a talk is on a day."""

    COMING = "coming", _l("Kommer")
    OVERDUE = "overdue", _l("Over tiden")
    HELD = "held", _l("Holdt")
    CANCELLED = "cancelled", _l("Aflyst")


class JobTalk(db.Model):  # type: ignore[name-defined]
    """A talk some months after somebody was hired, to be held or held."""

    __tablename__ = "job_talks"
    __table_args__ = (
        sa.UniqueConstraint("placement_id", "months"),
        sa.CheckConstraint("months > 0", name="months_later"),
        sa.CheckConstraint(f"hours_per_week > 0 AND hours_per_week <= {HOURS_IN_A_WEEK}", name="hours_range"),
        sa.CheckConstraint("(held_on IS NULL) = (still_there IS NULL)", name="said_when_held"),
        sa.CheckConstraint("(held_on IS NULL) = (next_step IS NULL)", name="next_when_held"),
        sa.CheckConstraint("(held_on IS NULL) = (recorded_at IS NULL)", name="recorded_when_held"),
        sa.CheckConstraint("held_on IS NULL OR cancelled_at IS NULL", name="held_or_cancelled"),
        sa.CheckConstraint("left_on IS NULL OR still_there = 'no'", name="left_when_gone"),
        sa.Index("ix_job_talks_citizen", "citizen_id", "due_on"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    placement_id: Mapped[int] = mapped_column(sa.ForeignKey("placements.id"))
    citizen_id: Mapped[int] = mapped_column(sa.ForeignKey("citizens.id"))
    months: Mapped[int]
    """After the last day of the placement that led to the job."""
    due_on: Mapped[date] = mapped_column(index=True)
    planned_at: Mapped[datetime]
    held_on: Mapped[date | None]
    still_there: Mapped[StillThere | None]
    hours_per_week: Mapped[float | None]
    next_step: Mapped[AfterHired | None]
    left_on: Mapped[date | None]
    """Her last day in the job, where she said so."""
    recorded_at: Mapped[datetime | None]
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    cancelled_at: Mapped[datetime | None]
    """She left the job or took her yes back: nobody calls. Who is set passive is talked with all the same."""
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    placement: Mapped[Placement] = relationship()
    citizen: Mapped[Citizen] = relationship()
    recorded_by: Mapped[User | None] = relationship()

    def state_on(self, day: date) -> TalkState:
        if self.held_on is not None:
            return TalkState.HELD
        if self.cancelled_at is not None:
            return TalkState.CANCELLED
        return TalkState.OVERDUE if self.due_on < day else TalkState.COMING
