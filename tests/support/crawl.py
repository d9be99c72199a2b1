"""What the people of the demo municipality meet: every page a role can reach by following links, and its forms.

A walk is made once for a run and kept in a file, so that the tests that look at pages and forms can share the work out.
"""

import fcntl
import json
import re
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urldefrag, urlencode, urlsplit

import sqlalchemy as sa
from bs4 import BeautifulSoup, Tag
from flask import Flask
from werkzeug.exceptions import HTTPException

from portal.base.database import db
from portal.demo.accounts import DEMO_ACCOUNTS
from portal.shared.accounts.models import User
from tests.client import PortalClient

PEOPLE = [None, *(account[0] for account in DEMO_ACCOUNTS)]
PER_ENDPOINT = 3
"""Pages of one endpoint differ by their data; a few samples find what one would miss."""


AS_WORKBOOK = "format=xlsx"
"""The rows of the list's other file, which are read; tests/web/test_listing.py reads a workbook."""


class Crawler:
    """Breadth first from the front page. `fetch(path)` returns the page's links and whatever the caller keeps."""

    def __init__(
        self, app: Flask, fetch: Callable[[str], list[str]], per_endpoint: int = PER_ENDPOINT
    ) -> None:
        self._urls = app.url_map.bind("localhost")
        self._fetch = fetch
        self._per_endpoint = per_endpoint
        self.seen: dict[str, list[str]] = {}

    def walk(self, start: str = "/") -> dict[str, list[str]]:
        """Endpoint -> the paths that were fetched."""
        waiting = deque([start])
        known = {start}
        while waiting:
            path = waiting.popleft()
            endpoint = self.endpoint(path)
            if endpoint is None or len(self.seen.setdefault(endpoint, [])) >= self._per_endpoint:
                continue
            self.seen[endpoint].append(path)
            for link in self._inside(self._fetch(path)):
                if link not in known:
                    known.add(link)
                    waiting.append(link)
        return self.seen

    def endpoint(self, path: str) -> str | None:
        """None for what is not a page of ours."""
        try:
            found, _values = self._urls.match(urlsplit(path).path, method="GET")
        except HTTPException:
            return None
        return None if found == "static" else str(found)

    @staticmethod
    def _inside(links: list[str]) -> Iterator[str]:
        for link in links:
            bare = urldefrag(link).url
            if bare.startswith("/") and not bare.startswith("//") and AS_WORKBOOK not in bare:
                yield bare


@dataclass(frozen=True)
class Form:
    """A form as it stands on a page, with what a browser would send untouched."""

    action: str
    method: str
    fields: dict[str, str]

    @property
    def shape(self) -> str:
        """The same for forms that differ by their data only."""
        return f"{re.sub('[0-9]+', '#', self.action.partition('?')[0])} {sorted(self.fields)}"


@dataclass
class Walk:
    """What one person met."""

    pages: dict[str, list[str]] = field(default_factory=dict)
    """Endpoint -> paths that were fetched."""

    questions: dict[str, str] = field(default_factory=dict)
    """Each way a list can be asked, once: one filter or sorting at a time -> the path that asks it."""

    forms: list[Form] = field(default_factory=list)
    """Forms that write, one of each shape."""

    dead: list[str] = field(default_factory=list)
    """Links that lead to no page."""


LEFT_BY_WALKING = "audit.people"
"""Its samples are of lines that the walk itself left in the log: another municipality does not have them."""


