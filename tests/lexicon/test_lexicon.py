"""The lexicon on our own vocabulary: what it takes, what it asks about, and what it leaves alone."""

import csv
import tracemalloc
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal import lexicon
from portal.lexicon import Hit, Lexicon, Lookup, fold

SKILLS = Path(lexicon.__file__).parents[1] / "shared" / "skills" / "data" / "skills.csv"


def rows() -> list[dict[str, str]]:
    with SKILLS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


NAMES = [row["canonical_da"] for row in rows()]
LABELS = [
    (label, concept)
    for concept, row in enumerate(rows())
    for label in [row["canonical_da"], *row["synonyms_da"].split(";")]
]


@pytest.fixture(scope="module")
def vocabulary() -> Lexicon:
    return Lexicon(LABELS)


def accepted(vocabulary: Lexicon, text: str) -> str | None:
    hit = vocabulary.look_up([text])[0].accepted
    return hit and NAMES[hit.concept]


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Rengøring", "rengoering"),
        ("rengoering", "rengoering"),
        ("RENGÖRING", "rengoering"),
        ("påklædning", "paaklaedning"),
        ("Påklädning", "paaklaedning"),
        ("SOSU-hjælper", "sosu hjaelper"),
        ("  9. klasse\t", "9 klasse"),
        ("Müsli_bar", "mysli bar"),
        ("", ""),
        ("!?\0", ""),
    ],
)
def test_fold_gives_one_spelling(text, folded):
    assert fold(text) == folded
    assert fold(unicodedata.normalize("NFD", text)) == folded


def test_every_wording_of_the_vocabulary_means_its_own_concept(vocabulary):
    lookups = vocabulary.look_up([label for label, _ in LABELS])

    assert [lookup.accepted and lookup.accepted.concept for lookup in lookups] == [c for _, c in LABELS]
    assert {lookup.best.probability for lookup in lookups} == {1.0}
    assert not any(lookup.negated for lookup in lookups)


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("OPVASK", "opvask"),
        ("hygejnebevis", "hygiejnebevis"),
        ("hygiejne bevis", "hygiejnebevis"),
        ("førstehjælps kursus", "førstehjælp"),
        ("koerekort", "kørekort B"),
        ("korekort", "kørekort B"),
        ("B-kørekort", "kørekort B"),
        ("sengredning", "sengeredning og linnedskift"),
        ("gulvask", "gulvvask og mopning"),
        ("havearbjde", "havearbejde og landbrug"),
        ("erfaring med opvask", "opvask"),
        ("jeg kan lave mad", "madlavning"),
        ("Jeg har erfaring med at passe børn", "pasning af børn"),
        ("2 års erfaring med støvsugning", "støvsugning"),
        ("støvsugning i 3 år", "støvsugning"),
        ("ikke kun opvask", "opvask"),
        ("rydde op uden for", "udendørs oprydning"),
        ("arbejder uden opsyn", "selvstændighed"),
        ("pd 2", "Prøve i Dansk 2"),
    ],
)
def test_takes_what_is_only_spelled_or_wrapped_differently(vocabulary, text, meaning):
    assert accepted(vocabulary, text) == meaning


@pytest.mark.parametrize(
    "text",
    [
        "kok", "bok", "mad", "mand", "lave mand", "lave mads", "nad", "PD4", "PD", "SSA", "SSHH", "ITT",
        "FVO", "prøve i dansk 4", "kørekort C", "kørekort D", "kategori C", "8. klasse", "2. hjælp",
        "kursus", "svejsning", "frisør", "buschauffør", "programmering",
        "xyzzy", "koerekort E", "gaffeltruck",
    ],
)  # fmt: skip
def test_takes_nothing_that_differs_in_what_decides(vocabulary, text):
    assert accepted(vocabulary, text) is None


@pytest.mark.parametrize("text", ["prøve i dansk 4", "kørekort C", "PD4", "8. klasse"])
def test_another_number_or_letter_is_not_even_asked_about(vocabulary, text):
    lookup = vocabulary.look_up([text])[0]

    assert not lookup.worth_asking


@pytest.mark.parametrize("text", ["servicering", "opvasker", "tale engelsk"])
def test_asks_when_it_is_near_but_not_sure(vocabulary, text):
    lookup = vocabulary.look_up([text])[0]

    assert lookup.worth_asking
    assert lookup.accepted is None


