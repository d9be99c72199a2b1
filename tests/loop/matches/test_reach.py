"""How many cards could fit, told so that no number points at a person."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from portal.base.terms import Industry
from portal.loop.cards.models import CompetenceCard
from portal.loop.matches.reach import OpeningDemands, Reach, reach_of
from tests.client import counted_statements
from tests.factories import make_card, municipality, skill

Cards = Callable[..., list[CompetenceCard]]

KITCHEN = OpeningDemands(Industry.KOEKKEN)


def cards(number: int, **values: object) -> list[CompetenceCard]:
    return [make_card(**values) for _ in range(number)]


def seen(demands: OpeningDemands) -> Reach:
    return reach_of(demands, [municipality().id])


@pytest.mark.parametrize(("number", "told"), [(0, 0), (4, 0), (5, 5), (9, 5), (10, 10), (11, 10)])
def test_a_number_is_told_from_five_and_rounded_down(app: Flask, number: int, told: int) -> None:
    cards(number)

    assert seen(KITCHEN) == Reach(told, None)


def test_what_a_card_does_not_say_keeps_it_in(app: Flask) -> None:
    unknown = {"wishes": [], "danish_speaking": None, "hours_min": None, "hours_max": None, "postcode": None}
    cards(5, **unknown)

    assert seen(OpeningDemands(Industry.PLEJE, "9990", 37, danish_speaking=4)).at_least == 5


@pytest.mark.parametrize(
    ("demand", "refusal", "name"),
    [
        ({"hours_per_week": 20}, {"hours_min": 25.0}, "hours"),
        ({"hours_per_week": 20}, {"hours_max": 19.0}, "hours"),
        ({"danish_speaking": 3}, {"danish_speaking": 2}, "danish_speaking"),
        ({"danish_reading": 2}, {"danish_reading": 1}, "danish_reading"),
        ({"shifts": frozenset({"evening"})}, {"shifts_no": ["evening"]}, "shift_evening"),
    ],
)
def test_the_demand_that_alone_keeps_most_away_is_named(
    app: Flask, demand: dict[str, object], refusal: dict[str, object], name: str
) -> None:
    cards(5, **refusal)

    assert seen(replace(KITCHEN, **demand)) == Reach(0, name)


def test_a_demand_that_keeps_four_away_is_not_named(app: Flask) -> None:
    cards(4, danish_speaking=1)

    assert seen(replace(KITCHEN, danish_speaking=2)).costliest is None


def test_of_two_demands_that_both_keep_a_card_away_neither_is_named(app: Flask) -> None:
    cards(5, danish_speaking=1, danish_reading=0)

    assert seen(replace(KITCHEN, danish_speaking=2, danish_reading=1)).costliest is None


def test_trade_and_distance_keep_cards_away_and_are_no_demands(app: Flask) -> None:
    cards(5, wishes=["pleje"])
    cards(5, postcode="9990", range_km=10)

    assert seen(replace(KITCHEN, postcode="3300")) == Reach(0, None)


def test_a_card_that_could_fit_has_something_the_tasks_ask_for(app: Flask) -> None:
    cards(5, skills={"gulvvask og mopning": 2})
    floors, kitchen = skill("gulvvask og mopning"), skill("køkkenhygiejne")

    assert seen(replace(KITCHEN, skill_ids=frozenset({floors.id}))).at_least == 5
    assert seen(replace(KITCHEN, skill_ids=frozenset({kitchen.id}))).at_least == 0


def test_passive_cards_and_other_municipalities_are_not_counted(app: Flask) -> None:
    cards(5, is_active=False)

    assert seen(KITCHEN).at_least == 0
    assert reach_of(KITCHEN, [municipality("Fredensborg").id]).at_least == 0


def test_one_statement_counts_them_all(app: Flask) -> None:
    home = municipality().id
    cards(6)

    with counted_statements(app) as statements:
        reach_of(KITCHEN, [home])
    assert len(statements) == 1
