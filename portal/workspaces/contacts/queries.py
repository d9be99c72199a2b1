"""Reads of contacts with employers, scoped to the reader: another municipality's do not exist."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from portal.base.database import danish_day, db
from portal.loop.employers.models import Employer
from portal.loop.matches.models import Match
from portal.loop.openings.models import Opening
from portal.loop.placements.models import FollowUp, Placement
from portal.loop.reviews.models import Review
from portal.shared.accounts.models import User
from portal.web.permissions import Action, Scope
from portal.web.searching import found
from portal.web.whose import users_meant
from portal.workspaces.contacts.models import ContactKind, EmployerContact, EmployerProspect

LATE, WEEK, OPEN, DONE = "late", "week", "open", "done"
WITHOUT_A_STEP: Final = sa.case((EmployerContact.next_on.is_(None), 1), else_=0)
"""As an order: the two engines do not agree on where nothing stands."""
STRUCK: Final = "struck"
LATEST: Final = 5
"""Contacts on an employer's page; the list has them all."""

COMPANY: Final = sa.func.coalesce(Employer.name, EmployerProspect.name)
"""What the company of a contact is called, employer or prospect."""
STANDS: Final = sa.and_(EmployerContact.earlier_of_id.is_(None), EmployerContact.struck_at.is_(None))
"""Neither struck out nor an earlier wording."""
STEP_WAITS: Final = sa.and_(
    STANDS, EmployerContact.next_on.is_not(None), EmployerContact.next_done_at.is_(None)
)


def contacts_seen_by(user: User) -> sa.Select[EmployerContact]:
    """What the municipality's consultants wrote, to those who look after its employers."""
    statement = (
        sa.select(EmployerContact).outerjoin(EmployerContact.employer).outerjoin(EmployerContact.prospect)
    )
    if user.scope_of(Action.MANAGE_EMPLOYERS) is not Scope.MUNICIPALITY:
        return statement.where(sa.false())
    return statement.where(EmployerContact.municipality_id == user.municipality_id)


def _whole() -> tuple[Any, ...]:
    return (
        contains_eager(EmployerContact.employer),
        contains_eager(EmployerContact.prospect),
        joinedload(EmployerContact.written_by),
        joinedload(EmployerContact.next_done_by),
        joinedload(EmployerContact.struck_by),
    )


def contact_line_for(user: User, contact_id: int) -> EmployerContact:
    """One that stands or is struck out. Raises NoResultFound for another municipality's."""
    statement = contacts_seen_by(user).where(
        EmployerContact.id == contact_id, EmployerContact.earlier_of_id.is_(None)
    )
    return db.session.scalars(statement.options(*_whole())).one()


def earlier_wordings(contact: EmployerContact) -> Sequence[EmployerContact]:
    """What stood there before each correction, the first first."""
    statement = sa.select(EmployerContact).where(EmployerContact.earlier_of_id == contact.id)
    return db.session.scalars(statement.order_by(EmployerContact.id)).all()


def contact_list(  # noqa: PLR0913 - each is a filter of the list
    user: User,
    today: date,
    *,
    words: str = "",
    whose: str = "",
    kind: str = "",
    step: str = "",
    state: str = "",
) -> sa.Select[EmployerContact]:
    """The list; struck ones where they are asked for."""
    statement = contacts_seen_by(user).where(EmployerContact.earlier_of_id.is_(None)).options(*_whole())
    struck = EmployerContact.struck_at.is_not(None)
    statement = statement.where(struck if state == STRUCK else ~struck)
    if whose:
        owners = users_meant(user, whose, today)
        if owners is not None:
            statement = statement.where(EmployerContact.written_by_id.in_(sorted(owners)))
    if kind:
        statement = statement.where(EmployerContact.kind == kind if kind in set(ContactKind) else sa.false())
    if step:
        statement = statement.where(_STEPS[step](today) if step in _STEPS else sa.false())
    if words:
        statement = statement.where(
            found(
                words,
                COMPANY,
                EmployerContact.spoke_with,
                EmployerContact.words,
                sa.func.coalesce(EmployerContact.next_step, ""),
            )
        )
    return statement


_STEPS: Final = {
    LATE: lambda today: sa.and_(STEP_WAITS, EmployerContact.next_on < today),
    WEEK: lambda today: sa.and_(
        STEP_WAITS, EmployerContact.next_on.between(today, today + timedelta(days=6))
    ),
    OPEN: lambda _today: STEP_WAITS,
    DONE: lambda _today: sa.and_(STANDS, EmployerContact.next_done_at.is_not(None)),
}
"""By the step's state, which contacts have such a one."""


