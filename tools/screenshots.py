"""Pictures of every page of every role, on a phone and at a desk: python tools/screenshots.py DIR

It starts a portal of its own with the demo municipality, signs in as somebody of each role, follows menus and links,
and takes one picture of each kind of page in both widths. Pictures are looked at, never committed.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urldefrag, urlsplit

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # also when it is started by its path

from playwright.sync_api import Error, Page, sync_playwright  # noqa: E402
from werkzeug.exceptions import HTTPException  # noqa: E402

from portal.application import create_app  # noqa: E402
from portal.demo.accounts import DEMO_ACCOUNTS, DEMO_PASSWORD  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser
    from werkzeug.routing import MapAdapter

WIDTHS: Final = (1280, 360)
VISITOR: Final = "visitor"
SECONDS_UNTIL_UP: Final = 600
"""The demo municipality is loaded first."""

MOST_WAITING_MS: Final = 3_000
"""For what a page loads into itself; a picture without it is better than none."""

_SERVE = "from tools.serving import serve; raise SystemExit(serve())"


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print(__doc__)
        return 2
    folder = Path(arguments[0])
    with tempfile.TemporaryDirectory() as work:
        environment = _environment(Path(work))
        os.environ.update(environment)
        urls = create_app().url_map.bind("localhost")
        print("Starting a portal with the demo municipality ...", flush=True)
        with _portal(environment, Path(work) / "server.log") as address:
            taken = _take_all(address, urls, folder)
    print(f"{taken} pages in {len(WIDTHS)} widths: {folder}")
    return 0


def _environment(work: Path) -> dict[str, str]:
    """A portal beside all others: its own port, database, keys and mails."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return {
        "PORTAL_PORT": str(port),
        "PORTAL_HOST": "127.0.0.1",
        "PORTAL_DATABASE_URL": f"sqlite:///{work / 'portal.sqlite'}",
        "PORTAL_HTMX": "local",
        "PORTAL_MAIL_FOLDER": str(work / "mail"),
        "PORTAL_KEYS": str(work / "keys.json"),
        "PORTAL_JOURNAL": str(work / "erasures.journal"),
    }


@contextlib.contextmanager
def _portal(environment: dict[str, str], log: Path) -> Iterator[str]:
    address = f"http://127.0.0.1:{environment['PORTAL_PORT']}"
    with log.open("w") as lines:
        server = subprocess.Popen(
            [sys.executable, "-c", _SERVE],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdout=lines,
            stderr=lines,
        )
        try:
            _wait_until_up(address, server, log)
            yield address
        finally:
            server.terminate()
            server.wait(timeout=20)


def _wait_until_up(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + SECONDS_UNTIL_UP
    while time.monotonic() < until:
        if server.poll() is not None:
            raise SystemExit(f"The portal ended:\n{log.read_text()}")
        with (
            contextlib.suppress(OSError),
            urllib.request.urlopen(f"{address}/healthz", timeout=5) as answer,  # noqa: S310 - our own
        ):
            if answer.status == 200:
                return
        time.sleep(0.5)
    raise SystemExit(f"The portal did not come up:\n{log.read_text()}")


def _take_all(address: str, urls: MapAdapter, folder: Path) -> int:
    taken = 0
    with sync_playwright() as playwright:
        chromium = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=chromium, args=_arguments())
        for email in (VISITOR, *_walkers()):
            taken += _take_of(browser, address, urls, email, folder / email.partition("@")[0])
        browser.close()
    return taken


def _walkers() -> list[str]:
    """One demo user of each role, and both citizens: their pages are in different languages."""
    emails = [email for email, _who in DEMO_ACCOUNTS]
    return [email for email in emails if "2@" not in email or email.startswith("borger")]


def _arguments() -> list[str]:
    """Chromium refuses its sandbox to root."""
    return ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []


def _take_of(browser: Browser, address: str, urls: MapAdapter, email: str, folder: Path) -> int:
    """One page of each kind that the user reaches from her front page, nearest first."""
    folder.mkdir(parents=True, exist_ok=True)
    context = browser.new_context(base_url=address, locale="da-DK")
    page = context.new_page()
    if email != VISITOR:
        _sign_in(page, email)
    waiting, known, kinds = deque(["/"]), {"/"}, set()
    while waiting:
        path = waiting.popleft()
        kind = _kind_of(urls, path)
        if kind is None or kind in kinds:
            continue
        kinds.add(kind)
        if not _picture(page, path, folder / kind.replace(".", "-")):
            continue
        print(f"{folder.name:>12} {len(kinds):>3}  {kind:<40} {path[:60]}", flush=True)
        for link in _links_of(page):
            if link not in known:
                known.add(link)
                waiting.append(link)
    context.close()
    return len(kinds)


def _sign_in(page: Page, email: str) -> None:
    page.goto("/login")
    page.fill("input[name=email]", email)
    page.fill("input[name=password]", DEMO_PASSWORD)
    page.click("main form button")
    page.wait_for_url("**/")


def _kind_of(urls: MapAdapter, path: str) -> str | None:
    """The name of the view behind an address; None for what is no page of the portal."""
    try:
        endpoint, _values = urls.match(urlsplit(path).path, method="GET")
    except HTTPException:
        return None
    return None if endpoint == "static" else endpoint


def _picture(page: Page, path: str, name: Path) -> bool:
    """Whether it was a page: a file is none."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        try:
            answer = page.goto(path)
        except Error:  # the browser saves a file instead of showing it
            return False
        if answer is None or not answer.headers.get("content-type", "").startswith("text/html"):
            return False
        with contextlib.suppress(Error):
            page.wait_for_load_state("networkidle", timeout=MOST_WAITING_MS)
        page.screenshot(path=f"{name}-{width}.png", full_page=True)
    return True


def _links_of(page: Page) -> list[str]:
    found = page.eval_on_selector_all("a[href^='/']", "links => links.map(link => link.getAttribute('href'))")
    plain = [urldefrag(link).url for link in found]
    return [link for link in plain if not re.search(r"[?&]format=", link)]


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
