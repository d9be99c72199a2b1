"""When a group meets: the days of its weekly times, without holidays and the days on which offices are closed. Pure."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Final

from portal.base.events import Closing
from portal.base.terms import Weekday
from portal.base.working_days import is_day_off

WEEKDAYS: Final = tuple(Weekday)


@dataclass(frozen=True, order=True)
class MeetingTime:
    """A time of the week."""

    weekday: Weekday
    begins_at: time
    ends_at: time


@dataclass(frozen=True, order=True)
class Meeting:
    """A time on a day."""

    on_day: date
    begins_at: time
    ends_at: time


def meetings(
    first: date, last: date, times: Collection[MeetingTime], closings: tuple[Closing, ...]
) -> Iterator[Meeting]:
    """In their order, from the first day to the last."""
    day = first
    while day <= last:
        if not is_day_off(day, closings):
            weekday = WEEKDAYS[day.weekday()]
            todays = [one for one in times if one.weekday is weekday]
            yield from (
                Meeting(day, one.begins_at, one.ends_at)
                for one in sorted(todays, key=lambda one: one.begins_at)
            )
        day += timedelta(days=1)


def most_at_once(first: date, last: date | None, others: Sequence[tuple[date, date | None]]) -> int:
    """How many of the other stays lie on one day of this stay, at most."""
    end = last or date.max
    inside = [(since, until or date.max) for since, until in others if since <= end]
    inside = [(since, until) for since, until in inside if until >= first]
    days = {first, *(since for since, _until in inside if since > first)}
    return max(sum(since <= day <= until for since, until in inside) for day in days)