@pytest.mark.parametrize(
    ("chances", "worth_asking", "accepted"),
    [
        ((), False, False),
        ((0.19,), False, False),
        ((0.2,), True, False),
        ((0.12, 0.08), True, False),
        ((0.12, 0.05), False, False),
        ((0.16, 0.04), False, False),  # what is not shown is no reason to ask
        ((0.86,), True, False),
        ((0.87,), True, True),
    ],
)
def test_the_hits_together_decide_whether_to_ask(chances, worth_asking, accepted):
    lookup = Lookup("x", tuple(Hit(number, chance, "x") for number, chance in enumerate(chances)), False)

    assert (lookup.worth_asking, lookup.accepted is not None) == (worth_asking, accepted)


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("ingen hygiejnebevis", "hygiejnebevis"),
        ("uden kørekort", "kørekort B"),
        ("mangler kørekort", "kørekort B"),
        ("ikke erfaring med opvask", "opvask"),
        ("Jeg kan ikke lave mad", "madlavning"),
        ("har aldrig prøvet støvsugning", "støvsugning"),
        ("ønsker ikke nattevagt", "nattevagt"),
    ],
)
def test_a_negation_is_seen_before_scoring(vocabulary, text, denied):
    lookup = vocabulary.look_up([text])[0]

    assert lookup.negated
    assert lookup.accepted is None
    assert NAMES[lookup.best.concept] == denied


@pytest.mark.parametrize(
    "text", ["rydde op uden for", "opvask uden problemer", "ikke bare opvask", "ingeniør"]
)
def test_a_turn_of_phrase_that_denies_nothing_is_no_negation(vocabulary, text):
    assert not vocabulary.look_up([text])[0].negated


@pytest.mark.parametrize(
    "text", ["", "   ", "!!!", "\0", "\ud800", "i", "👍👍", "æ" * 100_000, "ord " * 30_000]
)
def test_junk_means_nothing_and_is_no_error(vocabulary, text):
    lookup = vocabulary.look_up([text])[0]

    assert lookup.hits == ()
    assert lookup.best is None
    assert lookup.accepted is None
    assert not lookup.worth_asking


@pytest.mark.parametrize(
    ("text", "label"), [("e handel chef", "chef for e-handel"), ("h analytiker", "HR-analytiker")]
)
def test_a_lone_letter_within_a_wording_is_part_of_a_word(text, label):
    vocabulary = Lexicon([(label, 1), ("chef for handel i butik", 2), ("kørekort B", 3)])

    assert vocabulary.look_up([text])[0].best.concept == 1


def test_hits_name_each_concept_once_and_likeliest_first(vocabulary):
    hits = vocabulary.look_up(["servicering"], limit=5)[0].hits

    assert 1 < len(hits) <= 5
    assert len({hit.concept for hit in hits}) == len(hits)
    assert [hit.probability for hit in hits] == sorted((hit.probability for hit in hits), reverse=True)


@pytest.mark.parametrize("limit", [0, 1, 3])
def test_gives_no_more_hits_than_asked_for(vocabulary, limit):
    assert len(vocabulary.look_up(["servicering"], limit=limit)[0].hits) <= limit


def test_a_wording_two_concepts_share_is_asked_about():
    lookup = Lexicon([("sosu-hjælper", 1), ("SOSU hjælper", 2)]).look_up(["sosu hjælper"])[0]

    assert lookup.worth_asking
    assert [(hit.concept, hit.probability) for hit in lookup.hits] == [(1, 0.5), (2, 0.5)]


def test_a_wording_added_is_known_at_once():
    vocabulary = Lexicon([("opvask", 1)])
    assert vocabulary.look_up(["spulekøkken"])[0].accepted is None

    vocabulary.add("spulekøkken", 1)

    assert vocabulary.look_up(["Spulekoekken"])[0].accepted.concept == 1


def test_an_empty_lexicon_and_empty_labels_are_harmless():
    vocabulary = Lexicon([("", 1), ("  ", 2), ("opvask", 3), ("Opvask", 3)])

    assert Lexicon([]).look_up(["opvask"])[0].hits == ()
    assert [hit.concept for hit in vocabulary.look_up(["opvask"])[0].hits] == [3]


def test_the_order_of_the_labels_changes_nothing(vocabulary):
    texts = ["rengøring", "opvsk", "vask af gulve", "bagning af kager"]

    turned = Lexicon(reversed(LABELS))

    def meanings(one: Lexicon) -> list[list[tuple[int, float]]]:
        return [[(hit.concept, hit.probability) for hit in lookup.hits] for lookup in one.look_up(texts)]

    assert meanings(turned) == meanings(vocabulary)


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_gets_probabilities_in_order(text):
    lookup = SMALL.look_up([text])[0]

    assert lookup.text == text
    assert all(0 <= hit.probability <= 1 for hit in lookup.hits)
    assert lookup == SMALL.look_up([text])[0]


