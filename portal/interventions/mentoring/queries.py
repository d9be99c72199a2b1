"""Reads of mentors and agreements, scoped to the reader: another municipality's do not exist."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from portal.base import events
from portal.base.alphabet import alphabetical
from portal.base.clock import danish_day
from portal.base.database import db
from portal.interventions.mentoring.models import Mentor, MentorAgreement, MentorOrigin, MentorState
from portal.loop.cards.models import CardLanguage, CompetenceCard
from portal.loop.citizens.models import Citizen
from portal.loop.citizens.queries import citizens_found
from portal.loop.employers.models import Employer
from portal.loop.openings.models import Opening
from portal.loop.placements.models import Placement
from portal.loop.placements.queries import OPEN
from portal.shared.accounts.models import User
from portal.web.permissions import Action, Scope
from portal.web.searching import found

FREE, BUSY, ARCHIVED = "free", "busy", "archived"

A_LITTLE: Final = 0.001
"""Hours are stored as fractions."""


def mentors_seen_by(user: User) -> sa.Select[Mentor]:
    """The municipality's own, to whoever records its efforts."""
    statement = sa.select(Mentor)
    if user.scope_of(Action.RECORD_EFFORTS) is not Scope.MUNICIPALITY:
        return statement.where(sa.false())
    return statement.where(Mentor.municipality_id == user.municipality_id)


def agreements_seen_by(user: User) -> sa.Select[MentorAgreement]:
    """The municipality's own, to whoever records its efforts."""
    statement = sa.select(MentorAgreement).join(MentorAgreement.mentor)
    if user.scope_of(Action.RECORD_EFFORTS) is not Scope.MUNICIPALITY:
        return statement.where(sa.false())
    return statement.where(Mentor.municipality_id == user.municipality_id)


def mentor_for(user: User, mentor_id: int) -> Mentor:
    """Raises NoResultFound for another municipality's."""
    statement = mentors_seen_by(user).where(Mentor.id == mentor_id)
    return db.session.scalars(statement.options(joinedload(Mentor.employer))).one()


def agreement_for(user: User, agreement_id: int) -> MentorAgreement:
    """Raises NoResultFound for another municipality's."""
    statement = agreements_seen_by(user).where(MentorAgreement.id == agreement_id)
    return db.session.scalars(statement.options(*_whole())).one()


def agreement_by_link(agreement_id: int) -> MentorAgreement | None:
    return db.session.get(MentorAgreement, agreement_id)


def _whole(citizen: Any = joinedload) -> tuple[Any, ...]:
    """`citizen`: contains_eager where the statement has joined her."""
    return (
        contains_eager(MentorAgreement.mentor).joinedload(Mentor.employer),
        citizen(MentorAgreement.citizen),
        joinedload(MentorAgreement.placement).joinedload(Placement.opening).joinedload(Opening.workplace),
        joinedload(MentorAgreement.proposed_by),
    )


# --- Who is free -----------------------------------------------------------------------------------------------


def stands(on: date) -> sa.ColumnElement[bool]:
    """Agreements that take a mentor's hours on a day or later: also those that wait for an answer."""
    return sa.and_(
        MentorAgreement.withdrawn_at.is_(None),
        MentorAgreement.declined_at.is_(None),
        MentorAgreement.ended_on.is_(None),
        MentorAgreement.until_on >= on,
    )


def _hours_taken(on: date) -> sa.ColumnElement[float]:
    taken = (
        sa.select(sa.func.sum(MentorAgreement.hours_per_week))
        .where(MentorAgreement.mentor_id == Mentor.id, stands(on))
        .correlate(Mentor)
        .scalar_subquery()
    )
    return sa.func.coalesce(taken, 0.0)


