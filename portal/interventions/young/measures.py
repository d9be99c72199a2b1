"""What goals count of the young: of how many something is known, and how many have a job beside school. Source: S1."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from portal.base.database import db
from portal.base.terms import GoalUnit, Measure, PeriodKind
from portal.interventions.target_groups.members import masked
from portal.interventions.young.models import YoungPlace, YoungTally
from portal.web.measures import Ask, Counted, GroupUse, Lines, MeasureSpec, Subject, line

Columns = Callable[[], dict[str, Any]]


def _known() -> dict[str, Any]:
    known = YoungTally.has_job + YoungTally.wants_job + YoungTally.wants_none
    return {"amount": known, "out_of": known + YoungTally.unknown}


def _in_job() -> dict[str, Any]:
    return {"amount": YoungTally.has_job}


def _counted_by(columns: Columns) -> Callable[[Collection[Ask]], Mapping[Ask, Lines]]:
    """A line for each place, by its last count within the period."""

    def answer(asks: Collection[Ask]) -> Mapping[Ask, Lines]:
        tallies = _tallies(asks)
        return {ask: _lines(tallies, ask, columns()) for ask in asks}

    return answer


def _tallies(asks: Collection[Ask]) -> list[YoungTally]:
    """Also those that were corrected, by day: what stood then is asked too."""
    statement = (
        sa.select(YoungTally)
        .join(YoungTally.place)
        .where(
            YoungPlace.municipality_id.in_({ask.municipality_id for ask in asks}),
            YoungTally.counted_on.between(min(ask.first for ask in asks), max(ask.on for ask in asks)),
        )
        .options(joinedload(YoungTally.place))
        .order_by(YoungTally.counted_on, YoungTally.id)
    )
    return list(db.session.scalars(statement))


def _lines(tallies: list[YoungTally], ask: Ask, columns: dict[str, Any]) -> Lines:
    last = {
        one.place_id: one
        for one in tallies
        if one.place.municipality_id == ask.municipality_id
        and ask.first <= one.counted_on <= ask.on
        and _stood(one, ask.known_at)
    }
    records = sa.select(*line(YoungTally.place_id, YoungTally.counted_on, **columns))
    return Lines(
        records.where(YoungTally.id.in_([one.id for one in last.values()])),
        {place_id: (_in_words(one),) for place_id, one in last.items()},
    )


def _stood(tally: YoungTally, known_at: datetime | None) -> bool:
    if known_at is None:
        return tally.replaced_at is None
    return tally.recorded_at <= known_at and (tally.replaced_at is None or tally.replaced_at > known_at)


def _in_words(tally: YoungTally) -> str:
    return _(
        "%(place)s, %(year)s: har fritidsjob %(has)s, ønsker et %(wants)s, ønsker ikke et %(none)s, "
        "ved ikke %(unknown)s",
        place=tally.place.name,
        year=tally.year,
        has=masked(tally.has_job),
        wants=masked(tally.wants_job),
        none=masked(tally.wants_none),
        unknown=masked(tally.unknown),
    )


_NEEDS = _l("Skriv årets optælling af de unge, sted for sted.")


def _spec(measure: Measure, unit: GoalUnit, columns: Columns, rule: LazyString) -> MeasureSpec:
    return MeasureSpec(
        measure=measure,
        unit=unit,
        page="young.index",
        counted=Counted(
            subject=Subject.OUTSIDE,
            periods=frozenset({PeriodKind.YEAR, PeriodKind.PROJECT}),
            group=GroupUse.NEVER,
            terms=(),
            lines=_counted_by(columns),
            near_misses=None,
            rule=rule,
            link=None,
        ),
        needs=_NEEDS,
    )


MEASURES = (
    _spec(
        Measure.YOUNG_KNOWN,
        GoalUnit.PERCENT,
        _known,
        _l(
            "Af alle unge, der er talt, dem, kommunen ved om har fritidsjob, ønsker et eller ikke ønsker et. "
            "Stedernes seneste optælling i perioden."
        ),
    ),
    _spec(
        Measure.YOUNG_IN_LEISURE_JOB,
        GoalUnit.COUNT,
        _in_job,
        _l("De unge, der har fritidsjob efter stedernes seneste optælling i perioden. Ingen har navn."),
    ),
)
