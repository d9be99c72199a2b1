"""Reads a time of day as Danes write it: 10:30, "kl. 10.30", 1030, 10. Pure."""

import re
from datetime import time
from typing import Final

from flask_babel import gettext as _

from portal.base.typed import NotRead, as_read, quoted

_SHAPE: Final = re.compile(
    r"(?:klokken|kl)?\b\.?\s*(?:(?P<hour>\d{1,2})(?:\s*[:.,]\s*(?P<minute>\d{2}))?|(?P<four>\d{4}))",
    re.IGNORECASE,
)


def read_clock(text: str) -> time:
    """The time that stands there. Raises NotRead with what would be right."""
    found = _SHAPE.fullmatch(as_read(text).rstrip(". "))
    if found is not None:
        four = found["four"]
        hour, minute = (four[:2], four[2:]) if four else (found["hour"], found["minute"] or "0")
        if int(hour) < 24 and int(minute) < 60:
            return time(int(hour), int(minute))
    raise NotRead(_("Vi kan ikke læse klokkeslættet “%(typed)s”. Skriv det som 10:30.", typed=quoted(text)))


def written_clock(value: time) -> str:
    """The time as a field shows it: 10:30."""
    return f"{value:%H:%M}"
