"""Quarters of a year, named by their first day."""

from datetime import date, timedelta

MONTHS = 3


def quarter_of(day: date) -> date:
    """The first day of the day's quarter."""
    return date(day.year, day.month - (day.month - 1) % MONTHS, 1)


def next_quarter(first: date) -> date:
    """The first day of the quarter after the one that begins on `first`."""
    return (
        date(first.year + 1, 1, 1) if first.month > 12 - MONTHS else date(first.year, first.month + MONTHS, 1)
    )


def quarter_end(day: date) -> date:
    """The last day of the day's quarter."""
    return next_quarter(quarter_of(day)) - timedelta(days=1)


def last_quarter_end(day: date) -> date:
    """The day itself when it ends a quarter, else the last one before it that does."""
    return day if day == quarter_end(day) else quarter_of(day) - timedelta(days=1)


def quarters(first: date, last: date) -> list[date]:
    """The first days of every quarter that a period touches, the oldest first."""
    found, quarter = [], quarter_of(first)
    while quarter <= last:
        found.append(quarter)
        quarter = next_quarter(quarter)
    return found


def number(quarter: date) -> int:
    """1 to 4."""
    return (quarter.month - 1) // MONTHS + 1
