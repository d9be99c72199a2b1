"""Who is one recorded step from counting: employers by name, people by card number for those who may read citizens."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from portal.base.alphabet import alphabetical
from portal.base.database import db
from portal.ledger.goals.figures import ask_of, counting_day
from portal.ledger.goals.masking import FEWEST, masked
from portal.ledger.goals.measures import spec_of
from portal.ledger.goals.models import Goal
from portal.loop.cards.models import CompetenceCard
from portal.loop.employers.models import Employer
from portal.web.measures import NearMiss


@dataclass(frozen=True)
class NearLine:
    """Somebody who is near, what she or it is called, and the step that is missing."""

    subject_id: int
    name: str
    missing: str
    key: int | None = None
    """The card's."""


def near_misses_of(goal: Goal, today: date) -> Sequence[NearMiss]:
    """As of today, or of the goal's last day when that has passed."""
    how = spec_of(goal.measure).counted
    if how is None or how.near_misses is None:
        return ()
    return how.near_misses(ask_of(goal, counting_day(goal, today)))


def of_employers(near: Iterable[NearMiss]) -> list[NearLine]:
    """By name."""
    missing = {one.subject_id: one.missing for one in near}
    names = db.session.execute(
        sa.select(Employer.id, Employer.name)
        .where(Employer.id.in_(missing))
        .order_by(alphabetical(Employer.name), Employer.id)
    )
    return [NearLine(key, name, missing[key]) for key, name in names]


def of_people(near: Iterable[NearMiss]) -> list[NearLine]:
    """By card number; whoever has no card comes last."""
    missing = {one.subject_id: one.missing for one in near}
    cards = {
        citizen: (key, number)
        for citizen, key, number in db.session.execute(
            sa.select(CompetenceCard.citizen_id, CompetenceCard.id, CompetenceCard.number).where(
                CompetenceCard.citizen_id.in_(missing)
            )
        )
    }
    lines = [
        NearLine(citizen, cards[citizen][1] if citizen in cards else "", step, cards.get(citizen, (None,))[0])
        for citizen, step in missing.items()
    ]
    return sorted(lines, key=lambda one: (not one.name, one.name, one.subject_id))


def by_step(near: Sequence[NearMiss]) -> tuple[int | None, list[tuple[str, int | None]]]:
    """For those who may not see people: how many, and how many by step; None: hidden, because it is few."""
    if len(near) < FEWEST:
        return (None if near else 0), []
    steps = Counter(one.missing for one in near)
    return len(near), sorted(masked(steps).items())
