"""Tables of groups (hold): kinds with themes, groups with times, sessions, places and attendance, and who leads one."""

from datetime import date, datetime, time
from typing import Final

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.base.database import db
from portal.base.terms import LabelledEnum, Weekday
from portal.interventions.target_groups.models import TargetGroup
from portal.loop.citizens.models import Citizen
from portal.shared.accounts.models import Municipality, User

KEPT: Final = {"sqlite_autoincrement": True}
"""The audit holds ids: none is given twice."""


class CohortSort(LabelledEnum):
    """What a group counts as."""

    MATERNITY_CAFE = "maternity_cafe", _l("Barselscafé")
    SPECIAL_TEACHING = "special_teaching", _l("Særligt undervisningsforløb")
    INTRODUCTION = "introduction", _l("Introduktionsforløb")
    GUIDANCE = "guidance", _l("Gruppevejledning")
    CAMPAIGN = "campaign", _l("Informationskampagne for unge")
    OTHER = "other", _l("Andet hold")


class SessionState(LabelledEnum):
    PLANNED = "planned", _l("Planlagt")
    HELD = "held", _l("Holdt")
    CANCELLED = "cancelled", _l("Aflyst")


class EnrolmentState(LabelledEnum):
    """Whether somebody has a place or waits for one."""

    WAITING = "waiting", _l("Venter på en plads")
    PLACED = "placed", _l("Har en plads")


class EnrolmentReason(LabelledEnum):
    """Why somebody is on a group: what it is to lead to, never what she lacks."""

    LANGUAGE = "language", _l("Dansk i hverdagen")
    NETWORK = "network", _l("Netværk")
    TOWARDS_WORK = "towards_work", _l("Vej til arbejde")
    TOWARDS_EDUCATION = "towards_education", _l("Vej til uddannelse")
    KNOWLEDGE = "knowledge", _l("Viden om samfundet")
    SCHOOL_AGAIN = "school_again", _l("Tilbage til sprogskolen")


class CohortExit(LabelledEnum):
    """What somebody went on to."""

    WORK = "work", _l("Arbejde")
    EDUCATION = "education", _l("Uddannelse")
    PRAKTIK = "praktik", _l("Praktik")
    NEXT_COHORT = "next_cohort", _l("Næste hold")
    OTHER_OFFER = "other_offer", _l("Afklaret til andet")
    STOPPED = "stopped", _l("Stoppet")


class Presence(LabelledEnum):
    """Whether somebody came to a session; a reason is never written."""

    PRESENT = "present", _l("Til stede")
    AGREED = "agreed", _l("Aftalt fravær")
    AWAY = "away", _l("Udeblevet")


class HoursSource(LabelledEnum):
    """Where the hours at the language school are known from."""

    CONSULTANT = "consultant", _l("Konsulent")
    IMPORT = "import", _l("Indlæst fil")


class KindTheme(db.Model):  # type: ignore[name-defined]
    """A theme that groups of the kind begin with."""

    __tablename__ = "cohort_kind_themes"
    __table_args__ = (sa.UniqueConstraint("kind_id", "position"), KEPT)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind_id: Mapped[int] = mapped_column(sa.ForeignKey("cohort_kinds.id"))
    position: Mapped[int]
    phrase: Mapped[str | None] = mapped_column(sa.String(40))
    """Its key among the phrases in the citizens' languages; None: it is said in Danish."""
    name: Mapped[str] = mapped_column(sa.String(120))


