"""Tables of target groups and of where their members are.

What is counted has the days it holds for, `recorded_at`, and `replaced_at` once another row took its place.
"""

from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.base.database import db
from portal.base.terms import LabelledEnum, PlacementForm, SpellKind
from portal.loop.citizens.models import Citizen
from portal.loop.placements.models import Placement
from portal.shared.accounts.models import Municipality, User
from portal.shared.rules.law.case import Readiness

NOTE_LENGTH = 200


class MembershipSource(LabelledEnum):
    """Who wrote that somebody is in a group."""

    CONSULTANT = "consultant", _l("Konsulent")
    IMPORT = "import", _l("Indlæst fil")


class MembershipEnd(LabelledEnum):
    """Why somebody is in a group no more."""

    IN_WORK = "in_work", _l("Kom i arbejde")
    IN_EDUCATION = "in_education", _l("Kom i uddannelse")
    MOVED = "moved", _l("Flyttede fra kommunen")
    NOT_IN_TARGET_GROUP = "not_in_target_group", _l("Er ikke længere i målgruppen")
    OTHER = "other", _l("Andet")


class SpellSource(LabelledEnum):
    """Where a spell is known from."""

    PLACEMENT = "placement", _l("Forløb")
    COURSE = "course", _l("Kursus")
    CONSULTANT = "consultant", _l("Konsulent")
    IMPORT = "import", _l("Indlæst fil")


