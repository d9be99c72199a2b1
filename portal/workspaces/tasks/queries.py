"""Reads of tasks, scoped to the reader: another municipality's do not exist."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import aliased, contains_eager, joinedload

from portal.base.database import db
from portal.base.folding import folded
from portal.loop.cards.models import CompetenceCard
from portal.loop.citizens.models import Citizen
from portal.loop.citizens.queries import full_name
from portal.loop.employers.models import Employer
from portal.loop.openings.models import Opening
from portal.loop.placements.models import Placement
from portal.shared.accounts.models import User
from portal.web.agenda import AgendaAsk, agenda_row
from portal.web.permissions import Action, Scope
from portal.web.searching import found_in
from portal.web.whose import Whose, users_meant
from portal.workspaces.tasks.models import DeskTask, TaskSubject

ALL, DONE, LATE = "all", "done", "late"
"""Words of the filter by state; without one the list shows those that are open."""

MOST_BESIDE: Final = 10
"""Open tasks beside a record; the list has the rest."""

HerCard, AtEmployer = aliased(CompetenceCard), aliased(Employer)
HerSelf = aliased(Citizen)


def tasks_seen_by(user: User) -> sa.Select[DeskTask]:
    """The municipality's own, to its consultants."""
    statement = sa.select(DeskTask)
    if user.scope_of(Action.MANAGE_CITIZENS) is not Scope.MUNICIPALITY:
        return statement.where(sa.false())
    return statement.where(DeskTask.municipality_id == user.municipality_id)


def task_for(user: User, task_id: int) -> DeskTask:
    """Raises NoResultFound for another municipality's."""
    return db.session.scalars(_with_subject(tasks_seen_by(user).where(DeskTask.id == task_id))).one()


def _with_subject(statement: sa.Select[DeskTask]) -> sa.Select[DeskTask]:
    """With owner, and the person and the firm it is about, in the same statement."""
    return (
        _joined(statement)
        .join(DeskTask.owner)
        .options(
            contains_eager(DeskTask.owner),
            contains_eager(DeskTask.citizen),
            contains_eager(DeskTask.employer),
            contains_eager(DeskTask.placement).options(
                contains_eager(Placement.card.of_type(HerCard)).contains_eager(
                    HerCard.citizen.of_type(HerSelf)
                ),
                contains_eager(Placement.opening).contains_eager(Opening.employer.of_type(AtEmployer)),
            ),
            joinedload(DeskTask.done_by),
        )
    )


def _joined(statement: sa.Select[Any]) -> sa.Select[Any]:
    return (
        statement.outerjoin(DeskTask.citizen)
        .outerjoin(DeskTask.employer)
        .outerjoin(DeskTask.placement)
        .outerjoin(Placement.card.of_type(HerCard))
        .outerjoin(HerCard.citizen.of_type(HerSelf))
        .outerjoin(Placement.opening)
        .outerjoin(Opening.employer.of_type(AtEmployer))
    )


def task_list(
    user: User, today: date, *, words: str = "", whose: str = "", state: str = "", about: str = ""
) -> sa.Select[DeskTask]:
    """`whose`: "" for the reader's own, one of Whose, or a user's number.

    `state`: "" for the open, LATE, DONE or ALL.
    """
    statement = _with_subject(tasks_seen_by(user))
    if words:
        statement = statement.where(_mentions(words))
    one = whole_number(whose)
    owners = users_meant(user, whose or Whose.MINE, today) if one is None else {one}
    if owners is not None:
        statement = statement.where(DeskTask.owner_id.in_(sorted(owners)))
    if state == DONE:
        statement = statement.where(DeskTask.done_at.is_not(None))
    elif state != ALL:
        statement = statement.where(DeskTask.done_at.is_(None))
    if state == LATE:
        statement = statement.where(DeskTask.due_on < today)
    if about in set(TaskSubject):
        statement = statement.where(_is_about(TaskSubject(about)))
    return statement


def whole_number(text: str) -> int | None:
    """A key as an address says it; None for what no database takes as one."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _mentions(words: str) -> sa.ColumnElement[bool]:
    texts = (
        folded(DeskTask.title),
        sa.func.coalesce(Citizen.searched, HerSelf.searched, ""),
        folded(sa.func.coalesce(Employer.name, AtEmployer.name, "")),
    )
    return found_in(words, *texts)


def _is_about(subject: TaskSubject) -> sa.ColumnElement[bool]:
    columns = {
        TaskSubject.CITIZEN: DeskTask.citizen_id,
        TaskSubject.EMPLOYER: DeskTask.employer_id,
        TaskSubject.PLACEMENT: DeskTask.placement_id,
    }
    if subject is TaskSubject.NONE:
        return sa.and_(*(column.is_(None) for column in columns.values()))
    return columns[subject].is_not(None)


@dataclass(frozen=True)
class TasksBeside:
    """The open tasks about one record that come first, and whether there are others."""

    tasks: Sequence[DeskTask]
    has_more: bool


def open_tasks_about(user: User, condition: sa.ColumnElement[bool]) -> TasksBeside:
    """The first ones by day."""
    statement = tasks_seen_by(user).where(condition, DeskTask.done_at.is_(None))
    shown = statement.options(joinedload(DeskTask.owner)).order_by(DeskTask.due_on, DeskTask.id)
    found = db.session.scalars(shown.limit(MOST_BESIDE + 1)).all()
    return TasksBeside(found[:MOST_BESIDE], has_more=len(found) > MOST_BESIDE)


def about_citizen(citizen_id: int) -> sa.ColumnElement[bool]:
    """Of her, or of a placement of hers."""
    hers = sa.select(Placement.id).join(Placement.card).where(CompetenceCard.citizen_id == citizen_id)
    return sa.or_(DeskTask.citizen_id == citizen_id, DeskTask.placement_id.in_(hers))


def agenda(ask: AgendaAsk) -> sa.Select[Any]:
    """The open tasks of the days that are asked for."""
    person = sa.case(
        (HerSelf.id.is_not(None), full_name(HerSelf)),
        (Citizen.id.is_not(None), full_name(Citizen)),
        (Employer.id.is_not(None), Employer.name),
        else_="",
    )
    own_card = (
        sa.select(CompetenceCard.number)
        .where(CompetenceCard.citizen_id == DeskTask.citizen_id)
        .limit(1)
        .correlate(DeskTask)
        .scalar_subquery()
    )
    rows = agenda_row(
        day=DeskTask.due_on,
        record_id=DeskTask.id,
        what=DeskTask.title,
        who=person,
        code=sa.func.coalesce(HerCard.number, own_card, Employer.name, ""),
        owner_id=DeskTask.owner_id,
        citizen_id=sa.func.coalesce(HerSelf.id, Citizen.id),
    ).select_from(DeskTask)
    seen = tasks_seen_by(ask.reader).with_only_columns(DeskTask.id)
    return _joined(rows).where(
        DeskTask.id.in_(seen),
        DeskTask.done_at.is_(None),
        ask.within(DeskTask.due_on),
        ask.whose(DeskTask.owner_id),
    )
