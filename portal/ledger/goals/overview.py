"""Which goals the table shows, and in which order: whose time it is first, then those that are over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _l

from portal.base.alphabet import alphabet_key
from portal.base.terms import LabelledEnum
from portal.ledger.goals.models import Goal
from portal.ledger.goals.table import GoalRow
from portal.web.listing import Listing
from portal.web.searching import text_holds


class GoalTime(LabelledEnum):
    """Where a goal stands in time; what the reader does not choose is what goes on."""

    NOW = "now", _l("I gang")
    AHEAD = "ahead", _l("Kommende")
    OVER = "over", _l("Tidligere")
    ALL = "all", _l("Alle")


@dataclass(frozen=True)
class CountedDays:
    """As of which day figures of employers and of people are counted: of people only when a quarter ended."""

    employers: date
    people: date

    @property
    def differ(self) -> bool:
        return self.employers != self.people


class Choices:
    """What the table can be narrowed to, as far as the municipality has goals of it."""

    def __init__(self, goals: Sequence[Goal], on: date) -> None:
        self.times = [(time.value, time.label) for time in GoalTime if time is not GoalTime.NOW]
        self.plans = [(name, name) for name in sorted({plan_of(goal) for goal in goals}, key=alphabet_key)]
        self.measures = _labelled({goal.measure.value: str(goal.measure.label) for goal in goals})
        self.groups = _labelled({str(goal.group.id): goal.group.name for goal in goals if goal.group})
        self.number = {time: sum(time_of(goal, on) is time for goal in goals) for time in GoalTime}


def _labelled(labels: dict[str, str]) -> list[tuple[str, str]]:
    return sorted(labels.items(), key=lambda one: alphabet_key(one[1]))


def plan_of(goal: Goal) -> str:
    """The plan that a source names first, before its chapter."""
    return goal.source.partition(",")[0].strip()


def time_of(goal: Goal, on: date) -> GoalTime:
    if goal.ended_on is not None and goal.ended_on <= on:
        return GoalTime.OVER
    if goal.first_on > on:
        return GoalTime.AHEAD
    return GoalTime.NOW if on <= goal.last_on else GoalTime.OVER


def wanted(goals: Sequence[Goal], listing: Listing, on: date) -> list[Goal]:
    """The goals that the reader asked for; of no time she named, those that go on."""
    filters = listing.filters
    if filters["time"] not in set(GoalTime):
        filters["time"] = ""
    time = GoalTime(filters["time"] or GoalTime.NOW)
    return [
        goal
        for goal in goals
        if (time is GoalTime.ALL or time_of(goal, on) is time)
        and filters["plan"] in ("", plan_of(goal))
        and filters["measure"] in ("", goal.measure.value)
        and filters["group"] in ("", str(goal.group_id))
        and text_holds(_said(goal), listing.q)
    ]


def _said(goal: Goal) -> str:
    group = goal.group.name if goal.group else ""
    return f"{goal.measure.label} {group} {goal.sentence} {goal.source} {goal.year}"


def in_order(rows: Sequence[GoalRow], listing: Listing) -> list[GoalRow]:
    """What goes on first, and of what is over the latest; each in the plan's order unless the reader chose another."""
    keys = {
        "plan": _by_plan,
        "name": lambda row: (str(row.goal.measure.label), row.goal.last_on, row.goal.id),
        "time": lambda row: (row.goal.last_on, row.goal.first_on, row.goal.id),
        "way": lambda row: (row.way, row.goal.id),
    }
    return sorted(rows, key=keys[listing.sort], reverse=listing.descending)


def _by_plan(row: GoalRow) -> tuple[bool, int, int]:
    is_over = row.figure.final or row.goal.ended_on is not None
    return is_over, -row.goal.last_on.toordinal() if is_over else 0, row.goal.id
