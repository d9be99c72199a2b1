"""Done when: a sheet by link on a phone without an account, and one by codes from paper with the keyboard alone.

Both change the card, the picture of her progress and the figures of the next match.
"""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.people import Person
from tests.browser.test_accessibility import problems_of
from tests.browser.test_keyboard import Typist

pytestmark = pytest.mark.browser

PHONE = 360


def a_running_placement(karin: Person) -> str:
    """The address of a placement that has its midway sheet open."""
    karin.opens("/placements/?status=running")
    addresses = [
        str(link.get_attribute("href")) for link in karin.main.locator("tbody a[href^='/placements/']").all()
    ]
    for address in addresses:
        karin.opens(address.replace("/placements/", "/assessments/placement/"))
        if karin.main.get_by_text("Arbejdspladsen har svaret").count():
            return address
    raise AssertionError("the demo has no open sheet")


def what_stands(karin: Person, card: str) -> tuple[str, str, list[str]]:
    """The card's skills, the progress view, and the figures of the card's suggestions."""
    karin.opens(card)
    skills = karin.main.locator(".skill-tables").inner_text()
    karin.opens(f"{card}/progress")
    progress = karin.main.inner_text()
    karin.opens(card.replace("/cards/", "/matches/card/"))
    return skills, progress, karin.main.locator(".score").all_inner_texts()


def all_three_changed(before: tuple[str, str, list[str]], after: tuple[str, str, list[str]]) -> list[bool]:
    return [old != new for old, new in zip(before, after, strict=True)]


def closes_the_sheet(karin: Person) -> None:
    if karin.main.get_by_role("heading", name="Hvad er I enige om?").count():
        for group in karin.main.locator("#agree fieldset, [aria-labelledby=agree] fieldset").all():
            group.get_by_role("radio").last.check()
        karin.presses("Gem det, I er enige om")
    karin.presses("Luk, og sæt på kortet")
    karin.sees("Lukket. I talte sammen")


def test_a_sheet_by_link_on_a_phone_changes_card_progress_and_next_match(
    own_server: str, page_of: Callable[..., Page]
) -> None:
    karin = Person(page_of(own_server, "konsulent@demo.dk"))
    placement = a_running_placement(karin)
    karin.follows(re.compile("Åbn"))
    sheet = karin.page.url
    link = karin.page.get_by_label("Link", exact=True).input_value()
    karin.opens(placement)
    card = str(karin.main.locator("a[href^='/cards/']").first.get_attribute("href"))
    before = what_stands(karin, card)

    bo = Person(page_of(own_server, width=PHONE))
    bo.opens(link[link.index("/assessments/") :])
    bo.follows("Ret svarene")  # the workplace has said something, and is thanked for it first
    assert problems_of(bo.page) == []
    for question in bo.main.locator("fieldset").all():
        question.get_by_text("Kan vise andre", exact=True).click()
    bo.fills(name="Bo Madsen")
    bo.presses("Se svarene igennem")
    bo.sees("De er ikke sendt endnu")
    bo.presses("Send svarene")
    bo.sees_message("Tak. Konsulenten kan se dine svar nu")
    karin.opens(sheet)
    closes_the_sheet(karin)

    assert all_three_changed(before, what_stands(karin, card)) == [True, True, True]
    gone = bo.page.goto(link[link.index("/assessments/") :])
    assert gone is not None
    assert gone.status == 410


def test_a_sheet_by_paper_codes_and_keyboard_changes_card_progress_and_next_match(
    own_server: str, page_of: Callable[..., Page]
) -> None:
    page = page_of(own_server, "konsulent@demo.dk")
    karin, typist = Person(page), Typist(page)
    placement = a_running_placement(karin)
    karin.follows(re.compile("Åbn"))
    closes_the_sheet(karin)  # no paper is typed in over what the workplace said by its link
    karin.opens(placement.replace("/placements/", "/assessments/placement/"))
    karin.presses("Lav ark: midtvejsvurdering")
    karin.sees_message("Arket er lavet")
    codes = re.findall(r"Kode (\S+)", karin.main.inner_text())
    karin.opens(placement)
    card = str(karin.main.locator("a[href^='/cards/']").first.get_attribute("href"))
    before = what_stands(karin, card)

    karin.opens("/assessments/paper")
    typist.tabs_to(page.get_by_label(re.compile("^Udfyldt af")))
    page.keyboard.type("Bo Madsen")
    for code in codes:
        page.keyboard.press("Tab")
        page.keyboard.type(code.lower())
        page.keyboard.press("Tab")
        page.keyboard.type("4")
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    karin.sees_message(f"{len(codes)} linjer er tastet ind")
    closes_the_sheet(karin)

    assert all_three_changed(before, what_stands(karin, card)) == [True, True, True]
