"""A card from its first task to a withdrawn link: made on a phone, printed in seven languages, shown, taken back.

Done when: a card by tasks at 360 px, bilingual in all seven languages, shown to an employer by consent, withdrawn,
410, and the views are in the log.
"""

import unicodedata
from collections.abc import Callable

import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from portal.base.terms import Language
from portal.shared.skills.translations import PhraseKind, translated
from tests.browser.people import Person
from tests.browser.test_consent import (
    EMPLOYER,
    PHONE,
    in_arabic,
    karin_asks,
    karin_takes_the_link,
    rima_says_yes,
    rima_takes_it_back,
)
from tests.browser.test_story import karin_makes_amiras_card
from tests.loop.cards.test_bilingual import words_in

pytestmark = pytest.mark.browser

VEGETABLES = "skære og klargøre grøntsager"
FILLED_IN = """form => form.action + '?' + new URLSearchParams(new FormData(form))"""
"""Where the form leads as it stands; the PDF opens in a tab of its own, which a test cannot read."""


def test_a_card_from_the_first_task_to_the_withdrawn_link(
    own_server: str, page_of: Callable[..., Page]
) -> None:
    karin = Person(page_of(own_server, "konsulent@demo.dk"))
    amira = Person(page_of(own_server, width=PHONE))
    employer = page_of(own_server, width=PHONE)

    card = karin_makes_amiras_card(karin, amira)
    amira_tells_what_she_has_tried(amira)
    for language in Language:
        amira_prints_it(amira, language)
    amira_chooses_arabic(amira)
    karin_asks(karin, card)
    rima_says_yes(amira)
    link = karin_takes_the_link(karin, card)

    assert employer.goto(link).status == 200  # type: ignore[union-attr]
    expect(employer.locator("main")).to_contain_text("Skære og klargøre grøntsager")
    expect(employer.locator("main")).not_to_contain_text("Amira")
    amira.opens("/mine/")
    seen = amira.page.locator("#looks li").first
    expect(seen).to_contain_text(EMPLOYER)
    expect(seen).to_contain_text(in_arabic_the_purpose())

    rima_takes_it_back(amira)
    assert employer.goto(link).status == 410  # type: ignore[union-attr]
    amira.opens("/mine/looks")
    expect(amira.main.locator("li", has_text=EMPLOYER)).to_have_count(1)
    karin.opens(f"/consents/card/{card}")
    karin.sees("Trukket tilbage")


def amira_tells_what_she_has_tried(amira: Person) -> None:
    amira.opens("/cards/own")
    amira.follows("Fortæl, hvad du har prøvet")
    amira.follows("Begynd: Køkken og kantine")
    amira.waits_for_htmx()
    cutting = amira.main.locator(".task-question").nth(1)
    amira.ticks("Hver dag i lang tid", within=cutting)
    amira.ticks("Hjemme", within=cutting)
    amira.presses("Gem og gå videre")
    expect(amira.page.get_by_role("heading", name="Side 2 af 6")).to_be_in_viewport()
    amira.follows("Stop her, og se, hvad der kommer på kortet")
    amira.presses("Sæt på kortet")
    amira.sees_message("1 opgave er sat på kortet")
    amira.sees("Egne ord: hver dag i lang tid, hjemme")


def amira_prints_it(amira: Person, language: Language) -> None:
    amira.opens("/cards/own")
    amira.follows("Kortet på papir")
    form = amira.main.locator("form")
    form.locator("select[name=language]").select_option(language.value)
    answer = amira.page.request.get(form.evaluate(FILLED_IN))
    assert answer.ok
    assert answer.headers["content-type"] == "application/pdf"
    page = pypdfium2.PdfDocument(answer.body())[0].get_textpage().get_text_bounded()
    read = unicodedata.normalize("NFKC", page).replace("\u200c", "")
    expected = [
        translated(PhraseKind.HEADING, "skills", language),
        translated(PhraseKind.SKILL, VEGETABLES, language),
        translated(PhraseKind.LEVEL, 3, language),
    ]
    words = {word for phrase in expected if phrase for word in words_in(phrase.text)}

    assert {word for word in {"Kompetencekort", "Amira", *words} if word not in read} == set()


def amira_chooses_arabic(amira: Person) -> None:
    amira.opens("/mine/")
    amira.page.locator("#language").select_option(Language.AR.value)
    amira.main.locator(".her-language button").click()
    expect(amira.main.get_by_role("heading", name=in_arabic("my_consents"))).to_be_visible()


def in_arabic_the_purpose() -> str:
    phrase = translated(PhraseKind.PURPOSE, "Visning af dit kort med din tilladelse", Language.AR)
    assert phrase is not None
    return phrase.text
