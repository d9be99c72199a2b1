"""What the records show beside a target: always the length of a list, never typed in (docs/rules.md#goal-figures).

A past year counts at 31 December, the current one today. What the portal holds no records of has no figure.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from portal.base.database import db
from portal.base.terms import LabelledEnum, Measure
from portal.ledger.goals.measures import spec_of
from portal.ledger.goals.models import Goal
from portal.shared.accounts.models import Municipality
from portal.web.measures import Evidence, MeasureSpec, Period

EvidenceByMeasure = Mapping[Measure, Mapping[date, Evidence]]
"""What a page has read already."""

NOTHING_READ: Final[EvidenceByMeasure] = MappingProxyType({})


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
    evidence: Evidence | None
    """As many records as `value`."""

    @property
    def spec(self) -> MeasureSpec:
        return spec_of(self.goal.measure)

    @property
    def opens(self) -> bool:
        return self.value is not None

    @property
    def reached(self) -> bool:
        return self.value is not None and self.value >= self.goal.target


@dataclass(frozen=True)
class MeasureOverview:
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
    municipality: Municipality, goals: Iterable[Goal], today: date, read: EvidenceByMeasure = NOTHING_READ
) -> list[MeasureOverview]:
    """The goals by measure with their figures, in the order of the plans; a handful of statements for any number.

    `read`: the evidence of `days_of`, when the page has read it already.
    """
    figures = figures_of(municipality, list(goals), today, read)
    by_measure = {
        measure: [figure for figure in figures if figure.goal.measure is measure] for measure in Measure
    }
    return [MeasureOverview(measure, tuple(listed)) for measure, listed in by_measure.items() if listed]


def figure_of(municipality: Municipality, goal: Goal, today: date) -> Figure:
    return figures_of(municipality, [goal], today)[0]


def figures_of(
    municipality: Municipality, goals: Sequence[Goal], today: date, read: EvidenceByMeasure = NOTHING_READ
) -> list[Figure]:
    """The goals with their figures, by year."""
    evidence = _evidence(municipality, goals, today, read)
    values = _lengths(evidence)
    return [
        Figure(
            goal=goal,
            on=counting_day(goal.year, today),
            value=values.get(goal.id),
            why_none=no_data(municipality, goal, today),
            part_of_year=_misses_months(municipality, goal),
            evidence=evidence.get(goal.id),
        )
        for goal in sorted(goals, key=lambda goal: (goal.year, goal.id))
    ]


def _misses_months(municipality: Municipality, goal: Goal) -> bool:
    """Whether the records begin inside the year that the figure adds up."""
    counted = spec_of(goal.measure).counted
    adds_up = counted is not None and counted.period is Period.YEAR_TO_DAY
    return adds_up and date(goal.year, 1, 1) < municipality.records_since_on


def counting_day(year: int, today: date) -> date:
    """31 December of a past year, today in the current one."""
    return min(date(year, 12, 31), today)


def no_data(municipality: Municipality, goal: Goal, today: date) -> NoData | None:
    """Why the goal has no figure; None when it has one."""
    if spec_of(goal.measure).counted is None:
        return NoData.NOT_HELD
    if goal.year > today.year:
        return NoData.AHEAD
    if counting_day(goal.year, today) < municipality.records_since_on:
        return NoData.BEFORE
    return None


def days_of(measure: Measure, municipality: Municipality, goals: Iterable[Goal], today: date) -> set[date]:
    """The days for which these goals count the measure."""
    return {
        counting_day(goal.year, today)
        for goal in goals
        if goal.measure is measure and no_data(municipality, goal, today) is None
    }


def _evidence(
    municipality: Municipality, goals: Sequence[Goal], today: date, read: EvidenceByMeasure
) -> dict[int, Evidence]:
    """Goal id -> what its figure rests on, with a handful of statements per measure."""
    found: dict[int, Evidence] = {}
    for measure in Measure:
        counted, days = spec_of(measure).counted, days_of(measure, municipality, goals, today)
        if counted is None or not days:
            continue
        by_day = read.get(measure) or counted.evidence(municipality.id, days)
        found |= {
            goal.id: by_day[counting_day(goal.year, today)]
            for goal in goals
            if goal.measure is measure and no_data(municipality, goal, today) is None
        }
    return found


def _lengths(evidence: Mapping[int, Evidence]) -> dict[int, int]:
    """The lengths of all the lists in one statement."""
    if not evidence:
        return {}
    columns = [
        sa.select(sa.func.count()).select_from(one.records.order_by(None).subquery()).scalar_subquery()
        for one in evidence.values()
    ]
    return dict(zip(evidence, db.session.execute(sa.select(*columns)).one(), strict=True))
