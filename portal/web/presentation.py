"""Dates, numbers and levels as Danes write them, days as the reader does: the filters of the templates."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from flask import Flask
from flask_babel import LazyString, ngettext
from flask_babel import gettext as _

from portal.base.clock import DANISH_TIME
from portal.base.terms import DANISH_READING_LEVELS, DANISH_SPEAKING_LEVELS, SKILL_LEVELS
from portal.base.working_days import working_days_since, working_time
from portal.web.reading import spoken

LOCALE = Locale("da", "DK")
"""Parsed once: a name would be parsed for every date on a page."""

KEPT_TEXTS = 4096
"""Days and numbers whose text is kept: a page says the same ones many times."""

NOTHING = "–"


def register(app: Flask) -> None:
    app.jinja_env.filters.update(
        da_date=da_date,
        da_datetime=da_datetime,
        da_month=da_month,
        da_day=da_day,
        da_short_day=da_short_day,
        da_weekday=da_weekday,
        da_clock=da_clock,
        da_deadline=da_deadline,
        da_hours=da_hours,
        da_working_days=da_working_days,
        working_days_until=working_days_since,
        working_time_from=lambda due, now: working_time(now, due),
        da_number=da_number,
        cvr_text=cvr_text,
        skill_level=lambda level: SKILL_LEVELS[level],
        danish_speaking=lambda level: NOTHING if level is None else DANISH_SPEAKING_LEVELS[level],
        danish_reading=lambda level: NOTHING if level is None else DANISH_READING_LEVELS[level],
    )


def da_date(value: date | datetime | None) -> str:
    """24. december 2026"""
    if value is None:
        return NOTHING
    return _said_day(_local(value), "long") or _day_in_words(_local(value), "d. MMMM y")


def da_day(value: date) -> str:
    """torsdag den 24. december 2026"""
    return _day_in_words(value, "EEEE 'den' d. MMMM y")


def da_short_day(value: date) -> str:
    """tors. 24. dec."""
    return _day_in_words(value, "EEE d. MMM")


def da_datetime(value: datetime | None) -> str:
    """24. december 2026 kl. 08.30"""
    if value is None:
        return NOTHING
    wall = value.astimezone(DANISH_TIME)
    if day := _said_day(wall.date(), "long"):
        return f"{day}, {wall:%H.%M}"
    return format_datetime(wall, "d. MMMM y 'kl.' HH.mm", locale=LOCALE)


def da_weekday(value: datetime | None) -> str:
    """torsdag den 24. december kl. 08.30"""
    if value is None:
        return NOTHING
    return format_datetime(value.astimezone(DANISH_TIME), "EEEE 'den' d. MMMM 'kl.' HH.mm", locale=LOCALE)


def da_clock(value: datetime) -> str:
    """kl. 14.32, of a moment that is near."""
    wall = value.astimezone(DANISH_TIME)
    return format_datetime(wall, "'kl.' HH.mm", locale=LOCALE) if spoken() is None else f"{wall:%H.%M}"


def da_deadline(value: datetime | None) -> str:
    """torsdag den 24. december kl. 08.30; at midnight the day that ends: kl. 24.00, never kl. 00.00 of the next."""
    if value is None:
        return NOTHING
    wall = value.astimezone(DANISH_TIME)
    if wall.time() != time.min:
        return da_weekday(value)
    return format_date(wall.date() - timedelta(days=1), "EEEE 'den' d. MMMM 'kl. 24.00'", locale=LOCALE)


def da_hours(value: timedelta) -> str:
    """5 timer, or 40 minutter when less than one is left; rounded down."""
    minutes = int(value.total_seconds()) // 60
    if minutes < 60:
        return ngettext("%(num)s minut", "%(num)s minutter", minutes)
    return ngettext("%(num)s time", "%(num)s timer", minutes // 60)


TWO_WEEKS = 10
"""Working days from which on nobody is told the number."""


def da_working_days(days: int | None) -> str:
    """Within how many working days, in words: samme dag, næste arbejdsdag, 3 arbejdsdage, over to uger."""
    if days is None:
        return _("for få til at sige")
    if days == 0:
        return _("samme dag")
    if days == 1:
        return _("næste arbejdsdag")
    if days > TWO_WEEKS:
        return _("over to uger")
    return _("%(num)s arbejdsdage", num=days)


def da_month(value: date | datetime | None) -> str:
    """december 2026"""
    if value is None:
        return NOTHING
    return _said_day(_local(value), "LLLL y") or _day_in_words(_local(value), "MMMM y")


def da_number(value: Any) -> str:
    """1.234,5"""
    if value is None:
        return NOTHING
    return _number_in_words(value)


def _said_day(day: date, form: str) -> str:
    """The day where another language than Danish is spoken."""
    language = spoken()
    return "" if language is None else format_date(day, form, locale=language.value)


@lru_cache(maxsize=KEPT_TEXTS)
def _day_in_words(day: date, pattern: str) -> str:
    return format_date(day, pattern, locale=LOCALE)


@lru_cache(maxsize=KEPT_TEXTS)
def _number_in_words(value: Any) -> str:
    shown = Decimal(value.numerator) / value.denominator if isinstance(value, Fraction) else value
    return format_decimal(shown, format="#,##0.##", locale=LOCALE)


def cvr_text(cvr: str) -> str:
    """12 34 56 78, as employers write it."""
    return " ".join(cvr[start : start + 2] for start in range(0, 8, 2))


def in_a_row(labels: Sequence[LazyString]) -> str:
    """Labels within a sentence: "køkken og kantine, pleje og omsorg og rengøring"."""
    *first, last = (f"{str(label)[:1].lower()}{str(label)[1:]}" for label in labels)
    return _("%(first)s og %(last)s", first=", ".join(first), last=last) if first else last


def _local(value: date | datetime) -> date:
    return value.astimezone(DANISH_TIME) if isinstance(value, datetime) else value
