"""Misspellings are made by chance, the same ones from the same seed, and stay recognisable."""

import random

import pytest
from rapidfuzz import fuzz

from bench.misspell import FORMS, SHORT, SLIPS, misspelled

LABELS = (
    "rengøringsassistent",
    "kok",
    "leder af en butik",
    "sælger, møbler",
    "ph",
    "vask af gulve og trapper",
)


def made(label: str, times: int = 200) -> list[str]:
    chance = random.Random(7)
    return [misspelled(label, chance) for _ in range(times)]


@pytest.mark.parametrize("label", LABELS)
def test_the_same_seed_makes_the_same_misspellings(label):
    assert made(label) == made(label)
    assert len(set(made(label))) > 5


def test_a_short_word_gets_one_slip():
    assert len("kok") <= SHORT
    assert all(fuzz.ratio("kok", text) >= 50 for text in made("kok"))


def test_a_long_wording_stays_recognisable():
    alike = [
        fuzz.token_sort_ratio("vask af gulve og trapper", text) for text in made("vask af gulve og trapper")
    ]

    assert sorted(alike)[len(alike) // 10] > 55


@pytest.mark.parametrize("change", [*SLIPS, *FORMS], ids=lambda change: change.__name__)
@pytest.mark.parametrize("label", ["a", "ål", "kok", "leder af en butik"])
def test_every_change_copes_with_any_wording(change, label):
    chance = random.Random(3)

    assert all(change(label, chance).strip() for _ in range(50))
