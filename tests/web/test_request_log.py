"""One line of JSON for each request, and nobody in it."""

import json
import logging
import sqlite3

import pytest
from sqlalchemy.exc import OperationalError

from portal.base.database import db
from portal.shared.audit.models import AuditEntry
from portal.web import request_log
from tests import factories


@pytest.fixture
def lines(app, tmp_path, monkeypatch):
    """What was written so far, read back."""
    file = tmp_path / "requests.log"
    monkeypatch.setitem(app.extensions, "request-log", request_log._lines_to(str(file)))
    yield lambda: [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    logger = logging.getLogger(request_log.LOGGER)
    for handler in list(logger.handlers):
        logger.removeHandler(handler)
        handler.close()


def test_a_line_says_which_page_how_it_went_and_what_it_cost(client_for, karin, lines):
    card = factories.make_card()
    browser = client_for(karin)

    browser.get(f"/cards/{card.id}?q=Zarifa+Haddad")

    line = lines()[-1]
    assert set(line) == request_log.FIELDS
    assert line["route"] == "/cards/<int:card_id>"
    assert (line["method"], line["status"], line["role"]) == ("GET", 200, "consultant")
    assert 0 < line["statements"] <= 12
    assert 0 <= line["milliseconds"] < 60_000
    assert line["fault"] is None


def test_the_line_and_the_audit_name_the_same_request(client_for, karin, lines):
    card = factories.make_card()

    client_for(karin).get(f"/cards/{card.id}")

    seen = db.session.query(AuditEntry).filter_by(is_look=True).order_by(AuditEntry.id.desc()).first()
    assert lines()[-1]["request"] == seen.request_id


def test_nobody_is_in_a_line(client_for, karin, lines, app):
    """No name, no number of a record, no words of a search, no address of a visitor, no secret of a link."""
    citizen = factories.make_citizen("Zarifa", last_name="Haddad", phone="20304050")
    browser = client_for(karin)

    browser.get("/citizens/?q=Zarifa")
    browser.get(f"/citizens/{citizen.id}", headers={"X-Forwarded-For": "203.0.113.7"})
    browser.post(f"/citizens/{citizen.id}/erase", {"name": "Zarifa Haddad"})
    client_for(None).get("/openings/renewal/secret-of-a-link")
    client_for(None).get("/Zarifa/203.0.113.7")

    written = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines())
    assert len(lines()) >= 5
    assert [
        word
        for word in (
            "Zarifa",
            "Haddad",
            "20304050",
            "203.0.113.7",
            "127.0.0.1",
            "secret-of-a-link",
            karin.email,
        )
        if word in written
    ] == []
    for line in lines():
        assert not any(character.isdigit() for character in line["route"])


def test_an_address_that_is_no_page_is_no_route_of_its_own(visitor, lines):
    visitor.get("/wp-admin/setup.php")

    assert lines()[-1]["route"] == request_log.NOWHERE
    assert lines()[-1]["status"] == 404


def test_a_made_up_method_is_not_written(app, lines):
    with app.test_client() as browser:
        browser.open("/", method="ZARIFA")

    assert lines()[-1]["method"] == "other"


def test_the_kind_of_a_fault_is_written_and_not_its_words(visitor, lines, monkeypatch):
    def away(*_args):
        raise OperationalError("SELECT 'Zarifa'", {}, sqlite3.OperationalError("disk I/O error of Zarifa"))

    monkeypatch.setattr("portal.workspaces.home.views.municipalities", away)

    assert visitor.get("/was").status_code == 503
    assert lines()[-1]["fault"] == "OperationalError"
    assert "Zarifa" not in json.dumps(lines())


def test_a_field_that_nobody_judged_is_refused():
    with pytest.raises(ValueError, match="citizen_id"):
        request_log._only_what_may_stand_there(None, "info", {"route": "/", "citizen_id": 7})


def test_the_file_is_closed_to_others_also_after_it_was_moved_away(visitor, lines, tmp_path):
    file = tmp_path / "requests.log"
    visitor.get("/")
    file.rename(tmp_path / "requests.log.1")

    visitor.get("/was")

    assert len(lines()) == 1
    assert file.stat().st_mode & 0o077 == 0


def test_without_the_setting_nothing_is_written(app, visitor):
    assert "request-log" not in app.extensions
    assert visitor.get("/").status_code == 200
