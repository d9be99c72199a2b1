"""What a stored result says in Danish."""

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask

from portal import matching
from portal.loop.matches import sentences
from portal.matching import Card, CardSkill, Kind, Opening, Task

OPENING = Opening(
    id=1,
    version=1,
    industry="koekken",
    tasks=(
        Task(1, "gulvvask", 1, Kind.MUST, 2),
        Task(2, "opvask", 2, Kind.MUST, 3),
        Task(3, "bagning", 3, Kind.NICE, 2),
        Task(4, "pålæg", 4, Kind.LEARN, 2),
    ),
    hours_per_week=25,
    place=(55.96, 12.02),
    danish_speaking=2,
    danish_reading=0,
    shifts=frozenset({"weekend"}),
)
CARD = Card(
    id=2,
    version=1,
    industries=frozenset({"koekken"}),
    hours_min=10,
    hours_max=30,
    place=(55.96, 12.02),
    range_km=20,
    danish_speaking=3,
    danish_reading=None,
    shifts_yes=frozenset(),
    shifts_no=frozenset(),
    skills=(
        CardSkill("gulvvask", 1, 3, "employer", "2026-03-04", "Havneparkens Køkken"),
        CardSkill("opvask", 2, 2, "own", "2026-08-20", None),
    ),
)


@pytest.fixture(autouse=True)
def _inside(app: Flask) -> None:
    """Danish comes from the application's translations."""


def result_of(opening: Opening = OPENING, card: Card = CARD) -> dict[str, object]:
    return matching.score(opening, card).to_dict()


def test_what_she_can_names_level_source_and_month() -> None:
    assert sentences.can(result_of()) == [
        "gulvvask – selvstændigt, set hos Havneparkens Køkken i marts 2026",
        "opvask – efter instruktion, borgerens egne ord i august 2026 (pladsen beder om: selvstændigt)",
    ]


def test_what_is_not_known_names_conditions_first() -> None:
    assert sentences.unknown(result_of()) == ["weekendarbejde", "bagning"]


def test_what_the_place_teaches() -> None:
    assert sentences.teaches(result_of()) == ["pålæg"]


def test_a_stated_lack_and_an_unmet_condition_are_missing() -> None:
    lacking = replace(
        CARD, skills=(CardSkill("gulvvask", 1, 0, "own", None, None),), shifts_no=frozenset({"weekend"})
    )

    assert sentences.lacks(result_of(card=lacking)) == ["gulvvask", "weekendarbejde"]


def test_the_reasons_are_whole_sentences() -> None:
    told = sentences.reasons(result_of())

    assert all(sentence.endswith(".") for sentence in told)
    assert "Ved ikke: weekendarbejde, bagning." in told
    assert "Kan læres her: pålæg." in told


@pytest.mark.parametrize(
    ("unknown", "demand"),
    [
        ({"industries": None}, "Pladsen: Køkken og kantine."),
        ({"hours_min": None, "hours_max": None}, "Pladsen: 25 timer om ugen."),
        ({"danish_speaking": None}, "Pladsen: Forstår enkle beskeder (ca. A2)."),
    ],
)
def test_a_question_about_a_condition_says_what_the_place_asks(unknown: dict[str, None], demand: str) -> None:
    assert sentences.answers(result_of(card=replace(CARD, **unknown)))[0] == demand


def test_a_condition_is_asked_before_a_task() -> None:
    assert sentences.question(result_of()) == "Spørg om weekendarbejde"
    assert sentences.ask(result_of()) == "Spørg om weekendarbejde"
    assert sentences.answers(result_of()) == [
        "Passer svaret, står matchet ved 75–89.",
        "Passer det ikke, falder forslaget væk.",
    ]


def test_a_task_is_asked_when_the_conditions_are_known_and_both_answers_are_told() -> None:
    known = replace(CARD, shifts_yes=frozenset({"weekend"}))

    assert sentences.question(result_of(card=known)) == "Spørg om bagning"
    assert sentences.ask(result_of(card=known)) == "Spørg om bagning. Et ja løfter scoren fra 75 til 89"
    assert sentences.answers(result_of(card=known)) == [
        "Et ja giver mindst 89.",
        "Et nej giver højst 75.",
    ]


def test_the_employer_is_asked_where_it_has_not_said() -> None:
    assert (
        sentences.question(result_of(replace(OPENING, place=None)))
        == "Spørg virksomheden om hvor arbejdet er"
    )


def test_nothing_is_asked_when_all_is_known() -> None:
    opening = replace(OPENING, tasks=OPENING.tasks[:1], shifts=frozenset())

    assert sentences.question(result_of(opening)) is None


def test_the_citizen_is_spoken_to_herself() -> None:
    told = sentences.for_citizen(result_of())

    assert told[1].startswith("Du kan: opvask – efter instruktion, dine egne ord i august 2026")
    assert not [sentence for sentence in told if "borgeren" in sentence]


def test_other_words_on_the_card_are_quoted() -> None:
    card = replace(CARD, skills=(CardSkill("gulv vask", None, 3, "consultant", None, None),))

    [row] = [row for row in sentences.task_rows(result_of(card=card)) if row.task == "gulvvask"]

    assert row.evidence == "kortet siger “gulv vask”: selvstændigt, set af konsulent"


def test_a_guess_is_said_to_be_one() -> None:
    card = replace(
        CARD, skills=(CardSkill("vaske det hele", None, 3, "own", None, None, guesses=((1, 0.5),)),)
    )

    [row] = [row for row in sentences.task_rows(result_of(card=card)) if row.task == "gulvvask"]

    assert row.evidence == "kortet siger “vaske det hele”, måske det samme: selvstændigt, borgerens egne ord"
    assert row.verdict == "Ved ikke"


def test_every_condition_has_its_words_on_all_three_values() -> None:
    asked = replace(OPENING, danish_reading=2, shifts=frozenset({"night", "evening"}))
    cards = (
        replace(CARD, danish_reading=3, shifts_yes=asked.shifts),
        replace(
            CARD,
            industries=frozenset({"pleje"}),
            place=(57.0, 10.0),
            hours_max=10,
            danish_speaking=0,
            danish_reading=0,
            shifts_no=asked.shifts,
        ),
        replace(CARD, industries=None, place=None, hours_min=None, hours_max=None, danish_speaking=None),
    )
    for card in cards:
        rows = sentences.condition_rows(result_of(asked, card))
        assert len(rows) == 7
        assert all(row.name and str(row.verdict) and row.detail for row in rows)


@pytest.mark.parametrize(("least", "most"), [(None, 20.0), (30.0, None), (30.0, 37.0)])
def test_hours_that_do_not_fit_are_told_with_their_limits(least: float | None, most: float | None) -> None:
    told = sentences.unmet_condition(result_of(card=replace(CARD, hours_min=least, hours_max=most)))

    assert told.startswith("Timer om ugen: Pladsen: 25.")


def test_an_evidence_day_is_told_as_its_month() -> None:
    assert (
        sentences.seen_text("employer", date(2026, 1, 31).isoformat(), None)
        == "set på en arbejdsplads i januar 2026"
    )
