"""At most 12 SQL statements a page, and the same number for a handful of rows as for thousands."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.client import PortalClient, counted_statements
from tests.support.crawl import Walks, client_of
from tests.support.templates import Templates

pytestmark = pytest.mark.slow

MOST = 12
MORE = {"/mine/data/": 40, "/meetings/": 13}
"""A file with all about one person reads every table that knows her, one statement for each; a paper for a meeting may
hold all about a placement.
"""
NOT_THERE = -1
"""A line of the log that the walk itself has left is in no other municipality."""

PEOPLE = ("konsulent@demo.dk", "leder@demo.dk", "admin@demo.dk", "virksomhed@demo.dk", "borger@demo.dk")
"""One of each role: another of the same role is shown other rows by the same statements."""


def count(app: Flask, client: PortalClient, path: str, expected: int | None = None) -> int:
    """How many statements the page needs once the caches of the process are filled."""
    for _ in range(2):
        with counted_statements(app) as seen:
            answer = client.get(path)
        if answer.status_code == 404:
            return NOT_THERE
        if len(seen) == expected:
            break
    return len(seen)


def most_for(path: str) -> int:
    return next((most for begin, most in MORE.items() if path.startswith(begin)), MOST)


@pytest.mark.parametrize("email", PEOPLE)
def test_statements_do_not_grow_with_the_rows(
    email: str,
    read_only_demo: Flask,
    templates: Callable[[str], Templates],
    walks: Walks,
    frozen_clock: None,
) -> None:
    paths = [paths[0] for paths in walks.of(email).pages.values()]
    client = client_of(read_only_demo, email)
    few = {path: count(read_only_demo, client, path) for path in paths}
    assert {path: n for path, n in few.items() if n > most_for(path)} == {}

    with templates("sqlite").app_on_copy("grown") as grown:
        client = client_of(grown, email)
        many = {path: count(grown, client, path, few[path]) for path in paths}

    both = {path for path in paths if NOT_THERE not in (few[path], many[path])}
    assert {path: many[path] for path in both} == {path: few[path] for path in both}
    assert len(paths) - len(both) <= 1
