"""Memory of a worker through thousands of varied requests, and of the presses and readers beside it.

    python bench/memory.py [--requests N] [--json FILE] [--write] [--most MB]

Starts the README's server with one worker over the demo municipality, in a folder of its own, and asks as everybody at
once: every page, lists with words nobody wrote before, forms with good and bad input, papers, files. `--write` puts the
resident memory at each twentieth of the way into docs/benchmarks.md. Linux only: it reads /proc.
"""

import argparse
import html
import http.client
import json
import random
import re
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

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.pages import ROOT, Browser, environment_for, free_port, kind_of, wait_for
from bench.report import BENCHMARKS, machine, version, write_section
from portal.demo.accounts import DEMO_ACCOUNTS

PEOPLE = [None, *(email for email, _about in DEMO_ACCOUNTS)]
THREADS = 4
MOST_MB = 640
"""578 MB were measured on 1 December 2026 with the doors and the second step in; 560 held before them."""
KEPT_PAGES = 4
"""Addresses of one kind: they differ by their data."""
LEFT_ALONE = re.compile(
    r"logout|/sessions|/password|/end$|language|/erase|/code|second-factor|delete|passive|people|/users/|colleague"
)
"""Forms after which the person would be somebody else, or nobody."""
LETTERS = "abcdefghijklmnopqrstuvwxyzæøå  -'\"<>%&=;ÅéüßЖ中🦊\u200f\u0301"


@dataclass
class Moment:
    """After so many requests: megabytes of the worker and of its children together, and the seconds they took."""

    requests: int
    worker_mb: int
    children_mb: int
    seconds: float


class Person:
    """Somebody at a browser, who knows the pages she has seen and goes on in no order."""

    def __init__(self, port: int, email: str | None, seed: int) -> None:
        self.browser = Browser(port)
        self.email = email
        self.draw = random.Random(seed)
        self.pages: dict[str, list[str]] = {}
        self.answers: dict[int, int] = {}
        if email is not None:
            self.browser.sign_in(email)
        self._remember("/")

    def ask(self) -> None:
        """One thing that people do; a connection that the server closed while nobody spoke is opened again."""
        try:
            self._ask()
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            self.browser.connection.close()

    def _ask(self) -> None:
        """Look, search, send a form, print."""
        url = self.draw.choice(self.pages[self.draw.choice(sorted(self.pages))])
        status, page = self.browser.get(url if self.draw.random() < 0.6 else self._searched(url))
        self._note(status, page)
        if self.email is not None and self.browser.led_to.startswith("/login"):
            self._come_back()
        forms = [
            form
            for form in re.findall(r'<form[^>]*method="post".*?</form>', page, re.DOTALL)
            if not LEFT_ALONE.search(form.split(">", 1)[0])
        ]
        if forms and self.draw.random() < 0.4:
            self._note(*self._sent(self.draw.choice(forms)))

    def _come_back(self) -> None:
        """A form may have signed her out, or taken her account: then she goes on as a visitor."""
        self.browser.cookies.clear()
        try:
            self.browser.sign_in(self.email or "")
        except AssertionError:
            self.email = None

    def _note(self, status: int, page: str) -> None:
        self.answers[status] = self.answers.get(status, 0) + 1
        for link in re.findall(r'<a[^>]*\bhref="(/[^"#]*)"', page):
            if not LEFT_ALONE.search(link):
                self._remember(html.unescape(link))

    def _remember(self, url: str) -> None:
        known = self.pages.setdefault(kind_of(url), [])
        if url not in known:
            known.append(url)
            del known[:-KEPT_PAGES]

    def _searched(self, url: str) -> str:
        """The same page, asked for with words that nobody wrote before."""
        names = (
            "q",
            "text",
            "search",
            "place",
            "industry",
            "sort",
            "page",
            "from",
            "to",
            "format",
            "language",
        )
        asked = {name: self._words() for name in self.draw.sample(names, 3)}
        if self.draw.random() < 0.5:
            asked["page"] = str(self.draw.randrange(1, 5))
        return f"{url.split('?')[0]}?{urlencode(asked)}"

    def _words(self) -> str:
        return "".join(self.draw.choices(LETTERS, k=self.draw.choice((3, 8, 20, 60))))

    def _sent(self, form: str) -> tuple[int, str]:
        action = re.search(r'action="([^"]*)"', form)
        fields: list[tuple[str, str]] = []
        for tag in re.findall(r"<(?:input|textarea|select)[^>]*>", form):
            name = re.search(r'name="([^"]*)"', tag)
            if name is None:
                continue
            value = re.search(r'value="([^"]*)"', tag)
            fields.append((name.group(1), self._value(tag, html.unescape(value.group(1)) if value else "")))
        if action is None:
            return 0, ""
        return self.browser.post(html.unescape(action.group(1)), urlencode(fields))

    def _value(self, tag: str, value: str) -> str:
        if 'type="hidden"' in tag or (value and self.draw.random() < 0.5):
            return value
        return self.draw.choice((self._words(), "3300", "2026-12-24", "12", "y", "gulvvask", ""))


