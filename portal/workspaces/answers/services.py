"""Commands of answers: send a proposal, remind, take an answer by link, note a call, write to an employer."""

from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.base.clock import danish_day
from portal.base.database import db
from portal.base.errors import DomainError
from portal.loop.employers.queries import own_employer_ids
from portal.loop.openings.models import Opening
from portal.loop.openings.services import mark_answered
from portal.loop.placements.models import Placement
from portal.loop.reviews.models import Review
from portal.loop.reviews.services import ProposalNotOpen
from portal.shared.accounts.models import User
from portal.shared.audit import services as audit
from portal.shared.audit.services import Actor
from portal.shared.outbox import services as outbox
from portal.shared.outbox.letters import Link
from portal.shared.outbox.models import MailKind
from portal.web.links import LinkPurpose
from portal.web.permissions import Scope
from portal.workspaces.answers.models import Call, CallReason
from portal.workspaces.answers.queries import reachable
from portal.workspaces.consents.models import Consent
from portal.workspaces.consents.queries import link_ends_at
from portal.workspaces.contacts.models import ContactKind
from portal.workspaces.contacts.services import ContactLine, write_contact


class NobodyToWriteTo(DomainError):
    message = _l("Virksomheden har ingen, der vil have mails. Ring i stedet, og skriv, at du har ringet.")


class AlreadyCalled(DomainError):
    message = _l("Der er allerede ringet.")


class AnswerIsTheEmployers(DomainError):
    """Somebody of the municipality, the citizen or another employer is signed in where the employer answers."""

    message = _l("Linket er virksomhedens, og kun virksomheden kan svare. Bed den om selv at bruge linket.")


def may_answer_for_employer(consent: Consent, by: User | None) -> bool:
    """Whoever holds the link, but of those who are signed in only the employer it was made for."""
    if by is None:
        return True
    return by.scope is Scope.EMPLOYER and db.session.scalar(own_employer_ids(by)) == consent.employer_id


def holder_of(consent: Consent, by: User | None) -> Actor:
    """Who answers by the link: its employer's user, or the employer alone. Raises AnswerIsTheEmployers."""
    if not may_answer_for_employer(consent, by):
        raise AnswerIsTheEmployers
    return by or audit.LinkHolder(unit_name=consent.employer.name)


def send_proposal(consent: Consent, *, at: datetime) -> None:
    """Tell the employer's contact persons of the proposal; whom no mail reaches is phoned."""
    # By the consent: a yes that was taken back and given anew has another, and the first one's link is dead
    if not _write(consent, MailKind.PROPOSAL, at=at, name=f"proposal:{_review_of(consent).id}:{consent.id}"):
        note_call(_review_of(consent), CallReason.UNREACHABLE, by=None, at=at)


def remind(consent: Consent, *, number: int, at: datetime) -> bool:
    """The first or second reminder of a proposal; False when it was sent before, or there is nobody to send it to."""
    name = reminder_name(_review_of(consent), number)
    return _write(consent, MailKind.PROPOSAL_REMINDER, at=at, name=name)


def reminder_name(review: Review, number: int) -> str:
    """What the reminder is posted under, before the address."""
    return f"reminder-{number}:{review.id}"


def _review_of(consent: Consent) -> Review:
    assert consent.review is not None
    return consent.review


def _write(consent: Consent, kind: MailKind, *, at: datetime, name: str) -> bool:
    """A mail with the proposal's link to everybody it reaches, once under the name."""
    review = _review_of(consent)
    opening = review.match.opening
    posted = [
        outbox.post(
            kind,
            to=address,
            at=at,
            unit=opening.employer.municipality,
            context={"opening": opening, "number": review.match.card.number, "until_on": consent.until_on},
            links={"answer": answer_link(consent, contact_id)},
            about=review,
            dedupe_key=f"{name}:{address}",
        )
        for address, contact_id in reachable(opening.employer_id, kind).items()
    ]
    return any(posted)


