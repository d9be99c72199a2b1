"""What a misspelled word sets going: understood, published, suggested with reasons, asked about, and surer at last."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from portal.base import clock
from tests.browser.people import Person

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("javascript", [True, False], ids=["htmx", "no-javascript"])
def test_from_a_misspelled_task_to_a_narrower_interval(
    javascript: bool, own_server: str, page_of: Callable[..., Page]
) -> None:
    bo = Person(
        page_of(own_server, "virksomhed@demo.dk", width=360, javascript=javascript), javascript=javascript
    )
    karin = Person(page_of(own_server, "konsulent@demo.dk", javascript=javascript), javascript=javascript)

    opening = bo_posts_a_misspelled_task_and_says_what_he_meant(bo)
    suggestion = karin_sees_somebody_suggested_and_why(karin, opening)
    before = interval_of(suggestion)
    with karin.without_leaving_the_page():
        karin_writes_down_the_answer(karin, suggestion)
        karin.sees_message(f"Før {before[0]}–{before[1]}, nu")
    after = interval_of(suggestion)

    assert before[0] <= after[0] <= after[1] <= before[1]
    assert after != before


def bo_posts_a_misspelled_task_and_says_what_he_meant(bo: Person) -> str:
    bo.opens("/openings/new")
    bo.fills(
        title="Grønt og rene borde",
        must__0__text="grønsagr",
        must__1__text="køkkenhygiejne",
        must__2__text="opvask i industriopvaskemaskine",
        hours_per_week="20",
        starts_on=(clock.today() + timedelta(days=7)).isoformat(),
        ends_on=(clock.today() + timedelta(days=34)).isoformat(),
    )
    bo.main.locator("select[name=form]").select_option("praktik")
    bo.presses("Slå op")
    bo.sees("Er det rigtigt forstået?")
    bo.main.get_by_role("radio", name="skære og klargøre grøntsager").check()
    bo.presses("Slå op")
    bo.sees_message("Åbningen er slået op")
    return bo.number


def karin_sees_somebody_suggested_and_why(karin: Person, opening: str) -> Locator:
    karin.opens(f"/openings/{opening}")
    expect(karin.main.locator("li", has_text="grønsagr")).to_contain_text("skære og klargøre grøntsager")
    if not karin.javascript:  # with it, the page loads the suggestions into itself
        karin.follows("Se forslag til åbningen")
    asking = karin.main.locator(".suggestion:has(.question input[name$='-level'])").first
    expect(asking).to_be_attached()
    place = f"#{asking.get_attribute('id')}"
    suggestion = karin.page.locator(place)
    expect(suggestion).to_contain_text(re.compile(r"\bKan\b|\bKan:"))
    expect(suggestion).to_contain_text(re.compile("Spørg om"))
    return suggestion


def karin_writes_down_the_answer(karin: Person, suggestion: Locator) -> None:
    suggestion.get_by_text("Skriv svaret").click()
    karin.ticks("Selvstændigt", within=suggestion)
    suggestion.get_by_role("button", name="Gem svaret på kortet").click()


def interval_of(suggestion: Locator) -> tuple[int, int]:
    """As it is read aloud."""
    low, high = re.findall(r"\d+", suggestion.locator(".score .sr-only").inner_text())[-2:]
    return int(low), int(high)
