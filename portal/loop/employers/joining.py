"""How an employer comes in, or somebody of one that is known: written, confirmed by mail, decided by people."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from portal.base.clock import danish_day
from portal.base.database import db
from portal.base.errors import DomainError
from portal.base.terms import Industry
from portal.loop.employers import people
from portal.loop.employers.models import (
    Employer,
    EmployerRegistration,
    RegistrationStatus,
    Sector,
    UnconfirmedRegistration,
)
from portal.loop.employers.people_queries import (
    is_elsewhere,
    known_numbers,
    may_municipality_decide,
    wishes_to_join,
    with_login,
)
from portal.loop.employers.services import (
    ContactDetails,
    EmployerDetails,
    RegistrationDetails,
    WorkplaceDetails,
    add_contact,
    add_employer,
    add_workplace,
    employer_by_cvr,
    has_workplace,
)
from portal.shared.accounts.models import User
from portal.shared.audit import services as audit
from portal.shared.outbox import services as outbox
from portal.shared.outbox.letters import Link
from portal.shared.outbox.models import MailKind
from portal.shared.outbox.queries import count_to
from portal.web.links import LinkPurpose

CONFIRMATION_LIFETIME: Final = timedelta(hours=48)
"""A mail is read within two days; what is not confirmed by then is written again in a couple of minutes."""
MOST_MAILS_A_DAY: Final = 3
"""To one address, whoever types it. More wishes are kept, and each stands on the page behind the others' links."""


class RegistrationAlreadyDecided(DomainError):
    message = _l("En kollega har allerede svaret på registreringen. Se svaret på listen.")


class EmployerIsKnown(DomainError):
    message = _l("Virksomheden er med i mellemtiden. Nu er det dens egne kontaktpersoner, der bliver spurgt.")


class EmployerIsNew(DomainError):
    message = _l("Virksomheden er ikke med i portalen. Godkend den som ny.")


class ContactsAreAsked(DomainError):
    message = _l(
        "Virksomhedens kontaktpersoner er spurgt. Vent på deres svar, før du afgør det efter et opkald."
    )


class WishersOwnNumber(DomainError):
    message = _l(
        "Det er nummeret fra tilmeldingen. Ring til et nummer, du kender fra før eller selv har fundet."
    )


class ConfirmationUsed(DomainError):
    message = _l("Linket er brugt eller for gammelt. Tilmeld jer igen.")


