"""How the members of each target group fare, with small numbers hidden and the four-fifths mark.

Everybody is told by the furthest step she took, so that the parts of a group add up to its members. A part is hidden as
one of a row, of the same part of other groups, and of other quarters (docs/rules.md#fairness): a share is shown when it
tells no more than the parts that are shown.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from portal.base.quarters import last_quarter_end, next_quarter, quarter_end, quarter_of, quarters
from portal.interventions.target_groups.models import TargetGroup
from portal.interventions.target_groups.queries import groups_of
from portal.ledger.fairness.queries import Period, Reached, members_in, reached_in
from portal.ledger.goals.masking import FEWEST, masked_cells

FOUR_FIFTHS: Final = Fraction(4, 5)

STEPS: Final = tuple(step for step in Reached if step is not Reached.NOTHING)

Cell = tuple[int, Period, Reached]


@dataclass(frozen=True)
class StepShare:
    """How many of a group came at least so far; None: hidden, because it is few."""

    reached: int | None
    members: int
    is_marked: bool = False
    """Under four fifths of the group that fares best."""

    @property
    def share(self) -> Fraction | None:
        return None if self.reached is None else Fraction(self.reached, self.members)

    @property
    def percent(self) -> int | None:
        return None if self.share is None else round(100 * self.share)


@dataclass(frozen=True)
class GroupRow:
    group: TargetGroup
    members: int
    steps: Mapping[Reached, StepShare]


@dataclass(frozen=True)
class FairnessReport:
    """One period of a municipality."""

    first: date
    last: date
    rows: Sequence[GroupRow]
    too_small: Sequence[TargetGroup]
    """Groups with fewer members than a number is shown of."""


def periods_of(year: int, today: date) -> list[Period]:
    """The year's quarters that are over, and as the first the year as far as they go; empty when none is."""
    end = min(date(year, 12, 31), last_quarter_end(today))
    over = (
        [(first, quarter_end(first)) for first in quarters(date(year, 1, 1), end)] if end.year == year else []
    )
    return [(date(year, 1, 1), end), *over] if over else []


def fairness_report(
    municipality_id: int, year: int, quarter: int | None, today: date
) -> FairnessReport | None:
    """Of a year, or of one of its quarters, 1 to 4. None: no quarter of it is over, or not that one."""
    periods = periods_of(year, today)
    if len(periods) <= (quarter or 0):
        return None
    groups = groups_of(municipality_id)
    members = members_in(groups, periods)
    reached = reached_in(municipality_id, periods)
    parts = {
        (group.id, period): Counter(
            reached[period].get(one, Reached.NOTHING) for one in members[group.id, period]
        )
        for group in groups
        for period in periods
        if len(members[group.id, period]) >= FEWEST
    }
    shown = _masked(parts)
    wanted = periods[quarter or 0]
    big = [group for group in groups if (group.id, wanted) in parts]
    rows = [_row(group, wanted, parts[group.id, wanted], shown) for group in big]
    return FairnessReport(*wanted, _marked(rows), [group for group in groups if group not in big])


def _masked(parts: Mapping[tuple[int, Period], Mapping[Reached, int]]) -> dict[Cell, int | None]:
    cells: dict[Cell, int] = {
        (group, period, step): counted[step] for (group, period), counted in parts.items() for step in Reached
    }
    lines: dict[tuple[object, ...], list[Cell]] = {}
    for cell in cells:
        group, period, step = cell
        lines.setdefault(("row", group, period), []).append(cell)
        lines.setdefault(("groups", period, step), []).append(cell)
        lines.setdefault(("times", group, step), []).append(cell)
        if _is_quarter(period):
            lines.setdefault(("quarters", group, step), []).append(cell)
    return masked_cells(cells, list(lines.values()))


def _is_quarter(period: Period) -> bool:
    return next_quarter(quarter_of(period[0])) > period[1]


def _row(
    group: TargetGroup, period: Period, counted: Mapping[Reached, int], shown: Mapping[Cell, int | None]
) -> GroupRow:
    hidden = {step for step in Reached if shown[group.id, period, step] is None}
    members = sum(counted.values())

    def of(step: Reached) -> StepShare:
        beyond = {one for one in hidden if one >= step}
        if beyond and beyond != hidden:
            return StepShare(None, members)
        return StepShare(sum(count for one, count in counted.items() if one >= step), members)

    return GroupRow(group, members, {step: of(step) for step in STEPS})


def _marked(rows: Sequence[GroupRow]) -> list[GroupRow]:
    """With the four-fifths mark, which compares only what is shown."""
    best = {
        step: max((row.steps[step].share or Fraction(0) for row in rows), default=Fraction(0))
        for step in STEPS
    }
    return [
        GroupRow(row.group, row.members, {step: _with_mark(row.steps[step], best[step]) for step in STEPS})
        for row in rows
    ]


def _with_mark(one: StepShare, best: Fraction) -> StepShare:
    share = one.share
    return StepShare(one.reached, one.members, share is not None and share < FOUR_FIFTHS * best)
