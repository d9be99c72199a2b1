"""The views of likeness and the ranker behind the lexicon."""

import json

import numpy as np
import pytest

from portal.lexicon.likeness import FEATURES, WEIGHTS_FILE, Index, Ranker
from portal.lexicon.words import content_words, sound, stem

LABELS = [
    ("vask af gulve", 1),
    ("gulvvask", 1),
    ("bage broed", 2),
    ("koge suppe", 3),
    ("koersel med truck", 4),
]


@pytest.fixture(scope="module")
def ranker() -> Ranker:
    return Ranker.load()


@pytest.mark.parametrize(
    ("word", "stemmed"), [("gulvene", "gulv"), ("chefernes", "chef"), ("mad", "mad"), ("bade", "bade")]
)
def test_an_ending_is_taken_off_long_words_only(word, stemmed):
    assert stem(word) == stemmed


def test_letters_that_sound_the_same_are_one():
    assert sound("hjaelp") == sound("jelp")
    assert sound("gulvvask") == sound("gulvask")


def test_small_words_carry_no_meaning_unless_there_is_nothing_else():
    assert content_words(["vask", "af", "gulve"]) == ("vask", "gulve")
    assert content_words(["til", "og", "fra"]) == ("til", "og", "fra")


def test_every_guess_has_one_figure_for_each_view():
    guesses, features = Index(LABELS).describe("gulv vask")

    assert 1 in [guess.concept for guess in guesses]
    assert features.shape == (len(guesses), len(FEATURES))
    assert np.isfinite(features).all()


def test_all_guesses_together_are_less_than_certain(ranker):
    _, features = Index([("vaske gulve", 1), ("vasker gulve", 2), ("vask gulve", 3)]).describe("vaskke gulve")

    chances = ranker.probabilities(features)

    assert (chances >= 0).all()
    assert chances.sum() < 1


def test_a_guess_is_worth_the_same_whoever_stands_beside_it(ranker):
    _, features = Index(LABELS).describe("bage brod")

    turned = ranker.raw(features[::-1])[::-1]

    assert (ranker.raw(features) == turned).all()


@pytest.mark.parametrize(
    "view", ["ratio", "Jaro-Winkler", "grams", "worst word of the text", "margin of grams"]
)
def test_more_likeness_never_makes_a_guess_less_probable(ranker, view):
    _, features = Index(LABELS).describe("bage brod")
    rows = np.repeat(features[:1], 21, axis=0)
    rows[:, FEATURES.index(view)] = np.linspace(0, 1, 21)

    assert (np.diff(ranker.raw(rows)) >= -1e-4).all()  # weights are stored with five decimals


def test_weights_made_for_other_views_are_refused():
    stored = json.loads(WEIGHTS_FILE.read_text(encoding="utf-8"))

    with pytest.raises(ValueError, match="train_lexicon"):
        Ranker(stored | {"features": ["ratio"]})


def test_nothing_is_like_anything_in_an_empty_vocabulary():
    assert Index([]).describe("vask")[0] == []
    assert Index(LABELS).describe("xyzzy")[0] == []
