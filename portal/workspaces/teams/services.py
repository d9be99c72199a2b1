"""Commands of teams."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from portal.base.database import db
from portal.shared.accounts.models import User
from portal.workspaces.teams.models import TeamMember


def forget_team(closing: Any, **_more: Any) -> None:
    """Hears `events.access_ending`: whoever signs in no more sees no team."""
    if isinstance(closing, User):
        db.session.execute(sa.delete(TeamMember).where(TeamMember.user_id == closing.id))


def choose_team(user: User, members: Iterable[User]) -> None:
    """These and nobody else; none of them: she has no team."""
    db.session.scalars(sa.select(User.id).where(User.id == user.id).with_for_update()).all()
    db.session.execute(sa.delete(TeamMember).where(TeamMember.user_id == user.id))
    db.session.add_all(TeamMember(user_id=user.id, member_id=one.id) for one in members)
    db.session.flush()
