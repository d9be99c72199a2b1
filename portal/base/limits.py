"""How often something may be done before it must wait: a handful at once, then a pause that grows."""

from dataclasses import dataclass
from datetime import datetime, timedelta

MOST_DOUBLINGS = 20
"""A second becomes twelve days: longer than any longest, and no number grows without end."""


@dataclass(frozen=True)
class Limit:
    """`free` times in a row, then `first` to wait, doubled each time up to `longest`; `forget` after that long quiet.

    Raises ValueError for a limit that forgets before its own pause is over.
    """

    free: int
    first: timedelta
    longest: timedelta
    forget: timedelta = timedelta(days=1)

    def __post_init__(self) -> None:
        if self.free < 1 or not timedelta(seconds=1) <= self.first <= self.longest <= self.forget:
            raise ValueError("a limit needs a free try, and one second <= first <= longest <= forget")

    def pause(self, tries: int) -> timedelta:
        """How long to wait after so many tries."""
        if tries < self.free:
            return timedelta()
        doublings = min(tries - self.free, MOST_DOUBLINGS)
        return min(self.longest, self.first * 2**doublings)

    def standing(self, tries: int, last_at: datetime, at: datetime) -> int:
        """How many of the tries still count."""
        return tries if at - last_at < self.forget else 0

    def wait(self, tries: int, last_at: datetime, at: datetime) -> timedelta:
        """How long is left to wait; nothing when it may be done now."""
        return max(timedelta(), last_at + self.pause(self.standing(tries, last_at, at)) - at)
