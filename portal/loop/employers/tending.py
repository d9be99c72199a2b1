"""What the municipality does for an employer that does not do it itself: takes it in, writes it down, invites."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from portal.base.clock import danish_day
from portal.base.database import check_version, db
from portal.base.errors import DomainError
from portal.base.terms import Industry
from portal.loop.employers import joining, people
from portal.loop.employers.models import (
    ContactPerson,
    Employer,
    EmployerRegistration,
    RegistrationStatus,
    Sector,
    Workplace,
)
from portal.loop.employers.services import (
    ContactDetails,
    EmployerDetails,
    EmployerKnown,
    WorkplaceDetails,
    WorkplaceKnown,
    add_contact,
    add_employer,
    add_workplace,
    change_trade,
    employer_by_cvr,
    has_workplace,
)
from portal.shared.accounts.models import User
from portal.shared.audit import services as audit


class RegistrationWaits(DomainError):
    message = _l("Virksomheden har selv tilmeldt sig og venter på svar. Svar på tilmeldingen i stedet.")


class ContactKnown(DomainError):
    message = _l("Virksomheden har allerede en kontaktperson med den e-mail.")


@dataclass(frozen=True)
class EmployerFacts:
    """What the municipality may correct of an employer."""

    cvr: str
    name: str
    industry: Industry
    sector: Sector | None


def waiting_registration(cvr: str, municipality_id: int) -> EmployerRegistration | None:
    """The employer's own wish to take part, where it is the municipality's to answer."""
    statement = sa.select(EmployerRegistration).where(
        EmployerRegistration.cvr == cvr,
        EmployerRegistration.municipality_id == municipality_id,
        EmployerRegistration.status == RegistrationStatus.PENDING,
    )
    return db.session.scalars(statement.order_by(EmployerRegistration.id).limit(1)).one_or_none()


def take_in(
    details: EmployerDetails,
    workplace: WorkplaceDetails,
    contact: ContactDetails | None,
    *,
    by: User,
    at: datetime,
) -> Employer:
    """An employer that a consultant knows. Raises EmployerKnown, RegistrationWaits."""
    if employer_by_cvr(details.cvr) is not None:
        raise EmployerKnown
    if waiting_registration(details.cvr, details.municipality_id) is not None:
        raise RegistrationWaits
    employer = add_employer(details, by=by, at=at)
    db.session.flush()
    add_workplace(employer, workplace, stated_on=danish_day(at), by=by, at=at)
    if contact is not None:
        add_contact(employer, contact, user=None, by=by, at=at)
    db.session.flush()
    joining.ask_of_waiting(employer, at=at)
    return employer


def edit_facts(
    employer: Employer, facts: EmployerFacts, *, seen_version: int | None, by: User, at: datetime
) -> None:
    """Raises StaleVersion, EmployerKnown."""
    check_version(employer, seen_version)
    known = employer_by_cvr(facts.cvr)
    if known is not None and known.id != employer.id:
        raise EmployerKnown
    employer.cvr, employer.name, employer.sector = facts.cvr, facts.name, facts.sector
    if employer.industry is not facts.industry:
        change_trade(employer, facts.industry, on=danish_day(at), at=at)
    _edited(employer, by=by, at=at)


def add_place(
    employer: Employer, details: WorkplaceDetails, *, stated_on: date | None, by: User, at: datetime
) -> Workplace:
    """Raises WorkplaceKnown."""
    employer.version += 1
    return add_workplace(employer, details, stated_on=stated_on or danish_day(at), by=by, at=at)


def edit_place(  # noqa: PLR0913 - what is said, by whom and when
    place: Workplace,
    details: WorkplaceDetails,
    *,
    other_places: Decimal,
    stated_on: date | None,
    seen_version: int | None,
    by: User,
    at: datetime,
) -> None:
    """Everything about a workplace; a staff that nobody says any more is nobody's.

    Raises StaleVersion, WorkplaceKnown.
    """
    check_version(place.employer, seen_version)
    if details.p_number != place.p_number and has_workplace(place.employer, details.p_number):
        raise WorkplaceKnown
    for name, value in vars(details).items():
        if name != "full_time_staff":
            setattr(place, name, value)
    said = details.full_time_staff is not None
    place.full_time_staff = details.full_time_staff or Decimal(0)
    place.staff_stated_on = (stated_on or danish_day(at)) if said else None
    place.other_places = other_places
    place.employer.version += 1
    audit.record("workplace-edited", subject=place, by=by, at=at)
    db.session.flush()


def add_known_contact(
    employer: Employer, details: ContactDetails, *, by: User, at: datetime
) -> ContactPerson:
    """Somebody to phone and write to, without a login. Raises ContactKnown."""
    _refuse_known(employer, details.email, but=None)
    employer.version += 1
    return add_contact(employer, details, user=None, by=by, at=at)


def edit_known_contact(
    contact: ContactPerson, details: ContactDetails, *, seen_version: int | None, by: User, at: datetime
) -> None:
    """The e-mail of somebody who signs in with it stays hers. Raises StaleVersion, ContactKnown."""
    check_version(contact.employer, seen_version)
    contact.name, contact.phone = details.name, details.phone
    if contact.user_id is None:
        _refuse_known(contact.employer, details.email, but=contact.id)
        if contact.email.lower() != details.email.lower():
            people.replace_invitations(contact.employer, contact.email.strip().lower(), at=at)
        contact.email = details.email
    contact.employer.version += 1
    audit.record("contact-edited", subject=contact, by=by, at=at)
    db.session.flush()


def _refuse_known(employer: Employer, email: str, *, but: int | None) -> None:
    address = email.strip().lower()
    if any(one.id != but and one.email.lower() == address for one in employer.contacts):
        raise ContactKnown


def _edited(employer: Employer, *, by: User, at: datetime) -> None:
    employer.version += 1
    audit.record("employer-edited", subject=employer, by=by, at=at)
    db.session.flush()
