"""Commands of consents: ask, answer, withdraw."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from portal.base import events
from portal.base.database import db
from portal.base.errors import DomainError
from portal.base.taking_back import TooLateToTakeBack
from portal.loop.cards.fields import SharedField
from portal.loop.cards.models import CompetenceCard
from portal.loop.cards.services import kept_version
from portal.loop.citizens.models import Citizen
from portal.loop.employers.models import Employer, EmployerStatus
from portal.loop.reviews.models import Answer, AnsweredVia, Review
from portal.shared.accounts.models import User
from portal.shared.audit import services as audit
from portal.shared.rules import queries as rules
from portal.workspaces.consents.models import ANONYMOUS, Consent, ConsentPurpose, ConsentState
from portal.workspaces.consents.queries import standing_review, state_on

LONGEST_DAYS = 182
"""A consent ends by itself: after half a year she is asked again, as a printed card is talked through again."""


class TooLong(DomainError):
    message = _l("En tilladelse gælder højst et halvt år. Vælg en tidligere dag.")


class AlreadyOver(DomainError):
    message = _l("Dagen er gået. Vælg en dag fra i dag og frem.")


class ConsentToPassiveEmployer(DomainError):
    message = _l("Virksomheden er sat passiv. Der kan ikke gives tilladelse til den.")


class CardRests(DomainError):
    message = _l("Borgeren er passiv. Gør borgeren aktiv igen, før kortet vises.")


class NoStandingYes(DomainError):
    message = _l("Borgeren har ikke sagt ja til et forslag fra den virksomhed.")


class ConsentAnswered(DomainError):
    message = _l("Der er allerede svaret.")


class ConsentOver(DomainError):
    message = _l("Det er for sent at svare: dagen er gået.")


class NoConsentToWithdraw(DomainError):
    message = _l("Der er ingen tilladelse at trække tilbage.")


@dataclass(frozen=True)
class Disclosure:
    """What she is asked to let one employer see."""

    employer: Employer
    fields: Collection[SharedField]
    until_on: date
    purpose: ConsentPurpose = ConsentPurpose.SHOW_CARD


def ask_consent(
    card: CompetenceCard, disclosure: Disclosure, *, by: User, at: datetime, today: date
) -> Consent:
    """Put the question to her, about the card as it stands now.

    Raises AlreadyOver, TooLong, ConsentToPassiveEmployer, CardRests, NoStandingYes.
    Source: docs/rules.md#consent-per-disclosure
    """
    if disclosure.until_on < today:
        raise AlreadyOver
    if disclosure.until_on > today + timedelta(days=LONGEST_DAYS):
        raise TooLong
    if disclosure.employer.status is EmployerStatus.PASSIVE:
        raise ConsentToPassiveEmployer
    if not card.is_active:
        raise CardRests
    _require_shown(card, today)
    review = None
    if disclosure.purpose is ConsentPurpose.PROPOSAL:
        review = standing_review(card, disclosure.employer)
        if review is None:
            raise NoStandingYes
    wanted = {SharedField.NUMBER, *disclosure.fields}
    consent = Consent(
        card=card,
        version=kept_version(card, at=at),
        employer=disclosure.employer,
        review=review,
        fields=[field.value for field in SharedField if field in wanted],
        until_on=disclosure.until_on,
        purpose=disclosure.purpose,
        asked_at=at,
        asked_by_id=by.id,
        answer=Answer.PENDING,
    )
    db.session.add(consent)
    _record("consent-asked", consent, by=by, at=at)
    return consent


def answer_consent(
    consent: Consent, answer: Answer, *, via: AnsweredVia, by: User, at: datetime, today: date
) -> None:
    """Her yes or no, given on her page or told to the consultant. Raises ConsentAnswered, ConsentOver."""
    _lock(consent)
    if consent.answer is not Answer.PENDING:
        raise ConsentAnswered
    if state_on(consent, today) is not ConsentState.ASKED:
        raise ConsentOver
    if answer is Answer.YES:
        _require_shown(consent.card, today)
    recorded_by_id = by.id  # read first: loading the user flushes, and half an answer is refused
    consent.answer, consent.answered_at = answer, at
    consent.answered_via, consent.recorded_by_id = via, recorded_by_id
    _record("consent-given" if answer is Answer.YES else "consent-refused", consent, by=by, at=at)


def agree_with_proposal(review: Review, *, via: AnsweredVia, by: User, at: datetime, today: date) -> Consent:
    """Her yes to a proposal lets the employer see the anonymous card as it stands now; she was told when asked.

    Source: docs/rules.md#proposal-by-link
    """
    card = review.match.card
    days = int(rules.value_on("proposal-link-days", today, card.municipality_id))
    consent = Consent(
        card=card,
        version=kept_version(card, at=at),
        employer=review.match.opening.employer,
        review=review,
        fields=[field.value for field in ANONYMOUS],
        until_on=today + timedelta(days=days),
        purpose=ConsentPurpose.PROPOSAL,
        asked_at=at,
        asked_by_id=by.id,
        answer=Answer.YES,
        answered_at=at,
        answered_via=via,
        recorded_by_id=by.id,
    )
    db.session.add(consent)
    _record("consent-given", consent, by=by, at=at)
    return consent


def take_back_answer(consent: Consent, *, by: User, at: datetime) -> None:
    """Undo her no within its hour: she is asked again. Raises TooLateToTakeBack."""
    _lock(consent)
    if consent.answer_open_until(at) is None:
        raise TooLateToTakeBack
    consent.answer = Answer.PENDING
    consent.answered_at = consent.answered_via = consent.recorded_by_id = None
    _record("consent-taken-back", consent, by=by, at=at)


def end_proposal_consents(review: Review, *, by: User | None, at: datetime) -> None:
    """What came with her yes ends with it: given anew, a yes has its own."""
    standing = sa.select(Consent).where(
        Consent.review_id == review.id,
        Consent.purpose == ConsentPurpose.PROPOSAL,
        Consent.answer == Answer.YES,
    )
    for consent in db.session.scalars(standing.order_by(Consent.id)):
        withdraw_consent(consent, by=by, at=at)


def withdraw_consent(consent: Consent, *, by: User | None, at: datetime) -> None:
    """From the next request the employer's link opens nothing. Raises NoConsentToWithdraw."""
    _lock(consent)
    if consent.answer is not Answer.YES:
        raise NoConsentToWithdraw
    events.access_ending.send(consent, at=at)
    consent.answer, consent.withdrawn_at = Answer.WITHDRAWN, at
    _record("consent-withdrawn", consent, by=by, at=at)


def note_showing_ended(citizen: Citizen, *, by: User | None, at: datetime, **_more: Any) -> None:
    """No link shows her card any more."""
    standing = (
        sa.select(Consent)
        .join(Consent.card)
        .where(CompetenceCard.citizen_id == citizen.id, Consent.answer == Answer.YES)
    )
    for consent in db.session.scalars(standing.order_by(Consent.id)).all():
        withdraw_consent(consent, by=by, at=at)


def _require_shown(card: CompetenceCard, on: date) -> None:
    """Raises what keeps her from being shown to an employer."""
    hindrance: DomainError | None = events.hindrance_of_showing(card.citizen_id, on=on)
    if hindrance is not None:
        raise hindrance


def _lock(consent: Consent) -> None:
    """Two answers come one after the other, also on PostgreSQL."""
    db.session.execute(sa.select(Consent.id).where(Consent.id == consent.id).with_for_update())
    db.session.refresh(consent, ["answer"])


def _record(action: str, consent: Consent, *, by: User | None, at: datetime) -> None:
    audit.record(action, subject=consent, by=by, at=at, citizen_id=consent.card.citizen_id)
    db.session.flush()
