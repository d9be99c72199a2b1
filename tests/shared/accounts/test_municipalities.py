"""What a municipality says of itself: changed by its administrator, or by who runs the portal."""

from collections.abc import Callable

from portal.base.database import db
from portal.shared.accounts.models import Municipality, User
from tests import factories
from tests.client import PortalClient

Clients = Callable[[User], PortalClient]
SAID = {"unit_term": "Erhvervsdøren", "phone": "47 99 88 77", "email": "job@halsnaes.example"}


def home() -> Municipality:
    return db.session.get_one(Municipality, factories.municipality().id, populate_existing=True)


def test_an_administrator_changes_what_stands_at_every_pages_foot(client_for: Clients, admin: User) -> None:
    client = client_for(admin)
    [link] = client.get("/").page.select("a[href$='/edit']")

    answer = client.post(str(link["href"]), {**SAID, "name": "Storby"})

    assert answer.status_code == 303
    assert (home().name, home().unit_term, home().phone) == ("Halsnæs", "Erhvervsdøren", "47 99 88 77")
    assert "47 99 88 77" in client.get("/").page.select_one("footer").get_text()  # type: ignore[union-attr]
    assert "Rettede en kommunes oplysninger" in client.get("/audit/?action=municipality-changed").words


def test_a_name_that_another_has_is_refused_beside_the_field(client_for: Clients, drude: User) -> None:
    answer = client_for(drude).post(f"/municipalities/{home().id}/edit", {**SAID, "name": "fredensborg"})

    assert answer.status_code == 409
    assert answer.page.select_one("#name-error")
    assert home().name == "Halsnæs"


def test_a_wrong_phone_stays_as_it_was_typed(client_for: Clients, admin: User) -> None:
    answer = client_for(admin).post(f"/municipalities/{home().id}/edit", {**SAID, "phone": "ring"})

    assert answer.status_code == 422
    assert answer.page.select_one("[name=phone]")["value"] == "ring"  # type: ignore[index]
