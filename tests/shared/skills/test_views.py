from collections.abc import Callable

import pytest
import sqlalchemy as sa

from portal.base.database import db
from portal.shared.accounts.models import User
from portal.shared.skills.models import Skill
from tests.client import PortalClient, counted_statements

Clients = Callable[[User | None], PortalClient]


def test_a_skill_is_found_by_its_synonym(client_for: Clients, karin: User) -> None:
    page = client_for(karin).get("/skills/?q=snitte").page

    assert "skære og klargøre grøntsager" in page.select_one("#skill-table").get_text()


def test_filters_narrow_the_list(client_for: Clients, karin: User) -> None:
    client = client_for(karin)

    conditions = client.get("/skills/?category=stillingsbetingelse").page
    nothing = client.get("/skills/?area=havet").page

    assert conditions.select("#skill-table tbody tr")
    assert nothing.select_one(".empty-state")


def test_fragment_is_the_page_part(client_for: Clients, karin: User) -> None:
    client = client_for(karin)

    page = client.get("/skills/?area=pleje&sort=english").page.select_one("#skill-list")
    fragment = client.get("/skills/?area=pleje&sort=english", htmx=True).page.select_one("#skill-list")

    assert str(page) == str(fragment)


def test_vocabulary_as_csv_holds_every_skill(client_for: Clients, karin: User) -> None:
    lines = client_for(karin).get("/skills/?format=csv").get_data(as_text=True).splitlines()

    assert len(lines) == 1 + db.session.scalar(sa.select(sa.func.count(Skill.id)))


def test_page_needs_few_statements(client_for: Clients, karin: User) -> None:
    client = client_for(karin)

    with counted_statements(client.app) as statements:
        client.get("/skills/")

    assert len(statements) <= 12


def suggested(client: PortalClient, where: str, typed: str) -> list[str]:
    page = client.post(f"/skills/suggest/{where}", {"q": typed}, htmx=True).page
    return [option["data-phrase"] for option in page.select("#suggestions [role=option]")]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("gulvv", "gulvvask og mopning"),  # a synonym begins so
        ("snitte", "skære og klargøre grøntsager"),
        ("KØKKENHYG", "køkkenhygiejne"),
        ("koekkenhyg", "køkkenhygiejne"),
        ("mopning", "gulvvask og mopning"),  # a later word begins so
        ("gulvvaks", "gulvvask og mopning"),  # a guess
    ],
)
def test_what_one_types_finds_the_official_phrase(
    client_for: Clients, karin: User, typed: str, first: str
) -> None:
    assert suggested(client_for(karin), "opening", typed)[0] == first


def test_the_synonym_that_matched_is_shown(client_for: Clients, karin: User) -> None:
    page = client_for(karin).post("/skills/suggest/opening", {"q": "snitte"}, htmx=True).page

    assert "snitte grønt" in page.select_one("[role=option]").get_text()


@pytest.mark.parametrize("typed", ["", "g", " . ", "\x00", "x" * 100_000, "stemme xylofoner 7", "ikke gulv"])
def test_nothing_to_suggest_is_an_empty_list(client_for: Clients, karin: User, typed: str) -> None:
    assert suggested(client_for(karin), "opening", typed) == []


def test_each_skill_is_suggested_once_and_not_all_of_them(client_for: Clients, karin: User) -> None:
    found = suggested(client_for(karin), "opening", "re")

    assert len(found) == len(set(found)) == 8


def test_a_card_is_suggested_no_conditions_and_no_origin(client_for: Clients, karin: User) -> None:
    client = client_for(karin)

    assert suggested(client, "opening", "børneattest")
    assert not suggested(client, "card", "børneattest")
    assert "arabisk" in suggested(client, "opening", "arab")
    assert "arabisk" not in suggested(client, "card", "arab")


def test_suggestions_stand_on_a_page_of_their_own_as_well(client_for: Clients, karin: User) -> None:
    client, data = client_for(karin), {"q": "gulv"}

    page = client.post("/skills/suggest/opening", data).page.select_one("#suggestions")
    fragment = client.post("/skills/suggest/opening", data, htmx=True).page.select_one("#suggestions")

    assert str(page) == str(fragment)
