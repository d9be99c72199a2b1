"""Numbers as Danes write them are read; what is none, or two, is said."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.base.typed import NotRead
from portal.base.typed_numbers import (
    HOURS,
    KILOS,
    KRONER,
    MINUTES,
    PEOPLE,
    PERCENT,
    WEEKS,
    YEARS,
    NumberBounds,
    Unit,
    read_number,
    read_whole,
    written_number,
)

A_WEEK = NumberBounds(Decimal(1), Decimal(168))
MONEY = NumberBounds(Decimal(0), Decimal(1_000_000))


@pytest.mark.parametrize(
    ("typed", "unit", "number"),
    [
        ("25", HOURS, "25"),
        ("25,5", HOURS, "25.5"),
        ("25.5", HOURS, "25.5"),
        ("25,", HOURS, "25"),
        ("18½", HOURS, "18.5"),
        ("18 ½", HOURS, "18.5"),
        ("18 1/2", HOURS, "18.5"),
        ("18 3/4 timer", HOURS, "18.75"),
        ("½", None, "0.5"),
        (",5", None, "0.5"),
        ("20 timer", HOURS, "20"),
        ("20timer", HOURS, "20"),
        ("25,5 timer", HOURS, "25.5"),
        ("20 t.", HOURS, "20"),
        ("20 timer om ugen", HOURS, "20"),
        ("20 timer pr. uge", HOURS, "20"),
        ("37 t/uge", HOURS, "37"),
        ("37 T/UGE.", HOURS, "37"),
        ("30 timer ugentligt", HOURS, "30"),
        ("30 ugentlige timer", HOURS, "30"),
        ("30 om ugen", HOURS, "30"),
        ("30/uge", HOURS, "30"),
        ("30 tim.", HOURS, "30"),
        ("150,- kr.", KRONER, "150"),
        ("25000 kr. månedligt", KRONER, "25000"),
        ("25000/md.", KRONER, "25000"),
        ("3 borgere", PEOPLE, "3"),
        ("2 stillinger", PEOPLE, "2"),
        ("12 medarbejder", PEOPLE, "12"),
        ("12 kg", KILOS, "12"),
        ("12,5 kilo", KILOS, "12.5"),
        ("30 min.", MINUTES, "30"),
        ("4 uger", WEEKS, "4"),
        ("25 år", YEARS, "25"),
        ("40 %", PERCENT, "40"),
        ("40 pct.", PERCENT, "40"),
        ("3 personer", PEOPLE, "3"),
        ("kr. 1.250,50", KRONER, "1250.5"),
        ("1.250,00 kr.", KRONER, "1250"),
        ("20,-", KRONER, "20"),
        ("12 500 kr./md.", KRONER, "12500"),
        ("1 250", None, "1250"),
        ("1\u00a0250,5", None, "1250.5"),
        ("1.250,5", None, "1250.5"),
        ("1,250.5", None, "1250.5"),
        ("1.250.000", None, "1250000"),
        ("1,250,000", None, "1250000"),
        ("0,125", None, "0.125"),
        ("0.125", None, "0.125"),
        ("２５，５", HOURS, "25.5"),
        ("٢٥", HOURS, "25"),
        ("2\u200b5", HOURS, "25"),
    ],
)
def test_numbers_are_read_as_danes_write_them(typed: str, unit: Unit | None, number: str) -> None:
    assert read_number(typed, unit, MONEY) == Decimal(number)


@pytest.mark.parametrize(
    "typed",
    ["tyve", "20-25", "ca. 20", "NaN", "sNaN", "Infinity", "∞", "1e5", "0x20", "12 50", "1.2.3", "1,2.5", "10²", "²",
     "1/3", "181/2", "1/0", "--5", "5-", "20 timer og 30 minutter", "20:30", "½½", "1.25.000", "12.50.5", "timer"],
)  # fmt: skip
def test_what_is_no_number_is_said(typed: str) -> None:
    for read in (read_number, read_whole):
        with pytest.raises(NotRead, match=r"Skriv et tal, fx 20\."):
            read(typed, None, A_WEEK)


@pytest.mark.parametrize(
    ("typed", "unit", "said"),
    [
        ("20 min", HOURS, "Skriv det i timer om ugen, fx 20."),
        ("20 timer om måneden", HOURS, "Skriv det i timer om ugen"),
        ("20 %", KILOS, "Skriv det i kilo"),
        ("20+", HOURS, "Vi kan ikke læse “20+”. Skriv et tal, fx 20."),
        ("150 kroner i timen", KRONER, "Vi kan ikke læse “150 kroner i timen”. Skriv et tal"),
        ("30 minutter hver vej", MINUTES, "Vi kan ikke læse “30 minutter hver vej”. Skriv et tal"),
        ("20 timer", PEOPLE, "Skriv et tal, fx 20."),
        ("9" * 400, HOURS, "Tallet er for stort."),
    ],
)
def test_what_does_not_fit_the_field_is_said(typed: str, unit: Unit, said: str) -> None:
    with pytest.raises(NotRead) as refusal:
        read_number(typed, unit, A_WEEK)
    assert said in str(refusal.value)


def test_where_a_dot_can_be_two_things_the_bounds_decide_or_nobody() -> None:
    assert read_number("1.250", HOURS, A_WEEK) == Decimal("1.25")
    assert read_number("1.250", None, NumberBounds(Decimal(100))) == 1250
    assert read_whole("1.250", None, MONEY) == 1250
    for typed in ("1.250", "1,250", "1.250,-", "12.500 kr."):
        with pytest.raises(NotRead, match=r"to måder\. Skriv"):
            read_number(typed, KRONER, MONEY)


@pytest.mark.parametrize("typed", ["25,5", "1,250", "18½", "0,5"])
def test_part_of_a_number_is_no_whole_one(typed: str) -> None:
    with pytest.raises(NotRead, match=r"Skriv et helt tal, fx 20\."):
        read_whole(typed, None, A_WEEK)


def test_a_minus_is_read_and_left_to_the_bounds() -> None:
    assert read_number("-5", HOURS, A_WEEK) == read_whole("−5") == -5


@given(st.decimals(-100_000, 100_000, places=4, allow_nan=False))
def test_a_number_is_read_as_it_is_shown(number: Decimal) -> None:
    assert read_number(written_number(number)) == number


@given(st.integers(-MONEY.most, MONEY.most))
def test_a_whole_number_is_read_with_thousands_apart(number: int) -> None:
    for text in (str(number), f"{number:,}".replace(",", "."), f"{number:,}".replace(",", " ")):
        assert read_whole(text) == number


@given(
    st.text(max_size=20) | st.text("0123456789.,/ -+½%kgt", max_size=14),
    st.sampled_from([None, HOURS, KRONER, PERCENT]),
)
def test_anything_is_a_number_or_a_sentence(typed: str, unit: Unit | None) -> None:
    try:
        found = read_number(typed, unit, A_WEEK)
    except NotRead as reason:
        found = str(reason)
    assert found.endswith(".") if isinstance(found, str) else found.is_finite()
