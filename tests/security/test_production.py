"""ASVS 13.4: a production start that would be unsafe does not happen, and says why in one line."""

import pytest

from portal.application import create_app
from portal.config import ConfigurationError, load_configuration
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
