import csv
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest

from portal.base.database import db, transaction
from portal.shared.accounts.models import User
from portal.shared.rules.book import DatedNumber, Numbers
from portal.shared.rules.certainty import Certainty
from portal.shared.rules.meanings import meaning, not_found
from portal.shared.rules.models import Rule, RuleStanding
from portal.shared.rules.services import RuleDetails
from portal.shared.rules.strictness import REFERENCE_FILE, reference_rows
from tests import factories
from tests.client import PortalClient, counted_statements
from tests.factories import TODAY

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


def keys(file: str) -> list[str]:
    with (REFERENCE_FILE.parent / file).open(encoding="utf-8", newline="") as found:
        return [row["key"] for row in csv.DictReader(found)]


def test_every_rule_says_what_it_means_for_somebody_who_plans() -> None:
    assert sorted(keys("meanings.csv")) == sorted({row["key"] for row in reference_rows()})
    assert all(meaning(key).endswith(".") for key in keys("meanings.csv"))


def test_no_rule_speaks_of_a_project_where_a_municipality_must_act() -> None:
    said = " ".join(" ".join(row.values()) for row in reference_rows())

    assert "rojekt" not in said


def test_what_a_rule_means_is_said_first_and_found(client_for: Clients, karin: User) -> None:
    client = client_for(karin)

    found = client.get("/rules/?q=bosat+i+danmark&state=now").page.select("#rule-table tbody tr a")
    words = client.get("/rules/?q=STÅ+I+VITAS").page.select("#rule-table tbody tr a")
    (rule,) = [one for one in words if one.get_text() == "IGU: aftalen er i VITAS inden"]
    page = client.get(str(rule["href"])).page

    assert found == []
    lead = page.select_one("h1 + p")
    assert lead is not None
    assert lead.get_text().startswith("Aftalen skal stå i VITAS senest")


@pytest.mark.parametrize(
    ("state", "titles"),
    [
        ("now", {"Praktik i dag", "Kommunens egen"}),
        ("later", {"Praktik senere"}),
        ("past", {"Praktik før"}),
        ("own", {"Kommunens egen"}),
        ("waiting", {"Praktik venter"}),
        ("unread", {"Praktik senere"}),
        ("set-aside", {"Praktik afvist", "Praktik rettet"}),
        ("nonsense", None),
    ],
)
def test_a_filter_shows_what_it_says(
    client_for: Clients, mette: User, state: str, titles: set[str] | None
) -> None:
    """One row of each kind, of a rule of the tests' own."""
    law = factories.rule("praktik-weeks")
    kept = {name: getattr(law, name) for name in RuleDetails.__dataclass_fields__} | {"key": "of-the-tests"}
    week = timedelta(days=7)
    with transaction():
        for title, first, last, more in (
            ("Praktik før", TODAY - 9 * week, TODAY - 8 * week, {}),
            ("Praktik i dag", TODAY - week, TODAY, {}),
            ("Praktik senere", TODAY + week, None, {"certainty": Certainty.PARTLY}),
            ("Praktik venter", TODAY - week, None, {"standing": RuleStanding.WAITING}),
            ("Praktik afvist", TODAY - week, None, {"standing": RuleStanding.REFUSED}),
            ("Praktik rettet", TODAY - week, None, {"standing": RuleStanding.REPLACED}),
            ("Kommunens egen", TODAY - week, None, {"municipality_id": mette.municipality_id}),
        ):
            db.session.add(Rule(**kept | {"title": title, "valid_from": first, "valid_to": last} | more))

    rows = client_for(mette).get(f"/rules/?q=of-the-tests&state={state}").page.select("#rule-table tbody tr")

    found = {row.select_one("a").get_text() for row in rows}  # type: ignore[union-attr]
    assert found == titles if titles is not None else len(found) == 7


def test_what_could_not_be_read_is_listed_with_what_to_do(client_for: Clients, karin: User) -> None:
    client = client_for(karin)

    link = client.get("/rules/").page.select_one(".page-head-actions a")
    assert link is not None
    page = client.get(str(link["href"])).page
    searched = client.get("/rules/not-read?q=fuldtidsuge").page
    nothing = client.get("/rules/not-read?q=findesikke").page

    subjects = [row.select_one("td").get_text() for row in page.select("#not-found-table tbody tr")]  # type: ignore[union-attr]
    assert len(subjects) == len(not_found()) >= 9
    assert all(one.subject and one.missing and one.do for one in not_found())
    tags = {tag.get_text(strip=True) for tag in page.select("#not-read-table .status-tag")}
    assert tags <= {"Delvist kontrolleret", "Skal bekræftes"}
    (row,) = searched.select("#not-read-table tbody tr")
    assert "Skal bekræftes" in row.get_text()
    assert "tallet og kilden" in searched.select_one("main").get_text()
    assert nothing.select_one(".empty-state")
    assert client.get("/rules/not-read?format=csv").mimetype == "text/csv"


def test_the_fragment_of_what_is_not_read_is_the_page_part(client_for: Clients, karin: User) -> None:
    client = client_for(karin)

    page = client.get("/rules/not-read?q=unge").page.select_one("#not-read-list")
    fragment = client.get("/rules/not-read?q=unge", htmx=True).page.select_one("#not-read-list")

    assert str(page) == str(fragment)


@pytest.mark.parametrize(
    ("certainty", "said"),
    [
        (Certainty.READ, "LAB § 61"),
        (Certainty.PARTLY, "LAB § 61 (delvist kontrolleret)"),
        (Certainty.UNVERIFIED, "LAB § 61 (skal bekræftes)"),
    ],
)
def test_how_far_it_was_read_is_said_wherever_the_rule_speaks(certainty: Certainty, said: str) -> None:
    row = DatedNumber("praktik-weeks", Decimal(13), TODAY, None, "LAB § 61", certainty)

    assert Numbers(TODAY, [row]).reference("praktik-weeks") == said
