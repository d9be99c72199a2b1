"""Words that hold their own opposite: "utålmodig" is not patient, whatever its letters say."""

import pytest

from portal.lexicon import Lexicon, fold
from portal.lexicon.polarity import opposed, without_inner_negations

PATIENT, RESPONSIBLE, HELPER, FLEXIBLE, WEEKEND, CERTIFICATE, RECEIVE, DIET, CLEAN, ALONE = range(10)
VOCABULARY = Lexicon(
    [
        ("tålmodighed", PATIENT), ("tålmodig", PATIENT), ("ansvarlighed", RESPONSIBLE), ("pålidelig", RESPONSIBLE),
        ("faglært social- og sundhedshjælper", HELPER), ("faglært serviceassistent", HELPER), ("fleksibel", FLEXIBLE),
        ("weekend", WEEKEND), ("weekendarbejde", WEEKEND), ("hygiejnebevis", CERTIFICATE),
        ("forstår beskeder", RECEIVE),
        ("glutenfri mad", DIET), ("uskrevne regler", ALONE), ("brug af værnemidler", CLEAN),
        ("struktureret", RESPONSIBLE),
        ("selvstændig", ALONE),
    ]
)  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "ufaglært social- og sundhedshjælper", "ufaglært serviceassistent", "ikke-faglært social- og sundhedshjælper",
        "utålmodig", "er utålmodig", "meget utålmodig", "upålidelig", "uansvarlig", "ufleksibel", "ustruktureret",
        "uselvstændig",
        "misforstår beskeder", "misbrug af værnemidler", "weekendfri", "hygiejnebevisfri", "ansvarsløs", "ineffektiv",
    ],
)  # fmt: skip
def test_a_negation_inside_a_word_never_gives_its_opposite(text):
    lookup = VOCABULARY.look_up([text])[0]

    assert lookup.negated
    assert lookup.accepted is None


@pytest.mark.parametrize(
    "text",
    [
        "udendørs oprydning", "undervisning", "uniform", "uge 42", "ukrudt", "udbringning af mad", "ulige vagter",
        "uden for",
        "glutenfri mad", "laktosefri mad", "holde gulve støvfri", "røgfri arbejdsplads", "frivillig",
        "hjælp til hjemløse",
        "støtte til misbrugere", "oplæring af ufaglærte kolleger", "urolige beboere", "uskrevne regler",
        "de uskrevne regler",
        "mission", "ikke-ryger", "tålmodig", "trådløs støvsuger",
    ],
)  # fmt: skip
def test_a_word_that_only_begins_or_ends_like_one_denies_nothing(text):
    assert not VOCABULARY.look_up([text])[0].negated


@pytest.mark.parametrize(
    ("text", "turned"),
    [
        ("utålmodig kok", "taalmodig kok"), ("ikke utålmodig", "ikke utaalmodig"), ("inkompetent", "kompetent"),
        ("usikker i dansk", "sikker i dansk"), ("weekendfri", "weekendfri"),
    ],
)  # fmt: skip
def test_what_is_denied_is_named_without_the_negation(text, turned):
    assert without_inner_negations(fold(text), (), ()) == (turned, turned != fold(text))


@pytest.mark.parametrize(
    ("text", "wording", "expected"),
    [
        ("ufaglært hjælper", "faglært hjælper", True), ("faglært hjælper", "ufaglært hjælper", True),
        ("ufaglært hjælper", "ufaglærte hjælpere", False), ("weekendfri", "weekendarbejde", True),
        ("udendørs", "dørslag", False), ("opvask", "opvask", False), ("stressfri", "stress", False),
    ],
)  # fmt: skip
def test_opposites_are_told_from_words_that_share_letters(text, wording, expected):
    assert opposed(fold(text).split(), fold(wording).split()) is expected


@pytest.mark.parametrize("text", ["ufaglært hjælper i køkken", "urutineret opvasker"])
def test_an_opposite_is_not_even_offered(text):
    known = Lexicon([("faglært hjælper i køkken", 1), ("rutineret opvasker", 2), ("ufaglært kok", 3)])

    assert known.look_up([text])[0].accepted is None


def test_a_wording_with_the_word_elsewhere_does_not_spare_it():
    known = Lexicon([("grundkursus for ufaglærte i plejen", 1), ("faglært kok", 2), ("uskrevne regler", 3)])

    helper, course, rules = known.look_up(["ufaglært kok", "grundkurser for ufaglærte", "de uskrevne regler"])

    assert helper.negated
    assert not course.negated
    assert not rules.negated
