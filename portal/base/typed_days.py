"""Reads days as Danes write them: 14-12-26, 14/12 2026, 14.12., "mandag den 14. december". Pure.

What can be read in two ways is refused, and so is a day that does not exist: nothing becomes empty by itself.
"""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from enum import Enum
from typing import Final, NoReturn

from flask_babel import gettext as _

from portal.base.cpr_numbers import contains_cpr
from portal.base.typed import NotRead, as_read, quoted

EARLIEST, LATEST = date(1900, 1, 1), date(2100, 12, 31)


class DayKind(Enum):
    """What a field's days are, which decides what a missing year and a year of two digits mean."""

    COMING = "coming"
    """Without a year the next such day; a year of two digits lies within 20 years of now."""
    PAST = "past"
    """Without a year the latest such day; a year of two digits as above."""
    EITHER = "either"
    """Never without a year: nothing says which; a year of two digits as above."""
    BORN = "born"
    """Never without a year; a year of two digits makes a person of 13 to 99 years."""


_CENTURY_WINDOW: Final = 20
_LIVING: Final = range(13, 100)
"""Ages a year of two digits can mean: no two of its centuries lie within."""
_JUST: Final = timedelta(days=31)
"""A day without a year that was so lately, or is so soon, may be meant on either side of the turn of the year."""

_MONTH_NAMES: Final = (
    "januar", "februar", "marts", "april", "maj", "juni",
    "juli", "august", "september", "oktober", "november", "december",
)  # fmt: skip
_MONTH_WORDS: Final[Mapping[str, int]] = {
    **{word: number for number, name in enumerate(_MONTH_NAMES, 1) for word in (name, name[:3])},
    **dict.fromkeys(("febr", "february"), 2),
    **dict.fromkeys(("oct", "october"), 10),
    "january": 1,
    "march": 3,
    "may": 5,
    "june": 6,
    "july": 7,
    "sept": 9,
}
"""Also as spreadsheets in English write them: 14-Oct-26."""
_WEEKDAYS: Final = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag")
_WEEKDAY_WORDS: Final[Mapping[str, int]] = {
    word: number
    for number, name in enumerate(_WEEKDAYS)
    for word in (name, name[:2], name[:3], name.removesuffix("dag"))
}

_BEFORE: Final = (
    r"(?:(?P<weekday>" + "|".join(sorted(_WEEKDAY_WORDS, key=len, reverse=True)) + r")\b\.?,?\s*)?"
    r"(?:(?:den|d)\b\.?\s*)?"
)
_BETWEEN: Final = r"(?:\s*\.?\s*[-/,.]\s*|\s+)"
_MIDNIGHT: Final = r"(?:[t ]00[:.]00(?:[:.]00(?:\.0+)?)?z?)?"
"""What spreadsheets and programs write behind a day that has no hour."""
_SHAPES: Final = tuple(
    re.compile(shape, re.IGNORECASE)
    for shape in (
        rf"(?P<year>\d{{4}})[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}}){_MIDNIGHT}",
        rf"{_BEFORE}(?P<day>\d{{1,2}}){_BETWEEN}(?P<month>\d{{1,2}})"
        rf"(?:{_BETWEEN}'?(?P<year>\d{{4}}|\d{{2}}))?{_MIDNIGHT}",
        rf"{_BEFORE}(?P<day>\d{{1,2}})[\s.\-/]*(?P<name>[a-zæøå]+)(?:[\s.,\-/]*'?(?P<year>\d{{4}}|\d{{2}}))?",
    )
)
_RUN_TOGETHER: Final = re.compile(r"\d{8}")
_YEAR: Final = re.compile(r"\d{4}")
_MONTH_AND_YEAR: Final = re.compile(r"(?:\d{1,2}[-/. ]+|[a-zæøå]+[. ]+)\d{4}", re.IGNORECASE)
_DAY_ALONE: Final = re.compile(rf"{_BEFORE}\d{{1,2}}", re.IGNORECASE)
_BORN_AROUND: Final = re.compile(
    r"^(?:(?:født|fødselsår|fødselsdato|fødselsdag|f|fødeår|årgang|årg|ca|cirka|omkring|i|år|den|d)\b[.:]*\s*)+",
    re.IGNORECASE,
)
_GUESSED: Final = re.compile(
    r"\s*(?:\?|\((?:ca|cirka|\?|skøn\w*|anslået|omkring)\.?\)|ca\.?|cirka)$", re.IGNORECASE
)
_YEAR_BEHIND_A_STROKE: Final = re.compile(r"'(\d\d)")


def read_day(text: str, kind: DayKind, today: date) -> date:
    """The day that stands there. Raises NotRead with what is wrong and what would be right."""
    if contains_cpr(text) and not _is_run_of(text, 8):
        raise NotRead(_("Skriv kun datoen, ikke et CPR-nummer."))
    plain = as_read(text).rstrip(".,; ")
    example_year = _example_year(kind)
    if _RUN_TOGETHER.fullmatch(plain):
        return _within(_from_eight_digits(plain, text, example_year))
    found = next((hit for shape in _SHAPES if (hit := shape.fullmatch(plain))), None)
    if found is None:
        _refuse_part(plain, text, example_year)
    said = found.groupdict()
    month = _month(said, text, example_year)
    day = _whole_day(int(said["day"]), month, said["year"], kind, today, text)
    _check_weekday(said.get("weekday"), day)
    return _within(day)


