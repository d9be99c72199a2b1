"""Speed of the pages on the large demo: p50 and p99 per page and role, and requests per second at sixteen connections.

    python bench/pages.py [--json FILE] [--database FILE] [--keep]

Starts the README's production server by itself, with PORTAL_ENV=development, on loopback, over a database outside the
repository. The client is Python threads on the same machine: its cost is part of every figure.
"""

import argparse
import html
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
SERVER = ["-m", "gunicorn", "app:app"]
"""The command of the README; bind, workers and threads stand in gunicorn.conf.py."""

WARM_UP = 5
MOST_REQUESTS = 100
SECONDS_PER_PAGE = 1.6
SECONDS_AT_SIXTEEN = 8.0
CONNECTIONS = 16
BAR = (25.0, 100.0)
MATCH_BAR = (50.0, 200.0)
MATCH_PAGES = (
    "/reviews/match/N",
    "/matches/opening/N",
    "/matches/card/N",
    "/matches/opening/N/near-misses",
    "/matches/card/N/near-misses",
)
GOAL_BAR = (80.0, 250.0)
GOAL_PAGES = ("/goals/", "/goals/N")
"""Thirty goals counted live among ten thousand citizens, beside seven frozen years."""
DESK_BAR = (40.0, 150.0)
DESK_PAGES = ("/", "/reviews/", "/search/", "/search/hints", "/citizens/N")
"""The consultant's: the day, the queue, a search and a citizen's timeline."""

NEXT_CASE_BAR = (300.0, 600.0)
NEXT_CASE = "the next case"
CASES = 30
"""Decided one after the other: from the press of a decision until the next case is there, without htmx."""

PASSWORD = "det-gode-match"

ACCOUNTS = (
    None,
    "konsulent@demo.dk",
    "leder@demo.dk",
    "virksomhed@demo.dk",
    "borger@demo.dk",
    "admin@demo.dk",
)
AT_SIXTEEN = ("/openings/", "/cards/N", "/reviews/match/N")
"""A list, a card with its audit row, and a match."""

SOUGHT = ("/search/?q=ah", "/search/hints?q=re", "/search/?q=a&kind=citizen")
"""What no link leads to: somebody types it. A citizen's timeline is the page of a citizen."""

NOT_PAGES = re.compile(r"format=csv|/print$|/examples/|/static/|/logout")


@dataclass
class Figure:
    role: str
    page: str
    url: str
    connections: int
    requests: int
    p50_ms: float
    p99_ms: float
    per_second: float
    bar_ms: tuple[float, float] | None
    within: bool | None


