"""Karin names what she has chosen on a list, opens it again, and deletes it; her searches are never kept."""

from collections.abc import Callable
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa

from portal.base.database import db
from portal.shared.accounts.models import User
from portal.workspaces.saved_filters.models import SavedFilter
from portal.workspaces.saved_filters.services import MOST_OF_A_LIST
from tests.client import PortalClient
from tests.factories import make_saved_filter, make_task

ClientFor = Callable[[User | None], PortalClient]


def of(address: str, now: str = "") -> str:
    return f"/filters/?{urlencode({'list': address, 'now': now})}"


def test_a_filter_is_named_opened_and_deleted(client_for: ClientFor, karin: User, jonas: User) -> None:
    karins = client_for(karin)
    make_task(jonas, "Jonas skal")
    listed = karins.get("/tasks/?whose=all&q=amira&page=1").page
    address = str(listed.select_one("#saved-filters a")["href"])  # type: ignore[index]

    saved = karins.post(address, {"name": "Alles"})

    assert saved.location == "/tasks/?whose=all&sort=due&dir=asc"
    assert len(karins.get(saved.location).page.select("#task-table tbody tr")) == 1
    shown = karins.get(of("/tasks/")).page.select_one(".saved-filter-list a")
    assert (shown.text, shown["href"]) == ("Alles", saved.location)  # type: ignore[union-attr,index]
    assert not karins.get(of("/citizens/")).page.select(".saved-filter-list a")
    assert not client_for(jonas).get(of("/tasks/")).page.select(".saved-filter-list a")

    one = db.session.scalars(sa.select(SavedFilter)).one()
    karins.post(f"/filters/{one.id}/delete")
    assert not karins.get(of("/tasks/")).page.select(".saved-filter-list a")


def test_the_same_name_is_replaced_and_words_of_a_search_are_dropped(
    client_for: ClientFor, karin: User
) -> None:
    karins = client_for(karin)
    for now in ("state=late", "state=done&q=Amira+Haddad&+q=Amira&page=7&format=csv"):
        karins.post(of("/tasks/", now), {"name": "Mit"})
    assert db.session.scalars(sa.select(SavedFilter.query)).all() == ["state=done"]


def test_there_is_an_end_to_them(client_for: ClientFor, karin: User) -> None:
    for number in range(MOST_OF_A_LIST):
        make_saved_filter(karin, str(number))
    refused = client_for(karin).post(of("/tasks/", "state=late"), {"name": "En til"})
    assert refused.status_code == 409
    assert "Slet et først" in refused.words
    assert client_for(karin).post(of("/citizens/", "card=with"), {"name": "En til"}).status_code == 303


@pytest.mark.parametrize(
    "address", ["", "https://evil.example/", "//evil.example", "/nowhere", "/tasks/?q=x", "/logout"]
)
def test_only_pages_of_the_portal_have_filters(client_for: ClientFor, karin: User, address: str) -> None:
    assert client_for(karin).get(of(address)).status_code == 404


def test_a_name_is_asked_for(client_for: ClientFor, karin: User) -> None:
    answer = client_for(karin).post(of("/tasks/", "state=late"), {"name": " "})
    assert answer.status_code == 422
    assert answer.page.select_one("#name[aria-invalid=true]")


def test_page_and_fragment_say_the_same(client_for: ClientFor, karin: User) -> None:
    make_saved_filter(karin)
    karins, address = client_for(karin), of("/tasks/", "state=late")
    whole, part = (karins.get(address, htmx=htmx).page for htmx in (False, True))
    assert [one.text for one in whole.select("#saved-filters a")] == ["Alles over tiden"]
    assert [one.text for one in part.select("#saved-filters a")] == ["Alles over tiden"]


def test_the_way_to_a_list_with_other_letters_is_one_a_header_can_say(
    client_for: ClientFor, karin: User
) -> None:
    asked = {"list": "/static/zażółć", "now": "state=late"}

    answer = client_for(karin).post("/filters/", {"name": "Sene"}, htmx=True, query_string=asked)

    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"] == "/static/za%C5%BC%C3%B3%C5%82%C4%87?state=late"
