"""What `flask doctor` says of what stands around the portal: its address, proxies, mail server, clock and key."""

import ssl
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import time_machine
from werkzeug.middleware.proxy_fix import ProxyFix

from portal.base.database import db, transaction
from portal.base.marks import MarkName, note
from portal.shared.accounts import throttle
from portal.workspaces.operation import surroundings
from tests.factories import NOW
from tests.shared.outbox.smtp import free_port, mail_server
from tests.support import nginx

PUBLIC = {"PORTAL_BASE_URL": "https://portal.example", "PORTAL_ENV": "production", "PORTAL_PROXIES": 1}
DRAWN = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


@pytest.fixture
def public(app, monkeypatch):
    """As in production behind one proxy, with settings of its own."""

    def with_settings(**settings):
        for name, value in {**PUBLIC, "SECRET_KEY": DRAWN, **settings}.items():
            monkeypatch.setitem(app.config, name, value)
        return app

    return with_settings


def faults(check, at: datetime = NOW) -> list[str]:
    db.session.rollback()
    return list(check(at))


# --- Settings and the address ----------------------------------------------------------------------------------------


@pytest.mark.one_engine
@pytest.mark.parametrize(
    "key", ["change-me-change-me-change-me-change-me", "hemmelig" * 5, "k" * 64, "0123456789" * 5]
)
def test_a_key_that_somebody_made_up_is_said(public, key):
    public(SECRET_KEY=key)

    assert ["PORTAL_SECRET_KEY" in one for one in faults(surroundings.settings)] == [True]


@pytest.mark.one_engine
@pytest.mark.parametrize("key", [DRAWN, DRAWN[:32], "Zk4v1n0oHq8lTz2mRr7xJw5yBc9dEf3g"])
def test_a_key_that_was_drawn_is_well(public, key):
    public(SECRET_KEY=key)

    assert faults(surroundings.settings) == []


@pytest.mark.one_engine
def test_a_portal_on_the_net_that_is_not_in_production(public):
    public(PORTAL_ENV="development", SECRET_KEY="only for me, but on the net")

    assert ["PORTAL_ENV=production" in one for one in faults(surroundings.settings)] == [True]


@pytest.mark.one_engine
@pytest.mark.parametrize("check", [surroundings.settings, surroundings.reached, surroundings.proxies])
def test_a_developers_portal_is_nobodys_trouble(app, check):
    assert faults(check) == []


class _Healthy(BaseHTTPRequestHandler):
    status = 200

    def do_GET(self) -> None:
        self.send_response(self.status if self.path == "/healthz" else 404)
        self.end_headers()

    def log_request(self, code: Any = "-", size: Any = "-") -> None:
        pass


class _Ill(_Healthy):
    status = 503


@pytest.fixture
def by_tls(tmp_path: Path, monkeypatch, public) -> Iterator[Any]:
    """Serves over TLS at the portal's address, with a certificate that this machine trusts."""
    nginx.write_certificate(tmp_path, ["localhost"])
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "fullchain.pem"))
    servers = []

    def serve(handler: type[BaseHTTPRequestHandler]) -> None:
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        speaks = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        speaks.load_cert_chain(tmp_path / "fullchain.pem", tmp_path / "privkey.pem")
        server.socket = speaks.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        public(PORTAL_BASE_URL=f"https://localhost:{server.server_port}")

    yield serve
    for server in servers:
        server.shutdown()


@pytest.mark.one_engine
def test_a_portal_that_answers_at_its_address_is_well(by_tls):
    by_tls(_Healthy)

    assert faults(surroundings.reached) == []


@pytest.mark.one_engine
def test_one_that_says_it_cannot_work(by_tls):
    by_tls(_Ill)

    assert ["503" in one for one in faults(surroundings.reached)] == [True]


@pytest.mark.one_engine
@pytest.mark.parametrize(("days_before", "is_said"), [(13, True), (15, False)])
def test_a_certificate_that_ends_soon(by_tls, days_before, is_said):
    by_tls(_Healthy)
    ends_at = nginx.real_now() + timedelta(days=nginx.CERTIFICATE_DAYS)

    told = faults(surroundings.reached, at=ends_at - timedelta(days=days_before))

    assert [one.startswith("Certifikatet udløber") for one in told] == [True] * is_said


