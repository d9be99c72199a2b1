"""What a leader is told of people by form, over all pages at once: no hidden number follows from the others."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations, product
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.application import ROOMS
from portal.base.quarters import quarter_end
from portal.base.terms import Measure, PeriodKind, PlacementForm
from portal.ledger.goals import divided, measures
from portal.ledger.goals.masking import is_few, masked
from portal.ledger.goals.models import Goal
from portal.web.rooms import Rooms

FORMS: Final = (PlacementForm.PRAKTIK, PlacementForm.IGU, PlacementForm.LOENTILSKUD)
QUARTERS: Final = (date(2026, 1, 1), date(2026, 4, 1))
GROUPS: Final = (None, 1)
"""Nobody's, and those of the one target group."""

Cell = tuple[date, PlacementForm, int | None]
World = dict[Cell, int]
CELLS: Final[tuple[Cell, ...]] = tuple(product(QUARTERS, FORMS, GROUPS))


def a_goal(
    number: int, first_on: date, last_on: date, *, group: int | None = None, form: PlacementForm | None = None
) -> Goal:
    return Goal(
        id=number,
        municipality_id=1,
        measure=Measure.HIRED,
        period=PeriodKind.PROJECT,
        first_on=first_on,
        last_on=last_on,
        group_id=group,
        terms={"form": str(form or ""), "trade": ""},
    )


@pytest.fixture(scope="module", autouse=True)
def known_measures() -> None:
    measures.declare(Rooms(ROOMS).measures)


TIMES: Final = ((QUARTERS[0], quarter_end(QUARTERS[0])), (QUARTERS[1], quarter_end(QUARTERS[1])))
BOTH: Final = (QUARTERS[0], quarter_end(QUARTERS[1]))
ALL_GOALS: Final = tuple(
    a_goal(number, *time, group=group, form=form)
    for number, (time, group, form) in enumerate(product((*TIMES, BOTH), GROUPS, (None, *FORMS[:2])))
)
"""Of each quarter and of both, of everybody and of the group, of all forms and of two of them."""


@dataclass(frozen=True)
class Pages:
    """All numbers that a leader can open: None where one is hidden."""

    totals: tuple[tuple[int, date, int], ...]
    parts: tuple[tuple[int, PlacementForm | None, int | None], ...]


def amount(world: World, goal: Goal, on: date, form: PlacementForm | None = None) -> int:
    wanted = form or divided.form_asked_for(goal)
    return sum(
        count
        for (quarter, its_form, group), count in world.items()
        if goal.first_on <= quarter <= min(on, goal.last_on)
        and wanted in (None, its_form)
        and goal.group_id in (None, group)
    )


def pages(world: World, goals: Sequence[Goal], told: frozenset[int]) -> Pages:
    """Totals as of every quarter's end, and the parts of those goals that are told by form."""
    totals, parts = [], []
    for goal in goals:
        form = divided.form_asked_for(goal)
        if form is None:
            ends = [end for one in QUARTERS if goal.first_on <= (end := quarter_end(one)) <= goal.last_on]
            totals += [(goal.id, on, amount(world, goal, on)) for on in ends]
        if goal.id in told:
            whole: dict[PlacementForm | None, int] = {
                one: amount(world, goal, goal.last_on, one) for one in FORMS
            }
            shown = masked(whole)
            wanted = FORMS if form is None else (form,)
            parts += [(goal.id, one, shown[one]) for one in wanted]
        elif form is not None:
            parts += [(goal.id, form, None)]
    return Pages(tuple(totals), tuple(parts))


def hidden_numbers(world: World, goals: Sequence[Goal], shown: Pages) -> dict[tuple[int, Any], int]:
    by_id = {goal.id: goal for goal in goals}
    return {
        (key, form): amount(world, by_id[key], by_id[key].last_on, form)
        for key, form, told in shown.parts
        if told is None
    }


def others(world: World) -> Iterator[World]:
    """Worlds in which two forms have one another's people, or one or two people are in another form."""
    for one, other in combinations(FORMS, 2):
        swapped = {one: other, other: one}
        yield {cell: world[cell[0], swapped.get(cell[1], cell[1]), cell[2]] for cell in CELLS}
    moves = [pair for pair in product(CELLS, repeat=2) if pair[0][::2] == pair[1][::2] and pair[0] != pair[1]]
    for some in (*((move,) for move in moves), *combinations(moves, 2)):
        changed = dict(world)
        for one, other in some:
            changed[one] -= 1
            changed[other] += 1
        if min(changed.values()) >= 0:
            yield changed


worlds = st.lists(st.sampled_from((0, 0, 1, 2, 3, 5, 8)), min_size=len(CELLS), max_size=len(CELLS)).map(
    lambda counts: dict(zip(CELLS, counts, strict=True))
)
some_goals = st.lists(st.sampled_from(ALL_GOALS), min_size=1, max_size=7, unique_by=lambda goal: goal.id)


@given(world=worlds, goals=some_goals)
def test_no_hidden_number_follows_from_any_set_of_pages(world: World, goals: list[Goal]) -> None:
    told = divided.divided_goals(goals)
    shown = pages(world, goals, told)
    open_ones = {key: number for key, number in hidden_numbers(world, goals, shown).items() if is_few(number)}

    for other in others(world) if open_ones else ():
        if pages(other, goals, told) == shown:
            elsewhere = hidden_numbers(other, goals, shown)
            open_ones = {key: number for key, number in open_ones.items() if elsewhere[key] == number}
            if not open_ones:
                break

    assert not open_ones
