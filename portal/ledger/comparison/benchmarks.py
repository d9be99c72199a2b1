"""Our figure beside those of others: what was typed from outside, and what two municipalities show each other."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask_babel import gettext as _

from portal.base.terms import GoalUnit
from portal.ledger.comparison import queries
from portal.ledger.comparison.models import OutsideFigure
from portal.ledger.comparison.queries import Subject
from portal.ledger.comparison.services import unit_of
from portal.ledger.comparison.shared import SharedFigure, shared_figures
from portal.ledger.goals.figures import Figure
from portal.shared.accounts.models import Municipality
from portal.web.presentation import da_date


@dataclass(frozen=True)
class PlaceFigure:
    """One bar of the drawing, and one row of its table."""

    place: str
    is_own: bool
    time: str
    value: Decimal | None
    why_none: str
    source: str
    method: str
    is_rounded: bool = False


@dataclass(frozen=True)
class Benchmark:
    """Our figure and others' of one thing."""

    subject: Subject
    unit: GoalUnit
    rows: Sequence[PlaceFigure]
    aimed_at: Decimal | None = None

    @property
    def has_others(self) -> bool:
        return any(not row.is_own for row in self.rows)


def time_of(figure: OutsideFigure) -> str:
    """The year, or the quarter of it."""
    if figure.quarter is None:
        return str(figure.year)
    return _("%(quarter)s. kvartal %(year)s", quarter=figure.quarter, year=figure.year)


def of_goal(municipality: Municipality, figure: Figure, today: date) -> Benchmark:
    """A goal's figure beside those the leader compares it with. From outside the latest up to the goal's last day."""
    goal = figure.goal
    outside = latest(queries.standing_figures(municipality.id, [goal.measure]), until=goal.last_on)
    shared = shared_figures(goal, today)
    rows = [_own(municipality, figure, outside.get(""))]
    told = {one.municipality.name: one for one in shared}
    for place in queries.places_like(municipality.id, goal.measure):
        if place not in told:
            rows.append(_typed(outside.get(place), place))
    rows += [_counted_there(one) for one in shared]
    aim = Decimal(figure.aimed_at.numerator) / figure.aimed_at.denominator
    return Benchmark(goal.measure, goal.unit, rows, aim.quantize(Decimal("0.1")))


def of_subject(
    municipality: Municipality, subject: Subject, figures: Iterable[OutsideFigure], places: Iterable[str]
) -> Benchmark:
    """The latest figures from outside of one thing."""
    outside = latest([one for one in figures if one.subject == subject])
    own = _typed(outside.get(""), municipality.name, is_own=True)
    return Benchmark(subject, unit_of(subject), [own, *(_typed(outside.get(name), name) for name in places)])


def latest(figures: Iterable[OutsideFigure], *, until: date = date.max) -> dict[str, OutsideFigure]:
    """Place -> its latest figure; they come the oldest first."""
    return {one.place: one for one in figures if one.last_on <= until}


def _own(municipality: Municipality, figure: Figure, typed: OutsideFigure | None) -> PlaceFigure:
    how = figure.spec.counted
    if (how is None or how.is_from_outside) and typed is not None:
        return _typed(typed, municipality.name, is_own=True)
    return PlaceFigure(
        place=municipality.name,
        is_own=True,
        time=da_date(figure.on),
        value=figure.value,
        why_none=str(figure.why_none.label) if figure.why_none else "",
        source=_("Talt i portalen"),
        method="",
    )


def _typed(figure: OutsideFigure | None, place: str, *, is_own: bool = False) -> PlaceFigure:
    if figure is None:
        return PlaceFigure(place, is_own, "", None, _("Der er ikke skrevet et tal ind."), "", "")
    return PlaceFigure(place, is_own, time_of(figure), figure.value, "", figure.source, figure.method)


def _counted_there(one: SharedFigure) -> PlaceFigure:
    return PlaceFigure(
        place=one.municipality.name,
        is_own=False,
        time=da_date(one.on),
        value=one.value,
        why_none=str(one.why_none.label) if one.why_none else "",
        source=_("Talt i portalen efter målets regel"),
        method=_("Afrundet til hele 5") if one.is_rounded and one.value is not None else "",
        is_rounded=one.is_rounded,
    )
