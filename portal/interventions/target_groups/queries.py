"""Reads of target groups and of where people are: on a day, and as it was known at a moment."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.base.alphabet import alphabetical
from portal.base.database import db
from portal.base.events import KnownGrounds
from portal.interventions.target_groups.models import (
    Arrival,
    LadderStep,
    Membership,
    Spell,
    SpellProposal,
    StepPlacing,
    TargetGroup,
    WorkLadder,
)
from portal.loop.openings.models import Opening
from portal.loop.placements.models import Placement


def standing(table: Any, known_at: datetime | None = None) -> sa.ColumnElement[bool]:
    """Rows that no other has taken the place of, now or as it was known at a moment."""
    if known_at is None:
        return sa.and_(table.replaced_at.is_(None))
    return sa.and_(
        table.recorded_at <= known_at, sa.or_(table.replaced_at.is_(None), table.replaced_at > known_at)
    )


def covering(table: Any, on: date) -> sa.ColumnElement[bool]:
    """Rows whose days the day is one of."""
    return sa.and_(table.from_on <= on, sa.or_(table.until_on.is_(None), table.until_on >= on))


def within(table: Any, first: date, last: date) -> sa.ColumnElement[bool]:
    """Rows that hold on at least one day from the first to the last."""
    return sa.and_(table.from_on <= last, sa.or_(table.until_on.is_(None), table.until_on >= first))


def memberships_of(citizen_id: int) -> list[Membership]:
    """Those that stand, the latest first."""
    statement = (
        sa.select(Membership)
        .where(Membership.citizen_id == citizen_id, standing(Membership))
        .options(joinedload(Membership.group), joinedload(Membership.recorded_by))
        .order_by(Membership.from_on.desc(), Membership.id.desc())
    )
    return list(db.session.scalars(statement))


def all_spells_of(citizen_id: int) -> list[Spell]:
    """Also those that were replaced, the latest first."""
    statement = (
        sa.select(Spell)
        .where(Spell.citizen_id == citizen_id)
        .options(joinedload(Spell.recorded_by))
        .order_by(Spell.from_on.desc(), Spell.id.desc())
    )
    return list(db.session.scalars(statement))


def spells_of(citizen_id: int) -> list[Spell]:
    """Those that stand, the latest first."""
    statement = (
        sa.select(Spell)
        .where(Spell.citizen_id == citizen_id, standing(Spell))
        .options(joinedload(Spell.recorded_by))
        .order_by(Spell.from_on.desc(), Spell.id.desc())
    )
    return list(db.session.scalars(statement))


def spells_of_placement(placement_id: int) -> list[Spell]:
    """Those that stand and came from it."""
    statement = sa.select(Spell).where(Spell.placement_id == placement_id, standing(Spell))
    return list(db.session.scalars(statement.order_by(Spell.id)))


def is_member(group_id: int, citizen_id: int, first: date, last: date | None) -> bool:
    """Whether she is in the group on some of the days."""
    statement = sa.select(Membership.id).where(
        Membership.group_id == group_id,
        Membership.citizen_id == citizen_id,
        standing(Membership),
        within(Membership, first, last or date.max),
    )
    return db.session.scalar(statement.limit(1)) is not None


def placings_of(citizen_id: int) -> list[StepPlacing]:
    """Those that stand, the latest first."""
    statement = (
        sa.select(StepPlacing)
        .where(StepPlacing.citizen_id == citizen_id, standing(StepPlacing))
        .options(
            joinedload(StepPlacing.step).joinedload(LadderStep.ladder), joinedload(StepPlacing.recorded_by)
        )
        .order_by(StepPlacing.from_on.desc(), StepPlacing.id.desc())
    )
    return list(db.session.scalars(statement))


def arrival_of(citizen_id: int) -> Arrival | None:
    statement = sa.select(Arrival).where(Arrival.citizen_id == citizen_id, standing(Arrival))
    return db.session.scalar(statement.options(joinedload(Arrival.recorded_by)))


def grounds_known_of(citizen_id: int, *, on: date) -> KnownGrounds:
    """Answers `events.grounds_known_of`: R24 from the step she stands on, and the day she arrived."""
    arrival = arrival_of(citizen_id)
    arrived_on = arrival.arrived_on if arrival is not None and arrival.arrived_on <= on else None
    steps = (placing.step for placing in placed_on(placings_of(citizen_id), on))
    readiness = next((step.readiness for step in steps if step.readiness is not None), None)
    return KnownGrounds(readiness, arrived_on)


def placed_on(placings: Iterable[StepPlacing], on: date) -> list[StepPlacing]:
    """Of each ladder in use the placing that holds on the day, the latest first."""
    held: dict[int, StepPlacing] = {}
    for placing in placings:
        if placing.from_on <= on and not placing.step.ladder.is_archived:
            held.setdefault(placing.step.ladder_id, placing)
    return list(held.values())


def group_name_taken(municipality_id: int, name: str, *, but: int | None = None) -> bool:
    statement = sa.select(TargetGroup.id).where(
        TargetGroup.municipality_id == municipality_id,
        sa.func.lower(TargetGroup.name) == name.lower(),
        TargetGroup.id != (but or 0),
    )
    return db.session.scalar(statement) is not None


def ladder_name_taken(municipality_id: int, name: str, *, but: int | None = None) -> bool:
    statement = sa.select(WorkLadder.id).where(
        WorkLadder.municipality_id == municipality_id,
        sa.func.lower(WorkLadder.name) == name.lower(),
        WorkLadder.id != (but or 0),
    )
    return db.session.scalar(statement) is not None


def spell_of(citizen_id: int, spell_id: int) -> Spell:
    """Raises NoResultFound for another's, or for a row that was replaced."""
    statement = sa.select(Spell).where(Spell.id == spell_id, Spell.citizen_id == citizen_id, standing(Spell))
    options = (joinedload(Spell.citizen), joinedload(Spell.recorded_by))
    return db.session.scalars(statement.options(*options)).one()


