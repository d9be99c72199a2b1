"""How an employer comes in, or somebody of one that is known: written, confirmed by mail, decided by people."""

from dataclasses import asdict
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

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

    An employer that is known is decided by the municipality that knows it. All else written with the address goes.
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
        p_number=details.workplace.p_number,
        address=details.workplace.address,
        postcode=details.workplace.postcode,
        full_time_staff=details.workplace.full_time_staff,
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
    written["workplace"]["full_time_staff"] = str(details.workplace.full_time_staff)
    written["contact"]["email"] = details.contact.email.strip().lower()
    return written


def from_json(written: dict[str, Any]) -> RegistrationDetails:
    employer, workplace = written["employer"], written["workplace"]
    sector = employer["sector"]
    return RegistrationDetails(
        employer=EmployerDetails(
            **employer
            | {"industry": Industry(employer["industry"]), "sector": Sector(sector) if sector else None}
        ),
        workplace=WorkplaceDetails(**workplace | {"full_time_staff": Decimal(workplace["full_time_staff"])}),
        contact=ContactDetails(**written["contact"]),
    )


# --- Decided by people -----------------------------------------------------------------------------------------


def approve_registration(registration: EmployerRegistration, *, by: User, at: datetime) -> Employer:
    """Let the employer in, or let the person join the employer that is there with this CVR number.

    Raises RegistrationAlreadyDecided, EmployerOfOtherMunicipality.
    """
    _refuse_decided(registration)
    employer = employer_by_cvr(registration.cvr) or _employer_of(registration, by=by, at=at)
    if employer.municipality_id != registration.municipality_id:
        raise EmployerOfOtherMunicipality(employer.municipality.name)
    _join_workplace(employer, registration, at=at)
    contact = ContactDetails(
        registration.contact_name, registration.contact_email, registration.contact_phone
    )
    add_contact(employer, contact, user=registration.user, by=by, at=at)
    _decide(registration, RegistrationStatus.APPROVED, by=by, at=at)
    registration.employer_id = employer.id
    audit.record("registration-approved", subject=registration, by=by, at=at)
    return employer


def refuse_registration(registration: EmployerRegistration, *, reason: str, by: User, at: datetime) -> None:
    """Say no, with the reason that the person reads when she signs in. Raises RegistrationAlreadyDecided."""
    _refuse_decided(registration)
    _decide(registration, RegistrationStatus.REFUSED, by=by, at=at)
    registration.refusal_reason = reason
    audit.record("registration-refused", subject=registration, by=by, at=at)


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
    if has_workplace(employer, registration.p_number):
        return
    details = WorkplaceDetails(
        registration.p_number,
        registration.company_name,
        registration.address,
        registration.postcode,
        registration.full_time_staff,
        registration.contact_name,
        registration.representative_name,
        registration.representative_email,
        registration.representative_phone,
    )
    add_workplace(employer, details, stated_on=registration.registered_at.date(), by=registration.user, at=at)
