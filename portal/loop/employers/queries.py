"""Reads of employers, scoped to the reader: a stranger's employer does not exist."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from portal.base import events
from portal.base.alphabet import alphabetical
from portal.base.clock import danish_midnight
from portal.base.database import db
from portal.base.folding import company_number_key
from portal.base.terms import Industry
from portal.loop.employers.models import (
    AccessReview,
    ContactPerson,
    Employer,
    EmployerInvitation,
    EmployerRegistration,
    EmployerStatus,
    OccupiedPlace,
    RegistrationStatus,
    UnconfirmedRegistration,
    Workplace,
)
from portal.shared.accounts.models import Municipality, User
from portal.shared.rules.book import RuleBook
from portal.shared.rules.findings import Finding
from portal.shared.rules.law import ratio as law
from portal.shared.rules.law.case import FULL_TIME
from portal.shared.rules.law.ratio import COUNTED_FORMS, Span
from portal.shared.rules.law.staff import AVERAGE_MONTHS, HEARD_ABOVE, staff_number
from portal.shared.rules.queries import numbers_on, rule_book
from portal.web.permissions import Action, Scope
from portal.web.searching import found


def own_employer_ids(user: User) -> sa.Select[int]:
    """Whom the user signs in for: nobody while the registration pends. As a subquery in what she may see."""
    return sa.select(ContactPerson.employer_id).where(ContactPerson.user_id == user.id)


def employer_of(user: User) -> Employer:
    """The employer that the user signs in for. Raises NoResultFound while the registration pends."""
    statement = sa.select(Employer).where(Employer.id.in_(own_employer_ids(user)))
    return db.session.scalars(statement).one()


def employer_name_of(user: User) -> str | None:
    """What the log calls her unit; None while the registration pends."""
    return db.session.scalar(sa.select(Employer.name).where(Employer.id.in_(own_employer_ids(user))))


def employers_seen_by(user: User) -> sa.Select[Employer]:
    """The employers that the user may read: her own, or those her municipality looks after."""
    statement = sa.select(Employer).order_by(alphabetical(Employer.name), Employer.id)
    scope = user.scope_of(Action.READ_OWN_EMPLOYER, Action.READ_EMPLOYERS)
    if scope is Scope.EMPLOYER:
        return statement.where(Employer.id.in_(own_employer_ids(user)))
    if scope is Scope.MUNICIPALITY:
        return statement.where(Employer.municipality_id == user.municipality_id)
    return statement.where(sa.false())


def employer_for(user: User, employer_id: int) -> Employer:
    """With workplaces and contacts. Raises NoResultFound."""
    statement = employers_seen_by(user).where(Employer.id == employer_id)
    return db.session.scalars(statement.options(*_whole())).one()


def own_employer(user: User) -> Employer | None:
    """The user's employer with workplaces and contacts; None while the registration pends."""
    statement = sa.select(Employer).where(Employer.id.in_(own_employer_ids(user)))
    return db.session.scalars(statement.options(*_whole())).one_or_none()


def _whole() -> tuple[ExecutableOption, ...]:
    return (
        joinedload(Employer.municipality),
        joinedload(Employer.referred_by),
        selectinload(Employer.workplaces),
        selectinload(Employer.contacts),
    )


def workplaces_for(user: User) -> sa.Select[Workplace]:
    """The workplaces where the user may register openings, by employer and name."""
    own = employers_seen_by(user).with_only_columns(Employer.id).order_by(None)
    return (
        sa.select(Workplace)
        .join(Workplace.employer)
        .where(Workplace.employer_id.in_(own))
        .options(joinedload(Workplace.employer))
        .order_by(alphabetical(Employer.name), alphabetical(Workplace.name), Workplace.id)
    )


def workplace_for(user: User, workplace_id: int, *, employer_id: int | None = None) -> Workplace:
    """Raises NoResultFound, also for one of another employer than the address names."""
    statement = workplaces_for(user).where(Workplace.id == workplace_id)
    if employer_id is not None:
        statement = statement.where(Workplace.employer_id == employer_id)
    return db.session.scalars(statement).one()


def contact_of(user: User) -> ContactPerson:
    """The user as her employer's contact person. Raises NoResultFound."""
    return db.session.scalars(sa.select(ContactPerson).where(ContactPerson.user_id == user.id)).one()


def invitations_of(employer: Employer, at: datetime) -> Sequence[EmployerInvitation]:
    """Those that still open something, the newest first."""
    statement = (
        sa.select(EmployerInvitation)
        .where(
            EmployerInvitation.employer_id == employer.id,
            EmployerInvitation.accepted_at.is_(None),
            EmployerInvitation.withdrawn_at.is_(None),
            EmployerInvitation.expires_at > at,
        )
        .options(joinedload(EmployerInvitation.invited_by))
        .order_by(EmployerInvitation.id.desc())
    )
    return db.session.scalars(statement).all()


