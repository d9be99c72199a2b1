"""Tables of packages and their steps, and of the journeys of those who are on them."""

from datetime import date, datetime
from typing import Final

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.base.database import db
from portal.base.terms import Industry, LabelledEnum, PlacementForm, SpellKind
from portal.interventions.cohorts.models import CohortEnrolment
from portal.interventions.courses.models import CourseSeat
from portal.loop.citizens.models import Citizen
from portal.loop.employers.models import Employer
from portal.loop.placements.models import Placement
from portal.shared.accounts.models import Municipality, User
from portal.shared.skills.models import Skill

NAME_LENGTH: Final = 80
ASKS_LENGTH: Final = 300
MOST_WEEKS: Final = 104


class StepKind(LabelledEnum):
    """How a step is taken: on a course, in a group, or in a form of cooperation; a pupil's job is no step."""

    _ignore_ = ["form"]
    COURSE = "course", _l("Kursus")
    GROUP = "group", _l("Hold")
    for form in PlacementForm:
        if form.traits.spell is not SpellKind.LEISURE_JOB:
            vars()[form.name] = form.value, form.traits.short

    @property
    def placement_form(self) -> PlacementForm | None:
        """What a placement that carries the step is; None: no placement does."""
        return PlacementForm(self.value) if self.value in set(PlacementForm) else None


