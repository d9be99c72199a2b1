"""Each rule says which way it is stricter, beside its key."""

from collections import defaultdict
from decimal import Decimal

import pytest

from portal.shared.rules.models import YES_OR_NO
from portal.shared.rules.strictness import Stricter, reference_rows, stricter


def test_every_key_says_once_which_way_it_is_stricter() -> None:
    ways = defaultdict(set)
    for row in reference_rows():
        ways[row["key"]].add(Stricter(row["stricter"]))

    assert {key for key, found in ways.items() if len(found) != 1} == set()


def test_a_yes_is_stricter_than_a_no_wherever_a_municipality_may_say_so() -> None:
    answered = {row["key"] for row in reference_rows() if row["unit"] == YES_OR_NO}

    assert {stricter(key) for key in answered} <= {Stricter.HIGHER, Stricter.NOWHERE}


@pytest.mark.parametrize(
    ("words", "way"),
    [
        ("længste", Stricter.LOWER),
        ("højst", Stricter.LOWER),
        ("mindste antal", Stricter.HIGHER),
        ("slutter senest", Stricter.LOWER),
        ("begynder tidligst", Stricter.HIGHER),
    ],
)
def test_the_way_is_that_of_the_words(words: str, way: Stricter) -> None:
    """A longest or highest is stricter when lower, a least when higher; who has a right is the law's alone."""
    titled = {row["key"] for row in reference_rows() if words in row["title"]}

    assert titled
    assert {stricter(key) for key in titled} <= {way, Stricter.NOWHERE}


@pytest.mark.parametrize(
    "key",
    ["igu-open", "igu-age-below", "igu-residence-years", "loentilskud-benefit-months", "full-time-hours"],
)
def test_who_has_a_right_and_how_things_are_counted_is_the_laws_alone(key: str) -> None:
    assert stricter(key) is Stricter.NOWHERE


def test_a_rule_that_the_reference_does_not_have_is_nobodys_to_tighten() -> None:
    assert stricter("no-such-rule") is Stricter.NOWHERE


@pytest.mark.parametrize(
    ("way", "harder", "softer"),
    [(Stricter.LOWER, 9, 11), (Stricter.HIGHER, 11, 9), (Stricter.NOWHERE, None, 9)],
)
def test_the_same_number_is_not_stricter(way: Stricter, harder: int | None, softer: int) -> None:
    law = Decimal(10)

    assert not way.is_stricter(law, than=law)
    assert not way.is_stricter(Decimal(softer), than=law)
    assert harder is None or way.is_stricter(Decimal(harder), than=law)
