"""A form answers in Danish, also where the library decides what is wrong."""

from datetime import date

import pytest
from flask import Flask
from wtforms import DateField, IntegerField, RadioField, StringField
from wtforms.validators import DateRange, Length

from portal.web.forms import PortalForm, strip


class ToyForm(PortalForm):
    places = IntegerField()
    title = StringField(validators=[Length(max=5)])
    starts_on = DateField(validators=[DateRange(min=date(2026, 1, 1))])
    way = RadioField(choices=[("bus", "Bus")])


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  ord  ", "ord"),
        ("\u200b", ""),
        ("\u2060 \u00ad\ufeff", ""),
        ("می\u200cروم", "می\u200cروم"),
        ("\u3164", ""),
    ],
)
def test_a_text_without_a_sign_to_see_is_no_text(typed: str, kept: str) -> None:
    """The joiner inside a Persian word is part of its spelling."""
    assert strip(typed) == kept


def test_what_the_library_finds_wrong_is_said_in_danish(app: Flask) -> None:
    typed = {"places": "mange", "title": "alt for langt", "starts_on": "2025-12-24", "way": "fly"}

    with app.test_request_context("/", method="POST", data=typed):
        form = ToyForm()
        form.validate()

    assert form["places"].errors == ["Skriv et helt tal."]
    assert form["title"].errors == ["Skriv højst 5 tegn."]
    assert form["way"].errors == ["Vælg en af mulighederne."]
    assert form["starts_on"].errors[0].startswith("Datoen skal være 2026-01-01")