def invitation_for(user: User, invitation_id: int, *, employer_id: int | None = None) -> EmployerInvitation:
    """One of an employer that the user may read. Raises NoResultFound."""
    own = employers_seen_by(user).with_only_columns(Employer.id).order_by(None)
    statement = sa.select(EmployerInvitation).where(
        EmployerInvitation.id == invitation_id, EmployerInvitation.employer_id.in_(own)
    )
    if employer_id is not None:
        statement = statement.where(EmployerInvitation.employer_id == employer_id)
    return db.session.scalars(statement).one()


def invitation_by_link(invitation_id: int) -> EmployerInvitation:
    """For whoever holds a signed link to it. Raises NoResultFound."""
    statement = (
        sa.select(EmployerInvitation)
        .where(EmployerInvitation.id == invitation_id)
        .options(joinedload(EmployerInvitation.employer).selectinload(Employer.contacts))
    )
    return db.session.scalars(statement).one()


def unconfirmed(wish_id: int, at: datetime) -> UnconfirmedRegistration | None:
    """For whoever holds its link; None when it was confirmed, or another of the same address."""
    statement = _waiting_for_confirmation(at).where(UnconfirmedRegistration.id == wish_id)
    return db.session.scalars(statement).one_or_none()


def unconfirmed_of(email: str, at: datetime) -> Sequence[UnconfirmedRegistration]:
    """All that was written with the address, for whoever reads its mail; the newest first."""
    statement = _waiting_for_confirmation(at).where(UnconfirmedRegistration.email == email)
    return db.session.scalars(statement.limit(MOST_UNCONFIRMED)).all()


MOST_UNCONFIRMED = 50
"""Wishes of one address that are shown: more are a machine's."""


def _waiting_for_confirmation(at: datetime) -> sa.Select[UnconfirmedRegistration]:
    return (
        sa.select(UnconfirmedRegistration)
        .where(UnconfirmedRegistration.expires_at > at)
        .order_by(UnconfirmedRegistration.id.desc())
    )


def referrer(employer_id: int) -> Employer | None:
    """The employer that a referral link speaks of, as long as it is active."""
    statement = sa.select(Employer).where(
        Employer.id == employer_id, Employer.status == EmployerStatus.ACTIVE
    )
    return db.session.scalars(statement).one_or_none()


LATE = "late"
"""As a filter of the list: employers that were reminded to say who still may sign in, and did not."""


QUIET: Final = "quiet"
"""As a filter of the list: employers that take part and that nobody has spoken with for QUIET_DAYS."""
QUIET_DAYS: Final = 60
BY_TALK: Final[sa.ColumnClause[Any]] = sa.column("talked_order")
_NEVER: Final = date(1900, 1, 1)
"""Before every talk: the two engines do not agree on where nothing stands in an order."""


def employers_by_talk(
    user: User, today: date, *, talked: str = "", **filters: str
) -> sa.Select[*tuple[Any, ...]]:
    """The list with the last day on which somebody spoke with each (None: never), in an order by BY_TALK if wanted."""
    last = events.last_talks(employers_seen_by(user).with_only_columns(Employer.id).order_by(None))
    statement = employer_list(user, **filters).outerjoin(last, last.c.employer_id == Employer.id)
    if talked:
        since = today - timedelta(days=QUIET_DAYS)
        quiet = sa.and_(
            Employer.takes_part,
            Employer.approved_at < danish_midnight(since),
            sa.or_(last.c.on.is_(None), last.c.on < since),
        )
        statement = statement.where(quiet if talked == QUIET else sa.false())
    return statement.add_columns(
        last.c.on.label("talked_on"), sa.func.coalesce(last.c.on, _NEVER).label(BY_TALK.name)
    )


def employer_list(
    user: User, *, words: str = "", status: str = "", industry: str = "", access: str = ""
) -> sa.Select[Employer]:
    """The list of employers with their workplaces; words are sought in name, CVR number and P-number."""
    statement = employers_seen_by(user).options(selectinload(Employer.workplaces))
    if access:
        late = sa.select(AccessReview.employer_id).where(
            AccessReview.closed_at.is_(None), AccessReview.reminded_at.is_not(None)
        )
        statement = statement.where(Employer.id.in_(late) if access == LATE else sa.false())
    if status:
        statement = statement.where(
            Employer.status == status if status in set(EmployerStatus) else sa.false()
        )
    if industry:
        statement = statement.where(
            Employer.industry == industry if industry in set(Industry) else sa.false()
        )
    if words:
        digits = company_number_key(words)
        by_p_number = sa.select(Workplace.employer_id).where(Workplace.p_number == digits)
        named = found(words, Employer.name, numbers=(Employer.cvr,))
        statement = statement.where(sa.or_(named, Employer.id.in_(by_p_number)))
    return statement


