"""Commands of employers: registration and its decision, employers, workplaces, contacts, and the places held."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from portal.base import events
from portal.base.database import db
from portal.base.errors import DomainError
from portal.base.terms import Industry, PlacementForm
from portal.loop.employers.models import (
    ContactPerson,
    Employer,
    EmployerInvitation,
    EmployerRegistration,
    EmployerStatus,
    OccupiedPlace,
    RegistrationStatus,
    Sector,
    Workplace,
)
from portal.shared.accounts import queries as accounts
from portal.shared.accounts.models import User
from portal.shared.audit import services as audit
from portal.shared.outbox import services as outbox
from portal.shared.outbox.letters import Link
from portal.shared.outbox.models import MailKind
from portal.web.links import LinkPurpose
from portal.web.permissions import Role


class RegistrationAlreadyDecided(DomainError):
    message = _l("En kollega har allerede svaret på registreringen. Se svaret på listen.")


class EmployerOfOtherMunicipality(DomainError):
    """The CVR number belongs to an employer that another municipality looks after. `name` is that municipality."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _l(
                "Virksomheden er allerede med hos %(name)s Kommune. Afvis registreringen, og vis virksomheden derhen.",
                name=name,
            )
        )


class WorkplaceKnown(DomainError):
    message = _l("Virksomheden har allerede et arbejdssted med det P-nummer.")


class EmployerKnown(DomainError):
    message = _l("Der er allerede en virksomhed med det CVR-nummer.")


class ColleagueThere(DomainError):
    message = _l("Den e-mail logger allerede ind for virksomheden.")


class InvitationUsed(DomainError):
    message = _l("Invitationen er brugt, trukket tilbage eller for gammel. Bed om en ny.")


class EmailInUse(DomainError):
    message = _l("E-mailen er allerede i brug. Ring til kommunen, så hjælper vi.")


@dataclass(frozen=True)
class WorkplaceDetails:
    """A P-number, its staff (full-time persons, average of four months), and who signs for the staff."""

    p_number: str
    name: str
    address: str
    postcode: str
    full_time_staff: Decimal
    staff_stated_by: str = ""
    representative_name: str = ""
    representative_email: str = ""
    representative_phone: str = ""


@dataclass(frozen=True)
class EmployerDetails:
    cvr: str
    name: str
    industry: Industry
    municipality_id: int
    sector: Sector | None = None
    referred_by_id: int | None = None
    """The employer that recommended the municipality to this one."""


@dataclass(frozen=True)
class ContactDetails:
    name: str
    email: str
    phone: str


@dataclass(frozen=True)
class RegistrationDetails:
    """What an employer writes about itself."""

    employer: EmployerDetails
    workplace: WorkplaceDetails
    contact: ContactDetails


def register_employer(
    details: RegistrationDetails, *, password_hash: str, at: datetime
) -> EmployerRegistration:
    """Note an employer's wish to take part; a consultant decides.

    An employer that is known is decided by the municipality that knows it. A known e-mail gets no new user, and
    nothing in the answer tells.
    """
    known = _employer_by_cvr(details.employer.cvr)
    user = _new_user(details.contact, password_hash=password_hash, at=at)
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
        contact_email=details.contact.email.lower(),
        contact_phone=details.contact.phone,
        user_id=user.id if user else None,
        registered_at=at,
    )
    db.session.add(registration)
    audit.record("employer-registered", subject=registration, by=user, at=at)
    return registration


def _employer_by_cvr(cvr: str) -> Employer | None:
    return db.session.scalar(sa.select(Employer).where(Employer.cvr == cvr))


def _new_user(contact: ContactDetails, *, password_hash: str, at: datetime) -> User | None:
    if accounts.user_by_email(contact.email) is not None:
        return None
    user = User(
        email=contact.email.strip().lower(),
        name=contact.name,
        role=Role.EMPLOYER,
        password_hash=password_hash,
        created_at=at,
    )
    db.session.add(user)
    db.session.flush()
    return user


