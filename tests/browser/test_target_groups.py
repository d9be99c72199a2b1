"""A plan's group is made, filled and known: on a wide screen and on a phone, with htmx and without JavaScript."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import Person
from tests.browser.test_accessibility import problems_of

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("width", "javascript"), [(1280, True), (360, True), (360, False)], ids=["desk", "phone", "no-javascript"]
)
def test_a_group_from_its_name_to_what_is_known_of_its_members(
    width: int, javascript: bool, own_server: str, page_of: Callable[..., Page]
) -> None:
    page = page_of(own_server, "konsulent@demo.dk", width=width, javascript=javascript)
    karin = Person(page, javascript=javascript)
    seen: dict[str, list[str]] = {}

    def looks_at(name: str) -> None:
        if javascript:
            seen[name] = problems_of(page)

    karin.opens("/target-groups/new")
    karin.fills(name="Voldsramte", sentence="45 pct. er i ordinært arbejde.", age_from="18", age_until="60")
    karin.presses("Gem målgruppen")
    karin.sees("Skriv det uden ordet “Voldsramte”")
    looks_at("a name that tells")
    karin.fills(name="Prøvegruppe 9")
    karin.presses("Gem målgruppen")
    expect(page).to_have_url(re.compile(r"/target-groups/\d+$"))
    looks_at("an empty group")
    group = page.url

    karin.opens(f"{group}/add?suggested=1")
    looks_at("who may come in")
    karin.opens(f"{group}/add?suggested=1")  # whoever looks at controls also ticks them
    boxes = karin.main.locator("#candidate-list input[type=checkbox]")
    for place in range(3):
        boxes.nth(place).check(force=True)
    karin.fills(from_on="2026-01-01")
    karin.presses("Sæt dem i målgruppen")
    karin.sees_message("3 borgere er sat i målgruppen.")
    expect(page).to_have_url(group)
    looks_at("a group with members")

    karin.opens(f"{group}/unknown")
    looks_at("of whom nothing is known")
    missing = karin.main.locator("#unknown-list li.list-card")
    before = missing.count()
    if before:
        missing.first.locator("select").select_option("education")
        missing.first.get_by_role("button", name=re.compile("^Gem")).click()
        expect(missing).to_have_count(before - 1)

    karin.opens(group)
    karin.main.locator("#member-table tbody a").first.click()
    expect(page).to_have_url(re.compile(r"/citizens/\d+/situation/$"))
    timeline = page.url
    karin.main.locator("#spell-kind").select_option("leisure_job")
    karin.main.locator("#spell-from_on").fill("2026-02-01")
    karin.main.locator("#spell-until_on").fill("2026-03-31")
    karin.presses("Skriv perioden")
    karin.sees_message("Perioden er skrevet.")
    expect(karin.main.locator("#timeline svg")).to_be_visible()
    looks_at("a timeline")
    row = karin.main.locator("#spell-table tr", has_text="Fritidsjob")
    row.get_by_role("link", name=re.compile("Ret eller afslut")).click()
    looks_at("a period")
    karin.fills(because="Gjaldt en anden")
    karin.presses("Tag perioden væk som en fejl", sure=True)
    expect(page).to_have_url(timeline)
    expect(karin.main.locator("#spell-table tr", has_text="Fritidsjob")).to_have_count(0)

    karin.opens("/ladders/new")
    karin.fills(name="Prøvetrappe", steps__0__name="Langt fra", steps__1__name="Tæt på")
    karin.presses("Gem trappen")
    karin.sees("Tæt på")
    looks_at("ladders")
    karin.opens("/target-groups/")
    looks_at("all groups")

    assert {name: found for name, found in seen.items() if found} == {}


def test_a_leader_finds_numbers_and_no_names(own_server: str, page_of: Callable[..., Page]) -> None:
    page = page_of(own_server, "leder@demo.dk", width=360)
    mette = Person(page)

    mette.opens("/target-groups/new")
    mette.fills(name="Prøvegruppe 8")
    mette.presses("Gem målgruppen")

    mette.sees("Hvem de er, ser kun konsulenterne.")
    assert problems_of(page) == []
    expect(mette.main.get_by_role("link", name="Sæt borgere i målgruppen")).to_have_count(0)


def test_a_citizen_reads_it_in_her_language(server: str, page_of: Callable[..., Page]) -> None:
    page = page_of(server, "borger@demo.dk", width=360)

    page.goto("/mine/situation")

    assert problems_of(page) == []
