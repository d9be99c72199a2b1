"""The pages of partnerships, for Karin, Mette and strangers."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.base import events
from portal.base.database import db, transaction
from portal.loop.employers.models import Employer
from portal.loop.partnerships.models import Partnership
from portal.loop.placements.models import Placement, PlacementStatus
from portal.shared.accounts.models import User
from tests.client import PortalClient, counted_statements
from tests.factories import (
    NOW,
    TODAY,
    make_employer,
    make_opening,
    make_partnership,
    make_placement,
    owner_of,
)

ClientFor = Callable[[User | None], PortalClient]


@pytest.fixture
def three_standings(karin: User) -> dict[str, Partnership]:
    counts, nearly, gone = (
        make_employer(name) for name in ("Aftalens Køkken", "Byens Pleje", "Center Rengøring")
    )
    make_opening(counts)
    return {
        "counts": make_partnership(counts),
        "nearly": make_partnership(nearly),
        "no_longer": make_partnership(gone, ends_on=TODAY - timedelta(days=1)),
    }


def shown(page: object) -> list[str]:
    return [link.get_text(strip=True) for link in page.select("#partnership-table tbody a")]  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", ["counts", "nearly", "no_longer"])
def test_the_list_filters_by_how_each_stands_today(
    client_for: ClientFor, karin: User, three_standings: dict[str, Partnership], kind: str
) -> None:
    page = client_for(karin).get(f"/partnerships/?standing={kind}").page

    [link] = page.select("#partnership-table tbody a")
    assert link["href"] == f"/partnerships/{three_standings[kind].id}"


def test_the_list_sorts_searches_and_exports(
    client_for: ClientFor, karin: User, three_standings: dict[str, Partnership]
) -> None:
    client = client_for(karin)

    assert shown(client.get("/partnerships/?sort=employer&dir=desc").page)[0] == "Center Rengøring"
    assert shown(client.get("/partnerships/?q=pleje").page) == ["Byens Pleje"]
    assert "Byens Pleje" in client.get("/partnerships/?format=csv").get_data(as_text=True)


def test_the_fragment_is_the_pages_own_list(
    client_for: ClientFor, karin: User, three_standings: dict[str, Partnership]
) -> None:
    client = client_for(karin)
    page = client.get("/partnerships/?q=e").page
    fragment = client.get("/partnerships/?q=e", htmx=True).page

    assert str(page.select_one("#partnership-list")) == str(fragment.select_one("#partnership-list"))


def test_a_partnership_shows_its_four_conditions_and_its_events(
    client_for: ClientFor, mette: User, three_standings: dict[str, Partnership]
) -> None:
    page = client_for(mette).get(f"/partnerships/{three_standings['counts'].id}").page

    assert len(page.select("#condition-table tbody tr")) == 4
    assert len(page.select("#event-table tbody tr")) == 1


def test_signing_leads_to_the_partnership(client_for: ClientFor, karin: User) -> None:
    employer = make_employer()
    client = client_for(karin)
    assert client.get("/partnerships/new").page.select_one(f"option[value='{employer.id}']")

    response = client.post(
        "/partnerships/new",
        {
            "employer_id": employer.id,
            "signed_on": "18-11-2026",
            "consultant_id": karin.id,
            "note": "Praktik to gange om året",
        },
    )

    signed = db.session.scalars(sa.select(Partnership)).one()
    assert response.status_code == 303
    assert response.headers["Location"] == f"/partnerships/{signed.id}"


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"signed_on": "18-11-2026"}, "employer_id"),
        ({"employer_id": "x", "signed_on": "18-11-2026"}, "employer_id"),
        ({"signed_on": ""}, "signed_on"),
        ({"signed_on": "i går"}, "signed_on"),
        ({"note": "0101901234"}, "note"),
    ],
)
def test_what_is_wrong_is_said_next_to_the_field(
    client_for: ClientFor, karin: User, data: dict[str, str], field: str
) -> None:
    make_employer()

    response = client_for(karin).post("/partnerships/new", data)

    assert response.status_code == 422
    assert response.page.select_one(f"#{field}-error")


def test_a_second_agreement_is_refused_with_the_reason(client_for: ClientFor, karin: User) -> None:
    partnership = make_partnership(ends_on=TODAY + timedelta(days=40))
    data = {"employer_id": partnership.employer_id, "signed_on": "18-11-2026", "note": "Vi fortsætter"}

    response = client_for(karin).post("/partnerships/new", data)

    assert response.status_code == 409
    assert response.page.select_one("textarea").get_text(strip=True) == "Vi fortsætter"  # type: ignore[union-attr]


def test_naming_and_ending_come_back_to_the_page(client_for: ClientFor, karin: User, jonas: User) -> None:
    partnership = make_partnership()
    client = client_for(karin)

    named = client.post(
        f"/partnerships/{partnership.id}/consultant", {"consultant_id": jonas.id, "from_on": "2026-11-18"}
    )
    ended = client.post(f"/partnerships/{partnership.id}/end", {"ends_on": "2026-12-31"})
    again = client.post(f"/partnerships/{partnership.id}/end", {"ends_on": "2026-12-31"})

    assert (named.status_code, ended.status_code, again.status_code) == (303, 303, 409)


def test_strangers_find_nothing(client_for: ClientFor, karin: User, lene: User) -> None:
    partnership = make_partnership()
    lenes = client_for(lene)

    assert lenes.get(f"/partnerships/{partnership.id}").status_code == 404
    assert lenes.post(f"/partnerships/{partnership.id}/end", {"ends_on": "2026-12-31"}).status_code == 404
    assert client_for(owner_of(partnership.employer)).get("/partnerships/").status_code == 403


def test_the_leader_reads_and_does_not_sign(client_for: ClientFor, mette: User) -> None:
    partnership = make_partnership()
    client = client_for(mette)

    assert client.get(f"/partnerships/{partnership.id}").status_code == 200
    assert client.get("/partnerships/new").status_code == 403
    assert not client.get(f"/partnerships/{partnership.id}").page.select("form[action$='/end']")


def test_the_list_takes_few_statements(client_for: ClientFor, karin: User) -> None:
    for _number in range(4):
        make_opening(employer := make_employer())
        make_partnership(employer)
    client = client_for(karin)

    with counted_statements(client.app) as statements:
        client.get("/partnerships/")

    assert len(statements) <= 12


# --- Why a day was counted


def test_the_page_says_why_each_condition_holds(
    client_for: ClientFor, mette: User, three_standings: dict[str, Partnership]
) -> None:
    page = client_for(mette).get(f"/partnerships/{three_standings['counts'].id}").page

    reasons = [
        cell.get_text(" ", strip=True) for cell in page.select("#condition-table td[data-label=Hvorfor]")
    ]
    assert [any(word in reason for reason in reasons) for word in ("uden slutdato", "siden", "1 åbning", "Karin")] == [
        True
    ] * 4  # fmt: skip


def test_a_past_day_says_what_was_written_later(client_for: ClientFor, karin: User) -> None:
    employer = make_employer("Sent Skrevet")
    make_opening(employer, published_at=NOW - timedelta(days=90))
    partnership = make_partnership(
        employer, signed_on=TODAY - timedelta(days=80), created_at=NOW - timedelta(days=10)
    )
    client, url = client_for(karin), f"/partnerships/{partnership.id}?on="

    before = client.get(f"{url}{TODAY - timedelta(days=60)}").page
    after = client.get(f"{url}{TODAY - timedelta(days=5)}").page

    assert "skrevet i portalen senere" in before.get_text()
    assert "skrevet i portalen senere" not in after.get_text()
    assert before.select_one("#conditions h2") is not None


def test_what_changed_a_past_day_is_marked(client_for: ClientFor, karin: User) -> None:
    employer = make_employer()
    make_opening(employer, published_at=NOW - timedelta(days=90))
    partnership = make_partnership(
        employer, ends_on=TODAY - timedelta(days=50), end_recorded_at=NOW - timedelta(days=2)
    )

    page = client_for(karin).get(f"/partnerships/{partnership.id}?on={TODAY - timedelta(days=40)}").page

    [marked] = [row for row in page.select("#condition-table tbody tr") if "Skrevet senere" in row.get_text()]
    assert "Aftalen gælder" in marked.get_text()
    assert "Dengang talte partnerskabet." in page.get_text()


@pytest.mark.parametrize("asked", ["2026-11-19", "i morgen"])
def test_a_day_that_cannot_be_shown_is_said_beside_the_field(
    client_for: ClientFor, karin: User, asked: str
) -> None:
    partnership = make_partnership()

    response = client_for(karin).get(f"/partnerships/{partnership.id}?on={asked}")

    assert response.status_code == 200
    assert response.page.select_one("#on-error")


def test_the_day_is_shown_in_the_page_as_in_the_fragment(client_for: ClientFor, karin: User) -> None:
    partnership, client = make_partnership(), client_for(karin)
    url = f"/partnerships/{partnership.id}?on=2026-10-01"

    page, fragment = client.get(url).page, client.get(url, htmx=True).page

    assert str(page.select_one("#conditions")) == str(fragment.select_one("#conditions"))


def test_a_days_page_takes_few_statements(client_for: ClientFor, karin: User, app: Flask) -> None:
    partnership, client = make_partnership(), client_for(karin)
    client.get("/")
    with counted_statements(app) as statements:
        client.get(f"/partnerships/{partnership.id}?on=2026-10-01")

    assert len(statements) <= 12


def test_a_placement_of_somebody_erased_is_shown_without_a_way_to_it(
    client_for: ClientFor, karin: User
) -> None:
    placement = make_placement(status=PlacementStatus.RUNNING, starts_on=TODAY - timedelta(days=9))
    partnership = make_partnership(db.session.get_one(Employer, placement.employer_id))
    url, client = f"/partnerships/{partnership.id}", client_for(karin)
    assert client.get(url).page.select_one(f"#event-table a[href='/placements/{placement.id}']")

    with transaction():
        citizen = db.session.get_one(Placement, placement.id).card.citizen
        events.citizen_erasing.send(citizen, at=NOW, again=True)

    table = client.get(url).page.select_one("#event-table")
    assert table is not None
    assert len(table.select("tbody tr")) == 2
    assert not table.select("a[href*='/placements/']")
    assert "Virksomhedspraktik" in table.get_text()