class TargetGroup(db.Model):  # type: ignore[name-defined]
    """Those a plan speaks of, under a neutral name. In Danish: målgruppe. Archived, never deleted."""

    __tablename__ = "target_groups"
    __table_args__ = (
        sa.UniqueConstraint("municipality_id", "name"),
        sa.CheckConstraint("plan_until >= plan_from", name="plan_period"),
        sa.CheckConstraint("age_from BETWEEN 0 AND 120", name="age_from_range"),
        sa.CheckConstraint("age_until BETWEEN 0 AND 120", name="age_until_range"),
        sa.CheckConstraint("age_until >= age_from", name="age_order"),
        {"sqlite_autoincrement": True},  # the audit holds ids: none is given twice
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    municipality_id: Mapped[int] = mapped_column(sa.ForeignKey("municipalities.id"))
    name: Mapped[str] = mapped_column(sa.String(80))
    sentence: Mapped[str] = mapped_column(sa.String(500), default="")
    """What the plan says, in its own words; shown beside the group, never beside a person."""
    source: Mapped[str] = mapped_column(sa.String(200), default="")
    """Where the plan says it."""
    plan_from: Mapped[date | None]
    plan_until: Mapped[date | None]
    age_from: Mapped[int | None]
    """Proposes whom to take in; a person decides."""
    age_until: Mapped[int | None]
    archived_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    version: Mapped[int] = mapped_column(default=1)

    municipality: Mapped[Municipality] = relationship()
    created_by: Mapped[User | None] = relationship()

    @property
    def is_archived(self) -> bool:
        return self.archived_at is not None

    @property
    def has_age_band(self) -> bool:
        return self.age_from is not None or self.age_until is not None


class Membership(db.Model):  # type: ignore[name-defined]
    """Somebody in a group from a day, and until one when it has ended."""

    __tablename__ = "group_memberships"
    __table_args__ = (
        sa.CheckConstraint("until_on >= from_on", name="period"),
        sa.CheckConstraint("end_reason IS NULL OR until_on IS NOT NULL", name="reason_of_an_end"),
        sa.Index("ix_group_memberships_group", "group_id", "citizen_id"),
        sa.Index("ix_group_memberships_citizen", "citizen_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(sa.ForeignKey("target_groups.id"))
    citizen_id: Mapped[int] = mapped_column(sa.ForeignKey("citizens.id"))
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    """The last day; None while it lasts."""
    end_reason: Mapped[MembershipEnd | None]
    source: Mapped[MembershipSource]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    replaced_at: Mapped[datetime | None]
    replaced_because: Mapped[str] = mapped_column(sa.String(NOTE_LENGTH), default="", server_default="")
    """Why it was taken out, where nothing took its place."""

    group: Mapped[TargetGroup] = relationship()
    citizen: Mapped[Citizen] = relationship()
    recorded_by: Mapped[User | None] = relationship()


class Spell(db.Model):  # type: ignore[name-defined]
    """A period in which somebody was in work, education, an activity ... In Danish: periode.

    Neither a benefit nor a reason stands in it; what nobody knows is no spell.
    """

    __tablename__ = "spells"
    __table_args__ = (
        sa.CheckConstraint("until_on >= from_on", name="period"),
        sa.CheckConstraint("hours_per_week > 0 AND hours_per_week <= 168", name="hours_range"),
        sa.Index("ix_spells_citizen_kind", "citizen_id", "kind", "from_on"),
        sa.Index(
            "ix_spells_standing",  # all that goals ask of a spell, so that a group is counted without the rows
            "citizen_id",
            "from_on",
            "until_on",
            "kind",
            "hours_per_week",
            "form",
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    citizen_id: Mapped[int] = mapped_column(sa.ForeignKey("citizens.id"))
    kind: Mapped[SpellKind]
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    """The last day; None while nobody knows of an end."""
    hours_per_week: Mapped[float | None]
    form: Mapped[PlacementForm | None]
    """Of the placement it came from."""
    source: Mapped[SpellSource]
    placement_id: Mapped[int | None] = mapped_column(sa.ForeignKey("placements.id"), index=True)
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    replaced_at: Mapped[datetime | None]
    replaced_because: Mapped[str] = mapped_column(sa.String(NOTE_LENGTH), default="", server_default="")
    """Why it was taken out, where nothing took its place."""

    citizen: Mapped[Citizen] = relationship()
    placement: Mapped[Placement | None] = relationship()
    recorded_by: Mapped[User | None] = relationship()


class SpellProposal(db.Model):  # type: ignore[name-defined]
    """A spell that the end of a placement suggests; a consultant confirms it or not."""

    __tablename__ = "spell_proposals"
    __table_args__ = (
        sa.CheckConstraint("hours_per_week > 0 AND hours_per_week <= 168", name="hours_range"),
        sa.CheckConstraint("(decided_at IS NULL) = (decided_by_id IS NULL)", name="decided_by_somebody"),
        sa.CheckConstraint("spell_id IS NULL OR decided_at IS NOT NULL", name="spell_of_a_decision"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    placement_id: Mapped[int] = mapped_column(sa.ForeignKey("placements.id"), unique=True)
    citizen_id: Mapped[int] = mapped_column(sa.ForeignKey("citizens.id"), index=True)
    kind: Mapped[SpellKind]
    from_on: Mapped[date]
    hours_per_week: Mapped[float | None]
    proposed_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    spell_id: Mapped[int | None] = mapped_column(sa.ForeignKey("spells.id"))
    """What was written; None where it was decided that there is nothing to write."""

    placement: Mapped[Placement] = relationship()
    citizen: Mapped[Citizen] = relationship()
    decided_by: Mapped[User | None] = relationship()


class WorkLadder(db.Model):  # type: ignore[name-defined]
    """Steps towards work in the municipality's own words, such as match 1 to 5."""

    __tablename__ = "ladders"
    __table_args__ = (
        sa.UniqueConstraint("municipality_id", "name"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    municipality_id: Mapped[int] = mapped_column(sa.ForeignKey("municipalities.id"))
    name: Mapped[str] = mapped_column(sa.String(80))
    created_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]

    municipality: Mapped[Municipality] = relationship()
    steps: Mapped[list["LadderStep"]] = relationship(
        back_populates="ladder", order_by="LadderStep.position", cascade="all, delete-orphan"
    )

    @property
    def is_archived(self) -> bool:
        return self.archived_at is not None


class LadderStep(db.Model):  # type: ignore[name-defined]
    """One step of a ladder; a higher position is nearer to work."""

    __tablename__ = "ladder_steps"
    __table_args__ = (
        sa.UniqueConstraint("ladder_id", "position"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ladder_id: Mapped[int] = mapped_column(sa.ForeignKey("ladders.id"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(sa.String(60))
    readiness: Mapped[Readiness | None]
    """R24: the group in law of those who stand on it; None where the step says nothing of it."""

    ladder: Mapped[WorkLadder] = relationship(back_populates="steps")


class StepPlacing(db.Model):  # type: ignore[name-defined]
    """Somebody on a step from a day, until she is placed anew on the same ladder."""

    __tablename__ = "step_placings"
    __table_args__ = (
        sa.Index("ix_step_placings_citizen", "citizen_id", "from_on"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    citizen_id: Mapped[int] = mapped_column(sa.ForeignKey("citizens.id"))
    step_id: Mapped[int] = mapped_column(sa.ForeignKey("ladder_steps.id"), index=True)
    from_on: Mapped[date]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    replaced_at: Mapped[datetime | None]

    citizen: Mapped[Citizen] = relationship()
    step: Mapped[LadderStep] = relationship()
    recorded_by: Mapped[User | None] = relationship()


class Arrival(db.Model):  # type: ignore[name-defined]
    """When somebody came to the municipality, and her introduction programme."""

    __tablename__ = "arrivals"
    __table_args__ = (
        sa.CheckConstraint("programme_until >= programme_from", name="programme"),
        sa.CheckConstraint(
            "programme_until IS NULL OR programme_from IS NOT NULL", name="programme_has_a_beginning"
        ),
        sa.Index(
            "ix_arrivals_standing",
            "citizen_id",
            unique=True,
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    citizen_id: Mapped[int] = mapped_column(sa.ForeignKey("citizens.id"), index=True)
    arrived_on: Mapped[date]
    programme_from: Mapped[date | None]
    programme_until: Mapped[date | None]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    replaced_at: Mapped[datetime | None]

    citizen: Mapped[Citizen] = relationship()
    recorded_by: Mapped[User | None] = relationship()
