"""When a day's work begins and ends, read from what an employer wrote."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.shared.rules.clock_times import Working, working_day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("8-13", Working(8, 13, 5)),
        ("7.30-13.30", Working(7.5, 13.5, 6)),
        ("kl. 14 til 18", Working(14, 18, 4)),
        ("Kl. 14:00 – kl. 18:15", Working(14, 18.25, 4.25)),
        ("mandag og torsdag 14-18", Working(14, 18, 4)),
        ("8-12 og igen 14-16", Working(8, 16, 6)),
        ("22-6", Working(22, 6, 8)),
        ("17-24", Working(17, 24, 7)),
        ("8-8", Working(8, 8, 0)),
        ("", None),
        ("efter aftale", None),
        ("fra kl. 14", None),
        ("2-3 timer", None),
        ("3-4 dage om ugen", None),
        ("12-10-2026", None),
        ("47 78 40 00", None),
        ("25-30", None),
    ],
)
def test_what_the_words_tell(text: str, day: Working | None) -> None:
    assert working_day(text) == day


@given(st.text(alphabet="0123456789.:-– kltilogfra", max_size=30))
def test_any_words_give_a_day_of_the_clock_or_none(text: str) -> None:
    day = working_day(text)

    assert day is None or (0 <= day.begins <= 25 and 0 <= day.ends <= 25 and day.hours >= 0)
