"""Decide, ask, answer: the consultant first, then the citizen, then the employer."""

from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.base import events
from portal.base.clock import DANISH_TIME, danish_day
from portal.base.database import db
from portal.base.errors import DomainError
from portal.base.taking_back import TooLateToTakeBack
from portal.loop.employers.models import EmployerStatus
from portal.loop.matches.models import Match
from portal.loop.matches.services import mark_decided
from portal.loop.openings.findings import rule_context_of
from portal.loop.openings.models import OpeningStatus
from portal.loop.openings.services import mark_answered
from portal.loop.reviews import findings, record
from portal.loop.reviews.models import (
    NO_REASONS,
    YES_REASONS,
    Answer,
    AnsweredVia,
    Decision,
    DecisionReason,
    EmployerReason,
    PutOff,
    Review,
    ReviewCondition,
)
from portal.loop.reviews.names import is_named
from portal.loop.reviews.queries import ProposalRoom, place_of, proposal_room, review_of
from portal.matching import Met
from portal.shared.accounts.models import User
from portal.shared.audit import services as audit
from portal.shared.audit.services import Actor
from portal.shared.neighbours.queries import are_neighbours
from portal.shared.rules.findings import as_rows, require_override
from portal.web.presentation import da_date, da_number


class MatchAlreadyReviewed(DomainError):
    """A colleague was first: who, what and when."""

    def __init__(self, review: Review, *, by: User, at: datetime) -> None:
        answer = str(review.decision.label).lower()
        when = _when(review.decided_at, at)
        if review.decided_by_id == by.id:
            message = _("Du har allerede svaret: %(answer)s %(when)s.", answer=answer, when=when)
        else:
            message = _(
                "%(name)s var hurtigere: %(answer)s %(when)s.",
                name=review.decided_by.name,
                answer=answer,
                when=when,
            )
        super().__init__(message)


class OpeningNotAvailable(DomainError):
    message = _l("Pladsen er ikke længere opslået. Forslaget kan ikke gå videre.")


class OpeningNotShared(DomainError):
    message = _l("De to kommuner deler ikke længere åbninger. Forslaget kan ikke gå videre.")


class EmployerTakesNoProposals(DomainError):
    message = _l("Virksomheden er sat passiv og tager ikke imod forslag lige nu.")


class EmployerHasEnoughProposals(DomainError):
    """More than an employer of its size answers; the number is explained, and the municipality can change it."""

    def __init__(self, room: ProposalRoom) -> None:
        super().__init__(
            _(
                "Virksomheden har %(open)s forslag, der ikke er svaret på. En virksomhed med %(staff)s "
                "fuldtidspersoner får højst %(most)s ad gangen. Vent på et svar, eller ring til virksomheden.",
                open=room.open,
                staff=da_number(room.cap.staff),
                most=room.cap.most,
            )
        )


class ProposedCitizenIsPassive(DomainError):
    message = _l("Borgeren er sat passiv. Forslaget kan ikke gå videre.")


class ReasonDoesNotFit(DomainError):
    message = _l("Grunden passer ikke til svaret. Vælg en af dem, der står ved svaret.")


class HigherRungOpen(DomainError):
    message = _l(
        "Borgeren har et forslag til noget, der er lønnet. Skriv, hvorfor det skal være ulønnet praktik, "
        "eller vurdér det andet først."
    )


class DecisionGone(DomainError):
    """Its consultant undid it before anybody was asked."""

    message = _l("Vurderingen er fortrudt. Forslaget venter på en ny vurdering.")


class NotApproved(DomainError):
    message = _l("Kommunen har ikke godkendt forslaget, så der er ikke noget at svare på.")


class CitizenAlreadyAnswered(DomainError):
    """The citizen's answer is there already."""

    def __init__(self, review: Review) -> None:
        super().__init__(
            _l("Borgeren har allerede svaret: %(answer)s.", answer=_inside(review.citizen_answer.label))
        )


class NoYesToWithdraw(DomainError):
    message = _l("Der er ikke et ja at trække tilbage.")


class PlacementUnderWay(DomainError):
    """Where she works they know who she is: to say that they no longer do would not be true."""

    message = _l(
        "Forløbet er i gang, og så længe ser arbejdspladsen navnet. Konsulenten kan afslutte forløbet. Derefter kan "
        "ja'et trækkes tilbage."
    )


class ProposalNotOpen(DomainError):
    message = _l("Forslaget er trukket tilbage. Der er ikke noget at svare på.")


