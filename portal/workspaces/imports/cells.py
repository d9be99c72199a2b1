"""How one cell is understood: functions from its text to a value, or CellError with the reason."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from types import SimpleNamespace
from typing import Any, cast

from flask_babel import gettext as _
from wtforms import ValidationError

from portal.base import clock
from portal.base.cpr_numbers import contains_cpr
from portal.base.places import read_postcode
from portal.base.terms import HOURS_IN_A_WEEK, LabelledEnum
from portal.base.texts import SHORTEST_OF_SEVERAL_LINES, is_forbidden, mail_address, one_line, plain_lines
from portal.base.typed import NotRead, as_read
from portal.base.typed_days import DayKind, read_birth, read_day
from portal.base.typed_numbers import HOURS, PEOPLE, NumberBounds, Unit, read_number, read_whole
from portal.loop.citizens.births import nobody_knows
from portal.web.forms import Phone, cvr_digits, is_cvr, is_p_number, p_number_digits
from portal.workspaces.imports.lists import Known, OneOrSeveral, in_vocabulary, parted, surely_parted
from portal.workspaces.imports.reader import fold_heading

Parse = Callable[[str], Any]


MOST_PARTS = 100
"""Items of a list inside a cell: no card and no opening has as many."""

YES = frozenset({"ja", "j", "x", "1", "true", "sand", "yes", "y", "✓", "✔"})
NO = frozenset({"nej", "n", "", "0", "false", "falsk", "no"})


_MONTHS = (
    "januar|februar|marts|april|juni|juli|august|september|oktober|november|december"
    "|jan|feb|mar|apr|maj|may|jun|jul|aug|sept?|okt|oct|nov|dec"
)
_MADE_A_DATE = re.compile(
    rf"(?:\d{{1,2}}[-. ]{{1,2}})?(?:{_MONTHS})\.?(?:[-. ]\d{{2,4}})?"
    r"|\d{1,4}[-./]\d{1,2}[-./]\d{1,4}[ T]\d{1,2}[:.]\d{2}.*",
    re.IGNORECASE,
)
_LEVEL_IN_BRACKETS = re.compile(r"(?P<words>[^:]*?[^\W\d][^:]*?)\s*(?:\((?P<rung>\d)\)|=\s*(?P<told>\d))")
_LEVEL_BEHIND = re.compile(r"(?P<words>[^:]*[^\W\d])\s+(?P<rung>\d)")
_LEVEL_INSIDE = re.compile(r":\s*\d")
_SPAN = re.compile(
    r"(?:(?:fra|mellem)\s+)?(?P<low>.*?\d\D*?)\s*(?:-|\btil\b|\bog\b)\s*(?P<high>\d.*)", re.IGNORECASE
)
_AT_MOST = re.compile(r"(?:op til|højst|maks(?:imalt)?\b\.?|max\b\.?|indtil)\s*(?P<high>\d.*)", re.IGNORECASE)


class Takes(Enum):
    """What a column's cells may be in a workbook, beside text."""

    TEXT = "text"
    DAY = "day"
    NUMBER = "number"
    YES_NO = "yes_no"


_takes: dict[Parse, Takes] = {}


def takes(parse: Parse) -> Takes:
    """What the parser understands."""
    return _takes.get(parse, Takes.TEXT)


def _of(kind: Takes) -> Callable[[Parse], Parse]:
    def noted(parse: Parse) -> Parse:
        _takes[parse] = kind
        return parse

    return noted


class CellError(Exception):
    """The cell cannot be used; the text is the reason, in plain Danish."""


def text(length: int) -> Parse:
    """Words of at most `length` characters, without anything that looks like a CPR number."""

    def parse(cell: str) -> str:
        cell = plain_lines(cell) if length >= SHORTEST_OF_SEVERAL_LINES else " ".join(one_line(cell).split())
        if is_forbidden(cell):
            raise CellError(_("Teksten indeholder et tegn, som ikke kan gemmes."))
        if len(cell) > length:
            raise CellError(_("Teksten er for lang. Den må højst være på %(limit)s tegn.", limit=length))
        if contains_cpr(cell):
            raise CellError(
                _("Det ligner et CPR-nummer. Portalen gemmer ingen CPR-numre; brug sagsnummeret.")
            )
        return cell

    return parse


def case_reference(cell: str) -> str:
    """A case number: what a spreadsheet has made a date of is none."""
    found = text(40)(cell)
    if _MADE_A_DATE.fullmatch(found):
        raise CellError(
            _(
                "“%(value)s” ligner en dato, som regnearket har lavet. Gør kolonnen til tekst, og skriv nummeret igen.",
                value=found,
            )
        )
    return cast(str, found)


@_of(Takes.NUMBER)
def cvr(cell: str) -> str:
    digits = cvr_digits(cell)
    if not is_cvr(digits):
        raise CellError(_("“%(value)s” er ikke et gyldigt CVR-nummer. Det har 8 cifre.", value=cell[:20]))
    return digits