class Walks:
    """By e-mail; None is a visitor."""

    def __init__(self, folder: Path, app: Callable[[], Flask]) -> None:
        self._folder, self._app = folder, app
        folder.mkdir(parents=True, exist_ok=True)

    def of(self, email: str | None) -> Walk:
        kept = self._folder / f"{email}.json"
        with kept.with_suffix(".lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not kept.exists():
                found = walk(self._app(), email)
                kept.write_text(json.dumps(asdict(found)), encoding="utf-8")
        read = json.loads(kept.read_text(encoding="utf-8"))
        return Walk(**{**read, "forms": [Form(**form) for form in read["forms"]]})

    def pages(self) -> list[tuple[str | None, str]]:
        """Each kind of page once, with somebody who may see it."""
        found: dict[str, tuple[str | None, str]] = {}
        for email in PEOPLE:
            for endpoint, paths in self.of(email).pages.items():
                if endpoint != LEFT_BY_WALKING:
                    found.setdefault(endpoint, (email, paths[0]))
        return [found[endpoint] for endpoint in sorted(found)]

    def questions(self) -> list[tuple[str | None, str]]:
        """Each way to ask each list once."""
        found: dict[str, tuple[str | None, str]] = {}
        for email in PEOPLE:
            for question, path in self.of(email).questions.items():
                if question.split()[0] != LEFT_BY_WALKING:
                    found.setdefault(question, (email, path))
        return [found[question] for question in sorted(found)]

    def forms(self) -> list[tuple[str | None, Form]]:
        """Each shape of form once."""
        found: dict[str, tuple[str | None, Form]] = {}
        for email in PEOPLE:
            for form in self.of(email).forms:
                found.setdefault(form.shape, (email, form))
        return [found[shape] for shape in sorted(found)]


def client_of(app: Flask, email: str | None) -> PortalClient:
    if email is None:
        return PortalClient(app)
    with app.app_context():
        user = db.session.scalars(sa.select(User).where(User.email == email)).one()
        db.session.expunge_all()
    return PortalClient(app, user)


def walk(app: Flask, email: str | None) -> Walk:
    """Follow every link, and ask every list what its own form asks."""
    client, found = client_of(app, email), Walk()
    written: dict[str, Form] = {}

    def fetch(path: str) -> list[str]:
        answer = client.get(path)
        if answer.status_code >= 400:
            found.dead.append(f"{answer.status_code} {path}")
        if answer.status_code >= 400 or answer.mimetype != "text/html":
            return []
        forms = forms_of(answer.page, path)
        for form in forms:
            if form.method == "post":
                written.setdefault(form.shape, form)
        links = [str(link["href"]) for link in answer.page.select("a[href]")]
        links += [as_asked(form, form.fields) for form in forms if form.method == "get"]
        _note_questions(found, crawler, [*links, *filters_of(answer.page, path)])
        return links

    crawler = Crawler(app, fetch)
    found.pages = crawler.walk()
    found.forms = list(written.values())
    return found


def _note_questions(found: Walk, crawler: Crawler, paths: list[str]) -> None:
    for path in paths:
        endpoint = crawler.endpoint(path) if "?" in path else None
        if endpoint:
            found.questions.setdefault(question_of(endpoint, path), path.partition("#")[0])


def question_of(endpoint: str, path: str) -> str:
    """What is asked, whoever it is about: texts and keys are left out, choices are kept."""
    given = parse_qsl(urlsplit(path).query)
    return f"{endpoint} " + " ".join(sorted(f"{k}={v if v.isidentifier() else ''}" for k, v in given))


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


def filters_of(page: BeautifulSoup, here: str) -> Iterator[str]:
    """The paths of a page's own question with one choice made at a time, and with a word sought."""
    for tag in page.select("form:not([method=post])"):
        form = Form(str(tag.get("action") or here), "get", values_of(tag))
        for one in tag.select("select[name]"):
            for option in one.select("option[value]"):
                yield as_asked(form, {**form.fields, str(one["name"]): str(option["value"])})
        for one in tag.select("input[type=checkbox][name], input[type=radio][name]"):
            yield as_asked(form, {**form.fields, str(one["name"]): str(one.get("value", "on"))})
        for one in tag.select("input[type=search][name], input[type=text][name]"):
            yield as_asked(form, {**form.fields, str(one["name"]): "køk_%"})


def as_asked(form: Form, fields: dict[str, Any]) -> str:
    asked = {name: value for name, value in fields.items() if value}
    return f"{form.action.partition('#')[0].partition('?')[0]}?{urlencode(asked)}"
