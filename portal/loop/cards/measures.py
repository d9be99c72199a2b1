"""What goals count of cards."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from portal.base.clock import danish_midnight
from portal.base.terms import GoalUnit, Measure
from portal.loop.cards.models import CompetenceCard
from portal.web.listing import contains
from portal.web.measures import Counted, Evidence, FigureColumn, MeasureSpec, Period, Shape


def _cards_made(municipality_id: int, days: Collection[date]) -> Mapping[date, Evidence]:
    return {day: Evidence(_made_until(municipality_id, day)) for day in days}


def _made_until(municipality_id: int, day: date) -> sa.Select[tuple[CompetenceCard]]:
    """The cards made in the day's year, until the day."""
    first, after = danish_midnight(date(day.year, 1, 1)), danish_midnight(day + timedelta(days=1))
    return sa.select(CompetenceCard).where(
        CompetenceCard.municipality_id == municipality_id,
        CompetenceCard.created_at >= first,
        CompetenceCard.created_at < after,
    )


def search_by_card(records: sa.Select[Any], words: str) -> sa.Select[Any]:
    return records.where(contains(CompetenceCard.number, words))


MEASURES = (
    MeasureSpec(
        measure=Measure.CARDS,
        unit=GoalUnit.COUNT,
        counted=Counted(
            period=Period.YEAR_TO_DAY,
            evidence=_cards_made,
            columns=(
                FigureColumn(
                    _l("Kort"),
                    lambda card, _note: card.number,
                    key="card",
                    order=(CompetenceCard.number, CompetenceCard.id),
                ),
                FigureColumn(
                    _l("Lavet den"),
                    lambda card, _note: card.created_at,
                    shape=Shape.DAY,
                    key="made",
                    order=(CompetenceCard.created_at, CompetenceCard.id),
                ),
            ),
            sorted_by="made",
            search=search_by_card,
            explained=_l("Listen viser kortnumre og ingen navne."),
            shows_cards=True,
        ),
    ),
)
