"""Reads of the runs that renewed all matches."""

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.loop.matches.models import RematchRun
from portal.shared.accounts.models import Municipality, User
from portal.shared.accounts.queries import municipalities
from portal.web.permissions import Role


def runs_seen_by(user: User) -> sa.Select[RematchRun]:
    """The administrator's: all; others their own municipality's."""
    statement = sa.select(RematchRun).options(
        joinedload(RematchRun.municipality), joinedload(RematchRun.weights)
    )
    if user.role is Role.ADMIN:
        return statement
    return statement.where(RematchRun.municipality_id == user.municipality_id)


def municipalities_seen_by(user: User) -> list[Municipality]:
    if user.role is Role.ADMIN:
        return municipalities()
    return [user.municipality] if user.municipality else []
