"""A server with the demo municipality for each worker, and a page signed in as a persona."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect

from tests.browser.people import sign_in
from tests.support.live import demo_database, live_server

PATIENCE = 20_000
"""Milliseconds: a machine that is busy with other tests answers late; what is there already is found at once."""

expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def demo_template(meeting_place: Path) -> Path:
    return demo_database(meeting_place.with_name("demo"))


@pytest.fixture(scope="session")
def server(demo_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server whose data tests may only read."""
    with live_server(demo_template, tmp_path_factory.mktemp("server")) as address:
        yield address


@pytest.fixture(scope="session")
def changing_server(demo_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that tests share and may write to: none may rely on what another leaves alone."""
    with live_server(demo_template, tmp_path_factory.mktemp("changing")) as address:
        yield address


@pytest.fixture
def own_server(demo_template: Path, tmp_path: Path) -> Iterator[str]:
    """A server of one's own, for a story that writes."""
    with live_server(demo_template, tmp_path) as address:
        yield address


@pytest.fixture(scope="session")
def cookies() -> dict[tuple[str, str], StorageState]:
    """By server and e-mail: who has signed in once stays signed in."""
    return {}


@pytest.fixture
def page_of(browser: Browser, cookies: dict[tuple[str, str], StorageState]) -> Iterator[Callable[..., Page]]:
    """A page in its own context: `page_of(address, "konsulent@demo.dk", width=360, javascript=False)`."""
    contexts = []

    def open_page(
        address: str, email: str | None = None, *, width: int = 1280, javascript: bool = True
    ) -> Page:
        context = browser.new_context(
            base_url=address,
            viewport={"width": width, "height": 800},
            java_script_enabled=javascript,
            locale="da-DK",
            storage_state=cookies.get((address, email or "")),
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        if email is not None and (address, email) not in cookies:
            sign_in(page, email)
            cookies[address, email] = context.storage_state()
        return page

    yield open_page
    for context in contexts:
        context.close()