@_of(Takes.NUMBER)
def p_number(cell: str) -> str:
    digits = p_number_digits(cell)
    if not is_p_number(digits):
        raise CellError(_("“%(value)s” er ikke et P-nummer. Det har 10 cifre.", value=cell[:20]))
    return digits


@_of(Takes.NUMBER)
def postcode(cell: str) -> str:
    return _read(read_postcode, cell)


def email(cell: str) -> str:
    address = mail_address(text(254)(cell))
    if address is None:
        raise CellError(_("“%(value)s” er ikke en e-mail. Skriv den som navn@eksempel.dk.", value=cell[:40]))
    return address.lower()


@_of(Takes.NUMBER)
def phone(cell: str) -> str:
    field = SimpleNamespace(data=cell)
    try:
        Phone()(None, field)
    except ValidationError as error:
        raise CellError(_("“%(value)s” er ikke et telefonnummer. Skriv 8 cifre.", value=cell[:20])) from error
    return str(field.data)


def _read(read: Callable[..., Any], cell: str, *rest: Any) -> Any:
    """What a reader that forms use too makes of the cell."""
    try:
        return read(cell, *rest)
    except NotRead as reason:
        raise CellError(str(reason)) from reason


def _bounds(least: float, most: float) -> NumberBounds:
    return NumberBounds(Decimal(str(least)), Decimal(str(most)))


def _check_bounds(value: Decimal | int, bounds: NumberBounds) -> None:
    if not bounds.hold(Decimal(value)):
        raise CellError(
            _(
                "Tallet skal ligge mellem %(least)s og %(most)s.",
                least=f"{bounds.least:g}",
                most=f"{bounds.most:g}",
            )
        )


def number(least: float, most: float, unit: Unit = PEOPLE) -> Parse:
    """A number as forms read it, as a Decimal with two decimals."""
    bounds = _bounds(least, most)

    @_of(Takes.NUMBER)
    def parse(cell: str) -> Decimal:
        value: Decimal = _read(read_number, cell, unit, bounds)
        _check_bounds(value, bounds)
        return value.quantize(Decimal("0.01"))  # what the columns keep; more would look changed every time

    return parse


def whole_number(least: int, most: int, unit: Unit = PEOPLE) -> Parse:
    bounds = _bounds(least, most)

    @_of(Takes.NUMBER)
    def parse(cell: str) -> int:
        value: int = _read(read_whole, cell, unit, bounds)
        _check_bounds(value, bounds)
        return value

    return parse


_UP_TO_A_WEEK = number(0, HOURS_IN_A_WEEK, HOURS)


@_of(Takes.NUMBER)
def hours(cell: str) -> float:
    """Hours a week of an opening: more than 0; how many may be agreed is the rules' to say."""
    value = _UP_TO_A_WEEK(cell)
    if value == 0:
        raise CellError(_("Timetallet skal være over 0."))
    return float(value)


@_of(Takes.NUMBER)
def hours_span(cell: str) -> tuple[float | None, float | None]:
    """Hours a week somebody can work: "15-25", or "25" for at most 25."""
    typed = as_read(cell)
    if at_most := _AT_MOST.fullmatch(typed):
        return None, hours(at_most["high"])
    if "-" in (typed[:1], typed[-1:]):  # nobody can tell whether something is missing
        raise CellError(_("Skriv timerne som 15-25 eller som ét tal."))
    span = _SPAN.fullmatch(typed)
    if span is None:
        return None, hours(typed)
    low, high = float(_UP_TO_A_WEEK(span["low"])), hours(span["high"])
    if low > high:
        raise CellError(_("Det mindste timetal skal stå først, for eksempel 15-25."))
    return low, high


@_of(Takes.DAY)
def day(cell: str) -> date:
    """A day with its year: no field of a file is only for what comes, or only for what has been."""
    return cast(date, _read(read_day, cell, DayKind.EITHER, clock.today()))


_MONTH = re.compile(
    r"(?P<month>\d{1,2}|[^\W\d]+)(?: ?[-./] ?|\. | )(?P<year>\d{4})|(?P<iso>\d{4})[-./](?P<of_iso>\d{1,2})"
)


@_of(Takes.DAY)
def month(cell: str) -> date:
    """The first day of a month: 10-2026, 2026-10, "oktober 2026", or any of its days, as a workbook keeps a month."""
    found = _MONTH.fullmatch(as_read(cell))
    if found is None:
        return day(cell).replace(day=1)
    return day(f"1. {found['month'] or found['of_iso']} {found['year'] or found['iso']}")


@_of(Takes.DAY)
def birth(cell: str) -> date | int | None:
    """The day somebody was born, or the year alone where it is all that is known; None where nobody knows."""
    if nobody_knows(cell):
        return None
    return cast("date | int", _read(read_birth, cell, clock.today()))


