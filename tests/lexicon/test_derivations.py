"""Verb and noun are one: whoever writes "bage brød" and whoever writes "brødbagning" mean the same."""

import pytest

from portal.lexicon import DOUBTFUL_AT_MOST, EXACT, Lexicon, fold
from portal.lexicon.derivations import derived_key, lighter, noun_root, root_by_rule, root_of_verb, says_who
from portal.lexicon.words import stem

ONE_THING = (
    ("bage brød", "brødbagning", "bagning af brød", "bagt brød", "bager brød", "brød bages"),
    ("gøre rent", "rengøring", "gjort rent", "rengøre", "gør rent", "rengjort"),
    ("gøre toiletter rene", "toiletrengøring", "rengøring af toiletter", "gør toilettet rent"),
    ("gøre rent på toiletter", "toiletrengøring"),
    ("vaske gulv", "gulvvask", "vask af gulve", "vasker gulvet", "vaskede gulve", "gulvvaskning"),
    ("skrælle kartofler", "kartoffelskrælning", "skrælning af kartofler", "skrællede kartofler"),
    ("rydde op", "oprydning", "ryddet op", "rydder op"),
    ("tørre af", "aftørring", "tørret af"),
    ("tørre borde af", "aftørring af borde", "tørrer bordene af"),
    ("passe børn", "børnepasning", "pasning af børn", "passet børn"),
    ("støvsuge", "støvsugning", "støvsuget", "støvsugede"),
    ("fylde køleskab op", "opfyldning af køleskab", "fylder køleskabet op"),
    ("vaske gryder op", "opvask af gryder", "grydeopvask"),
    ("rede senge", "sengeredning", "redt senge", "redning af senge"),
    ("lave mad", "madlavning", "lavet mad", "laver mad"),
    ("skifte sengetøj", "skift af sengetøj", "skiftet sengetøj", "skiftning af sengetøj"),
    ("tømme skraldespande", "tømning af skraldespande", "tømt skraldespande"),
    ("made borgere", "madning af borgere", "made borger"),
    ("pleje ældre", "ældrepleje", "pleje af ældre"),
    ("servere mad", "madservering", "servering af mad", "serveret mad"),
    ("købe ind", "indkøb", "køber ind", "købt ind"),
    ("tage imod varer", "varemodtagelse", "modtage varer"),
    ("hjælpe med bad", "hjælp til bad", "hjulpet med bad"),
)  # fmt: skip


@pytest.mark.parametrize("wordings", ONE_THING, ids=lambda wordings: wordings[0])
def test_verb_noun_and_compound_have_one_key(wordings):
    assert len({derived_key(fold(wording)) for wording in wordings}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("lave mad", "lave mand"), ("made borgere", "lave mad til borgere"), ("rydde op", "rydde af"),
        ("vaske gulv", "vaske op"),
        ("passe børn", "passe ældre"), ("tale med borgere", "tale om borgere"), ("købe ind", "købe"),
        ("bage brød", "smøre brød"),
    ],
)  # fmt: skip
def test_different_tasks_have_different_keys(one, other):
    assert derived_key(fold(one)) != derived_key(fold(other))


@pytest.mark.parametrize(
    "text", ["bager", "tjener", "maler", "mad", "kok", "køkken", "opvasker", "stor kantine", ""]
)
def test_a_title_and_a_thing_have_no_key(text):
    assert derived_key(fold(text)) is None


@pytest.mark.parametrize("wordings", ONE_THING, ids=lambda wordings: wordings[0])
def test_whichever_of_them_the_vocabulary_has_the_others_are_taken(wordings):
    known = Lexicon([(wordings[0], 1), ("kørekort B", 2), ("hygiejnebevis", 3)])

    for lookup in known.look_up(wordings):
        assert lookup.accepted.concept == 1
    assert known.look_up([wordings[0]])[0].best.probability == EXACT


@pytest.mark.parametrize(
    "carrier", ["har {}", "jeg kan {}", "vil lære at {}", "har erfaring med at {}", "vant til at {}"]
)
def test_what_carries_a_task_is_none_of_it(carrier):
    known = Lexicon([("brødbagning", 1), ("gulvvask", 2)])

    assert known.look_up([carrier.format("bage brød")])[0].accepted.concept == 1


