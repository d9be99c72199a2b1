"""How days and times are written for a Danish reader."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from portal.web.presentation import da_deadline, da_working_days


@pytest.mark.parametrize(
    ("moment", "written"),
    [
        (datetime(2026, 11, 30, 14, 57, tzinfo=UTC), "mandag den 30. november kl. 15.57"),
        (datetime(2026, 11, 30, 23, 0, tzinfo=UTC), "mandag den 30. november kl. 24.00"),
        (datetime(2026, 7, 31, 22, 0, tzinfo=UTC), "fredag den 31. juli kl. 24.00"),
        (None, "–"),
    ],
)
def test_a_deadline_at_midnight_belongs_to_the_day_that_ends(
    app: Flask, moment: datetime | None, written: str
) -> None:
    """An opening put up on a Saturday is answered before Tuesday begins: that is Monday to its reader."""
    assert da_deadline(moment) == written


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "samme dag"),
        (1, "næste arbejdsdag"),
        (2, "2 arbejdsdage"),
        (10, "10 arbejdsdage"),
        (11, "over to uger"),
        (None, "for få til at sige"),
    ],
)
def test_working_days_are_said_in_words(app: Flask, days: int | None, words: str) -> None:
    assert da_working_days(days) == words
