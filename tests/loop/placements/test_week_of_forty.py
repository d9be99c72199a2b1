"""The full week of the law becomes 40 hours: nothing in the portal still knows it as 37."""

import csv
import io
from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa

from portal.base.database import db
from portal.base.terms import PlacementForm
from portal.loop.openings.models import Opening
from portal.loop.placements.models import Placement
from portal.loop.reviews.models import Answer
from portal.shared.accounts.models import User
from portal.workspaces.imports.models import ImportKind
from tests import factories
from tests.client import PortalClient
from tests.factories import TODAY
from tests.workspaces.imports.test_services import CARDS, EMPLOYERS, OPENINGS, employer, load

ClientFor = Callable[[User | None], PortalClient]
PLAN = {
    "form": "praktik",
    "starts_on": "2026-11-23",
    "ends_on": "2026-12-20",
    "act": "lab",
    "readiness": "other",
}


@pytest.fixture
def week_of_forty(app: object) -> None:
    for key in ("full-time-hours", "praktik-hours-most"):
        factories.put_number(key, "40", TODAY, municipality_id=None)


@pytest.mark.both_engines
@pytest.mark.usefixtures("week_of_forty")
def test_forty_hours_are_planned_stored_shown_and_exported(client_for: ClientFor, karin: User) -> None:
    opening = factories.make_opening(hours_per_week=40.0)
    review = factories.make_review(
        factories.make_match(opening), citizen_answer=Answer.YES, employer_answer=Answer.YES
    )
    client = client_for(karin)
    url = f"/placements/plan/{review.id}"

    more = client.post(url, {**PLAN, "hours_per_week": "40,5"})
    planned = client.post(url, {**PLAN, "hours_per_week": "40"})

    assert (more.status_code, planned.status_code) == (409, 303)
    assert "40" in more.page.select_one(".finding-stop").get_text()
    placement = db.session.scalars(sa.select(Placement)).one()
    assert (placement.hours_per_week, placement.findings) == (40.0, [])
    shown = {
        fact.select_one("dt").get_text(): fact.select_one("dd").get_text(strip=True)
        for fact in client.get(f"/placements/{placement.id}").page.select(".fact")
    }
    assert shown["Timer om ugen"] == "40"
    (row,) = csv.DictReader(
        io.StringIO(client.get("/placements/?format=csv").get_data(as_text=True)), delimiter=";"
    )
    assert float(row["Timer om ugen"].replace(",", ".")) == 40.0


@pytest.mark.both_engines
@pytest.mark.usefixtures("week_of_forty")
def test_a_card_and_files_hold_forty_hours_too(client_for: ClientFor, karin: User) -> None:
    load(ImportKind.EMPLOYERS, EMPLOYERS + employer())
    start = date(2027, 1, 4).isoformat()
    row = f"13748136;1012345678;Hele ugen;{PlacementForm.REGULAR_JOB.label};40;{start};;;;\n"
    assert load(ImportKind.OPENINGS, OPENINGS + row).new == 1
    assert load(ImportKind.CARDS, CARDS.replace("Mål", "Timer") + "26/9;Nadia;Sayed;;;;30-40\n").new == 1

    assert db.session.scalars(sa.select(Opening.hours_per_week)).one() == 40.0
    card = factories.make_card()
    typed = {"hours_min": "30", "hours_max": "40", "version": str(card.version)}
    assert client_for(karin).post(f"/cards/{card.id}/edit", typed).status_code == 303
    db.session.refresh(card)
    assert (card.hours_min, card.hours_max) == (30.0, 40.0)
