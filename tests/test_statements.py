"""At most 12 SQL statements a page, and the same number for a handful of rows as for thousands."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.client import PortalClient, counted_statements
from tests.support.crawl import Walks, client_of
from tests.support.templates import Templates

pytestmark = pytest.mark.slow

MOST = 12
MORE = {
    "/employer-pages/own": 13,
    "/mine/data/": 68,
    "/mine/efforts": 13,
    "/meetings/": 17,
    "/reviews/match/": 13,
    "/efforts/citizens/": 14,
    "/efforts/placements/": 16,
    "/goals/status": 70,
    "/goals/": 20,
    "/quarter": 22,
    "/comparison/goals/": 20,
}
"""A file with all about one person reads every table that knows her, one statement for each; a paper for a meeting may
hold all about a placement, her way among it; a case of the queue leaves a look at it and one at the list beside it; a
panel is a statement or two of the room that draws it, and a citizen or a placement has one of each effort; an
employer's page of its cooperation asks for how long it may know a name; the ledger
asks every room that holds records, and its paper holds the list behind each figure.
"""
A_BLOCK_FOR_EACH = "/goals/status"
"""A paper with the list behind each goal grows with the goals, and stays within its bound."""
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
    papers = {path for path in both if path.startswith(A_BLOCK_FOR_EACH)}
    assert {path: many[path] for path in papers if many[path] > most_for(path)} == {}
    both -= papers
    assert {path: many[path] for path in both} == {path: few[path] for path in both}
    assert len(paths) - len(both | papers) <= 1