class EmployerOfOtherMunicipality(DomainError):
    """The CVR number belongs to an employer that another municipality looks after. `name` is that municipality."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _l(
                "Virksomheden er allerede med hos %(name)s Kommune. Afvis registreringen, og vis virksomheden derhen.",
                name=name,
            )
        )


@dataclass(frozen=True)
class PhoneCall:
    """Whom a consultant spoke with at the employer, when, and where she had the number from (empty: known here)."""

    spoke_with: str
    number: str
    at: datetime
    number_from: str = ""


# --- Written by somebody ---------------------------------------------------------------------------------------


def send_registration(details: RegistrationDetails, *, at: datetime) -> UnconfirmedRegistration | None:
    """Keep what somebody wrote until the owner of the e-mail confirms it, and mail her the link.

    None for an address that has an account: its owner is told so by mail, and nothing else happens.
    """
    email = details.contact.email.strip().lower()
    if people.belongs_to_somebody(email):
        _tell_of_account(email, at=at)
        return None
    wish = UnconfirmedRegistration(
        email=email, written=as_json(details), sent_at=at, expires_at=at + CONFIRMATION_LIFETIME
    )
    db.session.add(wish)
    audit.record("registration-sent", subject=wish, by=None, at=at)
    _mail_link(wish, at=at)
    return wish


def _tell_of_account(email: str, *, at: datetime) -> None:
    if not _has_had_enough(email, at):
        links = {"login": Link("accounts.login"), "forgotten": Link("accounts.forgotten")}
        outbox.post(MailKind.ADDRESS_KNOWN, to=email, at=at, unit=None, links=links)


def _mail_link(wish: UnconfirmedRegistration, *, at: datetime) -> None:
    if _has_had_enough(wish.email, at):
        return
    wish.mailed_at = at
    cvr = wish.written["employer"]["cvr"]
    links = {"confirm": confirmation_link(wish)}
    outbox.post(
        MailKind.CONFIRM_REGISTRATION,
        to=wish.email,
        at=at,
        unit=None,
        context={"cvr": cvr},
        links=links,
        about=wish,
    )


def _has_had_enough(email: str, at: datetime) -> bool:
    kinds = (MailKind.CONFIRM_REGISTRATION, MailKind.ADDRESS_KNOWN)
    return count_to(email, kinds, since=at - timedelta(days=1)) >= MOST_MAILS_A_DAY


def confirmation_link(wish: UnconfirmedRegistration) -> Link:
    return Link.signed(
        "employers.confirm",
        LinkPurpose.CONFIRMATION,
        wish.id,
        expires_at=wish.expires_at,
        arg="confirmation",
    )


def mail_unmailed(at: datetime) -> int:
    """Mail the links of what was carried over from before e-mails were confirmed. Returns how many were looked at."""
    never = sa.select(UnconfirmedRegistration).where(
        UnconfirmedRegistration.mailed_at.is_(None), UnconfirmedRegistration.expires_at > at
    )
    found = db.session.scalars(never.order_by(UnconfirmedRegistration.id).with_for_update(skip_locked=True))
    looked_at = 0
    for wish in found:
        looked_at += 1
        if people.belongs_to_somebody(wish.email):
            _tell_of_account(wish.email, at=at)
            db.session.delete(wish)
        else:
            _mail_link(wish, at=at)
    db.session.flush()
    return looked_at


def forget_unconfirmed(*, at: datetime) -> int:
    """Delete what nobody confirmed in time, and the mails about it. Returns how many."""
    old = UnconfirmedRegistration.expires_at <= at
    outbox.drop_about(UnconfirmedRegistration.__tablename__, sa.select(UnconfirmedRegistration.id).where(old))
    gone = sa.delete(UnconfirmedRegistration).where(old).returning(UnconfirmedRegistration.id)
    return len(db.session.scalars(gone).all())


# --- Confirmed by the owner of the e-mail ------------------------------------------------------------------------


def confirm(wish_id: int, *, password_hash: str, at: datetime) -> EmployerRegistration:
    """The owner of the e-mail means it: she gets an account, and the wish waits for an answer.

    Whether she may sign in for an employer that is known, its own contact persons are asked. All else written with
    the address goes.
    Raises ConfirmationUsed, EmailInUse.
    """
    details, sent_at = _take(wish_id, at)
    user = people.account_of(details.contact, password_hash=password_hash, at=at)
    others = UnconfirmedRegistration.email == details.contact.email
    db.session.execute(sa.delete(UnconfirmedRegistration).where(others))
    known = employer_by_cvr(details.employer.cvr)
    registration = EmployerRegistration(
        municipality_id=known.municipality_id if known else details.employer.municipality_id,
        cvr=details.employer.cvr,
        company_name=details.employer.name,
        industry=details.employer.industry,
        p_number=details.workplace.p_number or "",
        address=details.workplace.address,
        postcode=details.workplace.postcode,
        full_time_staff=details.workplace.full_time_staff or Decimal(0),
        staff_is_said=details.workplace.full_time_staff is not None,
        heads=details.workplace.heads,
        sector=details.employer.sector,
        representative_name=details.workplace.representative_name,
        representative_email=details.workplace.representative_email,
        representative_phone=details.workplace.representative_phone,
        referred_by_id=details.employer.referred_by_id,
        contact_name=details.contact.name,
        contact_email=details.contact.email,
        contact_phone=details.contact.phone,
        user_id=user.id,
        registered_at=sent_at,
    )
    db.session.add(registration)
    audit.record("employer-registered", subject=registration, by=user, at=at)
    db.session.flush()
    if known is not None:
        _ask_contacts(registration, known, at=at)
    outbox.post(
        MailKind.REGISTRATION_RECEIVED,
        to=registration.contact_email,
        at=at,
        unit=registration.municipality,
        context={"cvr": registration.cvr, "is_known": registration.asked_at is not None},
        links={"draft": Link("posting.index")},
        about=registration,
    )
    return registration


def _take(wish_id: int, at: datetime) -> tuple[RegistrationDetails, datetime]:
    """What was written; of two windows one gets it. Raises ConfirmationUsed."""
    mine = sa.delete(UnconfirmedRegistration).where(
        UnconfirmedRegistration.id == wish_id, UnconfirmedRegistration.expires_at > at
    )
    taken = db.session.execute(
        mine.returning(UnconfirmedRegistration.written, UnconfirmedRegistration.sent_at)
    ).one_or_none()
    if taken is None:
        raise ConfirmationUsed
    return from_json(taken.written), taken.sent_at


def as_json(details: RegistrationDetails) -> dict[str, Any]:
    written = asdict(details)
    staff = details.workplace.full_time_staff
    written["workplace"]["full_time_staff"] = None if staff is None else str(staff)
    written["contact"]["email"] = details.contact.email.strip().lower()
    return written


def from_json(written: dict[str, Any]) -> RegistrationDetails:
    employer, workplace = written["employer"], written["workplace"]
    sector, staff = employer["sector"], workplace["full_time_staff"]
    return RegistrationDetails(
        employer=EmployerDetails(
            **employer
            | {"industry": Industry(employer["industry"]), "sector": Sector(sector) if sector else None}
        ),
        workplace=WorkplaceDetails(
            **workplace | {"full_time_staff": None if staff is None else Decimal(staff)}
        ),
        contact=ContactDetails(**written["contact"]),
    )


# --- Decided by people -----------------------------------------------------------------------------------------


def approve_registration(registration: EmployerRegistration, *, by: User, at: datetime) -> Employer:
    """Let a new employer in, with the person who registered it as its first contact person.

    Whoever else waits with the same CVR number is from now on its to answer.
    Raises RegistrationAlreadyDecided, EmployerIsKnown, EmployerOfOtherMunicipality.
    """
    _refuse_decided(registration)
    known = employer_by_cvr(registration.cvr)
    if known is not None:
        _refuse_elsewhere(known, registration)
        raise EmployerIsKnown
    employer = _employer_of(registration, by=by, at=at)
    _let_in(employer, registration, by=by, at=at)
    ask_of_waiting(employer, at=at)
    return employer


def ask_of_waiting(employer: Employer, *, at: datetime) -> None:
    """Whoever waits with the CVR number of an employer that has come in is its to answer."""
    for wish in wishes_to_join(employer):
        wish.municipality_id = employer.municipality_id
        _ask_contacts(wish, employer, at=at)


def approve_colleague(registration: EmployerRegistration, *, by: User, at: datetime) -> Employer:
    """A contact person of the employer knows who it is. Raises RegistrationAlreadyDecided, NotTrustedYet."""
    _refuse_decided(registration)
    contact = people.trusted_contact(by, at=at)
    _let_in(contact.employer, registration, by=by, at=at)
    return contact.employer


def approve_after_call(
    registration: EmployerRegistration, call: PhoneCall, *, by: User, at: datetime
) -> Employer:
    """The employer's own did not answer: a consultant has phoned, and says with whom and on which number.

    Raises RegistrationAlreadyDecided, EmployerOfOtherMunicipality, ContactsAreAsked, WishersOwnNumber.
    """
    _refuse_decided(registration)
    employer = employer_by_cvr(registration.cvr)
    if employer is None:
        raise EmployerIsNew
    _refuse_elsewhere(employer, registration)
    if not may_municipality_decide(registration, danish_day(at)):
        raise ContactsAreAsked
    known = {_digits(number) for number, _name in known_numbers(registration)}
    if _digits(call.number) == _digits(registration.contact_phone) and _digits(call.number) not in known:
        raise WishersOwnNumber
    registration.called_at, registration.spoke_with = call.at, call.spoke_with
    registration.called_number, registration.number_from = call.number, call.number_from or None
    audit.record("join-phoned-about", subject=registration, by=by, at=at)
    _let_in(employer, registration, by=by, at=at)
    return employer


def _digits(number: str) -> str:
    """A number as one dials it from Denmark."""
    return "".join(filter(str.isdigit, number.removeprefix("+45")))


def _refuse_elsewhere(employer: Employer, registration: EmployerRegistration) -> None:
    if employer.municipality_id != registration.municipality_id:
        raise EmployerOfOtherMunicipality(employer.municipality.name)


def _let_in(employer: Employer, registration: EmployerRegistration, *, by: User, at: datetime) -> None:
    others = with_login(employer.id)
    _join_workplace(employer, registration, at=at)
    contact = ContactDetails(
        registration.contact_name, registration.contact_email, registration.contact_phone
    )
    add_contact(employer, contact, user=registration.user, by=by, at=at)
    _decide(registration, RegistrationStatus.APPROVED, by=by, at=at)
    registration.employer_id = employer.id
    audit.record("registration-approved", subject=registration, by=by, at=at)
    people.tell_of_colleague(employer, others, at=at)
    outbox.post(
        MailKind.REGISTRATION_APPROVED,
        to=registration.contact_email,
        at=at,
        unit=employer.municipality,
        context={"cvr": employer.cvr},
        links={"login": Link("accounts.login"), "post": Link("posting.index")},
        about=registration,
    )


def refuse_registration(registration: EmployerRegistration, *, reason: str, by: User, at: datetime) -> None:
    """Say no, with the reason, which is mailed and stands on the person's page. Raises RegistrationAlreadyDecided."""
    _refuse_decided(registration)
    _decide(registration, RegistrationStatus.REFUSED, by=by, at=at)
    registration.refusal_reason = reason
    audit.record("registration-refused", subject=registration, by=by, at=at)
    outbox.post(
        MailKind.REGISTRATION_REFUSED,
        to=registration.contact_email,
        at=at,
        unit=registration.municipality,
        context={"cvr": registration.cvr, "reason": reason},
        about=registration,
    )


