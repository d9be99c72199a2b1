"""Reads of who signs in for an employer, and of who wishes to."""

from collections.abc import Sequence
from datetime import date, timedelta

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from portal.base.clock import danish_day, danish_midnight
from portal.base.database import db
from portal.base.terms import LabelledEnum
from portal.base.working_days import last_day_before_working_days
from portal.loop.employers.models import (
    ContactPerson,
    Employer,
    EmployerRegistration,
    RegistrationStatus,
    Workplace,
)
from portal.loop.employers.queries import employers_seen_by, own_employer_ids, registrations_seen_by
from portal.shared.accounts.models import User
from portal.shared.rules.queries import value_on


class Turn(LabelledEnum):
    """Whose answer a registration waits for."""

    MUNICIPALITY = "municipality", _l("Kommunen")
    EMPLOYER = "employer", _l("Virksomheden selv")


def _signs_in() -> sa.ColumnElement[bool]:
    return ContactPerson.user.has(User.disabled_at.is_(None))


def with_login(employer_id: int) -> Sequence[ContactPerson]:
    """The contact persons who can sign in, those who came first first."""
    statement = (
        sa.select(ContactPerson)
        .where(ContactPerson.employer_id == employer_id, _signs_in())
        .options(joinedload(ContactPerson.user))
        .order_by(ContactPerson.added_at, ContactPerson.id)
    )
    return db.session.scalars(statement).all()


def trusted_from(contact: ContactPerson, day: date) -> date:
    """From which day she may let others in and out: at once when nobody who signs in has been there longer.

    Whoever slips in can then neither bring others nor shut those out who would notice. Source: docs/rules.md#joining
    """
    came_on = danish_day(contact.added_at)
    first = next(iter(with_login(contact.employer_id)), contact)
    return (
        came_on
        if first.id == contact.id
        else came_on
        + timedelta(days=int(value_on("join-trusted-days", day, contact.employer.municipality_id)))
    )


def contact_for(user: User, employer_id: int, contact_id: int) -> ContactPerson:
    """A contact person of an employer that the user may read. Raises NoResultFound."""
    seen = employers_seen_by(user).with_only_columns(Employer.id).order_by(None)
    statement = sa.select(ContactPerson).where(
        ContactPerson.id == contact_id,
        ContactPerson.employer_id == employer_id,
        ContactPerson.employer_id.in_(seen),
    )
    return db.session.scalars(statement.options(joinedload(ContactPerson.employer))).one()


def is_still_there(contact_id: int, employer_id: int) -> bool:
    """Whether somebody whom a link was mailed to is a contact person of the employer yet."""
    same = (
        sa.select(ContactPerson.id)
        .outerjoin(ContactPerson.user)
        .where(
            ContactPerson.id == contact_id,
            ContactPerson.employer_id == employer_id,
            User.disabled_at.is_(None),
        )
    )
    return db.session.scalar(same) is not None


def addresses_of(employer_id: int) -> frozenset[str]:
    """Of its contact persons, as mails are addressed; a closed user's is not among them."""
    statement = (
        sa.select(ContactPerson.email)
        .outerjoin(ContactPerson.user)
        .where(ContactPerson.employer_id == employer_id, User.disabled_at.is_(None))
    )
    return frozenset(email.strip().lower() for email in db.session.scalars(statement) if email)


# --- Who wishes to ---------------------------------------------------------------------------------------------


def wishes_to_join(employer: Employer) -> Sequence[EmployerRegistration]:
    """Who waits to sign in for an employer that is known, those who came first first."""
    statement = sa.select(EmployerRegistration).where(
        EmployerRegistration.cvr == employer.cvr, EmployerRegistration.status == RegistrationStatus.PENDING
    )
    return db.session.scalars(statement.order_by(EmployerRegistration.id)).all()


def wish_for(user: User, registration_id: int) -> EmployerRegistration:
    """A wish to sign in for the user's own employer. Raises NoResultFound."""
    own = sa.select(Employer.cvr).where(Employer.id.in_(own_employer_ids(user)))
    statement = sa.select(EmployerRegistration).where(
        EmployerRegistration.id == registration_id, EmployerRegistration.cvr.in_(own)
    )
    return db.session.scalars(statement).one()


def is_municipalitys_turn(today: date, municipality_id: int | None) -> sa.ColumnElement[bool]:
    """Of registrations: a new employer, one where nobody can be asked, or one that was asked and did not answer.

    Source: docs/rules.md#joining
    """
    can_be_asked = (
        sa.select(ContactPerson.id)
        .join(ContactPerson.employer)
        .join(ContactPerson.user)
        .where(Employer.cvr == EmployerRegistration.cvr, User.disabled_at.is_(None))
        .exists()
    )
    waited = last_day_before_working_days(today, int(value_on("join-answer-days", today, municipality_id)))
    since = danish_midnight(waited + timedelta(days=1))
    return sa.or_(
        ~can_be_asked, EmployerRegistration.asked_at.is_(None), EmployerRegistration.asked_at < since
    )


def registrations_of_turn(
    user: User, today: date, *, turn: str = "", status: str = "", words: str = ""
) -> sa.Select[EmployerRegistration]:
    """The list of registrations; with a `turn`, those that wait for the municipality, or for the employer's own."""
    statement = registrations_seen_by(user, status=status, words=words)
    if not turn:
        return statement
    is_ours = is_municipalitys_turn(today, user.municipality_id)
    waits: dict[str, sa.ColumnElement[bool]] = {Turn.MUNICIPALITY: is_ours, Turn.EMPLOYER: ~is_ours}
    return statement.where(
        EmployerRegistration.status == RegistrationStatus.PENDING, waits.get(turn, sa.false())
    )


def awaiting_municipality(user: User, today: date) -> int:
    """How many registrations wait for the municipality's answer."""
    waiting = registrations_of_turn(user, today, turn=Turn.MUNICIPALITY).order_by(None)
    return db.session.scalar(sa.select(sa.func.count()).select_from(waiting.subquery())) or 0


def may_municipality_decide(registration: EmployerRegistration, today: date) -> bool:
    statement = sa.select(is_municipalitys_turn(today, registration.municipality_id)).where(
        EmployerRegistration.id == registration.id
    )
    return bool(db.session.scalar(statement))


def known_numbers(registration: EmployerRegistration) -> list[tuple[str, str]]:
    """The employer's numbers from before the wish, each with whose it is: the wisher cannot have chosen them."""
    statement = (
        sa.select(ContactPerson)
        .join(ContactPerson.employer)
        .where(
            Employer.cvr == registration.cvr,
            ContactPerson.added_at < registration.registered_at,
            ContactPerson.phone != "",
        )
        .order_by(ContactPerson.id)
    )
    return [(contact.phone, contact.name) for contact in db.session.scalars(statement)]


def is_elsewhere(p_number: str | None, cvr: str) -> bool:
    """Whether the P-number is a workplace of an employer with another CVR number."""
    if not p_number:
        return False
    statement = sa.select(Employer.id).where(
        Employer.cvr != cvr, Employer.workplaces.any(Workplace.p_number == p_number)
    )
    return db.session.scalar(statement.limit(1)) is not None
