"""One spec per measure: the figure is as long as its list, and each part of a spec is seen on Mette's pages."""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.application import ROOMS
from portal.base.database import db, transaction
from portal.base.terms import GoalUnit, Measure
from portal.ledger.goals import figures, measures, services
from portal.ledger.goals.models import Goal
from portal.loop.placements.models import Outcome, PlacementStatus
from portal.shared.accounts.models import User
from portal.shared.audit.models import AuditEntry
from portal.web.measures import Counted, Evidence, Period
from portal.web.rooms import Rooms
from tests.client import PortalClient
from tests.factories import (
    NOW,
    TODAY,
    make_card,
    make_citizen,
    make_employer,
    make_opening,
    make_partnership,
    make_placement,
    municipality,
)

MEASURES = Rooms(ROOMS).measures

ClientFor = Callable[[User | None], PortalClient]
COUNTED = [spec.measure for spec in MEASURES if spec.counted]


def set_goal(measure: Measure, year: int = 2026, target: int = 3) -> Goal:
    details = services.GoalDetails(measure, year, target, "Et mål", "En plan")
    with transaction():
        return services.set_goal(municipality().id, details, by=None, at=NOW)


@pytest.fixture
def busy_year(app: Flask) -> None:
    """Two employers that count and one that does not; a card made, one hired, and the neighbours' own."""
    for name in ("Bos Køkken", "Dortes Rengøring"):
        make_opening(employer := make_employer(name))
        make_partnership(employer)
    make_partnership(make_employer("Uden åbning"))
    make_card(make_citizen(in_municipality="Fredensborg"), created_at=NOW)
    make_card(created_at=NOW)
    make_placement(
        status=PlacementStatus.ENDED,
        starts_on=TODAY - timedelta(days=9),
        ended_on=TODAY,
        outcome=Outcome.HIRED,
    )


@pytest.mark.parametrize("measure", COUNTED)
def test_every_figure_is_the_length_of_its_list(
    busy_year: None, client_for: ClientFor, mette: User, measure: Measure
) -> None:
    goal = set_goal(measure)
    address = f"/goals/{goal.id}"
    client = client_for(mette)

    value = figures.figure_of(municipality(), goal, TODAY).value

    assert value
    assert len(client.get(address).page.select("#figure-table tbody > tr")) == value
    assert len(client.get(f"{address}?format=csv").get_data(as_text=True).splitlines()) == value + 1


@pytest.mark.parametrize("measure", COUNTED)
def test_every_order_of_a_list_can_be_asked_for(
    busy_year: None, client_for: ClientFor, mette: User, measure: Measure
) -> None:
    goal, client = set_goal(measure), client_for(mette)
    counted = measures.spec_of(measure).counted
    assert counted is not None

    for key in counted.sorts.columns:
        page = client.get(f"/goals/{goal.id}?sort={key}").page
        assert page.select_one(f"#figure-table th[aria-sort] a[href*='sort={key}']")


class Seen:
    """The list behind a goal for cards, with one part of its spec changed."""

    def __init__(self, client: PortalClient) -> None:
        self.client, self.goal = client, set_goal(Measure.CARDS, 2023)

    def with_changed(self, monkeypatch: pytest.MonkeyPatch, **part: Any) -> None:
        spec = measures.spec_of(Measure.CARDS)
        assert spec.counted is not None
        changed = replace(spec, counted=replace(spec.counted, **part))
        monkeypatch.setitem(measures._declared, Measure.CARDS, changed)

    def period(self) -> bool:
        return figures.figure_of(municipality(), self.goal, TODAY).part_of_year

    def evidence(self) -> int | None:
        return figures.figure_of(municipality(), self.goal, TODAY).value

    def columns(self) -> list[str]:
        return [heading.get_text(strip=True) for heading in self._page().select("#figure-table th")]

    def sorted_by(self) -> str:
        return self._page().select_one("#figure-table th[aria-sort]").get_text(strip=True)  # type: ignore[union-attr]

    def search(self) -> int:
        return len(self._page("?q=intet").select("#figure-table tbody tr"))

    def explained(self) -> bool:
        return "Kun til prøve." in self._page().get_text()

    def shows_cards(self) -> int:
        """How many lines the audit has more when the list was opened."""
        before = self._lines()
        self._page()
        return self._lines() - before

    def _lines(self) -> int:
        opened = sa.select(sa.func.count()).where(AuditEntry.action == "figure-opened")
        return db.session.scalar(opened) or 0

    def _page(self, query: str = "") -> Any:
        return self.client.get(f"/goals/{self.goal.id}{query}").page


NOBODY = Evidence(sa.select(Goal).where(sa.false()))
CHANGED: dict[str, Callable[[Counted], Any]] = {
    "period": lambda _counted: Period.STANDING,
    "evidence": lambda _counted: lambda _municipality_id, days: dict.fromkeys(days, NOBODY),
    "columns": lambda counted: counted.columns[1:],
    "sorted_by": lambda _counted: "card",
    "search": lambda _counted: lambda records, _words: records,
    "explained": lambda _counted: "Kun til prøve.",
    "shows_cards": lambda _counted: False,
}


@pytest.mark.parametrize("part", [one.name for one in fields(Counted)])
def test_each_part_of_a_spec_is_seen(
    client_for: ClientFor, mette: User, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    make_card(created_at=NOW.replace(year=2023))
    seen = Seen(client_for(mette))
    counted = measures.spec_of(Measure.CARDS).counted
    assert counted is not None
    before = getattr(seen, part)()

    seen.with_changed(monkeypatch, **{part: CHANGED[part](counted)})

    assert getattr(seen, part)() != before


def test_the_unit_of_a_measure_bounds_its_target(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    percent = replace(measures.spec_of(Measure.CARDS), unit=GoalUnit.PERCENT)
    monkeypatch.setitem(measures._declared, Measure.CARDS, percent)

    with pytest.raises(services.MoreThanAll):
        set_goal(Measure.CARDS, target=101)
