"""Whose users, lines and mails an administrator reads: her municipality's. Who runs the portal sees no person."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.base.database import db, transaction
from portal.loop.matches.rematch import rematch
from portal.security import SECRET_ARGUMENTS
from portal.shared.accounts import services
from portal.shared.accounts.models import Municipality, User
from portal.shared.audit.models import AuditEntry
from portal.web.permissions import Role
from tests import factories
from tests.client import PortalClient
from tests.factories import NOW
from tests.test_roles import endpoints, full_stage

Clients = Callable[[User | None], PortalClient]


def administrator_of(home: str) -> User:
    with transaction():
        made = User(
            email="annika@nabo.example",
            name="Annika Nabo",
            role=Role.ADMIN,
            municipality=factories.municipality(home),
            created_at=NOW,
        )
        db.session.add(made)
    return made


@pytest.fixture
def annika(app: Flask) -> User:
    """Administrator next door, in Fredensborg."""
    return administrator_of("Fredensborg")


# --- Users ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["", "/link", "/disable", "/enable"])
def test_annika_cannot_touch_karin_who_works_elsewhere(
    client_for: Clients, annika: User, karin: User, path: str
) -> None:
    browser = client_for(annika)

    answer = browser.post(f"/users/{karin.id}{path}") if path else browser.get(f"/users/{karin.id}")

    assert answer.status_code == 404
    assert db.session.get_one(User, karin.id, populate_existing=True).is_active


@pytest.mark.parametrize("query", ["", "?format=csv", "?q=karin", "?role=consultant&format=csv"])
def test_her_list_has_only_her_own_municipalitys(client_for: Clients, annika: User, query: str) -> None:
    shown = client_for(annika).get(f"/users{query}").get_data(as_text=True)

    assert "karin@kommune.example" not in shown
    assert ("lene@nabo.example" in shown) is ("q=karin" not in query)


@pytest.mark.parametrize("path", ["", "/link", "/disable", "/enable"])
def test_citizens_and_employers_people_are_not_hers(client_for: Clients, admin: User, path: str) -> None:
    bo = factories.owner_of(factories.make_employer("Bos Køkken", owner="Bo"))
    amira = factories.make_citizen("Amira", with_login=True).user
    browser = client_for(admin)

    for somebody in (bo, amira):
        url = f"/users/{somebody.id}{path}"
        assert (browser.post(url) if path else browser.get(url)).status_code == 404
    shown = browser.get("/users?format=csv").get_data(as_text=True)
    assert bo.name not in shown
    assert amira.name not in shown


def test_a_posted_municipality_is_not_heard(client_for: Clients, annika: User) -> None:
    halsnaes = str(factories.municipality().id)
    details = {"name": "Nanna", "email": "nanna@x.dk", "role": "consultant", "municipality_id": halsnaes}

    client_for(annika).post("/users/new", details)

    assert factories.user("nanna@x.dk").municipality_id == annika.municipality_id


@pytest.mark.parametrize("role", ["operator", "citizen", "employer", "king"])
def test_a_role_that_is_not_hers_to_give_is_refused(client_for: Clients, annika: User, role: str) -> None:
    details = {"name": "Nanna", "email": "nanna@x.dk", "role": role, "municipality_id": ""}

    assert client_for(annika).post("/users/new", details).status_code == 422
    assert db.session.scalar(sa.select(User).where(User.email == "nanna@x.dk")) is None


@pytest.mark.parametrize(
    ("role", "home"), [(Role.CONSULTANT, "Halsnæs"), (Role.OPERATOR, None), (Role.EMPLOYER, "Fredensborg")]
)
def test_the_service_itself_refuses_what_no_form_offers(annika: User, role: Role, home: str | None) -> None:
    place = factories.municipality(home).id if home else None

    with pytest.raises(services.NotYoursToMake), transaction():
        services.create_user(email="x@y.dk", name="X", role=role, municipality_id=place, by=annika, at=NOW)


# --- Lines, mails, runs --------------------------------------------------------------------------------------


@pytest.fixture
def something_in_halsnaes(client_for: Clients, karin: User) -> int:
    """The number of an opening that Karin has edited, after she read Amira's card."""
    card = factories.make_card()
    opening = factories.make_opening()
    assert client_for(karin).get(f"/cards/{card.id}").status_code == 200
    assert client_for(karin).post(f"/openings/{opening.id}/pause").status_code == 303
    return opening.id


@pytest.mark.parametrize(
    "query", ["", "role=consultant", "kind=look", "subject=competence_cards", "q=openings"]
)
@pytest.mark.parametrize("format", ["", "&format=csv"])
def test_her_log_has_no_line_of_next_door(
    client_for: Clients, annika: User, admin: User, something_in_halsnaes: int, query: str, format: str
) -> None:
    ours = client_for(admin).get(f"/audit/?{query}{format}").get_data(as_text=True)
    theirs = client_for(annika).get(f"/audit/?{query}{format}").get_data(as_text=True)

    assert "Halsnæs Kommune" in ours
    assert "Halsnæs Kommune" not in theirs


def test_a_line_is_not_found_by_its_number_or_request(
    client_for: Clients, annika: User, something_in_halsnaes: int
) -> None:
    browser = client_for(annika)
    [request] = db.session.scalars(
        sa.select(AuditEntry.request_id).where(AuditEntry.action == "opening-paused")
    )
    for words in (request, f"openings {something_in_halsnaes}", str(something_in_halsnaes)):
        assert not browser.get("/audit/", query_string={"q": words}).page.select("#log-table")


