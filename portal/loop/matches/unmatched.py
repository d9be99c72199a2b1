"""Reads of those without a match: active cards and open places without a good match, the longest wait first."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from portal.base import events
from portal.base.database import db
from portal.base.terms import Industry
from portal.loop.cards.models import CompetenceCard
from portal.loop.employers.models import Employer
from portal.loop.matches.loosening import GOOD
from portal.loop.matches.models import Match, MatchStatus, Outlook
from portal.loop.matches.queries import wishes_for
from portal.loop.openings.models import Opening
from portal.loop.openings.queries import published_for
from portal.shared.accounts.models import User
from portal.web.searching import card_number_holds, found

DECIDED_LATELY: Final = timedelta(days=30)
"""A decision this new is still being answered: nobody is without a match yet."""


def openings_without_match(user: User, *, at: datetime, today: date) -> sa.Select[Opening]:
    """The municipality's own openings with room, without a good open suggestion and without a recent decision."""
    match = sa.orm.aliased(Match)
    theirs = match.opening_id == Opening.id
    return published_for(user.municipality_id or 0, on=today).where(
        Opening.municipality_id == user.municipality_id,
        Opening.filled < Opening.places,
        ~sa.exists().where(theirs, _good(match)),
        ~sa.exists().where(theirs, _decided_lately(match, at)),
    )


def unmatched_openings(
    user: User, *, at: datetime, today: date, words: str = "", industry: str = ""
) -> sa.Select[Any]:
    """Rows of Opening, waiting_since (the last decision about it, or its publication), and Outlook or None."""
    statement = openings_without_match(user, at=at, today=today)
    if words:
        statement = statement.where(found(words, Opening.title, Employer.name))
    if industry:
        statement = statement.where(Opening.industry == industry if industry in set(Industry) else sa.false())
    match = sa.orm.aliased(Match)
    theirs = match.opening_id == Opening.id
    decided = sa.select(sa.func.max(match.renewed_at)).where(theirs, match.status == MatchStatus.DECIDED)
    return (
        statement.outerjoin(Outlook, Outlook.opening_id == Opening.id)
        .options(contains_eager(Opening.employer))
        .add_columns(
            sa.func.coalesce(decided.scalar_subquery(), Opening.published_at).label("waiting_since"),
            Outlook,
        )
    )


def cards_without_match(user: User, *, at: datetime) -> sa.Select[CompetenceCard]:
    """The municipality's active cards without a good open suggestion, a recent decision, or a placement now.

    Whole sets are taken away, each from its index: thousands of cards cost no more than one look per match.
    """
    own = sa.select(Match.card_id).where(Match.municipality_id == user.municipality_id)
    return sa.select(CompetenceCard).where(
        CompetenceCard.municipality_id == user.municipality_id,
        CompetenceCard.is_active,
        CompetenceCard.id.not_in(own.where(_good(Match))),
        CompetenceCard.id.not_in(own.where(_decided_lately(Match, at))),
        CompetenceCard.id.not_in(events.cards_at_work(user.municipality_id)),
    )


def narrowed_cards(
    user: User, *, at: datetime, words: str = "", industry: str = ""
) -> sa.Select[CompetenceCard]:
    """Those of the unmatched cards that are asked for by number or trade."""
    statement = cards_without_match(user, at=at)
    if words:
        statement = statement.where(card_number_holds(CompetenceCard.number, words))
    if industry:
        known = industry in set(Industry)
        statement = statement.where(wishes_for(Industry(industry)) if known else sa.false())
    return statement


def unmatched_cards(user: User, cards: sa.Select[CompetenceCard]) -> sa.Select[Any]:
    """Rows of CompetenceCard, waiting_since (the last decision about it, or its making), and Outlook or None."""
    decided = (
        sa.select(Match.card_id, sa.func.max(Match.renewed_at).label("at"))
        .where(Match.municipality_id == user.municipality_id, Match.status == MatchStatus.DECIDED)
        .group_by(Match.card_id)
        .subquery()
    )
    return (
        cards.outerjoin(Outlook, Outlook.card_id == CompetenceCard.id)
        .outerjoin(decided, decided.c.card_id == CompetenceCard.id)
        .options(joinedload(CompetenceCard.citizen))
        .add_columns(
            sa.func.coalesce(decided.c.at, CompetenceCard.created_at).label("waiting_since"), Outlook
        )
    )


def best_open(user: User, side: Any, keys: Sequence[int] | None = None) -> dict[int, float]:
    """The best open suggestion's sure score by card or opening (`side` is the match's key to it); for some or all."""
    statement = sa.select(side, sa.func.max(Match.sure)).where(Match.status == MatchStatus.OPEN)
    if keys is None:
        statement = statement.where(Match.municipality_id == user.municipality_id)
    else:
        statement = statement.where(side.in_(keys))
    return dict(db.session.execute(statement.group_by(side)).all())


def _good(match: Any) -> sa.ColumnElement[bool]:
    return sa.and_(match.status == MatchStatus.OPEN, match.sure >= GOOD)


def _decided_lately(match: Any, at: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(match.status == MatchStatus.DECIDED, match.renewed_at >= at - DECIDED_LATELY)


WAITING: Final[sa.ColumnElement[Any]] = sa.literal_column("waiting_since")
"""To sort either by."""
