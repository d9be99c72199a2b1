"""A form answers in Danish, also where the library decides what is wrong."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from wtforms import DateField, IntegerField, RadioField, StringField
from wtforms.validators import DateRange, Length

from portal.loop.citizens.forms import CitizenForm
from portal.loop.employers.forms import StaffForm
from portal.loop.placements.forms import HeldForm
from portal.shared.rules.models import Rule
from portal.web.forms import PortalForm, strip
from portal.workspaces.amendments.forms import AmendmentForm
from portal.workspaces.vitas.findings import judgement_of
from portal.workspaces.vitas.forms import SheetForm
from tests.factories import TODAY, make_placement


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


@pytest.mark.parametrize(
    ("field", "made"),
    [
        ("held_on", lambda: HeldForm(today=TODAY)),
        ("stated_on", lambda: StaffForm(today=TODAY)),
        ("born_on", lambda: CitizenForm().offer([], today=TODAY)),
        ("checked_on", lambda: AmendmentForm(rule=Rule(unit="uger"), today=TODAY)),
        (
            "representative_stated_on",
            lambda: SheetForm(judgement=judgement_of(make_placement(), on=TODAY), today=TODAY),
        ),
    ],
)
def test_what_has_happened_lies_not_ahead(app: Flask, field: str, made: Callable[[], PortalForm]) -> None:
    """The same words wherever it is asked; today has come."""
    said = {}
    for day in (TODAY, TODAY + timedelta(days=1)):
        typed = {field: day.isoformat(), "representative_name": "Rita Rask"}
        with app.test_request_context("/", method="POST", data=typed):
            form = made()
            form.validate()
            said[day] = list(form[field].errors)

    assert list(said.values()) == [[], ["Datoen kan ikke ligge i fremtiden."]]
