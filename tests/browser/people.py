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

_OUTSIDE_THE_WINDOW = """(root, times) => {
    const size = root.style.fontSize;
    root.style.fontSize = `${times * parseFloat(getComputedStyle(root).fontSize)}px`;
    const width = root.clientWidth, clips = new Map(), found = [];
    const clipOf = element => {
        if (element === document.body || !element) return [-Infinity, Infinity];
        if (!clips.has(element)) {
            let [left, right] = clipOf(element.parentElement);
            const look = getComputedStyle(element);
            if (look.overflowX !== 'visible') {
                const box = element.getBoundingClientRect();
                [left, right] = [Math.max(left, box.left), Math.min(right, box.right)];
            }
            clips.set(element, [left, right]);
        }
        return clips.get(element);
    };
    const judge = (element, boxes, words) => {
        const [least, most] = clipOf(element);
        for (const box of boxes) {
            const left = Math.max(box.left, least), right = Math.min(box.right, most);
            if (right - left <= 1 || box.height <= 1 || right <= 0) continue;
            const out = Math.max(right - width, -left);
            if (out <= 1) continue;
            found.push(`${Math.round(out)} px outside: <${element.localName} class="${element.className}"> ${words}`);
            return;
        }
    };
    const isSeen = element => element.checkVisibility({visibilityProperty: true}) && !element.closest('svg *');
    for (const control of document.body.querySelectorAll('input, select, textarea, button, img, svg')) {
        if (isSeen(control)) judge(control, [control.getBoundingClientRect()], control.name || control.alt || '');
    }
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    while (texts.nextNode()) {
        const words = texts.currentNode.data.trim(), element = texts.currentNode.parentElement;
        if (!words || !isSeen(element)) continue;
        range.selectNodeContents(texts.currentNode);
        judge(element, range.getClientRects(), words.slice(0, 60));
    }
    root.style.fontSize = size;
    return found.slice(0, 5);
}"""
"""Five of what is outside are enough to mend the kind."""


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

    def outside_the_window(self, *, times: float = 1) -> list[str]:
        """What stands wholly or partly beside the window, with letters so many times as large (WCAG 1.4.4, 1.4.10).

        Asked of each line of text and each control, since the body clips what does not fit: the page's own width tells
        nothing. What stands in a box that scrolls sideways can be reached there, and the box is judged instead.
        """
        found: list[str] = self.page.locator("html").evaluate(_OUTSIDE_THE_WINDOW, times)
        return found

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