class EmployerAlreadyAnswered(DomainError):
    """The employer's answer is there already, perhaps from a colleague."""

    def __init__(self, review: Review) -> None:
        super().__init__(
            _l("Virksomheden har allerede svaret: %(answer)s.", answer=_inside(review.employer_answer.label))
        )


def _inside(label: LazyString) -> LazyString:
    """A label inside a sentence."""
    return LazyString(lambda: str(label).lower())


def approve_match(  # noqa: PLR0913 - the decision and the three reasons it may need
    match: Match,
    *,
    reason: DecisionReason,
    words: str,
    stop_reason: str = "",
    unpaid_reason: str = "",
    by: User,
    at: datetime,
) -> Review:
    """Record the consultant's yes; only then is the citizen asked.

    Raises EmployerHasEnoughProposals, MatchAlreadyReviewed when a colleague was first, a named error when a side is not
    available, StopsStand when a rule stops it without `stop_reason`, HigherRungOpen when something paid is open
    without `unpaid_reason`. Source: docs/rules.md#human-decision, #proposal-cap, #checks, #highest-rung
    """
    if reason not in YES_REASONS:
        raise ReasonDoesNotFit
    on = danish_day(at)
    _require_shown(match, on)
    known = rule_context_of([match.opening], on=on)
    room = proposal_room(match.opening.employer_id, known.book.on(on, match.municipality_id))
    if room.is_full:
        raise EmployerHasEnoughProposals(room)
    review = _decide(match, Decision.APPROVED, reason=reason, words=words, by=by, at=at)
    found = findings.findings_of_match(match, on=on, known=known)
    require_override(found, reason=stop_reason)
    if findings.paid_alternatives(match, on=on) and not unpaid_reason.strip():
        raise HigherRungOpen
    review.findings = as_rows(found)
    review.stop_reason, review.unpaid_reason = stop_reason.strip(), unpaid_reason.strip()
    return review


def refuse_match(match: Match, *, reason: DecisionReason, words: str, by: User, at: datetime) -> Review:
    """Record the consultant's no; nobody is asked. Raises as approve_match does."""
    if reason not in NO_REASONS:
        raise ReasonDoesNotFit
    return _decide(match, Decision.REFUSED, reason=reason, words=words, by=by, at=at)


def answer_as_citizen(review: Review, answer: Answer, *, via: AnsweredVia, by: User, at: datetime) -> None:
    """Record the citizen's yes or no, given here or told to the consultant.

    Raises NotApproved, CitizenAlreadyAnswered, or for a yes what makes the place unavailable.
    Source: docs/rules.md#consent-order
    """
    lock_review(review)
    if not review.is_approved:
        raise NotApproved
    if review.citizen_answer is not Answer.PENDING:
        raise CitizenAlreadyAnswered(review)
    if answer is Answer.YES:
        _require_available(review.match)
        _require_shown(review.match, danish_day(at))
    review.citizen_answer = answer
    review.citizen_answered_at = at
    review.citizen_answered_via = via
    review.citizen_answer_recorded_by_id = by.id
    _record(f"citizen-answered-{answer.value}", review, by=by, at=at)
    if answer is Answer.YES:
        mark_answered(review.match.opening, at=at)
        events.citizen_agreed.send(review, via=via, by=by, at=at)


def take_back_as_citizen(review: Review, *, by: User, at: datetime) -> None:
    """Undo her yes or no within its hour: she may answer anew. Raises TooLateToTakeBack.

    What the employer got by her yes ends as when she withdraws it.
    """
    lock_review(review)
    if review.citizen_answer_open_until(at) is None:
        raise TooLateToTakeBack
    if review.citizen_answer is Answer.YES:
        events.access_ending.send(review, at=at)
        events.citizen_took_back.send(review, by=by, at=at)
    review.citizen_answer = Answer.PENDING
    review.citizen_answered_at = review.citizen_answered_via = review.citizen_answer_recorded_by_id = None
    _record("citizen-took-back", review, by=by, at=at)


def withdraw_as_citizen(review: Review, *, by: User | None, at: datetime) -> None:
    """Take the citizen's yes back: from now on the employer sees no name. Raises NoYesToWithdraw, PlacementUnderWay.

    By nobody when a restored backup had brought it back, and perhaps the days of the placement with it.
    """
    lock_review(review)
    if review.citizen_answer is not Answer.YES:
        raise NoYesToWithdraw
    if review.is_under_way and by is not None:
        raise PlacementUnderWay
    events.access_ending.send(review, at=at)
    review.citizen_answer = Answer.WITHDRAWN
    review.citizen_answered_at = at
    review.citizen_answer_recorded_by_id = by.id if by else None
    _record("citizen-withdrew", review, by=by, at=at)
    events.citizen_withdrew.send(review, at=at)


