"""Tables of placements."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from portal.base.database import db
from portal.base.terms import LabelledEnum, Party, PlacementForm
from portal.loop.cards.models import CompetenceCard
from portal.loop.openings.models import Opening
from portal.loop.reviews.models import Review
from portal.shared.accounts.models import User
from portal.shared.rules.findings import Finding
from portal.shared.rules.law.case import Act, Grounds, Readiness


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
        sa.Index("ix_placements_municipality_status", "municipality_id", "status"),
        sa.Index("ix_placements_employer", "employer_id", "starts_on"),
        {"sqlite_autoincrement": True},  # the audit and other rooms hold ids: none is given twice
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(sa.ForeignKey("reviews.id"), unique=True)
    opening_id: Mapped[int] = mapped_column(sa.ForeignKey("openings.id"), index=True)
    card_id: Mapped[int] = mapped_column(sa.ForeignKey("competence_cards.id"), index=True)
    employer_id: Mapped[int] = mapped_column(sa.ForeignKey("employers.id"))
    municipality_id: Mapped[int] = mapped_column(sa.ForeignKey("municipalities.id"))
    """The citizen's municipality, which follows the placement."""
    form: Mapped[PlacementForm]
    hours_per_week: Mapped[float]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
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
    ended_on: Mapped[date | None]
    outcome: Mapped[Outcome | None]
    version: Mapped[int] = mapped_column(default=1)
    if TYPE_CHECKING:  # mapped below, where the table stands
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

    @property
    def said(self) -> list[Finding]:
        """Its `findings`, to be told; only to whoever plans: they may tell of an age."""
        return [Finding.from_row(row) for row in self.findings]

    @property
    def has_reason(self) -> bool:
        """Whether the stops among its findings were passed."""
        return bool(self.stop_reason or self.later_reason)

    @property
    def goes_to_vitas(self) -> bool:
        return self.form.traits.agreed_in_vitas and self.status is not PlacementStatus.CANCELLED

    @property
    def expectations_complete(self) -> bool:
        return {expectation.party for expectation in self.expectations} == set(Party)


# A review asks whether it was called off and knows no placement: what it declares is mapped from here.
_its_placement = Placement.__table__.alias(
    "its_placement"
)  # of its own: the reader may stand at another placement


def _became(status: PlacementStatus) -> sa.Exists:
    return (
        sa.exists()
        .where(_its_placement.c.review_id == Review.id, _its_placement.c.status == status)
        .correlate_except(_its_placement)
    )


Review.is_called_off = column_property(_became(PlacementStatus.CANCELLED))
Review.is_under_way = column_property(_became(PlacementStatus.RUNNING))


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
    .where(_stay.c.review_id == Review.id)
    .correlate_except(_stay)
    .scalar_subquery(),
    deferred=True,
)


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

    placement: Mapped[Placement] = relationship(back_populates="expectations")
    recorded_by: Mapped[User] = relationship()


class FollowUp(db.Model):  # type: ignore[name-defined]
    """An agreed date to hear how it goes, and what was said."""

    __tablename__ = "follow_ups"

    id: Mapped[int] = mapped_column(primary_key=True)
    placement_id: Mapped[int] = mapped_column(sa.ForeignKey("placements.id"), index=True)
    due_on: Mapped[date] = mapped_column(index=True)
    held_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(sa.String(1000), default="")

    placement: Mapped[Placement] = relationship(back_populates="follow_ups")


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
