"""The batch gives what the matcher gives, pair by pair and score by score, for any world."""

import math
import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.batch.kernel import rounded
from portal.batch.market import Market, Pair, rank_all
from portal.matching import STANDARD, Card, CardSkill, Kind, Opening, Task, Weights, rank, score
from tests.test_matching_laws import cards, openings, relations, worlds

pytestmark = pytest.mark.slow

weights = st.one_of(
    st.just(STANDARD),
    st.builds(
        Weights,
        must=st.sampled_from([0.1, 3.0, 10.0]),
        nice=st.sampled_from([0.0, 1.0]),
        gate=st.sampled_from([0.0, 0.25, 0.3, 0.7, 1.0]),
        must_held_at=st.sampled_from([0.0, 0.6, 1.0]),
        level_step=st.sampled_from([0.0, 0.25, 1.0]),
        related_at_most=st.sampled_from([0.0, 0.5, 0.99]),
        guess_at_most=st.sampled_from([0.0, 0.9]),
        text_at_least=st.sampled_from([0.01, 0.6, 1.0]),
        wish=st.sampled_from([0.0, 0.05]),
    ),
)


def pairs(suggestions, own: str) -> list[Pair]:
    return [Pair(getattr(one, own), one.sure, one.possible, one.wished, one.lift) for one in suggestions]


@settings(max_examples=300, deadline=None)
@given(worlds, st.integers(1, 4), relations, weights)
def test_everybody_at_once_equals_the_matcher(world, top, related, weights):
    expected = rank(*world, top=top, related=related, weights=weights)

    winners = rank_all(*world, top=top, related=related, weights=weights)

    assert winners.by_opening() == {id: pairs(found, "card_id") for id, found in expected.by_opening.items()}
    assert winners.by_card() == {id: pairs(found, "opening_id") for id, found in expected.by_card.items()}


@settings(max_examples=200, deadline=None)
@given(worlds, openings, cards, st.integers(1, 4), relations, weights)
def test_one_newcomer_is_ranked_as_by_the_matcher(world, opening, card, top, related, weights):
    known_openings, known_cards = world
    market = Market(known_openings, known_cards, related, weights)
    opening, card = replace(opening, id=1000), replace(card, id=1000)

    expected = rank([opening], known_cards, top, related, weights).by_opening[1000]
    assert market.cards_for(opening, top) == pairs(expected, "card_id")

    expected = rank(known_openings, [card], top, related, weights).by_card[1000]
    assert market.openings_for(card, top) == pairs(expected, "opening_id")


@settings(max_examples=100, deadline=None)
@given(worlds, st.integers(1, 4), relations, weights)
def test_an_opening_of_the_market_finds_the_same_cards_alone(world, top, related, weights):
    market = Market(*world, related, weights)
    everybody = market.rank(top).by_opening()

    assert {opening.id: market.cards_for(opening, top) for opening in world[0]} == everybody


@given(st.floats(0, 100), st.sampled_from([(1, 10.0), (4, 10_000.0)]))
def test_a_score_is_rounded_as_python_rounds_it(value, digits_and_scale):
    digits, scale = digits_and_scale

    assert rounded(value, scale) / scale == round(value, digits)


@given(st.integers(0, 1_000_000), st.integers(-2, 2))
def test_halves_are_rounded_as_python_rounds_them(number, steps):
    value = (2 * number + 1) / 20_000
    for _ in range(abs(steps)):
        value = math.nextafter(value, math.copysign(math.inf, steps))

    assert rounded(value, 10_000.0) / 10_000 == round(value, 4)


# --- Worlds large enough for the bounds to leave pairs out ----------------------------------------------------


def town(chance: random.Random) -> tuple[float, float] | None:
    return chance.choice([None, *((55.5 + step / 10, 12.0 + step / 20) for step in range(12))])


def some_skill(chance: random.Random) -> dict[str, object]:
    """Mostly understood, now and then words that may mean something, or nothing in particular."""
    number = min(int(chance.expovariate(0.05)), 79)
    means = chance.random()
    if means < 0.85:
        return {"text": f"opgave {number}", "concept": number, "confidence": chance.choice([1.0, 1.0, 0.95])}
    guesses = {(number + step) % 80: 0.4 / (step + 1) for step in range(chance.randrange(3))}
    text = chance.choice(["gulvvask", "vask af gulve", f"opgave {number}"])
    return {"text": text, "concept": None, "guesses": tuple(guesses.items())}


