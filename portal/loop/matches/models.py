"""Tables of matches, their weights and answers, the runs that renewed them all, and what would help who has none."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.base.database import db
from portal.base.terms import LabelledEnum
from portal.loop.cards.models import CompetenceCard, SkillEvidence
from portal.loop.matches.loosening import Concession
from portal.loop.openings.models import Opening
from portal.matching import WEIGHT_RANGES, Weights
from portal.shared.accounts.models import Municipality, User


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
    NOT_SHARED = "not-shared", _l("Kommunerne deler ikke længere åbninger")
    BETTER_FOUND = "better-found", _l("Andre forslag passer bedre nu")


class MatcherWeights(db.Model):  # type: ignore[name-defined]
    """What counts how much in a municipality. The newest row is in force; without one, matching.STANDARD is.

    Rows are never changed or deleted (the database refuses): matches and their records point at them.
    """

    __tablename__ = "matcher_weights"
    __table_args__ = (
        *(
            sa.CheckConstraint(f"{name} BETWEEN {lowest} AND {highest}", name=f"{name}_range")
            for name, (lowest, highest) in WEIGHT_RANGES.items()
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    municipality_id: Mapped[int] = mapped_column(sa.ForeignKey("municipalities.id"), index=True)
    must: Mapped[float]
    nice: Mapped[float]
    gate: Mapped[float]
    must_held_at: Mapped[float]
    level_step: Mapped[float]
    related_at_most: Mapped[float]
    guess_at_most: Mapped[float] = mapped_column(server_default=sa.text("0.9"))
    """Rows set before there were guesses have the standard."""
    text_at_least: Mapped[float]
    wish: Mapped[float] = mapped_column(server_default=sa.text("0"))
    note: Mapped[str] = mapped_column(sa.String(500))
    """Why, in the leader's words."""
    set_by_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    set_at: Mapped[datetime]

    set_by: Mapped[User] = relationship()

    @property
    def values(self) -> Weights:
        return Weights(**{name: getattr(self, name) for name in WEIGHT_RANGES})


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
        # Who was decided about, and when, answered from the index alone
        sa.Index("ix_matches_decided", "municipality_id", "status", "renewed_at", "card_id", "opening_id"),
        # What a municipality's open suggestions were counted with, answered from the index alone
        sa.Index(
            "ix_matches_basis",
            "municipality_id",
            "status",
            "vocabulary_version",
            "matcher_version",
            "weights_id",
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
    wished: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    """Whether it is what she wishes for: of two that stand level, it comes first."""
    lift: Mapped[float] = mapped_column(default=0.0, server_default=sa.text("0"))
    """By how many points it stands as if it were surer, where the weights say so; changes no score."""
    result: Mapped[dict[str, Any]]
    """matching.Suggestion.to_dict(): lines, conditions, question."""
    opening_version: Mapped[int]
    card_version: Mapped[int]
    vocabulary_version: Mapped[int]
    matcher_version: Mapped[str] = mapped_column(sa.String(20))
    weights_id: Mapped[int | None] = mapped_column(sa.ForeignKey("matcher_weights.id"))
    """The weights it was counted with; None: matching.STANDARD."""
    suggested_at: Mapped[datetime]
    renewed_at: Mapped[datetime]
    closed_reason: Mapped[str | None] = mapped_column(sa.String(60))
    """A ClosedReason while closed."""

    opening: Mapped[Opening] = relationship()
    card: Mapped[CompetenceCard] = relationship()
    weights: Mapped[MatcherWeights | None] = relationship()

    @classmethod
    def standing(cls) -> list[Any]:
        """What a list of one opening's or one card's suggestions is ordered by, the last first."""
        return [cls.sure + cls.lift, cls.possible, cls.wished, cls.id]

    @property
    def awaits_review(self) -> bool:
        return self.status is MatchStatus.OPEN

    @property
    def is_answerable(self) -> bool:
        """Whether answers can still change it: nobody has decided."""
        return self.status is not MatchStatus.DECIDED

    @property
    def is_closed(self) -> bool:
        return self.status is MatchStatus.CLOSED

    @property
    def closed_because(self) -> str:
        """The reason in words; empty while the match is not closed."""
        return str(ClosedReason(self.closed_reason).label) if self.closed_reason else ""


class RematchRun(db.Model):  # type: ignore[name-defined]
    """One run through all of a municipality's suggestions; one that was stopped has no `finished_at`."""

    __tablename__ = "rematch_runs"
    __table_args__ = (
        sa.CheckConstraint("finished_at IS NULL OR finished_at >= started_at", name="period"),
        sa.Index("ix_rematch_runs_started", "municipality_id", "started_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    municipality_id: Mapped[int] = mapped_column(sa.ForeignKey("municipalities.id"))
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    vocabulary_version: Mapped[int]
    matcher_version: Mapped[str] = mapped_column(sa.String(20))
    weights_id: Mapped[int | None] = mapped_column(sa.ForeignKey("matcher_weights.id"))
    times_started: Mapped[int] = mapped_column(default=1)
    openings: Mapped[int] = mapped_column(default=0)
    cards: Mapped[int] = mapped_column(default=0)
    opened: Mapped[int] = mapped_column(default=0)
    renewed: Mapped[int] = mapped_column(default=0)
    closed: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)

    municipality: Mapped[Municipality] = relationship()
    weights: Mapped[MatcherWeights | None] = relationship()


class GivenAnswer(db.Model):  # type: ignore[name-defined]
    """What was answered to a match's question, and what it did. Kept so that the last one can be taken back."""

    __tablename__ = "given_answers"

    id: Mapped[int] = mapped_column(primary_key=True)
    match_id: Mapped[int] = mapped_column(sa.ForeignKey("matches.id"), index=True)
    condition: Mapped[str | None] = mapped_column(sa.String(40))
    """The name of the hard condition that was asked about; None for a task."""
    subject: Mapped[str] = mapped_column(sa.String(120))
    """The task as the opening words it; empty for a condition."""
    evidence_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("skill_evidence.id", ondelete="SET NULL"), index=True
    )
    """The line it left on the card; None for a condition, and once somebody removed the line."""
    before: Mapped[dict[str, Any]]
    """The card's fields as they were, by name; empty for a task."""
    after: Mapped[dict[str, Any]]
    """The same fields as answered; for a task its level."""
    sure_before: Mapped[float]
    possible_before: Mapped[float]
    answered_at: Mapped[datetime]
    answered_by_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    taken_back_at: Mapped[datetime | None]

    match: Mapped[Match] = relationship()
    evidence: Mapped[SkillEvidence | None] = relationship(passive_deletes=True)
    answered_by: Mapped[User] = relationship()


class Outlook(db.Model):  # type: ignore[name-defined]
    """What would help most who has no good match: one hard condition loosened by one step, and whom it would bring.

    Worked out when the opening or the card is renewed, and for all by `flask rematch`; no row: no one step helps.
    """

    __tablename__ = "outlooks"
    __table_args__ = (
        sa.CheckConstraint("(opening_id IS NULL) <> (card_id IS NULL)", name="of_one_side"),
        sa.CheckConstraint("found >= 1 AND good BETWEEN 0 AND found", name="good_among_found"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    opening_id: Mapped[int | None] = mapped_column(sa.ForeignKey("openings.id"), unique=True)
    card_id: Mapped[int | None] = mapped_column(sa.ForeignKey("competence_cards.id"), unique=True)
    condition: Mapped[str] = mapped_column(sa.String(40))
    before: Mapped[float | None]
    after: Mapped[float | None]
    asked: Mapped[str | None] = mapped_column(sa.String(40))
    """With `condition`: a loosening.Concession."""
    found: Mapped[int]
    """Cards that would be suggested for the opening, or openings for the card."""
    good: Mapped[int]
    """How many of them would be good matches."""
    worked_out_at: Mapped[datetime]

    @property
    def step(self) -> Concession:
        return Concession(self.condition, self.before, self.after, self.asked)
