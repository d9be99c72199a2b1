"""Words that say much the same, and whose the parts of a text are."""

import numpy as np
import pytest

from portal.lexicon import Lexicon, fold
from portal.lexicon.equals import equals
from portal.lexicon.likeness import FEATURES, Index
from portal.lexicon.ownership import OWNERSHIP
from portal.lexicon.words import stem

TABLES, FLOORS, PLATES, DRESSING = range(1, 5)
WORDINGS = [
    ("vaske borde", TABLES),
    ("borde i kantinen", TABLES),
    ("feje gulve", FLOORS),
    ("gulve i gangen", FLOORS),
    ("anrette fade", PLATES),
    ("pynte fade", PLATES),
    ("polere fade", PLATES),
    ("klæde beboere på", DRESSING),
    ("tøj til beboere", DRESSING),
]


def figures(text: str, concept: int) -> dict[str, float]:
    """What is said of one guess."""
    guesses = Index([(fold(label), number) for label, number in WORDINGS]).describe([fold(text)])
    [row] = np.flatnonzero(guesses.concepts == concept)
    named = dict(zip(FEATURES, guesses.features[row].tolist(), strict=True))
    return {name: named[name] for name in OWNERSHIP}


def test_words_of_one_line_say_the_same_both_ways() -> None:
    assert all(word in equals()[other] for word, others in equals().items() for other in others)
    assert all(word not in others for word, others in equals().items())


@pytest.mark.parametrize(
    ("one", "other"),
    [("aftørre", "polerede"), ("borgere", "beboerne"), ("toiletter", "badeværelse"), ("tjekke", "kontrol")],
)
def test_what_everybody_in_the_trade_knows_to_be_the_same_is_in_the_table(one: str, other: str) -> None:
    assert stem(fold(other)) in equals()[stem(fold(one))]


def test_the_odd_word_of_a_text_belongs_to_others() -> None:
    assert figures("vaske fade", TABLES)["parts of others"] > 0.3
    assert figures("vaske borde", TABLES)["parts of others"] == 0


def test_a_word_of_one_task_alone_is_its_own() -> None:
    assert figures("fade", PLATES)["parts its own alone"] == pytest.approx(1)
    assert figures("fade", TABLES)["parts its own alone"] == 0


def test_a_word_that_nobody_has_is_nobodys() -> None:
    assert figures("vaske xylofoner", TABLES)["parts of nobody"] > 0.3


def test_another_word_for_the_same_work_is_as_good_as_covered() -> None:
    same, other = figures("pudse borde", TABLES), figures("pudse borde", PLATES)

    assert same["its label covered"] > 0.8
    assert same["its text covered"] > 0.8
    assert same["best wording by parts"] > other["best wording by parts"]
    assert same["margin of best wording by parts"] > 0 > other["margin of best wording by parts"]


@pytest.mark.parametrize(
    ("text", "right"),
    [("pudse borde", TABLES), ("klæde borgerne på", DRESSING), ("feje gulvflader", FLOORS)],
)
def test_another_word_for_the_same_leads_to_the_same_task(text: str, right: int) -> None:
    best = Lexicon(WORDINGS).look_up([text])[0].best

    assert best is not None
    assert best.concept == right
