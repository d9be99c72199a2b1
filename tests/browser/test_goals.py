"""The goals in a browser: on paper, and set for a new year without JavaScript."""

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from playwright.sync_api import Page
from pypdf import PdfReader

pytestmark = pytest.mark.browser

LEADER = "leder@demo.dk"


def sheets(page: Page, address: str) -> int:
    page.goto(address)
    page.wait_for_load_state("networkidle")  # the comparison loads itself
    return len(PdfReader(BytesIO(page.pdf(prefer_css_page_size=True))).pages)


def test_the_goals_and_a_goal_are_one_sheet_each(server: str, page_of: Callable[..., Page]) -> None:
    page = page_of(server, LEADER)
    page.goto("/goals/")
    opened = page.locator("#goals tbody a").first.get_attribute("href")

    assert sheets(page, "/goals/") == 1
    assert sheets(page, str(opened)) == 1


def test_a_goals_time_asks_only_what_its_kind_leaves_open(server: str, page_of: Callable[..., Page]) -> None:
    page = page_of(server, LEADER)
    page.goto("/goals/new/hired")

    shown = {}
    for kind in ("year", "quarter", "project"):
        page.select_option("#period", kind)
        fields = ("year", "quarter", "first_on", "last_on", "baseline")
        shown[kind] = {name for name in fields if page.locator(f"#{name}").is_visible()}
    page.select_option("#aim", "rise")

    assert shown == {
        "year": {"year"},
        "quarter": {"year", "quarter"},
        "project": {"first_on", "last_on"},
    }
    assert page.locator("#baseline").is_visible()


def test_a_years_goals_are_taken_on_without_javascript(own_server: str, page_of: Callable[..., Page]) -> None:
    page = page_of(own_server, LEADER, javascript=False)
    page.goto("/goals/copy-year")
    rows = page.locator("#year-goals tbody tr").count()
    page.locator("#year-goals input[type=text]").first.fill("7")
    page.get_by_role("button", name=re.compile("Sæt målene for")).click()

    assert "time=ahead" in page.url
    assert page.locator(".waiting-goals li").count() == rows
