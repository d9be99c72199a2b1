"""On which days municipal offices are closed is a dated list of the rules: docs/rules.md#working-days."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal.base import working_days
from portal.base.database import db, transaction
from portal.base.events import office_closings
from portal.base.working_days import after_working_days
from portal.shared.accounts.models import User
from portal.shared.rules.closings import CLOSED_DAYS, UnreadableDay, closed_days
from portal.shared.rules.services import put_rule, reference_rules
from tests import factories
from tests.client import counted_statements
from tests.factories import NOW, TODAY

NEW_YEAR = date(2027, 1, 1)
OPEN_BEFORE_CHRISTMAS = "31-12 nytårsaftensdag\n05-06 grundlovsdag\n23-12 lille juleaftensdag"
"""From the new year: at work on 24 December, closed on the 23rd."""


def is_working_day(day: date) -> bool:
    return working_days.is_working_day(day, office_closings())


def put(words: str, *, valid_from: date = NEW_YEAR) -> None:
    (shipped,) = (one for one in reference_rules() if one.key == CLOSED_DAYS)
    lines = Decimal(len(words.splitlines()))
    with transaction():
        put_rule(replace(shipped, words=words, value=lines, valid_from=valid_from), by=None, at=NOW)


def test_the_portal_comes_with_the_three_days_of_the_agreement(app: Flask) -> None:
    (shipped,) = (one for one in reference_rules() if one.key == CLOSED_DAYS)

    assert closed_days(shipped.words) == {(12, 24), (12, 31), (6, 5)}
    assert shipped.value == 3
    assert not is_working_day(date(2026, 12, 24))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2020, 12, 24), False),
        (date(2026, 12, 23), True),  # the days before the new list keep theirs
        (date(2026, 12, 24), False),
        (date(2026, 12, 31), False),
        (date(2027, 6, 4), True),
        (date(2028, 6, 5), False),
        (date(2027, 12, 23), False),
        (date(2027, 12, 24), True),
        (date(2027, 12, 31), False),
    ],
)
def test_a_new_list_changes_the_days_from_its_first_day_on(app: Flask, day: date, works: bool) -> None:
    assert is_working_day(date(2026, 12, 23))  # the list is known before it is changed

    put(OPEN_BEFORE_CHRISTMAS)

    assert is_working_day(day) is works


def test_counting_goes_over_the_change(app: Flask) -> None:
    put("24-12", valid_from=NEW_YEAR)

    assert after_working_days(date(2026, 12, 30), 1) == date(2027, 1, 4)  # 31 December is closed still
    assert after_working_days(date(2027, 12, 30), 1) == date(2027, 12, 31)


def test_the_list_is_read_once_however_many_days_are_asked(app: Flask) -> None:
    db.session.remove()

    with counted_statements(app) as seen:
        for day in range(1, 29):
            after_working_days(date(2026, 12, day), 5)

    assert len([statement for statement in seen if "rules" in statement]) == 1


@pytest.mark.parametrize(
    "line",
    ["32-12 jul", "24-13 jul", "30-02", "24/12", "juleaften", "24", "24-12juleaften", "124-12", "²4-12"],
)
def test_a_line_that_is_no_day_of_the_year_is_refused_with_the_line(line: str) -> None:
    with pytest.raises(UnreadableDay) as refusal:
        closed_days(f"24-12 juleaftensdag\n{line}")

    assert line in str(refusal.value.message)


@given(st.dates(date(2024, 1, 1), date(2024, 12, 31)), st.sampled_from(["", " fridag", "  5. juni"]))
def test_every_day_of_the_year_can_be_written(day: date, words: str) -> None:
    assert closed_days(f"{day.day}-{day.month}{words}\n\n{day:%d-%m}") == {(day.month, day.day)}


def test_drude_writes_the_list_and_is_told_which_line_is_no_day(
    app: Flask, drude: User, client_for: Callable[[User], Any]
) -> None:
    rule = factories.rule(CLOSED_DAYS)
    client, url = client_for(drude), f"/amendments/rule/{rule.id}/new"
    form = {
        "words": "24-12 juleaftensdag\n31-13 nytår",
        "valid_from": NEW_YEAR.isoformat(),
        "reference": "Aftale om lukkedage",
        "source": "Kommunens intranet",
        "certainty": "read",
        "checked_by": "Drude Drift",
        "checked_on": TODAY.isoformat(),
        "step": "preview",
    }

    refused = client.post(url, form)
    shown = client.post(url, form | {"words": OPEN_BEFORE_CHRISTMAS})
    seen = shown.page.select_one("input[name=previewed]")["value"]
    saved = client.post(url, form | {"words": OPEN_BEFORE_CHRISTMAS, "step": "save", "previewed": seen})

    assert (refused.status_code, saved.status_code) == (422, 303)
    assert refused.page.select_one("[name=words]")["aria-invalid"] == "true"
    assert "31-13 nytår" in refused.page.select_one("#words-error, .form-error-message").get_text()
    db.session.remove()
    assert not is_working_day(date(2026, 12, 24))
    assert is_working_day(date(2027, 12, 24))
