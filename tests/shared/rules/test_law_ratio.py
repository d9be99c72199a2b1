"""R1-R2. Source: bek. om en aktiv beskæftigelsesindsats § 65 (elov.dk)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal.shared.rules.findings import Verdict
from portal.shared.rules.law import ratio, staff
from portal.shared.rules.law.ratio import Held
from tests.support.law import START, numbers

WHOLE = Decimal(1)
END = START + timedelta(days=27)


def newcomer(share: str = "1", starts_on: date = START, ends_on: date = END) -> Held:
    return Held(Decimal(share), starts_on, ends_on)


def held(share: str, starts: int, ends: int) -> Held:
    """A place held from and to so many days after the start."""
    return Held(Decimal(share), START + timedelta(days=starts), START + timedelta(days=ends))


@pytest.mark.parametrize(
    ("staff_number", "places"),
    [
        ("0", 1), ("4.9", 1), ("5", 1), ("9", 1), ("10", 2), ("24", 4), ("25", 5), ("50", 10), ("59", 10),
        ("60", 11), ("100", 15), ("120", 17),
    ],
)  # fmt: skip
def test_as_many_fit_as_the_law_says_and_not_one_more(staff_number: str, places: int) -> None:
    fits = ratio.ratio(Decimal(staff_number), [], newcomer(), places=places, numbers=numbers())
    one_more = ratio.ratio(Decimal(staff_number), [], newcomer(), places=places + 1, numbers=numbers())

    assert (fits.verdict, one_more.verdict) == (Verdict.OK, Verdict.STOP)


@pytest.mark.parametrize(
    ("share", "others", "verdict"),
    [
        ("0.50", [held("0.50", -10, 40)], Verdict.OK),  # two half-timers are one person
        ("0.51", [held("0.50", -10, 40)], Verdict.STOP),
        ("1", [held("1", -30, -1)], Verdict.OK),  # the other left the day before
        ("1", [held("1", -30, 0)], Verdict.STOP),  # the other is there on the first day
        ("1", [held("1", 27, 60)], Verdict.STOP),  # somebody comes on the last day
        ("1", [held("1", 28, 60)], Verdict.OK),  # or the day after
        ("0.50", [held("0.50", 0, 9), held("0.50", 10, 27)], Verdict.OK),  # one after the other
        ("0.50", [held("0.50", 0, 10), held("0.50", 10, 27)], Verdict.STOP),  # both on one day in the middle
    ],
)
def test_every_day_of_the_period_is_looked_at(share: str, others: list[Held], verdict: Verdict) -> None:
    assert ratio.ratio(Decimal(9), others, newcomer(share), numbers=numbers()).verdict is verdict


@pytest.mark.parametrize(("others", "verdict"), [("0.50", Verdict.OK), ("0.51", Verdict.STOP)])
def test_nytteindsats_and_other_municipalities_people_count_too(others: str, verdict: Verdict) -> None:
    finding = ratio.ratio(Decimal(9), [], newcomer("0.50"), others=Decimal(others), numbers=numbers())

    assert finding.verdict is verdict


def test_without_an_end_those_who_come_later_count() -> None:
    later = held("1", 300, 400)

    assert ratio.ratio(Decimal(5), [later], newcomer(ends_on=date.max), numbers=numbers()).is_stop


def test_a_stop_says_the_first_day_with_room(app: Flask) -> None:
    finding = ratio.ratio(Decimal(5), [held("1", -10, 9)], newcomer(), numbers=numbers())

    assert "10. december 2026" in str(finding.remedy)


@pytest.mark.parametrize(
    ("others", "sentence"),
    [
        ([], "Plads til 2 mere nu"),
        ([held("1", -10, 9)], "Plads til 1 mere nu"),
        ([held("1", -10, 9), held("1", -5, 19)], "Plads til 1 mere fra 10. december 2026"),
        (
            [held("0.50", -10, 9), held("1", -5, 19)],
            "Plads til 1 mere fra 10. december 2026. Indtil da højst 18 timer om ugen",
        ),
        ([held("2", -10, 9), held("2", 5, 40)], "Plads til 1 mere fra 10. januar 2027"),
    ],
)
def test_room_in_words(app: Flask, others: list[Held], sentence: str) -> None:
    assert ratio.room_in_words(others, 2, START, full_time_hours=Decimal(37), today=START) == sentence


places = st.builds(
    lambda share, start, length: held(str(share), start, start + length),
    st.decimals(min_value=Decimal("0.01"), max_value=1, places=2),
    st.integers(min_value=-100, max_value=100),
    st.integers(min_value=0, max_value=100),
)


@given(st.lists(places, max_size=12), st.integers(min_value=0, max_value=90))
def test_the_fullest_day_is_as_full_as_the_fullest_of_all_days(others: list[Held], length: int) -> None:
    last = START + timedelta(days=length)
    every_day = [ratio.held_on(START + timedelta(days=n), others) for n in range(length + 1)]

    day, most = ratio.fullest_day(others, START, last)

    assert most == max(every_day)
    assert START <= day <= last
    assert ratio.held_on(day, others) == most


@given(st.lists(places, max_size=12), st.integers(min_value=1, max_value=5))
def test_from_the_day_with_room_there_is_room_on_every_day(others: list[Held], limit: int) -> None:
    day = ratio.room_from(WHOLE, others, limit, START)

    assert day is not None
    assert all(ratio.held_on(day + timedelta(days=n), others) + 1 <= limit for n in range(210))
    assert day == START or ratio.held_on(day - timedelta(days=1), others) + 1 > limit


@given(st.lists(places, max_size=12), st.integers(min_value=0, max_value=90))
def test_spans_cover_every_day_once(others: list[Held], length: int) -> None:
    last = START + timedelta(days=length)

    cut = ratio.spans(others, 2, START, last)

    days = [
        span.starts_on + timedelta(days=n)
        for span in cut
        for n in range((span.ends_on - span.starts_on).days + 1)
    ]
    assert days == [START + timedelta(days=n) for n in range(length + 1)]
    assert all(
        span.held == ratio.held_on(day, others) for span in cut for day in (span.starts_on, span.ends_on)
    )


@pytest.mark.parametrize(
    ("stated_on", "verdict"),
    [
        (date(2026, 7, 18), Verdict.OK),
        (date(2026, 7, 17), Verdict.WARNING),
    ],
)
def test_a_staff_number_of_more_than_four_months_is_asked_for_again(
    stated_on: date, verdict: Verdict
) -> None:
    assert staff.staff_number(stated_on, date(2026, 11, 18), numbers()).verdict is verdict
