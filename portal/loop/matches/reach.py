"""How many cards could fit an opening that is being written, and which of its demands alone keeps most away.

For the employer's eyes: whole cards are never read here, and a number below `FEWEST` is never told.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from portal.base import places
from portal.base.database import db
from portal.base.terms import Industry
from portal.loop.cards.models import CompetenceCard, SkillEvidence
from portal.loop.matches.queries import unmet_conditions

FEWEST: Final = 5
"""Below it a number could point at a person."""

ROUNDED_TO: Final = (FEWEST, 10, 25, 50, 100, 250, 500, 1000)
"""What is told is the highest of these that was reached: two numbers side by side then say nothing of one person."""


@dataclass(frozen=True)
class OpeningDemands:
    """What an opening asks for, as far as it is written; None is not said yet."""

    industry: Industry
    postcode: str | None = None
    hours_per_week: float | None = None
    danish_speaking: int = 0
    danish_reading: int = 0
    shifts: frozenset[str] = frozenset()
    skill_ids: frozenset[int] = frozenset()
    """What its tasks were understood as; a card that could fit has at least one of them."""


@dataclass(frozen=True)
class Reach:
    """`at_least` is rounded down, 0 below `FEWEST`. `costliest` is the demand that alone keeps most cards away."""

    at_least: int
    costliest: str | None


def reach_of(demands: OpeningDemands, municipality_ids: Collection[int]) -> Reach:
    """Counted over the active cards of the municipalities, in one statement."""
    found = Counter(_in_the_way(demands, municipality_ids))
    fitting = found.pop(None, 0)
    demanded = [(count, name) for name, count in found.items() if count >= FEWEST]
    return Reach(
        at_least=max((step for step in ROUNDED_TO if step <= fitting), default=0),
        costliest=max(demanded)[1] if demanded else None,
    )


def _in_the_way(demands: OpeningDemands, municipality_ids: Collection[int]) -> Iterable[str | None]:
    """Of each card that could fit but for one demand at most: that demand. What a card does not say, it may meet.

    Trade and distance are no demands that the employer can give way on: cards they keep out are left out here.
    """
    card = CompetenceCard
    fails = unmet_conditions(demands)
    wrong_trade = fails.pop("industry")
    unmet = sum((sa.case((one, 1), else_=0) for one in fails.values()), sa.literal(0))
    statement = sa.select(card.postcode, card.range_km, *fails.values()).where(
        card.is_active, card.municipality_id.in_(municipality_ids), sa.not_(wrong_trade), unmet <= 1
    )
    if demands.skill_ids:
        offers = sa.select(SkillEvidence.card_id).where(
            SkillEvidence.skill_id.in_(demands.skill_ids), SkillEvidence.level > 0
        )
        statement = statement.where(card.id.in_(offers))
    for postcode, range_km, *failed in db.session.execute(statement):
        if not _is_too_far(demands.postcode, postcode, range_km):
            yield next((name for name, one in zip(fails, failed, strict=True) if one), None)


def _is_too_far(work: str | None, home: str | None, range_km: int | None) -> bool:
    if not work or not home or range_km is None:
        return False
    km = places.distance_km(work, home)
    return km is not None and km > range_km
