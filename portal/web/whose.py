"""Whose work a list at the desk shows: one's own, one's team's, or everybody's in the municipality."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.base import events
from portal.base.database import db
from portal.base.terms import LabelledEnum


class Whose(LabelledEnum):
    """The values of the filter `whose`, and of what a consultant chose for her day."""

    MINE = "mine", _l("Mine")
    TEAM = "team", _l("Mit team")
    ALL = "all", _l("Alles")


def users_meant(user: Any, whose: str, on: date, **read: Any) -> frozenset[int] | None:
    """Whose work is meant on a day, those included who are away and looked after by one of them.

    None: everybody's. What the filter does not know is nobody's. `read`: what the page has read of covers already.
    """
    if whose == Whose.ALL:
        return None
    if whose == Whose.MINE:
        return events.works_for(user, on, **read)
    return events.team_works_for(user, on, **read) if whose == Whose.TEAM else frozenset()


def narrower_choices(
    user: Any,
    mine: LazyString = Whose.MINE.label,
    team: LazyString = Whose.TEAM.label,
    *,
    has_team: bool | None = None,
) -> list[tuple[Whose, LazyString]]:
    """What a filter offers beside everybody's: her own, and her team's where she has chosen one.

    `has_team`: where the page has read it already.
    """
    if has_team is None:
        has_team = bool(db.session.scalar(sa.select(events.has_team(user))))
    choices = [(Whose.MINE, mine), (Whose.TEAM, team)]
    return choices if has_team else choices[:1]
