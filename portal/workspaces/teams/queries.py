"""Reads of who is on somebody's team."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from portal.base.database import db
from portal.shared.accounts.models import User
from portal.workspaces.handover.models import CaseCover
from portal.workspaces.handover.queries import covered_by, standing_covers
from portal.workspaces.teams.models import TeamMember


def members_of(user: User) -> sa.Select[User]:
    """The colleagues on her team that work there still."""
    return (
        sa.select(User)
        .join(TeamMember, TeamMember.member_id == User.id)
        .where(
            TeamMember.user_id == user.id,
            User.municipality_id == user.municipality_id,
            User.disabled_at.is_(None),
        )
    )


def member_ids(user: User) -> list[int]:
    return list(db.session.scalars(members_of(user).with_only_columns(User.id)))


def has_team(user: User) -> sa.Exists:
    """Answers `events.has_team`."""
    return members_of(user).exists()


def team_works_for(user: User, on: date, covers: Sequence[CaseCover] | None = None) -> frozenset[int]:
    """Answers `events.team_works_for`; `covers`: those that stand, where they were read."""
    if covers is None:
        covers = standing_covers(user, on)
    team = [user, *db.session.scalars(members_of(user))]
    away = {cover.away_id for one in team for cover in covered_by(one, on, covers)}
    return frozenset({*(one.id for one in team), *away})