class Browser:
    """One signed-in person on one kept-alive connection."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.cookies: dict[str, str] = {}
        self.led_to = ""
        """Where the last answer sent it."""

    def get(self, url: str) -> tuple[int, str]:
        """The status and the page; "" for a file, as a PDF or a calendar."""
        return self._send("GET", url)

    def post(self, url: str, form: str) -> tuple[int, str]:
        return self._send("POST", url, form)

    def _send(self, method: str, url: str, body: str | None = None) -> tuple[int, str]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, url, body, headers)
        response = self.connection.getresponse()
        for header in response.headers.get_all("Set-Cookie") or []:
            name, _, value = header.split(";", 1)[0].partition("=")
            self.cookies[name] = value
        self.led_to = response.getheader("Location") or ""
        is_page = (response.getheader("Content-Type") or "").startswith("text/html")
        content = response.read()
        return response.status, content.decode() if is_page else ""

    def sign_in(self, email: str) -> None:
        _status, page = self.get("/login")
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        assert token, "the login page has no token"
        form = urlencode({"csrf_token": token.group(1), "email": email, "password": PASSWORD})
        status, _page = self._send("POST", "/login", form)
        assert status in (302, 303), f"{email} could not sign in: {status}"


def percentile(sorted_times: list[float], share: float) -> float:
    return sorted_times[min(len(sorted_times) - 1, int(share * len(sorted_times)))] * 1000


def measure_one(browser: Browser, url: str) -> list[float]:
    browser.connection.close()  # the server has closed it by now; the next request opens it again
    for _ in range(WARM_UP):
        status, _page = browser.get(url)
        assert status == 200, f"{url}: {status}"
    times: list[float] = []
    until = time.perf_counter() + SECONDS_PER_PAGE
    while len(times) < MOST_REQUESTS and time.perf_counter() < until:
        begun = time.perf_counter()
        browser.get(url)
        times.append(time.perf_counter() - begun)
    return sorted(times)


def measure_sixteen(browsers: list[Browser], url: str) -> tuple[list[float], float]:
    times: list[float] = []
    failures: list[int] = []
    until = time.perf_counter() + SECONDS_AT_SIXTEEN

    def ask(browser: Browser) -> None:
        while time.perf_counter() < until:
            begun = time.perf_counter()
            status, _page = browser.get(url)
            times.append(time.perf_counter() - begun)
            if status != 200:
                failures.append(status)

    threads = [threading.Thread(target=ask, args=(browser,)) for browser in browsers]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures, f"{url}: {len(failures)} answers were not 200, as {failures[0]}"
    return sorted(times), time.perf_counter() - begun


def measure_next_case(browser: Browser) -> list[float]:
    """Refuse case after case from the queue, as the forms of its pages say. What was decided stays decided."""
    _status, page = browser.get("/reviews/")
    first = re.search(r'href="(/reviews/match/\d+[^"]*)"', page)
    assert first, "the queue is empty"
    url, times = html.unescape(first[1]), []
    for _ in range(CASES):
        _status, page = browser.get(url)
        form = re.search(r'<form[^>]*action="([^"]*/refuse[^"]*)".*?</form>', page, re.DOTALL)
        assert form, f"nothing to decide at {url}"
        hidden = dict(re.findall(r'<input[^>]*name="(csrf_token|form_id)"[^>]*value="([^"]+)"', form[0]))
        reason = re.search(r'name="reason"[^>]*value="([^"]+)"', form[0])
        assert reason, "no reason to choose"
        begun = time.perf_counter()
        status, _page = browser.post(html.unescape(form[1]), urlencode({**hidden, "reason": reason[1]}))
        assert status == 303, f"{form[1]}: {status}"
        url = browser.led_to
        browser.get(url)
        times.append(time.perf_counter() - begun)
    return sorted(times)


def pages_of(browser: Browser) -> dict[str, str]:
    """One real address for each kind of page the person can reach by links: "/openings/N" -> "/openings/1207"."""
    found: dict[str, str] = {}
    waiting = ["/", *SOUGHT]
    for url in waiting:  # grows while it is walked
        kind = kind_of(url)
        if kind in found or NOT_PAGES.search(url):
            continue
        status, page = browser.get(url)
        if status == 200 and page:
            found[kind] = url
            waiting += [html.unescape(link) for link in re.findall(r'<a[^>]*\bhref="(/[^"#]*)"', page)]
    return found


def kind_of(url: str) -> str:
    """The address without its query and with N for every key."""
    return re.sub(r"/\d+(?=/|$)", "/N", url.split("?")[0])


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def server(database: Path) -> Iterator[int]:
    port = free_port()
    log = database.with_suffix(".log").open("w")
    environment = {**environment_for(database), "PORTAL_PORT": str(port)}
    process = subprocess.Popen([sys.executable, *SERVER], cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        wait_for(port)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)
        log.close()


def environment_for(database: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    return {**kept, "PORTAL_ENV": "development", "PORTAL_DATABASE_URL": f"sqlite:///{database}"}


def wait_for(port: int) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            status, _page = Browser(port).get("/healthz")
        except OSError:
            time.sleep(0.1)
            continue
        if status == 200:
            return
    raise SystemExit("the server did not start; see its log beside the database")


def make_database(database: Path) -> None:
    print(f"Loading the large demo into {database} ...", flush=True)
    for command in (("db", "upgrade"), ("seed-demo", "--size", "large")):
        subprocess.run(
            [sys.executable, "-m", "flask", "--app", "app", *command],
            cwd=ROOT, env=environment_for(database), check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip


def run(port: int) -> list[Figure]:
    figures = []
    for email in ACCOUNTS:
        browser = Browser(port)
        if email is not None:
            browser.sign_in(email)
        pages = pages_of(browser)
        for kind, url in sorted(pages.items()):
            begun = time.perf_counter()
            times = measure_one(browser, url)
            figures.append(_figure(email, kind, url, 1, times, time.perf_counter() - begun))
            _print_row(figures[-1])
        if email == "konsulent@demo.dk":
            begun = time.perf_counter()
            times = measure_next_case(browser)
            figures.append(_figure(email, NEXT_CASE, "/reviews/", 1, times, time.perf_counter() - begun))
            _print_row(figures[-1])
            busy = (browser, {kind: pages[kind] for kind in AT_SIXTEEN})
    figures += run_at_sixteen(port, *busy)
    return figures


def run_at_sixteen(port: int, signed_in: Browser, pages: dict[str, str]) -> list[Figure]:
    """Sixteen connections of one sign-in: the login is throttled, and slow by design."""
    many = [Browser(port) for _ in range(CONNECTIONS)]
    for browser in many:
        browser.cookies = dict(signed_in.cookies)
    figures = []
    for kind, url in pages.items():
        times, seconds = measure_sixteen(many, url)
        figures.append(_figure("konsulent@demo.dk", kind, url, CONNECTIONS, times, seconds))
        _print_row(figures[-1])
    return figures


def _figure(
    email: str | None, name: str, url: str, connections: int, times: list[float], seconds: float
) -> Figure:
    p50, p99 = percentile(times, 0.50), percentile(times, 0.99)
    bar = None if connections > 1 else bar_of(name, email)
    within = None if bar is None else p50 <= bar[0] and p99 <= bar[1]
    role = email.partition("@")[0] if email else "visitor"
    return Figure(
        role,
        name,
        url,
        connections,
        len(times),
        round(p50, 1),
        round(p99, 1),
        round(len(times) / seconds, 1),
        bar,
        within,
    )


def bar_of(page: str, email: str | None) -> tuple[float, float]:
    if page == NEXT_CASE:
        return NEXT_CASE_BAR
    if page in DESK_PAGES and email == "konsulent@demo.dk":
        return DESK_BAR
    if page in MATCH_PAGES:
        return MATCH_BAR
    return GOAL_BAR if page in GOAL_PAGES else BAR


def _print_row(figure: Figure) -> None:
    bar = f"{figure.bar_ms[0]:.0f}/{figure.bar_ms[1]:.0f}" if figure.bar_ms else f"{figure.per_second:.0f}/s"
    verdict = "" if figure.within is None else "ok" if figure.within else "OVER"
    print(
        f"{figure.role:<12}{figure.page:<34}{figure.connections:>5}{figure.requests:>7}"
        f"{figure.p50_ms:>9.1f}{figure.p99_ms:>9.1f}{bar:>10}  {verdict}",
        flush=True,
    )


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", type=Path, help="write the figures here as well")
    parser.add_argument("--database", type=Path, help="a large demo that is there already")
    parser.add_argument("--keep", action="store_true", help="leave the database that was made")
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="portal-bench-"))
    database = arguments.database or folder / "large.sqlite"
    try:
        if not database.exists():
            make_database(database)
        print(
            f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores before the start; measure on an idle machine"
        )
        print(f"{'role':<12}{'page':<34}{'conn':>5}{'n':>7}{'p50 ms':>9}{'p99 ms':>9}{'bar':>10}")
        with server(database) as port:
            figures = run(port)
    finally:
        if not arguments.keep:
            shutil.rmtree(folder)
    if arguments.json:
        arguments.json.write_text(json.dumps([asdict(figure) for figure in figures], indent=1))
    over = [figure for figure in figures if figure.within is False]
    print(f"{len(over)} pages over the bar" if over else "every page within the bar")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
