"""The municipality's clock: hours run on working days only, day and night, and stand still on all others.

Working days are Monday to Friday but for the public holidays and the days on which municipal offices are closed by
agreement. Those are the rules' to say, so that the days of a past year stay what they were.
Source: docs/rules.md#working-days
"""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Final

import holidays

from portal.base.clock import DANISH_TIME, danish_day, danish_midnight
from portal.base.events import Closing, office_closings

_SATURDAY: Final = 5
_ONE_DAY: Final = timedelta(days=1)
_PUBLIC: Final = holidays.country_holidays("DK")


@lru_cache(maxsize=4096)
def is_working_day(day: date, closings: tuple[Closing, ...]) -> bool:
    return day.weekday() < _SATURDAY and not is_day_off(day, closings)


def is_day_off(day: date, closings: tuple[Closing, ...]) -> bool:
    """A public holiday, or a day on which municipal offices are closed by agreement, whatever day of the week it is."""
    if day in _PUBLIC:
        return True
    return any((day.month, day.day) in closing.days and _holds(closing, day) for closing in closings)


def _holds(closing: Closing, day: date) -> bool:
    return closing.first <= day and (closing.last is None or day <= closing.last)


def after_working_hours(start: datetime, hours: float | Decimal) -> datetime:
    """The moment when so many hours of working days have passed: Friday 14:00 and 24 hours is Monday 14:00."""
    here, left, closings = _wall(start), timedelta(hours=float(hours)), office_closings()
    while True:
        midnight = _next_midnight(here)
        if is_working_day(here.date(), closings):
            if left <= midnight - here:
                return _moment(here + left, start)
            left -= midnight - here
        here = midnight


def working_time(start: datetime, end: datetime) -> timedelta:
    """How much time of working days lies between two moments; none when the end is not after the start."""
    here, last, total, closings = _wall(start), _wall(end), timedelta(0), office_closings()
    while here < last:
        stop = min(_next_midnight(here), last)
        if is_working_day(here.date(), closings):
            total += stop - here
        here = stop
    return total


def after_working_days(day: date, count: int) -> date:
    """The working day that is so many after the day: Friday and two is Tuesday."""
    closings = office_closings()
    while count > 0:
        day += _ONE_DAY
        count -= is_working_day(day, closings)
    return day


def last_day_before_working_days(today: date, count: int) -> date:
    """The last day since which so many working days have come: of a Wednesday and two it is the Monday."""
    day, closings = today, office_closings()
    while count > 0:
        count -= is_working_day(day, closings)
        day -= _ONE_DAY
    return day


def working_days_since(moment: datetime, today: date) -> int:
    """How many working days after the moment's day have come: what was sent on a Friday is one day old on Monday."""
    day, count, closings = _wall(moment).date(), 0, office_closings()
    while day < today:
        day += _ONE_DAY
        count += is_working_day(day, closings)
    return count


def first_working_day(day: date) -> date:
    """The day itself, or the next one on which the municipality works: what comes on a day off has come then."""
    closings = office_closings()
    while not is_working_day(day, closings):
        day += _ONE_DAY
    return day


def working_days_taken(start: datetime, end: datetime) -> int:
    """How many working days after the one something came on: 0 is the same day, 1 the next working day.

    What came on a Saturday has come with Monday, and what is done on a Saturday counts as done on the Friday.
    `working_days_between` of base/day_numbers.py says the same in the database.
    """
    return working_days_since(danish_midnight(first_working_day(danish_day(start))), danish_day(end))


def due_day(day: date, count: int) -> date:
    """The last day on which no more than so many working days are taken, of what came on `day`."""
    closings = office_closings()
    due = after_working_days(first_working_day(day), count)
    while not is_working_day(due + _ONE_DAY, closings):
        due += _ONE_DAY
    return due


def last_day_due_by(on: date, count: int) -> date:
    """The last day of what has its `due_day` on `on` or before."""
    day = on
    while due_day(day, count) > on:
        day -= _ONE_DAY
    return day


def days_off(first: date, last: date) -> list[date]:
    """Mondays to Fridays of the stretch, both ends included, on which the municipality does not work."""
    closings, found, day = office_closings(), [], first
    while day <= last:
        if day.weekday() < _SATURDAY and not is_working_day(day, closings):
            found.append(day)
        day += _ONE_DAY
    return found


def _wall(moment: datetime) -> datetime:
    """What a Danish clock on the wall shows. It is changed on Sundays, so every working day has 24 hours."""
    return moment.astimezone(DANISH_TIME).replace(tzinfo=None)


def _moment(wall: datetime, like: datetime) -> datetime:
    return wall.replace(tzinfo=DANISH_TIME).astimezone(like.tzinfo)


def _next_midnight(wall: datetime) -> datetime:
    return datetime.combine(wall.date() + _ONE_DAY, time.min)