def mentor_list(
    user: User, on: date, *, words: str = "", state: str = "", origin: str = ""
) -> sa.Select[Any]:
    """Rows of Mentor and `taken`, the hours of the agreements that stand. `state`: FREE, BUSY, ARCHIVED."""
    taken = _hours_taken(on)
    statement = (
        mentors_seen_by(user)
        .outerjoin(Mentor.employer)
        .options(contains_eager(Mentor.employer))
        .add_columns(taken.label("taken"))
        .where(Mentor.archived_at.is_not(None) if state == ARCHIVED else Mentor.archived_at.is_(None))
    )
    if words:
        statement = statement.where(found(words, Mentor.name, Mentor.languages, Employer.name))
    if origin in set(MentorOrigin):
        statement = statement.where(Mentor.origin == MentorOrigin(origin))
    if state in (FREE, BUSY):
        statement = statement.where((Mentor.hours_per_week - taken > A_LITTLE) == (state == FREE))
    return statement


@dataclass(frozen=True)
class MentorOffered:
    """A mentor who may be asked for somebody."""

    mentor: Mentor
    hours_free: float
    shared_languages: tuple[str, ...]
    """Hers that the mentor speaks too."""

    @property
    def is_free(self) -> bool:
        return self.hours_free > A_LITTLE


def offered_to(user: User, citizen: Citizen, on: date, *, words: str = "") -> list[MentorOffered]:
    """Those who speak a language of hers first, then those who are free, by name."""
    hers = languages_of(citizen.id)
    rows = db.session.execute(
        mentor_list(user, on, words=words).order_by(alphabetical(Mentor.name), Mentor.id)
    )
    offered = [
        MentorOffered(
            row.Mentor,
            max(0.0, row.Mentor.hours_per_week - row.taken),
            tuple(one for one in hers if row.Mentor.speaks(one)),
        )
        for row in rows
    ]
    return sorted(offered, key=lambda one: (not one.shared_languages, not one.is_free))


def languages_of(citizen_id: int) -> Sequence[str]:
    """What she speaks besides Danish, as her card says."""
    statement = (
        sa.select(CardLanguage.name)
        .join(CompetenceCard, CompetenceCard.id == CardLanguage.card_id)
        .where(CompetenceCard.citizen_id == citizen_id)
        .order_by(alphabetical(CardLanguage.name), CardLanguage.id)
    )
    return db.session.scalars(statement).all()


def open_placements(user: User, citizen: Citizen) -> Sequence[Placement]:
    """Hers that are planned or running, for which a mentor may be found."""
    statement = (
        sa.select(Placement)
        .join(Placement.card)
        .where(
            CompetenceCard.citizen_id == citizen.id,
            Placement.municipality_id == user.municipality_id,
            Placement.status.in_(OPEN),
        )
        .options(joinedload(Placement.opening).joinedload(Opening.workplace))
        .order_by(Placement.starts_on, Placement.id)
    )
    return db.session.scalars(statement).all()


# --- Agreements ------------------------------------------------------------------------------------------------


def open_agreements(mentor_id: int, on: date) -> bool:
    statement = sa.select(MentorAgreement.id).where(MentorAgreement.mentor_id == mentor_id, stands(on))
    return db.session.scalar(statement.limit(1)) is not None


def has_agreement(mentor_id: int, citizen_id: int, first: date, last: date) -> bool:
    """Whether the two have one that shares a day."""
    statement = sa.select(MentorAgreement.id).where(
        MentorAgreement.mentor_id == mentor_id,
        MentorAgreement.citizen_id == citizen_id,
        MentorAgreement.withdrawn_at.is_(None),
        MentorAgreement.declined_at.is_(None),
        MentorAgreement.from_on <= last,
        sa.func.coalesce(MentorAgreement.ended_on, MentorAgreement.until_on) >= first,
    )
    return db.session.scalar(statement.limit(1)) is not None


def first_told_on(mentor_id: int) -> date | None:
    """The day from which the mentor could know of a citizen."""
    first = sa.select(sa.func.min(MentorAgreement.proposed_at)).where(MentorAgreement.mentor_id == mentor_id)
    moment = db.session.scalar(first)
    return None if moment is None else danish_day(moment)


