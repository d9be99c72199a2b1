"""The administrator's users, and the one-time link by which a user chooses a password."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from portal.base.database import db, transaction
from portal.shared.accounts import services
from portal.shared.accounts.models import User
from portal.shared.audit.models import AuditEntry
from portal.web.permissions import Role
from tests import factories
from tests.client import PortalClient, counted_statements
from tests.factories import NOW

PASSWORD = "tre gode ord"


def _link(page) -> str:
    return page.select_one("#reset-link")["value"].removeprefix("http://localhost:5000")


def test_a_new_consultant_gets_a_link_chooses_a_password_and_signs_in(app, client_for, admin, visitor):
    halsnaes = factories.municipality()
    details = {
        "name": "Nanna Ny",
        "email": "Nanna@Kommune.dk",
        "role": "consultant",
        "municipality_id": str(halsnaes.id),
    }

    link = _link(client_for(admin).post("/users/new", details).page)
    visitor.get(link)
    chosen = visitor.post(link, {"password": PASSWORD, "repeated": PASSWORD})
    signed_in = visitor.post("/login", {"email": "nanna@kommune.dk", "password": PASSWORD})

    assert chosen.location == "/login"
    assert signed_in.status_code == 303
    assert factories.user("nanna@kommune.dk").role is Role.CONSULTANT


def test_a_link_works_once_and_the_page_says_so(app, client_for, admin, karin, visitor):
    link = _link(client_for(admin).post(f"/users/{karin.id}/link").page)
    passwords = {"password": PASSWORD, "repeated": PASSWORD}
    visitor.post(link, passwords)

    assert visitor.get(link).status_code == 410
    assert (
        visitor.post(link, {"password": "noget helt andet", "repeated": "noget helt andet"}).status_code
        == 410
    )
    assert visitor.post("/login", {"email": karin.email, "password": PASSWORD}).status_code == 303


def test_a_link_expires_and_a_new_one_replaces_the_old(client_for, admin, karin, visitor):
    browser = client_for(admin)
    first = _link(browser.post(f"/users/{karin.id}/link").page)
    second = _link(browser.post(f"/users/{karin.id}/link").page)

    assert visitor.get(first).status_code == 410
    assert visitor.get(second).status_code == 200
    with time_machine.travel(NOW + timedelta(hours=25), tick=False):
        assert visitor.get(second).status_code == 410


def test_closing_the_access_closes_the_link(client_for, admin, karin, visitor):
    browser = client_for(admin)
    link = _link(browser.post(f"/users/{karin.id}/link").page)

    browser.post(f"/users/{karin.id}/disable")
    browser.post(f"/users/{karin.id}/enable")

    assert visitor.get(link).status_code == 410


@pytest.mark.parametrize("secret", ["x", "x" * 3000, "%00", "%ff%fe", "../users"])
def test_an_invented_link_opens_nothing(visitor, secret):
    assert visitor.get(f"/reset/{secret}").status_code in (404, 410)


@pytest.mark.parametrize(
    ("password", "repeated"),
    [("kort", "kort"), (PASSWORD, "noget andet"), ("karin@kommune.example",) * 2, ("", ""), ("x" * 201,) * 2],
)
def test_a_poor_password_is_refused_next_to_the_field(client_for, admin, karin, visitor, password, repeated):
    link = _link(client_for(admin).post(f"/users/{karin.id}/link").page)

    answer = visitor.post(link, {"password": password, "repeated": repeated})

    assert answer.status_code == 422
    assert answer.page.select_one("#password-error, #repeated-error")


def test_an_administrator_needs_a_municipality(client_for, drude):
    answer = client_for(drude).post(
        "/users/new",
        {"name": "Nanna Ny", "email": "nanna@kommune.dk", "role": "admin", "municipality_id": ""},
    )

    assert answer.status_code == 422
    assert answer.page.select_one("#municipality_id-error")
    assert answer.page.select_one("#name")["value"] == "Nanna Ny"


@pytest.mark.parametrize(
    "change",
    [
        {"role": "citizen"},
        {"role": "king"},
        {"municipality_id": "999999"},
        {"municipality_id": str(2**40)},
        {"municipality_id": "x"},
        {"email": "not an address"},
        {"name": "a\x00b"},
        {"name": ""},
    ],
)
def test_odd_users_are_refused(client_for, drude, change):
    details = {
        "name": "Nanna",
        "email": "nanna@kommune.dk",
        "role": "admin",
        "municipality_id": str(factories.municipality().id),
        **change,
    }

    assert client_for(drude).post("/users/new", details).status_code == 422


def test_an_email_belongs_to_one_user(client_for, admin, karin):
    with transaction():
        services.create_user(email="taken@kommune.dk", name="Først", role=Role.OPERATOR, at=NOW)

    answer = client_for(admin).post(
        "/users/new", {"name": "Nanna", "email": "Taken@kommune.dk", "role": "admin", "municipality_id": ""}
    )

    assert answer.status_code == 409
    assert answer.page.select_one("#email-error")


def test_an_administrator_cannot_lock_herself_out(client_for, admin):
    assert client_for(admin).post(f"/users/{admin.id}/disable").status_code == 409
    assert db.session.get(User, admin.id).is_active


def test_a_form_sent_twice_makes_one_user(client_for, admin):
    browser, form_id = client_for(admin), "0c9e7d1e-3f3d-4a4c-9a53-6a4d5c3d2b1a"
    details = {"name": "Nanna", "email": "nanna@kommune.dk", "role": "admin", "municipality_id": ""}

    first = browser.post("/users/new", details, form_id=form_id)
    second = browser.post("/users/new", details, form_id=form_id)

    assert first.status_code == 200
    assert second.status_code == 303
    assert db.session.scalar(sa.select(sa.func.count()).where(User.email == "nanna@kommune.dk")) == 1


def test_the_list_searches_filters_sorts_and_exports(client_for, admin, karin):
    browser = client_for(admin)

    assert [
        row.text.strip() for row in browser.get("/users?q=KARIN").page.select("tbody tr td:first-child")
    ] == [karin.name]
    assert len(browser.get("/users?role=leader").page.select("tbody tr")) == 1
    assert browser.get("/users?status=closed").page.select_one(".empty-state")
    assert browser.get("/users?role=nonsense&status=nonsense&sort=x&page=99999999").status_code == 200
    names = [
        row.text.strip()
        for row in browser.get("/users?sort=name&dir=desc").page.select("tbody td:first-child")
    ]
    assert names == sorted(names, reverse=True)
    assert "karin@kommune.example" in browser.get("/users?format=csv").get_data(as_text=True)


def test_the_list_swaps_in_place(client_for, admin):
    fragment = client_for(admin).get("/users?role=admin", htmx=True)

    assert fragment.page.select_one("#user-list")
    assert not fragment.page.select_one("h1")


def test_seeing_users_leaves_a_line(client_for, admin, karin):
    browser = client_for(admin)
    browser.get("/users")
    browser.get(f"/users/{karin.id}")

    seen = db.session.scalars(sa.select(AuditEntry.action).where(AuditEntry.is_look).order_by(AuditEntry.id))
    assert list(seen) == ["users-listed", "user-read"]


def test_the_list_costs_the_same_for_many_users(app, client_for, admin):
    browser = client_for(admin)
    with counted_statements(app) as few:
        browser.get("/users")
    with transaction():
        for number in range(60):
            db.session.add(
                User(
                    email=f"u{number}@x.dk",
                    name=f"U{number}",
                    role=Role.ADMIN,
                    municipality_id=admin.municipality_id,
                    created_at=NOW,
                )
            )
    with counted_statements(app) as many:
        browser.get("/users")

    assert len(few) == len(many) <= 12


@pytest.mark.parametrize("path", ["/users", "/users/new", "/users/1"])
def test_users_are_the_administrators_alone(app, karin, mette, path):
    for stranger in (karin, mette):
        assert PortalClient(app, stranger).get(path).status_code == 403
