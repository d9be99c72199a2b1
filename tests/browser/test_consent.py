"""A card is shown to an employer by consent: she is asked, says yes in Arabic, sees who looked, and takes it back.

Nothing needs JavaScript: her page and the employer's are plain forms and links.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from portal.base import clock
from portal.base.terms import Language
from portal.shared.skills.translations import PhraseKind, translated
from portal.web.links import LinkPurpose, Links
from tests.browser.people import Person
from tests.browser.test_accessibility import problems_of
from tests.support.live import environment

pytestmark = pytest.mark.browser

EMPLOYER = "Køkkenet ved Fjorden ApS"
PHONE, DESK = 360, 1280


def in_arabic(key: str) -> str:
    phrase = translated(PhraseKind.PAGE, key, Language.AR)
    assert phrase is not None
    return phrase.text


@pytest.mark.parametrize("javascript", [True, False], ids=["htmx", "no-javascript"])
def test_shown_by_consent_withdrawn_and_found_in_the_log(
    javascript: bool, own_server: str, page_of: Callable[..., Page]
) -> None:
    karin = Person(page_of(own_server, "konsulent@demo.dk", javascript=javascript), javascript=javascript)
    rima = Person(
        page_of(own_server, "borger@demo.dk", width=PHONE, javascript=javascript), javascript=javascript
    )
    employer = page_of(own_server, None, width=PHONE, javascript=javascript)

    rima.opens("/cards/own")
    card = rima.main.locator("a[href$='/paper']").get_attribute("href").split("/")[2]  # type: ignore[union-attr]
    karin_asks(karin, card)
    rima_says_yes(rima)
    link = karin_takes_the_link(karin, card)

    assert employer.goto(link).status == 200  # type: ignore[union-attr]
    expect(employer.locator("main")).to_contain_text(f"Vist til {EMPLOYER}")
    expect(employer.locator("main")).not_to_contain_text("Rima")

    rima.opens("/mine/")
    expect(rima.page.locator("#looks li").first).to_contain_text(EMPLOYER)
    rima_takes_it_back(rima)

    assert employer.goto(link).status == 410  # type: ignore[union-attr]
    expect(employer.locator("main")).to_contain_text("trukket tilbage")


def karin_asks(karin: Person, card: str) -> None:
    karin.opens(f"/consents/card/{card}/new")
    karin.selects("employer_id", EMPLOYER)
    karin.fills(until_on=(clock.today() + timedelta(days=14)).isoformat())
    karin.presses("Gem")
    karin.sees_message("Borgeren kan nu svare")


def rima_says_yes(rima: Person) -> None:
    rima.opens("/mine/")
    expect(rima.page.locator("html")).to_have_attribute("dir", "rtl")
    of_the_employer(rima).get_by_role("button", name=in_arabic("consent_give")).click()
    expect(of_the_employer(rima).get_by_text(in_arabic("consent_withdraw")).first).to_be_visible()


def karin_takes_the_link(karin: Person, card: str) -> str:
    karin.opens(f"/consents/card/{card}")
    karin.main.locator(".list-card", has_text=EMPLOYER).get_by_role("link", name="Link og QR-kode").click()
    address = karin.page.locator("#shared-link").input_value()
    return re.sub(r"^https?://[^/]+", "", address)


def rima_takes_it_back(rima: Person) -> None:
    of_the_employer(rima).locator("summary").click()
    of_the_employer(rima).get_by_role("button", name=in_arabic("consent_withdraw")).click()
    expect(of_the_employer(rima)).to_contain_text(in_arabic("consent_withdrawn"))


def of_the_employer(rima: Person) -> Locator:
    return rima.page.locator("#consents .list-card", has_text=EMPLOYER)


@pytest.mark.parametrize("language", list(Language), ids=lambda language: language.value)
def test_the_code_page_is_sound_in_every_language(
    language: Language, server: str, page_of: Callable[..., Page]
) -> None:
    key = environment(Path())["PORTAL_SECRET_KEY"]
    ends = clock.now() + timedelta(days=1)
    token = Links((key,)).sign(LinkPurpose.CODE_PAGE, language.value, expires_at=ends)
    page = page_of(server, None, width=PHONE)

    page.goto(f"/mine/enter/{token}")

    expect(page.locator("html")).to_have_attribute("dir", language.direction.value)
    assert problems_of(page) == []
    page.locator("main form button").click()
    expect(page.locator("main [aria-invalid=true]")).to_be_visible()
    assert problems_of(page) == []


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_her_page_is_mirrored_and_sound(width: int, server: str, page_of: Callable[..., Page]) -> None:
    page = page_of(server, "borger@demo.dk", width=width)

    page.goto("/mine/")

    assert problems_of(page) == []
    heading, log_out = page.locator("h1").bounding_box(), page.locator(".log-out").bounding_box()
    assert heading
    assert log_out
    assert heading["x"] + heading["width"] > width * 0.8, "the heading begins at the right"
    assert log_out["x"] < width * 0.2, "what stands at the end stands at the left"
