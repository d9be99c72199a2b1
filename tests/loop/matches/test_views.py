"""The suggestions of an opening and of a card, and what nearly fits."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.base.database import db, transaction
from portal.loop.matches import services
from portal.loop.matches.models import Match
from portal.loop.openings.models import Opening
from portal.shared.accounts.models import User
from portal.shared.audit.models import AuditEntry
from tests.client import PortalClient, PortalResponse, counted_statements
from tests.factories import NOW, make_card, make_citizen, make_employer, make_opening, owner_of

ClientFor = Callable[[User | None], PortalClient]


@pytest.fixture
def opening(app: Flask) -> Opening:
    """Shared with the neighbours, and suggested to one citizen in each municipality."""
    make_card(make_citizen("Amira"))
    make_card(make_citizen("Selam", in_municipality="Fredensborg"))
    made = make_opening(visible_to_neighbours=True)
    with transaction():
        services.renew_for_opening(db.session.merge(made), at=NOW)
    return made


def matches() -> list[Match]:
    return list(db.session.scalars(sa.select(Match).order_by(Match.id)))


def test_the_openings_municipality_sees_its_own_and_the_number_of_the_others(
    client_for: ClientFor, karin: User, opening: Opening
) -> None:
    own, other = sorted(matches(), key=lambda match: match.municipality_id != karin.municipality_id)

    answer = client_for(karin).get(f"/matches/opening/{opening.id}")

    assert answer.page.select_one(f"a[href='/reviews/match/{own.id}']")
    assert other.card.number not in answer.words
    assert "1 forslag, som andre kommuner vurderer" in answer.words
    assert "Amira" not in answer.words


def test_a_neighbour_sees_her_own_citizens_suggestions(
    client_for: ClientFor, lene: User, opening: Opening
) -> None:
    answer = client_for(lene).get(f"/matches/opening/{opening.id}")

    assert len(answer.page.select("#match-list .suggestion")) == 1


def test_an_opening_that_is_not_shared_is_not_there_for_the_neighbour(
    client_for: ClientFor, lene: User
) -> None:
    hidden = make_opening()

    assert client_for(lene).get(f"/matches/opening/{hidden.id}").status_code == 404
    assert client_for(lene).get(f"/matches/opening/{hidden.id}/near-misses").status_code == 404


def test_a_strangers_card_is_not_there(client_for: ClientFor, lene: User) -> None:
    card = make_card()

    assert client_for(lene).get(f"/matches/card/{card.id}").status_code == 404


def region(answer: PortalResponse, selector: str) -> str:
    """A region as a reader sees it: every rendering has tokens of its own."""
    [found] = answer.page.select(selector)
    for token in found.select("input[name=form_id], input[name=csrf_token]"):
        token.decompose()
    return str(found)


@pytest.mark.parametrize("query", ["", "?status=closed", "?sort=newest", "?status=nonsense"])
@pytest.mark.parametrize("side", ["opening", "card"])
def test_page_and_fragment_are_the_same(
    client_for: ClientFor, karin: User, opening: Opening, side: str, query: str
) -> None:
    record = opening.id if side == "opening" else matches()[0].card_id
    client = client_for(karin)

    page = client.get(f"/matches/{side}/{record}{query}")
    fragment = client.get(f"/matches/{side}/{record}{query}", htmx=True)

    assert region(page, "#match-list") == region(fragment, "#match-list")


@pytest.mark.parametrize("side", ["opening", "card"])
def test_the_best_few_are_a_page_and_the_part_another_page_takes_in(
    client_for: ClientFor, karin: User, opening: Opening, side: str
) -> None:
    match = matches()[0]
    record = opening.id if side == "opening" else match.card_id
    client = client_for(karin)

    page = client.get(f"/matches/{side}/{record}/best")
    fragment = client.get(f"/matches/{side}/{record}/best", htmx=True)

    assert region(page, "#best-matches") == region(fragment, "#best-matches")
    assert page.page.select_one(f"#suggestion-{match.id}")
    assert page.page.select_one(f"#best-matches a[href='/matches/{side}/{record}']")
    detail = client.get(f"/{side}s/{record}").page
    assert detail.select_one(f"[hx-get='/matches/{side}/{record}/best'][href='/matches/{side}/{record}']")


def test_a_cards_suggestions_are_explained_and_logged(
    client_for: ClientFor, karin: User, opening: Opening
) -> None:
    match = matches()[0]

    answer = client_for(karin).get(f"/matches/card/{match.card_id}")

    assert "Har skære og klargøre grøntsager" in answer.words
    assert "selvstændigt, borgerens egne ord i august 2026" in answer.words
    assert "Spørg om køkkenhygiejne. Et ja løfter scoren fra 75 til 100" in answer.words
    [line] = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "matches-listed"))
    assert line.citizen_id == match.card.citizen_id


def test_suggestions_as_csv(client_for: ClientFor, karin: User, opening: Opening) -> None:
    answer = client_for(karin).get(f"/matches/opening/{opening.id}?format=csv")

    assert answer.mimetype == "text/csv"
    assert "K-" in answer.get_data(as_text=True)


def test_more_suggestions_cost_no_more_statements(
    app: Flask, client_for: ClientFor, karin: User, opening: Opening
) -> None:
    client, url = client_for(karin), f"/matches/opening/{opening.id}"
    with counted_statements(app) as few:
        client.get(url)
    for number in range(5):
        make_card(make_citizen(f"B{number}"))
    with transaction():
        services.renew_for_opening(db.session.merge(opening), at=NOW)

    with counted_statements(app) as many:
        client.get(url)

    assert len(many) == len(few) <= 12


def test_near_misses_name_the_one_condition(client_for: ClientFor, karin: User, opening: Opening) -> None:
    far = make_card(make_citizen("Far"), postcode="9990", range_km=10)
    make_card(make_citizen("Both"), postcode="9990", range_km=10, hours_max=10.0)

    answer = client_for(karin).get(f"/matches/opening/{opening.id}/near-misses")

    rows = answer.page.select("#near-miss-list tbody tr")
    assert len(rows) == 1
    assert far.number in rows[0].get_text()
    assert "Afstand" in rows[0].get_text()


def test_employers_read_no_suggestions(client_for: ClientFor) -> None:
    employer = make_employer()
    place = make_opening(employer)

    assert client_for(owner_of(employer)).get(f"/matches/opening/{place.id}").status_code == 403
