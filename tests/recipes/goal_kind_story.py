"""Told in a portal that counts one thing more: cards in use."""

from flask import Flask

from portal.base.terms import Measure
from tests.client import PortalClient
from tests.factories import make_card, user
from tests.support.goals import set_goal
from tests.support.groups import make_group, make_member
from tests.support.recipes import toy_portal


def tell(app: Flask) -> None:
    mette, karin = (PortalClient(app, user(f"{name}@kommune.example")) for name in ("mette", "karin"))
    in_use, _other = make_card(), make_card(is_active=False)
    goal = set_goal(Measure("active_cards"))
    of_nobody = set_goal(Measure("active_cards"), group_id=make_group().id)
    of_her = set_goal(Measure("active_cards"), group_id=(hers := make_group("Målgruppe 2")).id)
    make_member(hers, citizen=in_use.citizen)
    address = f"/goals/{goal.id}"

    assert "Kort i brug" in mette.get("/goals/new").words
    assert [_figure(mette, one.id) for one in (goal, of_nobody, of_her)] == ["1", "0", "1"]
    assert "Et kort tæller, når det ikke er lagt væk." in mette.get(address).words
    assert in_use.number not in mette.get(address).words
    assert in_use.number in karin.get(address).words
    assert in_use.number in karin.get(f"{address}?format=csv").get_data(as_text=True)


def _figure(reader: PortalClient, goal_id: int) -> str:
    """What stands for now in the goal's row."""
    cells = reader.get("/goals/").page.select(f"#goal-{goal_id} td")
    return cells[3].get_text(strip=True)


if __name__ == "__main__":
    with toy_portal() as toy:
        tell(toy)