def _with(company: Employer | EmployerProspect) -> sa.ColumnElement[bool]:
    if isinstance(company, Employer):
        return EmployerContact.employer_id == company.id
    return EmployerContact.prospect_id == company.id


def latest_and_waiting(
    user: User, company: Employer | EmployerProspect
) -> tuple[Sequence[EmployerContact], Sequence[EmployerContact]]:
    """The latest contacts with one company, the newest first; and all whose next step waits, the first day first."""
    mine = sa.and_(_with(company), STANDS)
    newest = (EmployerContact.happened_on.desc(), EmployerContact.id.desc())
    latest = sa.select(EmployerContact.id).where(mine).order_by(*newest).limit(LATEST).subquery()
    statement = (
        contacts_seen_by(user)
        .where(mine, sa.or_(EmployerContact.id.in_(sa.select(latest.c.id)), STEP_WAITS))
        .options(joinedload(EmployerContact.written_by))
        .order_by(*newest)
    )
    found = db.session.scalars(statement).all()
    waiting = [one for one in found if one.has_open_step]
    return found[:LATEST], sorted(waiting, key=lambda one: (one.next_on or date.max, one.id))


# --- Prospects -------------------------------------------------------------------------------------------------


def prospects_seen_by(user: User) -> sa.Select[EmployerProspect]:
    """The municipality's own, to those who look after its employers."""
    statement = sa.select(EmployerProspect)
    if user.scope_of(Action.MANAGE_EMPLOYERS) is not Scope.MUNICIPALITY:
        return statement.where(sa.false())
    return statement.where(EmployerProspect.municipality_id == user.municipality_id)


def open_prospects(user: User) -> sa.Select[EmployerProspect]:
    """Those that take no part yet."""
    return prospects_seen_by(user).where(EmployerProspect.employer_id.is_(None))


def prospect_for(user: User, prospect_id: int) -> EmployerProspect:
    """Also one that takes part by now. Raises NoResultFound for another municipality's."""
    statement = prospects_seen_by(user).where(EmployerProspect.id == prospect_id)
    return db.session.scalars(statement.options(joinedload(EmployerProspect.created_by))).one()


def prospect_list(user: User, *, words: str = "") -> sa.Select[*tuple[Any, ...]]:
    """Those that take no part yet, with the last talk and the first step that waits."""
    talked_on = (
        sa.select(sa.func.max(EmployerContact.happened_on))
        .where(EmployerContact.prospect_id == EmployerProspect.id, STANDS)
        .correlate(EmployerProspect)
        .scalar_subquery()
    )
    next_on = (
        sa.select(sa.func.min(EmployerContact.next_on))
        .where(EmployerContact.prospect_id == EmployerProspect.id, STEP_WAITS)
        .correlate(EmployerProspect)
        .scalar_subquery()
    )
    statement = open_prospects(user).add_columns(talked_on.label("talked_on"), next_on.label("next_on"))
    if words:
        texts = (EmployerProspect.name, EmployerProspect.contact_name, EmployerProspect.line_of_work)
        statement = statement.where(found(words, *texts, numbers=(EmployerProspect.cvr,)))
    return statement


# --- When somebody last spoke with an employer -----------------------------------------------------------------


def last_talks(among: sa.Select[int]) -> sa.Subquery:
    """Of the employers whose ids are given, those that anybody spoke with, each with the last day (`on`).

    What counts is a contact that is no note, an answer to a proposal, and a follow-up that was held.
    """
    written = sa.select(EmployerContact.employer_id, EmployerContact.happened_on).where(
        STANDS, EmployerContact.kind != ContactKind.NOTE, EmployerContact.employer_id.in_(among)
    )
    answered = (
        sa.select(Opening.employer_id, danish_day(Review.employer_answered_at))
        .select_from(Review)
        .join(Review.match)
        .join(Match.opening)
        .where(Review.employer_answered_at.is_not(None), Opening.employer_id.in_(among))
    )
    followed_up = (
        sa.select(Placement.employer_id, FollowUp.held_on)
        .join(FollowUp.placement)
        .where(FollowUp.held_on.is_not(None), Placement.employer_id.in_(among))
    )
    employer_id, on = sa.union_all(written, answered, followed_up).subquery().c
    return (
        sa.select(employer_id.label("employer_id"), sa.func.max(on, type_=sa.Date()).label("on"))
        .group_by(employer_id)
        .subquery()
    )


def last_talk_with(employer_id: int) -> date | None:
    last = last_talks(sa.select(Employer.id).where(Employer.id == employer_id))
    return db.session.scalar(sa.select(last.c.on))
