"""The administrator's users."""

import pytest
import sqlalchemy as sa

from portal.base.database import db, transaction
from portal.shared.accounts import services
from portal.shared.accounts.models import User
from portal.shared.audit.models import AuditEntry
from portal.web.permissions import Role
from tests import factories
from tests.client import PortalClient, counted_statements
from tests.factories import NOW
from tests.support.links import password_token


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

    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
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


# --- An account that nobody has confirmed ----------------------------------------------------------------------


def test_a_role_chosen_wrong_is_made_anew(client_for, admin):
    """The first account of a municipality, at the end of a long day: leader instead of consultant."""
    browser, details = client_for(admin), {"name": "Nanna Ny", "email": "nanna@kommune.dk"}
    first = browser.post("/users/new", {**details, "role": "leader"})

    second = browser.post("/users/new", {**details, "role": "consultant"})

    assert second.status_code == 303
    [nanna] = db.session.scalars(sa.select(User).where(User.email == "nanna@kommune.dk"))
    assert (nanna.role, nanna.is_active) == (Role.CONSULTANT, True)
    old = browser.get(first.location)
    assert "nanna@kommune.dk" not in old.words
    assert not old.page.select('form[action$="/enable"]'), "there is nobody to sign in"


def test_an_address_typed_next_door_is_not_blocked_here(app, client_for, admin):
    """An administrator of Fredensborg types, by mistake or not, the address of a consultant of Halsnæs."""
    with transaction():
        home = factories.municipality("Fredensborg")
        theirs = services.create_user(
            email="nanna@kommune.dk", name="Nanna", role=Role.LEADER, municipality_id=home.id, at=NOW
        )
    mailed = password_token(app, theirs)

    answer = client_for(admin).post(
        "/users/new", {"name": "Nanna Ny", "email": "nanna@kommune.dk", "role": "consultant"}
    )

    assert answer.status_code == 303
    [nanna] = db.session.scalars(sa.select(User).where(User.email == "nanna@kommune.dk"))
    assert nanna.municipality_id == admin.municipality_id
    assert client_for(None).get(f"/password/{mailed}").status_code == 410


def test_an_address_that_was_confirmed_stays_its_owners(client_for, admin, lene):
    with transaction():
        db.session.merge(lene).password_hash = "chosen"

    answer = client_for(admin).post("/users/new", {"name": "Lene", "email": lene.email, "role": "consultant"})

    assert answer.status_code == 409
    assert db.session.get_one(User, lene.id, populate_existing=True).is_active


def test_no_role_is_chosen_for_her(client_for, admin):
    browser = client_for(admin)
    assert browser.get("/users/new").page.select_one("#role option")["value"] == ""

    answer = browser.post("/users/new", {"name": "Nanna", "email": "nanna@kommune.dk", "role": ""})

    assert answer.status_code == 422
    assert "Vælg brugerens rolle." in answer.words
    assert "på virksomhedens side" in answer.words, "who is of an employer is made where she is attached"


def test_the_log_leads_to_the_users_that_its_reader_manages(client_for, admin, karin):
    browser = client_for(admin)
    browser.get(f"/users/{karin.id}")

    subjects = [
        link["href"] for link in browser.get("/audit/?action=user-read").page.select("td:nth-child(4) a")
    ]

    assert subjects == [f"/users/{karin.id}"]
