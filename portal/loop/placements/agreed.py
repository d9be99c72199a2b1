"""What is agreed about a placement, day by day, and what a change makes of it. Pure but for reading one."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import Any, Final, Self

from portal.loop.placements.models import Placement

DAY: Final = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Agreed:
    """Everything that a change may change; by the names of the columns that hold it."""

    starts_on: date
    ends_on: date
    hours_per_week: float
    """From the first day on."""
    later_hours: tuple[tuple[date, float], ...] = ()
    """From a later day on, in order."""
    pauses: tuple[tuple[date, date], ...] = ()
    tasks: str = ""
    long_reason: str = ""

    @classmethod
    def of(cls, placement: Placement) -> Self:
        return cls.from_row({one.name: getattr(placement, one.name) for one in fields(cls)})

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        """As a change or a placement keeps it."""
        return cls(
            starts_on=_day(row["starts_on"]),
            ends_on=_day(row["ends_on"]),
            hours_per_week=float(row["hours_per_week"]),
            later_hours=tuple((_day(day), float(hours)) for day, hours in row["later_hours"]),
            pauses=tuple((_day(first), _day(last)) for first, last in row["pauses"]),
            tasks=row["tasks"],
            long_reason=row["long_reason"],
        )

    def columns(self) -> dict[str, Any]:
        """The values as the placement holds them."""
        return {**self.as_row(), "starts_on": self.starts_on, "ends_on": self.ends_on}

    def as_row(self) -> dict[str, Any]:
        """The same as a change keeps them."""
        return {
            "starts_on": self.starts_on.isoformat(),
            "ends_on": self.ends_on.isoformat(),
            "hours_per_week": self.hours_per_week,
            "later_hours": [[day.isoformat(), hours] for day, hours in self.later_hours],
            "pauses": [[first.isoformat(), last.isoformat()] for first, last in self.pauses],
            "tasks": self.tasks,
            "long_reason": self.long_reason,
        }

    def beside(self, other: "Agreed") -> dict[str, Any]:
        """What of this is not so in the other."""
        theirs = other.as_row()
        return {name: value for name, value in self.as_row().items() if value != theirs[name]}

    def restored(self, before: Mapping[str, Any]) -> Self:
        """With what stood before a change."""
        return self.from_row({**self.as_row(), **before})

    def reaches_beyond(self, other: "Agreed") -> bool:
        """Whether it has a day that the other has not."""
        return self.starts_on < other.starts_on or self.ends_on > other.ends_on

    def hours_on(self, day: date) -> float:
        return next(
            (hours for since, hours in reversed(self.later_hours) if since <= day), self.hours_per_week
        )

    def with_hours(self, hours: float, since: date) -> Self:
        """Other hours from the day on, until its end."""
        earlier = tuple(one for one in self.later_hours if one[0] < since)
        return replace(self, later_hours=(*earlier, (since, hours)))

    def within_its_days(self) -> Self:
        """Nothing of it lies outside its first and last day, and nothing is said twice."""
        later, before = [], self.hours_on(self.starts_on)
        for since, hours in self.later_hours:
            if self.starts_on < since <= self.ends_on and hours != before:
                later.append((since, hours))
                before = hours
        pauses = [(max(first, self.starts_on), min(last, self.ends_on)) for first, last in self.pauses]
        return replace(
            self,
            hours_per_week=self.hours_on(self.starts_on),
            later_hours=tuple(later),
            pauses=tuple(sorted({one for one in pauses if one[0] <= one[1]})),
        )

    def worked_stretches(self) -> list[tuple[date, date, float]]:
        """The same without the days of its pauses, on which nobody works."""
        worked = []
        for first, last, hours in self.stretches():
            for pause_first, pause_last in self.pauses:
                if first <= pause_last and pause_first <= last:
                    if first < pause_first:
                        worked.append((first, pause_first - DAY, hours))
                    first = pause_last + DAY
            if first <= last:
                worked.append((first, last, hours))
        return worked

    def stretches(self) -> list[tuple[date, date, float]]:
        """Its days, cut where the hours change: first, last, hours a week."""
        starts = [(self.starts_on, self.hours_per_week), *self.later_hours]
        ends = [since - DAY for since, _hours in starts[1:]] + [self.ends_on]
        return [(first, last, hours) for (first, hours), last in zip(starts, ends, strict=True)]


def _day(said: date | str) -> date:
    return date.fromisoformat(said) if isinstance(said, str) else said
