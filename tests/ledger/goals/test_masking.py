"""What is hidden cannot be worked out: every world that shows the same numbers is looked at."""

from collections import defaultdict
from collections.abc import Hashable, Iterator
from itertools import product

import pytest

from portal.ledger.goals.masking import is_few, masked

Shown = tuple[Hashable, ...]
World = tuple[int, ...]


def given_away(worlds: dict[Shown, list[World]]) -> Iterator[tuple[World, int]]:
    """The hidden numbers that are the same in every world that shows the same; a reader knows how masking works."""
    for shown, alike in worlds.items():
        for place, number in enumerate(shown[: len(alike[0])]):
            if number is None and len({world[place] for world in alike}) == 1:
                yield alike[0], place


@pytest.mark.parametrize(("parts", "most"), [(2, 14), (3, 9), (4, 6)])
def test_no_part_follows_from_the_sum_and_the_other_parts(parts: int, most: int) -> None:
    worlds: dict[Shown, list[World]] = defaultdict(list)
    for world in product(range(most + 1), repeat=parts):
        worlds[(*masked(dict(enumerate(world))).values(), sum(world))].append(world)

    complete = {
        shown: alike for shown, alike in worlds.items() if shown[-1] <= most
    }  # no larger part was left out
    assert len(complete) > most
    assert not list(given_away(complete))


@pytest.mark.parametrize("most", [9])
def test_no_small_part_is_shown_and_large_ones_are_where_they_can_be(most: int) -> None:
    for world in product(range(most + 1), repeat=3):
        shown = list(masked(dict(enumerate(world))).values())

        assert not any(is_few(number) for number in shown if number is not None)
        if not any(is_few(number) for number in world):
            assert shown == list(world)


def test_a_hidden_part_has_a_neighbour_that_is_not_empty() -> None:
    assert masked({"praktik": 3, "igu": 0, "job": 20, "smaajob": 9}) == {
        "praktik": None,
        "igu": 0,
        "job": 20,
        "smaajob": None,
    }
    assert masked({"praktik": 3, "igu": 0}) == {"praktik": None, "igu": None}


def test_where_all_there_is_is_few_nothing_is_shown() -> None:
    assert set(masked({"praktik": 3, "igu": 0, "job": 1, "smaajob": 0}).values()) == {None}
