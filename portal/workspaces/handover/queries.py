"""Reads of who looks after whose cases, and how many there are to hand over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.base.alphabet import alphabetical
from portal.base.database import db
from portal.interventions.cohorts.models import Cohort
from portal.loop.cards.models import CompetenceCard
from portal.loop.citizens.models import Citizen
from portal.loop.placements.models import FollowUp, Placement, PlacementStatus
from portal.loop.placements.queries import TO_COME
from portal.shared.accounts.models import User
from portal.web.permissions import Action, Scope
from portal.workspaces.contacts.models import EmployerContact
from portal.workspaces.contacts.queries import STEP_WAITS
from portal.workspaces.handover.models import CaseCover
from portal.workspaces.tasks.models import DeskTask


def covers_seen_by(user: User) -> sa.Select[CaseCover]:
    """The municipality's own, to its consultants."""
    statement = sa.select(CaseCover)
    if user.scope_of(Action.MANAGE_CITIZENS) is not Scope.MUNICIPALITY:
        return statement.where(sa.false())
    return statement.where(CaseCover.municipality_id == user.municipality_id)


def cover_for(user: User, cover_id: int) -> CaseCover:
    """Raises NoResultFound for another municipality's."""
    return db.session.scalars(covers_seen_by(user).where(CaseCover.id == cover_id)).one()


def _not_over(on: date) -> sa.ColumnElement[bool]:
    return sa.and_(
        CaseCover.ended_at.is_(None), sa.or_(CaseCover.until_on.is_(None), CaseCover.until_on >= on)
    )


def standing_covers(user: User, on: date) -> Sequence[CaseCover]:
    """Those that hold on the day or later, of the municipality, with both names."""
    statement = covers_seen_by(user).where(_not_over(on))
    both = (joinedload(CaseCover.away), joinedload(CaseCover.stand_in))
    return db.session.scalars(statement.options(*both).order_by(CaseCover.from_on, CaseCover.id)).all()


def covered_by(user: User, on: date, covers: Sequence[CaseCover]) -> list[CaseCover]:
    """Whose cases the user looks after on the day: also of those whose own stand-in is away and has her as hers."""
    holding = [one for one in covers if one.from_on <= on]
    reached, found = {user.id}, []
    while new := [one for one in holding if one.stand_in_id in reached and one.away_id not in reached]:
        found += new
        reached |= {one.away_id for one in new}
    return found


def works_for(user: User, on: date, covers: Sequence[CaseCover] | None = None) -> frozenset[int]:
    """Answers `events.works_for`; `covers`: those that stand, where they were read."""
    hers = covered_by(user, on, standing_covers(user, on) if covers is None else covers)
    return frozenset({user.id, *(one.away_id for one in hers)})


def is_covered_between(away_id: int, first: date, last: date | None) -> bool:
    """Whether somebody looks after her cases on one of the days already; those given for good ask nobody."""
    ahead = sa.true() if last is None else CaseCover.from_on <= last
    statement = sa.select(CaseCover.id).where(
        CaseCover.away_id == away_id, CaseCover.until_on.is_not(None), _not_over(first), ahead
    )
    return db.session.scalar(statement.limit(1)) is not None


def who_left_cases(user: User, on: date) -> Sequence[User]:
    """Colleagues who sign in no more and still have something to hand over, by name.

    What is not moved for good (`GIVEN`) is somebody's where a cover for good stands.
    """
    left = hers(User.id, on)
    given = sa.exists().where(
        CaseCover.away_id == User.id, CaseCover.until_on.is_(None), CaseCover.ended_at.is_(None)
    )
    statement = sa.select(User).where(
        User.municipality_id == user.municipality_id,
        User.disabled_at.is_not(None),
        sa.or_(
            *(left[name].exists() for name in GIVEN),
            sa.and_(~given, sa.or_(*(left[name].exists() for name in left if name not in GIVEN))),
        ),
    )
    return db.session.scalars(statement.order_by(alphabetical(User.name), User.id)).all()


@dataclass(frozen=True)
class CaseCounts:
    """How many of each kind would go over."""

    citizens: int
    tasks: int
    follow_ups: int
    next_steps: int
    cohorts: int


GIVEN: Final = ("citizens", "tasks", "cohorts")
"""What becomes the other's when cases are given for good, by the names of CaseCounts."""


def hers(away_id: Any, on: date) -> dict[str, sa.Select[Any]]:
    """What is somebody's on a day, by the names of CaseCounts; each a select of ids."""
    owner = sa.func.coalesce(Citizen.consultant_id, Placement.planned_by_id)
    follow_ups = (
        sa.select(FollowUp.id)
        .join(FollowUp.placement)
        .join(Placement.card)
        .join(CompetenceCard.citizen)
        .where(owner == away_id, Placement.status != PlacementStatus.CANCELLED, *TO_COME)
    )
    return {
        "citizens": sa.select(Citizen.id).where(Citizen.consultant_id == away_id),
        "tasks": sa.select(DeskTask.id).where(DeskTask.owner_id == away_id, DeskTask.done_at.is_(None)),
        "follow_ups": follow_ups,
        "next_steps": sa.select(EmployerContact.id).where(
            EmployerContact.written_by_id == away_id, STEP_WAITS
        ),
        "cohorts": sa.select(Cohort.id).where(Cohort.lead_id == away_id, Cohort.last_on >= on),
    }


def counts_of(away_id: int, on: date) -> CaseCounts:
    """In one statement."""
    columns = [
        sa.select(sa.func.count()).select_from(one.subquery()).scalar_subquery().label(name)
        for name, one in hers(away_id, on).items()
    ]
    return CaseCounts(**db.session.execute(sa.select(*columns)).one()._mapping)
