"""Pages that open to whoever has their address are kept by no browser and no proxy."""

from uuid import uuid4

import pytest
from flask import Flask, redirect
from werkzeug.routing import UnicodeConverter

from portal.base.database import Submission, db
from portal.shared.outbox.letters import Link
from portal.web.links import SECRET_ARGUMENTS
from tests.client import PortalClient
from tests.factories import make_mail
from tests.support.answering import step_of

OPEN_ARGUMENTS = {
    "change_kind",
    "file_kind",
    "filename",
    "industry",
    "key",
    "measure",
    "name",
    "party",
    "step",
    "subject",
}
"""Words in addresses that say which of a few things is meant."""


def worded(app: Flask) -> set[tuple[str, str]]:
    return {
        (rule.endpoint, name)
        for rule in app.url_map.iter_rules()
        for name, converter in rule._converters.items()
        if type(converter) is UnicodeConverter
    }


def test_every_word_in_an_address_is_known_as_secret_or_not(app: Flask):
    assert {name for _endpoint, name in worded(app)} - OPEN_ARGUMENTS == SECRET_ARGUMENTS


def test_no_secret_opens_what_needs_a_login_as_well(app: Flask, visitor: PortalClient):
    """Otherwise the link in a mail or on paper would lead its reader to the login page."""
    for endpoint, name in worded(app):
        rule = next(app.url_map.iter_rules(endpoint))
        if name in SECRET_ARGUMENTS and "GET" in (rule.methods or set()):
            answer = visitor.get(rule.rule.replace(f"<{name}>", "guessed"))
            assert answer.status_code in (404, 410, 200), endpoint


@pytest.mark.parametrize("known", [False, True], ids=["visitor", "consultant"])
def test_a_page_with_a_secret_address_is_not_kept(app: Flask, karin, known: bool):
    browser = PortalClient(app, karin if known else None)

    for endpoint, name in worded(app):
        rule = next(app.url_map.iter_rules(endpoint))
        if name in SECRET_ARGUMENTS and "GET" in (rule.methods or set()):
            answer = browser.get(rule.rule.replace(f"<{name}>", "guessed"))
            assert answer.headers["Cache-Control"] == "no-store", endpoint


@pytest.mark.parametrize("led_to_another", [False, True])
def test_V14_2_1_no_table_keeps_what_opens_a_page(
    app: Flask, visitor: PortalClient, monkeypatch: pytest.MonkeyPatch, led_to_another: bool
) -> None:
    """The repeat is led to its own page, or, where the first one led to a link of another page, to the front page."""
    mail = make_mail()
    stop = Link.read(mail.links["stop"]).address().removeprefix(app.config["PORTAL_BASE_URL"])
    if led_to_another:
        monkeypatch.setattr(
            "portal.shared.outbox.views.redirect", lambda *_any: redirect("/password/a-secret", 303)
        )
    form_id = str(uuid4())
    form = step_of(visitor, stop, "stop")
    assert form is not None
    ticket = form.select_one("input[name=ticket]")
    assert ticket is not None
    sent = {"ticket": str(ticket["value"]), "send": "stop"}

    answers = [visitor.post(stop, sent, form_id=form_id) for _click in range(2)]

    first = "/password/a-secret" if led_to_another else stop
    assert [answer.location for answer in answers] == [first, "/" if led_to_another else stop]
    kept = db.session.get_one(Submission, form_id).location
    assert stop.rpartition("/")[2] not in kept
    assert "a-secret" not in kept