SMALL = Lexicon(LABELS[:60])


# --- Many texts at once -------------------------------------------------------------------------------------


def test_a_text_means_the_same_whatever_stands_beside_it_in_the_batch(vocabulary):
    texts = [f"{label[:-1]}x" for label, _ in LABELS[:1500]]

    together = vocabulary.look_up(texts)
    alone = [Lexicon(LABELS).look_up([texts[-1]])[0]] + [vocabulary.look_up([text])[0] for text in texts[:60]]

    assert len(texts) > lexicon.MOST_REMEMBERED + lexicon.BATCH
    assert alone == [together[-1], *together[:60]]


def test_no_texts_are_no_error(vocabulary):
    assert vocabulary.look_up([]) == []
    assert Lexicon([]).look_up(["opvask", "gulvvask"])[1].hits == ()


def test_texts_by_the_thousand_leave_little_behind(vocabulary):
    texts = [f"{label[:-1]} {number}x" for number in range(2) for label, _ in LABELS[:1250]]
    vocabulary.look_up(texts[:600])
    tracemalloc.start()

    for start in range(0, len(texts), 500):
        vocabulary.look_up(texts[start : start + 500])
    left, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert left < 9_000_000  # 1,000 phrases and 10,000 words are remembered, however many come


# --- Lists --------------------------------------------------------------------------------------------------


def test_of_concepts_with_the_same_wording_the_one_that_is_called_so_comes_first():
    vocabulary = Lexicon([("kok", 1), ("køkkenchef", 1), ("køkkenchef", 2), ("køkkenleder", 2)])

    lookup = vocabulary.look_up(["køkkenchef"])[0]

    assert [hit.concept for hit in lookup.hits] == [2, 1]
    assert lookup.accepted is None
    assert sum(hit.probability for hit in lookup.hits) == pytest.approx(1)


@pytest.mark.parametrize("text", ["gulvvask", "gulv vask", "vasket gulv", "gulvask"])
def test_after_what_has_the_same_letters_the_list_is_filled_with_what_is_alike(text):
    vocabulary = Lexicon(
        [("gulvvask", 1), ("vask af gulvtæpper", 2), ("vask af gardiner", 3), ("bagning", 4)]
    )

    (alone,), (filled,) = vocabulary.look_up([text], limit=1), vocabulary.look_up([text], limit=3)

    assert filled.accepted == alone.accepted
    assert filled.accepted.concept == 1
    assert {hit.concept for hit in filled.hits[1:]} == {2, 3}
    assert all(hit.probability < lexicon.OFFERED_FROM for hit in filled.hits[1:])


# --- Doubt by words -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("vask af fade på hotel", "'fade' is another concept's word"),
        ("vaske hotelvinduer", "the compound ends in another word than 'hotelgulve'"),
    ],
)
def test_a_text_whose_odd_word_means_something_else_is_asked_about(text, why):
    vocabulary = Lexicon([("vask af duge på hotel", 1), ("vaske hotelgulve", 2), ("fade", 3), ("vinduer", 4)])

    lookup = vocabulary.look_up([text])[0]

    assert lookup.accepted is None, why


def test_a_misspelled_word_is_no_other_word():
    vocabulary = Lexicon([("vask af duge på hotel", 1), ("vaske hotelgulve", 2), ("fade", 3), ("vinduer", 4)])

    assert vocabulary.look_up(["vask af dugge på hotel"])[0].accepted.concept == 1


@pytest.mark.parametrize("text", ["plejehjemsmedhjælper", "folkeskolelærer", "minerydder"])
def test_a_title_is_never_taken_for_one_of_its_words(vocabulary, text):
    assert vocabulary.look_up([text])[0].accepted is None


# --- A wording inside a longer text -------------------------------------------------------------------------

CONTAINED = Lexicon(
    [("varm mad", 1), ("lave mad hos borger", 2), ("rengøring af hjem hos borger", 2), ("ældrepleje", 3)]
)


@pytest.mark.parametrize(
    ("text", "concept"),
    [("varm mad fra bunden til alle gæster", 1), ("ældrepleje om natten på et center", 3)],
)
def test_a_wording_that_stands_whole_in_a_longer_text_is_taken(text, concept):
    assert CONTAINED.look_up([text])[0].accepted.concept == concept


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("varm mad hos borger i eget hjem", "'borger' with 'mad' is said of another task alone"),
        ("introduktionskursus i ældrepleje for nye", "a course in a task is not the task"),
    ],
)
def test_what_stands_around_a_wording_may_make_it_anothers(text, why):
    assert CONTAINED.look_up([text])[0].accepted is None, why
