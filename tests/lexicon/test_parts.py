"""Compounds are taken apart by the vocabulary's own words, and it tells which parts stand for each other."""

import pytest

from portal.lexicon.likeness import FEATURES, Index
from portal.lexicon.parts import Parts, Splitter

WORDS = ["butik", "chef", "arbejde", "leder", "rengoering", "assistent", "medarbejder"]
CONCEPTS = [
    ["butikschef", "leder af butik"],
    ["kontorchef", "leder af kontor"],
    ["vaskerichef", "leder af vaskeri"],
    ["bager", "broedbager"],
    ["lagerchef", "chef paa lager"],
]


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("butikschef", ("butik", "chef")),
        ("rengoeringsassistent", ("rengoer", "assistent")),
        ("rengoeringsassistenten", ("rengoer", "assistent")),
        ("chef", ("chef",)),
        ("chefen", ("chef",)),
        ("xyzzy", ("xyzzy",)),
        ("bil", ("bil",)),
    ],
)
def test_a_compound_is_taken_apart_where_the_halves_are_words(word, parts):
    assert Splitter(WORDS).parts(word) == parts


def test_what_begins_or_ends_several_words_is_a_part_though_no_word_itself():
    splitter = Splitter(["kran", "truck", "tog", "gaffel", "kranfoerer", "truckfoerer", "gaffelfoerer"])

    assert splitter.parts("hestefoerer") == ("hestefoer",)  # "heste" is nothing known
    assert splitter.parts("gaffeltruckfoerer") == ("gaffel", "truck", "foer")


def named(parts: Parts, part: str) -> dict[int, float]:
    """What stands for the part, and how far."""
    kinship, number = parts.kinship, parts.asked(part).known[0]
    here = slice(*kinship.stands_for.starts[number : number + 2])
    return dict(zip(kinship.stands_for.items[here].tolist(), kinship.shares[here].tolist(), strict=True))


def number_of(parts: Parts, part: str) -> int:
    return parts.asked(part).known[0]


def test_parts_in_different_wordings_of_the_same_concepts_stand_for_each_other():
    parts = Parts(CONCEPTS)

    shares = named(parts, "leder")

    assert shares[number_of(parts, "leder")] == 1
    assert 0 < shares[number_of(parts, "chef")] < 1
    assert number_of(parts, "butik") not in shares  # it is in both wordings
    assert number_of(parts, "bager") not in shares


def test_a_synonym_nobody_wrote_is_nearest_to_its_concept():
    index = Index((label, concept) for concept, labels in enumerate(CONCEPTS) for label in labels)

    guesses = index.describe(["leder af lager"])

    as_such, stood_for = (
        dict(zip(guesses.concepts.tolist(), guesses.features[:, FEATURES.index(name)].tolist(), strict=True))
        for name in ("parts", "parts stood for")
    )
    assert max(stood_for, key=stood_for.__getitem__) == 4
    assert stood_for[4] > as_such[4] > 0


@pytest.mark.parametrize(
    ("wording", "head"),
    [("leder af en butik", "leder"), ("butikschef", "chef"), ("butikschef i kontor", "chef"), ("af", "af")],
)
def test_the_head_says_what_kind_of_thing_it_is(wording, head):
    assert Parts(CONCEPTS).head(wording) == head


@pytest.mark.parametrize(("text", "covered", "head"), [("chef for butik", 1, 1), ("bager i butik", 0.72, 0)])
def test_a_guess_says_how_far_the_text_covers_its_wording(text, covered, head):
    index = Index((label, concept) for concept, labels in enumerate(CONCEPTS) for label in labels)

    guesses = index.describe([text])

    at = guesses.concepts.tolist().index(0)
    assert guesses.features[at, FEATURES.index("label's parts stood for")] == pytest.approx(covered, abs=0.01)
    assert guesses.features[at, FEATURES.index("head stood for")] == head


def test_what_the_vocabulary_does_not_know_weighs_the_most():
    parts = Parts(CONCEPTS)

    known, unknown = parts.asked("chef"), parts.asked("rektor")

    assert (unknown.known, unknown.head) == ([], -1)
    assert unknown.weight > known.weight > 0
    assert Parts([]).asked("leder").known == []


def test_the_order_of_the_words_of_the_vocabulary_changes_nothing():
    words = ["butik", "chef", "butikschef", "kontorchef", "kontor", "kontorassistent", "butiksassistent"]

    one, other = Splitter(words), Splitter(reversed(words))

    assert [one.parts(word) for word in words] == [other.parts(word) for word in words]
