"""What a municipality says of itself: changed by its administrator, or by who runs the portal."""

from collections.abc import Callable

from portal.base.database import db
from portal.shared.accounts.models import Municipality, User
from tests import factories
from tests.client import PortalClient

Clients = Callable[[User], PortalClient]
SAID = {"unit_term": "Erhvervsdøren", "phone": "47 99 88 77", "email": "job@halsnaes.example"}


def seen(client: PortalClient) -> dict[str, str]:
    """What the form of the page says without being asked."""
    field = client.get(f"/municipalities/{home().id}/edit").page.select_one("[name=version]")
    return {"version": str(field["value"])}  # type: ignore[index]


def home() -> Municipality:
    return db.session.get_one(Municipality, factories.municipality().id, populate_existing=True)


def test_an_administrator_changes_what_stands_at_every_pages_foot(client_for: Clients, admin: User) -> None:
    client = client_for(admin)
    [link] = client.get("/").page.select("a[href$='/edit']")

    answer = client.post(str(link["href"]), {**SAID, **seen(client), "name": "Storby"})

    assert answer.status_code == 303
    assert (home().name, home().unit_term, home().phone) == ("Halsnæs", "Erhvervsdøren", "47 99 88 77")
    assert "47 99 88 77" in client.get("/").page.select_one("footer").get_text()  # type: ignore[union-attr]
    assert "Rettede en kommunes oplysninger" in client.get("/audit/?action=municipality-changed").words


def test_a_name_that_another_has_is_refused_beside_the_field(client_for: Clients, drude: User) -> None:
    drudes = client_for(drude)
    answer = drudes.post(f"/municipalities/{home().id}/edit", {**SAID, **seen(drudes), "name": "fredensborg"})

    assert answer.status_code == 409
    assert answer.page.select_one("#name-error")
    assert home().name == "Halsnæs"


def test_a_wrong_phone_stays_as_it_was_typed(client_for: Clients, admin: User) -> None:
    answer = client_for(admin).post(f"/municipalities/{home().id}/edit", {**SAID, "phone": "ring"})

    assert answer.status_code == 422
    assert answer.page.select_one("[name=phone]")["value"] == "ring"  # type: ignore[index]


def test_nobody_writes_over_what_another_changed_meanwhile(
    client_for: Clients, admin: User, drude: User
) -> None:
    """The page of the one stood open while the other saved a new phone."""
    admins, page = client_for(admin), f"/municipalities/{home().id}/edit"
    opened = seen(admins)
    drudes = client_for(drude)
    assert drudes.post(page, {**SAID, **seen(drudes), "name": "Halsnæs"}).status_code == 303

    late = {**SAID, "phone": "47 00 00 00", "email": "ny@halsnaes.example"}
    refused = admins.post(page, {**late, **opened})

    assert refused.status_code == 409
    assert "En anden har ændret det samme" in refused.words
    assert refused.page.select_one("[name=email]")["value"] == "ny@halsnaes.example"  # type: ignore[index]
    assert (home().phone, home().email) == (SAID["phone"], SAID["email"])
    told = refused.page.select_one("[name=version]")["value"]  # type: ignore[index]
    assert admins.post(page, {**late, "version": str(told)}).status_code == 303
    assert home().email == "ny@halsnaes.example"
