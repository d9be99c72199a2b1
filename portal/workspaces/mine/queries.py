"""Reads for the citizen's own page."""

from typing import Any, Final

from sqlalchemy import Row

from portal.base.database import db
from portal.loop.citizens.models import Citizen
from portal.loop.citizens.queries import LOOK_ORDER, looks_at

LATEST: Final = 10
"""Looks on the page; all of them stand on a page of their own."""


def latest_looks(citizen: Citizen) -> list[Row[Any]]:
    """Rows of `looks_at`, the newest first."""
    statement = looks_at(citizen).order_by(*(column.desc() for column in LOOK_ORDER)).limit(LATEST)
    return list(db.session.execute(statement))
