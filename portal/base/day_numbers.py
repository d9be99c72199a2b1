"""Working days counted by the database, so that a list and its figure need not be read one by one.

What a working day is, `working_days.py` says; here its days off are handed to the database, and the weekends are worked
out from the number of the day.
"""

from datetime import date, timedelta
from typing import Any, Final

import sqlalchemy as sa

from portal.base.database import danish_day
from portal.base.working_days import days_off

_SECONDS: Final = 24 * 60 * 60
_FROM_A_MONDAY: Final = 3
"""Day 0 of the databases, 1 January 1970, was a Thursday."""
_ONE_DAY: Final = timedelta(days=1)


def working_days_between(start: Any, end: Any, *, first: date, last: date) -> sa.ColumnElement[int]:
    """`working_days_taken` of two columns with moments, for starts from `first`.

    Behind `last` all weekdays count, so an end there may seem later than it was: choose a `last` behind which the
    number makes no difference. NULL without an end.
    """
    return working_days_to(danish_day(start), danish_day(end), first=first, last=last)


def working_days_to(came_on: Any, done_on: Any, *, first: date, last: date) -> sa.ColumnElement[int]:
    """The same of two columns with days. Where many rows are counted, let a subquery work the days out once."""
    off = days_off(first - _ONE_DAY, last)
    came, done = _day_number(came_on), _day_number(done_on)
    # Of weekdays: those before the day it came on, and those until the day it was done
    before = came - (came + 1) // 7 - came // 7
    until = done + 1 - (done + 2) // 7 - (done + 1) // 7
    off_before = _how_many(off, lambda day: came_on > day)
    off_until = _how_many(off, lambda day: done_on >= day)
    taken = (until - off_until) - (before - off_before) - 1
    return sa.case((done_on.is_(None), sa.null()), (taken > 0, taken), else_=0)


def _day_number(day: Any) -> sa.ColumnElement[int]:
    """Counted from a Monday."""
    seconds = sa.cast(sa.extract("epoch", day), sa.BigInteger)
    return sa.type_coerce(seconds // _SECONDS + _FROM_A_MONDAY, sa.BigInteger)


def _how_many(days: list[date], has_come: Any) -> sa.ColumnElement[int]:
    """How many of the days have come; the condition holds for a day only when it holds for those before."""
    latest_first = [(has_come(day), number) for number, day in reversed(list(enumerate(days, 1)))]
    return sa.case(*latest_first, else_=0) if latest_first else sa.literal(0)
