"""What surrounds every request: a form is carried out once, and every answer carries its headers."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from portal.base.database import Submission, db
from portal.security import content_security_policy
from portal.shared.accounts.models import User
from portal.shared.audit.models import AuditEntry
from tests.client import PortalClient

FORM_ID = "5b0c7a52-52c1-4f0b-9a44-1f2d7c8e9a10"


def _disabled_lines(user: User) -> int:
    db.session.rollback()
    lines = sa.select(sa.func.count()).where(
        AuditEntry.action == "user-disabled", AuditEntry.subject_id == user.id
    )
    return db.session.scalar(lines)


def test_a_form_sent_twice_is_carried_out_once_and_leads_to_the_same_page(client_for, admin, karin):
    browser = client_for(admin)

    answers = [browser.post(f"/users/{karin.id}/disable", form_id=FORM_ID) for _click in range(2)]

    assert [answer.location for answer in answers] == [f"/users/{karin.id}"] * 2
    assert _disabled_lines(karin) == 1


@pytest.mark.both_engines
def test_a_double_click_at_the_same_moment_is_one_action(app, admin, karin):
    browsers = [PortalClient(app, admin) for _window in range(6)]
    path = f"/users/{karin.id}/disable"
    db.session.remove()

    with ThreadPoolExecutor(6) as clicks:
        answers = list(clicks.map(lambda browser: browser.post(path, form_id=FORM_ID), browsers))

    assert {(answer.status_code, answer.location) for answer in answers} == {
        (303, path.removesuffix("/disable"))
    }
    assert _disabled_lines(karin) == 1


def test_the_repeat_of_a_strangers_form_does_not_tell_where_it_led(client_for, admin, karin, jonas):
    client_for(admin).post(f"/users/{jonas.id}/disable", form_id=FORM_ID)

    repeat = client_for(karin).post("/sessions/end-others", form_id=FORM_ID)

    assert repeat.location == "/"
    db.session.rollback()
    assert db.session.get(Submission, FORM_ID).location == f"/users/{jonas.id}"


@pytest.mark.parametrize("form_id", ["", "x", "' OR 1=1", "z" * 36, "\x00"])
def test_an_odd_form_id_counts_as_none(client_for, karin, form_id):
    answer = client_for(karin).post("/sessions/end-others", {"form_id": form_id})

    assert answer.status_code == 303


@pytest.mark.parametrize("path", ["/", "/login", "/users", "/nowhere", "/healthz"])
def test_every_answer_is_guarded(visitor, path):
    headers = visitor.get(path).headers

    policy = headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"


def test_the_policy_names_the_cdn_only_when_it_is_used():
    assert "https" not in content_security_policy("")
    assert "https://cdn.example/htmx.js" in content_security_policy("https://cdn.example/htmx.js")


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE", "PATCH"])
def test_no_method_lets_a_stranger_past(app, method):
    with app.test_client() as browser:
        answer = browser.open("/users", method=method)

    assert answer.status_code in (303, 400, 405)
    assert b"karin" not in answer.data


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS"])
def test_head_and_options_ask_for_the_same_right(app, karin, method):
    browser = PortalClient(app, karin)
    assert browser.get("/sessions").status_code == 200

    assert browser._browser.open("/users", method=method).status_code == 403


def test_the_cookie_is_for_the_server_alone(app, karin):
    answer = PortalClient(app).get("/login")

    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_an_htmx_request_without_its_token_is_a_message_in_place(client_for, karin):
    answer = client_for(karin).post("/sessions/end-others", csrf=False, htmx=True)

    assert answer.status_code == 400
    assert answer.headers["HX-Retarget"] == "#messages"
    assert answer.headers["HX-Push-Url"] == "false"


def test_why_the_database_did_not_answer_is_logged_without_the_values(client_for, karin, monkeypatch, caplog):
    def fail(*_anything, **_options):
        raise OperationalError(
            "select", {"name": "Amira"}, sqlite3.OperationalError("no such table: openings")
        )

    monkeypatch.setattr("portal.loop.openings.queries.opening_list", fail)

    answer = client_for(karin).get("/openings/")

    assert answer.status_code == 503
    assert "no such table: openings" in caplog.text
    assert "Amira" not in caplog.text


def test_V3_4_2_no_other_site_may_read_an_answer(app, client_for, karin):
    """Static files answer outside Flask's hooks; one of each folder, and a page of each kind of answer."""
    folder = Path(app.static_folder)
    files = {path.parent: path for path in folder.rglob("*.*")}.values()
    paths = [f"/static/{path.relative_to(folder)}" for path in files]
    elsewhere = {"Origin": "https://evil.example"}

    for path in [*paths, "/", "/login", "/openings/", "/openings/?format=csv", "/nowhere", "/healthz"]:
        for browser in (client_for(None), client_for(karin)):
            headers = browser._browser.open(path, headers=elsewhere).headers
            assert not [name for name, _value in headers if name.lower().startswith("access-control")], path
    assert len(paths) > 3
