"""The day in Denmark, which a moment in UTC may not be on."""

from datetime import UTC, date, datetime

import pytest

from portal.base.clock import danish_day


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (datetime(2026, 1, 31, 22, 59, tzinfo=UTC), date(2026, 1, 31)),
        (datetime(2026, 1, 31, 23, 0, tzinfo=UTC), date(2026, 2, 1)),  # winter: an hour ahead
        (datetime(2026, 7, 31, 21, 59, tzinfo=UTC), date(2026, 7, 31)),
        (datetime(2026, 7, 31, 22, 0, tzinfo=UTC), date(2026, 8, 1)),  # summer: two
    ],
)
def test_a_danish_day_begins_at_midnight_in_denmark(at: datetime, day: date) -> None:
    assert danish_day(at) == day
