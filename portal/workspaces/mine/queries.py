"""Reads for the citizen's own page."""

from itertools import groupby
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import Row
from sqlalchemy.orm import joinedload, selectinload

from portal.base.database import db
from portal.loop.citizens.models import Citizen
from portal.loop.citizens.queries import LOOK_ORDER, looks_at
from portal.loop.openings.models import Opening
from portal.loop.placements.models import Placement
from portal.loop.placements.queries import OPEN, visible_placements
from portal.shared.accounts.models import User

LATEST: Final = 10
"""Looks on the page; all of them stand on a page of their own."""


MOST_LOOKS: Final = 300
"""Looks on that page: a year's, for whoever is looked at each working day."""


def latest_looks(citizen: Citizen, *, most: int = LATEST) -> list[tuple[Any, list[Row[Any]]]]:
    """Rows of `looks_at` under their days, the newest first."""
    statement = looks_at(citizen).order_by(*(column.desc() for column in LOOK_ORDER)).limit(most)
    rows = db.session.execute(statement)
    return [(day, list(those)) for day, those in groupby(rows, key=lambda row: row.day)]


def her_placements(user: User) -> list[Placement]:
    """What is to come or runs first, then the latest."""
    over_last = sa.case((Placement.status.in_(OPEN), 0), else_=1)
    opening = joinedload(Placement.opening)
    statement = visible_placements(user).options(
        opening.joinedload(Opening.employer),
        opening.joinedload(Opening.workplace),
        selectinload(Placement.changes),
    )
    ordered = statement.order_by(over_last, Placement.starts_on.desc(), Placement.id.desc())
    return list(db.session.scalars(ordered.limit(MOST_PLACEMENTS)))


MOST_PLACEMENTS: Final = 50
"""On one page: more than anybody has been in."""
