"""Reads of goals: the targets of the reader's own municipality."""

import sqlalchemy as sa

from portal.base.database import db
from portal.ledger.goals.models import Goal
from portal.shared.accounts.models import User


def goals_of(municipality_id: int) -> list[Goal]:
    """All goals of a municipality, by measure and year."""
    statement = sa.select(Goal).where(Goal.municipality_id == municipality_id).order_by(Goal.year, Goal.id)
    return list(db.session.scalars(statement))


def goal_for(user: User, goal_id: int) -> Goal:
    """Raises NoResultFound for another municipality's."""
    statement = sa.select(Goal).where(Goal.id == goal_id, Goal.municipality_id == user.municipality_id)
    return db.session.scalars(statement).one()
