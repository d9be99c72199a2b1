"""Commands of employers: employers, workplaces, contacts, and the places held.

How one comes in is joining.py, and who signs in for an employer people.py.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from portal.base import events
from portal.base.clock import danish_day
from portal.base.database import db
from portal.base.errors import DomainError
from portal.base.recorded_days import require_no_later
from portal.base.terms import Industry, PlacementForm
from portal.loop.employers.models import (
    ContactPerson,
    Employer,
    EmployerStatus,
    EmployerTrade,
    OccupiedPlace,
    Sector,
    Workplace,
)
from portal.shared.accounts.models import User
from portal.shared.audit import services as audit


class WorkplaceKnown(DomainError):
    message = _l("Virksomheden har allerede et arbejdssted med det P-nummer.")


class EmployerKnown(DomainError):
    message = _l("Der er allerede en virksomhed med det CVR-nummer.")


@dataclass(frozen=True)
class WorkplaceDetails:
    """A place where people work, its staff (full-time persons on average, and heads), and who signs for it.

    The P-number and the staff may be said later: None.
    """

    p_number: str | None
    name: str
    address: str
    postcode: str
    full_time_staff: Decimal | None
    staff_stated_by: str = ""
    representative_name: str = ""
    representative_email: str = ""
    representative_phone: str = ""
    heads: int | None = None


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


def employer_by_cvr(cvr: str) -> Employer | None:
    return db.session.scalar(sa.select(Employer).where(Employer.cvr == cvr))


def has_workplace(employer: Employer, p_number: str | None) -> bool:
    if p_number is None:
        return False
    same = sa.select(Workplace.id).where(Workplace.employer_id == employer.id, Workplace.p_number == p_number)
    return db.session.scalar(same) is not None


def add_employer(details: EmployerDetails, *, by: User | None, at: datetime) -> Employer:
    """An employer that a consultant lets in. Raises EmployerKnown."""
    if employer_by_cvr(details.cvr) is not None:
        raise EmployerKnown
    employer = Employer(
        **vars(details),
        approved_at=at,
        approved_by_id=by.id if by else None,
        trades=[EmployerTrade(industry=details.industry, from_on=danish_day(at), recorded_at=at)],
    )
    db.session.add(employer)
    audit.record("employer-added", subject=employer, by=by, at=at)
    db.session.flush()
    events.employer_added.send(employer, by=by, at=at)
    return employer


def change_trade(employer: Employer, industry: Industry, *, on: date, at: datetime) -> None:
    """Another trade from the day on; the days before keep theirs. What was written of the same day is replaced."""
    begun = next(
        (trade for trade in employer.trades if trade.from_on == on and trade.replaced_at is None), None
    )
    if begun is not None:
        begun.replaced_at = at
        db.session.flush()  # before another row stands in its place
    employer.trades.append(EmployerTrade(industry=industry, from_on=on, recorded_at=at))
    employer.industry = industry


def add_workplace(
    employer: Employer, details: WorkplaceDetails, *, stated_on: date, by: User | None, at: datetime
) -> Workplace:
    """One more place where the employer's people work. Raises WorkplaceKnown."""
    if has_workplace(employer, details.p_number):
        raise WorkplaceKnown
    said = details.full_time_staff is not None
    workplace = Workplace(
        **vars(details)
        | {
            "full_time_staff": details.full_time_staff or Decimal(0),
            "staff_stated_on": stated_on if said else None,
        },
        employer_id=employer.id,
    )
    db.session.add(workplace)
    audit.record("workplace-added", subject=workplace, by=by, at=at)
    db.session.expire(employer, ["workplaces"])
    return workplace


def edit_place(  # noqa: PLR0913 - a place has that many parts
    workplace: Workplace,
    *,
    name: str,
    p_number: str | None,
    address: str,
    postcode: str,
    by: User,
    at: datetime,
) -> None:
    """Where it is and what it is called. Raises WorkplaceKnown."""
    if p_number != workplace.p_number and has_workplace(workplace.employer, p_number):
        raise WorkplaceKnown
    workplace.name, workplace.p_number = name, p_number
    workplace.address, workplace.postcode = address, postcode
    _seen_anew(workplace.employer)
    audit.record("workplace-edited", subject=workplace, by=by, at=at)
    db.session.flush()