def resident_mb(process: int) -> int:
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0
    found = re.search(r"VmRSS:\s*(\d+)", status)
    return int(found.group(1)) // 1024 if found else 0


def children(process: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            if int(stat.read_text().rpartition(")")[2].split()[1]) == process:
                found.append(int(stat.parent.name))
        except OSError:
            continue
    return found


@contextmanager
def server(database: Path) -> Iterator[tuple[int, int]]:
    """Port and process of a server's only worker."""
    port = free_port()
    told = {
        **environment_for(database),
        "PORTAL_PORT": str(port),
        "WEB_CONCURRENCY": "1",
        "PORTAL_HTMX": "local",
    }
    told["PORTAL_MAIL_FOLDER"] = str(database.parent / "mail")
    log = database.with_suffix(".log").open("w")
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "app:app"], cwd=ROOT, env=told, stdout=log, stderr=log
    )
    try:
        wait_for(port)
        (worker,) = children(process.pid)
        yield port, worker
    finally:
        process.terminate()
        process.wait(30)
        log.close()


def measured(requests: int, steps: int = 20) -> tuple[list[Moment], dict[int, int]]:
    """The worker's memory through so many requests, and how often each status was answered."""
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "memory.sqlite"
        for command in (("db", "upgrade"), ("seed-demo",)):
            subprocess.run(
                [sys.executable, "-m", "flask", "--app", "app", *command],
                cwd=ROOT,
                env={**environment_for(database), "PORTAL_MAIL_FOLDER": f"{folder}/mail"},
                check=True,
                capture_output=True,
            )
        with server(database) as (port, worker):
            return _measured(port, worker, requests, steps)


def _measured(port: int, worker: int, requests: int, steps: int) -> tuple[list[Moment], dict[int, int]]:
    people = [Person(port, email, seed) for seed, email in enumerate(PEOPLE)]
    begun = time.perf_counter()

    def now(done: int) -> Moment:
        beside = sum(resident_mb(child) for child in children(worker))
        return Moment(done, resident_mb(worker), beside, round(time.perf_counter() - begun))

    moments = [now(0)]
    print_row(moments[-1])
    for step in range(1, steps + 1):
        _all_ask(people, requests * step // steps)
        moments.append(now(_asked(people)))
        print_row(moments[-1])
    answers: dict[int, int] = {}
    for person in people:
        for status, times in person.answers.items():
            answers[status] = answers.get(status, 0) + times
    return moments, answers


def _asked(people: list[Person]) -> int:
    return sum(sum(person.answers.values()) for person in people)


def _all_ask(people: list[Person], until: int) -> None:
    """Everybody goes on, a few at the same moment, until so many requests were answered."""

    def go_on(some: list[Person]) -> None:
        while _asked(people) < until:
            for person in some:
                person.ask()

    threads = [threading.Thread(target=go_on, args=(people[place::THREADS],)) for place in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def print_row(moment: Moment) -> None:
    print(
        f"{moment.requests:7} requests {moment.worker_mb:5} MB worker {moment.children_mb:5} MB children "
        f"{moment.seconds:6.0f} s",
        flush=True,
    )


def table(moments: list[Moment]) -> list[str]:
    return [
        "| requests | worker, MB | its children, MB |",
        "| ---: | ---: | ---: |",
        *(f"| {one.requests} | {one.worker_mb} | {one.children_mb} |" for one in moments),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--requests", type=int, default=20_000)
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--write", action="store_true", help="put the figures into docs/benchmarks.md")
    parser.add_argument("--most", type=int, default=MOST_MB, help="megabytes a worker may reach")
    asked = parser.parse_args()
    moments, answers = measured(asked.requests)
    print("answers:", dict(sorted(answers.items())))
    report = {"machine": machine(), "version": version(), "moments": [asdict(one) for one in moments]}
    if asked.json:
        asked.json.write_text(json.dumps(report, indent=1), encoding="utf-8")
    if asked.write:
        about = ", ".join(f"{name} {value}" for name, value in report["machine"].items())
        write_section(
            BENCHMARKS, "memory", ["", *table(moments), "", f"Version {report['version']}; {about}.", ""]
        )
    if any(status >= 500 for status in answers):
        sys.exit("a request was answered with a fault of ours")
    if max(one.worker_mb for one in moments) > asked.most:
        sys.exit(f"the worker held more than {asked.most} MB")


if __name__ == "__main__":
    main()
