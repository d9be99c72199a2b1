"""How the browser tests act: as a person who reads labels and presses what she reads."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect

from portal.demo.accounts import DEMO_PASSWORD

_HTMX_IS_HERE = """() => new Promise((done, failed) => {
    setTimeout(() => failed(new Error('htmx did not come')), 20000);
    const look = () => window.htmx ? done() : setTimeout(look, 20);
    look();
})"""
"""Playwright's own waiting for a function needs unsafe-eval, which the portal's policy refuses."""


def sign_in(page: Page, email: str, password: str = DEMO_PASSWORD) -> None:
    page.goto("/login")
    page.fill("input[name=email]", email)
    page.fill("input[name=password]", password)
    page.click("main form button")
    page.wait_for_url("**/")


FIRST_READING = 30_000
"""Milliseconds: a server that has read no text yet loads the lexicon first."""


class Person:
    """Somebody at her own browser, who reads labels and presses what she reads."""

    def __init__(self, page: Page, *, javascript: bool = True) -> None:
        self.page, self.javascript = page, javascript

    def opens(self, path: str) -> None:
        self.page.goto(path)

    def follows(self, name: str | re.Pattern[str]) -> None:
        self.main.get_by_role("link", name=name).first.click()

    def fills(self, **fields: str) -> None:
        for name, value in fields.items():
            self.main.locator(f"[name='{name.replace('__', '-')}']").fill(value)

    def selects(self, name: str, label: str) -> None:
        self.main.locator(f"select[name={name}]").select_option(label=label)

    def ticks(self, label: str, *, within: Locator | None = None) -> None:
        (within or self.main).get_by_text(label, exact=True).click()

    def presses(self, name: str, *, sure: bool = False) -> None:
        """Press a button, and say yes when the page asks whether she is sure (only JavaScript asks)."""
        self.main.get_by_role("button", name=name, exact=True).first.click()
        if sure and self.javascript:
            self.page.get_by_role("dialog").get_by_role("button", name="Ja, fortsæt").click()

    def sees(self, words: str, *, within_ms: float | None = None) -> None:
        expect(self.main).to_contain_text(words, timeout=within_ms)

    def sees_message(self, words: str) -> None:
        expect(self.page.locator("#messages")).to_contain_text(words)

    def signs_in(self, email: str) -> None:
        """On the login page she was led to."""
        self.fills(email=email, password=DEMO_PASSWORD)
        self.presses("Log ind")

    def waits_for_htmx(self) -> None:
        """It comes after the page; before, links and buttons load whole pages."""
        self.page.evaluate(_HTMX_IS_HERE)

    def width(self) -> int:
        """How many CSS px the page is wide.

        Asked of an element that Playwright waits for: right after a link was followed the document can be empty.
        """
        return int(self.page.locator("html").evaluate("root => root.scrollWidth"))

    @contextmanager
    def swap_of(self, region: str) -> Iterator[None]:
        """Ends when htmx has put another element in the region's place."""
        self.page.locator(region).evaluate("element => element.dataset.before = ''")
        yield
        expect(self.page.locator(f"{region}:not([data-before])")).to_be_attached()

    @contextmanager
    def without_leaving_the_page(self) -> Iterator[None]:
        """What happens inside swaps a part of the page; without JavaScript it may load the page anew."""
        if self.javascript:
            self.waits_for_htmx()
            self.page.evaluate("window.stillTheSamePage = true")
        yield
        if self.javascript:
            assert self.page.evaluate("window.stillTheSamePage === true"), "the whole page was loaded"

    @property
    def main(self) -> Locator:
        return self.page.locator("main")

    @property
    def number(self) -> str:
        """The key in the address of the page."""
        found = re.search(r"/(\d+)", urlsplit(self.page.url).path)
        assert found, self.page.url
        return found[1]


def opens_the_first_case(karin: Person) -> None:
    karin.opens("/reviews/")
    karin.waits_for_htmx()
    karin.main.locator(".desk-row-link").first.click()
    expect(karin.page.locator("#case-title")).to_be_visible()


def approves(karin: Person, words: str = "") -> None:
    """The case on her page; then its own page again, where the citizen's answer can be written down."""
    expect(karin.main.locator("#choose-approve")).to_be_visible()
    with karin.without_leaving_the_page():
        karin.main.locator("#choose-approve > summary").click()
        karin.ticks("Opgaverne passer godt")
        if words:
            karin.main.locator("#choose-approve summary", has_text="Skriv med dine ord").click()
            karin.page.locator("#approve-words").fill(words)
        karin.presses("Ja, spørg borgeren")
        expect(karin.main.locator(".undo-bar")).to_contain_text("Godkendt")
    karin.follows("Se forslaget")
    karin.sees("Skriv borgerens svar")


def karin_notes_that_rima_reads_danish(karin: Person) -> None:
    """The demo's citizen reads Arabic; a story told in Danish words begins here."""
    karin.opens("/citizens/?q=Al-Khatib")
    karin.follows(re.compile("Rima"))
    karin.follows("Ret oplysninger")
    karin.main.locator("select[name=language]").select_option("")
    karin.presses("Gem")
    karin.sees_message("Oplysningerne er gemt")
