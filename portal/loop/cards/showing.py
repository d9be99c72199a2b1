"""When a card counts for goals: it holds so many skills with a level, and she has been shown it.

She has been shown it, and nothing else tells of it, when
- she opened or printed it herself, signed in: a page that is read stores only its line of the log, which the next
  chore takes the fact from before the line has had its time;
- she changed it herself;
- what she told of tasks was put on it, which the summary of the intake reads through with her first;
- a consultant says so.
What others read or print tells nothing: a consultant's print may go to an employer, a consent may be told by telephone.

The moment at which both first hold is kept and never moved: a line that is taken back later changes no figure.
Source: docs/rules.md#card-counts
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from portal.base.clock import danish_day
from portal.base.database import db
from portal.loop.cards.models import CompetenceCard, SkillEvidence
from portal.loop.citizens.models import Citizen
from portal.shared.accounts.models import User
from portal.shared.audit import services as audit
from portal.shared.audit.models import AuditEntry
from portal.shared.rules import queries as rules

LEAST_SKILLS: Final = "card-counts-skills"
"""Key of the rule. Before its first day a card counts once it is made."""

HER_LOOKS: Final = ("card-read", "card-printed")
"""Lines of the log by which she sees her own card."""

LOOKED_BACK: Final = timedelta(days=3)
"""How far back the chore looks for them: it comes every minute, but a worker may stand still for some days."""


@dataclass(frozen=True)
class CardStanding:
    """Whether a card counts, or what it still lacks."""

    since: datetime | None
    """None: it does not count yet."""
    skills: int
    wanted: int
    shown_at: datetime | None

    @property
    def skills_missing(self) -> int:
        return max(0, self.wanted - self.skills)


def card_standing(card: CompetenceCard, on: date) -> CardStanding:
    """How the card stands on the day, by the municipality's rule of it."""
    return CardStanding(
        card.counts_from_at, skills_with_level(card), _wanted(card, on) or 0, card.shown_to_her_at
    )


def skills_with_level(card: CompetenceCard) -> int:
    """Each skill once, however many have said it; what was not tried (level 0) is none."""
    return len({line.skill_id or line.folded for line in card.evidence if line.level})


def _wanted(card: CompetenceCard, day: date) -> int | None:
    """None: no rule asks for more than that the card is made."""
    numbers = rules.numbers_on((LEAST_SKILLS,), day, card.municipality_id)
    return numbers.whole(LEAST_SKILLS) if LEAST_SKILLS in numbers else None


def settle_new(card: CompetenceCard, *, at: datetime) -> None:
    """A card that was just made counts at once where no rule asks for more."""
    if _wanted(card, danish_day(at)) is None:
        card.counts_from_at = at


def settle(card: CompetenceCard, *, at: datetime) -> None:
    """Keep the moment when what is asked for is there for the first time."""
    if card.counts_from_at is not None or card.shown_to_her_at is None:
        return
    if skills_with_level(card) >= (_wanted(card, danish_day(at)) or 0):
        card.counts_from_at = at


def note_shown(card: CompetenceCard, *, at: datetime) -> None:
    """The first time stands."""
    if card.shown_to_her_at is None:
        card.shown_to_her_at = at
        settle(card, at=at)
        db.session.flush()


def say_shown(card: CompetenceCard, *, by: User, at: datetime) -> None:
    """A consultant has sat with her and gone through it."""
    if card.shown_to_her_at is None:
        note_shown(card, at=at)
        audit.record("card-shown", subject=card, by=by, at=at, citizen_id=card.citizen_id)


def notice_looks(at: datetime) -> None:
    """What the log tells of her own looks becomes a fact of the card; and what since came to be enough counts."""
    for card, seen_at in _seen_by_themselves(at):
        card.shown_to_her_at = seen_at
    db.session.flush()
    for card in _shown_and_not_counting():
        settle(card, at=at)
    db.session.flush()


def _seen_by_themselves(at: datetime) -> list[tuple[CompetenceCard, datetime]]:
    looks = (
        sa.select(CompetenceCard, sa.func.min(AuditEntry.at))
        .join(Citizen, CompetenceCard.citizen_id == Citizen.id)
        .join(
            AuditEntry,
            sa.and_(
                AuditEntry.subject_type == CompetenceCard.__tablename__,
                AuditEntry.subject_id == CompetenceCard.id,
                AuditEntry.actor_id == Citizen.user_id,
            ),
        )
        .where(
            AuditEntry.action.in_(HER_LOOKS),
            AuditEntry.at >= at - LOOKED_BACK,
            CompetenceCard.shown_to_her_at.is_(None),
        )
        .group_by(CompetenceCard.id)
        .order_by(CompetenceCard.id)
    )
    return [(card, seen_at) for card, seen_at in db.session.execute(looks)]


def _shown_and_not_counting() -> Iterator[CompetenceCard]:
    """Those with a line at all: what a line means may have changed since, and so may the rule."""
    waiting = (
        sa.select(CompetenceCard)
        .where(
            CompetenceCard.shown_to_her_at.is_not(None),
            CompetenceCard.counts_from_at.is_(None),
            sa.exists().where(SkillEvidence.card_id == CompetenceCard.id, SkillEvidence.level > 0),
        )
        .options(selectinload(CompetenceCard.evidence))
        .order_by(CompetenceCard.id)
    )
    yield from db.session.scalars(waiting)
