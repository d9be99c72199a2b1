"""A municipality's own rows beside the law's, without a database: the stricter of both holds on each day."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.shared.rules.book import DatedNumber, Owner, RuleBook
from portal.shared.rules.strictness import Stricter, reference_rows, stricter
from portal.shared.rules.units import in_words
from tests.support.law import HERE, START, book

HALSNAES, NEXT_DOOR = Owner(HERE, "Halsnæs"), Owner(2, "Fredensborg")
WEEKS = "praktik-weeks"
NEW_YEAR = date(2027, 1, 1)


def own(
    value: str,
    valid_from: date = NEW_YEAR,
    valid_to: date | None = None,
    *,
    key: str = WEEKS,
    owner: Owner = HALSNAES,
) -> DatedNumber:
    return DatedNumber(key, Decimal(value), valid_from, valid_to, "Udvalget", owner=owner)


def test_the_own_row_holds_from_its_first_day_to_its_last_and_only_at_home() -> None:
    known = book().with_number(own("10", NEW_YEAR, date(2027, 6, 30)))

    assert known.on(NEW_YEAR - timedelta(days=1), HERE)[WEEKS] == 13
    assert known.on(NEW_YEAR, HERE)[WEEKS] == 10
    assert known.on(date(2027, 6, 30), HERE)[WEEKS] == 10
    assert known.on(date(2027, 7, 1), HERE)[WEEKS] == 13
    assert known.on(NEW_YEAR, NEXT_DOOR.id)[WEEKS] == 13
    assert known.on(NEW_YEAR, None)[WEEKS] == 13


def test_a_law_that_becomes_stricter_holds() -> None:
    summer = date(2027, 7, 1)
    law = DatedNumber(WEEKS, Decimal(8), summer, None, "Ny lov")
    known = book().with_number(own("10")).with_number(law)

    assert known.on(summer - timedelta(days=1), HERE)[WEEKS] == 10
    assert known.on(summer, HERE)[WEEKS] == 8
    assert known.on(summer, HERE).own_words(WEEKS) == ""


def test_a_law_that_becomes_laxer_does_not_loosen_the_own_row() -> None:
    law = DatedNumber(WEEKS, Decimal(20), date(2027, 7, 1), None, "Ny lov")
    known = book().with_number(own("10")).with_number(law)

    assert known.on(date(2027, 7, 1), HERE)[WEEKS] == 10
    assert known.on(date(2027, 7, 1), NEXT_DOOR.id)[WEEKS] == 20


def test_a_new_number_of_one_owner_ends_no_row_of_another() -> None:
    known = book().with_number(own("10")).with_number(own("9", owner=NEXT_DOOR))

    assert known.on(NEW_YEAR, HERE)[WEEKS] == 10
    assert known.on(NEW_YEAR, NEXT_DOOR.id)[WEEKS] == 9
    assert known.without(own("10")).on(NEW_YEAR, HERE)[WEEKS] == 13


def test_a_rule_without_a_number_of_the_law_is_not_made_by_a_municipality() -> None:
    known = RuleBook((own("10"),))

    assert WEEKS not in known.on(NEW_YEAR, HERE)


def test_the_explanation_says_whose_number_it_is_and_what_the_law_says() -> None:
    numbers = book().with_number(own("10")).on(NEW_YEAR, HERE)

    assert numbers.reference(WEEKS) == (
        "Halsnæs Kommunes egen regel fra 1. januar 2027, loven siger 13 uger (LAB § 61 stk. 2)"
    )
    assert numbers.reference("praktik-weeks-assessed") == "LAB § 61 stk. 2"
    assert "egen regel" in numbers.reference("praktik-weeks-assessed", WEEKS)


def test_days_on_which_the_numbers_may_change() -> None:
    known = book().with_number(own("10", NEW_YEAR, date(2027, 6, 30))).with_number(own("9", owner=NEXT_DOOR))

    assert known.changes([WEEKS], HERE, after=START, until=date(2028, 1, 1)) == [NEW_YEAR, date(2027, 7, 1)]
    assert known.changes([WEEKS], HERE, after=NEW_YEAR, until=date(2027, 6, 30)) == []
    assert known.changes([WEEKS], None, after=START, until=date(2028, 1, 1)) == []


KEYS = sorted({row["key"] for row in reference_rows()})
DAYS = st.dates(date(2025, 1, 1), date(2029, 12, 31))
NUMBERS = st.decimals(0, 200, places=1)


def rows_of(*owners: Owner | None) -> st.SearchStrategy[DatedNumber]:
    return st.builds(
        DatedNumber,
        st.sampled_from(KEYS),
        NUMBERS,
        DAYS,
        st.none() | DAYS,
        st.just("Egen"),
        owner=st.sampled_from(owners),
    )


ROWS = rows_of(None, HALSNAES, NEXT_DOOR)


@given(rows=st.lists(ROWS, max_size=12), day=DAYS)
def test_whatever_rows_there_are_nobody_is_judged_laxer_than_by_the_law(
    rows: list[DatedNumber], day: date
) -> None:
    known = book()
    for row in rows:
        known = known.with_number(row)
    law, here = known.on(day, None), known.on(day, HERE)

    for key in {row.key for row in rows}:
        assert (key in here) == (key in law)
        if key not in law:
            continue
        if stricter(key) is Stricter.LOWER:
            assert here[key] <= law[key]
        elif stricter(key) is Stricter.HIGHER:
            assert here[key] >= law[key]
        else:
            assert here[key] == law[key]


@given(rows=st.lists(rows_of(HALSNAES), min_size=1, max_size=8), day=DAYS)
def test_no_neighbour_is_touched_by_it(rows: list[DatedNumber], day: date) -> None:
    known = book()
    for row in rows:
        known = known.with_number(row)

    for key in {row.key for row in rows}:
        before, after = book().on(day, NEXT_DOOR.id), known.on(day, NEXT_DOOR.id)
        assert (key in after) == (key in before)
        assert key not in before or (after[key], after.reference(key)) == (before[key], before.reference(key))


@pytest.mark.parametrize(
    ("unit", "value", "said"), [("klokken", "20", "kl. 20"), ("= ja", "0", "nej"), ("uger", "13", "13 uger")]
)
def test_a_number_is_said_with_its_unit(unit: str, value: str, said: str) -> None:
    assert in_words(Decimal(value), unit) == said
