"""The views of likeness and the ranker behind the lexicon."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz import fuzz

from portal.lexicon.likeness import FEATURES, WEIGHTS_FILE, FoldedWording, Guesses, Index, Ranker
from portal.lexicon.loops import BY_RATIO, LONGEST, WITHIN, WORTH_A_LOOK
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


def figures(guesses: Guesses, name: str) -> list[float]:
    return guesses.features[:, FEATURES.index(name)].tolist()


def test_every_guess_has_one_figure_for_each_view():
    guesses = Index(LABELS).describe(["gulv vask", "xyzzy", "bage"])

    assert guesses.starts[1] == guesses.starts[2]  # nothing is like "xyzzy"
    assert guesses.concepts[: guesses.starts[1]].tolist() == [1]
    assert 2 in guesses.concepts[guesses.starts[2] :].tolist()
    assert guesses.features.shape == (len(guesses.concepts), len(FEATURES))
    assert np.isfinite(guesses.features).all()


def test_all_guesses_together_are_less_than_certain(ranker):
    guesses = Index([("vaske gulve", 1), ("vasker gulve", 2), ("vask gulve", 3)]).describe(
        ["vaskke gulve", "vask af gulve"]
    )

    chances = ranker.probabilities(guesses)

    assert (chances >= 0).all()
    assert chances[: guesses.starts[1]].sum() < 1
    assert chances[guesses.starts[1] :].sum() < 1


def test_a_guess_is_worth_the_same_whoever_stands_beside_it(ranker):
    features = Index(LABELS).describe(["bage brod"]).features

    turned = ranker.raw(features[::-1])[::-1]

    assert (ranker.raw(features) == turned).all()


@pytest.mark.parametrize(
    "view", ["ratio", "Jaro-Winkler", "grams", "worst word of the text", "margin of grams"]
)
def test_more_likeness_never_makes_a_guess_less_probable(ranker, view):
    features = Index(LABELS).describe(["bage brod"]).features
    rows = np.repeat(features[:1], 21, axis=0)
    rows[:, FEATURES.index(view)] = np.linspace(0, 1, 21)

    assert (np.diff(ranker.raw(rows)) >= -1e-4).all()  # weights are stored with five decimals


def test_weights_made_for_other_views_are_refused():
    stored = json.loads(WEIGHTS_FILE.read_text(encoding="utf-8"))

    with pytest.raises(ValueError, match="train_lexicon"):
        Ranker(stored | {"features": ["ratio"]})


def test_nothing_is_like_anything_in_an_empty_vocabulary():
    assert Index([]).describe(["vask"]).starts.tolist() == [0, 0]


# --- The compiled loops -------------------------------------------------------------------------------------

LETTERS = st.text("abde ", min_size=1, max_size=12).map(str.split).map(" ".join).filter(bool)
LONG_LETTERS = st.text("abcdefg", min_size=1, max_size=LONGEST)


@settings(deadline=None)
@given(st.lists(LETTERS, min_size=1, max_size=30), LETTERS)
def test_the_ratios_are_those_of_rapidfuzz(labels, text):
    index = Index([(label, number) for number, label in enumerate(labels)])

    guesses = index.describe([text])

    found = [index.wordings[row] for row in guesses.rows]
    asked = FoldedWording.of(text)
    for name, shape in (("ratio", "folded"), ("ratio without spaces", "joined"), ("ratio of stems", "stems")):
        expected = [fuzz.ratio(getattr(asked, shape), getattr(one, shape)) / 100 for one in found]
        assert figures(guesses, name) == pytest.approx(expected)
    assert figures(guesses, "worst word of the text") == pytest.approx([worst(asked, one) for one in found])
    assert figures(guesses, "worst word of the label") == pytest.approx([worst(one, asked) for one in found])


@settings(deadline=None)
@given(LONG_LETTERS, LONG_LETTERS)
def test_texts_longer_than_a_machine_word_are_compared_to_the_end(text, label):
    guesses = Index([(label, 1)]).describe([text])

    assert figures(guesses, "ratio") == pytest.approx([fuzz.ratio(text, label) / 100] * len(guesses.rows))


def worst(one: FoldedWording, other: FoldedWording) -> float:
    """How well the least matched word is found, as a word or as part of a compound."""
    return min(
        max(
            *(fuzz.ratio(word, candidate) / 100 for candidate in other.content),
            WITHIN * fuzz.partial_ratio(word, other.joined) / 100 if len(word) <= len(other.joined) else 0.0,
        )
        for word in one.content
    )


@settings(deadline=None)
@given(st.lists(LETTERS, min_size=1, max_size=60), LETTERS)
def test_no_concept_is_overlooked_whose_ratio_is_among_the_best(labels, text):
    index = Index([(label, number) for number, label in enumerate(labels)])
    asked = FoldedWording.of(text)
    ratios = {
        number: max(
            fuzz.ratio(getattr(asked, shape), getattr(FoldedWording.of(label), shape)) / 100
            for shape in ("folded", "joined", "stems")
        )
        for number, label in enumerate(labels)
    }

    found = set(index.describe([text]).concepts.tolist())

    least = sorted(ratios.values(), reverse=True)[:BY_RATIO][-1]
    if sum(ratio >= least for ratio in ratios.values()) <= 2 * BY_RATIO:
        assert {number for number, ratio in ratios.items() if ratio >= max(least, WORTH_A_LOOK)} <= found
