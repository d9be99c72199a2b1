"""Shapes of input about figures from outside and whom to compare with."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, SelectMultipleField, TextAreaField
from wtforms.validators import Length, NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from portal.base.quarters import quarter_end
from portal.base.terms import Measure
from portal.base.typed_numbers import SHARE_OR_COUNT
from portal.ledger.comparison.models import PLACE_LENGTH, OutsideFigure, OutsideTopic
from portal.ledger.comparison.queries import subject_of
from portal.ledger.comparison.services import OutsideDetails
from portal.web.forms import (
    DanishDecimalField,
    NoCpr,
    PortalForm,
    WholeNumberField,
    answered,
    optional,
    strip,
    text_field,
)

WHOLE_YEAR = 0
MONTHS = 3


class OutsideFigureForm(PortalForm):
    """What was read in a statistic, with where and how it was counted."""

    subject = SelectField(_l("Hvad handler tallet om?"))
    place = text_field(
        _l("Hvilken kommune?"),
        PLACE_LENGTH,
        description=_l("Jeres egen, eller en at sammenligne med, f.eks. Odder."),
    )
    year = WholeNumberField(
        _l("År"), [answered(), NumberRange(1990, 2100, _l("Skriv et årstal fra 1990 til 2100."))]
    )
    quarter = SelectField(_l("Hele året eller et kvartal?"), coerce=int)
    value = DanishDecimalField(
        _l("Tallet"),
        [answered(), NumberRange(0, 10_000_000, _l("Skriv et tal fra 0 og op."))],
        SHARE_OR_COUNT,
    )
    source = text_field(
        _l("Kilde"), 200, description=_l("For eksempel: Danmarks Statistik, KAS302, hentet 3. marts 2026.")
    )
    method = TextAreaField(
        _l("Hvordan er det talt?"),
        [optional(), Length(max=500), NoCpr()],
        filters=[strip],
        description=_l("For eksempel: omregnet til fuldtidspersoner."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.subject.choices = {
            _("Tal ved siden af målene"): [(one.value, one.label) for one in OutsideTopic],
            _("Det, et mål handler om"): [(one.value, one.label) for one in Measure],
        }
        self.quarter.choices = [
            (WHOLE_YEAR, _("Hele året")),
            *((one, _("%(quarter)s. kvartal", quarter=one)) for one in range(1, 5)),
        ]

    def details(self) -> OutsideDetails:
        first, last = period(self.year.data, self.quarter.data)
        return OutsideDetails(
            subject=subject_of(self.subject.data),
            place=self.place.data,
            first_on=first,
            last_on=last,
            value=self.value.data,
            source=self.source.data,
            method=self.method.data or "",
        )


def period(year: int, quarter: int) -> tuple[date, date]:
    """The days of a year, or of one quarter of it."""
    if quarter == WHOLE_YEAR:
        return date(year, 1, 1), date(year, 12, 31)
    first = date(year, 1 + MONTHS * (quarter - 1), 1)
    return first, quarter_end(first)


def as_typed(figure: OutsideFigure) -> dict[str, Any]:
    """What stands, for a form that corrects it."""
    return {
        "subject": figure.subject.value,
        "place": figure.place or figure.municipality.name,
        "year": figure.year,
        "quarter": figure.quarter or WHOLE_YEAR,
        "value": figure.value,
        "source": figure.source,
        "method": figure.method,
    }


class CorrectFigureForm(OutsideFigureForm):
    because = text_field(_l("Hvorfor rettes tallet?"), 300)


class TakeOutForm(PortalForm):
    because = text_field(_l("Hvorfor tages tallet ud?"), 300)


class LikenessForm(PortalForm):
    """Which municipalities are like ours in one thing."""

    places = SelectMultipleField(
        _l("Kommuner at sammenligne med"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validators=[optional()],
    )

    def __init__(self, *args: Any, places: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places.choices = [(place, place) for place in places]
