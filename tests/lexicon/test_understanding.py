"""What people write, understood with the vocabulary that is shipped.

`phrases.tsv` holds 700 phrases as employers, consultants, learners and CVs put them, written by somebody who had not
seen the vocabulary and labelled by another. Nothing is learned from them. The bars are what was reached, less a little.
`phrases_fresh.tsv` holds 292 more, written before anybody looked at what the vocabulary makes of them, which then got
words for what it missed: they guard what is understood and measure nothing any more.
"""

from pathlib import Path

import pytest

from bench.phrases import SkillsFile, five_folds, read_phrases, understood

PHRASES = Path(__file__).with_name("phrases.tsv")
FRESH = Path(__file__).with_name("phrases_fresh.tsv")


@pytest.fixture(scope="module")
def shipped() -> SkillsFile:
    return SkillsFile.read()


def test_most_phrases_are_taken_or_shown_and_few_taken_wrongly(shipped: SkillsFile) -> None:
    figures, questions = understood(shipped.lexicon(), read_phrases(PHRASES, shipped), shipped)

    shares = figures.shares()
    assert shares["right taken"] >= 0.68
    assert shares["taken or shown"] >= 0.94
    assert shares["wrongly taken"] <= 0.018
    assert sum(questions) <= 0.48 * figures.texts


def test_phrases_that_gave_the_vocabulary_words_stay_understood(shipped: SkillsFile) -> None:
    figures, _ = understood(shipped.lexicon(), read_phrases(FRESH, shipped), shipped)

    shares = figures.shares()
    assert shares["right taken"] >= 0.84
    assert shares["taken or shown"] >= 0.97
    assert shares["wrongly taken"] <= 0.01, figures.mistakes


def test_no_wording_is_owned_by_two_concepts(shipped: SkillsFile) -> None:
    lexicon = shipped.lexicon()

    lookups = lexicon.look_up([wording for wording, _ in shipped.labels])

    wrong = [
        (wording, shipped.names[concept])
        for (wording, concept), lookup in zip(shipped.labels, lookups, strict=True)
        if lookup.accepted is None or lookup.accepted.concept != concept
    ]
    assert wrong == []


@pytest.mark.slow
def test_a_wording_left_out_is_found_by_those_that_stay(shipped: SkillsFile) -> None:
    shares = five_folds(shipped).shares()

    assert shares["taken or shown"] >= 0.83
    assert shares["wrongly taken"] <= 0.013
