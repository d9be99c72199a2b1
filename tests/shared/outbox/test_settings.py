"""Where mails go, by the environment: a folder in development, a named server, or nowhere until one is named."""

import pytest

from portal.config import ConfigurationError, load_configuration

SAFE = {
    "PORTAL_ENV": "production",
    "PORTAL_SECRET_KEY": "k" * 40,
    "PORTAL_BASE_URL": "https://portal.example",
}


def loaded(monkeypatch: pytest.MonkeyPatch, **environment: str) -> dict:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return load_configuration()


@pytest.mark.parametrize(
    ("environment", "way"),
    [
        ({}, "folder"),
        ({"PORTAL_SMTP_HOST": "mail.example"}, "smtp"),
        (SAFE, "none"),
        ({**SAFE, "PORTAL_SMTP_HOST": "mail.example", "PORTAL_MAIL_FROM": "portal@kommune.example"}, "smtp"),
    ],
)
def test_where_mails_go(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], way: str) -> None:
    assert loaded(monkeypatch, **environment)["PORTAL_MAIL"] == way


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({"PORTAL_MAIL_WORKER": "outside"}, "PORTAL_MAIL_WORKER"),
        ({"PORTAL_SMTP_SECURITY": "ssl"}, "PORTAL_SMTP_SECURITY"),
        ({"PORTAL_SMTP_PORT": "0"}, "PORTAL_SMTP_PORT"),
        ({**SAFE, "PORTAL_SMTP_HOST": "mail.example"}, "PORTAL_MAIL_FROM"),
    ],
)
def test_a_setting_that_cannot_work_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], named: str
) -> None:
    with pytest.raises(ConfigurationError, match=named):
        loaded(monkeypatch, **environment)
