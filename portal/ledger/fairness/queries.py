"""Who was in a target group in a time, and how far each came: read here, and by nothing that suggests or ranks."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from enum import IntEnum
from typing import Any, Final

import sqlalchemy as sa

from portal.base.clock import danish_midnight
from portal.base.database import db
from portal.interventions.target_groups.models import Membership, TargetGroup
from portal.interventions.target_groups.queries import standing
from portal.loop.cards.models import CompetenceCard
from portal.loop.matches.models import Match, MatchStatus
from portal.loop.placements.models import Outcome, Placement
from portal.loop.reviews.models import Decision, Review

Period = tuple[date, date]


class Reached(IntEnum):
    """How far somebody came on the way to a job; each step includes those after it."""

    NOTHING = 0
    PROPOSED = 1
    APPROVED = 2
    STARTED = 3
    HIRED = 4


def members_in(
    groups: Iterable[TargetGroup], periods: Iterable[Period]
) -> dict[tuple[int, Period], set[int]]:
    """By group and period the citizens who were members on some day of it; one statement."""
    keys = [group.id for group in groups]
    statement = sa.select(
        Membership.group_id, Membership.citizen_id, Membership.from_on, Membership.until_on
    ).where(Membership.group_id.in_(keys), standing(Membership))
    rows = db.session.execute(statement).all()
    return {
        (key, (first, last)): {
            citizen
            for group_id, citizen, from_on, until_on in rows
            if group_id == key and from_on <= last and (until_on is None or until_on >= first)
        }
        for key in keys
        for first, last in periods
    }


def reached_in(municipality_id: int, periods: Iterable[Period]) -> dict[Period, dict[int, Reached]]:
    """By period each citizen's furthest step; whoever did not come anywhere is not among them. A statement a step."""
    wanted = list(periods)
    found: list[dict[int, Reached]] = [{} for _ in wanted]
    for step, (joined, took_it) in _WAYS.items() if wanted else ():
        came = [sa.func.max(sa.case((took_it(first, last), 1), else_=0)) for first, last in wanted]
        statement = (
            joined(sa.select(*(CompetenceCard.citizen_id, *came)), municipality_id)
            .where(sa.or_(*(took_it(first, last) for first, last in wanted)))
            .group_by(CompetenceCard.citizen_id)
        )
        for citizen, *marks in db.session.execute(statement):
            for mark, furthest in zip(marks, found, strict=True):
                if mark:
                    furthest[citizen] = step
    return dict(zip(wanted, found, strict=True))


def _matched(found: sa.Select[Any], municipality_id: int) -> sa.Select[Any]:
    return found.join(Match, Match.card_id == CompetenceCard.id).where(
        Match.municipality_id == municipality_id
    )


def _reviewed(found: sa.Select[Any], municipality_id: int) -> sa.Select[Any]:
    return _matched(found, municipality_id).join(Review, Review.match_id == Match.id)


def _placed(found: sa.Select[Any], municipality_id: int) -> sa.Select[Any]:
    return found.join(Placement, Placement.card_id == CompetenceCard.id).where(
        Placement.municipality_id == municipality_id
    )


def _proposed(first: date, last: date) -> sa.ColumnElement[bool]:
    """A suggestion that was made by the end of the time, and stood or was looked at in it."""
    begin, end = danish_midnight(first), danish_midnight(last + timedelta(days=1))
    stood = sa.or_(Match.status == MatchStatus.OPEN, Match.suggested_at >= begin, Match.renewed_at >= begin)
    return sa.and_(Match.suggested_at < end, stood)


def _approved(first: date, last: date) -> sa.ColumnElement[bool]:
    return sa.and_(
        Review.decision == Decision.APPROVED,
        Review.decided_at >= danish_midnight(first),
        Review.decided_at < danish_midnight(last + timedelta(days=1)),
    )


def _started(first: date, last: date) -> sa.ColumnElement[bool]:
    return sa.and_(Placement.started_at.is_not(None), Placement.starts_on.between(first, last))


def _hired(first: date, last: date) -> sa.ColumnElement[bool]:
    return sa.and_(Placement.outcome == Outcome.HIRED, Placement.ended_on.between(first, last))


_WAYS: Final[
    Mapping[
        Reached,
        tuple[
            Callable[[sa.Select[Any], int], sa.Select[Any]], Callable[[date, date], sa.ColumnElement[bool]]
        ],
    ]
] = {
    Reached.PROPOSED: (_matched, _proposed),
    Reached.APPROVED: (_reviewed, _approved),
    Reached.STARTED: (_placed, _started),
    Reached.HIRED: (_placed, _hired),
}
"""What is looked through for each step, and when somebody took it; the nearest step first."""
