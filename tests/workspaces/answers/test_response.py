"""Responstid, month by month. Source: docs/rules.md#answer-promise."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from portal.loop.openings.models import OpeningStatus
from portal.shared.accounts.models import User
from portal.workspaces.answers.response import ResponseTimes, response_times
from portal.workspaces.quality.figures import last_months
from tests.client import PortalClient
from tests.factories import NOW, TODAY, make_employer, make_opening, municipality

SIX = last_months(TODAY, 6)
UP = NOW - timedelta(days=2)
"""A Monday morning."""
DUE = NOW - timedelta(days=1)
HOUR = timedelta(hours=1)


def found() -> ResponseTimes:
    return response_times(municipality().id, SIX, at=NOW)


def promised(**values) -> None:
    make_opening(**{"published_at": UP, "answer_due_at": DUE, "answered_at": UP + HOUR, **values})


@pytest.mark.parametrize(
    ("values", "due", "kept", "broken"),
    [
        ({}, 1, 1, 0),
        ({"answered_at": DUE}, 1, 1, 0),
        ({"answered_at": DUE + timedelta(seconds=1)}, 1, 0, 1),
        ({"answered_at": None}, 1, 0, 1),
        ({"answered_at": None, "answer_due_at": NOW}, 0, 0, 0),
        ({"answered_at": None, "status": OpeningStatus.WITHDRAWN}, 0, 0, 0),
        ({"answered_at": None, "status": OpeningStatus.EXPIRED}, 1, 0, 1),
        ({"answer_due_at": None}, 0, 0, 0),
        ({"published_at": NOW - timedelta(days=200)}, 0, 0, 0),
    ],
)
def test_what_counts(app: Flask, values: dict, due: int, kept: int, broken: int) -> None:
    promised(**values)

    total = found().total

    assert (total.due, total.kept, total.broken) == (due, kept, broken)


def test_another_municipalitys_openings_are_not_counted(app: Flask) -> None:
    promised(employer=make_employer(in_municipality="Fredensborg"))

    assert found().total.states == []


def test_the_median_is_of_hours_on_working_days(app: Flask) -> None:
    saturday = NOW - timedelta(days=11)
    promised(published_at=saturday, answered_at=saturday + timedelta(days=3))  # Saturday to Tuesday
    promised(answered_at=UP + HOUR)
    promised(answered_at=UP + 5 * HOUR)

    assert found().total.median_time == 5 * HOUR


def test_a_share_of_few_is_not_shown(app: Flask) -> None:
    for _number in range(4):
        promised()
    assert found().total.kept_share is None

    promised(answered_at=None)

    assert found().total.kept_share == 80


def test_a_month_is_when_it_went_up_in_denmark(app: Flask) -> None:
    last_of_october = NOW.replace(month=10, day=31, hour=22, minute=59)
    promised(published_at=last_of_october, answered_at=last_of_october)
    promised(published_at=last_of_october + timedelta(minutes=1), answered_at=NOW)

    by_month = {month.number: len(row.states) for month, row in found().months.items()}

    assert (by_month[10], by_month[11]) == (1, 1)


@pytest.mark.parametrize("who", ["mette", "karin"])
def test_leader_and_consultant_read_it_and_take_it_along(
    client_for: Callable[[User], PortalClient], request: pytest.FixtureRequest, who: str
) -> None:
    for _number in range(5):
        promised()
    client = client_for(request.getfixturevalue(who))

    page = client.get("/answers/response-times?months=12")
    file = client.get("/answers/response-times?format=csv").get_data(as_text=True).splitlines()

    assert "100 %" in page.words
    assert len(page.page.select("#response-table tbody tr")) == 12
    assert file[-1] == "2026-11;5;5;0;0;1,0"


def test_a_figure_opens_into_the_openings_behind_it(
    client_for: Callable[[User], PortalClient], mette: User
) -> None:
    promised(title="I tide")
    promised(title="For sent", answered_at=DUE + HOUR)
    client = client_for(mette)

    for link in client.get("/answers/response-times").page.select(
        "a[href*='answer=kept'], a[href*='answer=late']"
    ):
        page = client.get(str(link["href"])).page
        wanted = "I tide" if "kept" in str(link["href"]) else "For sent"
        assert [row.get_text() for row in page.select("#opening-table tbody a")] == [wanted]


def test_the_leaders_front_page_says_it(client_for: Callable[[User], PortalClient], mette: User) -> None:
    for _number in range(5):
        promised()

    page = client_for(mette).get("/")

    assert page.page.select("a[href='/answers/response-times']")
    assert "Halvdelen fik svar inden for 1 time" in page.words
