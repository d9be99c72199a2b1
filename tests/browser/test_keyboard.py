"""With the keyboard alone: sign in, decide a match, post an opening. Whoever has the focus can be seen."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from portal.base import clock
from portal.demo.accounts import DEMO_PASSWORD

pytestmark = pytest.mark.browser

FARTHEST = 150
"""Tabs from the top of the longest page to its last button, and some more."""
LOOKS = 20
"""How often one looks for the focus, and the milliseconds between two looks."""

FOCUS_SHOWS = """() => {
    const focused = document.activeElement, box = focused.getBoundingClientRect();
    const labels = [...(focused.labels ?? [])];
    const drawn = [[focused, null], ...labels.flatMap(label => [[label, null], [label, '::before']])];
    const ringed = drawn.some(([element, part]) => {
        const style = getComputedStyle(element, part);
        return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== 'none';
    });
    const area = focused.matches('.form-radio, .form-checkbox') ? labels[0].getBoundingClientRect() : box;
    const onScreen = area.bottom > 0 && area.top < innerHeight && area.right > 0 && area.left < innerWidth;
    return ringed && onScreen;
}"""


class Typist:
    """Somebody without a mouse."""

    def __init__(self, page: Page) -> None:
        self.page, self.keys = page, page.keyboard

    def tabs_to(self, place: Locator) -> None:
        """Tab on until the place has the focus; every stop on the way shows that it has it."""
        for _stop in range(FARTHEST):
            self.keys.press("Tab")
            assert self.sees_where_she_is(), f"no visible focus on {self.stop}"
            if place.evaluate("element => element === document.activeElement"):
                return
        raise AssertionError(f"the keyboard does not reach {place}")

    def sees_where_she_is(self) -> bool:
        """A busy browser draws a moment after the key."""
        for _look in range(LOOKS):
            if self.page.evaluate(FOCUS_SHOWS):
                return True
            self.page.wait_for_timeout(LOOKS)
        return False

    @property
    def stop(self) -> str:
        found: str = self.page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
        return found

    def opens(self, label: str | re.Pattern[str]) -> None:
        self.tabs_to(self.page.get_by_role("link", name=label).first)
        self.keys.press("Enter")

    def types(self, name: str, text: str) -> None:
        self.tabs_to(self.page.locator(f"main [name='{name}']"))
        self.keys.type(text)

    def presses(self, label: str) -> None:
        self.tabs_to(self.page.locator("main").get_by_role("button", name=label, exact=True).first)
        self.keys.press("Enter")

    def signs_in(self, email: str) -> None:
        self.page.goto("/login")
        self.types("email", email)
        self.types("password", DEMO_PASSWORD)
        self.keys.press("Enter")
        self.page.wait_for_url("**/")


def test_the_first_stop_skips_to_the_content(server: str, page_of: Callable[..., Page]) -> None:
    page = page_of(server, "konsulent@demo.dk")
    page.goto("/openings/")

    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Gå til sidens indhold")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_the_menus_of_a_phone_open_and_close(server: str, page_of: Callable[..., Page]) -> None:
    page = page_of(server, "konsulent@demo.dk", width=360)
    typist = Typist(page)
    menu = page.locator("details[data-nav] summary")
    page.goto("/")

    typist.tabs_to(menu)
    page.keyboard.press("Space")
    typist.opens("Åbninger")
    page.wait_for_url("**/openings/")
    typist.tabs_to(menu)
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Borgere")).to_be_visible()
    page.keyboard.press("Escape")

    expect(page.get_by_role("link", name="Borgere")).to_be_hidden()
    expect(menu).to_be_focused()


def test_a_consultant_decides_a_match(changing_server: str, page_of: Callable[..., Page]) -> None:
    page = page_of(changing_server)
    karin = Typist(page)
    karin.signs_in("konsulent@demo.dk")

    karin.opens("Forslag")
    page.wait_for_url("**/reviews/")
    karin.tabs_to(page.locator(".desk-row-link").first)
    page.keyboard.press("Enter")
    page.wait_for_url("**/reviews/match/*")
    karin.tabs_to(page.locator("#choose-approve > summary"))
    page.keyboard.press("Enter")
    expect(page.locator("#approve-reason-0")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#approve-reason-1")).to_be_checked()
    karin.presses("Ja, spørg borgeren")

    expect(page.locator(".undo-bar")).to_contain_text("Godkendt")
    karin.tabs_to(page.locator("#choose-approve > summary"))


def test_an_employer_posts_an_opening(changing_server: str, page_of: Callable[..., Page]) -> None:
    page = page_of(changing_server)
    bo = Typist(page)
    bo.signs_in("virksomhed@demo.dk")

    bo.opens("Åbninger")
    page.wait_for_url("**/openings/")
    bo.opens("Ny åbning")
    page.wait_for_url("**/posting/")
    bo.opens("Hellere hele formularen på én side")
    page.wait_for_url("**/openings/new")
    bo.types("title", "Hjælp ved opvasken")
    bo.tabs_to(page.locator("main select[name=form]"))
    page.keyboard.type("Virksomhedsp")
    expect(page.locator("main select[name=form]")).to_have_value("praktik")
    bo.types("must-0-text", "opvask i industriopvaskemaskine")
    bo.types("hours_per_week", "20")
    bo.tabs_to(page.locator("main input[name=starts_on]"))
    page.keyboard.type(f"12-1-{clock.today().year + 1}")
    bo.tabs_to(page.locator("main input[name=ends_on]"))
    page.keyboard.type(f"10. februar {clock.today().year + 1}")
    bo.presses("Slå op")

    expect(page.locator("#messages")).to_contain_text("Åbningen er slået op")
