"""Karin chooses a team, and sees its work together with her own wherever a list asks whose."""

from collections.abc import Callable

import pytest
from flask import Flask

from portal.base import clock
from portal.shared.accounts.models import User
from portal.web.permissions import Role
from portal.web.whose import users_meant
from tests import factories
from tests.client import PortalClient, counted_statements
from tests.factories import TODAY, make_card, make_citizen, make_cover, make_match, make_task, make_team

ClientFor = Callable[[User | None], PortalClient]


@pytest.fixture
def asta(karin: User) -> User:
    return factories.make_user("Asta Lund", Role.CONSULTANT, email="asta@kommune.example")


def lines(client: PortalClient) -> list[str]:
    return [one.text for one in client.get("/").page.select(".agenda-text a")]


def shows(client: PortalClient) -> list[str]:
    return [one["value"] for one in client.get("/").page.select(".day-whose input[name=whose]")]


def test_a_team_is_chosen_once_and_remembered(
    client_for: ClientFor, karin: User, jonas: User, asta: User
) -> None:
    for one in (karin, jonas, asta):
        make_task(one, f"{one.name} skal")
    karins = client_for(karin)
    assert shows(karins) == ["all"]
    assert karins.get("/").page.select_one(".day-whose a[href='/team/']")
    names = [one.text.strip() for one in karins.get("/team/").page.select("main form label")]
    assert names == ["Asta Lund", "Jonas Friis"]

    assert karins.post("/team/", {"members": [str(jonas.id)] * 2}).status_code == 303, "he is one"
    assert shows(karins) == ["team", "all"]
    assert lines(karins) == ["Karin Holm skal"]
    karins.post("/desk/lines", {"whose": "team"})
    assert sorted(lines(karins)) == ["Jonas Friis skal", "Karin Holm skal"]
    assert "Du ser dit team: dig og 1 kollega." in karins.get("/").words
    assert shows(client_for(jonas)) == ["all"]

    karins.post("/desk/lines", {"whose": "hendes"})
    assert lines(karins) == ["Karin Holm skal"]
    karins.post("/desk/lines", {"whose": "team"})
    assert karins.post("/team/", {}).status_code == 303
    assert lines(karins) == ["Karin Holm skal"]
    assert shows(karins) == ["all"]


@pytest.mark.parametrize("whose", ["mine", "team", "all"])
def test_a_day_costs_few_statements_whoever_it_shows(
    app: Flask, client_for: ClientFor, karin: User, jonas: User, whose: str
) -> None:
    make_team(karin, jonas)
    make_task(jonas)
    factories.make_placement()
    karins = client_for(karin)
    karins.post("/desk/lines", {"whose": whose})

    with counted_statements(app) as statements:
        assert karins.get("/").status_code == 200

    assert len(statements) <= 12


def test_nobody_of_another_municipality_is_on_a_team(client_for: ClientFor, karin: User, lene: User) -> None:
    for wrong in (lene, karin):
        assert client_for(karin).post("/team/", {"members": [str(wrong.id)]}).status_code == 422
    assert users_meant(karin, "team", TODAY) == {karin.id}


def test_a_team_looks_after_the_cases_of_who_is_away(karin: User, jonas: User, asta: User) -> None:
    make_team(karin, jonas)
    make_cover(asta, jonas)

    today = clock.today()
    assert users_meant(karin, "mine", today) == {karin.id}
    assert users_meant(karin, "team", today) == {karin.id, jonas.id, asta.id}
    assert users_meant(karin, "all", today) is None
    assert users_meant(karin, "x", today) == frozenset()


def test_every_list_asks_whose_in_one_way(
    client_for: ClientFor, karin: User, jonas: User, asta: User
) -> None:
    for number, one in enumerate((karin, jonas, asta)):
        card = make_card(make_citizen(f"Borger {number}", consultant_id=one.id))
        make_match(card=card)
        make_task(one, f"Opgave {number}")
        factories.make_employer_contact(factories.make_employer(f"Firma {number}"), written_by_id=one.id)
    karins = client_for(karin)
    lists = {
        "/citizens/?consultant=": "main tbody tr",
        "/reviews/?whose=": ".desk-row",
        "/tasks/?whose=": "#task-table tbody tr",
        "/contacts/?whose=": "#contact-table tbody tr",
        "/meetings/?whose=": ".choice-grid li",
    }

    def counts(whose: str) -> dict[str, int]:
        return {url: len(karins.get(url + whose).page.select(rows)) for url, rows in lists.items()}

    assert not any(karins.get(url).page.select("option[value=team]") for url in lists)
    make_team(karin, jonas)
    assert all(karins.get(url).page.select("option[value=team]") for url in lists)
    assert counts("mine") == dict.fromkeys(lists, 1)
    assert counts("team") == dict.fromkeys(lists, 2)
    assert counts("all") == dict.fromkeys(lists, 3)
