"""A year of the cooperation on one sheet: what it says, and whom it names to whom."""

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO

import pypdf
import pytest
import sqlalchemy as sa

from portal.base.database import db, transaction
from portal.loop.employers.models import Employer
from portal.loop.employers.services import set_passive
from portal.loop.placements.models import Outcome, PlacementStatus
from portal.shared.accounts.models import User
from portal.shared.audit.models import AuditPerson
from tests.client import PortalClient
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
    owner_of,
)

Clients = Callable[[User | None], PortalClient]


@pytest.fixture
def bos(app: object) -> Employer:
    """Amira works here now, Selam came and was hired, and somebody was here the year before."""
    employer = make_employer("Bos Køkken", owner="Bo")
    opening = make_opening(employer, title="Hjælp i køkkenet", places=5)
    spells = (
        ("Amira", {"status": PlacementStatus.RUNNING, "starts_on": TODAY - timedelta(days=13)}),
        ("Selam", _ended(date(2026, 3, 2), date(2026, 3, 29), Outcome.HIRED)),
        ("Hodan", _ended(date(2025, 3, 3), date(2025, 3, 30), Outcome.COMPLETED)),
    )
    for name, values in spells:
        card = make_card(make_citizen(name))
        make_placement(make_review(make_match(opening, card)), **values)
    return employer


def _ended(first: date, last: date, outcome: Outcome) -> dict[str, object]:
    return {
        "status": PlacementStatus.ENDED,
        "starts_on": first,
        "ends_on": last,
        "ended_on": last,
        "outcome": outcome,
    }


def paper(client: PortalClient, url: str) -> str:
    answer = client.get(url)
    assert answer.mimetype == "application/pdf", answer.status_code
    [page] = pypdf.PdfReader(BytesIO(answer.get_data())).pages
    return page.extract_text()


def test_the_consultant_reads_who_how_long_and_what_it_led_to(
    client_for: Clients, karin: User, bos: Employer
) -> None:
    client = client_for(karin)
    link = client.get(f"/employer-pages/{bos.id}").page.select_one("a[href*='year.pdf?year=2026']")

    said = paper(client, str(link["href"]))  # type: ignore[index]

    for words in (
        "Samarbejdet i 2026",
        "Bos Køkken",
        "Amira",
        "Selam",
        "Ansat i virksomheden: 1",
        "I gang: 1",
    ):
        assert words in said
    assert "Hodan" not in said


def test_names_stand_only_where_the_reader_may_know_them(
    client_for: Clients, mette: User, bos: Employer
) -> None:
    leaders = paper(client_for(mette), f"/employer-pages/{bos.id}/year.pdf")
    own = paper(client_for(owner_of(bos)), "/employer-pages/own/year.pdf")

    assert "Selam" not in leaders
    assert "Amira" not in leaders
    assert leaders.count("En person") == 2
    assert "Amira" in own, "she works there now"
    assert "Selam" not in own, "the time of her name is over"


def test_while_it_is_passive_an_employer_reads_numbers_alone(
    client_for: Clients, karin: User, bos: Employer
) -> None:
    with transaction():
        set_passive(db.session.get_one(Employer, bos.id), by=karin, at=NOW)

    own = paper(client_for(owner_of(bos)), "/employer-pages/own/year.pdf")

    assert "Ansat i virksomheden: 1" in own
    assert "Hjælp i køkkenet" not in own
    assert "En person" not in own


def test_whoever_is_named_has_been_seen(client_for: Clients, karin: User, bos: Employer) -> None:
    paper(client_for(karin), f"/employer-pages/{bos.id}/year.pdf")

    assert db.session.scalar(sa.select(sa.func.count()).select_from(AuditPerson)) == 2


@pytest.mark.parametrize("year", ["2019", "x", "2027"])
def test_a_year_without_the_employer_is_no_page(
    client_for: Clients, karin: User, bos: Employer, year: str
) -> None:
    assert client_for(karin).get(f"/employer-pages/{bos.id}/year.pdf?year={year}").status_code == 404
