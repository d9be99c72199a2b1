"""The municipality's clock. Source: docs/rules.md#working-days."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.base import events
from portal.base.clock import DANISH_TIME
from portal.base.events import Closing
from portal.base.working_days import (
    after_working_days,
    after_working_hours,
    due_day,
    is_working_day,
    last_day_before_working_days,
    last_day_due_by,
    working_days_since,
    working_days_taken,
    working_time,
)

CLOSED = Closing(frozenset({(6, 5), (12, 24), (12, 31)}), date(2018, 1, 1), None)


@pytest.fixture(autouse=True)
def _as_shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the rules answer, without a database: tests/shared/rules/test_closings.py asks them."""
    monkeypatch.setattr(events.office_closings, "_answer", lambda: (CLOSED,))


MOMENTS = st.datetimes(datetime(2023, 1, 1), datetime(2031, 1, 1), timezones=st.just(UTC))
HOURS = st.integers(0, 240)


def danish(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=DANISH_TIME)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-11-20", True),  # Friday
        ("2026-11-21", False),
        ("2026-11-22", False),
        ("2026-11-23", True),
        ("2026-04-01", True),
        ("2026-04-02", False),  # skærtorsdag
        ("2026-04-03", False),  # langfredag
        ("2026-04-06", False),  # 2. påskedag
        ("2026-04-07", True),
        ("2023-05-05", False),  # store bededag, for the last time
        ("2024-04-26", True),  # where it would have been
        ("2026-05-01", True),  # no holiday by law
        ("2026-05-14", False),  # Kristi himmelfartsdag
        ("2026-05-15", True),
        ("2026-05-25", False),  # 2. pinsedag
        ("2026-06-05", False),  # Grundlovsdag
        ("2026-12-23", True),
        ("2026-12-24", False),
        ("2026-12-25", False),
        ("2025-12-30", True),
        ("2025-12-31", False),
        ("2026-01-01", False),
        ("2026-01-02", True),
    ],
)
def test_which_days_the_municipality_works(day: str, works: bool) -> None:
    assert is_working_day(date.fromisoformat(day), (CLOSED,)) is works


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-11-20T14:00", 24, "2026-11-23T14:00"),  # Friday to Monday
        ("2026-11-17T10:30", 24, "2026-11-18T10:30"),
        ("2026-11-21T10:00", 24, "2026-11-24T00:00"),  # on a Saturday it begins on Monday
        ("2026-11-22T23:59", 1, "2026-11-23T01:00"),
        ("2026-11-20T00:00", 24, "2026-11-21T00:00"),
        ("2026-11-20T14:00", 10, "2026-11-21T00:00"),
        ("2026-11-20T14:00", 11, "2026-11-23T01:00"),
        ("2026-11-20T14:00", 0, "2026-11-20T14:00"),
        ("2026-04-01T12:00", 24, "2026-04-07T12:00"),  # over Easter
        ("2026-05-13T08:00", 24, "2026-05-15T08:00"),  # over Ascension Day
        ("2026-06-04T09:00", 24, "2026-06-08T09:00"),  # over Grundlovsdag and a weekend
        ("2026-12-23T14:00", 24, "2026-12-28T14:00"),
        ("2025-12-30T14:00", 24, "2026-01-02T14:00"),
        ("2023-05-04T14:00", 24, "2023-05-08T14:00"),  # store bededag
        ("2024-04-25T14:00", 24, "2024-04-26T14:00"),  # abolished
        ("2026-03-27T14:00", 24, "2026-03-30T14:00"),  # summer time begins on the Sunday between
        ("2026-10-23T14:00", 24, "2026-10-26T14:00"),  # and ends
        ("2026-11-18T09:00", 48, "2026-11-20T09:00"),
    ],
)
def test_hours_run_on_working_days(start: str, hours: int, end: str) -> None:
    assert after_working_hours(danish(start), hours) == danish(end)
    assert working_time(danish(start), danish(end)) == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("day", "count", "found"),
    [
        ("2026-11-20", 0, "2026-11-20"),
        ("2026-11-20", 2, "2026-11-24"),
        ("2026-11-20", 5, "2026-11-27"),
        ("2026-11-21", 2, "2026-11-24"),
        ("2026-12-22", 2, "2026-12-28"),
    ],
)
def test_working_days_are_counted(day: str, count: int, found: str) -> None:
    assert after_working_days(date.fromisoformat(day), count) == date.fromisoformat(found)


@pytest.mark.parametrize(
    ("moment", "today", "days"),
    [
        ("2026-11-20T14:00", "2026-11-20", 0),
        ("2026-11-20T14:00", "2026-11-22", 0),
        ("2026-11-20T14:00", "2026-11-23", 1),
        ("2026-11-20T23:59", "2026-11-27", 5),
        ("2026-12-23T12:00", "2026-12-28", 1),
        ("2026-11-20T14:00", "2026-11-19", 0),
    ],
)
def test_silence_is_as_old_as_the_working_days_that_came(moment: str, today: str, days: int) -> None:
    assert working_days_since(danish(moment), date.fromisoformat(today)) == days


