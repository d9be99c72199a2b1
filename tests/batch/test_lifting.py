"""Counting whom something to learn would lift gives what the matcher gives, pair by pair, for any world."""

from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from portal.batch.lifting import Lift, lifts
from portal.matching import STANDARD, score
from tests.batch.test_market import weights
from tests.test_matching_laws import relations, skills, worlds

pytestmark = pytest.mark.slow

helps = st.lists(st.lists(skills, max_size=3), max_size=3)
bars = st.sampled_from([0.0001, 25.0, 33.3333, 50.0, 60.0, 75.0, 100.0])


def one_by_one(openings, cards, given_, bar, related, weights) -> list[Lift]:
    found = []
    for more in given_:
        pairs = [
            (card.id, opening.id)
            for card in cards
            for opening in openings
            if is_lifted(opening, card, more, bar, related, weights)
        ]
        found.append(
            Lift(*(tuple(sorted(set(ids))) for ids in zip(*pairs, strict=True))) if pairs else Lift((), ())
        )
    return found


def is_lifted(opening, card, more, bar, related, weights) -> bool:
    now = score(opening, card, related, weights)
    then = score(opening, replace(card, skills=(*card.skills, *more)), related, weights)
    return not now.excluded and (now.sure or 0.0) < bar <= (then.sure or 0.0)


@settings(max_examples=300, deadline=None)
@given(worlds, helps, bars, relations, weights)
def test_whom_a_help_lifts_equals_the_matcher(world, helps, bar, related, weights):
    openings, cards = world

    found = lifts(openings, cards, helps, bar, related, weights)

    assert found == one_by_one(openings, cards, helps, bar, related, weights)


@given(worlds)
@example(([], []))
@settings(max_examples=5, deadline=None)
def test_nothing_to_learn_lifts_nobody(world):
    assert lifts(*world, [[]], 60.0, weights=STANDARD) == [Lift((), ())]
