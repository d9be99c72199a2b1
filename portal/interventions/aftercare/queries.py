"""Reads of talks after somebody was hired, scoped to the reader: another municipality's do not exist."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from portal.base import events
from portal.base.database import days_between, db
from portal.base.terms import SpellKind
from portal.interventions.aftercare.models import JobTalk, StillThere, TalkState
from portal.interventions.target_groups.models import Spell, SpellProposal
from portal.interventions.target_groups.queries import standing
from portal.loop.citizens.models import Citizen
from portal.loop.citizens.queries import citizens_found
from portal.loop.openings.models import Opening
from portal.loop.placements.models import Placement
from portal.shared.accounts.models import User
from portal.web.permissions import Action, Scope

OPEN: Final = (JobTalk.held_on.is_(None), JobTalk.cancelled_at.is_(None))
"""To be held."""
TO_BE_HELD_FIRST: Final = sa.case(
    (sa.and_(*OPEN), 0), else_=days_between(JobTalk.due_on, sa.literal(date.max, sa.Date))
)
"""An order: what is to be held comes first, and of the others the latest."""


def talks_seen_by(user: User) -> sa.Select[JobTalk]:
    """The municipality's own, to whoever records its efforts."""
    statement = sa.select(JobTalk).join(JobTalk.citizen)
    if user.scope_of(Action.RECORD_EFFORTS) is not Scope.MUNICIPALITY:
        return statement.where(sa.false())
    return statement.where(Citizen.municipality_id == user.municipality_id)


def _whole() -> tuple[Any, ...]:
    opening = joinedload(JobTalk.placement).joinedload(Placement.opening)
    return (
        contains_eager(JobTalk.citizen),
        opening.joinedload(Opening.workplace),
        joinedload(JobTalk.recorded_by),
    )


def talk_for(user: User, talk_id: int) -> JobTalk:
    """Raises NoResultFound for another municipality's."""
    statement = talks_seen_by(user).where(JobTalk.id == talk_id)
    return db.session.scalars(statement.options(*_whole())).one()


def in_state(state: TalkState, on: date) -> sa.ColumnElement[bool]:
    """The condition that `JobTalk.state_on` is `state`."""
    if state is TalkState.HELD:
        return JobTalk.held_on.is_not(None)
    if state is TalkState.CANCELLED:
        return JobTalk.cancelled_at.is_not(None)
    return sa.and_(*OPEN, JobTalk.due_on < on if state is TalkState.OVERDUE else JobTalk.due_on >= on)


def talk_list(
    user: User, on: date, *, words: str = "", state: str = "", still_there: str = ""
) -> sa.Select[Any]:
    """All but the cancelled, unless they are asked for."""
    statement = talks_seen_by(user).options(*_whole())
    if words:
        cards = events.cards_by_citizen()
        statement = statement.outerjoin(cards, cards.c.citizen_id == Citizen.id).where(
            citizens_found(words, cards.c.number)
        )
    if still_there in set(StillThere):
        statement = statement.where(JobTalk.still_there == StillThere(still_there))
    if state in set(TalkState):
        return statement.where(in_state(TalkState(state), on))
    return statement.where(JobTalk.cancelled_at.is_(None))


def talks_of(placement_id: int) -> Sequence[JobTalk]:
    statement = sa.select(JobTalk).where(JobTalk.placement_id == placement_id)
    return db.session.scalars(statement.order_by(JobTalk.due_on, JobTalk.id)).all()


def next_talk_of(citizen_id: int) -> JobTalk | None:
    """The first that is to be held."""
    statement = sa.select(JobTalk).where(JobTalk.citizen_id == citizen_id, *OPEN)
    return db.session.scalar(statement.order_by(JobTalk.due_on, JobTalk.id).limit(1))


def job_of(talk: JobTalk) -> Spell | None:
    """The period in work that the placement led to and that has no end; None where it cannot be told which."""
    spells = db.session.scalars(
        sa.select(Spell).where(
            Spell.citizen_id == talk.citizen_id,
            Spell.kind == SpellKind.ORDINARY_WORK,
            Spell.until_on.is_(None),
            standing(Spell),
        )
    ).all()
    written = db.session.scalar(
        sa.select(SpellProposal.spell_id).where(SpellProposal.placement_id == talk.placement_id)
    )
    known = next((one for one in spells if one.id == written), None)
    return known or (spells[0] if len(spells) == 1 else None)


@dataclass(frozen=True)
class TalkNumbers:
    """Of the talks after so many months: how many were held, and what was said."""

    held: int
    still_there: int
    overdue: int


def numbers_of(municipality_id: int | None, on: date) -> Mapping[int, TalkNumbers]:
    """By months."""

    def count(condition: sa.ColumnElement[bool]) -> Any:
        return sa.func.sum(sa.case((condition, 1), else_=0))

    statement = (
        sa.select(
            JobTalk.months,
            count(JobTalk.held_on.is_not(None)),
            count(sa.and_(JobTalk.still_there.is_not(None), JobTalk.still_there == StillThere.YES)),
            count(in_state(TalkState.OVERDUE, on)),
        )
        .join(JobTalk.citizen)
        .where(Citizen.municipality_id == municipality_id)
        .group_by(JobTalk.months)
        .order_by(JobTalk.months)
    )
    return {row[0]: TalkNumbers(*row[1:]) for row in db.session.execute(statement)}
