"""The checklist of an empty municipality: what is done, who does the rest, and when it is gone."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from portal.base.database import db, transaction
from portal.loop.openings.models import OpeningStatus
from portal.shared.accounts.models import User
from portal.shared.rules.models import Rule
from portal.workspaces.home.start import start_of
from tests import factories
from tests.client import PortalClient

Clients = Callable[[User], PortalClient]


def done(user: User) -> set[str]:
    return {step.name for step in start_of(user) if step.done}


def test_each_step_is_counted_from_the_records(app: Any, karin: User) -> None:
    assert done(karin) == {"reference", "users"}
    factories.make_employer()
    assert done(karin) == {"reference", "users", "employer"}
    draft = factories.make_opening(status=OpeningStatus.DRAFT)
    assert "opening" not in done(karin)
    factories.make_card()
    assert done(karin) == {"reference", "users", "employer", "card"}

    factories.make_match(opening=draft)
    assert start_of(karin) == []


def test_a_neighbours_records_are_not_counted(app: Any, karin: User) -> None:
    factories.make_employer(in_municipality="Fredensborg")

    assert "employer" not in done(karin)


@pytest.mark.parametrize(
    ("who", "links"),
    [
        ("karin", {"/employers/new", "/posting/", "/citizens/new", "/reviews/"}),
        ("admin", set()),
        ("mette", set()),
    ],
)
def test_everybody_sees_it_and_is_given_the_links_of_her_own_work(
    client_for: Clients, request: pytest.FixtureRequest, who: str, links: set[str]
) -> None:
    page = client_for(request.getfixturevalue(who)).get("/").page

    steps = page.select("#start-checklist li")
    assert len(steps) == 6
    assert {str(link["href"]) for step in steps for link in step.select("a")} == links


def test_drafts_of_a_file_are_named_and_led_to(client_for: Clients, karin: User) -> None:
    factories.make_opening(status=OpeningStatus.DRAFT)

    step = client_for(karin).get("/").page.select_one("#start-opening")

    assert step is not None
    assert "Åbninger fra en fil er også kladder" in step.get_text()
    assert step.select_one("a[href='/openings/?status=draft']")


def test_who_runs_the_portal_brings_the_reference_in_from_her_front_page(
    client_for: Clients, drude: User
) -> None:
    with transaction():
        db.session.execute(sa.delete(Rule))
    client = client_for(drude)
    [form] = client.get("/").page.select("#start-reference form")

    brought = []
    for _press in range(2):
        assert client.post(str(form["action"])).status_code == 303
        brought.append(db.session.scalar(sa.select(sa.func.count()).select_from(Rule)))

    assert brought[0] > 100
    assert brought[1] == brought[0]
    assert not client.get("/").page.select("#start-reference form")


def test_without_the_laws_numbers_a_page_says_where_it_stands_what_is_missing(
    client_for: Clients, karin: User
) -> None:
    with transaction():
        db.session.execute(sa.delete(Rule))
    client = client_for(karin)

    refused = client.get("/partnerships/")

    assert refused.status_code == 409
    assert "På forsiden står, hvad der mangler" in refused.words
    assert "Reglerne er ikke indlæst endnu" in client.get("/rules/").words
