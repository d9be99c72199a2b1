"""Words of tasks that hint at what somebody under 18 may not do (domain.md 11; DI 2025, f-f.dk, bfahandel.dk)."""

from datetime import timedelta
from decimal import Decimal

import pytest

from portal.shared.rules.book import DatedNumber, RuleBook
from portal.shared.rules.dangers import Danger, dangers_in
from tests.support.law import HERE, START, book, numbers

ALCOHOL, CHEMICALS, MACHINES, ALONE, LIFTS = Danger


@pytest.mark.parametrize(
    ("task", "dangers"),
    [
        ("servere øl og vin", {ALCOHOL}),
        ("servere i vinbar", {ALCOHOL}),
        ("tappe fadøl", {ALCOHOL}),
        ("blande drinks", {ALCOHOL}),
        ("stå i baren", {ALCOHOL}),
        ("hælde spiritus op", {ALCOHOL}),
        ("hjælpe på værtshuset", {ALCOHOL}),
        ("øl- og vinservering", {ALCOHOL}),
        ("desinficere borde", {CHEMICALS}),
        ("rense afløb med afløbsrens", {CHEMICALS}),
        ("gift og afløbsrens", {CHEMICALS}),
        ("lægge rottegift ud", {CHEMICALS}),
        ("vaske vinduer med salmiak", {CHEMICALS}),
        ("bruge stærke rengøringsmidler", {CHEMICALS}),
        ("skære på pålægsmaskine", {MACHINES}),
        ("skære ost på slicer", {MACHINES}),
        ("passe frituregryden", {MACHINES}),
        ("stege pommes frites i friture", {MACHINES}),
        ("køre truck", {MACHINES}),
        ("slå græs med havetraktor", {MACHINES}),
        ("save brænde med motorsav", {MACHINES}),
        ("passe butikken alene", {ALONE}),
        ("aftenvagt som eneste på arbejde", {ALONE}),
        ("tunge løft", {LIFTS}),
        ("løfte tungt på lageret", {LIFTS}),
        ("stable kasser på 18 kg", {LIFTS}),
        ("bære tunge sække", {LIFTS}),
        ("flytte møbler", {LIFTS}),
        ("dække bord og plukke vindruer", set()),
        ("afhente ølkasser tomme", set()),
        ("tørre søl op", set()),
        ("fylde salatbaren op", set()),
        ("passe kaffe bar", set()),
        ("lave drikke til publikum", set()),
        ("være gift med chefen", set()),
        ("servere alkoholfri øl", set()),
        ("giftfri rengøring", set()),
        ("gøre rent uden kemi", set()),
        ("du er aldrig alene", set()),
        ("ingen tunge løft", set()),
        ("sætte varer på hylder", set()),
        ("bage boller", set()),
    ],
)
def test_what_the_words_of_a_task_hint_at(task: str, dangers: set[Danger]) -> None:
    assert dangers_in([task], numbers()) == dangers


def test_words_of_two_tasks_are_not_read_as_one() -> None:
    assert dangers_in(["løfte", "tungt arbejde"], numbers()) == frozenset()


def test_a_list_holds_from_its_first_day_and_an_empty_one_finds_nothing() -> None:
    tomorrow = START + timedelta(days=1)
    emptied = book().with_number(DatedNumber("danger-alcohol", Decimal(0), tomorrow, None, "Ny liste"))
    task = ["servere øl efter tunge løft"]

    assert dangers_in(task, emptied.on(START, HERE)) == {ALCOHOL, LIFTS}
    assert dangers_in(task, emptied.on(tomorrow, HERE)) == {LIFTS}
    assert dangers_in(task, RuleBook(()).on(START, HERE)) == {
        ALCOHOL,
        LIFTS,
    }  # no row at all: the shipped list