def in_state(state: MentorState, on: date) -> sa.ColumnElement[bool]:
    """The condition that `MentorAgreement.state_on` is `state`."""
    table = MentorAgreement
    if state is MentorState.WITHDRAWN:
        return table.withdrawn_at.is_not(None)
    here: list[sa.ColumnElement[bool]] = [table.withdrawn_at.is_(None)]
    if state is MentorState.DECLINED:
        return sa.and_(*here, table.declined_at.is_not(None))
    if state is MentorState.PROPOSED:
        return sa.and_(*here, table.declined_at.is_(None), table.agreed_at.is_(None))
    here.append(table.agreed_at.is_not(None))
    over = sa.or_(table.until_on < on, sa.func.coalesce(table.ended_on, date.max) <= on)
    if state is MentorState.OVER:
        return sa.and_(*here, over)
    return sa.and_(
        *here, sa.not_(over), table.from_on <= on if state is MentorState.RUNNING else table.from_on > on
    )


def agreement_list(
    user: User, on: date, *, words: str = "", state: str = "", mentor_id: int | None = None
) -> sa.Select[Any]:
    """Agreements with mentor, citizen and place."""
    cards = events.cards_by_citizen()
    statement = agreements_seen_by(user).join(MentorAgreement.citizen).options(*_whole(contains_eager))
    if words:
        statement = statement.outerjoin(cards, cards.c.citizen_id == Citizen.id).where(
            sa.or_(found(words, Mentor.name), citizens_found(words, cards.c.number))
        )
    if state in set(MentorState):
        statement = statement.where(in_state(MentorState(state), on))
    return statement if mentor_id is None else statement.where(MentorAgreement.mentor_id == mentor_id)


def agreements_of(
    user: User, *, citizen_id: int | None = None, placement_id: int | None = None
) -> Sequence[MentorAgreement]:
    """Of a citizen or of a placement, the latest first; withdrawn ones are left out."""
    statement = agreements_seen_by(user).where(MentorAgreement.withdrawn_at.is_(None)).options(*_whole())
    if citizen_id is not None:
        statement = statement.where(MentorAgreement.citizen_id == citizen_id)
    if placement_id is not None:
        statement = statement.where(MentorAgreement.placement_id == placement_id)
    return db.session.scalars(
        statement.order_by(MentorAgreement.from_on.desc(), MentorAgreement.id.desc())
    ).all()


def hers_now(citizen_id: int, on: date) -> Sequence[MentorAgreement]:
    """Agreed with a mentor and not over: what she reads on her own page."""
    statement = (
        sa.select(MentorAgreement)
        .join(MentorAgreement.mentor)
        .where(
            MentorAgreement.citizen_id == citizen_id,
            sa.or_(in_state(MentorState.RUNNING, on), in_state(MentorState.AGREED, on)),
        )
        .options(contains_eager(MentorAgreement.mentor))
        .order_by(MentorAgreement.from_on, MentorAgreement.id)
    )
    return db.session.scalars(statement).all()


# --- Numbers ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class MentorNumbers:
    """What is told without a name."""

    mentors: int
    free: int
    running: int
    begun_this_year: int
    begun_last_year: int


def numbers_of(municipality_id: int | None, on: date) -> MentorNumbers:
    """In two statements."""
    mentors, free = db.session.execute(
        sa.select(
            sa.func.count(),
            sa.func.coalesce(
                sa.func.sum(sa.case((Mentor.hours_per_week - _hours_taken(on) > A_LITTLE, 1), else_=0)), 0
            ),
        ).where(Mentor.municipality_id == municipality_id, Mentor.archived_at.is_(None))
    ).one()

    def begun(year: int) -> Any:
        in_year = MentorAgreement.from_on.between(date(year, 1, 1), min(on, date(year, 12, 31)))
        return _count(
            sa.and_(MentorAgreement.agreed_at.is_not(None), MentorAgreement.withdrawn_at.is_(None), in_year)
        )

    counted = sa.select(_count(in_state(MentorState.RUNNING, on)), begun(on.year), begun(on.year - 1)).join(
        MentorAgreement.mentor
    )
    running, this_year, last_year = db.session.execute(
        counted.where(Mentor.municipality_id == municipality_id)
    ).one()
    return MentorNumbers(mentors, free, running, this_year, last_year)


def _count(condition: sa.ColumnElement[bool]) -> Any:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)