def test_a_verb_that_says_only_do_comes_off():
    known = Lexicon([("opvask", 1), ("lave mad", 2)])

    assert known.look_up(["lave opvask"])[0].accepted.concept == 1
    assert known.look_up(["mad"])[0].accepted is None
    assert lighter(("lave", "mad")) is None


def test_a_concept_held_to_its_letters_is_asked_about():
    known = Lexicon([("vaske gulv", 1)], exact_only={1})

    assert known.look_up(["vaske gulv"])[0].accepted.concept == 1
    assert known.look_up(["gulvvask"])[0].accepted is None
    assert known.look_up(["gulvvask"])[0].best.probability == DOUBTFUL_AT_MOST


def test_what_two_concepts_derive_to_is_asked_about():
    known = Lexicon([("vask af gulve", 1), ("vaske gulve", 2)])

    assert known.look_up(["gulvvask"])[0].accepted is None
    assert {hit.concept for hit in known.look_up(["gulvvask"])[0].hits} == {1, 2}


@pytest.mark.parametrize(
    ("word", "root"),
    [
        ("bagning", "bage"), ("bagt", "bage"), ("vaskede", "vask"), ("opvask", "opvask"), ("aftørring", "aftoer"),
        ("gjort", None),
        ("rengjort", "rengoer"), ("skrælningen", "skrael"), ("hus", None), ("afrydder", None),
    ],
)  # fmt: skip
def test_forms_of_the_table_have_one_root(word, root):
    assert root_of_verb(fold(word)) == root


@pytest.mark.parametrize(
    ("word", "root"),
    [("betjening", "betjen"), ("formidling", "formidl"), ("ring", None), ("ting", None), ("kok", None)],
)
def test_endings_show_a_verb_that_the_table_lacks(word, root):
    assert root_by_rule(fold(word)) == root


@pytest.mark.parametrize(
    ("words", "root"),
    [
        (("kartoffel", "kartofler", "kartoflerne"), "kartoffel"), (("toilet", "toiletter", "toiletterne"), "toilet"),
        (("gulv", "gulve", "gulvet"), "gulv"), (("barn", "børn", "børnene"), "barn"),
        (("trappe", "trapper", "trapperne"), "trap"),
        (("værelse", "værelser", "værelserne"), "vaerl"), (("fad", "fade"), "fad"),
    ],
)  # fmt: skip
def test_a_noun_has_one_root_in_every_number(words, root):
    assert {noun_root(fold(word)) for word in words} == {root}


def test_stems_meet_too_so_that_likeness_sees_verb_and_noun_as_one():
    assert stem("stoevsuge") == stem("stoevsugning") == stem("stoevsuget")
    assert stem("gulve") == stem("gulvet")


@pytest.mark.parametrize(
    "text",
    [
        "dagplejer", "gartner", "folkeskolelærer", "kundeservicechef", "affaldshåndteringsleder", "fodplejer",
        "konditor",
        "strikker", "babysitter", "frugtplukker", "autolakerer", "syer",
    ],
)  # fmt: skip
def test_a_role_is_not_taken_for_its_task(text):
    known = Lexicon(
        [
            ("dagpleje", 1), ("gartneri", 2), ("folkeskole", 3), ("kundeservice", 4), ("affaldshåndtering", 5),
            ("fodpleje", 6),
            ("konditori", 7), ("strikke", 8), ("babysitting", 9), ("plukke frugt", 10), ("autolakering", 11),
            ("sy", 12),
        ]
    )  # fmt: skip

    assert known.look_up([text])[0].accepted is None


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("dagplejer", True), ("kantinechef", True), ("folkeskolelaerer", True), ("flyttearbejder", True),
        ("opvasker", True),
        ("toiletter", False), ("kartofler", False), ("vasker", False), ("rengoering", False), ("kok", False),
    ],
)  # fmt: skip
def test_a_word_for_somebody_is_told_from_things_and_doings(word, expected):
    assert says_who(word) is expected
