"""On any page of any role: axe finds nothing (WCAG 2.0-2.2 A/AA and best practice), nothing stands beside the
window, also with letters twice as large, and each look of a box, field or button can be seen, empty and ticked."""

import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask
from playwright.sync_api import Page, expect

from portal.application import create_app
from tests.browser.controls import faults_of
from tests.browser.people import Person
from tests.support.crawl import Crawler
from tests.support.databases import SETTINGS

pytestmark = pytest.mark.browser

AXE = (Path(__file__).parents[1] / "vendor" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PEOPLE = (
    None,
    "admin@demo.dk",
    "drift@demo.dk",
    "leder@demo.dk",
    "konsulent@demo.dk",
    "virksomhed@demo.dk",
    "borger@demo.dk",
)
PHONE, DESK = 360, 1280
ENOUGH_FORMS = 5
"""Of so many forms one refuses to be sent empty."""

READERS = [
    *((email, PHONE) for email in PEOPLE),
    ("borger2@demo.dk", DESK),  # has just begun: the empty pages
    ("leder@demo.dk", DESK),
    ("konsulent2@demo.dk", DESK),
]
FILES = (
    "format=csv",
    "/imports/words",
    "/print",
    "/example",
    "download",
    "/mine/data/",
    ".ics",
    ".pdf",
    ".xlsx",
)

JUDGED: set[str] = set()
"""The looks of controls whose pictures were judged already: each distinct look costs its picture once."""

EMPTY_AND_SEND = """number => {
    const form = document.querySelectorAll('main form[method=post]')[number];
    for (const field of form.querySelectorAll('input:not([type=hidden]), textarea')) {
        field.value = ['radio', 'checkbox'].includes(field.type) ? field.value : '';
        field.checked = false;
    }
    form.submit();
}"""


def problems_of(page: Page) -> list[str]:
    """What axe finds, what stands beside the window, and which of the controls can not be seen."""
    person = Person(page)
    person.waits_for_htmx()
    expect(page.locator(".htmx-request")).to_have_count(0)  # regions that load themselves
    page.evaluate(AXE)
    options = {"runOnly": RULES, "resultTypes": ["violations"]}
    found: list[dict[str, Any]] = page.evaluate(
        "options => axe.run(document, options).then(result => result.violations)", options
    )
    wide = [
        f"{what} (letters {times} times as large)"
        for times in (1, 2)
        for what in person.outside_the_window(times=times)
    ]
    named = [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found]
    return wide + named + faults_of(page, JUDGED)


def is_page(path: str) -> bool:
    """Not a file to download."""
    return not any(mark in path for mark in FILES)


@pytest.fixture(scope="module")
def urls(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """For the crawler's map of addresses; its database is never opened."""
    unused = tmp_path_factory.mktemp("urls") / "unused.sqlite"
    return create_app({**SETTINGS, "SQLALCHEMY_DATABASE_URI": f"sqlite:///{unused}"})


class FirstComers:
    """Of all that looks the same to axe, one is examined in a run, by the first test that meets it.

    Two pages look the same when they hold the same kinds of elements inside one another, with the same attributes and
    classes: one template with other data. A test that runs alone meets everything first.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def is_first(self, *shape: object) -> bool:
        digest = hashlib.sha256(repr(shape).encode()).hexdigest()
        try:
            (self._folder / digest).touch(exist_ok=False)
        except FileExistsError:
            return False
        return True


def shape_of(html: str) -> list[tuple[str, ...]]:
    tree = BeautifulSoup(html, "html.parser")
    return sorted({(_kind(tag.parent), _kind(tag), *sorted(tag.attrs)) for tag in tree.select("body *")})


def _kind(tag: Tag | None) -> str:
    return "" if tag is None else " ".join([tag.name, *tag.get_attribute_list("class", [])])  # type: ignore[list-item]


@pytest.fixture(scope="session")
def first_comers(meeting_place: Path) -> FirstComers:
    return FirstComers(meeting_place.with_name("looks"))


@pytest.mark.parametrize(("email", "width"), READERS)
def test_every_page_of_a_role(
    email: str | None,
    width: int,
    server: str,
    page_of: Callable[..., Page],
    urls: Flask,
    first_comers: FirstComers,
) -> None:
    page = page_of(server, email, width=width)
    problems: dict[str, list[str]] = {}

    def fetch(path: str) -> list[str]:
        if not is_page(path):
            return []
        answer = page.request.get(path)
        assert answer.ok, path
        html = answer.text()
        if first_comers.is_first("page", width, shape_of(html)):
            page.goto(path)
            problems[path] = problems_of(page)
        return links_in(html)

    seen = Crawler(urls, fetch, per_endpoint=1).walk()

    assert {path: found for path, found in problems.items() if found} == {}
    assert len(seen) > 3


def links_in(html: str) -> list[str]:
    return [str(link["href"]) for link in BeautifulSoup(html, "html.parser").select("a[href]")]


@pytest.mark.parametrize("email", PEOPLE)
def test_every_form_in_error(
    email: str | None,
    changing_server: str,
    page_of: Callable[..., Page],
    urls: Flask,
    first_comers: FirstComers,
) -> None:
    page = page_of(changing_server, email, width=PHONE)
    problems: dict[str, list[str]] = {}

    sent = forms_of(page, urls, first_comers)
    refusing: list[str] = []
    for path, number in sent:
        page.goto(path)
        if page.locator("main form[method=post]").count() <= number:
            continue  # gone with what another form did
        with page.expect_navigation():
            page.evaluate(EMPTY_AND_SEND, number)
        if not page.locator("main [aria-invalid=true]").count():
            continue
        refusing.append(path)
        if first_comers.is_first("error", shape_of(page.content())):
            problems[f"{path} ({number})"] = problems_of(page)

    assert refusing or len(sent) < ENOUGH_FORMS, "no form of this role refuses to be empty"
    assert {form: found for form, found in problems.items() if found} == {}


def forms_of(page: Page, urls: Flask, first_comers: FirstComers) -> list[tuple[str, int]]:
    """Each form with fields that nobody has sent yet: a page where it stands, and its number on that page."""
    found: dict[str, tuple[str, int]] = {}

    def fetch(path: str) -> list[str]:
        if not is_page(path):
            return []
        html = page.request.get(path).text()
        for number, form in enumerate(BeautifulSoup(html, "html.parser").select("main form[method=post]")):
            fields = form.select("input:not([type=hidden]), select, textarea")
            shape = (re.sub(r"\d+", "0", str(form["action"])), sorted(str(one.get("name")) for one in fields))
            if fields and first_comers.is_first("form", shape):
                found[str(shape)] = (path, number)
        return links_in(html)

    Crawler(urls, fetch, per_endpoint=2).walk()
    return list(found.values())


@pytest.mark.parametrize(
    ("email", "paths"),
    [
        ("konsulent@demo.dk", ("/reviews/", "/openings/", "/citizens/", "/employers/", "/placements/")),
        ("leder@demo.dk", ("/partnerships/", "/rules/")),
        ("admin@demo.dk", ("/users", "/audit/", "/skills/")),
        ("virksomhed@demo.dk", ("/openings/", "/reviews/proposals")),
    ],
)
def test_every_list_after_a_filter(
    email: str, paths: tuple[str, ...], server: str, page_of: Callable[..., Page]
) -> None:
    person = Person(page_of(server, email, width=PHONE))
    problems: dict[str, list[str]] = {}

    for path in paths:
        person.opens(path)
        form = person.main.locator("form[role=search]")
        form.locator("summary").click()
        with person.without_leaving_the_page(), person.swap_of(str(form.get_attribute("hx-target"))):
            form.locator("select").first.select_option(index=1)
        problems[path] = problems_of(person.page)

    assert {path: found for path, found in problems.items() if found} == {}
