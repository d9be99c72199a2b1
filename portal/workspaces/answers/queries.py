"""Reads of answers: whom a mail can reach, what a link leads to, which calls wait, which proposals are silent."""

from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from portal.base.database import db
from portal.loop.cards.models import CompetenceCard
from portal.loop.employers.models import ContactPerson, Employer
from portal.loop.matches.models import Match
from portal.loop.openings.models import Opening, OpeningStatus
from portal.loop.reviews.models import Answer, Decision, Review
from portal.shared.accounts.models import User
from portal.shared.outbox.models import MailKind
from portal.shared.outbox.queries import has_declined
from portal.web.searching import found
from portal.workspaces.answers.models import Call, CallReason
from portal.workspaces.consents.models import Consent, ConsentPurpose

OLDEST_SILENCE: Final = timedelta(days=60)
"""A proposal that has waited for longer was let go of by people; no machine brings it up again."""

_AWAITS_EMPLOYER: Final = sa.and_(
    Review.decision == Decision.APPROVED,
    Review.citizen_answer == Answer.YES,
    Review.employer_answer == Answer.PENDING,
)


ABOUT_PEOPLE: Final = (MailKind.PROPOSAL, MailKind.PROPOSAL_REMINDER, MailKind.PLACEMENT)
"""Mails that name somebody's card: none of them is written to an employer that is passive."""


def reachable(employer_id: int, kind: MailKind) -> dict[str, int]:
    """Address -> contact person of the employer that wants mails of the kind; a closed user's is not among them."""
    statement = (
        sa.select(ContactPerson.email, ContactPerson.id)
        .join(ContactPerson.employer)
        .outerjoin(ContactPerson.user)
        .where(Employer.takes_part if kind in ABOUT_PEOPLE else sa.true())
        .where(
            ContactPerson.employer_id == employer_id,
            User.disabled_at.is_(None),
            ContactPerson.email != "",
            ~has_declined(ContactPerson.email, kind),
        )
        .order_by(ContactPerson.id)
    )
    found: dict[str, int] = {}
    for address, contact_id in db.session.execute(statement):
        found.setdefault(address.strip().lower(), contact_id)
    return found


def proposal_behind(consent_id: int) -> Consent | None:
    """What a proposal's link leads to; None once the citizen is erased."""
    opening: Any = joinedload(Consent.review).joinedload(Review.match).joinedload(Match.opening)
    statement = (
        sa.select(Consent)
        .where(Consent.id == consent_id, Consent.purpose == ConsentPurpose.PROPOSAL)
        .options(
            joinedload(Consent.version),
            joinedload(Consent.employer).joinedload(Employer.municipality),
            joinedload(Consent.card).joinedload(CompetenceCard.citizen),
            opening.joinedload(Opening.workplace),
            opening.joinedload(Opening.employer),
        )
    )
    return db.session.scalar(statement)


def consent_of(review: Review) -> Consent | None:
    """The consent that came with her yes."""
    statement = sa.select(Consent).where(
        Consent.review_id == review.id, Consent.purpose == ConsentPurpose.PROPOSAL
    )
    return db.session.scalar(statement.order_by(Consent.id.desc()).limit(1))


def wishes_a_call(review: Review) -> bool:
    """Whether the employer asked to be phoned and has not been."""
    statement = sa.select(Call.id).where(
        Call.review_id == review.id, Call.reason == CallReason.ASKED, Call.done_at.is_(None)
    )
    return db.session.scalar(statement) is not None


def call_list(user: User, *, words: str = "", reason: str = "", state: str = "open") -> sa.Select[Call]:
    """The municipality's calls. Open are those that somebody asked for, and those whose proposal still waits."""
    open_now = sa.and_(Call.done_at.is_(None), sa.or_(Call.reason == CallReason.ASKED, _AWAITS_EMPLOYER))
    # As an expression, so that SQLite begins with the few calls, not with every match of the municipality
    home: sa.ColumnElement[int] = Match.municipality_id + 0
    statement = (
        sa.select(Call)
        .join(Call.review)
        .join(Review.match)
        .join(Match.opening)
        .join(Opening.employer)
        .where(home == user.municipality_id)
    )
    statement = statement.where(Call.done_at.is_not(None) if state == "done" else open_now)
    if reason:
        statement = statement.where(Call.reason == reason if reason in set(CallReason) else sa.false())
    if words:
        statement = statement.where(found(words, Opening.title, Employer.name))
    match: Any = joinedload(Call.review).joinedload(Review.match)
    opening = match.joinedload(Match.opening)
    return statement.options(
        match.joinedload(Match.card),
        opening.joinedload(Opening.employer).options(
            selectinload(Employer.contacts), joinedload(Employer.municipality)
        ),
        joinedload(Call.done_by),
    )


def call_for(user: User, call_id: int) -> Call:
    """Raises NoResultFound for a neighbour's."""
    statement = (
        sa.select(Call)
        .join(Call.review)
        .join(Review.match)
        .where(Call.id == call_id, Match.municipality_id == user.municipality_id)
    )
    return db.session.scalars(statement).one()


def silent_proposals(at: datetime) -> sa.Select[Review]:
    """Those that wait for an employer and are no consultant's to phone about yet; held for this transaction."""
    told = sa.select(Call.id).where(Call.review_id == Review.id, Call.reason == CallReason.SILENT).exists()
    opening: Any = joinedload(Review.match, innerjoin=True).joinedload(Match.opening, innerjoin=True)
    return (
        sa.select(Review)
        .join(Review.match)
        .join(Match.opening)
        .join(Opening.employer)
        .join(Match.card)
        .where(
            _AWAITS_EMPLOYER,
            Employer.takes_part,
            ~told,
            Review.citizen_answered_at > at - OLDEST_SILENCE,
            Opening.status == OpeningStatus.PUBLISHED,
            CompetenceCard.is_active,
        )
        .options(opening.joinedload(Opening.employer, innerjoin=True).joinedload(Employer.municipality))
        .order_by(Review.id)
        .with_for_update(of=Review, skip_locked=True)  # another process that reminds takes the others
    )
