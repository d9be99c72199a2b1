"""A citizen tells all at once: on a phone a whole text becomes ticks, and one press puts them on the card."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import FIRST_READING, Person, karin_notes_that_rima_reads_danish
from tests.browser.test_accessibility import problems_of

pytestmark = pytest.mark.browser

PHONE = 360

STORY = """Jeg har arbejdet på et hotel i Damaskus. Jeg har redt senge og vasketrapperne.
Jeg har ondt i ryggen. Jeg har hygiejnebevis. Jeg vil gerne være social- og sundhedshjælper."""


@pytest.mark.parametrize("javascript", [True, False], ids=["htmx", "no-javascript"])
def test_rima_sets_her_story_in_on_her_phone(
    javascript: bool, changing_server: str, page_of: Callable[..., Page]
) -> None:
    karin_notes_that_rima_reads_danish(Person(page_of(changing_server, "konsulent@demo.dk")))
    page = page_of(changing_server, "borger@demo.dk", width=PHONE, javascript=javascript)
    rima = Person(page, javascript=javascript)
    tells(rima)

    rima.sees("Helbred hører ikke hjemme på et kort")
    rima.sees("Det lyder som et ønske")
    expect(
        rima.main.locator(".found-task", has_text="vasketrapperne").get_by_role("checkbox")
    ).to_be_checked()
    rima.presses("Sæt de valgte på kortet")

    rima.sees_message("sat på kortet")
    card = rima.main.locator(".skill-tables")
    expect(card).to_contain_text("“vasketrapperne”")
    expect(card).to_contain_text("Jeg har hygiejnebevis")
    expect(rima.main).not_to_contain_text("ondt i ryggen")


def test_what_was_found_is_read_by_everybody_on_a_narrow_screen(
    changing_server: str, page_of: Callable[..., Page]
) -> None:
    karin_notes_that_rima_reads_danish(Person(page_of(changing_server, "konsulent@demo.dk")))
    page = page_of(changing_server, "borger@demo.dk", width=PHONE)
    tells(Person(page))

    assert Person(page).outside_the_window() == []
    assert problems_of(page) == []


def tells(rima: Person) -> None:
    """She sets the story in, and is shown what was found in it."""
    rima.opens("/cards/own")
    rima.follows("Tilføj eller fjern opgaver")
    if rima.javascript:
        rima.waits_for_htmx()
    rima.main.get_by_text("Har du en hel tekst?").click()
    rima.fills(skill__story=STORY)
    rima.ticks("Selvstændigt", within=rima.main.get_by_role("radiogroup", name="Hvor godt?").first)
    rima.presses("Tilføj opgaven")
    found = rima.main.get_by_role("heading", name="ting i teksten")
    expect(found).to_be_visible(timeout=FIRST_READING)