def answer_as_employer(
    review: Review, answer: Answer, *, reason: EmployerReason | None = None, by: Actor, at: datetime
) -> None:
    """Record the employer's yes, which allows a placement, or its no with a reason.

    Raises ProposalNotOpen without the citizen's standing yes, EmployerAlreadyAnswered, and as answer_as_citizen.
    Source: docs/rules.md#consent-order
    """
    lock_review(review)
    if not review.name_is_open:
        raise ProposalNotOpen
    if review.employer_answer is not Answer.PENDING:
        raise EmployerAlreadyAnswered(review)
    if not review.match.opening.employer.takes_part:
        raise EmployerTakesNoProposals
    if answer is Answer.YES:
        _require_available(review.match)
    elif reason is None:
        raise ReasonDoesNotFit
    if not is_named(review, danish_day(at)):
        raise ProposalNotOpen
    review.employer_answer = answer
    review.employer_reason = None if answer is Answer.YES else reason
    review.employer_answered_at = at
    review.employer_answered_by_id = by.id
    _record(f"employer-answered-{answer.value}", review, by=by, at=at)


def take_back_as_employer(review: Review, *, by: Actor, at: datetime) -> None:
    """Undo the employer's yes or no within its hour: the proposal waits for it again. Raises TooLateToTakeBack."""
    lock_review(review)
    if review.employer_answer_open_until(at) is None:
        raise TooLateToTakeBack
    review.employer_answer = Answer.PENDING
    review.employer_reason = review.employer_answered_at = review.employer_answered_by_id = None
    _record("employer-took-back", review, by=by, at=at)


def _decide(
    match: Match, decision: Decision, *, reason: DecisionReason, words: str, by: User, at: datetime
) -> Review:
    db.session.execute(sa.select(Match.id).where(Match.id == match.id).with_for_update())  # one by one
    first = review_of(match)
    if first is not None:
        raise MatchAlreadyReviewed(first, by=by, at=at)
    _require_shared(match, danish_day(at))
    _require_available(match)
    review = Review(
        match=match,
        decision=decision,
        reason=reason,
        words=words,
        decided_by_id=by.id,
        decided_at=at,
        place=place_of(match),
        compared=record.as_compared(match),
        conditions=[
            ReviewCondition(name=one["name"], met=Met(one["met"])) for one in match.result["conditions"]
        ],
    )
    mark_decided(match, at=at)
    db.session.execute(sa.delete(PutOff).where(PutOff.match_id == match.id))
    db.session.add(review)
    _record("match-approved" if decision is Decision.APPROVED else "match-refused", review, by=by, at=at)
    return review


def _require_shared(match: Match, on: date) -> None:
    """Only a decision needs it: what was decided while the municipalities shared goes on. Raises OpeningNotShared."""
    here, there = match.municipality_id, match.opening.municipality_id
    if here != there and not are_neighbours(here, there, on=on):
        raise OpeningNotShared


def _require_available(match: Match) -> None:
    """Raises when the employer, the opening or the citizen is not there to be matched."""
    if match.opening.employer.status is EmployerStatus.PASSIVE:
        raise EmployerTakesNoProposals
    if match.opening.status is not OpeningStatus.PUBLISHED:
        raise OpeningNotAvailable
    if not match.card.is_active:
        raise ProposedCitizenIsPassive


def _require_shown(match: Match, on: date) -> None:
    """Raises what keeps the citizen from being shown to an employer."""
    hindrance: DomainError | None = events.hindrance_of_showing(match.card.citizen_id, on=on)
    if hindrance is not None:
        raise hindrance


def lock_review(review: Review) -> None:
    """Two answers to the same review come one after the other, also on PostgreSQL. Raises DecisionGone."""
    held = db.session.scalar(sa.select(Review.id).where(Review.id == review.id).with_for_update())
    if held is None:
        raise DecisionGone
    db.session.refresh(
        review,
        ["decision", "citizen_answer", "citizen_answered_at", "employer_answer", "employer_answered_at"],
    )
    db.session.expire(review, ["stay_ends_on"])


def _record(action: str, review: Review, *, by: Actor | None, at: datetime) -> None:
    audit.record(action, subject=review, by=by, at=at, citizen_id=review.match.card.citizen_id)


def _when(moment: datetime, at: datetime) -> str:
    local, today = moment.astimezone(DANISH_TIME), danish_day(at)
    clock = local.strftime("%H.%M")
    if local.date() == today:
        return _("i dag kl. %(clock)s", clock=clock)
    return _("den %(day)s kl. %(clock)s", day=da_date(moment), clock=clock)
