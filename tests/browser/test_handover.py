"""Karin hands her cases over before an absence, and takes them back early."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from portal.base import clock
from portal.web.presentation import da_date
from tests.browser.people import Person
from tests.browser.test_accessibility import problems_of

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("javascript", [True, False], ids=["htmx", "no-javascript"])
def test_karin_hands_over_an_absence(
    javascript: bool, changing_server: str, page_of: Callable[..., Page]
) -> None:
    today = clock.today()
    until = today + timedelta(days=12)
    page = page_of(changing_server, "konsulent@demo.dk", javascript=javascript)
    karin = Person(page, javascript=javascript)
    karin.opens("/")
    karin.follows("Overdrag sager, når du er væk")
    if javascript:
        assert problems_of(page) == []  # it tries the controls and leaves them changed
        karin.opens("/handover/")
    karin.selects("stand_in_id", "Jonas Friis")
    karin.ticks("I en periode. Sagerne kommer tilbage af sig selv")
    karin.fills(from_on=f"{today:%d-%m-%Y}", until_on=f"{until:%d-%m-%Y}")
    karin.presses("Se, hvad der følger med")

    expect(karin.main.get_by_role("heading", name="Overdrag nu?")).to_be_visible()
    expect(karin.main.locator("dl.facts")).to_contain_text("Opfølgninger")
    assert not javascript or problems_of(page) == []
    karin.presses("Overdrag sagerne")
    expect(karin.main.locator("#covers")).to_contain_text(da_date(until))
    karin.opens("/")
    karin.sees("Jonas Friis passer dine sager")

    karin.opens("/handover/")
    karin.presses("Tag tilbage nu", sure=True)
    expect(karin.main.locator("#covers")).to_contain_text("Ingen har overdraget sager")
