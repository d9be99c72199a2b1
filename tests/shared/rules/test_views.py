from collections.abc import Callable

from portal.shared.accounts.models import User
from tests.client import PortalClient, counted_statements

Clients = Callable[[User | None], PortalClient]


def test_rules_of_today_are_marked_and_found(client_for: Clients, mette: User) -> None:
    response = client_for(mette).get("/rules/?q=IGU&state=past")

    assert response.status_code == 200
    assert [
        row.select_one("td").get_text(strip=True) for row in response.page.select("#rule-table tbody tr")
    ] == [
        "IGU: alder, man skal være under ved start",
        "IGU: skoleundervisning",
    ]


def test_fragment_is_the_page_part(client_for: Clients, mette: User) -> None:
    client = client_for(mette)

    page = client.get("/rules/?q=ratio").page.select_one("#rule-list")
    fragment = client.get("/rules/?q=ratio", htmx=True).page.select_one("#rule-list")

    assert str(page) == str(fragment)


def test_nothing_found_says_so(client_for: Clients, mette: User) -> None:
    assert client_for(mette).get("/rules/?q=findesikke").page.select_one(".empty-state")


def test_rules_as_csv(client_for: Clients, mette: User) -> None:
    response = client_for(mette).get("/rules/?format=csv&q=13")

    assert response.mimetype == "text/csv"
    assert response.get_data(as_text=True).startswith("\ufeffRegel;Tal;Enhed")


def test_a_rule_of_yes_or_no_is_answered_in_words(client_for: Clients, mette: User) -> None:
    client = client_for(mette)

    cell = client.get("/rules/?q=igu-open").page.select_one("#rule-table td.number")
    export = client.get("/rules/?q=igu-open&format=csv").get_data(as_text=True)

    assert cell is not None
    assert cell.get_text(strip=True) == "ja"
    assert ";ja;;" in export


def test_strange_queries_are_answered(client_for: Clients, mette: User) -> None:
    client = client_for(mette)

    for query in ("state=%00", "sort=nope", "page=99999999999", "q=%25_%5C", "state=now&dir=up"):
        assert client.get(f"/rules/?{query}").status_code == 200


def test_employers_and_visitors_do_not_read_rules(client_for: Clients, visitor: PortalClient) -> None:
    assert visitor.get("/rules/").status_code == 303


def test_page_needs_few_statements(client_for: Clients, mette: User) -> None:
    client = client_for(mette)

    with counted_statements(client.app) as statements:
        client.get("/rules/")

    assert len(statements) <= 12
