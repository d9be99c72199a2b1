"""Reads of consents, scoped to the reader."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.base.clock import danish_midnight
from portal.base.database import db
from portal.loop.cards.models import CompetenceCard
from portal.loop.cards.queries import cards_seen_by
from portal.loop.employers.models import Employer
from portal.loop.matches.models import Match
from portal.loop.openings.models import Opening
from portal.loop.reviews.models import Answer, Decision, Review
from portal.loop.reviews.names import named_among
from portal.shared.accounts.models import User
from portal.shared.audit.models import AuditEntry
from portal.workspaces.consents.models import Consent, ConsentState

OPENED: Final = "shared-card-opened"
"""The log's word for an employer that opened its link."""

MOST: Final = 50
"""Consents of one card on a page, the latest first."""

_WITH_ALL: Any = (
    joinedload(Consent.employer),
    joinedload(Consent.card),
    joinedload(Consent.version),
    joinedload(Consent.review),
    joinedload(Consent.recorded_by),
)


def consents_of(card: CompetenceCard) -> list[Consent]:
    """The latest first."""
    statement = (
        sa.select(Consent)
        .where(Consent.card_id == card.id)
        .options(*_WITH_ALL)
        .order_by(Consent.asked_at.desc(), Consent.id.desc())
        .limit(MOST)
    )
    return list(db.session.scalars(statement))


def consent_for(user: User, consent_id: int) -> Consent:
    """A consultant's municipality's, a citizen's own. Raises NoResultFound for a stranger's."""
    cards = cards_seen_by(user).with_only_columns(CompetenceCard.id)
    statement = sa.select(Consent).where(Consent.id == consent_id, Consent.card_id.in_(cards))
    return db.session.scalars(statement.options(*_WITH_ALL)).one()


def consent_behind(consent_id: int) -> Consent | None:
    """What a link leads to; None once she is erased."""
    statement = sa.select(Consent).where(Consent.id == consent_id)
    return db.session.scalar(
        statement.options(*_WITH_ALL, joinedload(Consent.card).joinedload(CompetenceCard.citizen))
    )


def states_on(consents: Iterable[Consent], day: date) -> dict[int, ConsentState]:
    """Where each stands, by key; whether a proposal still names her is asked once for all."""
    listed = list(consents)
    named = named_among([one.review_id for one in listed if one.review_id is not None], day)
    return {
        one.id: one.state_on(day, is_named=one.review_id is None or one.review_id in named) for one in listed
    }


def state_on(consent: Consent, day: date) -> ConsentState:
    return states_on([consent], day)[consent.id]


def link_ends_at(consent: Consent) -> datetime:
    """Midnight after the last day, in Denmark."""
    return danish_midnight(consent.until_on + timedelta(days=1))


def openings_of(consents: Iterable[Consent]) -> dict[int, Any]:
    """How often each link was opened and when last: rows of `times` and `last_at` by the consent's key."""
    rows = db.session.execute(
        sa.select(
            AuditEntry.subject_id,
            sa.func.count(AuditEntry.id).label("times"),
            sa.func.max(AuditEntry.at).label("last_at"),
        )
        .where(
            AuditEntry.subject_type == Consent.__tablename__,
            AuditEntry.subject_id.in_([consent.id for consent in consents]),
            AuditEntry.action == OPENED,
        )
        .group_by(AuditEntry.subject_id)
    )
    return {int(row.subject_id): row for row in rows if row.subject_id is not None}


def standing_review(card: CompetenceCard, employer: Employer) -> Review | None:
    """The latest proposal from the employer that she said yes to and has not taken back."""
    statement = (
        sa.select(Review)
        .join(Review.match)
        .join(Match.opening)
        .where(
            Match.card_id == card.id,
            Opening.employer_id == employer.id,
            Review.decision == Decision.APPROVED,
            Review.citizen_answer == Answer.YES,
        )
        .order_by(Review.id.desc())
        .limit(1)
    )
    return db.session.scalar(statement)
