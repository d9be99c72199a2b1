"""A place is posted on a phone: few taps, nothing typed that a choice could say, with and without JavaScript."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from portal.base import clock
from tests.browser.people import Person
from tests.browser.test_accessibility import problems_of

pytestmark = pytest.mark.browser

PHONE = 360
MOST_INTERACTIONS = 40


class Poster(Person):
    """Counts what she does: each tap, each choice and each field filled."""

    count = 0

    def taps(self, name: str) -> None:
        self.count += 1
        self.presses(name)

    def chooses(self, label: str, value: str) -> None:
        self.count += 1
        self.main.get_by_label(label, exact=True).select_option(label=value)

    def marks(self, within: str, label: str) -> None:
        self.count += 1
        self.ticks(label, within=self.main.get_by_role("group", name=within))

    def writes(self, name: str, value: str) -> None:
        self.count += 1
        self.fills(**{name: value})

    def goes_on(self, to: str) -> None:
        """The next screen has come when its heading has."""
        self.taps("Gem og gå videre")
        expect(self.main.get_by_role("heading", name=to)).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False], ids=["htmx", "no-javascript"])
def test_a_place_is_posted_on_a_phone_in_few_interactions(
    javascript: bool, changing_server: str, page_of: Callable[..., Page]
) -> None:
    page = page_of(changing_server, "virksomhed@demo.dk", width=PHONE, javascript=javascript)
    bo = Poster(page, javascript=javascript)
    page.goto("/")
    bo.count += 1
    bo.follows("Ny åbning")
    bo.taps("Begynd en ny")

    bo.main.get_by_label("Arbejdssted").select_option(index=1)
    bo.count += 1
    bo.chooses("Stilling", "Opvasker")
    bo.goes_on("2 af 7: Form")
    bo.marks("Hvilken slags plads er det?", "Virksomhedspraktik")
    bo.goes_on("3 af 7: Opgaver")
    expect(bo.main.get_by_role("group", name="Rydde af bordet").get_by_label("Skal kunne")).to_be_checked()
    bo.marks("Sortere affald i et køkken", "Skal kunne")
    bo.goes_on("4 af 7: Andre opgaver")
    bo.writes("lines-0-text", "opfyldning af køleskab")
    bo.goes_on("5 af 7: Tid og sted")
    bo.writes("hours_per_week", "20")
    bo.writes("starts_on", (clock.today() + timedelta(days=14)).isoformat())
    bo.writes("ends_on", (clock.today() + timedelta(days=41)).isoformat())
    bo.goes_on("6 af 7: Dansk")
    bo.goes_on("7 af 7: Vilkår")
    bo.marks("Vilkår", "Tunge løft")
    bo.taps("Gem og gå videre")
    expect(bo.main.get_by_role("button", name="Slå op")).to_be_visible()
    bo.sees("borgere kan passe")
    bo.taps("Slå op")

    bo.sees_message("Åbningen er slået op")
    bo.sees("tunge løft")
    assert bo.count < MOST_INTERACTIONS


def test_the_line_follows_what_is_chosen(changing_server: str, page_of: Callable[..., Page]) -> None:
    page = page_of(changing_server, "virksomhed@demo.dk", width=PHONE)
    bo = Poster(page)
    bo.opens("/posting/")
    bo.presses("Begynd en ny")
    bo.opens(f"{page.url.removesuffix('/job')}/danish")
    bo.waits_for_htmx()
    line = page.locator("#reach-line")
    expect(line).to_contain_text("Mindst")
    before = line.inner_text()

    bo.chooses("Tale og forstå dansk", "Taler flydende om arbejdet (ca. B2)")

    expect(line).not_to_have_text(before)


def test_axe_finds_nothing_on_any_screen(changing_server: str, page_of: Callable[..., Page]) -> None:
    page = page_of(changing_server, "virksomhed@demo.dk", width=PHONE)
    bo = Person(page)
    bo.opens("/posting/")
    problems = problems_of(page)
    bo.presses("Begynd en ny")
    page.wait_for_url("**/job")
    draft = page.url.removesuffix("/job")
    for step in ("job", "form", "tasks", "more", "time", "danish", "terms"):
        page.goto(f"{draft}/{step}")
        problems += problems_of(page)
    page.goto(draft)

    assert problems + problems_of(page) == []
