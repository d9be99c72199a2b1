"""Reads numbers as Danes write them: 25,5 and 18½, "20 timer om ugen", 1.250,5 and 1 250. Pure.

Where a sign can be the decimal one or the one between thousands, the field's bounds decide or nobody does.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.base.typed import NotRead, as_read, quoted


@dataclass(frozen=True)
class Unit:
    """What a field counts, and the words that may stand beside the number."""

    label: LazyString | None
    """What the field asks for when something else is given; None: nothing that has a name."""
    words: str
    """A pattern of what may follow the number."""


HOURS: Final = Unit(
    _l("timer om ugen"),
    r"(?:(?:ugentlige\s*)?(?:timers?|time|tim|t)\b\.?)?"
    r"\s*(?:(?:om|i|pr\.?|per|/|hver)\s*uge?n?\b\.?|/\s*u\b\.?|ugentligt?e?)?",
)
MINUTES: Final = Unit(_l("minutter"), r"(?:minutters?|minut|min|m)\b\.?(?:\s*(?:om dagen|pr\.? dag))?")
KILOS: Final = Unit(_l("kilo"), r"(?:kilogram|kilo|kg|kgs)\b\.?")
KILOMETRES: Final = Unit(_l("kilometer"), r"(?:kilometer|km)\b\.?")
KRONER: Final = Unit(
    _l("kroner"),
    r"(?:,-|,--)?\s*(?:(?:kroner|krone|kr|dkk)\b\.?)?"
    r"\s*(?:(?:om|pr\.?|per|i|/)\s*m(?:d|dr|ån|åned(?:en)?)\b\.?|månedligt?)?",
)
PERCENT: Final = Unit(_l("procent"), r"(?:%|(?:procent|pct)\b\.?)")
WEEKS: Final = Unit(_l("uger"), r"(?:ugers?|uge)\b\.?")
YEARS: Final = Unit(_l("år"), r"års?\b\.?(?:\s*gammel)?")
PEOPLE: Final = Unit(
    None,
    r"(?:stk|person(?:er)?|plads(?:er)?|medarbejdere?|(?:fast)?ansatte?|årsværk|fuldtids\w+|stilling(?:er)?|borgere?"
    r"|menneske(?:r)?|mand|hoveder|virksomhed(?:er)?|aftaler?)\b\.?",
)
_UNITS: Final = (HOURS, MINUTES, KILOS, KILOMETRES, KRONER, PERCENT, WEEKS, YEARS, PEOPLE)
SHARE_OR_COUNT: Final = Unit(None, rf"(?:{PERCENT.words}|{PEOPLE.words})")
AS_LABELLED: Final = Unit(None, "|".join(f"(?:{unit.words})" for unit in _UNITS))
"""Of a field whose label is a row of a table: whatever it asks for may be repeated."""

_CURRENCY_FIRST: Final = re.compile(r"(?:kr\b\.?|dkk\b)\s*(?=[\d+-])", re.IGNORECASE)
_LONGEST: Final = 15
"""Digits: no field holds as many."""
_PARTS: Final = {"½": " 1/2", "¼": " 1/4", "¾": " 3/4"}
_SHAPE: Final = re.compile(r"(?P<sign>[-+]?)\s?(?P<body>[\d.,/ ]*\d[.,]?)\s?(?P<rest>[^\d]*)")

_WHOLE: Final = re.compile(r"\d+[.,]?")
_FRACTION: Final = re.compile(r"(?:(\d+) ?)?\b(1/2|1/4|3/4)")
_DECIMAL: Final = re.compile(r"\d*[.,]\d+")
_ONE_DOT_OF_THREE: Final = re.compile(r"[1-9]\d{0,2}\.\d{3}")
_ONE_COMMA_OF_THREE: Final = re.compile(r"[1-9]\d{0,2},\d{3}")
_GROUPS: Final = tuple(
    re.compile(rf"(?P<whole>[1-9]\d{{0,2}}(?:{group}\d{{3}}){least})(?:{point}(?P<part>\d+))?")
    for group, point, least in ((r"\.", ",", "{2,}"), (",", r"\.", "{2,}"), (" ", "[,.]", "+"))
)
_MIXED: Final = tuple(
    re.compile(rf"(?P<whole>[1-9]\d{{0,2}}(?:{group}\d{{3}})+){point}(?P<part>\d+)")
    for group, point in ((r"\.", ","), (",", r"\."))
)


@dataclass(frozen=True)
class NumberBounds:
    """What a field takes; they also decide between two readings of one text."""

    least: Decimal | None = None
    most: Decimal | None = None

    def hold(self, value: Decimal) -> bool:
        return (self.least is None or value >= self.least) and (self.most is None or value <= self.most)

    @property
    def one_inside(self) -> int:
        """A number that would be right here."""
        usual = Decimal(20)
        if self.hold(usual):
            return int(usual)
        edge = self.most if self.most is not None and self.most < usual else self.least
        return int(edge or 0)


ANY: Final = NumberBounds()


def read_number(text: str, unit: Unit | None = None, bounds: NumberBounds = ANY) -> Decimal:
    """The number that stands there, whole or not; its bounds are left for others to hold. Raises NotRead."""
    body, is_minus = _body(text, unit, bounds)
    readings = _readings(body)
    if not readings:
        raise _no_number(text, bounds)
    value = _one_of(readings, text, bounds)
    return -value if is_minus else value


def read_whole(text: str, unit: Unit | None = None, bounds: NumberBounds = ANY) -> int:
    """The whole number that stands there: here a dot before three digits can only part thousands. Raises NotRead."""
    body, is_minus = _body(text, unit, bounds)
    readings = _readings(body)
    if not readings:
        raise _no_number(text, bounds)
    value = readings[0]
    if _ONE_COMMA_OF_THREE.fullmatch(body) or value != value.to_integral_value():
        raise NotRead(_("Skriv et helt tal, fx %(example)s.", example=bounds.one_inside))
    return int(-value if is_minus else value)


def written_number(value: Decimal) -> str:
    """The number as a field shows it, so that it is read as the same again: 25,5."""
    written = f"{value.normalize():f}".replace(".", ",")
    return written + "0" if _ONE_COMMA_OF_THREE.fullmatch(written.lstrip("-")) else written


def _no_number(text: str, bounds: NumberBounds) -> NotRead:
    return NotRead(
        _(
            "Vi kan ikke læse “%(typed)s”. Skriv et tal, fx %(example)s.",
            typed=quoted(text),
            example=bounds.one_inside,
        )
    )


def _body(text: str, unit: Unit | None, bounds: NumberBounds) -> tuple[str, bool]:
    """The digits with what parts them, and whether a minus stands before."""
    for sign, words in _PARTS.items():
        text = text.replace(sign, words)
    plain = as_read(text)
    if unit is KRONER:
        plain = _CURRENCY_FIRST.sub("", plain, count=1)
    found = _SHAPE.fullmatch(plain)
    if found is None:
        raise _no_number(text, bounds)
    if sum(map(str.isdigit, found["body"])) > _LONGEST:
        raise NotRead(_("Tallet er for stort."))
    body, rest = found["body"], found["rest"].strip()
    if rest.startswith("-") and body.endswith(","):  # "20,-" is twenty kroner
        body, rest = body[:-1], f",{rest}"
    _check_unit(rest, unit, text, bounds)
    return body.strip(), found["sign"] == "-"


def _check_unit(rest: str, unit: Unit | None, text: str, bounds: NumberBounds) -> None:
    if rest in ("", ".") or (unit and re.fullmatch(unit.words, rest, re.IGNORECASE)):
        return
    if unit and unit.label and str(unit.label) not in rest and _begins_with_unit(rest):
        raise NotRead(
            _("Skriv det i %(unit)s, fx %(example)s.", unit=str(unit.label), example=bounds.one_inside)
        )
    raise _no_number(text, bounds)


def _begins_with_unit(rest: str) -> bool:
    return any((found := re.match(unit.words, rest, re.IGNORECASE)) and found.end() for unit in _UNITS)


def _readings(body: str) -> list[Decimal]:
    """What the digits can mean, the Danish reading first; none, when they mean nothing."""
    if _WHOLE.fullmatch(body):
        return [Decimal(body.rstrip(".,"))]
    if hit := _FRACTION.fullmatch(body):
        above, below = map(Decimal, hit[2].split("/"))
        return [Decimal(hit[1] or 0) + above / below]
    for shape, english in ((_ONE_DOT_OF_THREE, False), (_ONE_COMMA_OF_THREE, True)):
        if shape.fullmatch(body):
            thousands, decimals = Decimal(re.sub(r"[.,]", "", body)), Decimal(body.replace(",", "."))
            return [decimals, thousands] if english else [thousands, decimals]
    for shape in (*_GROUPS, *_MIXED):
        if hit := shape.fullmatch(body):
            return [Decimal(re.sub(r"[., ]", "", hit["whole"]) + "." + (hit["part"] or "0"))]
    return [Decimal(body.replace(",", "."))] if _DECIMAL.fullmatch(body) else []


def _one_of(readings: list[Decimal], text: str, bounds: NumberBounds) -> Decimal:
    """The only reading within the bounds. Without any, the Danish one: it is then said to be too large or small."""
    fitting = [value for value in readings if bounds.hold(value)]
    if len(fitting) < 2:
        return (fitting or readings)[0]
    one, other = (f"{value.normalize():f}".replace(".", ",") for value in fitting)
    raise NotRead(
        _(
            "“%(typed)s” kan læses på to måder. Skriv %(one)s eller %(other)s.",
            typed=quoted(text),
            one=one,
            other=other,
        )
    )