def _seen_anew(employer: Employer) -> None:
    """Whoever has a form of the employer open must see what was changed of its places and people."""
    employer.version += 1


def add_contact(
    employer: Employer, details: ContactDetails, *, user: User | None, by: User | None, at: datetime
) -> ContactPerson:
    """Somebody at the employer; with a user, she signs in for it, and is of the municipality that looks after it."""
    contact = None
    if user is not None:
        user.municipality_id = employer.municipality_id
        contact = _without_login(employer, details.email)
    if contact is None:
        contact = ContactPerson(employer_id=employer.id)
        db.session.add(contact)
    contact.user_id, contact.added_at = user.id if user else None, at
    contact.confirmed_at = at
    contact.name, contact.email, contact.phone = details.name, details.email, details.phone
    audit.record("contact-added", subject=contact, by=by, at=at)
    db.session.expire(employer, ["contacts"])
    return contact


def _without_login(employer: Employer, email: str) -> ContactPerson | None:
    """Somebody whom a file or a consultant knew with this address already."""
    statement = sa.select(ContactPerson).where(
        ContactPerson.employer_id == employer.id,
        ContactPerson.user_id.is_(None),
        sa.func.lower(ContactPerson.email) == email.strip().lower(),
    )
    return db.session.scalars(statement.order_by(ContactPerson.id)).first()


def edit_contact(contact: ContactPerson, *, name: str, phone: str, by: User, at: datetime) -> None:
    contact.name, contact.phone = name, phone
    _seen_anew(contact.employer)
    audit.record("contact-edited", subject=contact, by=by, at=at)


def state_staff(  # noqa: PLR0913 - what is said, by whom and when
    workplace: Workplace,
    full_time_staff: Decimal,
    *,
    heads: int | None = None,
    other_places: Decimal = Decimal(0),
    said_by: str,
    on: date,
    by: User,
    at: datetime,
) -> None:
    """Note the staff in full-time persons, as the average of the months before `on`, and who said so.

    `heads` are the people behind it. `other_places` are held there by others than the portal knows of.
    Raises RecordedAhead.
    """
    require_no_later(on, danish_day(at))
    workplace.full_time_staff, workplace.heads, workplace.staff_stated_on = full_time_staff, heads, on
    workplace.other_places = other_places
    workplace.staff_stated_by = said_by
    _seen_anew(workplace.employer)
    audit.record("staff-stated", subject=workplace, by=by, at=at)


def name_representative(
    workplace: Workplace, *, name: str, email: str, phone: str, by: User, at: datetime
) -> None:
    """Who signs for the staff there: the shop steward, or the employees' second signatory."""
    workplace.representative_name = name
    workplace.representative_email, workplace.representative_phone = email.lower(), phone
    _seen_anew(workplace.employer)
    audit.record("representative-named", subject=workplace, by=by, at=at)


def edit_employer(
    employer: Employer, *, sector: Sector, wants_publicity: bool, by: User, at: datetime
) -> None:
    """What the employer says of itself, and whether it may be thanked by name in public."""
    employer.sector, employer.wants_publicity = sector, wants_publicity
    employer.version += 1
    audit.record("firm-described", subject=employer, by=by, at=at)


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
    hours_per_week: float,
    starts_on: date,
    ends_on: date,
) -> OccupiedPlace:
    """Note that a placement holds a place, both days included. Whether the ratio allows it, the caller asks first."""
    place = OccupiedPlace(
        workplace_id=workplace_id,
        placement_id=placement_id,
        form=form,
        hours_per_week=hours_per_week,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    db.session.add(place)
    db.session.flush()
    return place


def release_place(placement_id: int, *, ends_on: date | None = None) -> None:
    """Free the place after `ends_on`; without a day, as if it had never been held."""
    held = sa.select(OccupiedPlace).where(OccupiedPlace.placement_id == placement_id)
    for place in db.session.scalars(held).all():
        if ends_on is None or ends_on < place.starts_on:
            db.session.delete(place)
        else:
            place.ends_on = min(place.ends_on, ends_on)
    db.session.flush()
