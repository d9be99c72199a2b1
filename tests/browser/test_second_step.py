"""Login in two steps at a real browser: an app, a passkey of Chromium's own, a code on paper, and no scripts."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import CDPSession, Page, expect

from portal.demo.accounts import DEMO_PASSWORD
from tests.browser.people import Person
from tests.browser.test_accessibility import problems_of
from tests.support.live import live_server

pytestmark = pytest.mark.browser

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def demanding(demo_template: Path, tmp_path: Path) -> Iterator[str]:
    """A passkey is made for a name: http://localhost is the one that needs no https."""
    with live_server(demo_template, tmp_path, host="localhost", PORTAL_SECOND_FACTOR="staff") as address:
        yield address


def gives_password(karin: Person, email: str = "konsulent@demo.dk") -> None:
    karin.opens("/login")
    karin.fills(email=email, password=DEMO_PASSWORD)
    karin.presses("Log ind")


def logs_out(page: Page) -> None:
    page.locator(".user-menu summary").click()
    page.get_by_role("button", name="Log ud").click()
    expect(page.locator("#messages")).to_contain_text("Du er logget ud.")


def secret_on(page: Page) -> str:
    return page.locator("#app-secret").inner_text().replace(" ", "")


def with_authenticator(page: Page) -> CDPSession:
    """A finger that always fits; its keys live as long as the session."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return devices


@pytest.mark.parametrize("width", [360, 1280])
def test_karin_is_led_to_a_passkey_and_signs_in_with_it(
    width: int, demanding: str, page_of: Callable[..., Page]
) -> None:
    page = page_of(demanding, width=width)
    karin = Person(page)
    with_authenticator(page)
    faults = {}

    gives_password(karin)
    karin.sees("Du skal logge ind i to trin")
    faults["app"] = problems_of(page)
    karin.opens("/reviews/")
    karin.sees("Du skal logge ind i to trin")
    karin.presses("Brug en adgangsnøgle i stedet")
    expect(page.locator("[name=name]")).to_have_value("Chrome på Linux")
    faults["passkey"] = problems_of(page)
    karin.presses("Lav adgangsnøglen")
    expect(page.locator("#recovery-codes li")).to_have_count(10)
    faults["codes"] = problems_of(page)
    paper = page.locator("#recovery-codes li").first.inner_text()
    karin.presses("Jeg har gemt koderne, gå videre")
    page.wait_for_url("**/reviews/")

    logs_out(page)
    gives_password(karin)
    expect(page.get_by_role("button", name="Brug din adgangsnøgle")).to_be_visible()
    faults["step"] = problems_of(page)
    karin.presses("Brug din adgangsnøgle")
    page.wait_for_url("**/")
    expect(page.locator(".user-menu summary")).to_be_visible()

    karin.opens("/second-step")
    karin.sees("Chrome på Linux")
    karin.sees("Du har 10 koder tilbage.")
    faults["hers"] = problems_of(page)
    karin.opens("/second-step/codes")
    faults["new codes"] = problems_of(page)

    logs_out(page)
    gives_password(karin)
    karin.fills(code="123123")
    karin.presses("Log ind")
    karin.sees("Koden passer ikke.")
    faults["refused"] = problems_of(page)
    karin.fills(code=paper)
    karin.presses("Log ind")
    page.wait_for_url("**/")
    assert {where: found for where, found in faults.items() if found} == {}


def test_a_browser_without_a_key_says_so_and_takes_a_code(
    demanding: str, page_of: Callable[..., Page]
) -> None:
    page = page_of(demanding, width=360)
    karin = Person(page)
    devices = with_authenticator(page)
    gives_password(karin)
    karin.presses("Brug en adgangsnøgle i stedet")
    karin.presses("Lav adgangsnøglen")
    paper = page.locator("#recovery-codes li").first.inner_text()
    karin.presses("Jeg har gemt koderne, gå videre")
    logs_out(page)
    devices.send("WebAuthn.disable")
    devices.send("WebAuthn.enable")
    devices.send(
        "WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR}
    )  # another finger, without the key

    gives_password(karin)
    karin.presses("Brug din adgangsnøgle")
    expect(page.locator("[data-passkey-says]")).to_contain_text("Adgangsnøglen kom ikke.")
    karin.fills(code=paper)
    karin.presses("Log ind")
    page.wait_for_url("**/")
    expect(page.locator(".user-menu summary")).to_be_visible()


def test_without_scripts_an_app_does(demanding: str, page_of: Callable[..., Page]) -> None:
    page = page_of(demanding, width=360, javascript=False)
    mette = Person(page, javascript=False)
    gives_password(mette, "leder@demo.dk")
    mette.presses("Brug en adgangsnøgle i stedet")
    mette.sees("Adgangsnøgler kræver JavaScript og en nyere browser.")
    mette.presses("Brug en app i stedet")
    mette.fills(code=pyotp.TOTP(secret_on(page)).now())
    mette.presses("Gem, og log ind")
    expect(page.locator("#recovery-codes li")).to_have_count(10)
    paper = page.locator("#recovery-codes li").last.inner_text()
    mette.presses("Jeg har gemt koderne, gå videre")
    expect(page.locator(".user-menu summary")).to_be_visible()

    logs_out(page)
    gives_password(mette, "leder@demo.dk")
    mette.fills(code=paper)
    mette.presses("Log ind")
    expect(page.locator(".user-menu summary")).to_be_visible()
