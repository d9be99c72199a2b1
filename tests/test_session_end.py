"""Whatever form is sent after its writer's login has ended comes back filled in to her, and to nobody else.

The forms are those on the pages of the stage of `test_double_click`; nobody keeps a list of them.
"""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup, Tag
from flask import Flask

from portal.base.database import db
from portal.web.permissions import Action, action_of
from tests import factories
from tests.client import PortalClient
from tests.support.databases import Stage
from tests.support.forms import FILLINGS, Kind, Sending, fill_in, post_forms
from tests.test_double_click import Browsers, Page, ask, send
from tests.test_roles import EXPECTED, ROLES

pytestmark = pytest.mark.slow

LATER = factories.NOW + timedelta(minutes=40)

WITHOUT_WORDS = frozenset({"mine.language", "accounts.stay", "accounts.logout"})
"""A choice that leads on at once, and buttons that only say that she is there, or goes."""


def every_form_met(app: Flask, browsers: Browsers) -> Iterator[tuple[str, Kind, Tag, str]]:
    """Each form that somebody meets on the stage's pages, once, with who meets it and where."""
    seen: set[Kind] = set()
    for role in ROLES:
        browser = browsers.fresh(role)
        for page in pages_of(app, browsers, role):
            url = browsers.url(page)
            answer = ask(browser, url)
            if answer.mimetype != "text/html" or answer.status_code >= 400:
                continue
            for kind, form in post_forms(app, answer.data):
                if kind not in seen:
                    seen.add(kind)
                    yield role, kind, form, url


def is_private(app: Flask, kind: Kind) -> bool:
    return action_of(app.view_functions[kind.endpoint]) is not Action.PUBLIC


def pages_of(app: Flask, browsers: Browsers, role: str) -> Iterator[Page]:
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()):
            continue
        if EXPECTED[rule.endpoint, "GET"].own[ROLES.index(role)] == "Y":
            yield Page(rule.endpoint, 0)
        for number, (comer, names) in enumerate(browsers.comers, 1):
            if comer == role and names & rule.arguments:
                yield Page(rule.endpoint, number)


def typed_in(form: Tag) -> dict[str, list[str]]:
    """What a reader sees standing in a form's fields."""
    found: dict[str, list[str]] = {}
    for one in form.select("input[name], textarea[name], select[name]"):
        kind, name = str(one.get("type", "text")), str(one["name"])
        if kind in ("hidden", "password", "file"):
            continue
        if kind in ("radio", "checkbox"):
            if one.has_attr("checked"):
                found.setdefault(name, []).append(str(one.get("value", "y")))
        elif one.name == "select":
            found[name] = [
                as_written(str(option.get("value", ""))) for option in one.select("option[selected]")
            ]
        else:
            found[name] = [as_written(str(one.get("value") or one.get_text()).strip())]
    return found


def as_written(text: str) -> str:
    """A day as a field writes it, however it was typed."""
    day = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", text)
    return f"{day[3]}-{day[2]}-{day[1]}" if day else text


def what_is_lost(form: Tag, sending: Sending, page: str) -> dict[str, tuple[list[str], list[str]]]:
    """The fields whose words do not stand in the same form of the page."""
    visible = {
        str(one["name"])
        for one in form.select(
            "input:not([type=hidden]):not([type=password]):not([type=file]), textarea, select"
        )
        if one.has_attr("name")
    }
    wanted = {
        name: [as_written(str(value)) for value in values]
        for name, values in sending.values.items()
        if name in visible
    }
    wanted = {name: values for name, values in wanted.items() if any(values)}
    forms = BeautifulSoup(page, "html.parser").select(f'form[action="{form["action"]}"]')
    best = wanted
    found = {name: ([], []) for name in wanted}
    for one in forms:
        there = typed_in(one)
        lost = {
            name: (values, there.get(name, []))
            for name, values in wanted.items()
            if there.get(name, []) != values
        }
        if len(lost) < len(best) or found == {}:
            best = {name: [] for name in lost}
            found = lost
        if not lost:
            return {}
    return found if wanted else {}


def after_the_end(browsers: Browsers, role: str, sending: Sending, here: str):
    """What the login page says, and what its writer then sees."""
    browser = browsers.fresh(role)
    with time_machine.travel(LATER, tick=False):
        refused = send(browser, sending)
        sealed = BeautifulSoup(refused.data, "html.parser").select_one("input[name=sealed]")
        return browser, refused, None if sealed is None else str(sealed["value"])


def test_every_form_comes_back_filled(sqlite_stage: Stage, frozen_clock: None) -> None:
    app = sqlite_stage.app
    lost = []
    with app.app_context():
        browsers = Browsers(sqlite_stage)
        for role, kind, form, url in every_form_met(app, browsers):
            if kind.endpoint in WITHOUT_WORDS or not is_private(app, kind):
                continue
            sending = fill_in(form, FILLINGS[0], browsers.known)
            browser, refused, sealed = after_the_end(browsers, role, sending, url)
            if refused.status_code != 401 or not sealed:
                lost.append(f"{kind}: not sealed, {refused.status_code}")
                continue
            with time_machine.travel(LATER, tick=False):
                sign_in_again(browsers, browser, role)
                answer = browser.post("/login", {"sealed": sealed})
            gone = what_is_lost(form, sending, answer.get_data(as_text=True))
            if gone or answer.status_code not in (200, 422, 303):
                lost.append(f"{kind}: {answer.status_code} lost {gone}")
        db.session.remove()

    assert lost == [], "\n".join(lost)


def sign_in_again(browsers: Browsers, browser: PortalClient, role: str) -> None:
    browser.sign_in(browsers.people[role])
