"""Clock times in an employer's own words: "7.30-13.30", "kl. 14 til 18". Pure."""

import re
from dataclasses import dataclass
from typing import Final

MINUTES: Final = 60

_CLOCK = r"(?:kl\.?\s*)?([01]?\d|2[0-4])(?:[.:]([0-5]\d))?"
_SPAN: Final = re.compile(
    rf"(?<![\d.:/-]){_CLOCK}\s*(?:[-–—]|til)\s*{_CLOCK}(?![\d/-]|[.:]\d|\s*(?:timer|dage|gange|uger|personer)\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Working:
    """A day's work as it is written, in hours of the clock (13.5 is half past one)."""

    begins: float
    ends: float
    """Before it begins when it goes on past midnight."""
    hours: float
    """At work, without what lies between two spans."""


def working_day(text: str) -> Working | None:
    """The day that the words tell of; of two spans the whole day. None when they tell of no clock."""
    spans = [(_hour(one[1], one[2]), _hour(one[3], one[4])) for one in _SPAN.finditer(text)]
    if not spans:
        return None
    past_midnight = [span for span in spans if span[1] <= span[0]]
    begins = min(begin for begin, _end in spans)
    ends = past_midnight[0][1] if past_midnight else max(end for _begin, end in spans)
    return Working(begins, ends, sum((end - begin) % 24 for begin, end in spans))


def _hour(hour: str, minute: str | None) -> float:
    return int(hour) + int(minute or 0) / MINUTES
