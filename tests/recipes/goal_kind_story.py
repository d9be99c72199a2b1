"""Told in a portal that counts one thing more: cards in use."""

from flask import Flask

from portal.base.database import transaction
from portal.base.terms import Measure
from portal.ledger.goals import services
from portal.ledger.goals.models import Goal
from tests.client import PortalClient
from tests.factories import NOW, make_card, municipality, user
from tests.support.recipes import toy_portal


def set_goal() -> Goal:
    details = services.GoalDetails(Measure("active_cards"), 2026, 3, "Tre kort", "Planen")
    with transaction():
        return services.set_goal(municipality().id, details, by=None, at=NOW)


def tell(app: Flask) -> None:
    goal, mette = set_goal(), PortalClient(app, user("mette@kommune.example"))
    in_use, _other = make_card(), make_card(is_active=False)
    address = f"/goals/{goal.id}"

    assert "Kort i brug" in mette.get("/goals/new").words
    tile = mette.get("/goals/").page.select_one(f"#active-cards .figure-tile a[href='{address}']")
    assert tile is not None
    assert tile.get_text(strip=True).startswith("1")
    assert "Kort, som ikke er lagt væk." in mette.get(address).words
    assert [
        cell.get_text(strip=True) for cell in mette.get(address).page.select("#figure-table tbody td")
    ] == [in_use.number]
    assert mette.get(f"{address}?format=csv").get_data(as_text=True).split() == [
        "\ufeffKortets",
        "nummer",
        in_use.number,
    ]


if __name__ == "__main__":
    with toy_portal() as toy:
        tell(toy)
