"""On a phone: Tine ticks who came, also when the net is gone; Rima and Selam read what is next in their languages."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from portal.base.terms import Language
from portal.shared.skills.translations import PhraseKind, translated
from tests.browser.people import Person
from tests.browser.test_accessibility import problems_of

pytestmark = pytest.mark.browser

PHONE = 360
ALL_AWAY_BUT = 2
"""Presses beside `Alle er til stede` and `Gem fremmødet`, for who did not come."""


def test_a_group_leader_ticks_who_came_and_loses_nothing_without_the_net(
    own_server: str, page_of: Callable[..., Page]
) -> None:
    page = page_of(own_server, "holdleder@demo.dk", width=PHONE)
    tine = Person(page)
    tine.opens("/")
    assert problems_of(page) == []
    tine.follows("Barselscafé Maglehøj")
    assert tine.outside_the_window() == []
    tine.main.locator("#due a, #told-table a").first.click()
    tine.waits_for_htmx()
    lines = tine.main.locator("fieldset.tick-line")
    assert lines.count() > ALL_AWAY_BUT
    assert tine.outside_the_window() == []
    assert problems_of(page) == []
    page.reload()  # whoever looks at controls also ticks them
    tine.waits_for_htmx()

    tine.follows("Alle er til stede")
    lines.nth(0).get_by_text("Udeblevet", exact=True).click()
    lines.nth(1).get_by_text("Aftalt fravær", exact=True).click()
    page.context.set_offline(True)
    tine.presses("Gem fremmødet")
    expect(page.locator("#messages")).to_contain_text("Der er ingen forbindelse")
    ticked = [lines.nth(at).locator("input:checked").get_attribute("value") for at in range(3)]
    assert ticked == ["away", "agreed", "present"]

    page.context.set_offline(False)
    tine.presses("Gem fremmødet")
    tine.sees_message("Fremmødet er gemt.")
    assert problems_of(page) == []


@pytest.mark.parametrize(
    ("email", "language"),
    [("borger@demo.dk", Language.AR), ("borger2@demo.dk", Language.TI)],
    ids=["ar", "ti"],
)
def test_her_page_tells_what_is_done_for_her_in_her_language(
    email: str, language: Language, server: str, page_of: Callable[..., Page]
) -> None:
    def said(key: str) -> str:
        phrase = translated(PhraseKind.PAGE, key, language)
        assert phrase is not None
        return phrase.text

    page = page_of(server, email, width=PHONE)
    her = Person(page)
    her.opens("/mine/")
    for heading in ("my_cohorts", "my_way"):
        her.main.get_by_role("heading", name=re.compile(re.escape(said(heading)))).first.wait_for()
    expect(page.locator("html")).to_have_attribute("lang", language.value)
    her.sees(said("cohort_next"))
    assert her.outside_the_window() == []
    assert problems_of(page) == []