def placing_of(citizen_id: int, placing_id: int) -> StepPlacing:
    """Raises NoResultFound for another's, or for a row that was replaced."""
    statement = sa.select(StepPlacing).where(
        StepPlacing.id == placing_id, StepPlacing.citizen_id == citizen_id, standing(StepPlacing)
    )
    return db.session.scalars(statement).one()


def proposals_waiting(citizen_id: int) -> list[SpellProposal]:
    """Those that nobody has confirmed or dismissed, with the placement each came from."""
    statement = (
        sa.select(SpellProposal)
        .where(SpellProposal.citizen_id == citizen_id, SpellProposal.decided_at.is_(None))
        .options(
            joinedload(SpellProposal.placement).joinedload(Placement.opening).joinedload(Opening.workplace)
        )
        .order_by(SpellProposal.from_on, SpellProposal.id)
    )
    return list(db.session.scalars(statement))


def proposal_of(citizen_id: int, proposal_id: int) -> SpellProposal:
    """Raises NoResultFound for another's."""
    statement = sa.select(SpellProposal).where(
        SpellProposal.id == proposal_id, SpellProposal.citizen_id == citizen_id
    )
    return db.session.scalars(statement).one()


def members_on(group_id: int | None, day: date, *, known_at: datetime | None = None) -> sa.Select[int]:
    """Ids of the citizens who are in a group on a day. A subquery."""
    return sa.select(Membership.citizen_id).where(
        Membership.group_id == group_id, standing(Membership, known_at), covering(Membership, day)
    )


def groups_of(municipality_id: int) -> list[TargetGroup]:
    """A municipality's groups that are in use, by name."""
    statement = (
        sa.select(TargetGroup)
        .where(TargetGroup.municipality_id == municipality_id, TargetGroup.archived_at.is_(None))
        .order_by(alphabetical(TargetGroup.name), TargetGroup.id)
    )
    return list(db.session.scalars(statement))
