"""Who is whose neighbour on a day: the one place that says so."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from portal.base.database import db
from portal.shared.accounts.models import User
from portal.shared.neighbours.models import NeighbourAgreement as Agreement
from portal.shared.neighbours.models import NeighbourRequest
from portal.web.permissions import Action, Scope

Column = sa.ColumnElement[int] | InstrumentedAttribute[int]


def holds_on(day: date) -> sa.ColumnElement[bool]:
    return sa.and_(
        Agreement.starts_on <= day, sa.or_(Agreement.closed_from.is_(None), Agreement.closed_from > day)
    )


def neighbour_ids(municipality_id: int | None, *, on: date) -> sa.Select[int]:
    """Ids of those whose shared openings a municipality sees on the day, and that see its. A subquery."""
    other = sa.case((Agreement.first_id == municipality_id, Agreement.second_id), else_=Agreement.first_id)
    return sa.select(other).where(_concerns(municipality_id), holds_on(on))


def are_neighbours(one_id: int, other_id: int, *, on: date) -> bool:
    statement = neighbour_ids(one_id, on=on).where(_concerns(other_id))
    return db.session.execute(statement.limit(1)).first() is not None


def shared_between(one: Column, other: Column, *, on: date) -> sa.ColumnElement[bool]:
    """The same of two columns: whether their municipalities are neighbours on the day."""
    pair = sa.or_(
        sa.and_(Agreement.first_id == one, Agreement.second_id == other),
        sa.and_(Agreement.first_id == other, Agreement.second_id == one),
    )
    return sa.exists().where(pair, holds_on(on))


def _concerns(municipality_id: int | None) -> sa.ColumnElement[bool]:
    return sa.or_(Agreement.first_id == municipality_id, Agreement.second_id == municipality_id)


def agreements_seen_by(user: User) -> sa.Select[Agreement]:
    """All of them for whoever runs the portal, her own municipality's for its people; the newest first."""
    statement = sa.select(Agreement).order_by(Agreement.starts_on.desc(), Agreement.id.desc())
    scope = user.scope_of(Action.READ_NEIGHBOURS)
    if scope is Scope.INSTALLATION:
        return statement
    if scope is Scope.MUNICIPALITY:
        return statement.where(_concerns(user.municipality_id))
    return statement.where(sa.false())


def agreement_for(user: User, agreement_id: int) -> Agreement:
    """Raises NoResultFound."""
    return db.session.scalars(agreements_seen_by(user).where(Agreement.id == agreement_id)).one()


def requests_seen_by(user: User) -> sa.Select[NeighbourRequest]:
    """What her municipality asked others and was asked, the oldest first; nothing for who runs the portal."""
    own = user.municipality_id
    statement = sa.select(NeighbourRequest).order_by(NeighbourRequest.asked_at, NeighbourRequest.id)
    if user.scope_of(Action.READ_NEIGHBOURS) is not Scope.MUNICIPALITY:
        return statement.where(sa.false())
    return statement.where(sa.or_(NeighbourRequest.asker_id == own, NeighbourRequest.asked_id == own))


def request_for(user: User, request_id: int) -> NeighbourRequest:
    """To be answered: another answer waits, and then finds none. Raises NoResultFound."""
    return _held(requests_seen_by(user), request_id)


def request_to(user: User, request_id: int) -> NeighbourRequest:
    """One that waits for her own municipality's answer. Raises NoResultFound."""
    to_her = requests_seen_by(user).where(NeighbourRequest.asked_id == user.municipality_id)
    return _held(to_her, request_id)


def _held(among: sa.Select[NeighbourRequest], request_id: int) -> NeighbourRequest:
    wanted = among.where(NeighbourRequest.id == request_id)
    return db.session.scalars(wanted.with_for_update(of=NeighbourRequest)).one()
