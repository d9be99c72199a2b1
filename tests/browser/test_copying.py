"""A link or field that is copied by a button, where the browser can."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def test_bo_copies_the_link_he_gives_to_another_employer(server: str, page_of: Callable[..., Page]) -> None:
    page = page_of(server, "virksomhed@demo.dk", width=360)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/employer-pages/recommend")

    page.get_by_role("button", name="Kopiér Jeres link").click()

    expect(page.get_by_role("status").filter(has_text="Kopieret")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#referral-link").input_value()


def test_without_javascript_no_button_promises_to_copy(server: str, page_of: Callable[..., Page]) -> None:
    page = page_of(server, "virksomhed@demo.dk", javascript=False)
    page.goto("/employer-pages/recommend")

    expect(page.locator("#referral-link")).to_be_visible()
    expect(page.locator("[data-copy]")).to_be_hidden()
