"""A consultant asks what the suggestion asks, writes the answer down, and watches the interval narrow."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.people import Person

pytestmark = pytest.mark.browser

WITH_A_LEVEL_TO_ANSWER = ".suggestion:has(.question input[name$='-level'])"


def opens_a_suggestion_that_asks_about_a_task(karin: Person) -> str:
    """On the page of the first opening that has one; returns the suggestion's place on the page."""
    karin.opens("/openings/?status=published")
    found = karin.main.locator("#opening-list tbody td:first-child a").all()
    for path in [link.get_attribute("href") or "" for link in found]:
        karin.opens(path)
        if karin.javascript:
            expect(karin.main.locator("#best-matches")).to_be_attached()
        else:
            karin.follows("Se forslag til åbningen")
        asking = karin.main.locator(WITH_A_LEVEL_TO_ANSWER)
        if asking.count():
            return "#" + str(asking.first.get_attribute("id"))
    raise AssertionError("no suggestion of the demo asks about a task")


def interval_of(suggestion: Locator) -> tuple[int, int]:
    """As it is read aloud."""
    words = suggestion.locator(".score .sr-only").inner_text()
    low, high = re.findall(r"\d+", words)[-2:]
    return int(low), int(high)


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("width", [360, 1280])
def test_an_answer_narrows_the_interval_and_can_be_taken_back(
    own_server: str, page_of: Callable[..., Page], javascript: bool, width: int
) -> None:
    page = page_of(own_server, "konsulent@demo.dk", javascript=javascript, width=width)
    karin = Person(page, javascript=javascript)
    place = opens_a_suggestion_that_asks_about_a_task(karin)
    suggestion = page.locator(place)
    before = interval_of(suggestion)
    if javascript:
        karin.waits_for_htmx()
    where = page.url

    suggestion.get_by_text("Skriv svaret").click()
    karin.ticks("Selvstændigt", within=suggestion)
    suggestion.get_by_role("button", name="Gem svaret på kortet").click()

    karin.sees_message(f"Svaret er på kortet. Før {before[0]}–{before[1]}, nu")
    expect(suggestion.locator(".given")).to_contain_text("Karin Holm")
    after = interval_of(suggestion)
    assert before[0] < after[0] <= after[1] <= before[1]
    assert (page.url == where) is javascript  # with htmx, nothing but the suggestion moved

    suggestion.get_by_role("button", name="Fortryd svaret").click()

    karin.sees_message("Svaret er fortrudt")
    expect(suggestion.locator(".given")).to_have_count(0)
    assert interval_of(suggestion) == before


def test_on_the_reviews_page_the_table_of_tasks_follows_the_answer(
    own_server: str, page_of: Callable[..., Page]
) -> None:
    karin = Person(page_of(own_server, "konsulent@demo.dk"))
    place = opens_a_suggestion_that_asks_about_a_task(karin)
    karin.opens(f"/reviews/match/{place.removeprefix('#suggestion-')}")
    karin.waits_for_htmx()
    suggestion = karin.page.locator(place)
    unknown = karin.main.get_by_text("Ikke nævnt på kortet")
    still_unknown = unknown.count()

    with karin.without_leaving_the_page(), karin.swap_of("#match-desk"):
        suggestion.get_by_text("Skriv svaret").click()
        karin.ticks("Selvstændigt", within=suggestion)
        suggestion.get_by_role("button", name="Gem svaret på kortet").click()

    expect(unknown).to_have_count(still_unknown - 1)


def test_a_missing_answer_is_asked_for_in_place(server: str, page_of: Callable[..., Page]) -> None:
    karin = Person(page_of(server, "konsulent@demo.dk"))
    place = opens_a_suggestion_that_asks_about_a_task(karin)
    karin.waits_for_htmx()
    suggestion = karin.page.locator(place)
    suggestion.get_by_text("Skriv svaret").click()

    with karin.without_leaving_the_page():
        suggestion.get_by_role("button", name="Gem svaret på kortet").click()
        expect(suggestion.locator("[data-error-summary]")).to_be_focused()

    expect(suggestion).to_contain_text("Svar på: ")
