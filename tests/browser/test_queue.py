"""The queue by keys alone: what a consultant with 48 suggestions before noon does."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import Person

pytestmark = pytest.mark.browser

CASES = 20
ONE_UNDONE, ONE_LATER = 7, 12


def test_twenty_cases_are_decided_by_keys_alone(own_server: str, page_of: Callable[..., Page]) -> None:
    page = page_of(own_server, "konsulent@demo.dk")
    karin = Person(page)
    karin.opens("/reviews/?sort=newest&dir=desc")
    karin.waits_for_htmx()
    keys = page.keyboard
    waiting = rows_waiting(page)
    keys.press("n")
    expect(page.locator("#case-title")).to_be_visible()

    with karin.without_leaving_the_page():
        for number in range(CASES):
            before = page.url
            if number == ONE_LATER:
                keys.press("s")
                expect(page.locator("#until_on")).to_be_focused()
                keys.press("Enter")
            else:
                decides(page, approves=number % 3 == 0 and is_free_to_approve(page))
            sees_another_case(page, before)
            assert page.url.endswith("?sort=newest&dir=desc")
            if number == ONE_UNDONE:
                keys.press("f")
                karin.sees_message("Vurderingen er fortrudt")
                assert page.url == before
                decides(page, approves=False)
                sees_another_case(page, before)

    assert waiting - rows_waiting(page) == CASES
    karin.opens("/reviews/?tab=later")
    expect(page.locator(".desk-row")).to_have_count(1)


def sees_another_case(page: Page, before: str) -> None:
    page.wait_for_url(lambda url: url != before)
    number = page.url.partition("?")[0].rpartition("/")[2]
    expect(page.locator(f"#choose-refuse form[action*='/match/{number}/']")).to_be_attached()
    expect(page.locator("#match-desk.htmx-added")).to_have_count(0)  # before, its forms load whole pages


def is_free_to_approve(page: Page) -> bool:
    """Neither law nor the employer's own limit asks for more than a reason."""
    asks_more = page.locator("#choose-approve textarea:not([name=words]), #decision .alert")
    return asks_more.count() == 0


def decides(page: Page, *, approves: bool) -> None:
    """Three keys: which way, the reason's number, and Enter."""
    keys = page.keyboard
    keys.press("g" if approves else "a")
    choice = page.locator("#choose-approve" if approves else "#choose-refuse")
    expect(choice.locator("input[type=radio]").first).to_have_attribute("data-key", "1")
    keys.press("3")
    expect(choice.locator("input[type=radio]").nth(2)).to_be_focused()
    keys.press("Enter")


def rows_waiting(page: Page) -> int:
    """How many the list says wait."""
    said = page.locator("#match-desk .list-summary p").inner_text()
    return int(re.findall(r"[0-9]+", said.replace(".", ""))[-1])


def test_keys_that_are_switched_off_do_nothing(own_server: str, page_of: Callable[..., Page]) -> None:
    page = page_of(own_server, "konsulent@demo.dk")
    karin = Person(page)
    karin.opens("/shortcuts")
    page.locator("main form button[type=submit]").first.click()
    karin.opens("/reviews/")
    karin.waits_for_htmx()
    page.locator(".desk-row-link").first.click()
    expect(page.locator("#case-title")).to_be_visible()
    where = page.url

    for key in ("g", "1", "a", "s", "n", "p", "f"):
        page.keyboard.press(key)

    expect(page.locator("details.choice[open]")).to_have_count(0)
    expect(page.locator("#match-desk kbd:visible")).to_have_count(0)
    assert page.url == where


def test_the_seconds_run_out_and_leave_the_focus_alone(own_server: str, page_of: Callable[..., Page]) -> None:
    page = page_of(own_server, "konsulent@demo.dk")
    karin = Person(page)
    karin.opens("/reviews/")
    karin.waits_for_htmx()
    page.keyboard.press("n")
    expect(page.locator("#case-title")).to_be_visible()
    decides(page, approves=False)
    expect(page.locator(".undo-bar")).to_be_visible()
    expect(page.locator("#case-title")).to_be_focused()

    expect(page.locator(".undo-bar")).to_have_count(0, timeout=12_000)

    expect(page.locator("#case-title")).to_be_focused()


def test_without_scripts_a_decision_is_undone_by_a_plain_button(
    own_server: str, page_of: Callable[..., Page]
) -> None:
    page = page_of(own_server, "konsulent@demo.dk", javascript=False)
    page.goto("/reviews/")
    page.locator(".desk-row-link").first.click()
    first = page.locator("#case-title").inner_text()
    page.locator("#choose-refuse > summary").click()
    page.locator("#refuse-reason-2").check()
    page.locator("#choose-refuse button[type=submit]").click()
    expect(page.locator("#case-title")).not_to_have_text(first)

    page.locator(".undo-bar button").click()

    expect(page.locator("#case-title")).to_have_text(first)
    expect(page.locator("#messages")).to_contain_text("Vurderingen er fortrudt")
