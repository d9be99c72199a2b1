"""Tables of placements."""

from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from portal.base.database import db
from portal.base.terms import LabelledEnum, Party, PlacementForm
from portal.loop.cards.models import CompetenceCard
from portal.loop.openings.models import Opening
from portal.loop.reviews.models import Review
from portal.shared.accounts.models import User


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
    """Why the consultant passed a stop."""
    status: Mapped[PlacementStatus] = mapped_column(default=PlacementStatus.PLANNED)
    planned_at: Mapped[datetime]
    planned_by_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    started_at: Mapped[datetime | None]
    ended_on: Mapped[date | None]
    outcome: Mapped[Outcome | None]
    version: Mapped[int] = mapped_column(default=1)

    review: Mapped[Review] = relationship()
    opening: Mapped[Opening] = relationship()
    card: Mapped[CompetenceCard] = relationship()
    expectations: Mapped[list["Expectation"]] = relationship(
        back_populates="placement", order_by="Expectation.id"
    )
    follow_ups: Mapped[list["FollowUp"]] = relationship(
        back_populates="placement", order_by="FollowUp.due_on"
    )

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
Review.is_called_off = column_property(
    sa.exists()
    .where(
        _its_placement.c.review_id == Review.id,
        _its_placement.c.status == PlacementStatus.CANCELLED,
    )
    .correlate_except(_its_placement)
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
