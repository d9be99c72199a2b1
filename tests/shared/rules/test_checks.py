"""The boundaries of the pure checks."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.shared.rules.checks import (
    Born,
    RatioRule,
    age_on,
    age_range_on,
    full_time_share,
    months_after,
    months_before,
    months_in,
    ratio_limit,
    weeks_between,
)

RULE = RatioRule(
    staff_per_place=Decimal(5), small_until=Decimal(50), staff_per_place_above=Decimal(10), least_places=1
)
MONDAY = date(2026, 11, 16)

staff = st.decimals(min_value=0, max_value=5000, places=2)


@pytest.mark.parametrize(
    ("full_time_staff", "places"),
    [
        ("0", 1), ("4.9", 1), ("5", 1), ("9", 1), ("9.99", 1), ("10", 2), ("24", 4), ("25", 5), ("49.99", 9),
        ("50", 10), ("59", 10), ("59.99", 10), ("60", 11), ("100", 15), ("120", 17),
    ],
)  # fmt: skip
def test_ratio_limit_rounds_down_but_never_below_one(full_time_staff: str, places: int) -> None:
    assert ratio_limit(Decimal(full_time_staff), RULE) == places


@given(staff, staff)
def test_more_staff_never_allows_fewer_places(one: Decimal, other: Decimal) -> None:
    fewer, more = sorted((one, other))

    assert 1 <= ratio_limit(fewer, RULE) <= ratio_limit(more, RULE)


@given(staff)
def test_places_never_exceed_a_fifth_of_the_staff_but_for_the_first(full_time_staff: Decimal) -> None:
    assert ratio_limit(full_time_staff, RULE) <= max(1, full_time_staff / 5)


def test_monday_to_sunday_is_one_week() -> None:
    assert weeks_between(MONDAY, MONDAY + timedelta(days=6)) == 1
    assert weeks_between(MONDAY, MONDAY + timedelta(days=7)) == 2


@pytest.mark.parametrize(
    ("day", "months", "earlier"),
    [
        (date(2026, 11, 18), 12, date(2025, 11, 18)),
        (date(2024, 2, 29), 12, date(2023, 2, 28)),
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
        (date(2026, 5, 31), 2, date(2026, 3, 31)),
    ],
)
def test_months_before_stays_within_the_month(day: date, months: int, earlier: date) -> None:
    assert months_before(day, months) == earlier


@given(
    st.dates(min_value=date(2000, 1, 1), max_value=date(2090, 1, 1)),
    st.integers(min_value=0, max_value=600),
)
def test_months_later_is_never_another_month(day: date, months: int) -> None:
    later = months_after(day, months)

    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day <= day.day


def test_full_time_share_is_the_part_of_a_full_week() -> None:
    assert full_time_share(18.5, Decimal(37)) == Fraction(1, 2)
    assert 2 * full_time_share(18.7, Decimal(37)) > 1  # not rounded to a half
    assert full_time_share(37, Decimal(37)) == 1
    assert full_time_share(40, Decimal(37)) == 1


@pytest.mark.parametrize(
    ("born", "day", "ages"),
    [
        (Born.on(date(2008, 6, 15)), date(2026, 6, 14), (17, 17)),
        (Born.on(date(2008, 6, 15)), date(2026, 6, 15), (18, 18)),
        (Born.on(date(2008, 2, 29)), date(2026, 2, 28), (17, 17)),
        (Born.on(date(2008, 2, 29)), date(2026, 3, 1), (18, 18)),
        (Born.in_year(2008), date(2025, 12, 31), (17, 17)),
        (Born.in_year(2008), date(2026, 1, 1), (17, 18)),
        (Born.in_year(2008), date(2026, 12, 30), (17, 18)),
        (Born.in_year(2008), date(2026, 12, 31), (18, 18)),
    ],
)
def test_a_year_alone_leaves_two_ages_until_the_last_birthday_of_the_year(
    born: Born, day: date, ages: tuple[int, int]
) -> None:
    assert age_range_on(born, day) == ages


@given(
    st.dates(min_value=date(1930, 1, 1), max_value=date(2026, 12, 31)),
    st.dates(min_value=date(2027, 1, 1), max_value=date(2040, 12, 31)),
)
def test_her_true_age_lies_within_what_her_year_allows(born_on: date, day: date) -> None:
    youngest, oldest = age_range_on(Born.in_year(born_on.year), day)

    assert youngest <= age_on(born_on, day) <= oldest <= youngest + 1


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        (date(2026, 2, 1), date(2026, 2, 28), Fraction(1)),
        (date(2026, 1, 31), date(2026, 2, 28), Fraction(1)),  # the last of a shorter month
        (date(2026, 1, 15), date(2026, 4, 14), Fraction(3)),
        (date(2026, 11, 30), date(2026, 12, 29), Fraction(1)),
        (date(2026, 6, 1), date(2026, 6, 15), Fraction(1, 2)),
        (date(2026, 6, 1), date(2026, 7, 1), Fraction(32, 31)),
        (date(2026, 6, 1), date(2026, 6, 1), Fraction(1, 30)),
    ],
)
def test_months_are_whole_ones_and_a_part(first: date, last: date, months: Fraction) -> None:
    assert months_in(first, last) == months


@given(st.dates(date(2026, 1, 1), date(2028, 12, 31)), st.integers(0, 800))
def test_another_day_is_more_of_a_month(first: date, more: int) -> None:
    last = first + timedelta(days=more)

    assert months_in(first, last) < months_in(first, last + timedelta(days=1))
