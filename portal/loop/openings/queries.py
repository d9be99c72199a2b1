"""Reads of openings, scoped to the reader, and their form as the matcher wants it."""

from collections.abc import Iterable
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from portal import matching
from portal.base import places
from portal.base.database import db
from portal.base.events import DraftLine
from portal.base.terms import Industry, PlacementForm
from portal.loop.employers.models import Employer, EmployerStatus
from portal.loop.employers.queries import own_employer_ids
from portal.loop.openings.models import CAN_EXPIRE, Opening, OpeningStatus, OpeningTask, PromiseState
from portal.shared.accounts.models import User
from portal.shared.neighbours.queries import neighbour_ids
from portal.shared.skills.stored import AS_STORED, ReadAs, StoredMeaning
from portal.web.permissions import Action, Scope
from portal.web.searching import found

_SHARED = (OpeningStatus.PUBLISHED, OpeningStatus.PAUSED, OpeningStatus.FILLED, OpeningStatus.EXPIRED)
"""What neighbours may see of a shared opening: they may have placed somebody there."""


def visible_openings(user: User, *, on: date) -> sa.Select[Opening]:
    """The employer's own; the municipality's, and what its neighbours of the day share."""
    statement = sa.select(Opening).order_by(Opening.id.desc())
    scope = user.scope_of(Action.READ_OPENINGS)
    if scope is Scope.EMPLOYER:
        return statement.where(Opening.employer_id.in_(own_employer_ids(user)))
    if scope is Scope.MUNICIPALITY and user.municipality_id is not None:
        return statement.where(
            sa.or_(
                Opening.municipality_id == user.municipality_id,
                sa.and_(
                    Opening.visible_to_neighbours,
                    Opening.status.in_(_SHARED),
                    Opening.municipality_id.in_(neighbour_ids(user.municipality_id, on=on)),
                ),
            )
        )
    return statement.where(sa.false())


def opening_for(user: User, opening_id: int, *, on: date) -> Opening:
    """With employer, workplace and tasks. Raises NoResultFound."""
    return _one(visible_openings(user, on=on), opening_id)


def editable_opening_for(user: User, opening_id: int) -> Opening:
    """An opening the user may change: not a neighbour's, however visible. Raises NoResultFound."""
    return _one(own_openings(user), opening_id)


def own_openings(user: User) -> sa.Select[Opening]:
    """Those of the employer or municipality the user writes for, the newest first; without what neighbours share."""
    statement, scope = sa.select(Opening).order_by(Opening.id.desc()), user.scope_of(Action.REGISTER_OPENING)
    if scope is Scope.EMPLOYER:
        return statement.where(Opening.employer_id.in_(own_employer_ids(user)))
    if scope is Scope.MUNICIPALITY:
        return statement.where(Opening.municipality_id == user.municipality_id)
    return statement.where(sa.false())


def drafts_of_employer(employer_id: int) -> list[DraftLine]:
    """Openings of the employer that nobody has posted, the oldest first."""
    statement = (
        sa.select(Opening.id, Opening.title)
        .where(Opening.employer_id == employer_id, Opening.status == OpeningStatus.DRAFT)
        .order_by(Opening.id)
    )
    return [DraftLine(*row) for row in db.session.execute(statement)]


def opening_by_link(opening_id: int) -> Opening:
    """For whoever holds a signed link to it. Raises NoResultFound."""
    return _one(sa.select(Opening), opening_id)


def _one(statement: sa.Select[Opening], opening_id: int) -> Opening:
    whole = (
        joinedload(Opening.employer),
        joinedload(Opening.workplace),
        selectinload(Opening.tasks).joinedload(OpeningTask.skill),
        selectinload(Opening.conditions),
    )
    return db.session.scalars(statement.where(Opening.id == opening_id).options(*whole)).one()


def opening_list(  # noqa: PLR0913 - a list has that many filters
    user: User,
    *,
    today: date,
    words: str = "",
    status: str = "",
    form: str = "",
    industry: str = "",
    answer: str = "",
    at: datetime | None = None,
) -> sa.Select[Opening]:
    """The list of openings with employer and workplace; an unknown filter value finds nothing."""
    statement = (
        visible_openings(user, on=today)
        .join(Opening.employer)
        .options(joinedload(Opening.employer), joinedload(Opening.workplace))
    )
    if status:
        statement = statement.where(_has_status(status, today))
    if answer:
        statement = statement.where(_is_promised(answer, at, today), _is_ours_to_answer(user))
    if form:
        statement = statement.where(Opening.form == form if form in set(PlacementForm) else sa.false())
    if industry:
        statement = statement.where(Opening.industry == industry if industry in set(Industry) else sa.false())
    if words:
        statement = statement.where(found(words, Opening.title, Employer.name))
    return statement


def _has_status(status: str, today: date) -> sa.ColumnElement[bool]:
    """As `Opening.status_on` says it."""
    over = sa.and_(Opening.status.in_(CAN_EXPIRE), Opening.expires_on < today)
    if status == OpeningStatus.EXPIRED:
        return sa.or_(Opening.status == OpeningStatus.EXPIRED, over)
    if status in CAN_EXPIRE:
        return sa.and_(Opening.status == status, Opening.expires_on >= today)
    return Opening.status == status if status in set(OpeningStatus) else sa.false()


