"""Days counted by the database as Python counts them, on both engines."""

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.base.database import days_between, db, earliest, latest

DAYS = [
    date(2023, 12, 31),
    date(2024, 2, 28),
    date(2024, 2, 29),
    date(2024, 3, 1),
    date(2026, 3, 28),
    date(2026, 3, 29),  # an hour shorter in Denmark
    date(2026, 3, 30),
    date(2099, 12, 31),
]


def day(one: date) -> sa.ColumnElement[Any]:
    return sa.literal(one, sa.Date)


@pytest.mark.parametrize("first", DAYS)
def test_days_between_two_days(app: Flask, first: date) -> None:
    asked = [db.session.scalar(sa.select(days_between(day(first), day(last)))) for last in DAYS]

    assert asked == [(last - first).days for last in DAYS]
    assert {type(number) for number in asked} == {int}


def test_the_first_and_the_last_of_some_days_are_days(app: Flask) -> None:
    values = [day(one) for one in (DAYS[3], DAYS[0], DAYS[5])]

    [(first, last)] = db.session.execute(sa.select(earliest(*values), latest(*values)))

    assert (first, last) == (DAYS[0], DAYS[5])


def test_they_may_stand_inside_each_other(app: Flask) -> None:
    """How many days of a period lie inside another."""
    begun = latest(day(date(2026, 1, 10)), day(date(2026, 1, 1)))
    over = earliest(day(date(2026, 1, 20)), latest(day(date(2026, 1, 15)), day(date(2026, 1, 12))))

    assert db.session.scalar(sa.select(days_between(begun, over) + 1)) == 6


def test_no_day_has_no_number_of_days(app: Flask) -> None:
    nothing = sa.cast(sa.null(), sa.Date)

    assert db.session.scalar(sa.select(days_between(day(DAYS[0]), nothing))) is None
    assert db.session.scalar(sa.select(days_between(day(DAYS[0]), day(DAYS[0] + timedelta(days=1))))) == 1
