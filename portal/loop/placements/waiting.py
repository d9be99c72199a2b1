"""Whom a settlement waits for before the start: whose words, whose yes, or the consultant's words for all three.

Each of them is reminded: the employer by mail, the citizen on her page, the consultant where her day begins.
Source: docs/rules.md#expectations
"""

from datetime import date, datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import column_property

from portal.base.clock import danish_midnight
from portal.base.terms import Party
from portal.base.working_days import after_working_days
from portal.loop.placements.agreed import DAY
from portal.loop.placements.models import Expectation, Placement, PlacementStatus
from portal.loop.placements.settled import Settlement, SettlementConfirmation
from portal.loop.reviews.models import Review
from portal.shared.rules.queries import value_on

REMINDER_DAYS: Final = "sheet-reminder-days"
"""Key of the rule: working days that a sheet or a settlement waits until whoever is missing is reminded."""
_ALL: Final = len(Party)


def lacks_words_of(party: Party) -> sa.ColumnElement[bool]:
    """It is planned, and the party has not said what she expects."""
    said = sa.exists().where(Expectation.placement_id == Placement.id, Expectation.party == party)
    return sa.and_(_asks(), ~said.correlate(Placement))


def lacks_yes_of(party: Party) -> sa.ColumnElement[bool]:
    """Words are settled, and the party has not said yes to them."""
    given = _given().where(SettlementConfirmation.party == party)
    return sa.and_(_asks(), _settled().exists(), ~given.exists())


def waiting_since(moment: datetime) -> sa.ColumnElement[bool]:
    """What is missing was asked for by then: words from the plan, settled words from the last of the three, a yes from
    when they were written."""
    said = sa.select(Expectation.id).where(Expectation.placement_id == Placement.id).correlate(Placement)
    counted = said.with_only_columns(sa.func.count()).scalar_subquery()
    last_said_at = said.with_only_columns(sa.func.max(Expectation.stated_at)).scalar_subquery()
    yeses = _given().with_only_columns(sa.func.count()).scalar_subquery()
    return sa.and_(
        _asks(),
        sa.or_(
            sa.and_(counted < _ALL, Placement.planned_at <= moment),
            sa.and_(counted == _ALL, ~_settled().exists(), last_said_at <= moment),
            sa.and_(_settled().where(Settlement.written_at <= moment).exists(), yeses < _ALL),
        ),
    )


def reminder_moment(on: date, municipality_id: int | None) -> datetime:
    """What has waited since before it is reminded of that day."""
    count, day = int(value_on(REMINDER_DAYS, on, municipality_id)), on
    while after_working_days(day, count) > on:
        day -= DAY
    return danish_midnight(day + DAY) - timedelta(microseconds=1)


def _asks() -> sa.ColumnElement[bool]:
    return sa.and_(Placement.status == PlacementStatus.PLANNED, Placement.asks_settlement)


def _settled() -> sa.Select[int]:
    return sa.select(Settlement.id).where(Settlement.placement_id == Placement.id).correlate(Placement)


def _given() -> sa.Select[int]:
    confirmations = sa.select(SettlementConfirmation.id).join(SettlementConfirmation.settlement)
    return confirmations.where(Settlement.placement_id == Placement.id).correlate(Placement)


def _in_planned(lacks: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    """The key of the review's planned placement of which that is so."""
    its = sa.select(sa.func.max(Placement.id)).where(Placement.review_id == Review.id, lacks)
    return its.correlate(Review).scalar_subquery()


# A review knows no placement: what it declares is mapped from here.
Review.lacks_her_words_in = column_property(_in_planned(lacks_words_of(Party.CITIZEN)), deferred=True)
Review.lacks_her_yes_in = column_property(_in_planned(lacks_yes_of(Party.CITIZEN)), deferred=True)
