"""The days of the demo: what is to happen on which of them, carried out in the order of time."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from portal.base.clock import DANISH_TIME, danish_day

Act = Callable[[datetime], object]
"""Something that happens at a moment."""


def morning_of(day: date) -> datetime:
    """The moment at which things of that day were written down."""
    return datetime.combine(day, time(10), DANISH_TIME)


@dataclass(order=True)
class _Step:
    order: int
    number: int
    act: Act = field(compare=False)


class Timeline:
    """Counts in days before today; what is planned on one day happens in the order it was planned."""

    def __init__(self, now: datetime, *, days: int) -> None:
        self.now = now
        self.today = danish_day(now)
        self.days = days
        self.begin = self.moment(days)
        self.planned = 0
        self._steps: list[_Step] = []

    def moment(self, days_ago: int, hour: int = 10, minute: int = 0) -> datetime:
        """A time of that day, and never later than now."""
        day = self.today - timedelta(days=days_ago)
        return self.no_later_than_now(datetime.combine(day, time(hour, minute), DANISH_TIME))

    def day(self, days_ago: int) -> date:
        return self.today - timedelta(days=days_ago)

    def no_later_than_now(self, at: datetime) -> datetime:
        return min(self.now, at)

    def days_ago(self, when: datetime | date) -> int:
        day = danish_day(when) if isinstance(when, datetime) else when
        return (self.today - day).days

    def plan(self, days_ago: int, act: Act) -> None:
        """Do this so many days ago; what would lie in the future is left undone."""
        if days_ago >= 0:
            self.planned += 1
            heapq.heappush(self._steps, _Step(-days_ago, self.planned, act))

    def run(self) -> None:
        """Carry out what is planned, and what that plans in its turn, spread over the working day.

        Time never goes back: what is planned late happens when what came before it is done.
        """
        last = self.begin
        while self._steps:
            step = heapq.heappop(self._steps)
            last = max(last, self.moment(-step.order, 8 + step.number % 8, step.number * 7 % 60))
            step.act(last)
