"""An operator changes a key while people work: who is signed in goes on, and what was leaked stops."""

import stat
from datetime import timedelta

import pytest
import time_machine

from portal.base.database import db
from portal.base.keys import KeyPurpose
from portal.loop.citizens.entries import known_position
from portal.web.links import LinkPurpose
from tests.factories import NOW
from tests.support.links import links_of


@pytest.fixture
def run(app):
    return lambda *words: app.test_cli_runner().invoke(args=list(words))


@pytest.fixture(autouse=True)
def own_keys(app, tmp_path, monkeypatch):
    """No other test's rotation is seen, and this one's by no other."""
    ring = type(app.config["KEYS"])(app.config["SECRET_KEY"], tmp_path / "keys.json")
    monkeypatch.setitem(app.config, "KEYS", ring)
    monkeypatch.setattr(app.config["WTF_CSRF_SECRET_KEY"], "_ring", ring)
    return ring


def test_whoever_is_signed_in_goes_on_during_a_rotation(client_for, karin, run):
    browser = client_for(karin)
    assert browser.get("/citizens/").status_code == 200

    assert run("rotate-key", "sessions").exit_code == 0

    assert browser.get("/citizens/").status_code == 200
    fields = {"case_reference": "26/7", "first_name": "Amira", "last_name": "Haddad"}
    assert browser.post("/citizens/new", fields).status_code == 303


def test_a_form_rendered_before_a_rotation_can_be_sent_after_it(client_for, karin, run):
    browser = client_for(karin)
    page = browser.get("/citizens/new").page
    token = page.select_one("main form input[name=csrf_token]")["value"]

    run("rotate-key", "sessions")

    fields = {"case_reference": "26/7", "first_name": "Amira", "last_name": "Haddad", "csrf_token": token}
    assert browser.post("/citizens/new", fields, csrf=False).status_code == 303


def test_after_the_overlap_the_old_cookie_is_nobodys(client_for, karin, own_keys):
    browser = client_for(karin)
    assert browser.get("/citizens/").status_code == 200

    own_keys.rotate(KeyPurpose.SESSIONS, at=NOW - timedelta(hours=13), overlap=timedelta(hours=12))

    assert browser.get("/citizens/").status_code == 303


def test_a_leaked_key_is_changed_at_once(client_for, karin, run):
    browser = client_for(karin)
    assert browser.get("/citizens/").status_code == 200

    assert run("rotate-key", "all", "--at-once").exit_code == 0

    assert browser.get("/citizens/").status_code == 303


def test_a_mailed_link_opens_until_its_overlap_is_over(app, visitor, run):
    ends = NOW + timedelta(days=500)
    path = "/mine/enter/" + links_of(app).sign(LinkPurpose.CODE_PAGE, "ar", expires_at=ends)

    run("rotate-key", "links")

    assert visitor.get(path).status_code == 200
    with time_machine.travel(NOW + timedelta(days=368), tick=False):
        assert visitor.get(path).status_code == 404


def test_the_journals_old_key_is_kept_whatever_is_said(app, run):
    before = app.config["KEYS"].generations(KeyPurpose.JOURNAL)

    run("rotate-key", "journal", "--at-once")

    assert app.config["KEYS"].generations(KeyPurpose.JOURNAL)[:-1] == before


def test_the_keys_are_listed_with_their_age_and_without_their_secret(app, run):
    run("rotate-key", "links")

    with time_machine.travel(NOW + timedelta(days=40), tick=False):
        shown = run("keys").output

    assert "40 dage gammel" in shown
    assert "læses til" in shown
    for purpose in KeyPurpose:
        assert purpose.value in shown
        assert app.config["KEYS"].signing(purpose).secret not in shown


def test_where_nothing_can_be_written_the_command_says_what_to_do(app, run, tmp_path):
    (tmp_path / "file").write_text("")
    app.config["KEYS"].file = tmp_path / "file" / "keys.json"

    answer = run("rotate-key", "links")

    assert answer.exit_code == 1
    assert "PORTAL_KEYS" in answer.output


def test_the_file_of_keys_is_closed_to_others(app, run):
    run("rotate-key", "all")

    assert stat.S_IMODE(app.config["KEYS"].file.stat().st_mode) == 0o600


def test_a_journal_that_is_lost_for_good_is_begun_anew_after_a_question(app, run, karin):
    journal = app.config["JOURNAL"]
    refused = run("begin-journal")
    assert refused.exit_code == 1
    assert not journal.exists()

    begun = run("begin-journal", "--yes")

    assert begun.exit_code == 0
    assert journal.read().lines == ()
    db.session.rollback()
    assert known_position() == journal.read().position
