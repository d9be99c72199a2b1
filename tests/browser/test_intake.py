"""A card is made from everyday tasks on a phone, by keyboard alone, and without JavaScript."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import Person, karin_notes_that_rima_reads_danish
from tests.browser.test_accessibility import problems_of
from tests.browser.test_keyboard import Typist

pytestmark = pytest.mark.browser

PHONE = 360
CARE = "Pleje og omsorg"


def card_of(page: Page) -> str:
    """The address of the signed-in citizen's questions."""
    page.goto("/cards/own")
    return str(page.locator("main a[href*='/tasks']").first.get_attribute("href")).split("?")[0]


def test_a_whole_trade_by_keyboard_on_a_phone(own_server: str, page_of: Callable[..., Page]) -> None:
    karin_notes_that_rima_reads_danish(Person(page_of(own_server, "konsulent@demo.dk")))
    page = page_of(own_server, "borger@demo.dk", width=PHONE)
    rima = Typist(page)
    page.goto(card_of(page))

    rima.opens(f"Begynd: {CARE}")
    for step in range(1, 7):
        expect(page.get_by_role("heading", name=f"Side {step} af 6")).to_be_in_viewport()
        Person(page).waits_for_htmx()
        tasks = page.locator(".task-question")
        rima.tabs_to(tasks.nth(0).locator("input:checked"))
        page.keyboard.press("ArrowDown")  # past "Spring over" to the first answer, "Aldrig"
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        expect(tasks.nth(0).get_by_label("Ofte")).to_be_checked()
        rima.tabs_to(tasks.nth(0).get_by_label("På arbejde"))
        page.keyboard.press("ArrowDown")
        expect(tasks.nth(0).get_by_label("Hjemme")).to_be_checked()
        rima.presses("Gem og gå videre")

    page.wait_for_url("**/summary")
    expect(page.locator(".tried-list > li")).to_have_count(6)
    rima.presses("Sæt på kortet")
    page.wait_for_url("**/cards/own")

    expect(page.locator("#messages")).to_contain_text("6 opgaver er sat på kortet")
    expect(page.get_by_text("Egne ord: ofte, hjemme").first).to_be_visible()


def test_a_forgotten_place_is_asked_for_where_it_is_missing(
    changing_server: str, page_of: Callable[..., Page]
) -> None:
    karin_notes_that_rima_reads_danish(Person(page_of(changing_server, "konsulent@demo.dk")))
    page = page_of(changing_server, "borger@demo.dk", width=PHONE)
    page.goto(card_of(page) + "/pleje?step=1")
    first = page.locator(".task-question").first
    where = first.get_by_text("Hvor har du gjort det?")

    expect(where).to_be_hidden()
    Person(page).ticks("Få gange", within=first)
    expect(where).to_be_visible()
    Person(page).waits_for_htmx()
    page.get_by_role("button", name="Gem og gå videre").click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    problems = problems_of(page)
    page.locator("[data-error-summary] a").click()

    expect(first.get_by_label("På arbejde")).to_be_focused()
    assert problems == []


def test_without_javascript_the_same_answers_reach_the_card(
    own_server: str, page_of: Callable[..., Page]
) -> None:
    karin_notes_that_rima_reads_danish(Person(page_of(own_server, "konsulent@demo.dk")))
    page = page_of(own_server, "borger@demo.dk", width=PHONE, javascript=False)
    rima = Person(page, javascript=False)
    page.goto(card_of(page) + "/rengoering?step=6")

    first = page.locator(".task-question").first
    rima.ticks("Hver dag i lang tid", within=first)
    rima.ticks("Som frivillig", within=first)
    rima.presses("Gem og gå videre")
    rima.presses("Sæt på kortet")

    rima.sees_message("1 opgave er sat på kortet")
    rima.sees("hver dag i lang tid, som frivillig")


@pytest.mark.parametrize("language", ["", "ar", "ti", "uk"])
@pytest.mark.parametrize("path", ["", "/koekken", "/koekken/summary"])
def test_axe_finds_nothing_in_any_script(
    server: str, page_of: Callable[..., Page], language: str, path: str
) -> None:
    page = page_of(server, "borger@demo.dk", width=PHONE)
    page.goto(f"{card_of(page)}{path}?language={language}")

    assert problems_of(page) == []
