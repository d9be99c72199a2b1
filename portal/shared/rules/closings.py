"""The days of the year on which municipal offices are closed by agreement: a list of the rules, read for the clock."""

import re
from datetime import date
from functools import lru_cache
from typing import Any, Final

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import object_session

from portal.base.database import db
from portal.base.errors import DomainError
from portal.base.events import Closing
from portal.shared.rules.models import Rule
from portal.shared.rules.queries import rule_book
from portal.shared.rules.units import lines_of

CLOSED_DAYS: Final = "office-closed-days"
_LEAP_YEAR: Final = 2024
_LINE: Final = re.compile(r"(\d{1,2})-(\d{1,2})(?:\s.*)?", re.ASCII)


class UnreadableDay(DomainError):
    """`line`: what cannot be read as a day of the year."""

    def __init__(self, line: str) -> None:
        super().__init__(
            _l(
                "“%(line)s” er ikke en dag i året. Skriv dag og måned først, for eksempel 24-12 juleaftensdag.",
                line=line[:60],
            )
        )


@lru_cache(maxsize=64)
def closed_days(words: str) -> frozenset[tuple[int, int]]:
    """Month and day of each line ("24-12 juleaftensdag"). Raises UnreadableDay."""
    return frozenset(_day_of(line) for line in lines_of(words))


def _day_of(line: str) -> tuple[int, int]:
    found = _LINE.fullmatch(line)
    try:
        day = date(_LEAP_YEAR, int(found.group(2)), int(found.group(1))) if found else None
    except ValueError:
        day = None
    if day is None:
        raise UnreadableDay(line)
    return day.month, day.day


def office_closings() -> tuple[Closing, ...]:
    """What the law's rows say of all days, past and to come; read once for as long as the session lives."""
    info = db.session.info
    if CLOSED_DAYS not in info:
        rows = rule_book(CLOSED_DAYS).rows
        info[CLOSED_DAYS] = tuple(
            Closing(closed_days(row.words), row.valid_from, row.valid_to) for row in rows if row.owner is None
        )
    known: tuple[Closing, ...] = info[CLOSED_DAYS]
    return known


def _read_again(_mapper: Any, _connection: sa.Connection, rule: Rule) -> None:
    session = object_session(rule)
    if session is not None:
        session.info.pop(CLOSED_DAYS, None)


for _change in ("after_insert", "after_update", "after_delete"):
    sa.event.listen(Rule, _change, _read_again)
