"""The table of matches."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.cards.models import CompetenceCard
from portal.database import db
from portal.openings.models import Opening
from portal.terms import LabelledEnum


class MatchStatus(LabelledEnum):
    OPEN = "open", _l("Venter på vurdering")
    DECIDED = "decided", _l("Vurderet")
    CLOSED = "closed", _l("Lukket")


class ClosedReason(LabelledEnum):
    """Why a suggestion is no longer put before anybody."""

    OPENING_CLOSED = "opening-closed", _l("Åbningen er ikke længere opslået")
    EMPLOYER_PASSIVE = "employer-passive", _l("Virksomheden er sat passiv")
    CARD_PASSIVE = "card-passive", _l("Kortet er ikke længere aktivt")
    NO_LONGER_FITS = "no-longer-fits", _l("Det passer ikke længere efter en ændring")
    BETTER_FOUND = "better-found", _l("Andre forslag passer bedre nu")


class Match(db.Model):  # type: ignore[name-defined]
    """A suggestion that one card fits one opening, and why."""

    __tablename__ = "matches"
    __table_args__ = (
        sa.UniqueConstraint("opening_id", "card_id"),
        sa.CheckConstraint("sure BETWEEN 0 AND 100", name="sure_range"),
        sa.CheckConstraint("possible BETWEEN sure AND 100", name="possible_range"),
        # Both orders of the queue, with all it filters by: 50,000 rows are counted and paged in the index alone
        sa.Index(
            "ix_matches_queue", "municipality_id", "status", "sure", "possible", "id", "opening_id", "card_id"
        ),
        sa.Index(
            "ix_matches_newest", "municipality_id", "status", "suggested_at", "id", "opening_id", "card_id"
        ),
        sa.Index("ix_matches_opening_status", "opening_id", "status", "sure"),
        sa.Index("ix_matches_card_status", "card_id", "status", "sure"),
        {"sqlite_autoincrement": True},  # the audit and other rooms hold ids: none is given twice
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    opening_id: Mapped[int] = mapped_column(sa.ForeignKey("openings.id"))
    card_id: Mapped[int] = mapped_column(sa.ForeignKey("competence_cards.id"))
    municipality_id: Mapped[int] = mapped_column(sa.ForeignKey("municipalities.id"))
    """The card's municipality, which reviews the match."""
    status: Mapped[MatchStatus] = mapped_column(default=MatchStatus.OPEN)
    sure: Mapped[float]
    """0-100: what is known to fit, unknown counted as lacking; not a probability."""
    possible: Mapped[float]
    """0-100: the same with every unknown counted as had at the level asked."""
    result: Mapped[dict[str, Any]]
    """matching.Suggestion.to_dict(): lines, conditions, question."""
    opening_version: Mapped[int]
    card_version: Mapped[int]
    vocabulary_version: Mapped[int]
    matcher_version: Mapped[str] = mapped_column(sa.String(20))
    suggested_at: Mapped[datetime]
    renewed_at: Mapped[datetime]
    closed_reason: Mapped[str | None] = mapped_column(sa.String(60))
    """A ClosedReason while closed."""

    opening: Mapped[Opening] = relationship()
    card: Mapped[CompetenceCard] = relationship()

    @property
    def awaits_review(self) -> bool:
        return self.status is MatchStatus.OPEN

    @property
    def closed_because(self) -> str:
        """The reason in words; empty while the match is not closed."""
        return str(ClosedReason(self.closed_reason).label) if self.closed_reason else ""