TAKEN = [
    ("2026-11-18T09:00", "2026-11-18T09:00", 0),  # Wednesday
    ("2026-11-18T00:00", "2026-11-18T23:59", 0),
    ("2026-11-18T23:59", "2026-11-19T00:00", 1),
    ("2026-11-20T16:00", "2026-11-20T23:59", 0),  # Friday
    ("2026-11-20T16:00", "2026-11-21T10:00", 0),  # done on a Saturday is done on the Friday
    ("2026-11-20T16:00", "2026-11-23T08:00", 1),
    ("2026-11-21T10:00", "2026-11-21T11:00", 0),
    ("2026-11-21T10:00", "2026-11-23T23:59", 0),  # what came on a Saturday has come with Monday
    ("2026-11-22T23:59", "2026-11-24T00:00", 1),
    ("2026-11-20T16:00", "2026-12-04T08:00", 10),
    ("2026-11-20T16:00", "2026-12-07T08:00", 11),
    ("2026-04-01T15:00", "2026-04-07T08:00", 1),  # the Wednesday before Easter to the Tuesday after
    ("2026-04-02T15:00", "2026-04-07T08:00", 0),  # skærtorsdag
    ("2026-05-13T15:00", "2026-05-15T08:00", 1),  # over Ascension Day
    ("2026-06-04T15:00", "2026-06-08T08:00", 1),  # over Grundlovsdag and a weekend
    ("2026-12-23T15:00", "2026-12-28T08:00", 1),
    ("2025-12-23T15:00", "2026-01-02T08:00", 3),  # 29 and 30 December, and 2 January
    ("2026-12-24T10:00", "2026-12-28T08:00", 0),
    ("2023-05-04T15:00", "2023-05-08T08:00", 1),  # store bededag
    ("2024-04-25T15:00", "2024-04-26T08:00", 1),  # abolished
    ("2026-03-27T23:30", "2026-03-30T00:30", 1),  # summer time begins on the Sunday between
    ("2026-10-23T23:30", "2026-10-26T00:30", 1),  # and ends
    ("2026-07-01T00:30", "2026-07-01T23:30", 0),  # one day in Denmark, two in UTC
    ("2026-11-18T09:00", "2026-11-17T09:00", 0),
]
"""When something came, when it was done, and the working days that took."""


@pytest.mark.parametrize(("start", "end", "days"), TAKEN)
def test_how_many_working_days_something_took(start: str, end: str, days: int) -> None:
    assert working_days_taken(danish(start), danish(end)) == days


@pytest.mark.parametrize(
    ("day", "count", "due"),
    [
        ("2026-11-18", 0, "2026-11-18"),
        ("2026-11-20", 0, "2026-11-22"),  # until the next working day comes
        ("2026-11-21", 0, "2026-11-23"),
        ("2026-11-18", 10, "2026-12-02"),
        ("2026-11-20", 10, "2026-12-06"),
        ("2026-12-18", 5, "2026-12-29"),
        ("2026-12-18", 6, "2027-01-03"),
    ],
)
def test_the_last_day_on_which_no_more_is_taken(day: str, count: int, due: str) -> None:
    assert due_day(date.fromisoformat(day), count) == date.fromisoformat(due)


@given(day=st.dates(date(2023, 1, 1), date(2031, 1, 1)), count=st.integers(0, 20))
def test_the_due_day_is_where_one_more_working_day_begins(day: date, count: int) -> None:
    due, morning = due_day(day, count), time(8)
    came = datetime.combine(day, morning, DANISH_TIME)

    assert working_days_taken(came, datetime.combine(due, morning, DANISH_TIME)) == count
    assert working_days_taken(came, datetime.combine(due + timedelta(1), morning, DANISH_TIME)) == count + 1


@given(on=st.dates(date(2023, 1, 1), date(2031, 1, 1)), count=st.integers(0, 20))
def test_who_is_due_by_a_day(on: date, count: int) -> None:
    last = last_day_due_by(on, count)

    assert due_day(last, count) <= on < due_day(last + timedelta(1), count)


@given(start=MOMENTS, hours=HOURS)
def test_the_time_between_is_what_was_added(start: datetime, hours: int) -> None:
    assert working_time(start, after_working_hours(start, hours)) == timedelta(hours=hours)


@given(start=MOMENTS, hours=HOURS, later=st.integers(0, 10_000))
def test_who_begins_later_is_not_due_earlier(start: datetime, hours: int, later: int) -> None:
    assert after_working_hours(start, hours) <= after_working_hours(start + timedelta(minutes=later), hours)


@given(start=MOMENTS, end=MOMENTS)
def test_no_more_working_time_passes_than_time(start: datetime, end: datetime) -> None:
    wall = end.astimezone(DANISH_TIME).replace(tzinfo=None) - start.astimezone(DANISH_TIME).replace(
        tzinfo=None
    )
    assert timedelta(0) <= working_time(start, end) <= max(wall, timedelta(0))


@given(day=st.dates(date(2023, 1, 1), date(2031, 1, 1)), count=st.integers(1, 30))
def test_the_day_counted_to_is_a_working_day(day: date, count: int) -> None:
    found = after_working_days(day, count)
    assert is_working_day(found, (CLOSED,))
    assert (
        sum(is_working_day(day + timedelta(n), (CLOSED,)) for n in range(1, (found - day).days + 1)) == count
    )


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_the_last_day_before_so_many_working_days_is_the_last_from_which_they_are_counted(count: int) -> None:
    for today in (
        date(2026, 11, 16) + timedelta(days=number) for number in range(60)
    ):  # Christmas is among them
        last = last_day_before_working_days(today, count)
        noon = datetime.combine(last, time(12), DANISH_TIME)

        assert working_days_since(noon, today) >= count
        assert working_days_since(noon + timedelta(days=1), today) < count
