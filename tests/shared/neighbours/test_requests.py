"""Two municipalities become neighbours when both have said yes: one asks, the other answers."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.base.database import db, transaction
from portal.shared.accounts.models import User
from portal.shared.neighbours import services
from portal.shared.neighbours.models import NeighbourRequest
from portal.shared.neighbours.queries import are_neighbours
from portal.web.permissions import Role
from tests.client import PortalClient
from tests.factories import NOW, TODAY, make_municipality, municipality

Clients = Callable[[User | None], PortalClient]


@pytest.fixture
def asger(app: object) -> User:
    """Administrator in a third municipality, which has no neighbour."""
    home = make_municipality("Gribskov")
    with transaction():
        made = User(
            email="asger@tredje.example",
            name="Asger",
            role=Role.ADMIN,
            municipality=home,
            created_at=NOW,
        )
        db.session.add(made)
    return made


def asks(client: PortalClient, **values: str) -> int:
    typed = {"asked_id": str(municipality("Gribskov").id), "starts_on": TODAY.isoformat(), **values}
    return client.post("/neighbours/ask", typed).status_code


def neighbours() -> bool:
    return are_neighbours(municipality().id, municipality("Gribskov").id, on=TODAY)


def answer(client: PortalClient, words: str) -> None:
    [form] = [
        one for one in client.get("/neighbours/").page.select("#requests form") if words in one.get_text()
    ]
    assert client.post(str(form["action"])).status_code == 303


def test_one_yes_is_no_agreement_and_the_second_makes_it(
    client_for: Clients, admin: User, asger: User
) -> None:
    assert asks(client_for(admin)) == 303
    assert not neighbours()
    assert "har spurgt" in client_for(admin).get("/neighbours/").words

    answer(client_for(asger), "Ja, det vil vi")

    assert neighbours()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(NeighbourRequest)) == 0


@pytest.mark.parametrize("who", ["admin", "asger"])
def test_a_no_and_what_is_taken_back_leave_nothing(
    client_for: Clients, request: pytest.FixtureRequest, admin: User, asger: User, who: str
) -> None:
    asks(client_for(admin))

    answer(client_for(request.getfixturevalue(who)), "Nej" if who == "asger" else "Tag spørgsmålet tilbage")

    assert not neighbours()
    assert asks(client_for(admin)) == 303, "one may ask again"


def test_whoever_asked_cannot_say_the_second_yes(client_for: Clients, admin: User, asger: User) -> None:
    asks(client_for(admin))
    key = db.session.scalars(sa.select(NeighbourRequest.id)).one()

    assert client_for(admin).post(f"/neighbours/requests/{key}/accept").status_code == 404


def test_what_cannot_be_asked_is_said(client_for: Clients, admin: User, asger: User) -> None:
    client = client_for(admin)

    assert asks(client, asked_id=str(municipality("Fredensborg").id)) == 409, "they are neighbours"
    assert asks(client, starts_on=(TODAY - timedelta(days=1)).isoformat()) == 422
    assert asks(client, asked_id=str(municipality().id)) == 422, "itself is no choice"
    asks(client)
    assert asks(client) == 409, "it is asked already"


def test_an_agreement_answers_what_was_asked_before_it(
    client_for: Clients, admin: User, asger: User, drude: User
) -> None:
    """Else the old question could be answered once the two have parted again, and nobody asked anew."""
    asks(client_for(admin))

    with transaction():
        services.agree(
            municipality(), municipality("Gribskov"), starts_on=TODAY, by=drude, at=NOW, today=TODAY
        )

    assert db.session.scalars(sa.select(NeighbourRequest)).all() == []


@pytest.mark.both_engines
def test_a_yes_and_what_is_taken_back_at_once_have_one_winner(
    app: Flask, client_for: Clients, admin: User, asger: User
) -> None:
    asks(client_for(admin))
    key = db.session.scalars(sa.select(NeighbourRequest.id)).one()
    db.session.rollback()
    ready, both = Barrier(2), (("accept", client_for(asger)), ("drop", client_for(admin)))

    def press(one: tuple[str, PortalClient]) -> int:
        ready.wait()
        return one[1].post(f"/neighbours/requests/{key}/{one[0]}").status_code

    with ThreadPoolExecutor(2) as together:
        said_yes, took_back = together.map(press, both)

    assert {said_yes, took_back} == {303, 404}
    assert neighbours() is (said_yes == 303)
