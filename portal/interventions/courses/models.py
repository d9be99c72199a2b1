"""Tables of courses, their runs, who has a seat, and what the municipality's courses were counted to lift."""

from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.base.database import db
from portal.base.terms import Industry, LabelledEnum
from portal.loop.citizens.models import Citizen
from portal.shared.accounts.models import Municipality, User
from portal.shared.skills.models import Skill

NAME_LENGTH = 120
CERTIFICATE_LENGTH = 120
"""As `Certificate.text`, where it ends up."""
NOTE_LENGTH = 200


class CostBearer(LabelledEnum):
    """Who pays for the seats of a run."""

    MUNICIPALITY = "municipality", _l("Kommunen")
    EMPLOYER = "employer", _l("Virksomheden")
    STATE = "state", _l("Staten")
    SHARED = "shared", _l("Delt mellem flere")


class SeatStatus(LabelledEnum):
    """How far somebody is with her seat."""

    WISHED = "wished", _l("Ønsket")
    BOOKED = "booked", _l("Har plads")
    ATTENDING = "attending", _l("I gang")
    PASSED = "passed", _l("Bestået")
    STOPPED = "stopped", _l("Stoppet")

    @property
    def takes_a_seat(self) -> bool:
        return self in TAKING

    @property
    def is_over(self) -> bool:
        return self in (SeatStatus.PASSED, SeatStatus.STOPPED)


TAKING = (SeatStatus.BOOKED, SeatStatus.ATTENDING, SeatStatus.PASSED)
"""Of a run's seats these are taken; who stopped gives hers back."""


