"""Her way in Tigrinya on a phone: from the code on her paper to a yes, by way of a slip that is taken back."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from portal.base.terms import Language
from portal.shared.skills.translations import PhraseKind, translated
from tests.browser.people import Person
from tests.browser.test_accessibility import problems_of

pytestmark = pytest.mark.browser

HER = "Rima"
"""Who has a proposal that waits in the demo."""


def said(key: str, kind: PhraseKind = PhraseKind.PAGE) -> str:
    phrase = translated(kind, key, Language.TI)
    assert phrase is not None
    return phrase.text


@pytest.mark.parametrize("javascript", [True, False], ids=["htmx", "no-javascript"])
def test_her_way_in_tigrinya_from_the_code_to_a_yes(
    javascript: bool, own_server: str, page_of: Callable[..., Page]
) -> None:
    karin = Person(page_of(own_server, "konsulent@demo.dk", javascript=javascript), javascript=javascript)
    phone = Person(page_of(own_server, None, width=360, javascript=javascript), javascript=javascript)

    code = karin_gives_a_code(karin)
    she_comes_in_by_her_language(phone, code)
    she_reads_what_the_place_is(phone)
    she_says_no_by_a_slip_and_then_yes(phone)
    she_looks_at_the_pages_beside(phone)


def karin_gives_a_code(karin: Person) -> str:
    karin.opens(f"/citizens/?q={HER}")
    karin.follows(re.compile(HER))
    karin.presses("Giv login-kode", sure=True)
    return karin.page.locator("#login-code").inner_text()


def she_comes_in_by_her_language(phone: Person, code: str) -> None:
    phone.opens("/login")
    phone.follows("ትግርኛ")
    expect(phone.page.locator("html")).to_have_attribute("lang", "ti")
    phone.sees(said("enter_code"))
    assert not phone.javascript or problems_of(phone.page) == []
    phone.fills(code=code)
    phone.presses(said("log_in"))
    phone.main.locator("select[name=language]").select_option("ti")
    phone.main.locator(".her-language button").click()
    expect(phone.page.locator("html")).to_have_attribute("lang", "ti")


def she_reads_what_the_place_is(phone: Person) -> None:
    proposal = phone.main.locator("#proposals")
    for key in ("where", "what", "when", "whom_you_meet", "the_tasks", "why_me"):
        expect(proposal).to_contain_text(said(key))
    assert phone.outside_the_window() == []
    assert not phone.javascript or problems_of(phone.page) == []


def she_says_no_by_a_slip_and_then_yes(phone: Person) -> None:
    phone.presses(said("say_no"))
    phone.sees(said("thanks_no"))
    phone.presses(said("take_back_answer"))
    phone.sees(said("thanks_back"))
    phone.presses(said("say_yes"))
    phone.sees(said("thanks_yes"))


def she_looks_at_the_pages_beside(phone: Person) -> None:
    for path, key in (("/mine/placements", "my_placements"), ("/mine/looks", "who_has_seen"), ("/", "hello")):
        phone.opens(path)
        expect(phone.page.locator("html")).to_have_attribute("lang", "ti")
        phone.sees(said(key).partition("{")[0].strip("\u2068 "))
        assert phone.outside_the_window() == []
        assert not phone.javascript or problems_of(phone.page) == []
