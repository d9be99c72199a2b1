"""What htmx adds, in a browser: parts of a page, expired sessions, refusals, questions, and where it comes from."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from portal.config import DEFAULTS
from tests.browser.people import Person, opens_the_first_case, sign_in
from tests.support.live import ROOT, live_server

pytestmark = pytest.mark.browser

CDN = str(DEFAULTS["HTMX_CDN_URL"])
VENDORED = ROOT / "portal" / "static" / "vendor" / "htmx" / "htmx.min.js"


@pytest.fixture
def karin(server: str, page_of: Callable[..., Page]) -> Person:
    return Person(page_of(server, "konsulent@demo.dk"))


# --- Lists ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "region", "field", "value"),
    [
        ("/openings/", "#opening-list", "status", "published"),
        ("/citizens/", "#citizen-list", "status", "active"),
        ("/employers/", "#employer-list", "industry", "pleje"),
        ("/placements/", "#placement-list", "status", "running"),
        ("/partnerships/", "#partnership-list", "standing", "counts"),
        ("/reviews/", "#match-desk", "industry", "koekken"),
    ],
)
def test_a_filter_swaps_in_what_its_address_shows(
    karin: Person, path: str, region: str, field: str, value: str
) -> None:
    karin.opens(path)
    fold = karin.main.locator(".filter-fold:not([open]) summary")
    if fold.is_visible():
        fold.click()
    with karin.without_leaving_the_page(), karin.swap_of(region):
        karin.main.locator(f"select[name={field}]").select_option(value)
    expect(karin.page).to_have_url(re.compile(rf"[?&]{field}={value}\b"))
    swapped = words(karin, region)

    karin.page.reload()

    assert words(karin, region) == swapped
    expect(karin.main.locator(f"select[name={field}]")).to_have_value(value)


def words(person: Person, region: str) -> list[str]:
    """Once the parts that load themselves have come."""
    expect(person.page.locator(f"{region} [hx-trigger=load]")).to_have_count(0)
    return person.page.locator(region).inner_text().split()


def test_typing_searches_and_the_way_back_undoes_it(karin: Person) -> None:
    karin.opens("/employers/")
    rows = karin.page.locator("#employer-list tbody tr")
    everybody = rows.count()

    with karin.without_leaving_the_page(), karin.swap_of("#employer-list"):
        karin.main.get_by_role("searchbox").press_sequentially("fjord")
    expect(rows).to_have_count(1)
    expect(karin.page).to_have_url(re.compile("q=fjord"))
    expect(karin.main.get_by_role("searchbox")).to_be_focused()

    karin.page.go_back()

    expect(karin.page).to_have_url(re.compile("/employers/$"))
    expect(rows).to_have_count(everybody)


def test_sorting_and_paging_stay_on_the_page(karin: Person) -> None:
    karin.opens("/citizens/")
    region = "#citizen-list"

    with karin.without_leaving_the_page():
        with karin.swap_of(region):
            karin.page.locator(f"{region} a.sort-link").first.click()
        with karin.swap_of(region):
            karin.page.locator(f"{region} a[rel=next]").click()

    expect(karin.page).to_have_url(re.compile("page=2"))
    expect(karin.page.locator(f"{region} .pager-now")).to_contain_text("Side 2")


# --- Sessions, refusals and questions ----------------------------------------------------------------------------


def test_an_expired_session_leads_to_the_login_and_back(server: str, page_of: Callable[..., Page]) -> None:
    karin = Person(page_of(server, "konsulent@demo.dk"))
    karin.opens("/openings/")
    karin.waits_for_htmx()
    karin.page.context.clear_cookies()

    karin.main.locator("select[name=status]").select_option("published")

    expect(karin.page).to_have_url(re.compile(r"/login\?next="))
    expect(karin.page.get_by_role("heading", level=1)).to_have_text("Log ind")
    karin.signs_in("konsulent@demo.dk")
    expect(karin.page).to_have_url(re.compile("/openings/"))


def test_a_refusal_shows_its_reason_and_keeps_the_region(
    changing_server: str, page_of: Callable[..., Page]
) -> None:
    """Two windows with the same suggestion: the second decision comes too late."""
    first, second = (Person(page_of(changing_server, "konsulent@demo.dk")) for _ in range(2))
    opens_the_first_case(first)
    second.opens(first.page.url)
    for person in (first, second):
        person.waits_for_htmx()
        person.main.locator("#choose-approve > summary").click()
        person.ticks("Opgaverne passer godt")
    first.presses("Ja, spørg borgeren")
    expect(first.main.locator(".undo-bar")).to_contain_text("Godkendt")

    with second.without_leaving_the_page():
        second.presses("Ja, spørg borgeren")
        second.sees_message("Du har allerede svaret")

    expect(second.page.locator("#match-review #decision")).to_be_visible()
    expect(second.page.get_by_label("Opgaverne passer godt")).to_be_checked()


def test_a_mistake_swaps_in_the_form_with_what_was_typed(karin: Person) -> None:
    opens_the_first_case(karin)

    with karin.without_leaving_the_page():
        karin.main.locator("#choose-approve > summary").click()
        karin.main.locator("#choose-approve summary", has_text="Skriv med dine ord").click()
        karin.page.locator("#approve-words").fill("Et godt første skridt")
        karin.presses("Ja, spørg borgeren")
        expect(karin.main.locator("[data-error-summary]")).to_be_focused()

    expect(karin.page.locator("#approve-words")).to_have_value("Et godt første skridt")
    expect(karin.main.locator("[aria-invalid=true]").first).to_be_attached()


def test_the_question_can_be_answered_with_no(karin: Person) -> None:
    karin.opens("/reviews/?tab=employer")
    karin.waits_for_htmx()
    karin.main.locator(".desk-row-link").first.click()
    asked: list[str] = []
    karin.page.on("request", lambda request: asked.append(request.url) if request.method == "POST" else None)

    karin.presses("Borgeren trækker sit ja tilbage")
    dialog = karin.page.get_by_role("dialog")
    expect(dialog).to_contain_text("Det kan ikke gøres om")
    dialog.get_by_role("button", name="Annuller").click()

    expect(dialog).to_be_hidden()
    expect(karin.page.get_by_role("button", name="Borgeren trækker sit ja tilbage")).to_be_focused()
    assert asked == []


def test_without_a_network_the_page_says_so(karin: Person) -> None:
    karin.opens("/employers/")
    karin.waits_for_htmx()
    karin.page.context.set_offline(True)

    karin.main.locator("select[name=industry]").select_option("pleje")

    karin.sees_message("Der er ingen forbindelse")


# --- Where htmx comes from ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def cdn_server(demo_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with live_server(demo_template, tmp_path_factory.mktemp("cdn"), PORTAL_HTMX="cdn") as address:
        yield address


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Page]]:
    """A page whose requests to the CDN are answered by `cdn`."""
    contexts: list[BrowserContext] = []

    def open_page(address: str, cdn: Callable[[Route], None]) -> Page:
        context = browser.new_context(base_url=address, locale="da-DK")
        contexts.append(context)
        context.route(CDN, cdn)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


def answers(body: bytes) -> Callable[[Route], None]:
    headers = {"Access-Control-Allow-Origin": "*", "Content-Type": "application/javascript"}
    return lambda route: route.fulfill(body=body, headers=headers)


@pytest.mark.parametrize(
    ("cdn", "source"),
    [
        (answers(VENDORED.read_bytes()), CDN),
        (lambda route: route.abort(), "vendor/htmx/htmx.min.js"),
        (answers(VENDORED.read_bytes() + b"\nwindow.tampered = true;"), "vendor/htmx/htmx.min.js"),
        (lambda route: None, "vendor/htmx/htmx.min.js"),
    ],
    ids=["answers", "unreachable", "tampered", "never-answers"],
)
def test_htmx_works_whatever_the_cdn_does(
    cdn: Callable[[Route], None], source: str, cdn_server: str, visit: Callable[..., Page]
) -> None:
    page = visit(cdn_server, cdn)
    sign_in(page, "konsulent@demo.dk")
    karin = Person(page)

    karin.opens("/employers/")

    with karin.without_leaving_the_page():
        karin.main.get_by_role("searchbox").fill("fjord")
        expect(page).to_have_url(re.compile("q=fjord"))
    scripts = page.locator("head script").evaluate_all("all => all.map(one => one.src)")
    assert source in scripts[-1]
    assert page.evaluate("window.tampered === undefined")
