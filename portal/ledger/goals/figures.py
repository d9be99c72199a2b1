"""What the records show beside a target: always the length of a list, never typed in (docs/rules.md#goal-figures).

A past year counts at 31 December, the current one today. What the portal holds no records of has no figure.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import contains_eager

from portal.base.clock import DANISH_TIME
from portal.base.database import db
from portal.base.terms import LabelledEnum
from portal.ledger.goals.models import Goal, Measure
from portal.loop.cards.models import CompetenceCard
from portal.loop.openings.models import Opening
from portal.loop.partnerships import counting
from portal.loop.partnerships.counting import Standing
from portal.loop.placements.models import Outcome, Placement
from portal.shared.accounts.models import Municipality

StandingsByDay = Mapping[date, Sequence[Standing]]

COUNTED = frozenset({Measure.PARTNERSHIPS, Measure.CARDS, Measure.HIRED})
"""What the portal holds records of."""


class NoData(LabelledEnum):
    """Why a goal has no figure."""

    NOT_HELD = "not_held", _l("Portalen har ikke oplysninger om det.")
    BEFORE = "before", _l("Året ligger før kommunens oplysninger i portalen.")
    AHEAD = "ahead", _l("Året er ikke begyndt.")


@dataclass(frozen=True)
class Figure:
    """A goal beside its figure on a day; without a figure, why."""

    goal: Goal
    on: date
    value: int | None
    why_none: NoData | None
    part_of_year: bool
    """The records begin inside the year, so that what came before is not in the figure."""
    standings: tuple[Standing, ...] = ()
    """For partnerships: the very ones that count, as many as `value`."""

    @property
    def opens(self) -> bool:
        return self.value is not None

    @property
    def reached(self) -> bool:
        return self.value is not None and self.value >= self.goal.target


@dataclass(frozen=True)
class Block:
    """One measure with its goals, year by year. `now` is what to look at first: the latest begun year."""

    measure: Measure
    figures: tuple[Figure, ...]

    @property
    def now(self) -> Figure:
        begun = [figure for figure in self.figures if figure.why_none is not NoData.AHEAD]
        return begun[-1] if begun else self.figures[0]

    @property
    def rows(self) -> list[tuple[str, int, int | None]]:
        """What the chart shows: year, target, figure."""
        return [(str(figure.goal.year), figure.goal.target, figure.value) for figure in self.figures]


def blocks(
    municipality: Municipality, goals: Iterable[Goal], today: date, standings: StandingsByDay | None = None
) -> list[Block]:
    """The goals by measure with their figures, in the order of the plans; a handful of statements for any number.

    `standings`: those of `partnership_days`, when the page has read them already.
    """
    figures = figures_of(municipality, list(goals), today, standings)
    by_measure = {
        measure: [figure for figure in figures if figure.goal.measure is measure] for measure in Measure
    }
    return [Block(measure, tuple(listed)) for measure, listed in by_measure.items() if listed]


def figure_of(municipality: Municipality, goal: Goal, today: date) -> Figure:
    return figures_of(municipality, [goal], today)[0]


def figures_of(
    municipality: Municipality, goals: Sequence[Goal], today: date, standings: StandingsByDay | None = None
) -> list[Figure]:
    """The goals with their figures, by year."""
    reasons = {goal.id: no_data(municipality, goal, today) for goal in goals}
    counted = [goal for goal in goals if reasons[goal.id] is None]
    lists = _partnerships(municipality, counted, today, standings)
    values = {goal_id: len(listed) for goal_id, listed in lists.items()} | _values(
        municipality.id, counted, today
    )
    since = municipality.records_since_on
    return [
        Figure(
            goal=goal,
            on=counting_day(goal.year, today),
            value=values.get(goal.id),
            why_none=reasons[goal.id],
            part_of_year=goal.measure is not Measure.PARTNERSHIPS and date(goal.year, 1, 1) < since,
            standings=lists.get(goal.id, ()),
        )
        for goal in sorted(goals, key=lambda goal: (goal.year, goal.id))
    ]


def counting_day(year: int, today: date) -> date:
    """31 December of a past year, today in the current one."""
    return min(date(year, 12, 31), today)


def no_data(municipality: Municipality, goal: Goal, today: date) -> NoData | None:
    """Why the goal has no figure; None when it has one."""
    if goal.measure not in COUNTED:
        return NoData.NOT_HELD
    if goal.year > today.year:
        return NoData.AHEAD
    if counting_day(goal.year, today) < municipality.records_since_on:
        return NoData.BEFORE
    return None


def partnership_days(municipality: Municipality, goals: Iterable[Goal], today: date) -> set[date]:
    """The days for which these goals count partnerships."""
    return {
        counting_day(goal.year, today)
        for goal in goals
        if goal.measure is Measure.PARTNERSHIPS and no_data(municipality, goal, today) is None
    }


def _partnerships(
    municipality: Municipality, goals: Sequence[Goal], today: date, standings: StandingsByDay | None
) -> dict[int, tuple[Standing, ...]]:
    """Goal id -> the partnerships that count on its day."""
    if standings is None:
        standings = counting.standing_on_days(municipality.id, partnership_days(municipality, goals, today))
    return {
        goal.id: tuple(one for one in standings[counting_day(goal.year, today)] if one.counts)
        for goal in goals
        if goal.measure is Measure.PARTNERSHIPS
    }


def _values(municipality_id: int, goals: Sequence[Goal], today: date) -> dict[int, int]:
    """Goal id -> figure for what the database counts, with one statement per measure."""
    values: dict[int, int] = {}
    for measure, records in LISTS.items():
        of_measure = [goal for goal in goals if goal.measure is measure]
        lists = {goal.id: records(municipality_id, counting_day(goal.year, today)) for goal in of_measure}
        values |= _lengths(lists)
    return values


def _lengths(lists: dict[int, sa.Select[Any]]) -> dict[int, int]:
    """The lengths of several lists in one statement."""
    if not lists:
        return {}
    columns = [
        sa.select(sa.func.count()).select_from(listed.order_by(None).subquery()).scalar_subquery()
        for listed in lists.values()
    ]
    return dict(zip(lists, db.session.execute(sa.select(*columns)).one(), strict=True))


def cards_made(municipality_id: int, day: date) -> sa.Select[tuple[CompetenceCard]]:
    """The cards made in the day's year, until the day."""
    first, after = _midnight(date(day.year, 1, 1)), _midnight(day + timedelta(days=1))
    return sa.select(CompetenceCard).where(
        CompetenceCard.municipality_id == municipality_id,
        CompetenceCard.created_at >= first,
        CompetenceCard.created_at < after,
    )


def hired(municipality_id: int, day: date) -> sa.Select[tuple[Placement]]:
    """The placements that ended in a job at the firm in the day's year, until the day."""
    return (
        sa.select(Placement)
        .join(Placement.card)
        .join(Placement.opening)
        .join(Opening.employer)
        .where(
            Placement.municipality_id == municipality_id,
            Placement.outcome == Outcome.HIRED,
            Placement.ended_on.between(date(day.year, 1, 1), day),
        )
        .options(
            contains_eager(Placement.card),
            contains_eager(Placement.opening).contains_eager(Opening.employer),
        )
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), DANISH_TIME)


LISTS: dict[Measure, Callable[[int, date], sa.Select[Any]]] = {
    Measure.CARDS: cards_made,
    Measure.HIRED: hired,
}
"""The records behind a figure that are counted in the database; partnerships follow their own rule."""