@pytest.mark.one_engine
def test_a_certificate_that_nobody_trusts(by_tls, monkeypatch):
    by_tls(_Healthy)
    monkeypatch.delenv("SSL_CERT_FILE")

    assert ["Certifikatet for localhost duer ikke" in one for one in faults(surroundings.reached)] == [True]


@pytest.mark.one_engine
def test_an_address_where_nobody_answers(public):
    public(PORTAL_BASE_URL=f"https://localhost:{free_port()}")

    assert ["kan ikke nås" in one for one in faults(surroundings.reached)] == [True]


# --- Who seems to come -----------------------------------------------------------------------------------------------


def test_who_signs_in_through_a_proxy_of_the_right_number_is_no_trouble(public):
    tried_from("203.0.113.7", public())

    assert faults(surroundings.proxies) == []


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_somebody_from_the_portals_own_machine_means_a_wrong_number(public, address):
    tried_from(address, public(PORTAL_PROXIES=2))

    assert ["PORTAL_PROXIES (2)" in one for one in faults(surroundings.proxies)] == [True]
    assert faults(surroundings.proxies, at=NOW + timedelta(days=2)) == [], "it was put right since"


def tried_from(address: str, app) -> None:
    with transaction():
        counted = {"password-address": throttle.connection(address)}
        throttle.count(counted, at=NOW, config=app.config)
        throttle.take_back(counted, config=app.config)


def test_with_two_proxies_told_of_and_one_there_a_visitor_is_that_one(public, karin, client_for):
    """What the check above stands on: the page itself, asked as nginx asks."""
    app = public()
    ends = app.wsgi_app
    app.wsgi_app = ProxyFix(ends, x_for=2)
    try:
        client_for(None).post(
            "/login",
            {"email": karin.email, "password": "wrong"},
            headers={"X-Forwarded-For": "203.0.113.7"},
            environ_base={"REMOTE_ADDR": "127.0.0.1"},
        )
    finally:
        app.wsgi_app = ends

    assert len(faults(surroundings.proxies)) == 1


# --- The mail server and the clock -----------------------------------------------------------------------------------


@pytest.mark.one_engine
def test_no_mail_server(public):
    public(PORTAL_MAIL="none")

    assert ["PORTAL_SMTP_HOST" in one for one in faults(surroundings.mail_server)] == [True]


@pytest.mark.one_engine
def test_a_mail_server_that_lets_us_in_and_gets_no_mail(public):
    with mail_server() as post:
        public(
            PORTAL_MAIL="smtp",
            PORTAL_SMTP_HOST="127.0.0.1",
            PORTAL_SMTP_PORT=post.port,
            PORTAL_SMTP_SECURITY="none",
        )

        assert faults(surroundings.mail_server) == []
        assert post.mails == []


@pytest.mark.one_engine
@pytest.mark.parametrize("settings", [{"PORTAL_SMTP_SECURITY": "starttls"}, {"PORTAL_SMTP_PORT": 1}])
def test_a_mail_server_that_does_not(public, settings):
    """It has no TLS, or nobody is there."""
    with mail_server() as post:
        there = {
            "PORTAL_SMTP_HOST": "127.0.0.1",
            "PORTAL_SMTP_PORT": post.port,
            "PORTAL_SMTP_SECURITY": "none",
        }
        public(**{"PORTAL_MAIL": "smtp", **there, **settings})

        assert ["tager ikke imod os" in one for one in faults(surroundings.mail_server)] == [True]


@pytest.mark.parametrize(("minutes", "is_said"), [(1, False), (3, True)])
def test_a_clock_that_was_set_back(app, monkeypatch, minutes, is_said):
    monkeypatch.setattr(surroundings, "clock_of_the_database", lambda: None)
    with transaction():
        note(MarkName.WORKER, "host", at=NOW)

    told = faults(surroundings.clocks, at=NOW - timedelta(minutes=minutes))

    assert ["Uret siger" in one for one in told] == [True] * is_said


@pytest.mark.postgres
@pytest.mark.parametrize("current_stage", ["postgresql"], indirect=True)
def test_a_database_whose_clock_says_otherwise(app):
    """Its clock is the real one, and ours is frozen."""
    assert ["Databasens ur" in one for one in faults(surroundings.clocks)] == [True]
    with time_machine.travel(surroundings.clock_of_the_database(), tick=False):
        assert faults(surroundings.clocks, at=datetime.now(NOW.tzinfo)) == []
