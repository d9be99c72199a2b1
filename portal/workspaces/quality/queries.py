"""Reads of the runs that renewed all matches."""

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.loop.matches.models import RematchRun
from portal.shared.accounts.models import Municipality, User
from portal.shared.accounts.queries import municipalities
from portal.web.permissions import Action, Scope


def runs_seen_by(user: User) -> sa.Select[RematchRun]:
    """All for those who run the portal; others their own municipality's."""
    statement = sa.select(RematchRun).options(
        joinedload(RematchRun.municipality), joinedload(RematchRun.weights)
    )
    scope = user.scope_of(Action.READ_RUNS)
    if scope is Scope.INSTALLATION:
        return statement
    if scope is Scope.MUNICIPALITY:
        return statement.where(RematchRun.municipality_id == user.municipality_id)
    return statement.where(sa.false())


def municipalities_seen_by(user: User) -> list[Municipality]:
    if user.scope is Scope.INSTALLATION:
        return municipalities()
    return [user.municipality] if user.municipality else []