class JobPackage(db.Model):  # type: ignore[name-defined]
    """An ordered list of steps towards work in a trade. In Danish: branchepakke. Archived, never deleted."""

    __tablename__ = "job_packages"
    __table_args__ = (
        sa.UniqueConstraint("municipality_id", "name"),
        {"sqlite_autoincrement": True},  # the audit holds ids: none is given twice
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    municipality_id: Mapped[int] = mapped_column(sa.ForeignKey("municipalities.id"))
    name: Mapped[str] = mapped_column(sa.String(NAME_LENGTH))
    industry: Mapped[Industry]
    about: Mapped[str] = mapped_column(sa.String(ASKS_LENGTH), default="", server_default="")
    copy_of: Mapped[str | None] = mapped_column(sa.String(40))
    """The portal's own package that it began as; None: the municipality wrote it."""
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    archived_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    municipality: Mapped[Municipality] = relationship()
    created_by: Mapped[User | None] = relationship()
    all_steps: Mapped[list["PackageStep"]] = relationship(
        back_populates="package", order_by="PackageStep.position, PackageStep.id"
    )

    @property
    def steps(self) -> list["PackageStep"]:
        """Those of today, the first of the way first."""
        return [step for step in self.all_steps if step.retired_at is None]

    @property
    def weeks(self) -> int:
        return sum(step.weeks for step in self.steps)

    @property
    def is_archived(self) -> bool:
        return self.archived_at is not None


class PackageStep(db.Model):  # type: ignore[name-defined]
    """One step of a package. Retired, never deleted: journeys and offers know which it was."""

    __tablename__ = "package_steps"
    __table_args__ = (
        sa.CheckConstraint("weeks > 0", name="weeks_range"),
        sa.Index("ix_package_steps_package", "package_id", "position"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    package_id: Mapped[int] = mapped_column(sa.ForeignKey("job_packages.id"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(sa.String(NAME_LENGTH))
    kind: Mapped[StepKind]
    weeks: Mapped[int]
    asks: Mapped[str] = mapped_column(sa.String(ASKS_LENGTH), default="", server_default="")
    """What the next step asks of whoever has taken this one, in words; its levels are asked anyway."""
    retired_at: Mapped[datetime | None]

    package: Mapped[JobPackage] = relationship(back_populates="all_steps")
    skills: Mapped[list["PackageSkill"]] = relationship(
        back_populates="step", cascade="all, delete-orphan", order_by="PackageSkill.id"
    )


class PackageSkill(db.Model):  # type: ignore[name-defined]
    """A skill that a step teaches, and the level to reach."""

    __tablename__ = "package_skills"
    __table_args__ = (
        sa.UniqueConstraint("step_id", "skill_id"),
        sa.CheckConstraint("level BETWEEN 1 AND 4", name="level_range"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    step_id: Mapped[int] = mapped_column(sa.ForeignKey("package_steps.id"))
    skill_id: Mapped[int] = mapped_column(sa.ForeignKey("skills.id"), index=True)
    level: Mapped[int]

    step: Mapped[PackageStep] = relationship(back_populates="skills")
    skill: Mapped[Skill] = relationship()


# --- Journeys --------------------------------------------------------------------------------------------------


class StepState(LabelledEnum):
    """Where a citizen is with one step."""

    WAITING = "waiting", _l("Venter")
    UNDER_WAY = "under_way", _l("I gang")
    REACHED = "reached", _l("Nået")
    SKIPPED = "skipped", _l("Sprunget over")


class SkipReason(LabelledEnum):
    """Why a step is not taken."""

    KNOWN_ALREADY = "known_already", _l("Kan det allerede")
    LEARNT_ELSEWHERE = "learnt_elsewhere", _l("Har lært det et andet sted")
    NO_PLACE = "no_place", _l("Der var ingen plads")
    OTHER_WAY = "other_way", _l("En anden vej passer bedre")


class PassedReason(LabelledEnum):
    """Why a step is begun before the levels of the one before it were seen at a workplace (R20)."""

    SEEN_ON_COURSE = "seen_on_course", _l("Set på et kursus eller et hold")
    AGREED_WITH_EMPLOYER = "agreed_with_employer", _l("Aftalt med virksomheden")
    LEARNT_ON_THE_WAY = "learnt_on_the_way", _l("Resten læres undervejs")


class JourneyEnd(LabelledEnum):
    """Why a citizen is on her way no more."""

    ALL_REACHED = "all_reached", _l("Alle trin er nået")
    IN_WORK = "in_work", _l("Kom i arbejde")
    OTHER_WAY = "other_way", _l("En anden vej passer bedre")
    STOPPED = "stopped", _l("Stoppet af borgeren")


class Journey(db.Model):  # type: ignore[name-defined]
    """A citizen on a package, or on steps of her own. In Danish: vej. She is on one at a time."""

    __tablename__ = "journeys"
    __table_args__ = (
        sa.CheckConstraint("until_on >= from_on", name="period"),
        sa.CheckConstraint("(until_on IS NULL) = (end_reason IS NULL)", name="reason_of_an_end"),
        sa.Index("ix_journeys_citizen", "citizen_id"),
        sa.Index("ix_journeys_package", "package_id", "from_on"),
        sa.Index(
            "uq_journeys_one_under_way",
            "citizen_id",
            unique=True,
            sqlite_where=sa.text("until_on IS NULL AND replaced_at IS NULL"),
            postgresql_where=sa.text("until_on IS NULL AND replaced_at IS NULL"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    citizen_id: Mapped[int] = mapped_column(sa.ForeignKey("citizens.id"))
    package_id: Mapped[int | None] = mapped_column(sa.ForeignKey("job_packages.id"))
    """None: steps of her own."""
    name: Mapped[str] = mapped_column(sa.String(NAME_LENGTH))
    """The package's on the day she began, or what her own way is called."""
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    end_reason: Mapped[JourneyEnd | None]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    replaced_at: Mapped[datetime | None]
    """When it was taken away as a mistake, so that a past day can be counted as it was known."""

    citizen: Mapped[Citizen] = relationship()
    package: Mapped[JobPackage | None] = relationship()
    recorded_by: Mapped[User | None] = relationship()
    steps: Mapped[list["JourneyStep"]] = relationship(
        back_populates="journey", order_by="JourneyStep.position", cascade="all, delete-orphan"
    )

    @property
    def is_open(self) -> bool:
        return self.until_on is None and self.replaced_at is None

    @property
    def now(self) -> "JourneyStep | None":
        """The step she is on: the last that is under way, else the first that waits."""
        under_way = [step for step in self.steps if step.state is StepState.UNDER_WAY]
        waiting = [step for step in self.steps if step.state is StepState.WAITING]
        return next(iter([*reversed(under_way), *waiting]), None)

    @property
    def next(self) -> "JourneyStep | None":
        """The first step that waits."""
        return next((step for step in self.steps if step.state is StepState.WAITING), None)

    def before(self, step: "JourneyStep") -> "JourneyStep | None":
        """The step that was taken before it; what was skipped was not."""
        earlier = [one for one in self.steps if one.position < step.position]
        return next((one for one in reversed(earlier) if one.state is not StepState.SKIPPED), None)


class JourneyStep(db.Model):  # type: ignore[name-defined]
    """One step of somebody's way, as it was when she began; a package that changes later changes nothing here."""

    __tablename__ = "journey_steps"
    __table_args__ = (
        sa.UniqueConstraint("journey_id", "position"),
        sa.CheckConstraint("weeks > 0", name="weeks_range"),
        sa.CheckConstraint("(state = 'skipped') = (skip_reason IS NOT NULL)", name="reason_of_a_skip"),
        sa.CheckConstraint("(state = 'reached') = (reached_on IS NOT NULL)", name="day_it_was_reached"),
        sa.CheckConstraint("state <> 'under_way' OR began_on IS NOT NULL", name="day_it_began"),
        sa.Index("ix_journey_steps_placement", "placement_id"),
        sa.Index("ix_journey_steps_package_step", "package_step_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    journey_id: Mapped[int] = mapped_column(sa.ForeignKey("journeys.id"))
    package_step_id: Mapped[int | None] = mapped_column(sa.ForeignKey("package_steps.id"))
    """The step of the package that it was copied from."""
    position: Mapped[int]
    name: Mapped[str] = mapped_column(sa.String(NAME_LENGTH))
    kind: Mapped[StepKind]
    weeks: Mapped[int]
    asks: Mapped[str] = mapped_column(sa.String(ASKS_LENGTH), default="", server_default="")
    state: Mapped[StepState] = mapped_column(default=StepState.WAITING)
    began_on: Mapped[date | None]
    reached_on: Mapped[date | None]
    skip_reason: Mapped[SkipReason | None]
    passed_reason: Mapped[PassedReason | None]
    """Why it was begun although the levels before it had not been seen at a workplace; None: they had."""
    placement_id: Mapped[int | None] = mapped_column(sa.ForeignKey("placements.id"))
    """The placement that carries it."""
    course_seat_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("course_seats.id", ondelete="SET NULL"), index=True
    )
    """The seat on a course that carries it."""
    cohort_enrolment_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("cohort_enrolments.id", ondelete="SET NULL"), index=True
    )
    """The place in a group that carries it."""
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))

    journey: Mapped[Journey] = relationship(back_populates="steps")
    placement: Mapped[Placement | None] = relationship()
    course_seat: Mapped[CourseSeat | None] = relationship()
    cohort_enrolment: Mapped[CohortEnrolment | None] = relationship()
    skills: Mapped[list["JourneySkill"]] = relationship(
        back_populates="step", cascade="all, delete-orphan", order_by="JourneySkill.id"
    )


class JourneySkill(db.Model):  # type: ignore[name-defined]
    """A skill that a step of somebody's way teaches, and the level to reach."""

    __tablename__ = "journey_skills"
    __table_args__ = (
        sa.UniqueConstraint("step_id", "skill_id"),
        sa.CheckConstraint("level BETWEEN 1 AND 4", name="level_range"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    step_id: Mapped[int] = mapped_column(sa.ForeignKey("journey_steps.id"))
    skill_id: Mapped[int] = mapped_column(sa.ForeignKey("skills.id"), index=True)
    level: Mapped[int]

    step: Mapped[JourneyStep] = relationship(back_populates="skills")
    skill: Mapped[Skill] = relationship()


# --- Offers ----------------------------------------------------------------------------------------------------


class StepOffer(db.Model):  # type: ignore[name-defined]
    """An employer takes a step of a package: from a day, until one if it says so, so many at a time."""

    __tablename__ = "step_offers"
    __table_args__ = (
        sa.CheckConstraint("until_on >= from_on", name="period"),
        sa.CheckConstraint("places > 0", name="places_range"),
        sa.Index("ix_step_offers_employer", "employer_id"),
        sa.Index(
            "uq_step_offers_one_standing",
            "package_step_id",
            "employer_id",
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    employer_id: Mapped[int] = mapped_column(sa.ForeignKey("employers.id"))
    package_step_id: Mapped[int] = mapped_column(sa.ForeignKey("package_steps.id"))
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    places: Mapped[int]
    offered_at: Mapped[datetime]
    offered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    withdrawn_at: Mapped[datetime | None]

    employer: Mapped[Employer] = relationship()
    step: Mapped[PackageStep] = relationship()
    offered_by: Mapped[User | None] = relationship()

    def stands_on(self, day: date) -> bool:
        """Whether somebody could begin on it that day or later."""
        return self.withdrawn_at is None and (self.until_on is None or self.until_on >= day)