def approve_registration(registration: EmployerRegistration, *, by: User, at: datetime) -> Employer:
    """Let the employer in, or let the person join the employer that is there with this CVR number.

    Raises RegistrationAlreadyDecided, EmployerOfOtherMunicipality.
    """
    _refuse_decided(registration)
    employer = _employer_by_cvr(registration.cvr) or _employer_of(registration, by=by, at=at)
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
    if _has_workplace(employer, registration.p_number):
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


def _has_workplace(employer: Employer, p_number: str) -> bool:
    same = sa.select(Workplace.id).where(Workplace.employer_id == employer.id, Workplace.p_number == p_number)
    return db.session.scalar(same) is not None


def add_employer(details: EmployerDetails, *, by: User | None, at: datetime) -> Employer:
    """An employer that a consultant lets in. Raises EmployerKnown."""
    if _employer_by_cvr(details.cvr) is not None:
        raise EmployerKnown
    employer = Employer(**vars(details), approved_at=at, approved_by_id=by.id if by else None)
    db.session.add(employer)
    audit.record("employer-added", subject=employer, by=by, at=at)
    return employer


def add_workplace(
    employer: Employer, details: WorkplaceDetails, *, stated_on: date, by: User | None, at: datetime
) -> Workplace:
    """One more place where the employer's people work. Raises WorkplaceKnown."""
    if _has_workplace(employer, details.p_number):
        raise WorkplaceKnown
    workplace = Workplace(employer_id=employer.id, staff_stated_on=stated_on, **vars(details))
    db.session.add(workplace)
    audit.record("workplace-added", subject=workplace, by=by, at=at)
    db.session.expire(employer, ["workplaces"])
    return workplace


def add_contact(
    employer: Employer, details: ContactDetails, *, user: User | None, by: User | None, at: datetime
) -> ContactPerson:
    """Somebody at the employer; with a user, she signs in for it."""
    contact = ContactPerson(employer_id=employer.id, user_id=user.id if user else None, **vars(details))
    db.session.add(contact)
    audit.record("contact-added", subject=contact, by=by, at=at)
    db.session.expire(employer, ["contacts"])
    return contact


def edit_contact(contact: ContactPerson, *, name: str, phone: str, by: User, at: datetime) -> None:
    contact.name, contact.phone = name, phone
    audit.record("contact-edited", subject=contact, by=by, at=at)


def state_staff(  # noqa: PLR0913 - what is said, by whom and when
    workplace: Workplace,
    full_time_staff: Decimal,
    *,
    other_places: Decimal = Decimal(0),
    said_by: str,
    on: date,
    by: User,
    at: datetime,
) -> None:
    """Note the staff in full-time persons, as the average of the four months before `on`, and who said so.

    `other_places` are held there by others than the portal knows of.
    """
    workplace.full_time_staff, workplace.staff_stated_on = full_time_staff, on
    workplace.other_places = other_places
    workplace.staff_stated_by = said_by
    audit.record("staff-stated", subject=workplace, by=by, at=at)


def name_representative(
    workplace: Workplace, *, name: str, email: str, phone: str, by: User, at: datetime
) -> None:
    """Who signs for the staff there: the shop steward, or the employees' second signatory."""
    workplace.representative_name = name
    workplace.representative_email, workplace.representative_phone = email.lower(), phone
    audit.record("representative-named", subject=workplace, by=by, at=at)


def edit_employer(
    employer: Employer, *, sector: Sector, wants_publicity: bool, by: User, at: datetime
) -> None:
    """What the employer says of itself, and whether it may be thanked by name in public."""
    employer.sector, employer.wants_publicity = sector, wants_publicity
    employer.version += 1
    audit.record("firm-described", subject=employer, by=by, at=at)


