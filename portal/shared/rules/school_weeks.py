"""Weeks without school, as a consultant writes them: "27-32, 42". Pure."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from flask_babel import lazy_gettext as _l

from portal.base.errors import DomainError

_PART: Final = re.compile(r"(?:uge\s*)?(\d{1,2})(?:\s*(?:-|–|til)\s*(?:uge\s*)?(\d{1,2}))?", re.IGNORECASE)
LAST_WEEK: Final = 53


class NoWeeks(DomainError):
    message = _l("Skriv ugernes numre, for eksempel 27-32, 42.")


@dataclass(frozen=True)
class SchoolFreeWeeks:
    """ISO week numbers, the same in every year of the period; a week belongs to the year of its Thursday."""

    numbers: frozenset[int] = frozenset()

    def __contains__(self, day: date) -> bool:
        return day.isocalendar().week in self.numbers


NO_WEEKS: Final = SchoolFreeWeeks()


def school_free_weeks(text: str) -> SchoolFreeWeeks:
    """The weeks that the words name; a span such as 52-1 goes over the new year. Raises NoWeeks."""
    found: set[int] = set()
    for part in filter(None, (one.strip() for one in re.split(r"[,;]|\bog\b", text))):
        hit = _PART.fullmatch(part.removeprefix("uge").strip() if part.lower().startswith("uge ") else part)
        if hit is None:
            raise NoWeeks
        first, last = int(hit[1]), int(hit[2] or hit[1])
        if not (1 <= first <= LAST_WEEK and 1 <= last <= LAST_WEEK):
            raise NoWeeks
        found |= set(
            range(first, last + 1) if first <= last else [*range(first, LAST_WEEK + 1), *range(1, last + 1)]
        )
    return SchoolFreeWeeks(frozenset(found))
