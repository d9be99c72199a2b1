"""Fields that are typed: what cannot be read is said alone, beside the field, and stays as it was typed."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from wtforms.validators import NumberRange

from portal.base.typed_numbers import KILOS
from portal.web.forms import (
    DanishDateField,
    DanishDecimalField,
    DanishHoursField,
    DatedForm,
    NotInFuture,
    WholeNumberField,
    answered,
    optional,
    required,
)
from tests.factories import TODAY

pytestmark = pytest.mark.one_engine


class PlaceForm(DatedForm):
    starts_on = DanishDateField("Første dag", [required("Vælg en dato.")])
    ends_on = DanishDateField("Sidste dag", [optional()])
    held_on = DanishDateField("Talt med", [optional(), NotInFuture()])
    hours = DanishHoursField("Timer", [answered("Skriv timerne."), NumberRange(1, 37, "Fra 1 til 37.")])
    weight = DanishDecimalField("Kilo", [optional(), NumberRange(0, 500)], KILOS)
    places = WholeNumberField("Pladser", [optional(), NumberRange(1, 99, "Fra 1 til 99.")])


GOOD = {"starts_on": "14-12-2026", "hours": "20"}


def sent(app: Flask, **typed: str) -> PlaceForm:
    with app.test_request_context("/", method="POST", data={**GOOD, **typed}):
        form = PlaceForm(today=TODAY)
        form.validate()
        return form


@pytest.mark.parametrize(
    ("name", "typed", "value", "shown"),
    [
        ("starts_on", "mandag den 14. december", date(2026, 12, 14), "14-12-2026"),
        ("starts_on", "2026-12-14", date(2026, 12, 14), "14-12-2026"),
        ("ends_on", " \u200b ", None, ""),
        ("held_on", "1.3.", date(2026, 3, 1), "01-03-2026"),
        ("hours", "18½ timer om ugen", 18.5, "18,5"),
        ("weight", "12 kg", 12, "12"),
        ("weight", "1,1250", Decimal("1.125"), "1,1250"),
        ("places", "\u00a0", None, ""),
        ("places", "3 pladser", 3, "3"),
    ],
)
def test_what_is_read_is_shown_as_it_was_understood(
    app: Flask, name: str, typed: str, value: Any, shown: str
) -> None:
    form = sent(app, **{name: typed})

    assert (form[name].errors, form[name].data, form[name]._value()) == ([], value, shown)


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("starts_on", "31-02-2027", "Den 31. februar findes ikke. Skriv en anden dato."),
        ("starts_on", "snart", "Vi kan ikke læse datoen “snart”. Skriv den som 14-12-2026."),
        ("starts_on", "", "Vælg en dato."),
        ("starts_on", "  ", "Vælg en dato."),
        ("ends_on", "31-02-2027", "Den 31. februar findes ikke. Skriv en anden dato."),
        ("ends_on", "december 2026", "Skriv også dagen"),
        ("held_on", "14-12-26", "Datoen kan ikke ligge i fremtiden."),
        ("hours", "tyve", "Vi kan ikke læse “tyve”. Skriv et tal, fx 20."),
        ("hours", " ", "Skriv timerne."),
        ("hours", "38", "Fra 1 til 37."),
        ("places", "2,5", "Skriv et helt tal, fx 20."),
        ("places", "-1", "Fra 1 til 99."),
    ],
)
def test_what_cannot_be_read_is_said_alone_and_kept(app: Flask, name: str, typed: str, said: str) -> None:
    field = sent(app, **{name: typed})[name]

    assert len(field.errors) == 1
    assert field.errors[0].startswith(said)
    assert field._value() == typed.strip()


def test_a_field_that_is_not_sent_keeps_what_it_had(app: Flask) -> None:
    with app.test_request_context("/", method="POST", data=GOOD):
        form = PlaceForm(today=TODAY, ends_on=date(2027, 1, 1), places=4)

    assert (form.ends_on.data, form.places.data) == (date(2027, 1, 1), 4)
