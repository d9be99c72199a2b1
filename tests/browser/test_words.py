"""Words on their way into the vocabulary: suggestions while one types, and "mente du ...?" when it is unclear."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from portal.base import clock
from tests.browser.people import FIRST_READING, Person

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("javascript", [True, False], ids=["htmx", "no-javascript"])
def test_a_misspelled_task_is_asked_about_and_put_up(
    javascript: bool, changing_server: str, page_of: Callable[..., Page]
) -> None:
    page = page_of(changing_server, "virksomhed@demo.dk", width=360, javascript=javascript)
    bo = Person(page, javascript=javascript)
    mistyped = "gulvvaks i hallen" if javascript else "gulvbask"  # what one is asked the next is not
    bo.opens("/openings/new")
    bo.fills(
        title="Gulve om aftenen",
        must__0__text=mistyped,
        hours_per_week="20",
        starts_on=(clock.today() + timedelta(days=7)).isoformat(),
        ends_on=(clock.today() + timedelta(days=34)).isoformat(),
    )
    bo.main.locator("select[name=form]").select_option("praktik")
    bo.presses("Slå op")

    bo.sees("Er det rigtigt forstået?")
    expect(bo.main.locator("[name=must-0-text]")).to_have_value(mistyped)
    bo.main.get_by_role("radio", name="gulvvask og mopning").check()
    bo.presses("Ja, det passer")

    bo.sees_message("Åbningen er slået op")
    opening = bo.number
    karin = Person(
        page_of(changing_server, "konsulent@demo.dk", javascript=javascript), javascript=javascript
    )
    karin.opens(f"/openings/{opening}")
    task = karin.main.locator("li", has_text=mistyped)
    expect(task).to_contain_text("gulvvask og mopning")


def test_a_phrase_is_taken_from_the_list_by_keyboard(server: str, page_of: Callable[..., Page]) -> None:
    page = page_of(server, "virksomhed@demo.dk")
    bo = Person(page)
    bo.opens("/openings/new")
    bo.waits_for_htmx()
    field = page.locator("[name=must-0-text]")
    expect(field).to_have_role("combobox")

    field.press_sequentially("snitte gr")
    expect(field).to_have_attribute("aria-expanded", "true", timeout=FIRST_READING)
    field.press("ArrowDown")
    option = page.locator("#suggestions [aria-selected=true]")
    expect(option).to_contain_text("snitte grønt")
    expect(field).to_have_attribute("aria-activedescendant", str(option.get_attribute("id")))
    field.press("Enter")

    expect(field).to_have_value("skære og klargøre grøntsager")
    expect(page.locator("#suggestions")).to_be_hidden()
    expect(page).to_have_url(f"{server}/openings/new")


def test_the_list_goes_when_one_goes_on(server: str, page_of: Callable[..., Page]) -> None:
    page = page_of(server, "virksomhed@demo.dk")
    bo = Person(page)
    bo.opens("/openings/new")
    bo.waits_for_htmx()
    field, shown = page.locator("[name=nice-0-text]"), page.locator("#suggestions")

    for leave in ("Escape", "Tab"):
        field.fill("")
        field.press_sequentially("gulv")
        expect(shown).to_be_visible()
        field.press(leave)
        expect(shown).to_be_hidden()
    expect(field).to_have_value("gulv")


def test_a_phrase_is_taken_by_a_tap(server: str, page_of: Callable[..., Page]) -> None:
    page = page_of(server, "konsulent@demo.dk", width=360)
    karin = Person(page)
    karin.opens("/cards/1/skills")
    karin.waits_for_htmx()
    field = page.locator("[name=skill-text]")

    field.press_sequentially("snitte gr")
    page.get_by_role("option", name="snitte grønt").click()

    expect(field).to_have_value("skære og klargøre grøntsager")
    expect(field).to_be_focused()
