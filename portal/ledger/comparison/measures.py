"""What goals count of figures from outside: the municipality's own latest one within the goal's time."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from portal.base.terms import GoalUnit, Measure, PeriodKind
from portal.ledger.comparison import queries
from portal.ledger.comparison.models import OutsideFigure
from portal.web.measures import Ask, Counted, GroupUse, Lines, MeasureSpec, Subject, line

WHOLE: Final = 10_000
"""A percentage is told in hundredths, so that it stays what was typed."""


def _from_outside(asks: Collection[Ask]) -> Mapping[Ask, Lines]:
    written = queries.own_figures_within(
        {ask.municipality_id for ask in asks},
        {ask.measure for ask in asks},
        min(ask.first for ask in asks),
        max(ask.on for ask in asks),
    )
    return {ask: _lines(_latest(written, ask)) for ask in asks}


def _latest(written: Sequence[OutsideFigure], ask: Ask) -> OutsideFigure | None:
    answers = [
        one
        for one in written
        if (one.municipality_id, one.measure) == (ask.municipality_id, ask.measure)
        and ask.first <= one.first_on
        and one.last_on <= ask.on
        and _is_known(one, ask)
    ]
    return answers[-1] if answers else None


def _is_known(figure: OutsideFigure, ask: Ask) -> bool:
    if ask.known_at is None:
        return figure.is_standing
    return figure.recorded_at <= ask.known_at and (
        figure.replaced_at is None or figure.replaced_at > ask.known_at
    )


def _lines(figure: OutsideFigure | None) -> Lines:
    if figure is None:
        nothing = sa.select(*line(OutsideFigure.id, OutsideFigure.last_on)).where(sa.false())
        return Lines(nothing)
    is_share = figure.unit is GoalUnit.PERCENT
    amount = sa.literal(int(figure.value * (100 if is_share else 1)), sa.Integer)
    out_of = sa.literal(WHOLE, sa.Integer) if is_share else None
    records = sa.select(*line(OutsideFigure.id, OutsideFigure.last_on, amount=amount, out_of=out_of))
    notes = {figure.id: tuple(text for text in (figure.source, figure.method) if text)}
    return Lines(records.where(OutsideFigure.id == figure.id), notes)


MEASURES = (
    MeasureSpec(
        measure=Measure.PUBLIC_SUPPORT,
        unit=GoalUnit.PERCENT,
        page="comparison.index",
        counted=Counted(
            subject=Subject.OUTSIDE,
            periods=frozenset({PeriodKind.YEAR, PeriodKind.QUARTER, PeriodKind.PROJECT}),
            group=GroupUse.NEVER,
            terms=(),
            lines=_from_outside,
            near_misses=None,
            rule=_l(
                "Tallet tælles ikke i portalen. Det er det nyeste tal for kommunen selv, som lederen har skrevet ind "
                "med kilde for en tid inden for målets."
            ),
            link=None,
        ),
        needs=_l("Lederen skriver tallet ind med kilde under Sammenlign med andre."),
    ),
)
