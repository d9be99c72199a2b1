from collections.abc import Callable

from portal.accounts.models import User
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

    assert len(lines) == 155


def test_page_needs_few_statements(client_for: Clients, karin: User) -> None:
    client = client_for(karin)

    with counted_statements(client.app) as statements:
        client.get("/skills/")

    assert len(statements) <= 12
