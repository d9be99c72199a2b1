"""Samarbejdsgrad, employer by employer: counted by both, only here, only there, and why."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from portal.base.database import db
from portal.base.terms import PlacementForm
from portal.ledger.comparison.cooperation import Cooperation, CountedBy, cooperation
from portal.ledger.comparison.models import OutsideTopic
from portal.loop.citizens.models import Citizen
from portal.loop.employers.models import Employer
from portal.loop.placements.models import Outcome, Placement, PlacementStatus
from portal.loop.reviews.models import Answer
from portal.shared.accounts.models import User
from tests.client import PortalClient, counted_statements
from tests.factories import (
    TODAY,
    make_employer,
    make_match,
    make_opening,
    make_outside_figure,
    make_partnership,
    make_placement,
    make_review,
    municipality,
)
from tests.support.erasing import erase

pytestmark = pytest.mark.both_engines

ClientFor = Callable[[User | None], PortalClient]


def placed(employer: Employer, form: PlacementForm = PlacementForm.PRAKTIK, **values: Any) -> Placement:
    opening = make_opening(employer, form=form)
    review = make_review(make_match(opening), citizen_answer=Answer.YES, employer_answer=Answer.YES)
    return make_placement(
        review,
        **{
            "status": PlacementStatus.RUNNING,
            "starts_on": TODAY - timedelta(days=10),
            "ends_on": TODAY + timedelta(days=10),
            **values,
        },
    )


def this_year() -> Cooperation:
    return cooperation(municipality().id, date(2026, 1, 1), TODAY)


def told(found: Cooperation) -> dict[str, tuple[CountedBy, str, str]]:
    return {one.name: (one.side, one.ours, one.national) for one in found.employers}


def test_both_count_an_agreement_with_a_praktik(app: Flask) -> None:
    placed(employer := make_employer("Begge"))
    placed(employer)
    make_partnership(employer)

    found = this_year()

    assert told(found) == {"Begge": (CountedBy.BOTH, "Tæller som fast samarbejde.", "Virksomhedspraktik: 2")}
    assert (found.ours, found.national) == (1, 1)


def test_only_here_counts_what_had_none_of_the_named_contacts(app: Flask) -> None:
    placed(kinds := make_employer("Kun timer"), PlacementForm.REGULAR_JOB)
    placed(kinds, PlacementForm.IGU)
    make_opening(quiet := make_employer("Kun åbning"))
    for employer in (kinds, quiet):
        make_partnership(employer)

    found = told(this_year())

    assert found["Kun åbning"] == (CountedBy.HERE, "Tæller som fast samarbejde.", "Intet forløb i tiden.")
    assert found["Kun timer"][2] == "Tæller ikke med: IGU, Ordinære timer."


def test_only_there_counts_what_lacks_an_agreement_or_another_condition(app: Flask) -> None:
    placed(make_employer("Uden aftale"), PlacementForm.LOENTILSKUD)
    placed(other := make_employer("Andet fag", trade_since=TODAY + timedelta(1)))
    make_partnership(other, consultant=None)

    found = told(this_year())

    assert found["Uden aftale"] == (CountedBy.THERE, "Der er ingen partnerskabsaftale.", "Løntilskud: 1")
    assert found["Andet fag"][1] == "Mangler: Virksomheden hører til et af de tre fag, En navngiven konsulent"


def test_an_employer_elsewhere_or_without_staff_is_not_counted_there(app: Flask) -> None:
    placed(tiny := make_employer("Lille", full_time_staff=Decimal("0.5")))
    make_partnership(tiny)
    placed(make_employer("Lille uden aftale", full_time_staff=Decimal(0)))

    assert told(this_year()) == {
        "Lille": (CountedBy.HERE, "Tæller som fast samarbejde.", "Virksomheden har under 1 ansat.")
    }


def test_a_contact_counts_in_each_year_it_was_under_way(app: Flask) -> None:
    ended = {"status": PlacementStatus.ENDED, "outcome": Outcome.COMPLETED}
    placed(
        make_employer("Hen over nytår"),
        starts_on=date(2025, 12, 1),
        ends_on=date(2026, 1, 10),
        ended_on=date(2026, 1, 10),
        **ended,
    )
    placed(
        make_employer("I fjor"),
        starts_on=date(2025, 5, 1),
        ends_on=date(2025, 6, 1),
        ended_on=date(2025, 6, 1),
        **ended,
    )
    placed(
        make_employer("Planlagt"),
        status=PlacementStatus.PLANNED,
        starts_on=TODAY + timedelta(3),
        ends_on=TODAY + timedelta(20),
    )

    before = cooperation(municipality().id, date(2025, 1, 1), date(2025, 12, 31))

    assert set(told(this_year())) == {"Hen over nytår"}
    assert set(told(before)) == {"Hen over nytår", "I fjor"}


def test_erasing_somebody_takes_no_contact_away(app: Flask) -> None:
    ended = {"status": PlacementStatus.ENDED, "ended_on": TODAY, "outcome": Outcome.COMPLETED}
    placement = placed(make_employer("Bos Køkken"), **ended)

    erase(db.session.get_one(Citizen, placement.card.citizen_id))

    assert told(this_year())["Bos Køkken"][2] == "Virksomhedspraktik: 1"


def test_a_rate_needs_the_number_of_employers(app: Flask) -> None:
    placed(make_employer())
    assert this_year().rate(1) is None

    make_outside_figure(topic=OutsideTopic.EMPLOYERS, unit="count", value=Decimal(800))

    assert this_year().rate(2) == Decimal("0.3")


def test_the_page_is_searched_filtered_sorted_and_paged(client_for: ClientFor, karin: User) -> None:
    placed(both := make_employer("Bos Køkken"))
    make_partnership(both)
    placed(alone := make_employer("Anes Bageri"))
    client = client_for(karin)

    def names(query: str) -> list[str]:
        page = client.get(f"/comparison/samarbejdsgrad?{query}").page
        return [row.td.get_text(strip=True) for row in page.select("#rate-table tbody tr")]  # type: ignore[union-attr]

    assert names("") == ["Anes Bageri", "Bos Køkken"]
    assert names("sort=side&dir=asc") == ["Bos Køkken", "Anes Bageri"]
    assert names("side=there") == ["Anes Bageri"]
    assert names(f"q={both.cvr}") == ["Bos Køkken"]
    assert names("q=bageri&year=2025") == []
    page = client.get("/comparison/samarbejdsgrad").page
    assert page.select_one(f"#rate-table a[href='/employers/{alone.id}']")
    assert "Skriv antallet ind" not in page.get_text()
    assert f"Anes Bageri;{alone.cvr};Tæller kun i den nationale opgørelse" in client.get(
        "/comparison/samarbejdsgrad?format=csv"
    ).get_data(as_text=True)
    part = client.get("/comparison/samarbejdsgrad?q=bo", htmx=True).page.select_one("#rate-list")
    assert part == client.get("/comparison/samarbejdsgrad?q=bo").page.select_one("#rate-list")


def test_the_page_asks_as_much_for_many_as_for_few(client_for: ClientFor, app: Flask, mette: User) -> None:
    client = client_for(mette)

    def statements() -> int:
        client.get("/comparison/samarbejdsgrad")
        with counted_statements(app) as seen:
            client.get("/comparison/samarbejdsgrad")
        return len(seen)

    placed(employer := make_employer())
    make_partnership(employer)
    few = statements()
    for number in range(4):
        placed(more := make_employer(f"Nr. {number}"))
        make_partnership(more)

    assert statements() == few <= 12
