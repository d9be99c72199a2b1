"""How the browser tests act: as a person who reads labels and presses what she reads."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect

from portal.demo.accounts import DEMO_PASSWORD


def sign_in(page: Page, email: str, password: str = DEMO_PASSWORD) -> None:
    page.goto("/login")
    page.fill("input[name=email]", email)
    page.fill("input[name=password]", password)
    page.click("main form button")
    page.wait_for_url("**/")


class Person:
    """Somebody at her own browser, who reads labels and presses what she reads."""

    def __init__(self, page: Page, *, javascript: bool) -> None:
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

    @contextmanager
    def without_leaving_the_page(self) -> Iterator[None]:
        """What happens inside swaps a part of the page; without JavaScript it may load the page anew."""
        if self.javascript:
            self.page.wait_for_function("window.htmx !== undefined")
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
