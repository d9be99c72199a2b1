"""The only reader of the clock. Services take the time as an argument; views and the command line ask here."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DANISH_TIME = ZoneInfo("Europe/Copenhagen")


def now() -> datetime:
    """The moment in UTC, with its zone."""
    return datetime.now(UTC)


def today() -> date:
    """The calendar day in Denmark, which legal dates follow."""
    return danish_day(now())


def danish_day(at: datetime) -> date:
    """The calendar day that a moment falls on in Denmark."""
    return at.astimezone(DANISH_TIME).date()


def danish_midnight(day: date) -> datetime:
    """The moment at which the day begins in Denmark."""
    return datetime.combine(day, time(), DANISH_TIME)


def danish_day_end(day: date) -> datetime:
    """The last moment of the day in Denmark, as finely as moments are stored."""
    return danish_midnight(day + timedelta(days=1)).astimezone(UTC) - timedelta(microseconds=1)
