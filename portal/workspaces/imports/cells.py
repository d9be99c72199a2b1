"""How one cell is understood: functions from its text to a value, or CellError with the reason."""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from types import SimpleNamespace
from typing import Any

from flask_babel import gettext as _
from wtforms import ValidationError

from portal.base.cpr_numbers import contains_cpr
from portal.base.places import is_danish_postcode
from portal.base.terms import HOURS_IN_A_WEEK, LabelledEnum
from portal.base.texts import SHORTEST_OF_SEVERAL_LINES, is_forbidden, mail_address, one_line, plain_lines
from portal.web.forms import EARLIEST, LATEST, Phone, is_cvr, is_p_number
from portal.workspaces.imports.reader import fold_heading

Parse = Callable[[str], Any]

_DATE_FORMATS = ("%d-%m-%Y", "%d.%m.%Y", "%d/%m/%Y", "%Y-%m-%d", "%d-%m-%y", "%d.%m.%y", "%d/%m/%y")
_LIST_SEPARATORS = re.compile(r"[;|\n]")

MOST_PARTS = 100
"""Items of a list inside a cell: no card and no opening has as many."""

YES = frozenset({"ja", "j", "x", "1", "true", "sand"})
NO = frozenset({"nej", "n", "", "0", "false", "falsk"})


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


def cvr(cell: str) -> str:
    digits = re.sub(r"[\s.]", "", cell).upper().removeprefix("DK")
    if not is_cvr(digits):
        raise CellError(_("“%(value)s” er ikke et gyldigt CVR-nummer. Det har 8 cifre.", value=cell[:20]))
    return digits


def p_number(cell: str) -> str:
    digits = re.sub(r"[\s.]", "", cell)
    if not is_p_number(digits):
        raise CellError(_("“%(value)s” er ikke et P-nummer. Det har 10 cifre.", value=cell[:20]))
    return digits


def postcode(cell: str) -> str:
    """Four digits, with or without the country before and the town behind."""
    found = re.match(r"(?:DK-?)?(\d{4})(?!\d)", cell, re.ASCII | re.IGNORECASE)
    if found is None or not is_danish_postcode(found.group(1)):
        raise CellError(_("“%(value)s” er ikke et dansk postnummer.", value=cell[:20]))
    return found.group(1)


def email(cell: str) -> str:
    text(254)(cell)
    address = mail_address(cell)
    if address is None:
        raise CellError(_("“%(value)s” er ikke en e-mailadresse.", value=cell[:40]))
    return address.lower()


def phone(cell: str) -> str:
    field = SimpleNamespace(data=cell)
    try:
        Phone()(None, field)
    except ValidationError as error:
        raise CellError(_("“%(value)s” er ikke et telefonnummer. Skriv 8 cifre.", value=cell[:20])) from error
    return str(field.data)


def number(least: float, most: float) -> Parse:
    """A number with a decimal comma, as a Decimal with two decimals."""

    def parse(cell: str) -> Decimal:
        try:
            value = Decimal(_plain_number(cell))
        except InvalidOperation as error:
            raise CellError(_("“%(value)s” er ikke et tal.", value=cell[:20])) from error
        if not value.is_finite() or not Decimal(str(least)) <= value <= Decimal(str(most)):
            raise CellError(
                _("Tallet skal ligge mellem %(least)s og %(most)s.", least=f"{least:g}", most=f"{most:g}")
            )
        return value.quantize(Decimal("0.01"))  # what the columns keep; more would look changed every time

    return parse


def _plain_number(cell: str) -> str:
    """1.234,5 and 1234,5 and 1234.5 are the same number."""
    compact = re.sub(r"\s", "", cell)
    if "," in compact:
        return compact.replace(".", "").replace(",", ".")
    return re.sub(r"\.(?=\d{3}(\.|$))", "", compact)


def whole_number(least: int, most: int) -> Parse:
    def parse(cell: str) -> int:
        value = number(least, most)(cell)
        if value != value.to_integral_value():
            raise CellError(_("Skriv et helt tal."))
        return int(value)

    return parse


def hours(cell: str) -> float:
    """Hours a week of an opening: more than 0; how many may be agreed is the rules' to say."""
    value = number(0, HOURS_IN_A_WEEK)(cell)
    if value == 0:
        raise CellError(_("Timetallet skal være over 0."))
    return float(value)


def hours_span(cell: str) -> tuple[float | None, float | None]:
    """Hours a week somebody can work: "15-25", or "25" for at most 25."""
    parts = [part for part in re.split(r"\s*(?:-|–|til)\s*", cell.strip()) if part]
    if len(parts) == 1:
        return None, hours(parts[0])
    if len(parts) != 2:
        raise CellError(_("Skriv timerne som 15-25 eller som ét tal."))
    low, high = float(number(0, HOURS_IN_A_WEEK)(parts[0])), hours(parts[1])
    if low > high:
        raise CellError(_("Det mindste timetal skal stå først, for eksempel 15-25."))
    return low, high


def day(cell: str) -> date:
    for style in _DATE_FORMATS:
        try:
            value = datetime.strptime(cell, style).date()  # noqa: DTZ007 - a calendar day has no zone
        except ValueError:
            continue
        if EARLIEST <= value <= LATEST:
            return value
    raise CellError(_("“%(value)s” er ikke en dato. Skriv den som 24-12-2026.", value=cell[:20]))


def birth(cell: str) -> date | int:
    """The day somebody was born, or the year alone where it is all that is known."""
    if re.fullmatch(r"\d{4}", cell, re.ASCII):
        return year(cell)
    if re.search(r"\d{4}", cell, re.ASCII) is None:
        raise CellError(
            _("“%(value)s”: skriv året med fire cifre, for eksempel 24-12-1968.", value=cell[:20])
        )
    return day(cell)


def year(cell: str) -> int:
    if re.fullmatch(r"\d{4}", cell, re.ASCII) and EARLIEST.year <= int(cell) <= LATEST.year:
        return int(cell)
    raise CellError(_("“%(value)s” er ikke et år. Skriv det som 1968.", value=cell[:20]))


def yes_no(cell: str) -> bool:
    word = cell.casefold()
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

    def parse(cell: str) -> tuple[LabelledEnum, ...]:
        return tuple(dict.fromkeys(parse_one(part) for part in parts(cell)))

    return parse


def level(ladder: dict[int, Any]) -> Parse:
    """A rung of a ladder, by number or by its words."""

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
        for part in parts(cell):
            words, colon, rung = part.rpartition(":")
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
            said = text(120)(words.strip())
            if not said:
                raise CellError(_("Der står et trin uden en opgave foran."))
            found.setdefault(said.casefold(), (said, int(rung)))
        return tuple(found.values())

    return parse


def labels(cell: str) -> tuple[str, ...]:
    return tuple(text(120)(part) for part in parts(cell))


def parts(cell: str) -> list[str]:
    """The items of a list inside a cell, separated by ";", "|" or a line break."""
    found = [part.strip() for part in _LIST_SEPARATORS.split(cell) if part.strip()]
    if len(found) > MOST_PARTS:
        raise CellError(_("Der står for mange ting i feltet. Der må højst være %(limit)s.", limit=MOST_PARTS))
    return found
