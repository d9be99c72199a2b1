"""Working days counted by the database: the same as the clock's own, on both engines."""

from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.base.clock import danish_day
from portal.base.database import UtcDateTime, db
from portal.base.day_numbers import working_days_between
from portal.base.working_days import working_days_taken
from tests.base.test_working_days import MOMENTS, TAKEN, danish


def counted(start: datetime, end: datetime | None, *, last: date | None = None) -> int | None:
    """What the database says of one row, with the closing days that are shipped."""
    rows = sa.select(
        sa.literal(start, UtcDateTime).label("start"), sa.literal(end, UtcDateTime).label("end")
    ).subquery()
    days = working_days_between(
        rows.c.start, rows.c.end, first=danish_day(start), last=last or danish_day(end or start)
    )
    return db.session.scalar(sa.select(days))


@pytest.mark.parametrize(("start", "end", "days"), TAKEN)
def test_the_database_counts_as_the_clock_does(app: Flask, start: str, end: str, days: int) -> None:
    assert counted(danish(start), danish(end)) == days


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(start=MOMENTS, later=st.integers(0, 120 * 24))
def test_at_any_two_moments(app: Flask, start: datetime, later: int) -> None:
    end = start + timedelta(hours=later)

    assert counted(start, end) == working_days_taken(start, end)


def test_what_is_not_done_took_no_number(app: Flask) -> None:
    assert counted(danish("2026-11-18T09:00"), None) is None


def test_an_end_behind_the_last_day_never_seems_sooner(app: Flask) -> None:
    start, end = danish("2026-12-01T09:00"), danish("2027-01-08T09:00")

    assert (counted(start, end, last=date(2026, 12, 20)) or 0) >= working_days_taken(start, end) == 24
