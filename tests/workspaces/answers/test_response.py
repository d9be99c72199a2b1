"""Responstid of employers and of citizens. Source: docs/rules.md#answer-promise, docs/rules.md#wait-of-citizens."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.loop.openings.models import OpeningStatus
from portal.shared.accounts.models import User
from portal.workspaces.answers.response import (
    CitizensWaits,
    ResponseTimes,
    Waits,
    in_brief,
    response_times,
    typical_answers,
    waits_of_citizens,
)
from portal.workspaces.quality.figures import last_months
from tests.client import PortalClient
from tests.factories import (
    NOW,
    TODAY,
    make_card,
    make_citizen,
    make_employer,
    make_first_talk,
    make_opening,
    municipality,
    owner_of,
)

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
        ({"answered_at": None, "status": OpeningStatus.WITHDRAWN, "withdrawn_at": DUE}, 0, 0, 0),
        ({"answered_at": None, "status": OpeningStatus.WITHDRAWN, "withdrawn_at": NOW}, 1, 0, 1),
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
    assert len(page.page.select("#response-table tbody tr")) == 1, "the empty months before say nothing"
    assert file[-1] == "2026-11;5;5;0;0;1,0;samme dag"


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
    assert "Typisk svartid: samme dag" in page.words


# --- In words: typical of employers -----------------------------------------------------------------------------

DAY = timedelta(days=1)


def answered_after(*days: int) -> None:
    """Openings that went up on a Monday, and were answered so many working days later (until the Friday)."""
    monday = NOW - timedelta(days=9)
    for count in days:
        promised(published_at=monday, answer_due_at=monday + DAY, answered_at=monday + count * DAY)


@pytest.mark.parametrize(
    ("days", "typical"),
    [
        ([0, 0, 0, 1, 4], 0),
        ([0, 0, 1, 1, 4], 1),
        ([0, 0, 0, 4, 4, 4], 0),  # half of them heard on the same day
        ([0, 0, 0, 0], None),
        ([], None),
    ],
)
def test_half_of_the_employers_heard_within_what_is_typical(
    app: Flask, days: list[int], typical: int | None
) -> None:
    answered_after(*days)

    assert found().total.waits.typical == typical


def test_who_never_heard_counts_once_two_weeks_have_passed(app: Flask) -> None:
    """Else five quick answers among twenty would be typical."""
    answered_after(0, 0, 0, 0, 0)
    long_ago = {"published_at": NOW - timedelta(days=40), "answer_due_at": NOW - timedelta(days=39)}
    for _number in range(6):
        promised(answered_at=None, **long_ago)
    for _number in range(9):
        promised(answered_at=None)  # up for two days
        promised(answered_at=None, status=OpeningStatus.WITHDRAWN, withdrawn_at=UP, **long_ago)

    assert found().total.waits.typical is not None
    assert found().total.waits.typical > 10


def test_a_stranger_reads_what_is_typical_of_five_answers(
    visitor: PortalClient, client_for: Callable[[User], PortalClient]
) -> None:
    """Bo sees it where he asks himself whether to take part, and on his own page; of four answers nobody sees it."""
    employer = make_employer(owner="Bo")
    said = "Typisk svartid i Halsnæs Kommune: næste arbejdsdag."
    answered_after(0, 1, 1, 1)
    assert "svartid" not in visitor.get("/").words
    assert "svarer kommunen typisk" not in visitor.get("/employers/register?step=firm").words
    assert "svartid" not in client_for(owner_of(employer)).get("/").words

    answered_after(4)

    assert said in visitor.get("/").words
    assert "Halsnæs: næste arbejdsdag." in visitor.get("/employers/register?step=firm").words
    assert said in client_for(owner_of(employer)).get("/").words


def test_silence_is_no_answer_to_boast_of(app: Flask) -> None:
    """Many who never heard make no typical answer for strangers; with five answers they count."""
    for _number in range(6):
        promised(
            answered_at=None, published_at=NOW - timedelta(days=40), answer_due_at=NOW - timedelta(days=39)
        )
    assert typical_answers(NOW) == {}

    answered_after(0, 0, 0, 0, 0)

    assert [tuple(one) for one in typical_answers(NOW).values()] == [("Halsnæs", "over to uger")]


def test_each_municipality_is_told_of_by_itself(app: Flask) -> None:
    neighbour = make_employer(in_municipality="Fredensborg")
    answered_after(0, 0, 0, 0, 0)
    for _number in range(5):
        promised(employer=neighbour, answered_at=UP + DAY)

    assert [tuple(one) for one in typical_answers(NOW).values()] == [
        ("Fredensborg", "næste arbejdsdag"),
        ("Halsnæs", "samme dag"),
    ]


def test_the_front_page_and_the_page_of_response_times_agree(app: Flask) -> None:
    promised()
    promised(answered_at=DUE + HOUR)
    promised(answered_at=None)
    promised(answered_at=None, answer_due_at=NOW)
    promised(answered_at=None, status=OpeningStatus.WITHDRAWN)
    promised(answered_at=None, status=OpeningStatus.WITHDRAWN, withdrawn_at=NOW)
    promised(employer=make_employer(in_municipality="Fredensborg"))
    answered_after(0, 1, 1)
    waited(1, 2, 2, 3, 3)

    beside = {"places": sa.select(sa.literal(7)).scalar_subquery()}
    brief, page = in_brief(municipality().id, beside=beside, at=NOW), found().total

    assert (brief.kept, brief.due) == (page.kept, page.due) == (4, 7)
    assert sorted(brief.employers.days) == sorted(page.waits.days)
    assert sorted(brief.citizens.days) == sorted(of_citizens().days) == [1, 2, 2, 3, 3]


def test_the_number_beside_is_read_where_nobody_waits(app: Flask) -> None:
    brief = in_brief(municipality().id, beside={"places": sa.select(sa.literal(7)).scalar_subquery()}, at=NOW)

    assert (brief.beside, brief.due, brief.employers.days, brief.citizens.days) == ({"places": 7}, 0, [], [])


def test_what_is_older_than_six_months_is_not_typical_any_more(app: Flask) -> None:
    for _number in range(5):
        promised(published_at=NOW - timedelta(days=200), answered_at=NOW - timedelta(days=200))

    assert typical_answers(NOW) == {}


# --- In words: citizens -----------------------------------------------------------------------------------------

CAME = NOW - timedelta(days=9)
"""A Monday morning."""


def waited(*days: int, came: datetime = CAME, home: str = "Halsnæs") -> None:
    """Citizens whose card was begun so many days after they came."""
    for count in days:
        citizen = make_citizen(created_at=came, in_municipality=home)
        make_card(citizen, created_at=came + count * DAY + HOUR, updated_at=NOW)


def of_citizens() -> Waits:
    return waits_of_citizens(municipality().id, SIX, at=NOW).total


@pytest.mark.parametrize(
    ("days", "typical"),
    [
        ([0, 0, 1, 3, 4], 1),
        ([0, 7, 7, 7, 8], 5),  # over a weekend
        ([1, 1, 1, 1], None),
    ],
)
def test_half_of_the_citizens_waited_no_longer_than_what_is_typical(
    app: Flask, days: list[int], typical: int | None
) -> None:
    waited(*days)

    assert of_citizens().typical == typical


def test_who_still_waits_counts_once_two_weeks_have_passed(app: Flask) -> None:
    waited(0, 0, 0, 0)
    make_citizen(created_at=CAME)
    assert of_citizens().typical is None

    for _number in range(5):
        make_citizen(created_at=NOW - timedelta(days=30))

    typical = of_citizens().typical
    assert typical is not None
    assert typical > 10


def test_a_conversation_counts_before_there_is_a_card(app: Flask) -> None:
    for _number in range(5):
        make_first_talk(make_citizen(created_at=CAME), TODAY)

    assert of_citizens().days == [7] * 5


def test_who_came_in_a_file_with_her_card_waited_nobody_knows_how_long(app: Flask) -> None:
    for _number in range(5):
        make_card(make_citizen(created_at=CAME), created_at=CAME)

    assert of_citizens().days == []


def test_another_municipalitys_citizens_are_not_counted(app: Flask) -> None:
    waited(0, 0, 0, 0, 0, home="Fredensborg")

    assert of_citizens().days == []


def test_each_month_stands_by_itself(app: Flask) -> None:
    waited(0, 0, 0, 0, 0, came=NOW - timedelta(days=40))
    waited(3, 3, 3, 3)

    months = waits_of_citizens(municipality().id, SIX, at=NOW).months
    assert [(month.number, row.typical) for month, row in months.items()][-2:] == [(10, 0), (11, None)]


@pytest.mark.parametrize(
    ("by_month", "stretches"),
    [
        ([0, 0, 0, 0, 0, 4], [(6, 11, None)]),
        ([0, 0, 0, 0, 5, 5], [(6, 10, 0), (11, 11, 0)]),
        ([5, 0, 3, 2, 5, 4], [(6, 6, 0), (7, 9, 0), (10, 11, 0)]),
        ([5, 5, 1, 1, 1, 1], [(6, 6, 0), (7, 11, 0)]),
    ],
)
def test_months_with_few_citizens_are_told_of_together(
    app: Flask, by_month: list[int], stretches: list[tuple[int, int, int | None]]
) -> None:
    months = {month: Waits([0] * count) for month, count in zip(SIX, by_month, strict=True)}

    found = CitizensWaits(months, Waits()).stretches

    assert [(one.first.number, one.last.number, one.waits.typical) for one in found] == stretches


def test_mette_reads_how_long_citizens_wait_and_no_name(
    client_for: Callable[[User], PortalClient], mette: User
) -> None:
    waited(2, 2, 2, 2, 2)
    waited(0, 0, 0, 0, came=NOW - timedelta(days=40))
    client = client_for(mette)

    front, page = client.get("/"), client.get("/answers/response-times")
    file = client.get("/answers/response-times?format=csv&of=citizens").get_data(as_text=True).splitlines()

    assert "2 arbejdsdage" in front.page.select_one("a[href='/answers/response-times#citizens']").get_text()
    rows = [row.get_text(" ", strip=True) for row in page.page.select("#wait-table tbody tr")]
    assert rows == ["juni 2026 – november 2026 2 arbejdsdage"]
    assert file[1:] == ["2026-06;2026-11;2 arbejdsdage;2"]
    assert "Amira" not in page.words + front.words


def test_karin_sees_that_somebody_waits_for_a_first_conversation(
    client_for: Callable[[User], PortalClient], karin: User
) -> None:
    client = client_for(karin)
    assert not client.get("/").page.select("a[href*='card=untalked']")
    make_first_talk(make_citizen("Zahra", created_at=CAME), TODAY)
    make_citizen(created_at=CAME)
    make_citizen("Selam", created_at=NOW)

    page = client.get("/")
    [link] = page.page.select("a[href*='card=untalked']")
    listed = client.get(str(link["href"])).page.select("#citizen-table tbody a[href^='/citizens/']")

    assert "Længst ventet: 7 arbejdsdage" in page.words
    assert [one.get_text().split()[1] for one in listed] == ["Amira", "Selam"]
