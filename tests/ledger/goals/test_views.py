"""The goals page and the list behind each figure, for Mette, Karin and strangers."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.base.database import db, transaction
from portal.base.terms import Measure
from portal.ledger.goals import services
from portal.ledger.goals.models import Goal
from portal.loop.placements.models import Outcome, PlacementStatus
from portal.shared.accounts.models import User
from tests.client import PortalClient, counted_statements
from tests.factories import (
    NOW,
    TODAY,
    make_card,
    make_employer,
    make_opening,
    make_partnership,
    make_placement,
    municipality,
)

ClientFor = Callable[[User | None], PortalClient]


def set_goal(measure: Measure, year: int = 2026, target: int = 3) -> Goal:
    details = services.GoalDetails(measure, year, target, f"Vi lover {measure.value}", "Planen, afsnit 2")
    with transaction():
        return services.set_goal(municipality().id, details, by=None, at=NOW)


def test_the_page_shows_target_figure_chart_and_table(client_for: ClientFor, mette: User) -> None:
    goal = set_goal(Measure.PARTNERSHIPS)
    set_goal(Measure.PARTNERSHIPS, 2019)
    make_opening(employer := make_employer())
    make_partnership(employer)

    page = client_for(mette).get("/goals/").page

    block = page.select_one("#partnerships")
    assert block is not None
    assert block.select_one(f".figure-tile a[href='/goals/{goal.id}']").get_text(strip=True).startswith("1")  # type: ignore[union-attr]
    assert block.select_one("svg[role=img]")
    rows = {
        row.th.get_text(): [cell.get_text() for cell in row.select("td")] for row in block.select("tbody tr")
    }  # type: ignore[union-attr]
    assert rows == {"2019": ["3", "ingen data"], "2026": ["3", "1"]}


def test_the_figure_opens_into_the_partnerships_behind_it(client_for: ClientFor, mette: User) -> None:
    goal = set_goal(Measure.PARTNERSHIPS)
    make_opening(employer := make_employer("Bos Køkken"), title="Køkkenhjælp i Hundested")
    partnership = make_partnership(employer)
    make_partnership(make_employer("Uden åbning"))

    response = client_for(mette).get(f"/goals/{goal.id}")

    assert [link["href"] for link in response.page.select("#figure-table a[href^='/partnerships/']")] == [
        f"/partnerships/{partnership.id}"
    ]
    assert "Køkkenhjælp i Hundested" in response.page.select_one("#figure-table").get_text()  # type: ignore[union-attr]


def test_lists_of_cards_and_hirings_hold_numbers_and_no_names(client_for: ClientFor, mette: User) -> None:
    cards, hirings = set_goal(Measure.CARDS), set_goal(Measure.HIRED)
    placement = make_placement(
        status=PlacementStatus.ENDED,
        starts_on=TODAY - timedelta(days=9),
        ended_on=TODAY,
        outcome=Outcome.HIRED,
    )
    card = make_card(created_at=NOW)
    client = client_for(mette)
    for goal, number in ((cards, card.number), (hirings, placement.card.number)):
        for url in (f"/goals/{goal.id}", f"/goals/{goal.id}?format=csv"):
            text = client.get(url).get_data(as_text=True)
            assert number in text
            assert "Amira" not in text
            assert "Haddad" not in text


def test_a_goal_without_records_says_so(client_for: ClientFor, karin: User) -> None:
    goal = set_goal(Measure.WOMEN_IN_WORK, 2021, 45)

    page = client_for(karin).get(f"/goals/{goal.id}").page

    assert page.select_one("#figure-list .empty-state")
    assert not page.select("#figure-table")


def test_the_leader_sets_a_goal(client_for: ClientFor, mette: User) -> None:
    client = client_for(mette)
    assert client.get("/goals/new").status_code == 200

    response = client.post(
        "/goals/new",
        {
            "measure": "hired",
            "year": "2026",
            "target": "12",
            "sentence": "12 skal ansættes.",
            "source": "Plan 2026",
        },
    )

    goal = db.session.scalars(sa.select(Goal)).one()
    assert (response.status_code, goal.target, goal.set_by_id) == (303, 12, mette.id)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("measure", "x"),
        ("year", "1999"),
        ("year", ""),
        ("target", "0"),
        ("target", "mange"),
        ("sentence", ""),
        ("source", ""),
    ],
)
def test_what_is_wrong_is_said_next_to_the_field(
    client_for: ClientFor, mette: User, field: str, value: str
) -> None:
    data = {
        "measure": "hired",
        "year": "2026",
        "target": "12",
        "sentence": "En sætning",
        "source": "En plan",
        field: value,
    }

    response = client_for(mette).post("/goals/new", data)

    assert response.status_code == 422
    assert response.page.select_one(f"#{field}-error")


def test_a_second_goal_for_the_year_is_refused(client_for: ClientFor, mette: User) -> None:
    set_goal(Measure.HIRED)
    data = {"measure": "hired", "year": "2026", "target": "12", "sentence": "En sætning", "source": "En plan"}

    assert client_for(mette).post("/goals/new", data).status_code == 409


def test_an_edit_that_came_too_late_keeps_what_was_typed(client_for: ClientFor, mette: User) -> None:
    goal = set_goal(Measure.HIRED)
    client = client_for(mette)
    data = {"target": "8", "sentence": "Otte", "source": "Plan", "version": "1"}
    assert client.post(f"/goals/{goal.id}/edit", data).status_code == 303

    late = client.post(f"/goals/{goal.id}/edit", {**data, "target": "9"})

    assert late.status_code == 409
    assert late.page.select_one("#target")["value"] == "9"  # type: ignore[index]
    assert late.page.select_one("[name=version]")["value"] == "2"  # type: ignore[index]


def test_only_the_leader_sets_goals(client_for: ClientFor, karin: User, lene: User) -> None:
    goal = set_goal(Measure.HIRED)

    assert client_for(karin).get("/goals/new").status_code == 403
    assert client_for(karin).post(f"/goals/{goal.id}/edit", {}).status_code == 403
    assert client_for(lene).get(f"/goals/{goal.id}").status_code == 404


def test_every_goal_exports_with_no_data_in_words(client_for: ClientFor, karin: User) -> None:
    set_goal(Measure.PARTNERSHIPS, 2019)

    text = client_for(karin).get("/goals/?format=csv").get_data(as_text=True)

    assert "2019;3;antal;ingen data" in text


def test_the_page_takes_few_statements(client_for: ClientFor, mette: User) -> None:
    for measure in Measure:
        for year in (2019, 2024, 2025, 2026):
            set_goal(measure, year)
    make_opening(employer := make_employer())
    make_partnership(employer)
    client = client_for(mette)

    with counted_statements(client.app) as statements:
        client.get("/goals/")

    assert len(statements) <= 12
