"""What a watchman asks every minute, and whom one tells of a hole."""

from datetime import date, timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families

from portal.base import gauges
from portal.base.database import transaction
from portal.base.marks import MarkName, note
from portal.config import ConfigurationError, load_configuration
from portal.shared.outbox.models import MailState
from portal.workspaces.operation import metrics
from tests.factories import NOW, make_citizen, make_mail

TOKEN = "t" * 40
BEARER = {"headers": {"Authorization": f"Bearer {TOKEN}"}}


@pytest.fixture
def watched(app, monkeypatch, visitor):
    monkeypatch.setitem(app.config, "PORTAL_METRICS_TOKEN", TOKEN)
    return visitor


def numbers(browser):
    """By name and labels, as a watchman reads them."""
    answer = browser.get("/metrics", **BEARER)
    assert answer.status_code == 200
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.get_data(as_text=True))
        for sample in family.samples
    }


def test_without_a_token_in_the_settings_there_is_no_such_page(visitor):
    assert visitor.get("/metrics", **BEARER).status_code == 404


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": f"Bearer {TOKEN}x"}, {"Authorization": "Bearer æøå"}]
)
def test_only_with_the_token(watched, headers):
    answer = watched.get("/metrics", headers=headers)

    assert answer.status_code == 401
    assert not answer.data


def test_answers_are_counted_by_route_and_status(watched):
    def count():
        return numbers(watched).get(("portal_answers_total", "GET", "/was", "200"), 0)

    before = count()
    watched.get("/was")
    watched.get("/was")

    assert count() == before + 2


def test_nobody_is_in_the_numbers(watched, client_for, karin):
    citizen = make_citizen("Zarifa")
    client_for(karin).get(f"/citizens/{citizen.id}?q=Zarifa")

    told = watched.get("/metrics", **BEARER).get_data(as_text=True)

    assert "/citizens/<int:citizen_id>" in told
    assert "Zarifa" not in told


def test_faults_are_counted_by_kind(watched):
    before = numbers(watched).get(("portal_faults_total", "TimeoutError"), 0)

    gauges.faults.labels("TimeoutError").inc()

    assert numbers(watched)["portal_faults_total", "TimeoutError"] == before + 1


@pytest.mark.both_engines
def test_the_installation_says_how_it_is(watched):
    found = numbers(watched)

    assert found["portal_database_up",] == 1
    assert found["portal_schema_fits",] == 1
    assert {key[1] for key in found if key[0] == "portal_mails"} == {one.value for one in MailState}


def test_ages_of_what_is_done_again_and_again(watched):
    with transaction():
        note(MarkName.BACKUP, "/backups/portal-1", at=NOW - timedelta(hours=26))
        note(MarkName.WORKER, "host", at=NOW - timedelta(seconds=30))
        note(MarkName.PURGED, "12", at=NOW - timedelta(days=2))
        note(MarkName.JOURNAL, "anything", at=NOW)

    found = numbers(watched)

    ages = {key[1]: value for key, value in found.items() if key[0] == "portal_seconds_since"}
    assert ages == {"backup": 26 * 3600, "worker": 30, "purged": 2 * 86400}


def test_the_mail_that_has_waited_longest(watched):
    make_mail(due_at=NOW - timedelta(minutes=90))
    make_mail(due_at=NOW + timedelta(minutes=5))

    found = numbers(watched)

    assert found["portal_mail_waits_seconds",] == 90 * 60
    assert found["portal_mails", "waiting"] == 2


def test_a_writers_wait_for_the_lock_is_measured(app, watched):
    before = numbers(watched)["portal_lock_wait_seconds_count",]

    with transaction():
        note(MarkName.WORKER, "host", at=NOW)

    assert numbers(watched)["portal_lock_wait_seconds_count",] == before + 1


def test_a_lock_that_was_not_got_is_counted():
    before = gauges.locks_not_got._value.get()

    with pytest.raises(TimeoutError), gauges.waiting_for_the_lock():
        raise TimeoutError

    assert gauges.locks_not_got._value.get() == before + 1


def test_what_the_process_counted_is_told_while_the_database_is_away(watched, monkeypatch):
    def away():
        raise OSError("no such host")

    monkeypatch.setattr(metrics, "schema_state", away)

    found = numbers(watched)

    assert found["portal_database_up",] == 0
    assert ("portal_schema_fits",) not in found
    assert any(name == "portal_answers_total" for name, *_labels in found)


# --- Whom to tell ----------------------------------------------------------------------------------------------


def test_there_is_no_contact_unless_somebody_set_one(visitor):
    assert visitor.get("/.well-known/security.txt").status_code == 404


def test_the_contact_is_told_with_its_last_day(app, visitor, monkeypatch):
    monkeypatch.setitem(app.config, "PORTAL_SECURITY_CONTACT", "mailto:sikkerhed@kommune.example")
    monkeypatch.setitem(app.config, "PORTAL_SECURITY_EXPIRES", date(2027, 6, 30))

    answer = visitor.get("/.well-known/security.txt")

    assert answer.content_type == "text/plain; charset=utf-8"
    assert answer.get_data(as_text=True).splitlines() == [
        "Contact: mailto:sikkerhed@kommune.example",
        "Expires: 2027-06-30T23:59:59Z",
        "Preferred-Languages: da, en",
        f"Canonical: {app.config['PORTAL_BASE_URL']}/.well-known/security.txt",
    ]


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"PORTAL_METRICS_TOKEN": "short"}, "PORTAL_METRICS_TOKEN"),
        ({"PORTAL_SECURITY_CONTACT": "sikkerhed@kommune.example"}, "mailto:"),
        ({"PORTAL_SECURITY_CONTACT": "mailto:a@b.example"}, "PORTAL_SECURITY_EXPIRES"),
        ({"PORTAL_SECURITY_CONTACT": "mailto:a@b.example\nContact: x"}, "én linje"),
        ({"PORTAL_SECURITY_EXPIRES": date(2027, 6, 30)}, "PORTAL_SECURITY_CONTACT"),
    ],
)
def test_settings_that_would_mislead_are_refused(settings, named):
    with pytest.raises(ConfigurationError, match=named):
        load_configuration(settings)


def test_a_last_day_is_a_day(monkeypatch):
    monkeypatch.setenv("PORTAL_SECURITY_CONTACT", "mailto:a@b.example")
    monkeypatch.setenv("PORTAL_SECURITY_EXPIRES", "30-06-2027")
    with pytest.raises(ConfigurationError, match="2027-06-30"):
        load_configuration()

    monkeypatch.setenv("PORTAL_SECURITY_EXPIRES", "2027-06-30")
    assert load_configuration()["PORTAL_SECURITY_EXPIRES"] == date(2027, 6, 30)


def test_production_writes_of_its_requests_unless_told_not_to(monkeypatch):
    assert load_configuration()["PORTAL_REQUEST_LOG"] == ""
    monkeypatch.setenv("PORTAL_ENV", "production")
    safe = {"SECRET_KEY": "k" * 40, "PORTAL_BASE_URL": "https://portal.example"}

    assert load_configuration(safe)["PORTAL_REQUEST_LOG"] == "-"
    monkeypatch.setenv("PORTAL_REQUEST_LOG", "")
    assert load_configuration(safe)["PORTAL_REQUEST_LOG"] == ""
