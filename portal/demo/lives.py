"""What became of somebody in the years of a plan: the spells of a life, drawn. No database."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from portal.base.terms import SpellKind

FULL_TIME_FROM: Final = 30
"""Hours a week from which somebody lives of the work alone."""


class LifeCourse(StrEnum):
    """How it went for somebody, as far as a plan asks."""

    WORK = "work"
    SELF_SUPPORTING = "self_supporting"
    EDUCATION = "education"
    ACTIVITY = "activity"
    WAITING = "waiting"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class DrawnSpell:
    """A spell; no `until_on`: it goes on for longer than anybody wrote."""

    kind: SpellKind
    from_on: date
    until_on: date | None = None
    hours_per_week: float | None = None


def spells_of(life: LifeCourse, joined_on: date, last_on: date, draw: random.Random) -> list[DrawnSpell]:
    """The spells from the day somebody came into the effort, of whom something is known."""
    return list(_TOLD[life](joined_on, last_on, draw))


def turns_on(spells: list[DrawnSpell]) -> date | None:
    """The day from which somebody worked or studied."""
    wanted = (SpellKind.ORDINARY_WORK, SpellKind.EDUCATION)
    return next((spell.from_on for spell in spells if spell.kind in wanted), None)


def _turn(joined_on: date, last_on: date, draw: random.Random) -> date:
    """When it changed: for most within a year, for some late."""
    span = max(30, (last_on - joined_on).days - 60)
    return joined_on + timedelta(days=round(span * draw.triangular(0.03, 0.95, 0.3)))


def _until_turn(joined_on: date, turn: date, draw: random.Random) -> Iterator[DrawnSpell]:
    """On support, with an activity on the way."""
    before = turn - timedelta(days=1)
    yield DrawnSpell(
        SpellKind.PUBLICLY_SUPPORTED, joined_on - timedelta(days=draw.randrange(30, 400)), before
    )
    begun = joined_on + timedelta(days=draw.randrange(5, 90))
    ended = before - timedelta(days=draw.randrange(0, 25))
    if begun < ended:
        yield DrawnSpell(SpellKind.ACTIVITY, begun, ended, float(draw.choice((15, 20, 25))))


def _work(joined_on: date, last_on: date, draw: random.Random) -> Iterator[DrawnSpell]:
    turn, hours = _turn(joined_on, last_on, draw), float(draw.choice((18, 25, 30, 32, 37, 37)))
    yield from _until_turn(joined_on, turn, draw)
    yield DrawnSpell(SpellKind.ORDINARY_WORK, turn, None, hours)
    alone = hours >= FULL_TIME_FROM
    yield DrawnSpell(SpellKind.SELF_SUPPORTING if alone else SpellKind.PUBLICLY_SUPPORTED, turn)


def _self_supporting(joined_on: date, last_on: date, draw: random.Random) -> Iterator[DrawnSpell]:
    turn = _turn(joined_on, last_on, draw)
    yield from _until_turn(joined_on, turn, draw)
    yield DrawnSpell(SpellKind.SELF_SUPPORTING, turn)


def _education(joined_on: date, last_on: date, draw: random.Random) -> Iterator[DrawnSpell]:
    turn = _turn(joined_on, last_on, draw)
    yield from _until_turn(joined_on, turn, draw)
    yield DrawnSpell(SpellKind.EDUCATION, turn)


def _activity(joined_on: date, last_on: date, draw: random.Random) -> Iterator[DrawnSpell]:
    yield DrawnSpell(SpellKind.PUBLICLY_SUPPORTED, joined_on - timedelta(days=draw.randrange(30, 700)))
    begun = joined_on + timedelta(days=draw.randrange(5, 80))
    while begun < last_on:
        ended = begun + timedelta(weeks=draw.choice((13, 26, 26, 39)), days=-1)
        yield DrawnSpell(SpellKind.ACTIVITY, begun, ended, float(draw.choice((15, 20, 25))))
        begun = ended + timedelta(days=draw.randrange(10, 120))


def _waiting(joined_on: date, last_on: date, draw: random.Random) -> Iterator[DrawnSpell]:
    yield DrawnSpell(SpellKind.PUBLICLY_SUPPORTED, joined_on - timedelta(days=draw.randrange(30, 900)))
    begun = joined_on + timedelta(days=draw.randrange(60, 400))
    if draw.random() < 0.7:
        yield DrawnSpell(SpellKind.ACTIVITY, begun, begun + timedelta(weeks=8, days=-1), 15.0)
    if draw.random() < 0.4:
        yield DrawnSpell(SpellKind.NOT_AVAILABLE, begun + timedelta(weeks=9), begun + timedelta(weeks=30))


def _unknown(_joined_on: date, _last_on: date, _draw: random.Random) -> Iterator[DrawnSpell]:
    """Nobody wrote anything down."""
    yield from ()


_TOLD: Final = {
    LifeCourse.WORK: _work,
    LifeCourse.SELF_SUPPORTING: _self_supporting,
    LifeCourse.EDUCATION: _education,
    LifeCourse.ACTIVITY: _activity,
    LifeCourse.WAITING: _waiting,
    LifeCourse.UNKNOWN: _unknown,
}
