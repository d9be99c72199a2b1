"""Only a POST changes anything: every method is sent to every route, and the database is as it was.

Mail scanners, link previews and prefetching browsers ask by GET and HEAD for whatever they find in a mail. The routes
come from the URL map; a link of every purpose is real, and opens.
"""

from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from flask import Flask, url_for
from werkzeug.routing import Rule

from portal.base import clock
from portal.base.database import db, transaction
from portal.loop.openings.models import Opening
from portal.web.links import SECRET_ARGUMENTS, LinkPurpose
from portal.workspaces.home.services import make_calendar_address
from tests import factories
from tests.client import PortalClient, PortalResponse
from tests.support.links import links_of, password_token
from tests.test_roles import ROLES, Scene, full_stage

pytestmark = pytest.mark.slow

NEVER = ("PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "BREW")
"""What no route of ours answers."""

SENT = {
    "form_id": "8f7a1f6e-3d0f-4f0a-9a51-0c2a4f0e8a11",
    "reason": "other",
    "answer": "yes",
    "decision": "yes",
}
"""A form in a request that must not be read as one."""


class Watched:
    """Notices whatever anybody else stores in the file, in microseconds."""

    def __init__(self) -> None:
        self._connection = db.engine.raw_connection()
        self._seen = self._version()

    def _version(self) -> int:
        return int(self._connection.execute("PRAGMA data_version").fetchone()[0])

    def changed(self) -> bool:
        before, self._seen = self._seen, self._version()
        return before != self._seen

    def close(self) -> None:
        self._connection.close()


@pytest.fixture
def watched(app: Flask) -> Iterator[Watched]:
    db.session.rollback()
    with closing(Watched()) as made:
        yield made


def real_links(app: Flask, scene: Scene) -> dict[LinkPurpose, str]:
    """What each purpose's mail or paper had in it."""
    about: dict[LinkPurpose, tuple[Any, ...]] = {
        LinkPurpose.CARD: (scene.values["consent_id"],),
        LinkPurpose.CODE_PAGE: ("da",),
        LinkPurpose.REFERRAL: (scene.values["employer_id"],),
    }
    there = {
        LinkPurpose.ASSESSMENT: "link",
        LinkPurpose.RENEWAL: "renewal",
        LinkPurpose.INVITATION: "invitation",
        LinkPurpose.PROPOSAL: "proposal_link",
        LinkPurpose.CONFIRMATION: "confirmation",
        LinkPurpose.STOP_MAIL: "stop_link",
        LinkPurpose.MENTOR: "mentor_link",
        LinkPurpose.SETTLEMENT: "settlement_link",
    }
    ends = clock.now() + timedelta(days=1)
    made = {purpose: links_of(app).sign(purpose, *what, expires_at=ends) for purpose, what in about.items()}
    made |= {purpose: str(scene.values[name]) for purpose, name in there.items()}
    made[LinkPurpose.FORGOTTEN] = forgotten_link(app, scene)
    return made


def forgotten_link(app: Flask, scene: Scene) -> str:
    return password_token(app, scene.people["employer"])


def addresses(app: Flask, rule: Rule, scene: Scene, links: dict[LinkPurpose, str]) -> list[str]:
    """With the scene's own ids; a route that takes a link is asked with all of `links` and its own."""
    secret = sorted(SECRET_ARGUMENTS & rule.arguments)
    values = {name: scene.values[name] for name in rule.arguments}
    with app.test_request_context():
        if not secret:
            return [url_for(rule.endpoint, **values)]
        tokens = {*links.values(), str(values[secret[0]])}
        return [url_for(rule.endpoint, **{**values, secret[0]: token}) for token in tokens]


def ask(browser: PortalClient, method: str, url: str, *, htmx: bool) -> PortalResponse:
    return browser._send(method, url, htmx=htmx, data=SENT if method != "GET" else None)


@pytest.fixture
def scene(app: Flask) -> Scene:
    own, _ = full_stage()
    with transaction():
        opening = db.session.get_one(Opening, own.values["opening_id"])
        opening.starts_on = opening.expires_on = date.fromisoformat("2026-12-01")
    return own


@pytest.fixture
def links(app: Flask, scene: Scene) -> dict[LinkPurpose, str]:
    made = real_links(app, scene)
    scene.values |= {"password_link": made[LinkPurpose.FORGOTTEN], "token": made[LinkPurpose.CARD]}
    with transaction():
        karin = db.session.merge(scene.people["consultant"])
        scene.values["calendar_secret"] = make_calendar_address(karin, at=factories.NOW)
    return made


@pytest.fixture
def browsers(app: Flask, scene: Scene) -> dict[str, PortalClient]:
    return {role: PortalClient(app, scene.people.get(role)) for role in ROLES}


def rules(app: Flask) -> list[Rule]:
    return sorted(app.url_map.iter_rules(), key=lambda rule: rule.endpoint)


def test_every_link_of_the_test_is_real(app, scene, links, browsers):
    """Else the tests below would ask for nothing."""
    opened = {
        rule.endpoint: [
            browsers["visitor"].get(url).status_code for url in addresses(app, rule, scene, links)
        ].count(200)
        for rule in rules(app)
        if SECRET_ARGUMENTS & rule.arguments and "GET" in (rule.methods or ())
    }

    assert set(links) == set(LinkPurpose)
    assert {endpoint: count for endpoint, count in opened.items() if not count} == {}


def test_head_changes_nothing(app, scene, links, browsers, watched):
    """Nor does it leave a look: nobody saw anything. It says what GET would say, without a word of it."""
    for number, (rule, (role, browser)) in enumerate(product(rules(app), browsers.items())):
        for url in addresses(app, rule, scene, links if role == "visitor" else {}):
            head = ask(browser, "HEAD", url, htmx=number % 2 == 0)
            assert not watched.changed(), f"HEAD {url} as {role}"
            assert head.get_data() == b""
            assert "Content-Disposition" not in head.headers
            assert head.status_code < 500, url
            if role == "consultant" and "GET" in (rule.methods or ()):
                assert head.status_code == browser.get(url, htmx=number % 2 == 0).status_code, url
                watched.changed()


def test_no_route_takes_any_other_method(app, scene, browsers, watched):
    for number, rule in enumerate(rules(app)):
        assert set(rule.methods or ()) <= {"GET", "HEAD", "OPTIONS", "POST"}
        (url,) = addresses(app, rule, scene, {})
        for method in ("OPTIONS", NEVER[number % len(NEVER)]):
            assert ask(browsers["consultant"], method, url, htmx=False).status_code < 500, f"{method} {url}"
        assert not watched.changed(), f"{method} {url}"


def test_a_scanner_that_opens_a_renewal_by_head_renews_nothing(app, scene, links):
    path = f"/openings/renewal/{links[LinkPurpose.RENEWAL]}"

    answer = ask(PortalClient(app), "HEAD", path, htmx=False)

    assert answer.status_code == 200
    page = PortalClient(app).get(path).page
    assert page.select_one("main a[href$='?answer=renew']")


def test_head_tells_nobody_whether_a_search_found_somebody(app, karin):
    """The search takes case numbers too: letter by letter one could be read out of the length of unseen pages."""
    factories.make_citizen("Zahrabibi", case_reference="26/4711")
    browser = PortalClient(app, karin)

    found, missed = (ask(browser, "HEAD", f"/citizens/?q=Haddad+26/{at}", htmx=False) for at in (4, 9))

    assert found.status_code == missed.status_code == 200
    assert dict(found.headers) == dict(missed.headers)


def test_a_transaction_is_refused_while_a_page_is_read(app):
    """Whoever writes a view that stores something by GET meets this before anybody else does."""
    with app.test_request_context("/"):
        app.preprocess_request()
        with pytest.raises(RuntimeError, match="reads"), transaction():
            pass


def test_head_keeps_what_the_next_page_was_to_say(app, scene):
    """The message of a form waits in the cookie for the page, and not for a machine that asks beforehand."""
    browser = PortalClient(app, scene.people["citizen"])
    browser.post("/logout")

    ask(browser, "HEAD", "/", htmx=False)

    assert "logget ud" in browser.get("/login").get_data(as_text=True).lower()
