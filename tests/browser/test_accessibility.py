"""On any page of any role: axe finds nothing (WCAG 2.0-2.2 A/AA and best practice), the page is no wider than a phone,
and each look of a box, field or button can be seen, empty and ticked."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
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
    "leder@demo.dk",
    "konsulent@demo.dk",
    "virksomhed@demo.dk",
    "borger@demo.dk",
)
PHONE, DESK = 360, 1280
READERS = [
    *((email, PHONE) for email in PEOPLE),
    ("borger2@demo.dk", DESK),  # has just begun: the empty pages
    ("leder@demo.dk", DESK),
    ("konsulent2@demo.dk", DESK),
]
FILES = ("format=csv", "/print", "/example", "download", "/mine/data/", ".ics")

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
    """What axe finds, how much wider than the window the page is, and which of its controls can not be seen."""
    Person(page).waits_for_htmx()
    expect(page.locator(".htmx-request")).to_have_count(0)  # regions that load themselves
    page.evaluate(AXE)
    options = {"runOnly": RULES, "resultTypes": ["violations"]}
    found: list[dict[str, Any]] = page.evaluate(
        "options => axe.run(document, options).then(result => result.violations)", options
    )
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    wide = [f"{overflow} px wider than the window"] if overflow > 0 else []
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


@pytest.mark.parametrize(("email", "width"), READERS)
def test_every_page_of_a_role(
    email: str | None, width: int, server: str, page_of: Callable[..., Page], urls: Flask
) -> None:
    page = page_of(server, email, width=width)
    problems: dict[str, list[str]] = {}

    def fetch(path: str) -> list[str]:
        if not is_page(path):
            return []
        answer = page.goto(path)
        assert answer is not None, path
        assert answer.status < 400, path
        problems[path] = problems_of(page)
        links: list[str] = page.evaluate("[...document.links].map(link => link.getAttribute('href'))")
        return links

    seen = Crawler(urls, fetch, per_endpoint=1).walk()

    assert {path: found for path, found in problems.items() if found} == {}
    assert len(seen) > 3


@pytest.mark.parametrize("email", PEOPLE)
def test_every_form_in_error(
    email: str | None, changing_server: str, page_of: Callable[..., Page], urls: Flask
) -> None:
    page = page_of(changing_server, email, width=PHONE)
    problems: dict[str, list[str]] = {}

    for path, number in forms_of(page, urls):
        page.goto(path)
        with page.expect_navigation():
            page.evaluate(EMPTY_AND_SEND, number)
        if page.locator("main [aria-invalid=true]").count():
            problems[f"{path} ({number})"] = problems_of(page)

    assert problems, "no form of this role refuses to be empty"
    assert {form: found for form, found in problems.items() if found} == {}


def forms_of(page: Page, urls: Flask) -> list[tuple[str, int]]:
    """Each form with fields once: a page where it stands, and its number on that page."""
    found: dict[str, tuple[str, int]] = {}

    def fetch(path: str) -> list[str]:
        if not is_page(path):
            return []
        tree = BeautifulSoup(page.request.get(path).text(), "html.parser")
        for number, form in enumerate(tree.select("main form[method=post]")):
            if form.select("input:not([type=hidden]), select, textarea"):
                found.setdefault(re.sub(r"\d+", "0", str(form["action"])), (path, number))
        return [str(link["href"]) for link in tree.select("a[href]")]

    Crawler(urls, fetch).walk()
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