def _is_promised(state: str, at: datetime | None, today: date) -> sa.ColumnElement[bool]:
    """Of the promised answer: in time, late, or not given. Who still waits ("waiting") has the opening up.

    "overdue" is every promise broken so far, as `Opening.promise_at` says it, whether or not the opening is up still.
    """
    settled = {
        PromiseState.KEPT: Opening.answered_at <= Opening.answer_due_at,
        PromiseState.LATE: sa.and_(Opening.answered_at > Opening.answer_due_at, ~left_in_time()),
    }
    if state in settled:
        return settled[PromiseState(state)]
    silent = sa.and_(Opening.answered_at.is_(None), Opening.answer_due_at.is_not(None))
    if state == PromiseState.WAITING:
        return sa.and_(silent, Opening.status == OpeningStatus.PUBLISHED, Opening.expires_on >= today)
    if state == PromiseState.OVERDUE:
        was_up = Opening.status != OpeningStatus.DRAFT
        return sa.and_(silent, was_up, ~left_in_time(), Opening.answer_due_at < at)
    return sa.false()


def left_in_time() -> sa.ColumnElement[bool]:
    """As `Opening.left_in_time` says it."""
    left = sa.func.coalesce(Opening.withdrawn_at <= Opening.answer_due_at, Opening.answered_at.is_(None))
    return sa.and_(Opening.status == OpeningStatus.WITHDRAWN, left)


def unanswered(user: User, *, today: date) -> sa.Select[Opening]:
    """Openings of the user's employer or municipality that wait for the promised answer, the most urgent first."""
    statement = visible_openings(user, on=today).order_by(None)
    statement = statement.where(_is_promised(PromiseState.WAITING, None, today))
    statement = statement.where(_is_ours_to_answer(user)).options(joinedload(Opening.employer))
    return statement.order_by(Opening.answer_due_at, Opening.id)


def _is_ours_to_answer(user: User) -> sa.ColumnElement[bool]:
    """The employer's municipality promised, not the neighbours who see the opening too."""
    return sa.true() if user.scope is Scope.EMPLOYER else Opening.municipality_id == user.municipality_id


def published_for(municipality_id: int, *, on: date) -> sa.Select[Opening]:
    """What may be suggested to the municipality's citizens: its own employers' openings and what neighbours share.

    Without those whose last day has passed that day, whether or not they are marked expired yet.
    """
    return (
        sa.select(Opening)
        .join(Opening.employer)
        .where(
            Opening.status == OpeningStatus.PUBLISHED,
            Employer.status == EmployerStatus.ACTIVE,
            Opening.expires_on >= on,
            sa.or_(
                Opening.municipality_id == municipality_id,
                sa.and_(
                    Opening.visible_to_neighbours,
                    Opening.municipality_id.in_(neighbour_ids(municipality_id, on=on)),
                ),
            ),
        )
        .order_by(Opening.id)
    )


def may_be_suggested(opening: Opening, *, on: date) -> bool:
    """The same for one opening in hand: whether it takes suggestions at all."""
    return (
        opening.status_on(on) is OpeningStatus.PUBLISHED and opening.employer.status is EmployerStatus.ACTIVE
    )


def opening_input(opening: Opening, *, read_as: ReadAs = AS_STORED) -> matching.Opening:
    """The opening as the matcher sees it."""
    return matching.Opening(
        id=opening.id,
        version=opening.version,
        industry=opening.industry.value,
        tasks=tuple(_task_input(task, read_as) for task in opening.tasks),
        hours_per_week=opening.hours_per_week,
        place=places.point_of(opening.postcode),
        danish_speaking=opening.danish_speaking,
        danish_reading=opening.danish_reading,
        shifts=frozenset(opening.shifts),
    )


def _task_input(task: OpeningTask, read_as: ReadAs) -> matching.Task:
    stored = StoredMeaning.of(task.skill_id, task.confidence, task.guesses)
    meaning = read_as.get((OpeningTask.__tablename__, task.id), stored)
    return matching.Task(
        id=task.id,
        text=task.text,
        concept=meaning.skill_id,
        kind=matching.Kind(task.kind.value),
        level=task.level,
        confidence=meaning.confidence,
        guesses=meaning.guesses,
    )


def opening_inputs(
    which: Iterable[int] | sa.Select[Opening], *, read_as: ReadAs = AS_STORED
) -> list[matching.Opening]:
    """Several openings by id, or those of a statement, in two SQL statements.

    `read_as` is how tasks are taken that are to be understood anew.
    """
    statement = (
        which
        if isinstance(which, sa.Select)
        else sa.select(Opening).where(Opening.id.in_(list(which))).order_by(Opening.id)
    )
    openings = db.session.scalars(statement.options(selectinload(Opening.tasks)))
    return [opening_input(opening, read_as=read_as) for opening in openings]