def refuse_colleague(registration: EmployerRegistration, *, reason: str, by: User, at: datetime) -> None:
    """A contact person of the employer says no. Raises RegistrationAlreadyDecided, NotTrustedYet."""
    people.trusted_contact(by, at=at)
    refuse_registration(registration, reason=reason, by=by, at=at)


def _ask_contacts(registration: EmployerRegistration, employer: Employer, *, at: datetime) -> None:
    """By mail, which names nobody: who it is stands on their own page."""
    contacts = with_login(employer.id)
    registration.asked_at = at if contacts else None
    link = Link("employers.joining_wish", {"registration_id": registration.id})
    for contact in contacts:
        outbox.post(
            MailKind.JOIN_WISH,
            to=contact.email,
            at=at,
            unit=employer.municipality,
            context={"employer": employer.name},
            links={"wish": link},
            about=registration,
            dedupe_key=f"join:{registration.id}:{contact.id}",
        )
    db.session.flush()


def _refuse_decided(registration: EmployerRegistration) -> None:
    db.session.refresh(registration, with_for_update={"of": EmployerRegistration})
    if registration.status is not RegistrationStatus.PENDING:
        raise RegistrationAlreadyDecided


def _decide(
    registration: EmployerRegistration, status: RegistrationStatus, *, by: User, at: datetime
) -> None:
    registration.status, registration.decided_at, registration.decided_by_id = status, at, by.id


def _employer_of(registration: EmployerRegistration, *, by: User, at: datetime) -> Employer:
    employer = EmployerDetails(
        registration.cvr,
        registration.company_name,
        registration.industry,
        registration.municipality_id,
        registration.sector,
        registration.referred_by_id,
    )
    return add_employer(employer, by=by, at=at)


def _join_workplace(employer: Employer, registration: EmployerRegistration, *, at: datetime) -> None:
    number = registration.p_number or None
    if number is None and employer.workplaces:
        return  # which of the employer's places she means, nobody can tell
    if has_workplace(employer, number) or is_elsewhere(number, employer.cvr):
        return  # a P-number belongs to one CVR number: the person joins, the place is not hers to bring
    details = WorkplaceDetails(
        number,
        registration.company_name,
        registration.address,
        registration.postcode,
        registration.full_time_staff if registration.staff_is_said else None,
        registration.contact_name if registration.staff_is_said else "",
        registration.representative_name,
        registration.representative_email,
        registration.representative_phone,
        registration.heads,
    )
    add_workplace(
        employer, details, stated_on=danish_day(registration.registered_at), by=registration.user, at=at
    )