class Course(db.Model):  # type: ignore[name-defined]
    """A course that a municipality knows of, with what it teaches. In Danish: kursus. Archived, never deleted."""

    __tablename__ = "courses"
    __table_args__ = (
        sa.UniqueConstraint("municipality_id", "name"),
        sa.CheckConstraint("certificate_skill_id IS NULL OR certificate <> ''", name="certificate_has_words"),
        sa.CheckConstraint("certificate_years IS NULL OR certificate <> ''", name="years_of_a_certificate"),
        sa.CheckConstraint("certificate_years > 0", name="certificate_years_range"),
        {"sqlite_autoincrement": True},  # the audit holds ids: none is given twice
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    municipality_id: Mapped[int] = mapped_column(sa.ForeignKey("municipalities.id"))
    name: Mapped[str] = mapped_column(sa.String(NAME_LENGTH))
    industry: Mapped[Industry | None]
    """None: for every trade."""
    provider: Mapped[str] = mapped_column(sa.String(NAME_LENGTH), default="")
    description: Mapped[str] = mapped_column(sa.String(1000), default="")
    certificate: Mapped[str] = mapped_column(sa.String(CERTIFICATE_LENGTH), default="")
    """What is put on the card of who passes; empty: none is given."""
    certificate_skill_id: Mapped[int | None] = mapped_column(sa.ForeignKey("skills.id"))
    """What the certificate is in the vocabulary."""
    certificate_years: Mapped[int | None]
    """How long it holds from the day it was passed; None: always."""
    archived_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    version: Mapped[int] = mapped_column(default=1)

    municipality: Mapped[Municipality] = relationship()
    certificate_skill: Mapped[Skill | None] = relationship()
    created_by: Mapped[User | None] = relationship()
    skills: Mapped[list["CourseSkill"]] = relationship(
        back_populates="course", cascade="all, delete-orphan", order_by="CourseSkill.id"
    )

    @property
    def is_archived(self) -> bool:
        return self.archived_at is not None


class CourseSkill(db.Model):  # type: ignore[name-defined]
    """What a course teaches, and how well who passes it can do it."""

    __tablename__ = "course_skills"
    __table_args__ = (
        sa.UniqueConstraint("course_id", "skill_id"),
        sa.CheckConstraint("level BETWEEN 1 AND 4", name="level_range"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(sa.ForeignKey("courses.id"))
    skill_id: Mapped[int] = mapped_column(sa.ForeignKey("skills.id"), index=True)
    level: Mapped[int]

    course: Mapped[Course] = relationship(back_populates="skills")
    skill: Mapped[Skill] = relationship()


class CourseRun(db.Model):  # type: ignore[name-defined]
    """A course on certain days at a place, with so many seats. In Danish: kursusforløb."""

    __tablename__ = "course_runs"
    __table_args__ = (
        sa.CheckConstraint("last_day >= first_day", name="period"),
        sa.CheckConstraint("seats BETWEEN 1 AND 500", name="seats_range"),
        sa.Index("ix_course_runs_course", "course_id", "first_day"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(sa.ForeignKey("courses.id"))
    first_day: Mapped[date]
    last_day: Mapped[date]
    place: Mapped[str] = mapped_column(sa.String(NAME_LENGTH))
    times: Mapped[str] = mapped_column(sa.String(NAME_LENGTH), default="")
    """Weekdays and hours, as the provider says them: "mandag og onsdag 9-14"."""
    seats: Mapped[int]
    """Never fewer than are taken; both are changed while the row is held (services.py)."""
    cost_bearer: Mapped[CostBearer]
    shared_with_neighbours: Mapped[bool] = mapped_column(default=False)
    cancelled_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    course: Mapped[Course] = relationship()

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None

    def takes_in(self, on: date) -> bool:
        """Whether somebody may still come on it."""
        return not self.is_cancelled and not self.course.is_archived and on <= self.last_day


class CourseSeat(db.Model):  # type: ignore[name-defined]
    """Somebody on a run, or wishing to be, and how far she is. One that was written by mistake is replaced."""

    __tablename__ = "course_seats"
    __table_args__ = (
        sa.CheckConstraint("(status = 'passed') = (passed_on IS NOT NULL)", name="passed_on_a_day"),
        sa.CheckConstraint("(status = 'stopped') = (stopped_on IS NOT NULL)", name="stopped_on_a_day"),
        sa.CheckConstraint("passed_on >= attending_from", name="passed_afterwards"),
        sa.CheckConstraint(
            "(passed_on IS NULL AND stopped_on IS NULL) = (ended_recorded_at IS NULL)", name="end_was_written"
        ),
        sa.CheckConstraint("status <> 'attending' OR attending_from IS NOT NULL", name="attends_from_a_day"),
        sa.Index(
            "ix_course_seats_standing",
            "run_id",
            "citizen_id",
            unique=True,
            sqlite_where=sa.text("replaced_at IS NULL AND status <> 'stopped'"),
            postgresql_where=sa.text("replaced_at IS NULL AND status <> 'stopped'"),
        ),
        sa.Index("ix_course_seats_citizen", "citizen_id"),
        sa.Index("ix_course_seats_passed", "passed_on", "citizen_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(sa.ForeignKey("course_runs.id"))
    citizen_id: Mapped[int] = mapped_column(sa.ForeignKey("citizens.id"))
    status: Mapped[SeatStatus]
    wished_on: Mapped[date]
    booked_on: Mapped[date | None]
    attending_from: Mapped[date | None]
    passed_on: Mapped[date | None]
    stopped_on: Mapped[date | None]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    ended_recorded_at: Mapped[datetime | None]
    """When it was written that she passed or stopped."""
    replaced_at: Mapped[datetime | None]
    replaced_because: Mapped[str] = mapped_column(sa.String(NOTE_LENGTH), default="", server_default="")

    run: Mapped[CourseRun] = relationship()
    citizen: Mapped[Citizen] = relationship()
    recorded_by: Mapped[User | None] = relationship()


class CourseCount(db.Model):  # type: ignore[name-defined]
    """When a municipality's courses were last counted by how many they would lift, and whether it is to be done again.

    One row a municipality.
    """

    __tablename__ = "course_counts"
    __table_args__ = (sa.CheckConstraint("goal_score BETWEEN 0 AND 100", name="goal_score_range"),)

    municipality_id: Mapped[int] = mapped_column(sa.ForeignKey("municipalities.id"), primary_key=True)
    requested_at: Mapped[datetime | None]
    """Somebody asked for it; None once it was done."""
    counted_at: Mapped[datetime | None]
    cards: Mapped[int] = mapped_column(default=0)
    openings: Mapped[int] = mapped_column(default=0)
    goal_score: Mapped[float | None]
    """The sure score that counted as over the bar."""


class CourseLift(db.Model):  # type: ignore[name-defined]
    """How many people a course, or a skill that no course teaches, would bring over the bar. Numbers, nobody's name."""

    __tablename__ = "course_lifts"
    __table_args__ = (
        sa.CheckConstraint("(course_id IS NULL) <> (skill_id IS NULL)", name="course_or_skill"),
        sa.CheckConstraint("people >= 0 AND places >= 0", name="numbers"),
        sa.Index("ix_course_lifts_municipality", "municipality_id", "people"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    municipality_id: Mapped[int] = mapped_column(sa.ForeignKey("municipalities.id"))
    course_id: Mapped[int | None] = mapped_column(sa.ForeignKey("courses.id"))
    skill_id: Mapped[int | None] = mapped_column(sa.ForeignKey("skills.id"))
    people: Mapped[int]
    """Cards that at least one open place would be over the bar for, and no open place's bar is moved for others."""
    places: Mapped[int]
    """Open places of the openings that at least one of them would be over the bar for."""

    course: Mapped[Course | None] = relationship()
    skill: Mapped[Skill | None] = relationship()
