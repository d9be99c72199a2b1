"""Our figure beside those of others, and what two municipalities show each other."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal.base.database import db, transaction
from portal.base.terms import GoalAim, GoalUnit, Measure, PeriodKind
from portal.interventions.target_groups.models import TargetGroup
from portal.ledger.comparison import queries, services
from portal.ledger.comparison.shared import NotShown, SharedFigure, of_people, shared_figures
from portal.ledger.goals.models import Goal
from portal.ledger.goals.tally import Tally
from portal.shared.accounts.models import Municipality, User
from tests.client import PortalClient
from tests.factories import (
    NOW,
    TODAY,
    make_card,
    make_citizen,
    make_employer,
    make_municipality,
    make_opening,
    make_outside_figure,
    make_partnership,
    municipality,
)
from tests.support.goals import set_goal

pytestmark = pytest.mark.both_engines

ClientFor = Callable[[User | None], PortalClient]


def share(one: str, other: str, *, today: date = TODAY) -> None:
    with transaction():
        services.switch_on(municipality(one), municipality(other), by=None, at=NOW, today=today)


def both_share(since: date = date(2024, 1, 1)) -> Municipality:
    """Halsnæs and Fredensborg, which holds records since long."""
    with transaction():
        other = municipality("Fredensborg")
        other.records_since_on = since
    share("Halsnæs", "Fredensborg")
    share("Fredensborg", "Halsnæs")
    return other


def theirs(goal: Goal, today: date = TODAY) -> SharedFigure:
    (found,) = shared_figures(goal, today)
    return found


def cards_there(number: int, made_on: date = date(2026, 2, 2)) -> None:
    at = NOW.replace(year=made_on.year, month=made_on.month, day=made_on.day)
    for _ in range(number):
        make_card(make_citizen(in_municipality="Fredensborg"), created_at=at)


def partner_there() -> None:
    employer = make_employer("Fredensborg Køkken", in_municipality="Fredensborg")
    make_opening(employer)
    make_partnership(employer, consultant="lene@nabo.example")


def test_like_municipalities_are_drawn_beside_ours(client_for: ClientFor, mette: User) -> None:
    goal = set_goal(
        Measure.PUBLIC_SUPPORT, target=5, aim=GoalAim.FALL, baseline=Decimal(29), period=PeriodKind.YEAR
    )
    make_outside_figure(first_on=date(2026, 1, 1), last_on=date(2026, 3, 31), value=Decimal("29"))
    for place, value in (("Odder", "32"), ("Frederikssund", "34"), ("Ulige", "12")):
        make_outside_figure(place=place, value=Decimal(value), source=f"{place} regnskab")
    client = client_for(mette)
    assert (
        client.post("/comparison/like/public_support", {"places": ["Odder", "Frederikssund"]}).status_code
        == 303
    )

    page = client.get(f"/comparison/goals/{goal.id}")

    rows = [
        [" ".join(cell.get_text(" ").split()) for cell in row.select("td")]
        for row in page.page.select("tbody tr")
    ]
    assert [row[:3] for row in rows] == [
        ["Halsnæs", "1. kvartal 2026", "29 %"],
        ["Frederikssund", "2025", "34 %"],
        ["Odder", "2025", "32 %"],
    ]
    drawing = page.page.select_one("svg.chart-bars desc")
    assert drawing is not None
    assert "Odder: 32 %" in drawing.get_text()
    assert "Målet: 24 %" in drawing.get_text()
    assert "Odder regnskab" in page.words
    assert "Odder;2025;32,0;;Odder regnskab" in client.get(
        f"/comparison/goals/{goal.id}?format=csv"
    ).get_data(as_text=True)
    part = client.get(f"/comparison/goals/{goal.id}", htmx=True).page.select_one("#goal-benchmark")
    assert part == page.page.select_one("#goal-benchmark")


def test_a_new_choice_takes_the_place_of_the_old(app: Flask, mette: User) -> None:
    make_outside_figure(place="Odder")
    here = municipality()
    for chosen in (["Odder", "Fredensborg"], ["Fredensborg"], []):
        with transaction():
            services.choose_like(here, Measure.PUBLIC_SUPPORT, chosen, by=mette, at=NOW)
        assert queries.places_like(here.id, Measure.PUBLIC_SUPPORT) == sorted(chosen)


def test_only_places_with_a_figure_or_in_the_portal_can_be_chosen(client_for: ClientFor, mette: User) -> None:
    make_outside_figure(place="Odder")
    client = client_for(mette)

    page = client.get("/comparison/like/public_support").page

    assert [box["value"] for box in page.select("input[type=checkbox]")] == ["Fredensborg", "Odder"]
    assert client.post("/comparison/like/public_support", {"places": ["Månen"]}).status_code == 422
    assert client.get("/comparison/like/nothing").status_code == 404


def test_nothing_is_seen_until_both_have_said_yes(app: Flask, mette: User) -> None:
    goal = set_goal(Measure.PARTNERSHIPS)
    partner_there()
    with transaction():
        municipality("Fredensborg").records_since_on = date(2024, 1, 1)

    share("Halsnæs", "Fredensborg")
    assert shared_figures(goal, TODAY) == []
    share("Fredensborg", "Halsnæs")
    assert theirs(goal).value == 1
    with transaction():
        services.switch_off(municipality("Fredensborg"), municipality(), by=mette, at=NOW, today=TODAY)
    assert shared_figures(goal, TODAY) == []
    share("Fredensborg", "Halsnæs")
    assert theirs(goal).value == 1


def test_a_third_municipality_sees_nothing(app: Flask) -> None:
    both_share()
    make_municipality("Odsherred")
    share("Odsherred", "Fredensborg")

    assert shared_figures(set_goal(Measure.PARTNERSHIPS, place="Odsherred"), TODAY) == []


def test_what_they_have_no_records_of_is_not_shown(app: Flask) -> None:
    both_share(since=date(2026, 6, 1))

    assert theirs(set_goal(Measure.CARDS)).why_none is NotShown.NO_RECORDS
    assert theirs(set_goal(Measure.PARTNERSHIPS)).value == 0


def test_people_are_shown_in_whole_fives_and_never_below_five(app: Flask) -> None:
    both_share()
    goal = set_goal(Measure.CARDS)
    cards_there(4)
    assert (theirs(goal).value, theirs(goal).why_none) == (None, NotShown.FEW)

    cards_there(3)
    assert (theirs(goal).value, theirs(goal).is_rounded) == (5, True)


def test_people_are_counted_up_to_the_last_quarters_end(app: Flask) -> None:
    both_share()
    goal = set_goal(Measure.CARDS)
    cards_there(5)
    cards_there(20, made_on=date(2026, 11, 2))

    assert (theirs(goal).value, theirs(goal).on) == (5, date(2026, 9, 30))
    odd = set_goal(Measure.CARDS, period=PeriodKind.PROJECT, first_on=date(2026, 1, 5))
    assert theirs(odd).why_none is NotShown.UNALIGNED


def test_the_readers_own_rule_and_time_decide(app: Flask) -> None:
    both_share()
    cards_there(10, made_on=date(2025, 5, 5))
    cards_there(5)

    assert theirs(set_goal(Measure.CARDS, 2025)).value == 10
    assert theirs(set_goal(Measure.CARDS, 2026)).value == 5


@given(st.integers(0, 400), st.integers(0, 400))
def test_no_small_number_follows_from_two_shown_ones(smaller: int, more: int) -> None:
    """Whatever two counts of people are shown, their difference may be a handful of different numbers."""
    shown = [of_people(Tally(0, count, None, 0, 0), GoalUnit.COUNT) for count in (smaller, smaller + more)]
    if None in shown:
        return
    could_be = {
        b - a
        for a in range(max(0, smaller - 5), smaller + 6)
        for b in range(a, smaller + more + 6)
        if [of_people(Tally(0, count, None, 0, 0), GoalUnit.COUNT) for count in (a, b)] == shown
    }
    assert len(could_be) >= 5


@pytest.mark.parametrize(
    ("amount", "out_of", "shown"),
    [(4, 100, None), (98, 100, None), (100, 100, 100), (33, 100, 35), (0, 50, None), (12, 20, 60)],
)
def test_a_share_of_people_hides_the_few_on_both_sides(amount: int, out_of: int, shown: int | None) -> None:
    assert of_people(Tally(0, amount, out_of, 0, 0), GoalUnit.PERCENT) == shown


def test_the_leader_switches_on_and_off(client_for: ClientFor, mette: User) -> None:
    other = municipality("Fredensborg").id
    client = client_for(mette)
    assert client.post(f"/comparison/sharing/{other}/on").status_code == 303
    assert client.post(f"/comparison/sharing/{other}/on").status_code == 409
    assert "Til siden 18. november 2026" in client.get("/comparison/sharing").words
    client.post(f"/comparison/sharing/{other}/off")
    assert client.post(f"/comparison/sharing/{other}/off").status_code == 409
    assert "Til siden" not in client.get("/comparison/sharing").words
    assert client.post(f"/comparison/sharing/{mette.municipality_id}/on").status_code == 404


def test_the_page_draws_their_figure_and_names_no_firm(client_for: ClientFor, mette: User) -> None:
    both_share()
    goal = set_goal(Measure.PARTNERSHIPS)
    partner_there()

    page = client_for(mette).get(f"/comparison/goals/{goal.id}")

    assert "Fredensborg, 18. november 2026" in page.page.select_one("svg.chart-bars").get_text(" ")  # type: ignore[union-attr]
    assert "Køkken" not in page.words
    index = client_for(mette).get("/comparison/").page
    assert index.select_one(f"a[href='/comparison/goals/{goal.id}']")


def test_a_figure_of_a_target_group_is_not_shared(app: Flask) -> None:
    both_share()
    cards_there(10)
    with transaction():
        group = TargetGroup(municipality_id=municipality().id, name="Målgruppe 1", created_at=NOW)
        db.session.add(group)

    assert shared_figures(set_goal(Measure.CARDS, group_id=group.id), TODAY) == []
    assert theirs(set_goal(Measure.CARDS)).value == 10


def test_what_has_not_begun_is_not_shared(app: Flask) -> None:
    both_share()

    assert shared_figures(set_goal(Measure.CARDS, TODAY.year + 1), TODAY) == []
