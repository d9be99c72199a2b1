"""Tables of placements."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from portal.base.clock import danish_day
from portal.base.database import db
from portal.base.terms import Industry, LabelledEnum, Party, PlacementForm
from portal.loop.cards.models import CompetenceCard
from portal.loop.openings.models import Opening
from portal.loop.reviews.models import Review
from portal.shared.accounts.models import User
from portal.shared.rules.findings import Finding
from portal.shared.rules.law.case import Act, Grounds, Readiness

if TYPE_CHECKING:
    from portal.loop.placements.settled import Settlement


class PlacementStatus(LabelledEnum):
    PLANNED = "planned", _l("Planlagt")
    RUNNING = "running", _l("I gang")
    ENDED = "ended", _l("Afsluttet")
    CANCELLED = "cancelled", _l("Aflyst før start")


class Outcome(LabelledEnum):
    """How a placement ended."""

    HIRED = "hired", _l("Ansat i virksomheden")
    EXTENDED = "extended", _l("Fortsætter i et nyt forløb her")
    COMPLETED = "completed", _l("Gennemført")
    STOPPED_BY_CITIZEN = "stopped_by_citizen", _l("Stoppet af borgeren")
    STOPPED_BY_EMPLOYER = "stopped_by_employer", _l("Stoppet af virksomheden")
    OTHER_JOB = "other_job", _l("Job eller uddannelse et andet sted")


class Placement(db.Model):  # type: ignore[name-defined]
    """One person at one workplace in one form and period. In Danish: forløb."""

    __tablename__ = "placements"
    __table_args__ = (
        sa.CheckConstraint("ends_on >= starts_on", name="period"),
        sa.CheckConstraint("hours_per_week > 0 AND hours_per_week <= 168", name="hours_range"),
        sa.CheckConstraint("(status = 'ended') = (ended_on IS NOT NULL)", name="ended_on_follows_status"),
        sa.CheckConstraint("(status = 'ended') = (outcome IS NOT NULL)", name="outcome_follows_status"),
        sa.CheckConstraint("status IN ('planned', 'cancelled') OR started_at IS NOT NULL", name="started_at"),
        sa.Index(
            "uq_placements_first_of_review",
            "review_id",
            unique=True,
            sqlite_where=sa.text("continues_id IS NULL"),
            postgresql_where=sa.text("continues_id IS NULL"),
        ),
        sa.Index(
            "uq_placements_one_goes_on",
            "continues_id",
            unique=True,
            sqlite_where=sa.text("status <> 'cancelled'"),
            postgresql_where=sa.text("status <> 'cancelled'"),
        ),
        sa.Index("ix_placements_municipality_status", "municipality_id", "status"),
        sa.Index("ix_placements_employer", "employer_id", "starts_on"),
        {"sqlite_autoincrement": True},  # the audit and other rooms hold ids: none is given twice
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(sa.ForeignKey("reviews.id"), index=True)
    """What all three said yes to: one placement, and those that it goes on in."""
    continues_id: Mapped[int | None] = mapped_column(sa.ForeignKey("placements.id"))
    """The one before it in the same thread: the same person at the same place in another form."""
    opening_id: Mapped[int] = mapped_column(sa.ForeignKey("openings.id"), index=True)
    card_id: Mapped[int] = mapped_column(sa.ForeignKey("competence_cards.id"), index=True)
    employer_id: Mapped[int] = mapped_column(sa.ForeignKey("employers.id"))
    municipality_id: Mapped[int] = mapped_column(sa.ForeignKey("municipalities.id"))
    """The citizen's municipality, which follows the placement."""
    form: Mapped[PlacementForm]
    hours_per_week: Mapped[float]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    later_hours: Mapped[list[list[Any]]] = mapped_column(sa.JSON, default=list, server_default="[]")
    """The hours a week that hold from a later day on, in order: the day in ISO, and the hours."""
    pauses: Mapped[list[list[str]]] = mapped_column(sa.JSON, default=list, server_default="[]")
    """Days without work, in order: the first and the last in ISO. The agreement stands, so they count in its length."""
    tasks: Mapped[str] = mapped_column(sa.String(1000), default="", server_default="")
    """What she does, where it is no longer what the opening says."""
    long_reason: Mapped[str] = mapped_column(sa.String(300), default="")
    """Why a praktik is longer than the ordinary limit (docs/rules.md#praktik-weeks)."""
    findings: Mapped[list[dict[str, str]]] = mapped_column(sa.JSON, default=list, server_default="[]")
    """What the rules said when it was planned: warnings and stops (rules/findings.py)."""
    stop_reason: Mapped[str] = mapped_column(sa.String(500), default="", server_default="")
    """Why the consultant passed a stop at the plan."""
    later_reason: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    """Why one was passed after that, on the sheet or at the start; each reason on its own line."""
    status: Mapped[PlacementStatus] = mapped_column(default=PlacementStatus.PLANNED)
    planned_at: Mapped[datetime]
    planned_by_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    started_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    """When it was called off, so that what was planned on a past day can be told."""
    ended_on: Mapped[date | None]
    outcome: Mapped[Outcome | None]
    asks_settlement: Mapped[bool] = mapped_column(default=True, server_default=sa.true())
    """Whether the three settle on words before the start; those planned before that was asked for don't."""
    unsettled_reason: Mapped[str] = mapped_column(sa.String(500), default="", server_default="")
    """Why it began although the three had not settled."""
    version: Mapped[int] = mapped_column(default=1)
    if TYPE_CHECKING:  # mapped below, where the table stands
        settlement: Mapped["Settlement | None"]  # in settled.py
        stay_ends_on: Mapped[date]
    """Its last day; of one that was extended, the last day of what it went on in. From it names are counted."""

    review: Mapped[Review] = relationship()
    opening: Mapped[Opening] = relationship()
    card: Mapped[CompetenceCard] = relationship()
    expectations: Mapped[list["Expectation"]] = relationship(
        back_populates="placement", order_by="Expectation.id"
    )
    grounds: Mapped["PlacementGrounds | None"] = relationship(back_populates="placement")
    follow_ups: Mapped[list["FollowUp"]] = relationship(
        back_populates="placement", order_by="FollowUp.due_on"
    )
    changes: Mapped[list["PlacementChange"]] = relationship(
        back_populates="placement", order_by="PlacementChange.id"
    )

    @property
    def said(self) -> list[Finding]:
        """Its `findings`, to be told; only to whoever plans: they may tell of an age."""
        return [Finding.from_row(row) for row in self.findings]

    @property
    def has_reason(self) -> bool:
        """Whether the stops among its findings were passed."""
        return bool(self.stop_reason or self.later_reason)

    @property
    def is_continuation(self) -> bool:
        """Whether it goes on from another, whose place of the opening it has."""
        return self.continues_id is not None

    @property
    def hours_at_end(self) -> float:
        """The hours of its last day, which VITAS is told of and what comes after begins with."""
        return float(self.later_hours[-1][1]) if self.later_hours else self.hours_per_week

    @property
    def goes_to_vitas(self) -> bool:
        return self.form.traits.agreed_in_vitas and self.status is not PlacementStatus.CANCELLED

    @property
    def is_unsettled(self) -> bool:
        return bool(self.unsettled_reason)