def invite_colleague(
    employer: Employer, *, name: str, email: str, by: User, at: datetime, lifetime: timedelta
) -> EmployerInvitation:
    """Ask a colleague to sign in for the employer. Raises ColleagueThere for somebody who already does."""
    address = email.strip().lower()
    if any(contact.user_id and contact.email.lower() == address for contact in employer.contacts):
        raise ColleagueThere
    invitation = EmployerInvitation(
        employer_id=employer.id,
        name=name,
        email=address,
        invited_by_id=by.id,
        invited_at=at,
        expires_at=at + lifetime,
    )
    db.session.add(invitation)
    audit.record("colleague-invited", subject=invitation, by=by, at=at)
    outbox.post(
        MailKind.INVITATION,
        to=address,
        at=at,
        unit=employer.municipality,
        context={"employer": employer.name, "by": by.name},
        links={"accept": invitation_link(invitation)},
        about=invitation,
    )
    return invitation


def invitation_link(invitation: EmployerInvitation) -> Link:
    return Link.signed(
        "employers.accept",
        LinkPurpose.INVITATION,
        invitation.id,
        expires_at=invitation.expires_at,
        arg="invitation",
    )


def withdraw_invitation(invitation: EmployerInvitation, *, by: User, at: datetime) -> None:
    """The link opens nothing any more. Raises InvitationUsed."""
    _lock_invitation(invitation, at)
    invitation.withdrawn_at = at
    audit.record("invitation-withdrawn", subject=invitation, by=by, at=at)


def accept_invitation(
    invitation: EmployerInvitation, *, phone: str, password_hash: str, at: datetime
) -> User:
    """The colleague signs in for the employer from now on. Raises InvitationUsed, EmailInUse."""
    _lock_invitation(invitation, at)
    contact = ContactDetails(invitation.name, invitation.email, phone)
    user = _new_user(contact, password_hash=password_hash, at=at)
    if user is None:
        raise EmailInUse
    invitation.accepted_at = at
    add_contact(invitation.employer, contact, user=user, by=user, at=at)
    audit.record("invitation-accepted", subject=invitation, by=user, at=at)
    return user


def _lock_invitation(invitation: EmployerInvitation, at: datetime) -> None:
    db.session.refresh(invitation, with_for_update={"of": EmployerInvitation})
    if not invitation.is_open(at):
        raise InvitationUsed


def set_passive(employer: Employer, *, by: User, at: datetime) -> None:
    """The employer takes a break: nothing new is suggested to its openings; what was decided stands."""
    if employer.status is EmployerStatus.PASSIVE:
        return
    employer.status, employer.passive_since = EmployerStatus.PASSIVE, at
    employer.version += 1
    audit.record("employer-set-passive", subject=employer, by=by, at=at)
    events.employer_passive.send(employer, at=at)


def set_active(employer: Employer, *, by: User, at: datetime) -> None:
    """The employer is back, and its openings are matched again."""
    if employer.status is EmployerStatus.ACTIVE:
        return
    employer.status, employer.passive_since = EmployerStatus.ACTIVE, None
    employer.version += 1
    audit.record("employer-set-active", subject=employer, by=by, at=at)
    events.employer_active.send(employer, at=at)


def occupy_place(
    workplace_id: int,
    *,
    placement_id: int,
    form: PlacementForm,
    full_time_share: Decimal,
    starts_on: date,
    ends_on: date,
) -> OccupiedPlace:
    """Note that a placement holds a place, both days included. Whether the ratio allows it, the caller asks first."""
    place = OccupiedPlace(
        workplace_id=workplace_id,
        placement_id=placement_id,
        form=form,
        full_time_share=full_time_share,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    db.session.add(place)
    db.session.flush()
    return place


def release_place(placement_id: int, *, ends_on: date | None = None) -> None:
    """Free the place after `ends_on`; without a day, as if it had never been held."""
    place = db.session.scalar(sa.select(OccupiedPlace).where(OccupiedPlace.placement_id == placement_id))
    if place is None:
        return
    if ends_on is None or ends_on < place.starts_on:
        db.session.delete(place)
    else:
        place.ends_on = min(place.ends_on, ends_on)
    db.session.flush()
