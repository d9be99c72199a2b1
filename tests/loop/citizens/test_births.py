"""What a consultant may write of when somebody was born."""

from datetime import date

import pytest
from flask import Flask

from portal.base.typed import NotRead
from portal.loop.citizens.births import read_born, written_born
from portal.shared.rules.checks import Born

TODAY = date(2026, 11, 30)
THE_DAY = Born.on(date(1986, 3, 12))


@pytest.mark.parametrize(
    "text",
    [
        "12-03-1986",
        "12.3.1986",
        "12/3 1986",
        "12 3 86",
        "12. marts 1986",
        "den 12. mar. 1986",
        "1986-03-12",
        "12-03-86",
    ],
)
def test_a_day_is_read_as_danes_write_it(app: Flask, text: str) -> None:
    assert read_born(text, TODAY) == THE_DAY


@pytest.mark.parametrize("text", ["1986", "ca. 1986", "født 1986", " født i 1986 "])
def test_a_year_alone_is_enough(app: Flask, text: str) -> None:
    assert read_born(text, TODAY) == Born.in_year(1986)


@pytest.mark.parametrize("text", ["ukendt", "Ved ikke", "?"])
def test_nobody_needs_to_know(app: Flask, text: str) -> None:
    assert read_born(text, TODAY) is None


@pytest.mark.parametrize(
    "text", ["31-02-1986", "12-13-1986", "1899", "2027", "1-12-2026", "86", "i går", "12. xyz 1986"]
)
def test_whatever_else_is_refused_with_an_example(app: Flask, text: str) -> None:
    with app.test_request_context(), pytest.raises(NotRead):
        read_born(text, TODAY)


@pytest.mark.parametrize("born", [THE_DAY, Born.in_year(1986)])
def test_what_the_form_shows_it_also_reads(app: Flask, born: Born) -> None:
    assert read_born(written_born(born), TODAY) == born