def large_world(chance: random.Random, musts: int = 2) -> tuple[list[Opening], list[Card]]:
    trades, shifts = ("koekken", "pleje"), ("evening", "night")
    openings = [
        Opening(
            id=number, version=1, industry=chance.choice(trades),
            tasks=tuple(
                Task(
                    id=place, kind=Kind.MUST if place < musts else chance.choice(list(Kind)),
                    level=chance.randint(1, 4), **some_skill(chance),
                )
                for place in range(chance.randint(1, max(8, musts)))
            ),
            hours_per_week=chance.choice([10, 20, 37]), place=town(chance), danish_speaking=chance.randint(0, 3),
            danish_reading=chance.randint(0, 1), shifts=frozenset(chance.sample(shifts, chance.randint(0, 1))),
        )
        for number in chance.sample(range(1000), 160)
    ]  # fmt: skip
    cards = [
        Card(
            id=number, version=1, industries=chance.choice([None, frozenset(trades), frozenset(trades[:1])]),
            hours_min=chance.choice([None, 15]), hours_max=chance.choice([None, 30]), place=town(chance),
            range_km=chance.choice([None, 25.0, 60.0]), danish_speaking=chance.choice([None, 1, 4]),
            danish_reading=chance.choice([None, 0, 4]), shifts_yes=frozenset(),
            shifts_no=frozenset(chance.sample(shifts, chance.randint(0, 1))),
            skills=tuple(
                CardSkill(level=chance.randint(0, 4), source="own", seen_on=None, seen_at=None, **some_skill(chance))
                for _ in range(chance.randint(0, 8))
            ),
        )
        for number in chance.sample(range(1000), 240)
    ]  # fmt: skip
    return openings, cards


@pytest.mark.parametrize(
    ("seed", "top", "musts"), [(1, 1, 2), (2, 3, 2), (3, 20, 0), (4, 3, 30), (5, 500, 2)]
)
def test_a_large_world_is_ranked_as_by_the_matcher(seed, top, musts):
    world = large_world(random.Random(seed), musts)
    related = {(asked, (asked * 7) % 80): 0.4 for asked in range(80)}
    expected = rank(*world, top=top, related=related)

    winners = rank_all(*world, top=top, related=related)

    assert winners.by_opening() == {id: pairs(found, "card_id") for id, found in expected.by_opening.items()}
    assert winners.by_card() == {id: pairs(found, "opening_id") for id, found in expected.by_card.items()}


def test_a_range_is_kept_to_the_rounded_tenth_of_a_kilometre():
    home, away = (55.9, 12.0), (55.95, 12.1)
    task = Task(1, "gulvvask", 1, Kind.MUST, 1)
    opening = Opening(1, 1, "rengoering", (task,), 20, away, 0, 0, frozenset())
    skill = CardSkill("gulvvask", 1, 4, "own", None, None)
    km = score(opening, card_within(5.0, home, skill)).conditions[1].detail["km"]

    ranges = [km - 0.1, math.nextafter(km, 0), km, km + 0.04, 5.0, math.inf]
    cards = [replace(card_within(range_km, home, skill), id=id) for id, range_km in enumerate(ranges)]

    assert rank_all([opening], cards).by_opening() == {
        1: pairs(rank([opening], cards).by_opening[1], "card_id")
    }


def card_within(range_km: float, home: tuple[float, float], skill: CardSkill) -> Card:
    nothing = frozenset()
    return Card(1, 1, None, None, None, home, range_km, None, None, nothing, nothing, (skill,))


def test_nobody_and_no_places_in_the_lists_are_no_error():
    openings, cards = large_world(random.Random(6))

    assert rank_all([], []).by_opening() == {}
    assert rank_all(openings, []).by_opening() == {opening.id: [] for opening in openings}
    assert rank_all([], cards).by_card() == {card.id: [] for card in cards}
    assert rank_all(openings, cards, top=0).by_card() == {card.id: [] for card in cards}
