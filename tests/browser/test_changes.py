"""Done when: on a phone a praktik is made longer until the law stops it, paused, and its follow-up moved."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import Person
from tests.browser.test_accessibility import problems_of

pytestmark = pytest.mark.browser

PHONE = 360
FAR = timedelta(weeks=30)
"""Longer than any praktik may be, whatever the reason for the ordinary limit."""


def a_running_praktik(karin: Person) -> tuple[str, date]:
    """Its address and its last day."""
    karin.opens("/placements/?status=running&form=praktik")
    address = str(karin.main.locator("tbody a[href^='/placements/']").first.get_attribute("href"))
    karin.opens(f"{address}/change/move")
    day, month, year = karin.main.locator("[name=ends_on]").input_value().split("-")
    return address, date(int(year), int(month), int(day))


def test_a_placement_is_extended_paused_and_its_follow_up_moved(
    own_server: str, page_of: Callable[..., Page]
) -> None:
    karin = Person(page_of(own_server, "konsulent@demo.dk", width=PHONE))
    placement, last = a_running_praktik(karin)
    longer = last + timedelta(weeks=4)

    karin.opens(f"{placement}/change/extend")
    karin.waits_for_htmx()
    assert problems_of(karin.page) == []
    karin.fills(ends_on=(last + FAR).isoformat())
    karin.main.locator("[name=ends_on]").blur()
    expect(karin.main.locator("#change-law .finding-stop").first).to_be_visible()
    karin.presses("Sæt i kraft")
    karin.sees("Det kan ikke ændres sådan")
    karin.fills(ends_on=longer.isoformat(), reason="Det går godt, og begge vil mere")
    karin.presses("Sæt i kraft")
    karin.sees("Forløbet er forlænget fra")

    karin.follows("Pause")
    karin.fills(first=last.isoformat(), last=(last + timedelta(days=1)).isoformat())
    karin.presses("Sæt i kraft")
    karin.sees("Pause fra")

    karin.fills(due_on=(last + timedelta(days=1)).isoformat())
    karin.presses("Aftal opfølgning")
    karin.main.locator("tr", has_text="Ikke endnu").last.get_by_role("link", name="Flyt").click()
    karin.fills(due_on="2020-01-01")
    karin.presses("Flyt opfølgningen")
    karin.sees("Opfølgningen skal ligge mellem")
    karin.fills(due_on=longer.isoformat())
    karin.presses("Flyt opfølgningen")
    karin.sees("Opfølgningen er flyttet fra")
    assert problems_of(karin.page) == []