def registrations_seen_by(
    user: User, *, status: str = "", words: str = ""
) -> sa.Select[EmployerRegistration]:
    """The registrations of the user's municipality, those that wait first."""
    statement = (
        sa.select(EmployerRegistration)
        .where(EmployerRegistration.municipality_id == user.municipality_id)
        .order_by(EmployerRegistration.registered_at, EmployerRegistration.id)
    )
    if user.scope_of(Action.MANAGE_EMPLOYERS) is not Scope.MUNICIPALITY:
        return statement.where(sa.false())
    if status:
        known = status in set(RegistrationStatus)
        statement = statement.where(EmployerRegistration.status == status if known else sa.false())
    if words:
        statement = statement.where(
            found(
                words,
                EmployerRegistration.company_name,
                EmployerRegistration.contact_name,
                numbers=(EmployerRegistration.cvr,),
            )
        )
    return statement


def registration_for(user: User, registration_id: int) -> EmployerRegistration:
    """Raises NoResultFound."""
    statement = registrations_seen_by(user).where(EmployerRegistration.id == registration_id)
    return db.session.scalars(statement).one()


def registration_of(user: User) -> EmployerRegistration | None:
    """The latest registration that the user made."""
    statement = (
        sa.select(EmployerRegistration)
        .where(EmployerRegistration.user_id == user.id)
        .order_by(EmployerRegistration.id.desc())
        .limit(1)
    )
    return db.session.scalars(statement.options(joinedload(EmployerRegistration.municipality))).first()


def municipality_of_employer(user: User) -> Municipality | None:
    """The municipality that looks after the user's employer, or that her registration waits for."""
    if user.scope is not Scope.EMPLOYER:
        return None
    employer = sa.select(Employer.municipality_id).where(Employer.id.in_(own_employer_ids(user)))
    wish = (
        sa.select(EmployerRegistration.municipality_id)
        .where(EmployerRegistration.user_id == user.id)
        .order_by(EmployerRegistration.id.desc())
    )
    known = sa.func.coalesce(employer.limit(1).scalar_subquery(), wish.limit(1).scalar_subquery())
    return db.session.scalars(sa.select(Municipality).where(Municipality.id == known)).one_or_none()


def known_cvrs(cvrs: Iterable[str]) -> set[str]:
    """Those of the CVR numbers that belong to an employer here."""
    return set(db.session.scalars(sa.select(Employer.cvr).where(Employer.cvr.in_(list(cvrs)))))


@dataclass(frozen=True)
class WorkplaceStanding:
    """What the law says of a workplace on one day."""

    ratio: Span
    staff: Finding
    needs_representative: bool
    """Whether so many work there that somebody must speak for them, as far as anybody has said."""

    @property
    def staff_is_old(self) -> bool:
        return not self.staff.is_ok


def ratio_standing(
    workplaces: Sequence[Workplace],
    day: date,
    municipality_id: int,
    *,
    book: RuleBook | None = None,
    held: Mapping[int, list[OccupiedPlace]] | None = None,
) -> dict[int, WorkplaceStanding]:
    """Workplace id -> how it stands with the ratio and its staff number on the day, by the municipality's rules.

    `book`, `held`: the rules and the places held from the day on, where they are read already. Raises RuleMissing.
    """
    numbers = (book or rule_book()).on(day, municipality_id)
    full_time = numbers[FULL_TIME]
    if held is None:
        held = places_held([workplace.id for workplace in workplaces], since=day)
    return {
        workplace.id: WorkplaceStanding(
            ratio=law.standing_on(
                day,
                Decimal(workplace.full_time_staff),
                law.in_persons((place.as_held for place in held.get(workplace.id, [])), full_time),
                others=Decimal(workplace.other_places),
                numbers=numbers,
            ),
            staff=staff_number(workplace.staff_stated_on, day, numbers),
            needs_representative=workplace.heads is None or workplace.heads > numbers[HEARD_ABOVE],
        )
        for workplace in workplaces
    }


def months_averaged(day: date, municipality_id: int | None) -> str:
    """Over how many months the staff number is an average, in words ("4 måneder"). Raises RuleMissing."""
    return numbers_on((AVERAGE_MONTHS,), day, municipality_id).in_words(AVERAGE_MONTHS)


def places_held(workplace_ids: Iterable[int], *, since: date) -> dict[int, list[OccupiedPlace]]:
    """Workplace id -> the places that the ratio counts and that somebody holds on that day or later."""
    statement = (
        sa.select(OccupiedPlace)
        .where(
            OccupiedPlace.workplace_id.in_(set(workplace_ids)),
            OccupiedPlace.form.in_(COUNTED_FORMS),
            OccupiedPlace.ends_on >= since,
        )
        .order_by(OccupiedPlace.starts_on, OccupiedPlace.id)
    )
    found: dict[int, list[OccupiedPlace]] = {}
    for place in db.session.scalars(statement):
        found.setdefault(place.workplace_id, []).append(place)
    return found
