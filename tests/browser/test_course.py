"""Done when: on a phone a gap in a match leads to a run, a seat, a pass, and the same match is then above the bar."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from portal.loop.matches.loosening import GOOD
from tests.browser.people import Person
from tests.browser.test_accessibility import problems_of

pytestmark = pytest.mark.browser

PHONE = 360
PLACE, CARD = "Aftenrengøring på rådhuset", "K-1002"


def sure_score(karin: Person) -> int:
    """The lower end of the match's interval, as it stands on its page."""
    words = karin.main.locator(".suggestion-score .score-text .sr-only").first.text_content() or ""
    return int(re.findall(r"\d+", words)[1])


def test_a_gap_leads_to_a_run_a_seat_a_pass_and_the_match_is_above_the_bar(
    own_server: str, page_of: Callable[..., Page]
) -> None:
    karin = Person(page_of(own_server, "konsulent@demo.dk", width=PHONE))
    karin.opens(f"/reviews/?q={CARD}")
    karin.main.locator(".desk-row-link", has_text=PLACE).click()
    karin.page.wait_for_url("**/reviews/match/*")
    match = karin.page.url
    courses = karin.main.locator("#courses")
    expect(courses.get_by_text("over grænsen").first).to_be_visible()
    said = re.search(r"(\d+) → (\d+) efter kurset", courses.inner_text())
    assert said is not None
    before, after = int(said[1]), int(said[2])
    assert before == sure_score(karin) < GOOD <= after
    assert problems_of(karin.page) == []

    courses.get_by_role("link", name="Book plads").first.click()
    karin.sees("Selam Tesfay")
    karin.presses("Gem for Selam Tesfay")
    karin.sees_message("har fået en plads")
    assert problems_of(karin.page) == []

    karin.follows("Ret kursusforløbet")  # it begins today after all
    karin.fills(first_day=date.today().isoformat())
    karin.presses("Gem forløbet")
    karin.main.locator("tr", has_text="Tesfay").get_by_role("link", name=re.compile("^Se pladsen")).click()
    assert problems_of(karin.page) == []
    karin.presses("Har bestået", sure=True)
    karin.sees_message("Kurset er bestået")

    karin.opens(match)
    assert sure_score(karin) == after
    karin.sees("lært på et kursus")