class CohortKind(db.Model):  # type: ignore[name-defined]
    """What a group is made from: its purpose, size, themes and times. Shipped ones are everybody's."""

    __tablename__ = "cohort_kinds"
    __table_args__ = (
        sa.UniqueConstraint("municipality_id", "name"),
        sa.CheckConstraint("capacity BETWEEN 1 AND 500", name="capacity_range"),
        sa.CheckConstraint("weeks BETWEEN 1 AND 104", name="weeks_range"),
        KEPT,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    municipality_id: Mapped[int | None] = mapped_column(sa.ForeignKey("municipalities.id"))
    """None: it came with the portal."""
    sort: Mapped[CohortSort]
    name: Mapped[str] = mapped_column(sa.String(80))
    purpose: Mapped[str] = mapped_column(sa.String(500), default="")
    capacity: Mapped[int]
    weeks: Mapped[int]
    times_a_week: Mapped[int] = mapped_column(default=1)

    themes: Mapped[list[KindTheme]] = relationship(order_by=KindTheme.position)


class Cohort(db.Model):  # type: ignore[name-defined]
    """A group of people who meet at weekly times in a period. In Danish: hold."""

    __tablename__ = "cohorts"
    __table_args__ = (
        sa.CheckConstraint("last_on >= first_on", name="period"),
        sa.CheckConstraint("capacity BETWEEN 1 AND 500", name="capacity_range"),
        sa.UniqueConstraint("municipality_id", "name"),
        KEPT,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    municipality_id: Mapped[int] = mapped_column(sa.ForeignKey("municipalities.id"))
    kind_id: Mapped[int] = mapped_column(sa.ForeignKey("cohort_kinds.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    purpose: Mapped[str] = mapped_column(sa.String(500), default="")
    group_id: Mapped[int | None] = mapped_column(sa.ForeignKey("target_groups.id"), index=True)
    """Proposes whom to take in; a person decides."""
    lead_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    place: Mapped[str] = mapped_column(sa.String(120), default="")
    partner: Mapped[str] = mapped_column(sa.String(120), default="")
    """Who lends the rooms or takes part, e.g. a housing area."""
    capacity: Mapped[int]
    first_on: Mapped[date]
    last_on: Mapped[date]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    version: Mapped[int] = mapped_column(default=1)

    municipality: Mapped[Municipality] = relationship()
    kind: Mapped[CohortKind] = relationship()
    group: Mapped[TargetGroup | None] = relationship()
    lead: Mapped[User | None] = relationship(foreign_keys=[lead_id])
    times: Mapped[list["CohortTime"]] = relationship(
        order_by="CohortTime.id", cascade="all, delete-orphan", back_populates="cohort"
    )
    themes: Mapped[list["CohortTheme"]] = relationship(
        order_by="CohortTheme.position", cascade="all, delete-orphan", back_populates="cohort"
    )


class CohortTime(db.Model):  # type: ignore[name-defined]
    """When a group meets each week."""

    __tablename__ = "cohort_times"
    __table_args__ = (
        sa.CheckConstraint("ends_at > begins_at", name="order"),
        sa.UniqueConstraint("cohort_id", "weekday", "begins_at"),
        KEPT,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(sa.ForeignKey("cohorts.id"))
    weekday: Mapped[Weekday]
    begins_at: Mapped[time]
    ends_at: Mapped[time]

    cohort: Mapped[Cohort] = relationship(back_populates="times")


class CohortTheme(db.Model):  # type: ignore[name-defined]
    """What a group talks about, and who teaches it."""

    __tablename__ = "cohort_themes"
    __table_args__ = (sa.UniqueConstraint("cohort_id", "name"), KEPT)

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(sa.ForeignKey("cohorts.id"))
    position: Mapped[int]
    phrase: Mapped[str | None] = mapped_column(sa.String(40))
    name: Mapped[str] = mapped_column(sa.String(120))
    teacher: Mapped[str] = mapped_column(sa.String(120), default="")

    cohort: Mapped[Cohort] = relationship(back_populates="themes")


class CohortSession(db.Model):  # type: ignore[name-defined]
    """One time that a group meets. In Danish: mødegang."""

    __tablename__ = "cohort_sessions"
    __table_args__ = (
        sa.CheckConstraint("ends_at > begins_at", name="order"),
        sa.CheckConstraint("(state = 'planned') = (settled_at IS NULL)", name="settled_follows_state"),
        sa.UniqueConstraint("cohort_id", "on_day", "begins_at"),
        KEPT,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(sa.ForeignKey("cohorts.id"))
    on_day: Mapped[date]
    begins_at: Mapped[time]
    ends_at: Mapped[time]
    theme_id: Mapped[int | None] = mapped_column(sa.ForeignKey("cohort_themes.id"), index=True)
    teacher: Mapped[str] = mapped_column(sa.String(120), default="")
    """Another than the theme's own."""
    state: Mapped[SessionState] = mapped_column(default=SessionState.PLANNED)
    by_hand: Mapped[bool] = mapped_column(default=False)
    """Moved or added by somebody: new weekly times leave it as it is."""
    settled_at: Mapped[datetime | None]
    """When it was written that it was held or cancelled."""
    settled_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    version: Mapped[int] = mapped_column(default=1)

    cohort: Mapped[Cohort] = relationship()
    theme: Mapped[CohortTheme | None] = relationship()

    @property
    def is_planned(self) -> bool:
        return self.state is SessionState.PLANNED

    @property
    def is_cancelled(self) -> bool:
        return self.state is SessionState.CANCELLED


class CohortEnrolment(db.Model):  # type: ignore[name-defined]
    """Somebody on a group from a day, or waiting for a place; and what she went on to."""

    __tablename__ = "cohort_enrolments"
    __table_args__ = (
        sa.CheckConstraint("until_on >= from_on", name="period"),
        sa.CheckConstraint("exit IS NULL OR until_on IS NOT NULL", name="exit_of_an_end"),
        sa.CheckConstraint("number >= 1", name="number_from_one"),
        sa.Index("ix_cohort_enrolments_cohort", "cohort_id", "citizen_id"),
        sa.Index("ix_cohort_enrolments_citizen", "citizen_id"),
        KEPT,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(sa.ForeignKey("cohorts.id"))
    citizen_id: Mapped[int] = mapped_column(sa.ForeignKey("citizens.id"))
    number: Mapped[int]
    """On the group's printed list; it stays hers."""
    state: Mapped[EnrolmentState]
    reason: Mapped[EnrolmentReason]
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    """The last day; None while it lasts."""
    exit: Mapped[CohortExit | None]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    replaced_at: Mapped[datetime | None]

    cohort: Mapped[Cohort] = relationship()
    citizen: Mapped[Citizen] = relationship()


class CohortAttendance(db.Model):  # type: ignore[name-defined]
    """Whether somebody came to a session."""

    __tablename__ = "cohort_attendance"
    __table_args__ = (
        sa.Index(
            "ix_cohort_attendance_standing",
            "session_id",
            "citizen_id",
            unique=True,
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        ),
        sa.Index("ix_cohort_attendance_citizen", "citizen_id"),
        KEPT,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(sa.ForeignKey("cohort_sessions.id"))
    citizen_id: Mapped[int] = mapped_column(sa.ForeignKey("citizens.id"))
    presence: Mapped[Presence]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    replaced_at: Mapped[datetime | None]

    session: Mapped[CohortSession] = relationship()
    citizen: Mapped[Citizen] = relationship()


class CohortLeader(db.Model):  # type: ignore[name-defined]
    """A group leader's access to one group, in a period, once she was told that she must keep silent."""

    __tablename__ = "cohort_leaders"
    __table_args__ = (
        sa.CheckConstraint("until_on >= from_on", name="period"),
        sa.Index("ix_cohort_leaders_user", "user_id", "cohort_id"),
        KEPT,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(sa.ForeignKey("cohorts.id"), index=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    from_on: Mapped[date]
    until_on: Mapped[date]
    silence_on: Mapped[date]
    """When she was told of her duty of confidentiality. In Danish: pålæg om tavshedspligt."""
    granted_at: Mapped[datetime]
    granted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    ended_at: Mapped[datetime | None]

    cohort: Mapped[Cohort] = relationship()
    user: Mapped[User] = relationship(foreign_keys=[user_id])
    granted_by: Mapped[User | None] = relationship(foreign_keys=[granted_by_id])


class TeamGoal(db.Model):  # type: ignore[name-defined]
    """The one goal that everybody who works with a citizen works towards, with the last step and the next."""

    __tablename__ = "team_goals"
    __table_args__ = (
        sa.Index(
            "ix_team_goals_standing",
            "citizen_id",
            unique=True,
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        ),
        KEPT,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    citizen_id: Mapped[int] = mapped_column(sa.ForeignKey("citizens.id"), index=True)
    sentence: Mapped[str] = mapped_column(sa.String(200))
    last_step: Mapped[str] = mapped_column(sa.String(200), default="")
    next_step: Mapped[str] = mapped_column(sa.String(200), default="")
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    replaced_at: Mapped[datetime | None]

    citizen: Mapped[Citizen] = relationship()
    recorded_by: Mapped[User | None] = relationship()


class LanguageHours(db.Model):  # type: ignore[name-defined]
    """Hours at the language school in a month: planned, and attended."""

    __tablename__ = "language_hours"
    __table_args__ = (
        sa.CheckConstraint("planned BETWEEN 0 AND 744", name="planned_range"),
        sa.CheckConstraint("attended >= 0 AND attended <= planned", name="attended_of_planned"),
        sa.Index(
            "ix_language_hours_standing",
            "citizen_id",
            "month_on",
            unique=True,
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        ),
        KEPT,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    citizen_id: Mapped[int] = mapped_column(sa.ForeignKey("citizens.id"))
    month_on: Mapped[date]
    """The first day of the month."""
    planned: Mapped[int]
    attended: Mapped[int]
    source: Mapped[HoursSource]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    replaced_at: Mapped[datetime | None]

    citizen: Mapped[Citizen] = relationship()
