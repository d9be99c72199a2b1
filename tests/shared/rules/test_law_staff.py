"""R3: the employees' representative is heard where more than one person is employed.

Source: bek. om en aktiv beskæftigelsesindsats § 65 (elov.dk); tiponi.dk ("more than one employee": heads, not
full-time persons).
"""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.shared.rules.findings import Finding, Verdict
from portal.shared.rules.law.staff import HEARD_ABOVE, Heard, representative
from tests.support.law import START, changed, numbers

THE_DAY_BEFORE = START - timedelta(days=1)
NOBODY = Heard("", None)


def finding(staff: str, heads: int | None, heard: Heard = NOBODY) -> Finding:
    return representative(Decimal(staff), heads, heard=heard, starts_on=START, numbers=numbers())


@pytest.mark.parametrize(
    ("staff", "heads", "verdict"),
    [
        ("0", 0, Verdict.OK),
        ("0", 1, Verdict.OK),
        ("1", 1, Verdict.OK),
        ("0.5", 2, Verdict.STOP),
        ("1", 2, Verdict.STOP),  # two on half time are one full-time person and two people
        ("1", None, Verdict.STOP),  # not said, so judged strictly
        ("0", None, Verdict.STOP),
        ("1.01", None, Verdict.STOP),  # nobody is more than one full-time person
        ("10", 12, Verdict.STOP),
    ],
)
def test_people_are_counted_and_not_full_time_persons(
    staff: str, heads: int | None, verdict: Verdict
) -> None:
    assert finding(staff, heads).verdict is verdict


@pytest.mark.parametrize(
    ("staff", "heads", "asks"),
    [("1", None, True), ("0.2", None, True), ("1.01", None, False), ("1", 2, False)],
)
def test_only_a_small_staff_without_a_count_is_asked_for_it(
    staff: str, heads: int | None, asks: bool
) -> None:
    found = finding(staff, heads)

    assert ("ikke oplyst" in str(found.sentence)) is asks
    assert ("Spørg virksomheden" in str(found.remedy)) is asks


@pytest.mark.parametrize("heads", [None, 2, 40])
@pytest.mark.parametrize(
    ("name", "stated_on", "verdict"),
    [
        ("", None, Verdict.STOP),
        ("Grete", None, Verdict.STOP),
        ("Grete", START, Verdict.STOP),  # before the start, not on it
        (" ", THE_DAY_BEFORE, Verdict.STOP),
        ("Grete", THE_DAY_BEFORE, Verdict.OK),
    ],
)
def test_the_representative_speaks_before_the_start(
    heads: int | None, name: str, stated_on: date | None, verdict: Verdict
) -> None:
    assert finding("1", heads, Heard(name, stated_on)).verdict is verdict


@given(st.decimals(0, 50, places=2), st.integers(0, 60))
def test_a_count_that_is_said_never_makes_it_stricter_than_none(staff: Decimal, heads: int) -> None:
    unsaid = representative(staff, None, heard=NOBODY, starts_on=START, numbers=numbers())
    said = representative(staff, heads, heard=NOBODY, starts_on=START, numbers=numbers())

    assert unsaid.verdict is Verdict.STOP
    assert said.is_ok == (heads <= 1)


@pytest.mark.parametrize(("heads", "verdict"), [(4, Verdict.OK), (5, Verdict.STOP)])
def test_how_many_is_the_rules_to_say(heads: int, verdict: Verdict) -> None:
    looser = changed(HEARD_ABOVE, "4", START).on(START, 1)

    found = representative(Decimal(2), heads, heard=NOBODY, starts_on=START, numbers=looser)

    assert found.verdict is verdict