@_of(Takes.NUMBER)
def birth_year(cell: str) -> int | None:
    """The year alone, however it is written where days of birth stand; None where nobody knows."""
    if nobody_knows(cell):
        return None
    found = _read(read_birth, cell, clock.today())
    if isinstance(found, int):
        return found
    raise CellError(_("Skriv kun året, fx %(year)s. Datoen har sin egen kolonne.", year=found.year))


@_of(Takes.YES_NO)
def yes_no(cell: str) -> bool:
    word = as_read(cell).rstrip(".! ").casefold()
    if word in YES:
        return True
    if word in NO:
        return False
    raise CellError(_("Skriv ja eller nej."))


def one_of(terms: type[LabelledEnum]) -> Parse:
    """A term by its label, its stored value or another of its names, without regard to case and spaces."""

    @cache
    def by_name() -> dict[str, LabelledEnum]:
        found: dict[str, LabelledEnum] = {}
        for member in terms:
            for name in (member.value, str(member.label), *member.names_in_files):
                found.setdefault(fold_heading(name), member)
        return found

    def parse(cell: str) -> LabelledEnum:
        found = by_name().get(fold_heading(cell))
        if found is not None:
            return found
        choices = ", ".join(str(member.label) for member in terms)
        raise CellError(
            _("“%(value)s” kendes ikke. Vælg mellem: %(choices)s.", value=cell[:40], choices=choices)
        )

    return parse


def several_of(terms: type[LabelledEnum]) -> Parse:
    parse_one = one_of(terms)

    def is_term(words: str) -> bool:
        try:
            parse_one(words)
        except CellError:
            return False
        return True

    def parse(cell: str) -> tuple[LabelledEnum, ...]:
        return tuple(dict.fromkeys(parse_one(part) for part in parts(cell, is_term)))

    return parse


def level(ladder: dict[int, Any]) -> Parse:
    """A rung of a ladder, by number or by its words."""

    @_of(Takes.NUMBER)
    def parse(cell: str) -> int:
        wanted = fold_heading(cell)
        for rung, label in ladder.items():
            if wanted in (str(rung), fold_heading(str(label)), fold_heading(str(label).split("(")[0])):
                return rung
        raise CellError(_("Skriv et trin fra %(least)s til %(most)s.", least=min(ladder), most=max(ladder)))

    return parse


def levelled(least: int, most: int, default: int | None) -> Parse:
    """Several texts with a level each: "gulvvask:3|opvask:2"."""

    def parse(cell: str) -> tuple[tuple[str, int], ...]:
        found: dict[str, tuple[str, int]] = {}
        for part in parts(cell, in_vocabulary):
            words, colon, rung = _with_colon(part).rpartition(":")
            if not colon:
                words, rung = part, "" if default is None else str(default)
            if not re.fullmatch(r"\d", rung.strip(), re.ASCII) or not least <= int(rung) <= most:
                raise CellError(
                    _(
                        "“%(value)s”: skriv et trin fra %(least)s til %(most)s efter kolon, for eksempel gulvvask:3.",
                        value=part[:40],
                        least=least,
                        most=most,
                    )
                )
            if _LEVEL_INSIDE.search(words):
                raise CellError(_("“%(value)s”: skriv ; imellem, hvis det er flere ting.", value=part[:60]))
            said = text(120)(words.strip())
            if not any(map(str.isalpha, said)):
                raise CellError(_("Der står et trin uden en opgave foran."))
            found.setdefault(said.casefold(), (said, int(rung)))
        return tuple(found.values())

    return parse


def _with_colon(part: str) -> str:
    """Levels as some write them: "gulvvask (3)", "gulvvask=3", and "gulvvask 3" where that is no thing of its own."""
    part = part.replace("：", ":")
    if found := _LEVEL_IN_BRACKETS.fullmatch(part):
        return f"{found['words']}:{found['rung'] or found['told']}"
    if (found := _LEVEL_BEHIND.fullmatch(part)) and in_vocabulary(found["words"]) and not in_vocabulary(part):
        return f"{found['words']}:{found['rung']}"
    return part


def labels(cell: str) -> tuple[str, ...]:
    return tuple(text(120)(part) for part in _few(surely_parted(cell)))


def parts(cell: str, known: Known) -> list[str]:
    """The items of a list inside a cell; of those that are `known`, one may be two words with "og" between."""
    try:
        return _few(parted(cell, known))
    except OneOrSeveral as part:
        raise CellError(
            _(
                "“%(value)s”: er det én ting eller flere? Skriv ; imellem, hvis det er flere, ellers ; efter.",
                value=str(part)[:60],
            )
        ) from part


def _few(found: list[str]) -> list[str]:
    if len(found) > MOST_PARTS:
        raise CellError(_("Der står for mange ting i feltet. Der må højst være %(limit)s.", limit=MOST_PARTS))
    return found
