"""Reads of partnerships: those of the reader's own municipality."""

from collections.abc import Iterable
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from portal.base.alphabet import alphabetical
from portal.base.database import db
from portal.loop.employers.models import Employer, EmployerStatus
from portal.loop.openings.models import Opening
from portal.loop.partnerships.models import Partnership, PartnershipConsultant
from portal.loop.placements.models import Placement
from portal.shared.accounts.models import User
from portal.shared.neighbours.queries import neighbour_ids
from portal.web.permissions import Action, Scope
from portal.web.searching import found


def visible_partnerships(user: User) -> sa.Select[Partnership]:
    """The agreements of the user's own municipality."""
    if user.scope_of(Action.READ_PARTNERSHIPS) is not Scope.MUNICIPALITY:
        return sa.select(Partnership).where(sa.false())
    return sa.select(Partnership).where(Partnership.municipality_id == user.municipality_id)


def partnership_for(user: User, partnership_id: int) -> Partnership:
    """Raises NoResultFound for another municipality's."""
    statement = (
        visible_partnerships(user)
        .where(Partnership.id == partnership_id)
        .options(
            joinedload(Partnership.employer),
            selectinload(Partnership.namings)
            .joinedload(PartnershipConsultant.user)
            .joinedload(User.municipality),
        )
    )
    return db.session.scalars(statement).unique().one()


def listed(municipality_id: int, ids: Iterable[int]) -> sa.Select[Partnership]:
    """The chosen partnerships of a municipality with their employers, to be sorted and paged."""
    return (
        sa.select(Partnership)
        .join(Partnership.employer)
        .where(Partnership.municipality_id == municipality_id, Partnership.id.in_(list(ids)))
        .options(contains_eager(Partnership.employer))
    )


def searched(statement: sa.Select[Partnership], words: str) -> sa.Select[Partnership]:
    return statement.where(found(words, Employer.name, numbers=(Employer.cvr,)))


def overlapping(employer_id: int, municipality_id: int, day: date) -> Partnership | None:
    """An agreement of the employer with the municipality that runs on the day or begins later."""
    statement = (
        sa.select(Partnership)
        .where(
            Partnership.employer_id == employer_id,
            Partnership.municipality_id == municipality_id,
            sa.or_(Partnership.ends_on.is_(None), Partnership.ends_on >= day),
        )
        .order_by(Partnership.signed_on, Partnership.id)
        .limit(1)
    )
    return db.session.scalar(statement)


def possible_partners(user: User, *, on: date) -> list[Employer]:
    """Active employers without an open agreement: the municipality's own, and those elsewhere it has worked with."""
    taken = sa.select(Partnership.employer_id).where(
        Partnership.municipality_id == user.municipality_id, Partnership.ends_on.is_(None)
    )
    statement = (
        sa.select(Employer)
        .where(_within_reach(user, on), Employer.status == EmployerStatus.ACTIVE, Employer.id.not_in(taken))
        .order_by(alphabetical(Employer.name), Employer.id)
    )
    return list(db.session.scalars(statement))


def partner_for(user: User, employer_id: int, *, on: date) -> Employer:
    """Raises NoResultFound for an employer out of the municipality's reach."""
    return db.session.scalars(
        sa.select(Employer).where(Employer.id == employer_id, _within_reach(user, on))
    ).one()


def _within_reach(user: User, on: date) -> sa.ColumnElement[bool]:
    shared = sa.select(Opening.employer_id).where(
        Opening.visible_to_neighbours,
        Opening.published_at.is_not(None),
        Opening.municipality_id.in_(neighbour_ids(user.municipality_id, on=on)),
    )
    placed = sa.select(Placement.employer_id).where(Placement.municipality_id == user.municipality_id)
    return sa.or_(
        Employer.municipality_id == user.municipality_id, Employer.id.in_(shared), Employer.id.in_(placed)
    )
