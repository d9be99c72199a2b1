"""The ledger as a table: each goal beside what it was a year before and the way it came, all in one statement.

What was frozen tells of the years before; where nothing was, the same question is counted as of that day.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from portal.base.quarters import quarter_end, quarters
from portal.base.terms import PeriodKind
from portal.ledger.goals import queries
from portal.ledger.goals.figures import (
    Figure,
    GoalStanding,
    ask_of,
    counting_day,
    day_that_may_be_asked,
    exact,
    figure_from,
    frozen_tally,
    is_held,
    live_asks,
    rounded,
)
from portal.ledger.goals.measures import spec_of
from portal.ledger.goals.models import FrozenFigure, Goal
from portal.ledger.goals.tally import Tally, lists_of, tallies
from portal.shared.accounts.models import Municipality
from portal.web.measures import Ask, Lines, Terms

MOST_POINTS: Final = 4
"""Earlier days in the small line of a row: each is a list more to add up."""

MOST_QUARTERS: Final = 12
"""The same on a goal's own page."""

MOST_YEARS: Final = 5

_FEWEST_YEARS: Final = 2
"""Frozen years from which on the line is one of years."""

Question = tuple[object, int | None, Terms]
"""What goals of different years have in common when they count the same."""


@dataclass(frozen=True)
class Point:
    """What the figure was on an earlier day."""

    on: date
    value: Decimal
    is_frozen: bool
    is_part: bool
    """The records begin inside the period that it adds up."""


@dataclass(frozen=True)
class GoalRow:
    """A goal with its figure, a year before, and the way there."""

    figure: Figure
    last_year: Point | None
    development: tuple[Point, ...]
    """Earlier days first, the figure itself last; empty where there is nothing to compare."""

    @property
    def goal(self) -> Goal:
        return self.figure.goal

    @property
    def way(self) -> Decimal:
        """How much of the target is there, to sort by: what is reached comes last."""
        figure = self.figure
        if figure.exact is None:
            return Decimal(-1)
        if figure.standing is GoalStanding.REACHED:
            return Decimal(1)
        aimed, now = figure.aimed_at, figure.exact
        share = min(now, aimed) / max(now, aimed) if now and aimed else 0
        return Decimal(share.numerator) / share.denominator if share else Decimal(0)


@dataclass(frozen=True)
class OpenedGoal:
    """A goal's own page: its row, each quarter of its time, and the same goal in other years."""

    row: GoalRow
    quarters: tuple[Point, ...]
    years: tuple[Figure, ...]
    lines: Lines | None
    """The list behind the figure; None: it is frozen, or there is none."""

    @property
    def counted_years(self) -> list[Figure]:
        """The last years that have a figure."""
        return [one for one in self.years if one.opens][-MOST_YEARS:]

    @property
    def year_bars(self) -> list[tuple[str, float, float]]:
        """Of each year its target and its figure."""
        return [
            (str(one.goal.year), float(one.aimed_at), float(one.value))
            for one in self.counted_years
            if one.value is not None
        ]


@dataclass(frozen=True)
class Moment:
    """An earlier day, and what tells of it: a frozen figure, or a list that is counted now."""

    on: date
    told_by: FrozenFigure | Ask


def question(goal: Goal) -> Question:
    return goal.measure, goal.group_id, goal.rule_terms


def year_before(day: date) -> date:
    """The same day a year earlier; of 29 February the 28th."""
    return date(day.year - 1, day.month, 28 if (day.month, day.day) == (2, 29) else day.day)


def rows_of(
    municipality: Municipality, goals: Sequence[Goal], asked: date, today: date, *, among: Sequence[Goal]
) -> list[GoalRow]:
    """The rows of some goals. `among`: all of the municipality's, whose frozen figures tell of the years before."""
    return _LedgerReading(municipality, among, asked, today).rows(goals)


def opened(
    municipality: Municipality, goal: Goal, asked: date, today: date, *, among: Sequence[Goal]
) -> OpenedGoal:
    """What a goal's page shows, with the statements of a row."""
    return _LedgerReading(municipality, among, asked, today).opened(goal)


