"""ASVS 13.4: a production start that would be unsafe does not happen, and says why in one line."""

import pytest

from portal.application import create_app
from portal.config import ConfigurationError, load_configuration
from portal.shared.accounts.throttle import UNKNOWN_PROXY, is_nearby
from tests import factories
from tests.support.databases import SETTINGS

SAFE = {
    "PORTAL_ENV": "production",
    "SECRET_KEY": "k" * 40,
    "PORTAL_BASE_URL": "https://portal.example",
    "PORTAL_DEBUG": False,
}

UNSAFE = {
    "no key": ({"SECRET_KEY": ""}, "PORTAL_SECRET_KEY"),
    "a short key": ({"SECRET_KEY": "k" * 31}, "PORTAL_SECRET_KEY"),
    "no address": ({"PORTAL_BASE_URL": ""}, "PORTAL_BASE_URL"),
    "an address without TLS": ({"PORTAL_BASE_URL": "http://portal.example"}, "https"),
    "debug": ({"PORTAL_DEBUG": True}, "FLASK_DEBUG"),
    "an unknown kind": ({"PORTAL_ENV": "prod"}, "PORTAL_ENV"),
}


@pytest.mark.parametrize("what", UNSAFE)
def test_V13_4_2_an_unsafe_production_start_is_refused(what):
    changed, named = UNSAFE[what]

    with pytest.raises(ConfigurationError, match=named):
        load_configuration({**SAFE, **changed})


def test_V13_4_2_a_safe_one_has_cookies_for_tls_only():
    assert load_configuration(SAFE)["SESSION_COOKIE_SECURE"] is True


def test_V3_4_1_over_tls_the_answers_say_so(tmp_path):
    app = create_app({**SETTINGS, **SAFE, "SQLALCHEMY_DATABASE_URI": f"sqlite:///{tmp_path}/none.sqlite"})

    with app.test_client() as browser:
        answer = browser.get("/static/portal.css")
        missing = browser.get("/healthz")

    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert missing.headers["Strict-Transport-Security"].startswith("max-age=")
    assert missing.status_code == 503


# --- A proxy that nobody told the portal of ------------------------------------------------------------------


@pytest.fixture
def unknown_yet(app):
    app.extensions.pop(UNKNOWN_PROXY, None)
    yield
    app.extensions.pop(UNKNOWN_PROXY, None)


def forwarded(browser, *, by="127.0.0.1"):
    return browser.get("/", headers={"X-Forwarded-For": "203.0.113.7"}, environ_base={"REMOTE_ADDR": by})


@pytest.mark.parametrize("email", ["drift@portal.example", "admin@kommune.example"])
@pytest.mark.usefixtures("unknown_yet")
def test_whoever_runs_the_portal_is_told_of_a_proxy_it_does_not_know(client_for, email, caplog):
    browser = client_for(factories.user(email))
    assert "PORTAL_PROXIES" not in browser.get("/").words

    forwarded(client_for(None))
    forwarded(client_for(None))

    assert "PORTAL_PROXIES" in browser.get("/").words
    told = [line for line in caplog.messages if "PORTAL_PROXIES is 0" in line]
    assert len(told) == 1, "once is enough"


@pytest.mark.usefixtures("unknown_yet")
def test_a_header_that_anybody_sends_is_no_proxy(app, client_for):
    forwarded(client_for(None), by="8.8.8.8")

    assert not app.extensions.get(UNKNOWN_PROXY)


@pytest.mark.parametrize("proxies", [1, 2])
@pytest.mark.usefixtures("unknown_yet")
def test_a_proxy_that_is_known_is_no_news(app, client_for, monkeypatch, proxies):
    monkeypatch.setitem(app.config, "PORTAL_PROXIES", proxies)

    forwarded(client_for(None))

    assert not app.extensions.get(UNKNOWN_PROXY)


@pytest.mark.parametrize(("proxies", "is_told"), [(0, True), (1, False)])
def test_a_start_over_tls_without_a_proxy_is_told(tmp_path, caplog, proxies, is_told):
    create_app(
        {
            **SETTINGS,
            **SAFE,
            "PORTAL_PROXIES": proxies,
            "SQLALCHEMY_DATABASE_URI": f"sqlite:///{tmp_path}/none.sqlite",
        }
    )

    assert ("PORTAL_PROXIES is 0" in caplog.text) is is_told


@pytest.mark.parametrize(
    ("address", "is_near"),
    [
        ("127.0.0.1", True),
        ("10.1.2.3", True),
        ("::1", True),
        ("fd00::1", True),
        ("unix:", True),
        ("", True),
        (None, True),
        ("8.8.8.8", False),
        ("2a00:1450:4001::1", False),
        ("nonsense", False),
    ],
)
def test_where_a_proxy_of_ours_can_stand(address, is_near):
    assert is_nearby(address) is is_near
