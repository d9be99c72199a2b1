"""A time of day as Danes type it."""

from datetime import time

import pytest
from flask import Flask

from portal.base.typed import NotRead
from portal.base.typed_clock import read_clock, written_clock


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("10:30", time(10, 30)),
        ("10.30", time(10, 30)),
        ("10,30", time(10, 30)),
        ("kl. 10.30", time(10, 30)),
        ("kl 9", time(9)),
        ("Klokken 9", time(9)),
        ("kl.9:05", time(9, 5)),
        ("0905", time(9, 5)),
        ("9", time(9)),
        ("00:00", time(0)),
        ("23.59.", time(23, 59)),
        ("１０：３０", time(10, 30)),
    ],
)
def test_a_time_is_read_as_it_is_written(typed: str, read: time) -> None:
    assert read_clock(typed) == read
    assert read_clock(written_clock(read)) == read


@pytest.mark.parametrize(
    "typed", ["halv elleve", "24:00", "10:60", "10:3", "930", "10-11", "10:30:00", "-1", "1030 1"]
)
def test_what_is_no_time_is_said(app: Flask, typed: str) -> None:
    with app.test_request_context(), pytest.raises(NotRead, match="10:30"):
        read_clock(typed)
