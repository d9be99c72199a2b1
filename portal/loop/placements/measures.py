"""What goals count of placements."""

from collections.abc import Collection, Mapping
from datetime import date

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import contains_eager

from portal.base.terms import GoalUnit, Measure
from portal.loop.cards.measures import search_by_card
from portal.loop.cards.models import CompetenceCard
from portal.loop.employers.models import Employer
from portal.loop.openings.models import Opening
from portal.loop.placements.models import Outcome, Placement
from portal.web.measures import Counted, Evidence, FigureColumn, MeasureSpec, Period, Shape


def _hired(municipality_id: int, days: Collection[date]) -> Mapping[date, Evidence]:
    return {day: Evidence(_hired_until(municipality_id, day)) for day in days}


def _hired_until(municipality_id: int, day: date) -> sa.Select[tuple[Placement]]:
    """The placements that ended in a job at the employer in the day's year, until the day."""
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


MEASURES = (
    MeasureSpec(
        measure=Measure.HIRED,
        unit=GoalUnit.COUNT,
        counted=Counted(
            period=Period.YEAR_TO_DAY,
            evidence=_hired,
            columns=(
                FigureColumn(
                    _l("Kort"),
                    lambda placement, _note: placement.card.number,
                    key="card",
                    order=(CompetenceCard.number, Placement.id),
                ),
                FigureColumn(
                    _l("Virksomhed"),
                    lambda placement, _note: placement.opening.employer.name,
                    key="employer",
                    order=(Employer.name, Placement.id),
                ),
                FigureColumn(_l("Form"), lambda placement, _note: placement.form.label),
                FigureColumn(
                    _l("Ansat den"),
                    lambda placement, _note: placement.ended_on,
                    shape=Shape.DAY,
                    key="ended_on",
                    order=(Placement.ended_on, Placement.id),
                ),
            ),
            sorted_by="ended_on",
            search=search_by_card,
            explained=_l("Listen viser kortnumre og ingen navne."),
            shows_cards=True,
        ),
    ),
)
