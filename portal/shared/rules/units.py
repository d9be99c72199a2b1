"""A number of the law with its unit, as it is read: "13 uger", "kl. 20", "ja". Pure."""

from decimal import Decimal
from typing import Final

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from portal.web.presentation import da_number

YES_OR_NO: Final = "= ja"
"""The unit of a rule that is no number: 1 is yes, 0 is no."""
WORDS: Final = "= ord"
"""The unit of a rule that is a list, a line for each; its number is how many lines there are."""
CLOCK: Final = "klokken"
COUNTED: Final = frozenset(
    {"plads", "måned", "måneder", "uger", "år", "dage", "hverdage", "forslag", "opgaver"}
)
"""The units that are counted whole: nothing is half a week long, so a half would be shown and not judged."""


def in_words(value: Decimal, unit: str) -> str:
    if unit == YES_OR_NO:
        return str(_l("ja") if value else _l("nej"))
    if unit == WORDS:
        return str(ngettext("%(num)s linje", "%(num)s linjer", int(value)))
    if unit == CLOCK:
        return str(_l("kl. %(hour)s", hour=da_number(value)))
    return f"{da_number(value)} {unit}".rstrip()


def lines_of(words: str) -> list[str]:
    """The lines of a list, without blanks around them; empty ones and remarks ("# ...") are none."""
    lines = (line.strip() for line in words.splitlines())
    return [line for line in lines if line and not line.startswith("#")]
