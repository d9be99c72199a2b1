"""When somebody was born, as a consultant writes it: a day, a year alone, or nothing because nobody knows."""

from datetime import date
from typing import Final

from flask_babel import gettext as _

from portal.base.typed import NotRead, as_read
from portal.base.typed_days import read_birth, written_day
from portal.shared.rules.checks import Born

_UNKNOWN: Final = frozenset(
    {"ukendt", "ikke kendt", "ved ikke", "ved det ikke", "ikke oplyst", "uoplyst", "kendes ikke", "?", "-"}
)


def nobody_knows(text: str) -> bool:
    """Whether it says so: "ukendt", "ved ikke"."""
    return as_read(text).rstrip(".").lower() in _UNKNOWN


def read_born(text: str, today: date) -> Born | None:
    """A day or a year, however Danes write it; None where it says that nobody knows. Raises NotRead."""
    if nobody_knows(text):
        return None
    try:
        read = read_birth(text, today)
    except NotRead as reason:
        raise NotRead(f"{reason} {_('Kendes kun året, så skriv det alene: 1986.')}") from reason
    born = Born.in_year(read) if isinstance(read, int) else Born.on(read)
    if born.earliest > today:
        raise NotRead(_("Fødslen kan ikke ligge i fremtiden."))
    return born


def written_born(born: Born) -> str:
    """As the form shows it: "24-12-1986", or "1986"."""
    return written_day(born.earliest) if born.is_day else f"{born.earliest.year}"
