"""Forms of a VITAS sheet: what VITAS asks for and nothing else in the portal tells."""

from datetime import date
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField, SelectMultipleField, TextAreaField, ValidationError
from wtforms.validators import Length, NumberRange

from portal.base.terms import Weekday, choices_of
from portal.loop.placements.models import Placement
from portal.shared.rules.law.praktik import PraktikPurpose
from portal.web.forms import (
    DanishDateField,
    DanishDecimalField,
    DatedForm,
    NoCpr,
    NotInFuture,
    PortalForm,
    optional,
    strip,
    text_field,
)
from portal.workspaces.vitas.by_form import ALL_NAMES, demands_of
from portal.workspaces.vitas.models import Confirmation, VitasSheet
from portal.workspaces.vitas.services import SheetDetails

MOST_STAFF: Final = 100_000


def _staff_field(label: Any) -> DanishDecimalField:
    return DanishDecimalField(label, [optional(), NumberRange(0, MOST_STAFF)])


class SheetForm(DatedForm):
    representative_name = text_field(_l("Medarbejdernes repræsentant"), 120, needed=False)
    representative_stated_on = DanishDateField(
        _l("Repræsentanten har udtalt sig den"),
        [optional(), NotInFuture()],
        description=_l("Hun bekræfter virksomhedens tal, og at kollegerne er hørt. Det skal være før start."),
    )
    staff_last_month = _staff_field(_l("Ansatte i hele virksomheden den seneste måned, i fuldtid"))
    staff_average = _staff_field(_l("Gennemsnittet før det, i fuldtid"))
    working_times = text_field(
        _l("Arbejdstider"), 120, needed=False, description=_l("For eksempel mandag til torsdag kl. 8-13")
    )
    purpose = SelectField(
        _l("Formål"),
        choices=[("", _l("Vælg")), *PraktikPurpose.choices()],
        coerce=lambda value: PraktikPurpose(value) if value else None,
    )
    monthly_wage_dkk = IntegerField(
        _l("Samlet løn om måneden i kroner"), [optional(), NumberRange(0, 1_000_000)]
    )
    school_weeks = IntegerField(_l("Ugers skole i undervisningsplanen"), [optional(), NumberRange(0, 104)])
    confirmed = SelectMultipleField(_l("Det har jeg set efter"), choices=Confirmation.choices())
    remarks = TextAreaField(
        _l("Bemærkninger"),
        [optional(), Length(max=1000), NoCpr()],
        filters=[strip],
        description=_l("Stiger timerne undervejs, så skriv hvordan. I VITAS står timerne til sidst."),
    )

    def __init__(self, *args: Any, placement: Placement, today: date, **kwargs: Any) -> None:
        super().__init__(*args, today=today, **kwargs)
        demands = demands_of(placement.form)
        for name in ALL_NAMES - demands.names:
            del self[name]
        self.confirmed.choices = choices_of(demands.confirmed)
        if not demands.confirmed:  # an empty group of boxes would be a question without an answer
            del self.confirmed

    def validate_representative_stated_on(self, field: DanishDateField) -> None:
        if field.data and not self.representative_name.data:
            raise ValidationError(_("Skriv også, hvem der har udtalt sig."))

    def details(self) -> SheetDetails:
        given = {
            name: field.data
            for name, field in self._fields.items()
            if name in SheetDetails.__dataclass_fields__ and name != "confirmed"
        }
        for name in ("working_times", "remarks", "representative_name"):
            given[name] = given[name] or ""
        confirmed = frozenset(Confirmation(value) for value in self.data.get("confirmed") or ())
        return SheetDetails(**given, confirmed=confirmed)


class CaseNumberForm(PortalForm):
    case_number = text_field(_l("Sagsnummer i VITAS"), 40, needed=False)


def first_values(placement: Placement, sheet: VitasSheet | None) -> dict[str, Any]:
    """What stands in the form at first: the sheet, or what the employer and the opening have said already."""
    if sheet is not None:
        names = SheetDetails.__dataclass_fields__
        return {name: getattr(sheet, name) for name in names}
    opening = placement.opening
    days = [str(day.label) for day in Weekday if day.value in opening.weekdays]
    return {
        "representative_name": opening.workplace.representative_name,
        "working_times": ", ".join([*days, *filter(None, [opening.working_times])])[:120],
    }