# A review asks whether it was called off and knows no placement: what it declares is mapped from here.
_its_placement = Placement.__table__.alias(
    "its_placement"
)  # of its own: the reader may stand at another placement


def _became(*statuses: PlacementStatus) -> sa.Exists:
    return (
        sa.exists()
        .where(_its_placement.c.review_id == Review.id, _its_placement.c.status.in_(statuses))
        .correlate_except(_its_placement)
    )


_first_of_all = _its_placement.c.continues_id.is_(None)  # going on may be called off, and the rest was
Review.is_called_off = column_property(_became(PlacementStatus.CANCELLED).where(_first_of_all))
Review.is_under_way = column_property(_became(PlacementStatus.RUNNING))
Review.is_over = column_property(
    sa.and_(
        _became(PlacementStatus.ENDED), sa.not_(_became(PlacementStatus.PLANNED, PlacementStatus.RUNNING))
    ),
    deferred=True,
)


def _stay_ends_on(first: Any) -> sa.Select[date]:
    """The last day of a placement, and of those it went on in with the same person and employer.

    It goes on in a later one when it, and each between them, ended to be extended. One that nobody has closed counts
    from the day that was agreed.
    """
    last, between = Placement.__table__.alias("stay_last"), Placement.__table__.alias("stay_between")

    def of_the_same(one: Any) -> sa.ColumnElement[bool]:
        begun: sa.ColumnElement[bool] = one.c.started_at.is_not(None)
        return sa.and_(
            one.c.card_id == first.c.card_id,
            one.c.employer_id == first.c.employer_id,
            one.c.starts_on >= first.c.starts_on,
            begun,
        )

    broken_off = sa.exists().where(
        of_the_same(between),
        between.c.id != last.c.id,
        between.c.starts_on < last.c.starts_on,
        sa.func.coalesce(between.c.outcome, "") != Outcome.EXTENDED.value,
    )
    went_on = sa.and_(of_the_same(last), first.c.outcome == Outcome.EXTENDED, ~broken_off)
    return sa.select(sa.func.max(sa.func.coalesce(last.c.ended_on, last.c.ends_on))).where(
        sa.or_(last.c.id == first.c.id, went_on)
    )


