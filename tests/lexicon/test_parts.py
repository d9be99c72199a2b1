"""Compounds are taken apart by the vocabulary's own words, and it tells which parts stand for each other."""

import pytest

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
        ("rengoeringsassistent", ("rengoering", "assistent")),
        ("rengoeringsassistenten", ("rengoering", "assistent")),
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


def test_parts_in_different_wordings_of_the_same_concepts_stand_for_each_other():
    parts = Parts(CONCEPTS)

    shares = dict(parts.stands_for("leder"))

    assert shares["leder"] == 1
    assert 0 < shares["chef"] < 1
    assert "butik" not in shares  # it is in both wordings
    assert "bag" not in shares


def test_a_synonym_nobody_wrote_is_nearest_to_its_concept():
    parts = Parts(CONCEPTS)

    as_such, stood_for = parts.likeness("leder af lager")

    assert stood_for.argmax() == 4
    assert stood_for[4] > as_such[4] > 0


@pytest.mark.parametrize(
    ("wording", "head"),
    [("leder af en butik", "leder"), ("butikschef", "chef"), ("butikschef i kontor", "chef"), ("af", "af")],
)
def test_the_head_says_what_kind_of_thing_it_is(wording, head):
    assert Parts(CONCEPTS).head(wording) == head


def test_a_pair_says_how_far_the_text_covers_a_row():
    parts = Parts(CONCEPTS)
    said = parts.said("chef for butik")

    same, other = parts.pair(said, 0), parts.pair(said, 6)

    assert same == (1.0, 1.0)  # row 0: butikschef
    assert other == (0.0, 0.0)  # row 6: bager


def test_an_empty_vocabulary_has_no_parts():
    as_such, stood_for = Parts([]).likeness("leder")

    assert as_such.shape == stood_for.shape == (0,)


def test_the_order_of_the_words_of_the_vocabulary_changes_nothing():
    words = ["butik", "chef", "butikschef", "kontorchef", "kontor", "kontorassistent", "butiksassistent"]

    one, other = Splitter(words), Splitter(reversed(words))

    assert [one.parts(word) for word in words] == [other.parts(word) for word in words]