def answer_link(consent: Consent, contact_id: int | None) -> Link:
    """A contact person's own ends when she leaves the employer."""
    return Link.signed(
        "answers.proposal",
        LinkPurpose.PROPOSAL,
        consent.id,
        *([contact_id] if contact_id else []),
        expires_at=link_ends_at(consent),
        arg="proposal_link",
    )


def tell_of_placement(placement: Placement, *, calendar: str, change: str = "", at: datetime) -> None:
    """What was agreed on or called off, with its days as a calendar file, to the employer's contact persons.

    `change`: what was agreed anew, in words that tell nothing of why.
    """
    for address in reachable(placement.employer_id, MailKind.PLACEMENT):
        outbox.post(
            MailKind.PLACEMENT,
            to=address,
            at=at,
            unit=placement.opening.employer.municipality,
            context={"placement": placement, "change": change},
            links={"placement": Link("placements.detail", {"placement_id": placement.id})},
            about=placement,
            calendar=calendar,
        )


def wish_call(review: Review, *, by: Actor, at: datetime) -> None:
    """The employer wants to talk before it answers. It answers nothing. Raises ProposalNotOpen."""
    if not review.awaits_employer:
        raise ProposalNotOpen
    note_call(review, CallReason.ASKED, by=by, at=at)


def note_call(review: Review, reason: CallReason, *, by: Actor | None, at: datetime) -> None:
    """Somebody is to phone the employer. Asked for again, it is to be done again."""
    db.session.execute(sa.select(Review.id).where(Review.id == review.id).with_for_update())
    call = db.session.scalar(sa.select(Call).where(Call.review_id == review.id, Call.reason == reason))
    if call is None:
        call = Call(review=review, reason=reason, created_at=at)
        db.session.add(call)
    elif call.done_at is None:
        return
    else:
        call.created_at, call.done_at, call.done_by_id = at, None, None
    audit.record("call-wished", subject=call, by=by, at=at, citizen_id=review.match.card.citizen_id)


def settle_call(call: Call, talk: ContactLine, *, by: User, at: datetime) -> None:
    """The employer was phoned, which is a contact with it. Raises AlreadyCalled, NextStepBeforeContact."""
    db.session.refresh(call, with_for_update=True)
    if call.done_at is not None:
        raise AlreadyCalled
    call.done_at, call.done_by_id = at, by.id
    write_contact(call.review.match.opening.employer, talk, by=by, at=at)
    audit.record("call-made", subject=call, by=by, at=at, citizen_id=call.review.match.card.citizen_id)


def write_to_employer(opening: Opening, words: str, *, by: User, at: datetime) -> None:
    """A message to everybody at the employer whom mails reach; the promised answer is given. Raises NobodyToWriteTo."""
    addresses = reachable(opening.employer_id, MailKind.MESSAGE)
    if not addresses:
        raise NobodyToWriteTo
    for address in addresses:
        outbox.post(
            MailKind.MESSAGE,
            to=address,
            at=at,
            unit=opening.employer.municipality,
            context={"title": opening.title, "words": words},
            links={"opening": Link("openings.detail", {"opening_id": opening.id})},
            about=opening,
        )
    mark_answered(opening, at=at)
    audit.record("firm-written-to", subject=opening, by=by, at=at)


def about_opening(opening: Opening) -> str:
    """What a call is said to be about where nobody wrote more."""
    return _("Om pladsen %(title)s", title=opening.title)


def note_talk(opening: Opening, words: str, *, by: User, at: datetime) -> None:
    """The consultant spoke with the employer, which is an answer as good as a message, and a contact with it."""
    mark_answered(opening, at=at)
    talk = ContactLine(ContactKind.CALL, danish_day(at), words or about_opening(opening))
    write_contact(opening.employer, talk, by=by, at=at)
    audit.record("firm-phoned", subject=opening, by=by, at=at)
