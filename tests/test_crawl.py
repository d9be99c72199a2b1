"""Follow every link and send every form, in every role, with good and bad input: never a 500, never a dead end."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup, Tag
from flask import Flask

from portal.base.database import db
from portal.demo.accounts import DEMO_ACCOUNTS
from portal.shared.accounts.models import User
from tests.client import PortalClient
from tests.support.crawl import PER_ENDPOINT, Crawler

PEOPLE = [None, *(account[0] for account in DEMO_ACCOUNTS)]

SAME_FORMS = {"konsulent2@demo.dk", "virksomhed2@demo.dk", "borger2@demo.dk"}
"""Whose forms another has sent; their pages are their own."""

BAD_TEXTS = {
    "empty": "",
    "nul": "a\x00b",
    "too large for a key": str(2**31),
    "far too large": "9" * 400,
    "negative": "-1",
    "long": "æ" * 20_000,
    "not a number": "NaN",
    "markup": "<script>alert(1)</script>{{ 7*7 }}%s%(x)s",
    "half a pair": "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    "direction": "\u202e\u0000\ufeff",
}
BAD_QUERIES = (
    "q=%00&page=0",
    "q=%ff%fe&page=x&status=%00&consultant=%00",
    f"q=%25_%5C&page={'9' * 5000}&sort=nothing&dir=up&from=x&to=%00",
)
FIELD_TEXTS = ("nul", "too large for a key", "long")
"""One of them for each field in turn; all of BAD_TEXTS go into all fields at once."""

KEEP = ("csrf_token", "form_id")


@dataclass(frozen=True)
class Form:
    """A form as it stands on a page."""

    action: str
    method: str
    fields: dict[str, str]


def client_of(app: Flask, email: str | None) -> PortalClient:
    if email is None:
        return PortalClient(app)
    with app.app_context():
        user = db.session.scalars(sa.select(User).where(User.email == email)).one()
        db.session.expunge_all()
    return PortalClient(app, user)


def forms_of(page: BeautifulSoup, here: str) -> list[Form]:
    return [
        Form(str(form.get("action") or here), str(form.get("method", "get")).lower(), values_of(form))
        for form in page.select("form")
    ]


def values_of(form: Tag) -> dict[str, str]:
    """What a browser would send untouched."""
    values: dict[str, str] = {}
    for one in form.select("input[name], textarea[name], select[name]"):
        name = str(one["name"])
        if one.get("type") in ("checkbox", "radio") and not one.has_attr("checked"):
            values.setdefault(name, "")
        elif one.name == "select":
            chosen = one.select_one("option[selected]") or one.select_one("option")
            values[name] = str(chosen.get("value", "")) if chosen else ""
        else:
            values[name] = str(one.get("value") or one.get_text() or "")
    return values


def questions(forms: list[Form]) -> list[str]:
    """Where forms that only ask lead when they are sent untouched."""
    return [
        f"{form.action.partition('#')[0]}?{urlencode({k: v for k, v in form.fields.items() if v})}"
        for form in forms
        if form.method == "get"
    ]


def walk(
    app: Flask, client: PortalClient, *, samples: int = PER_ENDPOINT
) -> tuple[dict[str, list[str]], list[Form]]:
    """All pages of a role, and one form for each address and set of fields."""
    forms: dict[Any, Form] = {}

    def fetch(path: str) -> list[str]:
        answer = client.get(path)
        assert answer.status_code < 400, f"a link leads to {answer.status_code}: {path}"
        if answer.mimetype != "text/html":
            return []
        page = answer.page
        for form in forms_of(page, path):
            endpoint = (re.sub(r"\d+", "#", form.action.partition("?")[0]), tuple(sorted(form.fields)))
            forms.setdefault(endpoint, form)
        return [*(str(link["href"]) for link in page.select("a[href]")), *questions(forms_of(page, path))]

    seen = Crawler(app, fetch, samples).walk()
    return seen, list(forms.values())


ON_BOTH = [email for email in PEOPLE if email not in SAME_FORMS]


@pytest.mark.parametrize(
    ("demo_app", "email"),
    [*(("sqlite", email) for email in PEOPLE), *(("postgresql", email) for email in ON_BOTH)],
    indirect=["demo_app"],
)
def test_every_link_and_form_answers(demo_app: Flask, email: str | None) -> None:
    client = client_of(demo_app, email)
    with demo_app.app_context():
        is_particular = (
            db.engine.name == "postgresql"
        )  # SQLite takes what is too long, too large or holds a NUL

    # The links are the same on both databases: the second one meets a page of each kind
    seen, forms = walk(demo_app, client, samples=1 if is_particular else PER_ENDPOINT)

    for paths in seen.values():
        for number, query in enumerate(BAD_QUERIES):
            address = f"{paths[0]}{'&' if '?' in paths[0] else '?'}{query}"
            assert client.get(address, htmx=number % 2 == 1).status_code < 500, address
    for form in forms if email not in SAME_FORMS else ():
        send_badly(client, form, one_by_one=is_particular)


def send_badly(client: PortalClient, form: Form, *, one_by_one: bool) -> None:
    """All fields go wrong at once, then one after the other."""
    if form.method == "get" or form.action.endswith("/logout"):
        return
    names = [name for name in form.fields if name not in KEEP]
    for what, text in BAD_TEXTS.items():
        everything = dict.fromkeys(names, text)
        assert client.post(form.action, everything).status_code < 500, f"{what} in {form.action}"
    for place, name in enumerate(names if one_by_one else ()):
        what = FIELD_TEXTS[place % len(FIELD_TEXTS)]
        bad = {**{n: form.fields[n] for n in names}, name: BAD_TEXTS[what]}
        assert client.post(form.action, bad, htmx=True).status_code < 500, (
            f"{what} in {name} of {form.action}"
        )


@pytest.mark.parametrize(
    "path", ["/nothing", "/openings/2147483648", "/cards/99999999999999999999999", "/%00", "/%ff"]
)
def test_no_such_page(demo_app: Flask, path: str) -> None:
    assert client_of(demo_app, "konsulent@demo.dk").get(path).status_code == 404


@pytest.mark.parametrize("demo_app", ["sqlite"], indirect=True)  # the links are the same on both
def test_every_page_is_reached_by_somebody(demo_app: Flask) -> None:
    """A page without a link to it is a dead end seen from the other side."""
    reached: set[str] = set()
    for email in PEOPLE:
        reached |= set(walk(demo_app, client_of(demo_app, email))[0])

    pages = {
        rule.endpoint
        for rule in demo_app.url_map.iter_rules()
        if "GET" in (rule.methods or set()) and rule.endpoint not in REACHED_OTHERWISE
    }
    assert sorted(pages - reached) == []


REACHED_OTHERWISE: frozenset[str] = frozenset(
    {
        "static",
        "home.healthz",  # for machines
        "accounts.reset",  # by a one-time link
        "accounts.choose_password",  # by the link of a mail
        "mine.enter",  # by the QR code of a paper
        "consents.shared",  # by signed links
        "assessments.workplace",
        "employers.accept",
        "openings.renew_by_link",
        "answers.proposal",
        "outbox.stop",
        "amendments.correct",  # from a number that has not begun to hold, which the reference file need not have
        "vitas.print_sheet",  # from a sheet that somebody has begun, which few samples need not meet
        "posting.reach",  # taken in by each screen of the step form
        "employers.registered",  # after registering
        "placements.plan",  # from a match that all three said yes to, which few samples need not meet
        "imports.preview",  # after an upload
        "imports.errors",
        "matches.best_for_card",  # taken in by the card's and the opening's page
        "matches.best_for_opening",
        "matches.suggestion",  # after an answer, without JavaScript
        "reviews.match_record",  # from a suggestion that is decided, which few samples need not meet
        "reviews.print_record",
        "consents.link",  # from a permission that was given, which few samples need not meet
        "meetings.print_cards",  # of cards that somebody chose
    }
)
"""Pages that no link of the demo municipality leads to, and how one gets there."""