class _LedgerReading:
    """One reading of the ledger: it gathers every question first, and has them all answered at once."""

    def __init__(self, municipality: Municipality, among: Sequence[Goal], asked: date, today: date) -> None:
        self.municipality, self.asked, self.today = municipality, asked, today
        self.among = among
        self.frozen = queries.frozen_of(among)
        self.earlier = {_time_of(goal): self.frozen[goal.id] for goal in among if goal.id in self.frozen}
        self.live: Mapping[int, Ask] = {}
        self.lists: Mapping[Ask, Lines] = {}
        self.sums: Mapping[Ask, Tally] = {}
        self.figures: Mapping[int, Figure] = {}

    def rows(self, goals: Sequence[Goal]) -> list[GoalRow]:
        days = self._days(goals)
        before = {goal.id: self._year_ago(goal, days[goal.id]) for goal in goals}
        way = {goal.id: self._way(goal, days[goal.id], before[goal.id]) for goal in goals}
        self._answer(goals, days, [*before.values(), *(one for some in way.values() for one in some)])
        return [self._row(goal, before[goal.id], way[goal.id]) for goal in goals]

    def opened(self, goal: Goal) -> OpenedGoal:
        years = [one for one in self.among if question(one) == question(goal) and one.ended_on is None]
        shown = list({one.id: one for one in (*years, goal)}.values())
        days = self._days(shown)
        before, way = self._year_ago(goal, days[goal.id]), self._quarters(goal, days[goal.id], MOST_QUARTERS)
        self._answer(shown, days, [before, *way])
        row = self._row(goal, before, way)
        lines = self.lists[self.live[goal.id]] if goal.id in self.live else None
        return OpenedGoal(row, row.development, tuple(self.figures[one.id] for one in shown), lines)

    def _days(self, goals: Iterable[Goal]) -> dict[int, date]:
        return {
            goal.id: counting_day(goal, day_that_may_be_asked(goal, self.asked, self.today)) for goal in goals
        }

    def _answer(
        self, goals: Sequence[Goal], days: Mapping[int, date], moments: Iterable[Moment | None]
    ) -> None:
        live = live_asks(self.municipality, goals, days, self.frozen)
        asked = [one.told_by for one in moments if one is not None and isinstance(one.told_by, Ask)]
        asks = list(dict.fromkeys([*live.values(), *asked]))
        self.lists = lists_of(asks)
        self.sums = tallies(asks, self.lists)
        self.live = live
        self.figures = {
            goal.id: figure_from(
                self.municipality,
                goal,
                days[goal.id],
                self.frozen,
                self.sums[live[goal.id]] if goal.id in live else None,
            )
            for goal in goals
        }

    def _row(self, goal: Goal, before: Moment | None, way: Sequence[Moment]) -> GoalRow:
        figure = self.figures[goal.id]
        points = [point for moment in way if (point := self._point(goal, moment)) is not None]
        if figure.value is not None:
            now = Point(figure.on, figure.value, figure.frozen is not None, figure.part_of_period)
            points = [*points, now] if points else []
        else:
            points = []
        return GoalRow(figure, self._point(goal, before) if before else None, tuple(points))

    def _point(self, goal: Goal, moment: Moment) -> Point | None:
        told_by = moment.told_by
        tally = self.sums[told_by] if isinstance(told_by, Ask) else frozen_tally(told_by)
        value = exact(tally, goal.unit)
        if value is None:
            return None
        since = self.municipality.records_since_on
        is_part = isinstance(told_by, Ask) and _adds_up(goal) and told_by.first < since
        return Point(moment.on, rounded(value, goal.unit), not isinstance(told_by, Ask), is_part)

    def _year_ago(self, goal: Goal, on: date) -> Moment | None:
        """The same question a year earlier; of a project, how it stood in it a year ago."""
        first, last = year_before(goal.first_on), year_before(goal.last_on)
        kept = self.earlier.get((question(goal), first if _adds_up(goal) else None, last))
        if kept is not None and last < on:
            return Moment(last, kept)
        if not _adds_up(goal):
            last = last if last < on else self._may_ask(goal, year_before(on))
            return self._counted(goal, goal.first_on, last)
        if goal.period is not PeriodKind.PROJECT:
            return self._counted(goal, first, last)
        last = self._may_ask(goal, year_before(on))
        return self._counted(goal, goal.first_on, last) if goal.first_on <= last else None

    def _way(self, goal: Goal, on: date, before: Moment | None) -> list[Moment]:
        years = self._frozen_years(goal, on)
        if len(years) >= _FEWEST_YEARS or goal.id in self.frozen:
            is_missing = before is not None and before.on > years[-1].on if years else False
            return [*years, before] if before is not None and is_missing else years
        return self._quarters(goal, on, MOST_POINTS)

    def _frozen_years(self, goal: Goal, on: date) -> list[Moment]:
        found: list[Moment] = []
        first, last = goal.first_on, goal.last_on
        for _year in range(MOST_POINTS):
            first, last = year_before(first), year_before(last)
            kept = self.earlier.get((question(goal), first if _adds_up(goal) else None, last))
            if kept is not None and last < on:
                found.insert(0, Moment(last, kept))
        return found

    def _quarters(self, goal: Goal, on: date, most: int) -> list[Moment]:
        """The ends of the quarters before the day: those of its time, or of the year before where it looks at a day."""
        since = max(
            goal.first_on if _adds_up(goal) else min(goal.first_on, year_before(on)),
            self.municipality.records_since_on,
        )
        kept = self.frozen.get(goal.id)
        known_at = kept.frozen_at if kept is not None and on == goal.last_on else None
        ends = [end for one in quarters(since, on) if (end := quarter_end(one)) < on]
        moments = (self._counted(goal, goal.first_on, end, known_at=known_at) for end in ends[-most:])
        return [one for one in moments if one is not None]

    def _counted(
        self, goal: Goal, first: date, on: date, *, known_at: datetime | None = None
    ) -> Moment | None:
        if not is_held(self.municipality, goal, on):
            return None
        return Moment(on, replace(ask_of(goal, on, known_at=known_at), first=first))

    def _may_ask(self, goal: Goal, day: date) -> date:
        return day_that_may_be_asked(goal, day, self.today)


def _time_of(goal: Goal) -> tuple[Question, date | None, date]:
    return question(goal), goal.first_on if _adds_up(goal) else None, goal.last_on


def _adds_up(goal: Goal) -> bool:
    """Whether the figure adds up a period; else it looks at one day."""
    how = spec_of(goal.measure).counted
    return how is not None and not how.is_standing
