"""The picture of where somebody was and is: a lane for each thing, a bar for each period. Numbers only, no HTML."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from flask_babel import gettext as _

from portal.base.terms import SpellKind
from portal.interventions.target_groups.models import Arrival, Membership, Spell, StepPlacing
from portal.interventions.target_groups.situations import days_in_words

WIDTH: Final = 396
"""Of the picture's 400 units: what stands at the edge is not cut."""

SHORTEST: Final = 3
"""A day of many years is still seen."""

ARROW: Final = 7

LEAST_DAYS: Final = 100
"""Less than this is not stretched over the whole width."""

AHEAD: Final = timedelta(days=45)
"""Beyond today, so that what goes on is seen to go on."""

MOST_TICKS: Final = 7
YEARS_BY_QUARTERS: Final = 2

ROOM_FOR_A_TICK: Final = 46
"""Its words stand to the right of it."""


@dataclass(frozen=True)
class DrawnDays:
    """Days as they are drawn; `until_on` None: they go on."""

    from_on: date
    until_on: date | None
    words: str


@dataclass(frozen=True)
class Bar:
    """Where a stretch begins and how long it is, in units of the picture."""

    x: float
    width: float
    goes_on: bool
    words: str

    @property
    def drawn(self) -> float:
        """Its width without the arrow of one that goes on."""
        return round(max(self.width - ARROW, 1), 1) if self.goes_on else self.width


@dataclass(frozen=True)
class Lane:
    """One row of the picture."""

    label: str
    bars: Sequence[Bar]

    @property
    def words(self) -> str:
        return "; ".join(bar.words for bar in self.bars)


@dataclass(frozen=True)
class Picture:
    """Lanes over time, with the day it was drawn and the first days of years or months."""

    first: date
    last: date
    lanes: Sequence[Lane]
    ticks: Sequence[tuple[float, str]]
    today: float


def picture_of(
    spells: Sequence[Spell],
    memberships: Sequence[Membership],
    placings: Sequence[StepPlacing],
    arrival: Arrival | None,
    today: date,
) -> Picture | None:
    """None where there is nothing to draw."""
    lanes = [*_arrival(arrival), *_spells(spells), *_steps(placings), *_groups(memberships)]
    days = [stretch.from_on for _label, row in lanes for stretch in row]
    ends = [stretch.until_on for _label, row in lanes for stretch in row if stretch.until_on]
    if not days:
        return None
    first = min(*days, today)
    last = (
        max(*ends, today + AHEAD, first + timedelta(days=LEAST_DAYS))
        if ends
        else max(today + AHEAD, max(days) + AHEAD, first + timedelta(days=LEAST_DAYS))
    )
    scale = _Scale(first, last)
    return Picture(
        first,
        last,
        [Lane(label, [scale.bar(stretch) for stretch in row]) for label, row in lanes],
        scale.ticks(),
        scale.at(today),
    )


class _Scale:
    def __init__(self, first: date, last: date) -> None:
        self._first, self._last = first, last
        self._days = (last - first).days + 1

    def at(self, day: date) -> float:
        return round(1 + (day - self._first).days / self._days * (WIDTH - 1), 1)

    def bar(self, stretch: DrawnDays) -> Bar:
        last = stretch.until_on or self._last
        x, end = self.at(stretch.from_on), self.at(last + timedelta(days=1))
        return Bar(x, max(round(end - x, 1), SHORTEST), stretch.until_on is None, stretch.words)

    def ticks(self) -> list[tuple[float, str]]:
        """The first days of years; of quarters where there are few years."""
        span = range(self._first.year, self._last.year + 1)
        days = [(date(year, 1, 1), str(year)) for year in span]
        if len(days) <= YEARS_BY_QUARTERS:
            quarters = [date(year, month, 1) for year in span for month in (1, 4, 7, 10)]
            days = [(day, f"{day.day}.{day.month}.{day.year}") for day in quarters]
        inside = [(self.at(day), words) for day, words in days if self._first <= day <= self._last]
        shown = [tick for tick in inside if tick[0] <= WIDTH - ROOM_FOR_A_TICK]
        return shown[:: -(-len(shown) // MOST_TICKS) or 1]


Rows = list[tuple[str, list[DrawnDays]]]


def _arrival(arrival: Arrival | None) -> Rows:
    if arrival is None:
        return []
    came = DrawnDays(
        arrival.arrived_on, arrival.arrived_on, _("kom %(day)s", day=days_in_words(arrival.arrived_on, None))
    )
    rows: Rows = [(_("Kom til kommunen"), [came])]
    if arrival.programme_from is not None:
        words = days_in_words(arrival.programme_from, arrival.programme_until)
        stretch = DrawnDays(arrival.programme_from, arrival.programme_until, words)
        rows.append((_("Introduktionsprogram"), [stretch]))
    return rows


def _spells(spells: Iterable[Spell]) -> Rows:
    ordered = sorted(spells, key=lambda spell: spell.from_on)
    rows: Rows = []
    for kind in SpellKind:
        own = [spell for spell in ordered if spell.kind is kind]
        if own:
            rows.append((str(kind.label), [_stretch(spell) for spell in own]))
    return rows


def _stretch(spell: Spell) -> DrawnDays:
    return DrawnDays(spell.from_on, spell.until_on, days_in_words(spell.from_on, spell.until_on))


def _steps(placings: Iterable[StepPlacing]) -> Rows:
    """A lane for each step, in the order of the ladders; a placing lasts until the next on the same ladder."""
    by_ladder: dict[int, list[StepPlacing]] = {}
    for placing in sorted(placings, key=lambda one: one.from_on):
        by_ladder.setdefault(placing.step.ladder_id, []).append(placing)
    found: dict[tuple[str, int, str], list[DrawnDays]] = {}
    for row in by_ladder.values():
        for place, placing in enumerate(row):
            later = row[place + 1].from_on - timedelta(days=1) if place + 1 < len(row) else None
            step = placing.step
            stretch = DrawnDays(placing.from_on, later, days_in_words(placing.from_on, later))
            found.setdefault((step.ladder.name, step.position, step.name), []).append(stretch)
    return [(f"{ladder}: {name}", found[ladder, position, name]) for ladder, position, name in sorted(found)]


def _groups(memberships: Iterable[Membership]) -> Rows:
    found: dict[str, list[DrawnDays]] = {}
    for one in sorted(memberships, key=lambda member: member.from_on):
        words = days_in_words(one.from_on, one.until_on)
        found.setdefault(one.group.name, []).append(DrawnDays(one.from_on, one.until_on, words))
    return sorted(found.items())
