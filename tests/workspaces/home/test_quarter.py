"""The leader's quarter: what came, what is late and which goals moved, in numbers and words, without names."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from portal.base.terms import Measure, PlacementForm
from portal.loop.placements.models import Outcome, PlacementStatus
from portal.shared.accounts.models import User
from tests.client import PortalClient, counted_statements
from tests.factories import NOW, TODAY, make_card, make_citizen, make_employer, make_opening, make_placement
from tests.support.goals import set_goal

Clients = Callable[[User | None], PortalClient]


def rows(client: PortalClient, url: str = "/quarter") -> dict[str, list[str]]:
    table = client.get(url).page.select_one("#came-table")
    assert table is not None
    cells = [[cell.get_text(strip=True) for cell in row.select("td")] for row in table.select("tbody tr")]
    return {name: numbers for name, *numbers in cells}


@pytest.fixture
def a_quarter(app: object) -> None:
    """Two employers now and one before; a placement that ended as hired, and one that is over its end."""
    make_employer("Bos Køkken", approved_at=NOW - timedelta(days=3))
    make_employer("Sannes Bageri", approved_at=NOW - timedelta(days=120))
    make_placement(
        status=PlacementStatus.ENDED,
        starts_on=TODAY - timedelta(days=20),
        ended_on=TODAY - timedelta(days=1),
        outcome=Outcome.HIRED,
    )
    make_placement(
        status=PlacementStatus.RUNNING,
        starts_on=TODAY - timedelta(days=30),
        ends_on=TODAY - timedelta(days=2),
    )


def test_it_says_what_came_beside_the_quarter_before(
    a_quarter: None, client_for: Clients, mette: User
) -> None:
    came = rows(client_for(mette))

    assert came["Forløb, der begyndte"] == ["2", "0"]
    assert came["Ansat efter et forløb"] == ["under 5", "0"], "few people are not counted out"


def test_the_quarter_before_is_a_click_away(a_quarter: None, client_for: Clients, mette: User) -> None:
    client = client_for(mette)
    [link] = client.get("/quarter").page.select("a[href='/quarter?before=1']")

    assert rows(client, str(link["href"]))["Forløb, der begyndte"] == ["0", "0"]


def test_what_is_late_is_said_in_words_and_nobody_is_named(
    a_quarter: None, client_for: Clients, mette: User
) -> None:
    make_citizen("Amira")
    said = client_for(mette).get("/quarter").words

    assert "1 forløb er over slutdatoen og ikke afsluttet" in said
    assert "Amira" not in said


def test_goals_that_stand_still_are_named_together(client_for: Clients, mette: User) -> None:
    make_card(created_at=NOW)
    set_goal(Measure.HIRED, target=1)

    page = client_for(mette).get("/quarter")

    assert page.status_code == 200
    assert "Mål, der har flyttet sig" in page.words


def test_a_goal_for_one_form_tells_no_day_but_todays(client_for: Clients, mette: User) -> None:
    for days_ago in (100, 9, 8, 7, 6, 5, 4):
        make_placement(
            status=PlacementStatus.ENDED,
            starts_on=TODAY - timedelta(days=days_ago + 20),
            ended_on=TODAY - timedelta(days=days_ago),
            outcome=Outcome.HIRED,
        )
    whole = set_goal(Measure.HIRED, target=9)
    form = set_goal(Measure.HIRED, target=9, terms={"form": PlacementForm.PRAKTIK.value, "trade": ""})

    told = [
        str(link["href"]) for link in client_for(mette).get("/quarter").page.select("#moved-table tbody a")
    ]

    assert [f"/goals/{goal.id}" in told for goal in (whole, form)] == [True, False]


def test_it_costs_the_same_for_many(app: Flask, a_quarter: None, client_for: Clients, mette: User) -> None:
    client = client_for(mette)
    set_goal(Measure.HIRED, target=1)
    with counted_statements(app) as few:
        client.get("/quarter")
    for number in range(4):
        make_opening(make_employer(f"Firma {number}"))
    with counted_statements(app) as many:
        client.get("/quarter")

    assert len(many) <= len(few) <= 12
