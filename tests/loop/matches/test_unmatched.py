"""The two queues of the unmatched: who stands in them, since when, and what would help most."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from portal.loop.matches import outlooks
from portal.loop.matches.models import MatchStatus
from portal.loop.matches.unmatched import DECIDED_LATELY
from portal.loop.openings.models import OpeningStatus
from portal.loop.placements.models import Outcome, PlacementStatus
from portal.shared.accounts.models import User
from tests.client import PortalClient, counted_statements
from tests.factories import (
    NOW,
    TODAY,
    make_card,
    make_citizen,
    make_employer,
    make_match,
    make_opening,
    make_placement,
    make_review,
    municipality,
)

ClientFor = Callable[[User | None], PortalClient]
LATELY = NOW - DECIDED_LATELY
PAGES = {"cards": "#unmatched-card-list", "openings": "#unmatched-opening-list"}


def listed(client: PortalClient, queue: str, query: str = "") -> list[str]:
    """The cards' numbers or the openings' titles, as they stand."""
    rows = client.get(f"/matches/unmatched/{queue}{query}").page.select("#unmatched-table tbody tr")
    link = "a[href^='/cards/'], a[href^='/openings/']"
    return [row.select_one(link).get_text(strip=True) for row in rows]


@pytest.mark.parametrize(
    ("match", "is_forgotten"),
    [
        (None, True),
        ({"sure": 59.9}, True),
        ({"sure": 60.0}, False),
        ({"sure": 95.0, "status": MatchStatus.CLOSED, "closed_reason": "better-found"}, True),
        ({"sure": 95.0, "status": MatchStatus.DECIDED, "renewed_at": LATELY}, False),
        ({"sure": 95.0, "status": MatchStatus.DECIDED, "renewed_at": LATELY - timedelta(seconds=1)}, True),
    ],
)
def test_a_good_match_or_a_recent_decision_takes_both_sides_out(
    client_for: ClientFor, karin: User, match: dict[str, Any] | None, is_forgotten: bool
) -> None:
    opening, card = make_opening(), make_card()
    if match is not None:
        make_match(opening, card, possible=100.0, **match)
    client = client_for(karin)

    assert listed(client, "cards") == ([card.number] if is_forgotten else [])
    assert listed(client, "openings") == ([opening.title] if is_forgotten else [])


@pytest.mark.parametrize(
    ("status", "is_forgotten"),
    [
        (PlacementStatus.PLANNED, False),
        (PlacementStatus.RUNNING, False),
        (PlacementStatus.ENDED, True),
        (PlacementStatus.CANCELLED, True),
    ],
)
def test_who_is_at_work_is_not_forgotten(
    client_for: ClientFor, karin: User, status: PlacementStatus, is_forgotten: bool
) -> None:
    card = make_card()
    match = make_match(make_opening(places=2), card, renewed_at=NOW - timedelta(days=90))
    ended = {"ended_on": TODAY, "outcome": Outcome.COMPLETED} if status is PlacementStatus.ENDED else {}
    make_placement(make_review(match), status=status, **ended)

    assert listed(client_for(karin), "cards") == ([card.number] if is_forgotten else [])


@pytest.mark.parametrize(
    "values",
    [
        {"status": OpeningStatus.DRAFT},
        {"status": OpeningStatus.WITHDRAWN},
        {"status": OpeningStatus.FILLED, "filled": 1},
        {"expires_on": TODAY - timedelta(days=1)},
    ],
)
def test_an_opening_that_takes_nobody_waits_for_nobody(
    client_for: ClientFor, karin: User, values: dict[str, Any]
) -> None:
    make_opening(**values)

    assert listed(client_for(karin), "openings") == []


def test_each_municipality_has_its_own_forgotten(client_for: ClientFor, karin: User, lene: User) -> None:
    make_card()
    make_opening(make_employer(in_municipality="Fredensborg"), visible_to_neighbours=True)

    assert listed(client_for(lene), "cards") == []
    assert listed(client_for(karin), "openings") == []
    assert len(listed(client_for(lene), "openings")) == 1


def test_a_passive_card_is_not_forgotten(client_for: ClientFor, karin: User) -> None:
    make_card(is_active=False)

    assert listed(client_for(karin), "cards") == []


def test_the_longest_wait_stands_first_and_begins_anew_with_a_decision(
    client_for: ClientFor, karin: User
) -> None:
    old = make_card(make_citizen("Old"), created_at=NOW - timedelta(days=300))
    decided = make_card(make_citizen("Decided"), created_at=NOW - timedelta(days=900))
    new = make_card(make_citizen("New"), created_at=NOW - timedelta(days=3))
    make_match(make_opening(), decided, status=MatchStatus.DECIDED, renewed_at=NOW - timedelta(days=40))
    client = client_for(karin)

    assert listed(client, "cards") == [old.number, decided.number, new.number]
    assert listed(client, "cards", "?sort=waiting&dir=desc") == [new.number, decided.number, old.number]
    assert listed(client, "cards", "?sort=number") == [old.number, decided.number, new.number]
    assert "40 dage" in client.get("/matches/unmatched/cards").words


def test_the_step_that_brings_most_is_named_and_sorted_by(client_for: ClientFor, karin: User) -> None:
    hard = make_opening(title="Kræver dansk", danish_speaking=3)
    make_opening(title="Kræver alt", danish_speaking=4, hours_per_week=37.0)
    for name in ("Amira", "Selam"):
        make_card(make_citizen(name), danish_speaking=2)
    outlooks.renew_all(municipality().id, at=NOW)
    client = client_for(karin)

    page = client.get("/matches/unmatched/openings")

    assert "Tale dansk: B1 → A2: 2 borgere, 2 som godt match" in page.words
    assert "Der skal mere end én ændring til" in page.words
    assert page.page.select_one(f"a[href='/matches/opening/{hard.id}/near-misses']")
    assert listed(client, "openings", "?sort=gain&dir=desc") == ["Kræver dansk", "Kræver alt"]
    file = client.get("/matches/unmatched/openings?format=csv").get_data(as_text=True)
    assert "Tale dansk: B1 → A2;2;2" in file


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?q=kant", ["Kantine"]),
        ("?q=FJORD", ["Plejehjem"]),
        ("?industry=pleje", ["Plejehjem"]),
        ("?industry=x", []),
    ],
)
def test_openings_are_searched_and_filtered(
    client_for: ClientFor, karin: User, query: str, expected: list[str]
) -> None:
    make_opening(title="Kantine")
    make_opening(make_employer("Fjordhjemmet", industry="pleje"), title="Plejehjem")

    assert listed(client_for(karin), "openings", query) == expected


def test_cards_are_searched_by_number_and_filtered_by_wish(client_for: ClientFor, karin: User) -> None:
    kitchen = make_card(make_citizen("Amira"))
    care = make_card(make_citizen("Selam"), wishes=["pleje"])
    anything = make_card(make_citizen("Hodan"), wishes=[])
    client = client_for(karin)

    assert listed(client, "cards", f"?q={kitchen.number.lower()}") == [kitchen.number]
    assert listed(client, "cards", "?industry=pleje") == [care.number, anything.number]
    assert listed(client, "cards", "?industry=x") == []
    assert "Amira" in client.get("/matches/unmatched/cards").words


@pytest.mark.parametrize("queue", PAGES)
@pytest.mark.parametrize("query", ["", "?sort=gain", "?q=nothing"])
def test_page_and_fragment_are_the_same(client_for: ClientFor, karin: User, queue: str, query: str) -> None:
    make_opening(danish_speaking=3)
    make_card(danish_speaking=2)
    client, selector = client_for(karin), PAGES[queue]

    page = client.get(f"/matches/unmatched/{queue}{query}").page
    fragment = client.get(f"/matches/unmatched/{queue}{query}", htmx=True).page

    assert page.select_one(selector) == fragment.select_one(selector)
    assert page.select_one(".nav-list [aria-current]")["href"] == "/matches/unmatched/cards"


@pytest.mark.parametrize("queue", PAGES)
def test_nobody_forgotten_is_said_so(client_for: ClientFor, karin: User, queue: str) -> None:
    assert "Ingen er glemt" in client_for(karin).get(f"/matches/unmatched/{queue}").words


@pytest.mark.parametrize("queue", PAGES)
def test_more_rows_cost_no_more_statements(
    app: Flask, client_for: ClientFor, karin: User, queue: str
) -> None:
    def count() -> int:
        with counted_statements(app) as seen:
            client.get(f"/matches/unmatched/{queue}")
        return len(seen)

    make_opening(danish_speaking=3)
    make_card(make_citizen("Amira"), danish_speaking=2)
    client = client_for(karin)
    few = count()
    for number in range(5):
        make_opening(danish_speaking=3)
        make_card(make_citizen(f"B{number}"), danish_speaking=2)
    outlooks.renew_all(municipality().id, at=NOW)

    assert count() == few <= 12


def test_the_front_page_counts_what_the_lists_hold(client_for: ClientFor, karin: User) -> None:
    make_opening()
    for name in ("Amira", "Selam"):
        make_card(make_citizen(name))
    page = client_for(karin).get("/").page

    figures = {
        str(link["href"]): link.find(string=True, recursive=False) for link in page.select(".figure-tile a")
    }
    assert figures["/matches/unmatched/cards"] == "2"
    assert figures["/matches/unmatched/openings"] == "1"
