"""One step of giving way: which condition it answers, from either side, and what brings most."""

from typing import Any

import pytest
from flask import Flask

from portal.loop.matches import sentences
from portal.loop.matches.loosening import Concession, Gain, Side, gains, step_of
from portal.matching import Condition, Met, Suggestion

STEPS = [
    # condition, its figures, the opening's step, the card's step
    ("danish_speaking", {"asked": 3, "offered": 2}, (3, 2), (2, 3)),
    ("danish_speaking", {"asked": 3, "offered": 1}, None, None),
    ("danish_reading", {"asked": 1, "offered": 0}, (1, 0), (0, 1)),
    ("hours", {"asked": 25, "max": 20}, (25, 20), (20, 25)),
    ("hours", {"asked": 25, "max": 19.5}, None, None),
    ("hours", {"asked": 25, "min": 10, "max": 24}, (25, 20), (24, 29)),
    ("hours", {"asked": 15, "min": 20}, (15, 20), (20, 15)),
    ("hours", {"asked": 15, "min": 20.5, "max": 37}, None, None),
    ("distance", {"km": 30.0, "range_km": 20}, (0, 10), (20, 30)),
    ("distance", {"km": 30.1, "range_km": 20}, None, None),
    ("shift_weekend", {"asked": "weekend"}, "weekend", "weekend"),
    ("industry", {"asked": "koekken", "offered": "pleje"}, "", "koekken"),
]


def step(condition: str, figures: Any) -> Concession | None:
    if figures is None:
        return None
    return (
        Concession(condition, asked=figures or None)
        if isinstance(figures, str)
        else Concession(condition, *figures)
    )


@pytest.mark.parametrize(("name", "detail", "opening", "card"), STEPS)
def test_one_step_from_either_side(name: str, detail: dict[str, Any], opening: Any, card: Any) -> None:
    condition = Condition(name, Met.NOT_MET, detail)

    assert step_of(condition, Side.OPENING) == step(name, opening)
    assert step_of(condition, Side.CARD) == step(name, card)


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("one", "side", "words"),
    [
        (Concession("danish_speaking", 3, 2), Side.OPENING, "Tale dansk: B1 → A2"),
        (Concession("danish_reading", 1, 0), Side.OPENING, "Læse dansk: lidt → intet"),
        (Concession("danish_speaking", 2, 3), Side.CARD, "Tale dansk: A2 → B1"),
        (Concession("hours", 25.0, 20.0), Side.OPENING, "Timer om ugen: 25 → 20"),
        (Concession("hours", 24.5, 29.5), Side.CARD, "Timer om ugen: 24,5 → 29,5"),
        (Concession("distance", 0, 10), Side.OPENING, "10 km længere at rejse"),
        (Concession("distance", 20, 30), Side.CARD, "Rejse: 20 km → 30 km"),
        (Concession("shift_weekend", asked="weekend"), Side.OPENING, "Uden weekendarbejde"),
        (Concession("shift_night", asked="night"), Side.CARD, "Også natarbejde"),
        (Concession("industry"), Side.OPENING, "Borgere, der ønsker et andet fag"),
        (Concession("industry", asked="pleje"), Side.CARD, "Også Pleje og omsorg"),
    ],
)
def test_a_step_in_words(app: Flask, one: Concession, side: Side, words: str) -> None:
    assert sentences.step_text(one, side) == words


@pytest.mark.parametrize(
    ("found", "good", "side", "words"),
    [
        (1, 0, Side.OPENING, "1 borger"),
        (4, 0, Side.OPENING, "4 borgere"),
        (4, 2, Side.OPENING, "4 borgere, 2 som godt match"),
        (1, 1, Side.CARD, "1 åbning, 1 som godt match"),
        (3, 0, Side.CARD, "3 åbninger"),
    ],
)
def test_what_a_step_brings_in_words(app: Flask, found: int, good: int, side: Side, words: str) -> None:
    assert sentences.brings(found, good, side) == words


def near(card_id: int, sure: float | None, name: str, **detail: Any) -> Suggestion:
    conditions = (Condition("industry", Met.MET, {}), Condition(name, Met.NOT_MET, detail))
    return Suggestion(1, card_id, 1, 1, sure, 100.0, (), conditions, None)


def test_good_matches_weigh_more_than_many_and_the_best_stands_first() -> None:
    pairs = [
        near(1, 20, "shift_night", asked="night"),
        near(2, 30, "shift_night", asked="night"),
        near(3, 59.9, "shift_night", asked="night"),
        near(4, 60, "danish_speaking", asked=3, offered=2),
        near(5, 80, "danish_speaking", asked=3, offered=2),
        near(6, 10, "hours", asked=25, max=20),
        near(7, 10, "hours", asked=25, max=21),
    ]

    found = gains(pairs, Side.OPENING)

    assert [(gain.step.condition, gain.good, [one.card_id for one in gain.found]) for gain in found] == [
        ("danish_speaking", 2, [5, 4]),
        ("shift_night", 0, [3, 2, 1]),
        ("hours", 0, [6, 7]),
    ]


def test_what_is_too_far_off_or_fits_in_nothing_brings_nobody() -> None:
    pairs = [near(1, 90, "distance", km=50, range_km=10), near(2, 0, "shift_night", asked="night")]

    assert gains(pairs, Side.OPENING) == []


def test_the_order_of_the_pairs_changes_nothing() -> None:
    pairs = [near(key, 50, "hours", asked=25, max=20) for key in range(5)]

    forwards, backwards = gains(pairs, Side.CARD), gains(reversed(pairs), Side.CARD)

    assert forwards == backwards
    assert isinstance(forwards[0], Gain)
