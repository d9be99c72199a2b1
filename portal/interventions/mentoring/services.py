"""Commands of mentors: who is in the corps, what is agreed, answered and ended."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from flask_babel import lazy_gettext as _l

from portal.base import taking_back
from portal.base.clock import danish_day
from portal.base.database import check_version, db
from portal.base.errors import DomainError
from portal.base.recorded_days import require_no_later
from portal.base.taking_back import TooLateToTakeBack
from portal.interventions.mentoring import queries
from portal.interventions.mentoring.models import (
    Mentor,
    MentorAgreement,
    MentorEnd,
    MentorOrigin,
    MentorState,
    MentorYesVia,
)
from portal.loop.citizens.models import Citizen
from portal.shared.accounts.models import User
from portal.shared.audit import services as audit
from portal.shared.audit.services import Actor


class PledgeMissing(DomainError):
    """Nobody from outside learns of a citizen before that."""

    message = _l("Mentoren kommer udefra. Skriv først, hvilken dag mentoren fik pålæg om tavshedspligt.")


class PledgeAfterAgreement(DomainError):
    message = _l("Mentoren har allerede fået at vide, hvem en aftale er om. Pålægget skal ligge før den dag.")


class MentorInUse(DomainError):
    message = _l("Mentoren har aftaler, der ikke er slut. Afslut dem først.")


class MentorArchived(DomainError):
    message = _l("Mentoren er arkiveret. Tag mentoren i brug igen først.")


class AlreadyMentored(DomainError):
    message = _l("Mentoren har allerede en aftale med borgeren i de dage.")


class AgreementBackwards(DomainError):
    message = _l("Den sidste dag ligger før den første.")


class MentorAgreementClosed(DomainError):
    message = _l("Aftalen er ændret, så her er ikke mere at svare på. Ring til kommunen.")


class EndsOutsideAgreement(DomainError):
    message = _l("Aftalen kan kun slutte på en dag, den gælder for.")


@dataclass(frozen=True)
class MentorDetails:
    """What the form asks of a mentor."""

    name: str
    origin: MentorOrigin
    hours_per_week: float
    employer_id: int | None = None
    languages: str = ""
    email: str | None = None
    phone: str | None = None
    is_shared: bool = False
    pledged_on: date | None = None


@dataclass(frozen=True)
class AgreementDetails:
    """What the form asks of an agreement."""

    agreed: str
    hours_per_week: float
    from_on: date
    until_on: date
    citizen_agreed_on: date
    placement_id: int | None = None


# --- The corps -------------------------------------------------------------------------------------------------


def add_mentor(municipality_id: int, details: MentorDetails, *, by: User, at: datetime) -> Mentor:
    mentor = Mentor(municipality_id=municipality_id, created_at=at, created_by_id=by.id, **asdict(details))
    db.session.add(mentor)
    audit.record("mentor-added", subject=mentor, by=by, at=at)
    return mentor


def edit_mentor(mentor: Mentor, details: MentorDetails, *, seen_version: int, by: User, at: datetime) -> None:
    """Raises StaleVersion, MentorArchived, PledgeAfterAgreement."""
    _hold(mentor)
    check_version(mentor, seen_version)
    if mentor.is_archived:
        raise MentorArchived
    told_on = queries.first_told_on(mentor.id)
    outside = details.origin is not MentorOrigin.MUNICIPALITY
    if outside and told_on and (details.pledged_on is None or details.pledged_on > told_on):
        raise PledgeAfterAgreement
    for name, value in asdict(details).items():
        setattr(mentor, name, value)
    mentor.version += 1
    audit.record("mentor-edited", subject=mentor, by=by, at=at)


def archive_mentor(mentor: Mentor, *, by: User, at: datetime) -> None:
    """Take somebody off the list; phone and e-mail go at once. Raises MentorInUse."""
    _hold(mentor)
    if mentor.is_archived:
        return
    if queries.open_agreements(mentor.id, danish_day(at)):
        raise MentorInUse
    mentor.archived_at, mentor.email, mentor.phone, mentor.is_shared = at, None, None, False
    mentor.version += 1
    audit.record("mentor-archived", subject=mentor, by=by, at=at)


def reopen_mentor(mentor: Mentor, *, by: User, at: datetime) -> None:
    if mentor.is_archived:
        mentor.archived_at = None
        mentor.version += 1
        audit.record("mentor-reopened", subject=mentor, by=by, at=at)


def _hold(mentor: Mentor) -> None:
    """Whoever asks, changes or archives the same mentor waits here, and then reads what the other wrote."""
    db.session.refresh(mentor, with_for_update={"of": Mentor})


# --- Agreements ------------------------------------------------------------------------------------------------


def propose_mentor(
    mentor: Mentor, citizen: Citizen, details: AgreementDetails, *, by: User, at: datetime
) -> MentorAgreement:
    """Ask a mentor to help somebody who has said yes to it.

    Raises MentorArchived, PledgeMissing, AgreementBackwards, AlreadyMentored, RecordedAhead.
    """
    _hold(mentor)
    if mentor.is_archived:
        raise MentorArchived
    if not mentor.may_be_told:
        raise PledgeMissing
    if details.until_on < details.from_on:
        raise AgreementBackwards
    require_no_later(details.citizen_agreed_on, danish_day(at))
    if queries.has_agreement(mentor.id, citizen.id, details.from_on, details.until_on):
        raise AlreadyMentored
    agreement = MentorAgreement(
        mentor=mentor, citizen=citizen, proposed_at=at, proposed_by_id=by.id, **asdict(details)
    )
    db.session.add(agreement)
    _record("mentor-proposed", agreement, by=by, at=at)
    return agreement


def answer_as_mentor(
    agreement: MentorAgreement, *, is_yes: bool, via: MentorYesVia, by: Actor, at: datetime
) -> None:
    """The mentor's yes or no, by link or as a consultant heard it. Raises MentorAgreementClosed."""
    db.session.refresh(agreement, with_for_update={"of": MentorAgreement})
    if agreement.state_on(danish_day(at)) is not MentorState.PROPOSED:
        raise MentorAgreementClosed
    agreement.answer_recorded_by_id, agreement.answered_via = by.id, via
    agreement.agreed_at, agreement.declined_at = (at, None) if is_yes else (None, at)
    _record("mentor-agreed" if is_yes else "mentor-declined", agreement, by=by, at=at)


