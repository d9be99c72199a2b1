"""Whose proposals name somebody to their employer on a day: the one place that decides it, for pages, files and links.

Source: docs/rules.md#names
"""

from collections.abc import Collection
from datetime import date

import sqlalchemy as sa

from portal.base.database import db
from portal.loop.cards.models import CompetenceCard
from portal.loop.employers.models import Employer
from portal.loop.matches.models import Match
from portal.loop.openings.models import Opening
from portal.loop.reviews.models import Answer, Decision, Review
from portal.shared.rules.names import NamesKept, names_kept_on


def named_proposals(on: date) -> sa.Select[int]:
    """Keys of the proposals that name the citizen to their employer that day; for callers to narrow."""
    return (
        sa.select(Review.id)
        .join(Review.match)
        .join(Match.opening)
        .join(Opening.employer)
        .join(Match.card)
        .where(names_citizen(names_kept_on(on)))
    )


def names_citizen(kept: NamesKept) -> sa.ColumnElement[bool]:
    """The same of a statement that has joined match, opening, employer and card."""
    return sa.and_(
        Employer.takes_part,
        Review.decision == Decision.APPROVED,
        Review.citizen_answer == Answer.YES,
        Review.employer_answer != Answer.NO,
        sa.not_(Review.is_called_off),
        CompetenceCard.is_active,
        ~long_answered(kept),
    )


def long_answered(kept: NamesKept) -> sa.ColumnElement[bool]:
    """Whether the time of the name is over: after the placement, or after the last answer when there was none.

    Of a statement that has joined the match.
    """
    last_answer = sa.func.coalesce(Review.employer_answered_at, Review.citizen_answered_at)
    return sa.case(
        (
            Review.stay_ends_on.is_not(None),
            Review.stay_ends_on < kept.ended_since(Match.municipality_id),
        ),
        else_=last_answer < kept.answered_since(Match.municipality_id),
    )


def is_named(review: Review, on: date) -> bool:
    return review.id in named_among([review.id], on)


def named_among(keys: Collection[int], on: date) -> set[int]:
    """Those of the proposals that name the citizen that day, by key."""
    return set(db.session.scalars(named_proposals(on).where(Review.id.in_(keys)))) if keys else set()
