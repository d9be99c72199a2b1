"""Dates, numbers and levels as Danes write them: the filters of the templates."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from flask import Flask
from flask_babel import LazyString, ngettext
from flask_babel import gettext as _

from portal.base.clock import DANISH_TIME
from portal.base.terms import DANISH_READING_LEVELS, DANISH_SPEAKING_LEVELS, SKILL_LEVELS
from portal.base.working_days import working_days_since, working_time

LOCALE = "da_DK"
NOTHING = "–"


def register(app: Flask) -> None:
    app.jinja_env.filters.update(
        da_date=da_date,
        da_datetime=da_datetime,
        da_month=da_month,
        da_weekday=da_weekday,
        da_deadline=da_deadline,
        da_hours=da_hours,
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
    return format_date(_local(value), "d. MMMM y", locale=LOCALE)


def da_datetime(value: datetime | None) -> str:
    """24. december 2026 kl. 08.30"""
    if value is None:
        return NOTHING
    return format_datetime(value.astimezone(DANISH_TIME), "d. MMMM y 'kl.' HH.mm", locale=LOCALE)


def da_weekday(value: datetime | None) -> str:
    """torsdag den 24. december kl. 08.30"""
    if value is None:
        return NOTHING
    return format_datetime(value.astimezone(DANISH_TIME), "EEEE 'den' d. MMMM 'kl.' HH.mm", locale=LOCALE)


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


def da_month(value: date | datetime | None) -> str:
    """december 2026"""
    if value is None:
        return NOTHING
    return format_date(_local(value), "MMMM y", locale=LOCALE)


def da_number(value: Any) -> str:
    """1.234,5"""
    if value is None:
        return NOTHING
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