def answer_open_until(agreement: MentorAgreement, at: datetime) -> datetime | None:
    """Until when the answer by link can be taken back; None when it cannot."""
    if agreement.answered_via is not MentorYesVia.LINK or agreement.withdrawn_at or agreement.ended_on:
        return None
    return taking_back.open_until(agreement.agreed_at or agreement.declined_at, at)


def take_back_answer(agreement: MentorAgreement, *, by: Actor, at: datetime) -> None:
    """Undo an answer by link within its hour. Raises TooLateToTakeBack."""
    db.session.refresh(agreement, with_for_update={"of": MentorAgreement})
    if answer_open_until(agreement, at) is None:
        raise TooLateToTakeBack
    agreement.agreed_at = agreement.declined_at = None
    agreement.answered_via = agreement.answer_recorded_by_id = None
    _record("mentor-answer-taken-back", agreement, by=by, at=at)


def end_agreement(agreement: MentorAgreement, *, on: date, reason: MentorEnd, by: User, at: datetime) -> None:
    """Raises MentorAgreementClosed unless it was agreed and has no end; EndsOutsideAgreement, RecordedAhead."""
    db.session.refresh(agreement, with_for_update={"of": MentorAgreement})
    if agreement.agreed_at is None or agreement.withdrawn_at or agreement.ended_on:
        raise MentorAgreementClosed
    require_no_later(on, danish_day(at))
    if not agreement.from_on <= on <= agreement.until_on:
        raise EndsOutsideAgreement
    agreement.ended_on, agreement.end_reason, agreement.ended_at = on, reason, at
    _record("mentor-agreement-ended", agreement, by=by, at=at)


def withdraw_agreement(agreement: MentorAgreement, *, by: User, at: datetime) -> None:
    """It came to nothing: it stands as that, and no figure counts it any more."""
    db.session.refresh(agreement, with_for_update={"of": MentorAgreement})
    if agreement.withdrawn_at is None:
        agreement.withdrawn_at = at
        _record("mentor-agreement-withdrawn", agreement, by=by, at=at)


def _record(action: str, agreement: MentorAgreement, *, by: Actor, at: datetime) -> None:
    db.session.flush()
    audit.record(action, subject=agreement, by=by, at=at, citizen_id=agreement.citizen_id)