def read_birth(text: str, today: date) -> date | int:
    """The day somebody was born, or the year alone where that is all that is known. Raises NotRead."""
    text = _GUESSED.sub("", _BORN_AROUND.sub("", as_read(text)))
    plain = text.rstrip(". ")
    if found := _YEAR_BEHIND_A_STROKE.fullmatch(plain):
        return _century(int(found[1]), DayKind.BORN, today, text)
    if not _YEAR.fullmatch(plain):
        return read_day(text, DayKind.BORN, today)
    if not EARLIEST.year <= int(plain) <= LATEST.year:
        raise NotRead(_("“%(typed)s” er ikke et fødselsår. Skriv det som 1968.", typed=quoted(text)))
    return int(plain)


def written_day(day: date) -> str:
    """The day as a field shows it: 14-12-2026."""
    return f"{day:%d-%m}-{day.year:04}"


def _is_run_of(text: str, digits: int) -> bool:
    plain = as_read(text)
    return plain.isdigit() and len(plain) == digits


def _example_year(kind: DayKind) -> int:
    """A year that would be right in such a field."""
    return 1968 if kind is DayKind.BORN else 2026


def _refuse_part(plain: str, text: str, year: int) -> NoReturn:
    """A part of a date, or no date at all; `year` is that of the example."""
    if _YEAR.fullmatch(plain) and abs(int(plain) - year) < len(_LIVING):
        raise NotRead(_("Skriv også dag og måned, fx 14-12-%(year)s.", year=plain))
    if _MONTH_AND_YEAR.fullmatch(plain):
        raise NotRead(_("Skriv også dagen, fx 14-12-%(year)s.", year=year))
    if _DAY_ALONE.fullmatch(plain):
        raise NotRead(_("Skriv også måneden, fx 14-12-%(year)s.", year=year))
    raise _unreadable(text, year)


def _unreadable(text: str, year: int) -> NotRead:
    return NotRead(
        _(
            "Vi kan ikke læse datoen “%(typed)s”. Skriv den som 14-12-%(year)s.",
            typed=quoted(text),
            year=year,
        )
    )


def _from_eight_digits(plain: str, text: str, example_year: int) -> date:
    """14122026 or 20261214; what is both is neither."""
    danish = _made(int(plain[4:]), int(plain[2:4]), int(plain[:2]))
    iso = _made(int(plain[:4]), int(plain[4:6]), int(plain[6:]))
    found = {day for day in (danish, iso) if day and EARLIEST <= day <= LATEST}
    if len(found) != 1:
        raise _unreadable(text, example_year)
    return found.pop()


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month(said: Mapping[str, str | None], text: str, example_year: int) -> int:
    name = said.get("name")
    if name:
        number = _MONTH_WORDS.get(name.lower())
        if number is None:
            raise _unreadable(text, example_year)
        return number
    number = int(said["month"] or 0)
    if not 1 <= number <= 12:
        raise NotRead(
            _(
                "“%(typed)s”: der er ingen måned %(month)s. Skriv dagen først, fx 14-12-%(year)s.",
                typed=quoted(text),
                month=number,
                year=example_year,
            )
        )
    return number


def _whole_day(day: int, month: int, year: str | None, kind: DayKind, today: date, text: str) -> date:
    if year is None:
        return _without_year(day, month, kind, today)
    whole = int(year) if len(year) == 4 else _century(int(year), kind, today, text)
    found = _made(whole, month, day)
    if found is None:
        raise _no_such_day(day, month, whole) if whole else NotRead(_("Datoen ligger for langt væk."))
    return found


def _no_such_day(day: int, month: int, year: int | None = None) -> NotRead:
    name = _MONTH_NAMES[month - 1]
    if year and (month, day) == (2, 29):  # which exists in other years
        name = f"{name} {year}"
    return NotRead(_("Den %(day)s. %(month)s findes ikke. Skriv en anden dato.", day=day, month=name))


def _century(year: int, kind: DayKind, today: date, text: str) -> int:
    """The year that two digits mean in such a field; what none or two centuries could mean is refused."""
    for century in (1900, 2000, 2100):
        away = century + year - today.year
        if -away in _LIVING if kind is DayKind.BORN else abs(away) <= _CENTURY_WINDOW:
            return century + year
    raise NotRead(_("“%(typed)s”: skriv året med fire cifre, fx 14-12-1968.", typed=quoted(text)))


def _without_year(day: int, month: int, kind: DayKind, today: date) -> date:
    _must_be_some_day(day, month)
    if kind in (DayKind.BORN, DayKind.EITHER):
        raise NotRead(_("Skriv også året, fx 14-12-%(year)s.", year=_example_year(kind)))
    back = kind is DayKind.PAST
    years = range(today.year, today.year - 9, -1) if back else range(today.year, today.year + 9)
    days = [
        found for year in (*years, today.year + (1 if back else -1)) if (found := _made(year, month, day))
    ]
    other_side = [found for found in days if (found > today if back else found < today)]
    if any(abs(found - today) <= _JUST for found in other_side):
        raise NotRead(
            _(
                "Skriv også året. Mener du %(day)s. %(month)s %(year)s eller %(other)s?",
                day=day,
                month=_MONTH_NAMES[month - 1],
                year=other_side[0].year,
                other=other_side[0].year + (-1 if back else 1),
            )
        )
    return next(found for found in days if (found <= today if back else found >= today))


def _must_be_some_day(day: int, month: int) -> None:
    if _made(2000, month, day) is None:
        raise _no_such_day(day, month)


def _check_weekday(word: str | None, day: date) -> None:
    if word is None:
        return
    said = _WEEKDAY_WORDS[word.lower()]
    if said != day.weekday():
        raise NotRead(
            _(
                "Den %(day)s er en %(true)s, ikke en %(said)s. Ret dagen eller datoen.",
                day=written_day(day),
                true=_WEEKDAYS[day.weekday()],
                said=_WEEKDAYS[said],
            )
        )


def _within(day: date) -> date:
    if not EARLIEST <= day <= LATEST:
        raise NotRead(_("Datoen ligger for langt væk."))
    return day
