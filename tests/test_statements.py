"""At most 12 SQL statements a page, and the same number for a handful of rows as for thousands."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Flask

from portal.demo.accounts import DEMO_ACCOUNTS
from portal.demo.bulk import Size
from portal.demo.large import load_large
from tests.client import counted_statements
from tests.factories import NOW
from tests.support.crawl import Crawler
from tests.support.demo import DemoTemplate
from tests.test_crawl import client_of

MOST = 12
EXPORT, MOST_FOR_AN_EXPORT = "/mine/data/", 40
"""A file with all about one person reads every table that knows her: one statement for each."""
MANY = Size(citizens=10_000, openings=300, employers=60, matches=10_000, audit=10_000)
PEOPLE = [account[0] for account in DEMO_ACCOUNTS]


@contextmanager
def grown(template: DemoTemplate) -> Iterator[Flask]:
    """The demo municipality with thousands of rows more."""
    with template.copy() as app:
        with app.app_context():
            load_large(NOW, MANY)
        yield app


def counts(app: Flask, email: str, paths: list[str]) -> dict[str, int]:
    client = client_of(app, email)
    found = {}
    for path in paths:
        client.get(path)  # caches of the process are filled
        with counted_statements(app) as seen:
            client.get(path)
        found[path] = len(seen)
    return found


def most_for(path: str) -> int:
    return MOST_FOR_AN_EXPORT if path.startswith(EXPORT) else MOST


def pages_of(app: Flask, email: str) -> list[str]:
    """One page of each endpoint the role reaches."""
    client = client_of(app, email)

    def links(path: str) -> list[str]:
        answer = client.get(path)
        return (
            [str(a["href"]) for a in answer.page.select("a[href]")] if answer.mimetype == "text/html" else []
        )

    return [paths[0] for paths in Crawler(app, links, per_endpoint=1).walk().values()]


def test_statements_do_not_grow_with_the_rows(
    demo_templates: Callable[[str], DemoTemplate], frozen_clock: None
) -> None:
    template = demo_templates("sqlite")
    few: dict[str, dict[str, int]] = {}
    with template.copy() as app:
        for email in PEOPLE:
            few[email] = counts(app, email, pages_of(app, email))

    too_many = {
        f"{e} {path}": n for e, found in few.items() for path, n in found.items() if n > most_for(path)
    }
    assert too_many == {}

    with grown(template) as app:
        for email in PEOPLE:
            many = counts(app, email, list(few[email]))
            assert many == few[email], email
