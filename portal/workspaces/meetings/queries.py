"""Reads for a meeting: the cards a consultant can choose among, and the sheet that stands open."""

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from portal.loop.assessments.models import Assessment
from portal.loop.assessments.queries import sheets_of
from portal.loop.cards.models import CompetenceCard
from portal.loop.cards.queries import cards_seen_by
from portal.loop.citizens.models import Citizen
from portal.loop.citizens.queries import citizens_found
from portal.loop.placements.models import Placement
from portal.shared.accounts.models import User


def cards_to_choose(
    user: User, *, words: str = "", owners: frozenset[int] | None = None
) -> sa.Select[CompetenceCard]:
    """The cards the user sees, with their citizens; of `owners`: only of those whose consultant one of them is."""
    statement = (
        cards_seen_by(user)
        .join(CompetenceCard.citizen)
        .options(contains_eager(CompetenceCard.citizen))
        .order_by(Citizen.sort_name, CompetenceCard.id)
    )
    if words:
        statement = statement.where(citizens_found(words, CompetenceCard.number))
    return statement if owners is None else statement.where(Citizen.consultant_id.in_(sorted(owners)))


def open_sheet_of(placement: Placement) -> Assessment | None:
    return next((sheet for sheet in sheets_of(placement) if sheet.is_open), None)
