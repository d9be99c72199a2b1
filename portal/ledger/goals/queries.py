"""Reads of goals: the targets of the reader's own municipality, and what was frozen of them."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import joinedload

from portal.base.database import db
from portal.ledger.goals.models import FrozenFigure, Goal, GoalChange
from portal.shared.accounts.models import User


def goals_of(municipality_id: int) -> list[Goal]:
    """All goals of a municipality, by the end of their period."""
    statement = sa.select(Goal).where(Goal.municipality_id == municipality_id).order_by(Goal.last_on, Goal.id)
    return list(db.session.scalars(statement))


def goal_for(user: User, goal_id: int) -> Goal:
    """Raises NoResultFound for another municipality's."""
    statement = sa.select(Goal).where(Goal.id == goal_id, Goal.municipality_id == user.municipality_id)
    return db.session.scalars(statement).one()


def one_of(goals: Sequence[Goal], goal_id: int) -> Goal:
    """A goal of those that were read. Raises NoResultFound when it is not among them."""
    for goal in goals:
        if goal.id == goal_id:
            return goal
    raise NoResultFound


def frozen_of(goals: Sequence[Goal]) -> dict[int, FrozenFigure]:
    """Goal id -> its frozen figure, of those that have one."""
    if not goals:
        return {}
    places = {goal.municipality_id for goal in goals}
    statement = sa.select(FrozenFigure).where(FrozenFigure.municipality_id.in_(places))
    wanted = {goal.id for goal in goals}
    return {one.goal_id: one for one in db.session.scalars(statement) if one.goal_id in wanted}


def changes_of(goal: Goal) -> list[GoalChange]:
    """What was done to a goal, the latest first, with who did it."""
    statement = sa.select(GoalChange).where(GoalChange.goal_id == goal.id).order_by(GoalChange.id.desc())
    return list(db.session.scalars(statement.options(joinedload(GoalChange.by))))
