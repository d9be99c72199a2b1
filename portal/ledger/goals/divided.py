"""Which figures about people are told by form to readers who may not see single citizens, and how.

A total may always be told. Its parts by form may be told of one goal only where the times of several on one measure
overlap, and as of that goal's own day: else the difference of two divisions would be a small number. A goal that asks
for one form is a part of such a division, and is told or hidden as that part is. Source: docs/rules.md#small-numbers
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

import sqlalchemy as sa

from portal.base.database import db
from portal.base.terms import PlacementForm
from portal.ledger.goals import queries
from portal.ledger.goals.figures import Figure, NoData, ask_of, counting_day
from portal.ledger.goals.masking import masked
from portal.ledger.goals.measures import spec_of
from portal.ledger.goals.models import FrozenFigure, FrozenLine, Goal
from portal.ledger.goals.table import GoalRow, OpenedGoal
from portal.ledger.goals.tally import erased_parts, lists_of
from portal.web.measures import FORM, Ask, Counted, Lines, Subject, Terms

ByForm = dict[PlacementForm | None, int]

ALL: Final = ""


def form_asked_for(goal: Goal) -> PlacementForm | None:
    """The one form that the goal counts; None: all of them."""
    chosen = dict(goal.rule_terms).get(FORM)
    return PlacementForm(str(chosen)) if chosen else None


def divided_goals(among: Iterable[Goal]) -> frozenset[int]:
    """The goals (their ids) of which parts may be told: of those whose times overlap, those that ask the widest."""
    by_measure: dict[str, list[Goal]] = defaultdict(list)
    for goal in among:
        how = spec_of(goal.measure).counted
        if how is not None and how.subject is Subject.CITIZENS:
            by_measure[goal.measure].append(goal)
    return frozenset(key for goals in by_measure.values() for key in _divided(goals))


def _divided(goals: Sequence[Goal]) -> list[int]:
    how = spec_of(goals[0].measure).counted
    assert how is not None
    taken: list[Goal] = []
    for goal in sorted(goals, key=lambda one: _narrowness(one, how)):
        if all(_asks_the_same(goal, other) or not _overlap(goal, other, how) for other in taken):
            taken.append(goal)
    return [goal.id for goal in taken]


def _narrowness(goal: Goal, how: Counted) -> tuple[bool, int, int, int]:
    """What asks of everybody comes first, then what chooses least, then what takes longest."""
    standard = {term.key: term.standard for term in how.terms}
    chosen = sum(str(value) != str(standard.get(key)) for key, value in goal.rule_terms if key != FORM)
    return goal.group_id is not None, chosen, (goal.first_on - goal.last_on).days, goal.id


def _asks_the_same(one: Goal, other: Goal) -> bool:
    """But for the form: then both are parts of one division."""
    return _whole_asked(one) == _whole_asked(other)


def _whole_asked(goal: Goal) -> tuple[object, ...]:
    return goal.measure, goal.first_on, goal.last_on, goal.group_id, _without_form(goal)


def _without_form(goal: Goal) -> Terms:
    return tuple((key, value) for key, value in goal.rule_terms if key != FORM)


def _overlap(one: Goal, other: Goal, how: Counted) -> bool:
    """What looks at one day is compared with nothing but the same day."""
    if how.is_standing:
        return one.last_on == other.last_on
    return one.first_on <= other.last_on and other.first_on <= one.last_on


def may_be_divided(figure: Figure, among: Iterable[Goal], today: date) -> bool:
    """Whether its parts may be told; of a goal for one form, whether it may be told at all."""
    return figure.on == counting_day(figure.goal, today) and figure.goal.id in divided_goals(among)


def rows_told(rows: Sequence[GoalRow], among: Sequence[Goal], today: date) -> list[GoalRow]:
    """The rows for readers who may not see single citizens: of a goal for one form the figure alone, if at all."""
    return [
        row
        if form_asked_for(row.goal) is None
        else replace(row, figure=shown_to_leader(row.figure, among, today), last_year=None, development=())
        for row in rows
    ]


def page_told(page: OpenedGoal, among: Sequence[Goal], today: date) -> OpenedGoal:
    """A goal's own page for them."""
    if form_asked_for(page.row.goal) is None:
        return page
    [row] = rows_told([page.row], among, today)
    return replace(page, row=row, quarters=(), years=())


def shown_to_leader(figure: Figure, among: Sequence[Goal], today: date) -> Figure:
    """The figure, hidden where it asks for one form and that part of the whole is hidden."""
    form = form_asked_for(figure.goal)
    if form is None or figure.tally is None:
        return figure
    if may_be_divided(figure, among, today) and _is_told(figure, form, among):
        return figure
    return replace(figure, tally=None, why_none=NoData.FEW, frozen=None)


def _is_told(figure: Figure, form: PlacementForm, among: Iterable[Goal]) -> bool:
    """Whether the part is told in the division of the whole; of a frozen one, as it was then."""
    assert figure.tally is not None
    goal, kept = figure.goal, figure.frozen
    whole = next((one for one in among if _asks_the_same(one, goal) and form_asked_for(one) is None), None)
    frozen = queries.frozen_of([whole]) if whole is not None and kept is not None else {}
    if whole is not None and whole.id in frozen:
        parts = frozen_parts_of(frozen[whole.id])
    else:
        terms = tuple(sorted((*_without_form(goal), (FORM, ALL))))
        ask = replace(ask_of(goal, figure.on, known_at=kept.frozen_at if kept else None), terms=terms)
        parts = parts_of(ask, lists_of([ask])[ask])
    return masked(parts | {form: figure.tally.amount})[form] is not None


def parts_told(figure: Figure, lines: Lines | None, among: Sequence[Goal], today: date) -> ByForm:
    """The parts of a figure, for whom they may be told; empty where they may not, or nobody has a form."""
    if form_asked_for(figure.goal) is not None or not may_be_divided(figure, among, today):
        return {}
    if figure.frozen is not None:
        parts = frozen_parts_of(figure.frozen)
    elif lines is not None:
        parts = parts_of(ask_of(figure.goal, figure.on), lines)
    else:
        return {}
    return parts if any(parts[form] for form in PlacementForm) else {}


def parts_of(ask: Ask, lines: Lines) -> ByForm:
    """A list of people with those who are erased, added up by form; a form without anybody is 0."""
    listed = lines.records.order_by(None).subquery()
    sums = db.session.execute(sa.select(listed.c.form, sa.func.sum(listed.c.amount)).group_by(listed.c.form))
    live = {PlacementForm(form) if form else None: int(amount) for form, amount in sums}
    found = _whole(live)
    for _quarter, form, tally in erased_parts(ask):
        found[form] += tally.amount
    return found


def frozen_parts_of(figure: FrozenFigure) -> ByForm:
    """The same of a frozen list."""
    sums = db.session.execute(
        sa.select(FrozenLine.form, sa.func.sum(FrozenLine.amount))
        .where(FrozenLine.figure_id == figure.id)
        .group_by(FrozenLine.form)
    )
    return _whole({form: int(amount) for form, amount in sums})


def _whole(known: Mapping[PlacementForm | None, int]) -> ByForm:
    return {form: known.get(form, 0) for form in (*PlacementForm, None)}
