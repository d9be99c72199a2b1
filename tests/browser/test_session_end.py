"""An opening is written while its writer's login ends: her words come back, and nothing is sent by itself."""

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from portal.demo.accounts import DEMO_PASSWORD
from tests.browser.people import Person, sign_in
from tests.support.live import live_server

pytestmark = pytest.mark.browser

EMPLOYER = "virksomhed@demo.dk"
WORDS = "Hos os møder du kl. 7. Vi spiser morgenmad sammen, og du bestemmer selv musikken i køkkenet."


@pytest.fixture(scope="module")
def database(demo_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    folder = tmp_path_factory.mktemp("session-end")
    with live_server(demo_template, folder) as address:
        yield address, folder / "portal.sqlite"


def end_all_logins(database: Path) -> None:
    with contextlib.closing(sqlite3.connect(database)) as connection, connection:
        ended = connection.execute(
            "UPDATE user_sessions SET ended_at = last_seen_at WHERE ended_at IS NULL"
        ).rowcount
    assert ended


@pytest.mark.parametrize("javascript", [True, False], ids=["htmx", "no-javascript"])
def test_an_opening_written_over_the_end_of_a_login(
    javascript: bool, database: tuple[str, Path], page_of: Callable[..., Page]
) -> None:
    address, file = database
    page = page_of(address, width=360, javascript=javascript)
    sign_in(page, EMPLOYER)
    bo = Person(page, javascript=javascript)
    bo.opens("/openings/new")
    bo.fills(title="Hjælp i køkkenet om morgenen", description=WORDS, must__0__text="skrælle kartofler")
    bo.presses("Flere linjer, og vis, hvordan opgaverne bliver forstået")
    expect(page.locator("[name='must-5-text']")).to_be_visible()  # the page with more lines has come
    page.locator("[name$='-text']").last.fill("dække bord til tyve")
    last = page.locator("[name$='-text']").last.get_attribute("name")

    end_all_logins(file)
    bo.presses("Gem som kladde")
    expect(page.locator("#sign-in")).to_contain_text("Log ind igen, så er det, du skrev, her stadig.")
    page.locator("#sign-in [name=email]").fill(EMPLOYER)
    page.locator("#sign-in [name=password]").fill(DEMO_PASSWORD)
    page.locator("#sign-in").get_by_role("button", name="Log ind", exact=True).click()

    bo.sees_message("Her er det, du skrev.")
    expect(page.locator("[name=description]")).to_have_value(WORDS)
    expect(page.locator("[name='must-0-text']")).to_have_value("skrælle kartofler")
    expect(page.locator(f"[name='{last}']")).to_have_value("dække bord til tyve")
    assert page.title().startswith("Fejl") is False
    if javascript:
        assert page.url.endswith("/openings/new")


def test_a_screen_of_the_step_form_sent_by_htmx(
    database: tuple[str, Path], page_of: Callable[..., Page]
) -> None:
    address, file = database
    page = page_of(address, width=360)
    sign_in(page, EMPLOYER)
    bo = Person(page)
    bo.opens("/posting/")
    bo.presses("Begynd en ny")
    expect(page.locator("#posting-step")).to_be_visible()
    bo.opens(f"/posting/{bo.number}/more")
    bo.waits_for_htmx()
    bo.fills(lines__0__text="dække bord til tyve")

    end_all_logins(file)
    with bo.without_leaving_the_page():
        bo.presses("Gem og gå videre")
        expect(page.locator("#messages #sign-in")).to_be_visible()
        expect(page.locator("[name='lines-0-text']")).to_have_value("dække bord til tyve")
    page.locator("#sign-in [name=email]").fill(EMPLOYER)
    page.locator("#sign-in [name=password]").fill(DEMO_PASSWORD)
    page.locator("#sign-in").get_by_role("button", name="Log ind", exact=True).click()

    bo.sees_message("Her er det, du skrev.")
    expect(page.locator("[name='lines-0-text']")).to_have_value("dække bord til tyve")
    assert page.url.endswith("/more")
    bo.waits_for_htmx()
    bo.presses("Gem og gå videre")
    expect(page.locator(".task-count")).not_to_contain_text("4 af")


def test_the_page_warns_before_a_login_ends_and_stays_when_asked(
    database: tuple[str, Path], page_of: Callable[..., Page]
) -> None:
    page = page_of(database[0], width=360)
    page.clock.install()
    sign_in(page, EMPLOYER)
    page.goto("/openings/new")
    warning = page.locator("#login-ends")
    expect(warning).to_be_hidden()

    page.clock.fast_forward("25:00")
    expect(warning).to_contain_text("Du bliver logget ud om")
    warning.get_by_role("button", name="Bliv logget ind").click()
    expect(warning).to_be_hidden()

    page.clock.fast_forward("30:00")
    expect(warning).to_contain_text("Du er logget ud")
    expect(warning.get_by_role("button")).to_be_hidden()


def test_unsaved_words_are_asked_about_and_sent_ones_are_not(
    database: tuple[str, Path], page_of: Callable[..., Page]
) -> None:
    page = page_of(database[0])
    sign_in(page, EMPLOYER)
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto("/openings/new")
    page.locator("[name=title]").fill("En plads")
    page.locator("[name=title]").press("Tab")

    page.get_by_role("link", name="Det gode match").click()
    page.wait_for_url("**/")
    assert asked == ["beforeunload"]

    page.goto("/openings/new")
    page.get_by_role("link", name="Det gode match").click()
    page.wait_for_url("**/")
    assert asked == ["beforeunload"]
