"""How the browser tests act: as a person who reads labels and presses what she reads."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect

from portal.demo.accounts import DEMO_PASSWORD

_HTMX_IS_HERE = """() => new Promise((done, failed) => {
    setTimeout(() => failed(new Error('htmx did not come')), 10000);
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

    def sees(self, words: str) -> None:
        expect(self.main).to_contain_text(words)

    def sees_message(self, words: str) -> None:
        expect(self.page.locator("#messages")).to_contain_text(words)

    def signs_in(self, email: str) -> None:
        """On the login page she was led to."""
        self.fills(email=email, password=DEMO_PASSWORD)
        self.presses("Log ind")

    def waits_for_htmx(self) -> None:
        """It comes after the page; before, links and buttons load whole pages."""
        self.page.evaluate(_HTMX_IS_HERE)

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
