"""Sessions live on the server: they end at logout, when access is closed, when idle and when old."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from portal.base.database import db, transaction
from portal.shared.accounts import services
from portal.shared.accounts.devices import device_in_words
from portal.shared.accounts.models import UserSession
from tests.client import PortalClient
from tests.factories import NOW


def test_logout_ends_the_session_even_for_a_copied_cookie(app, karin):
    browser, thief = PortalClient(app, karin), PortalClient(app)
    with browser._browser.session_transaction() as cookie:
        stolen = dict(cookie)
    with thief._browser.session_transaction() as cookie:
        cookie.update(stolen)
    assert thief.get("/sessions").status_code == 200

    assert browser.post("/logout").location == "/"

    assert thief.get("/sessions").location.startswith("/login")


def test_closed_access_counts_from_the_next_request(client_for, karin, admin):
    browser = client_for(karin)
    assert browser.get("/sessions").status_code == 200

    assert client_for(admin).post(f"/users/{karin.id}/disable").status_code == 303

    assert browser.get("/sessions").status_code == 303


@pytest.mark.parametrize(("pause", "status"), [(timedelta(minutes=29), 200), (timedelta(minutes=31), 303)])
def test_half_an_hour_of_nothing_ends_a_session(client_for, karin, pause, status):
    browser = client_for(karin)

    with time_machine.travel(NOW + pause, tick=False):
        assert browser.get("/sessions").status_code == status


def test_twelve_hours_end_a_session_in_use(client_for, karin):
    browser = client_for(karin)

    for quarter in range(1, 48):
        with time_machine.travel(NOW + quarter * timedelta(minutes=15), tick=False):
            assert browser.get("/sessions").status_code == 200

    with time_machine.travel(NOW + timedelta(hours=12, minutes=1), tick=False):
        assert browser.get("/sessions").status_code == 303


def test_she_ends_the_session_of_another_device(app, karin):
    here, there = PortalClient(app, karin), PortalClient(app, karin)
    page = here.get("/sessions").page
    (form,) = page.select("form[action$='/end']")

    assert here.post(form["action"]).location == "/sessions"

    assert there.get("/sessions").status_code == 303
    assert here.get("/sessions").status_code == 200


def test_she_ends_all_other_sessions(app, karin):
    here, others = PortalClient(app, karin), [PortalClient(app, karin) for _device in range(3)]

    here.post("/sessions/end-others")

    assert {other.get("/sessions").status_code for other in others} == {303}
    assert here.get("/sessions").status_code == 200


def test_a_strangers_session_is_not_found(client_for, karin, jonas):
    client_for(jonas).get("/sessions")
    foreign = db.session.scalars(sa.select(UserSession).where(UserSession.user_id == jonas.id)).one()

    assert client_for(karin).post(f"/sessions/{foreign.id}/end").status_code == 404


def test_a_new_password_ends_every_session(app, client_for, karin):
    browser = client_for(karin)

    with transaction():
        services.set_password(
            karin, "et helt nyt ord", passwords=app.extensions["passwords"], by=None, at=NOW
        )

    assert browser.get("/sessions").status_code == 303


def test_signed_in_pages_are_not_kept_by_the_browser(client_for, karin, visitor):
    assert client_for(karin).get("/sessions").headers["Cache-Control"] == "no-store"
    assert "no-store" not in visitor.get("/login").headers["Cache-Control"]


def test_a_cookie_with_nonsense_is_nobody(visitor):
    with visitor._browser.session_transaction() as cookie:
        cookie["sid"] = "not a secret"

    assert visitor.get("/").status_code == 200
    assert visitor.get("/sessions").status_code == 303


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0",
            "Firefox på Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
            "Version/17.5 Mobile/15E148 Safari/604.1",
            "Safari på iPhone",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0 Safari/537.36 "
            "Edg/129.0",
            "Edge på Windows",
        ),
        (
            "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/129.0 Mobile Safari/537.36",
            "Chrome på Android",
        ),
        ("curl/8.5.0", "Ukendt enhed"),
        ("<script>" * 1000, "Ukendt enhed"),
        ("", "Ukendt enhed"),
    ],
)
def test_a_device_is_named_in_words(app, user_agent, words):
    with app.test_request_context():
        assert device_in_words(user_agent) == words