def test_who_reads_the_log_is_led_to_users_of_her_own_alone(client_for: Clients, admin: User) -> None:
    bo = factories.owner_of(factories.make_employer("Bos Køkken", owner="Bo"))
    assert client_for(bo).post("/employers/own/edit", {}).status_code < 500
    with transaction():
        services.open_session(bo, device="Test", at=NOW)
        services.open_session(admin, device="Test", at=NOW)

    links = {str(one["href"]) for one in client_for(admin).get("/audit/").page.select("#log-table a")}

    assert f"/users/{admin.id}" in links
    assert f"/users/{bo.id}" not in links


def test_her_mails_and_runs_are_her_municipalitys(client_for: Clients, annika: User) -> None:
    mail = factories.make_mail(in_municipality="Halsnæs")
    rematch(factories.municipality().id, now=lambda: NOW)
    browser = client_for(annika)

    assert browser.get(f"/mails/{mail.id}").status_code == 404
    assert not browser.get("/mails/").page.select("#mail-table")
    assert "Halsnæs" not in browser.get("/runs").page.main.get_text()


# --- Who runs the portal -------------------------------------------------------------------------------------


def test_who_runs_the_portal_takes_a_municipality_in_and_makes_its_first_administrator(
    client_for: Clients, drude: User
) -> None:
    browser = client_for(drude)
    details = {
        "name": "Gribskov",
        "unit_term": "Jobcentret",
        "phone": "72 49 60 00",
        "email": "job@gribskov.dk",
    }

    made = browser.post("/municipalities/new", details)
    gribskov = factories.municipality("Gribskov")
    browser.post(
        "/users/new",
        {"name": "Gro", "email": "gro@gribskov.dk", "role": "admin", "municipality_id": str(gribskov.id)},
    )

    assert made.location == "/users/new"
    assert factories.user("gro@gribskov.dk").municipality_id == gribskov.id
    assert "gro@gribskov.dk" in browser.get("/users?q=Gribskov").get_data(as_text=True)


@pytest.mark.parametrize("name", ["Halsnæs", "halsnæs", ""])
def test_a_municipality_that_cannot_be_is_said_beside_the_field(
    client_for: Clients, drude: User, name: str
) -> None:
    details = {"name": name, "unit_term": "Jobcentret", "phone": "72 49 60 00", "email": "job@gribskov.dk"}

    answer = client_for(drude).post("/municipalities/new", details)

    assert answer.status_code in (409, 422)
    assert answer.page.select_one("#name-error")
    assert db.session.scalar(sa.select(sa.func.count(Municipality.id))) == 2


@pytest.mark.parametrize("role", ["consultant", "leader", "citizen", "employer"])
def test_she_makes_no_other_users_of_a_municipality(client_for: Clients, drude: User, role: str) -> None:
    home = str(factories.municipality().id)
    details = {"name": "Nanna", "email": "nanna@x.dk", "role": role, "municipality_id": home}

    assert client_for(drude).post("/users/new", details).status_code == 422


def test_she_and_no_administrator_dates_a_number_of_the_law(
    client_for: Clients, drude: User, admin: User
) -> None:
    path = f"/amendments/rule/{factories.rule('praktik-weeks').id}/new"

    assert client_for(drude).get(path).status_code == 200
    assert client_for(admin).get(path).status_code == 403


@pytest.mark.slow
def test_no_page_shows_her_a_person(app: Flask, client_for: Clients, drude: User) -> None:
    """Every page and file that answers her, in a municipality where all has happened that can.

    But for whoever checked a number of the law, who signs for it by name.
    """
    own, stranger = full_stage()
    for scene in (own, stranger):
        rematch(
            scene.people.get("consultant", factories.user("lene@nabo.example")).municipality_id,
            now=lambda: NOW,
        )
    people = db.session.scalars(sa.select(User).where(User.role.not_in([Role.ADMIN, Role.OPERATOR]))).all()
    persons = {one.email for one in people if one.email} | {"Amira", "Karin", "Lene", "Bos Køkken"}
    browser = client_for(drude)
    client_for(own.people["consultant"]).get(f"/citizens/{own.values['citizen_id']}")

    leaks, answered = [], 0
    for endpoint, method in endpoints(app):
        if method != "GET" or endpoint in ("static", "home.privacy"):
            continue
        for scene in (own, stranger):
            rule = next(one for one in app.url_map.iter_rules(endpoint) if "GET" in (one.methods or ()))
            if not SECRET_ARGUMENTS.isdisjoint(rule.arguments):
                continue  # opened by whoever has the link, whoever she is
            with app.test_request_context():
                path = app.url_for(endpoint, **{name: scene.values[name] for name in rule.arguments})
            for query in ("", "?format=csv"):
                answer = browser.get(path + query)
                if answer.status_code == 200:
                    answered += 1
                    text = answer.get_data(as_text=True)
                    leaks += [(path, one) for one in persons if one in text]
    assert answered > 20
    assert leaks == []


def test_her_log_tells_of_the_portal_and_of_no_citizen(
    client_for: Clients, drude: User, something_in_halsnaes: int
) -> None:
    browser = client_for(drude)
    browser.post(
        "/municipalities/new",
        {"name": "Gribskov", "unit_term": "J", "phone": "72 49 60 00", "email": "job@gribskov.dk"},
    )

    shown = browser.get("/audit/?format=csv").get_data(as_text=True)

    assert "Oprettede kommune" in shown
    assert "Halsnæs Kommune" not in shown
    assert not browser.get(f"/audit/?q=openings+{something_in_halsnaes}").page.select("#log-table")
