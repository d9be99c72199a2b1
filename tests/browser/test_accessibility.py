"""axe finds nothing (WCAG 2.0-2.2 A/AA and best practice) on any page of any role; no page is wider than a phone."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from portal.application import create_app
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
    "konsulent2@demo.dk",
    "virksomhed@demo.dk",
    "virksomhed2@demo.dk",
    "borger@demo.dk",
    "borger2@demo.dk",
)


def violations(page: Page) -> list[str]:
    page.evaluate(AXE)
    found: list[dict[str, Any]] = page.evaluate(
        "rules => axe.run(document, {runOnly: rules}).then(result => result.violations)", RULES
    )
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found]


def is_page(path: str) -> bool:
    """Not a file to download."""
    return (
        "format=csv" not in path
        and "/print" not in path
        and "/example" not in path
        and "download" not in path
    )


@pytest.mark.parametrize("email", PEOPLE)
def test_every_page_of_a_role(
    email: str | None, server: str, page_of: Callable[..., Page], tmp_path: Path
) -> None:
    page = page_of(server, email, width=360)
    app = create_app({**SETTINGS, "SQLALCHEMY_DATABASE_URI": f"sqlite:///{tmp_path}/unused.sqlite"})
    problems: dict[str, list[str]] = {}

    def fetch(path: str) -> list[str]:
        if not is_page(path):
            return []
        answer = page.goto(path)
        assert answer is not None, path
        assert answer.status < 400, path
        found = violations(page)
        overflow = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        if overflow > 0:
            found.append(f"{overflow} px wider than the phone")
        if found:
            problems[path] = found
        links: list[str] = page.evaluate("[...document.links].map(link => link.getAttribute('href'))")
        return links

    seen = Crawler(app, fetch, per_endpoint=1).walk()

    assert not problems
    assert len(seen) > 3


@pytest.mark.parametrize(
    ("email", "path"),
    [
        (None, "/login"),
        (None, "/employers/register"),
        ("virksomhed@demo.dk", "/openings/new"),
        ("konsulent@demo.dk", "/citizens/new"),
        ("konsulent@demo.dk", "/partnerships/new"),
        ("leder@demo.dk", "/goals/new"),
        ("admin@demo.dk", "/users/new"),
    ],
)
def test_a_form_in_error(email: str | None, path: str, server: str, page_of: Callable[..., Page]) -> None:
    page = page_of(server, email, width=360)
    page.goto(path)

    page.locator("main form[method=post] button[type=submit]").last.click()

    page.wait_for_selector("[aria-invalid=true]")
    assert violations(page) == []