_table = Placement.__table__
Placement.stay_ends_on = column_property(
    _stay_ends_on(_table).correlate(_table).scalar_subquery(), deferred=True
)
_stay = Placement.__table__.alias("its_stay")
Review.stay_ends_on = column_property(
    sa.select(_stay_ends_on(_stay).correlate(_stay).scalar_subquery())
    .select_from(_stay)
    .where(_stay.c.review_id == Review.id, _stay.c.continues_id.is_(None))
    .correlate_except(_stay)
    .scalar_subquery(),
    deferred=True,
)


ASPECTS: Final = ("purpose", "time_frame", "development")
"""What each of the three is asked."""


class Expectation(db.Model):  # type: ignore[name-defined]
    """What one party expects: purpose, time frame and professional development (S1, Indsats 1)."""

    __tablename__ = "expectations"
    __table_args__ = (sa.UniqueConstraint("placement_id", "party"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    placement_id: Mapped[int] = mapped_column(sa.ForeignKey("placements.id"))
    party: Mapped[Party]
    purpose: Mapped[str] = mapped_column(sa.String(500))
    time_frame: Mapped[str] = mapped_column(sa.String(300))
    development: Mapped[str] = mapped_column(sa.String(500))
    stated_at: Mapped[datetime]
    recorded_by_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    first_purpose: Mapped[str] = mapped_column(sa.String(500), default="", server_default="")
    """Her first words, where they were changed after all three could read each other's."""
    first_time_frame: Mapped[str] = mapped_column(sa.String(300), default="", server_default="")
    first_development: Mapped[str] = mapped_column(sa.String(500), default="", server_default="")
    changed_at: Mapped[datetime | None]
    """When they were changed first after that."""

    placement: Mapped[Placement] = relationship(back_populates="expectations")
    recorded_by: Mapped[User] = relationship()

    @property
    def words(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in ASPECTS}

    @property
    def first_words(self) -> dict[str, str]:
        """As they were written unseen; {} where they still stand."""
        return {} if self.changed_at is None else {name: getattr(self, f"first_{name}") for name in ASPECTS}


class PlacementTrace(db.Model):  # type: ignore[name-defined]
    """What is counted of a placement that began, without a person: it stays when she is erased.

    Written at the start and at the end. Where another first day turns out to be the right one, another row takes its
    place, so that what was counted of it before stands. Erasing her takes `placement_id` away, and with
    it the hours of the two moments (services.forget_whose).
    """

    __tablename__ = "placement_traces"
    __table_args__ = (
        sa.CheckConstraint("(ended_on IS NULL) = (outcome IS NULL)", name="outcome_follows_end"),
        sa.CheckConstraint("(ended_on IS NULL) = (end_recorded_at IS NULL)", name="end_is_recorded"),
        sa.CheckConstraint("replaced_at IS NULL OR replaced_at >= recorded_at", name="replaced_afterwards"),
        sa.Index(
            "uq_placement_traces_one_standing",
            "placement_id",
            unique=True,
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        ),
        sa.Index("ix_placement_traces_municipality", "municipality_id", "starts_on"),
        sa.Index("ix_placement_traces_employer", "employer_id", "starts_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    placement_id: Mapped[int | None]
    """The placement (a plain id, so that no key leads from her to here); None: she is erased."""
    employer_id: Mapped[int] = mapped_column(sa.ForeignKey("employers.id"))
    municipality_id: Mapped[int] = mapped_column(sa.ForeignKey("municipalities.id"))
    """The citizen's municipality, as of the placement."""
    form: Mapped[PlacementForm]
    industry: Mapped[Industry]
    """The opening's."""
    starts_on: Mapped[date]
    recorded_at: Mapped[datetime]
    """When the start was written; of somebody erased, the beginning of that day."""
    ended_on: Mapped[date | None]
    outcome: Mapped[Outcome | None]
    end_recorded_at: Mapped[datetime | None]
    replaced_at: Mapped[datetime | None]


class FollowUp(db.Model):  # type: ignore[name-defined]
    """An agreed date to hear how it goes, and what was said."""

    __tablename__ = "follow_ups"

    id: Mapped[int] = mapped_column(primary_key=True)
    placement_id: Mapped[int] = mapped_column(sa.ForeignKey("placements.id"), index=True)
    due_on: Mapped[date] = mapped_column(index=True)
    held_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(sa.String(1000), default="")
    cancelled_at: Mapped[datetime | None]
    """When it was called off, or the placement it belongs to ended before it."""
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    placement: Mapped[Placement] = relationship(back_populates="follow_ups")

    @property
    def is_open(self) -> bool:
        """Whether it is still to be held."""
        return self.held_on is None and self.cancelled_at is None

    @property
    def was_missed(self) -> bool:
        """Whether its day had come when it was called off."""
        return self.cancelled_at is not None and self.due_on <= danish_day(self.cancelled_at)


class ChangeKind(LabelledEnum):
    """What was changed in a placement after it was planned."""

    EXTENDED = "extended", _l("Forlænget")
    MOVED = "moved", _l("Andre dage")
    HOURS = "hours", _l("Andre timer")
    TASKS = "tasks", _l("Andre opgaver")
    PAUSED = "paused", _l("Pause")
    RESUMED = "resumed", _l("Pausen er slut")
    CONTINUED = "continued", _l("Fortsætter i en anden form")
    WITHDRAWN = "withdrawn", _l("Ændringen er taget tilbage")
    FOLLOW_UP_MOVED = "follow_up_moved", _l("Opfølgningen er flyttet")
    FOLLOW_UP_CANCELLED = "follow_up_cancelled", _l("Opfølgningen er aflyst")


class PlacementChange(db.Model):  # type: ignore[name-defined]
    """One thing that was agreed anew: what stood before and after, why, and who wrote it when.

    What was agreed is never edited. One taken back is marked, and a row of its own says so: what stood at a past
    moment is the `before` of the first change that was made after it.
    """

    __tablename__ = "placement_changes"
    __table_args__ = (
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by_id IS NULL)", name="withdrawn_by_somebody"
        ),
        {"sqlite_autoincrement": True},  # the audit holds ids: none is given twice
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    placement_id: Mapped[int] = mapped_column(sa.ForeignKey("placements.id"), index=True)
    kind: Mapped[ChangeKind]
    from_on: Mapped[date]
    """The first day that it concerns."""
    before: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    """By the name of the column; a day as it is written in ISO."""
    reason: Mapped[str] = mapped_column(sa.String(500), default="")
    stop_reason: Mapped[str] = mapped_column(sa.String(500), default="")
    """Why a stop of the rules was passed for it."""
    findings: Mapped[list[dict[str, str]]] = mapped_column(sa.JSON, default=list)
    """What the rules said of it: warnings and stops (rules/findings.py)."""
    made_at: Mapped[datetime]
    made_by_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))

    placement: Mapped[Placement] = relationship(back_populates="changes")
    made_by: Mapped[User] = relationship(foreign_keys=[made_by_id])

    @property
    def is_of_terms(self) -> bool:
        """Whether it changed what the placement is; a follow-up is only talked about."""
        return self.kind not in (ChangeKind.FOLLOW_UP_MOVED, ChangeKind.FOLLOW_UP_CANCELLED)


class PlacementGrounds(db.Model):  # type: ignore[name-defined]
    """The act and the group that lengths follow from, and what the rules ask of work for somebody under 18."""

    __tablename__ = "placement_grounds"

    placement_id: Mapped[int] = mapped_column(sa.ForeignKey("placements.id"), primary_key=True)
    act: Mapped[Act | None]
    readiness: Mapped[Readiness | None]
    arrived_on: Mapped[date | None]
    is_within_course: Mapped[bool] = mapped_column(default=False)
    is_outside_ratio: Mapped[bool] = mapped_column(default=False)
    """Only that the ratio does not count it: why is the case's to know."""
    young: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    """The answers about work under 18 that were given, by the names of YoungWork; the weeks as they were written."""
    stated_at: Mapped[datetime]
    stated_by_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))

    placement: Mapped[Placement] = relationship(back_populates="grounds")
    stated_by: Mapped[User] = relationship()

    @property
    def in_law(self) -> Grounds:
        return Grounds(
            act=self.act,
            readiness=self.readiness,
            arrived_on=self.arrived_on,
            is_within_course=self.is_within_course,
            is_outside_ratio=self.is_outside_ratio,
        )
