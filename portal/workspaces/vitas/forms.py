"""Forms of a VITAS sheet: what VITAS asks for and nothing else in the portal tells."""

from datetime import date
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import Length, NumberRange

from portal.base.terms import HOURS_IN_A_WEEK, Weekday, choices_of
from portal.base.typed_numbers import KRONER, WEEKS
from portal.loop.openings.forms import check_clock_times
from portal.loop.placements.forms import stop_reason_field
from portal.loop.placements.models import Placement
from portal.shared.rules.law import staff
from portal.shared.rules.law.praktik import PraktikPurpose
from portal.shared.rules.law.replies import Reply
from portal.web.forms import (
    DanishDateField,
    DanishDecimalField,
    DanishHoursField,
    DatedForm,
    NoCpr,
    NotInFuture,
    PortalForm,
    WholeNumberField,
    optional,
    strip,
    text_field,
)
from portal.web.presentation import da_date
from portal.workspaces.vitas.by_form import ALL_NAMES, demands_of
from portal.workspaces.vitas.findings import Judgement
from portal.workspaces.vitas.models import Confirmation, VitasSheet
from portal.workspaces.vitas.services import SheetDetails

MOST_STAFF: Final = 100_000


def _staff_field(label: Any) -> DanishDecimalField:
    return DanishDecimalField(label, [optional(), NumberRange(0, MOST_STAFF)])


def _question(what: Confirmation, description: Any = None) -> RadioField:
    """Not answered is a state of its own: the sheet can be saved so, and not be declared ready."""
    return RadioField(
        what.label, [optional()], choices=Reply.choices(), description=description, coerce=_reply_value
    )


def _reply_value(value: Any) -> str:
    """A RadioField would make the word "None" of nothing."""
    return "" if value is None else str(value)


HINTS: Final = {
    Confirmation.BENEFITS: _l(
        "Svar ikke relevant, når borgeren er undtaget, for eksempel som eneforsørger. Skriv ikke hvorfor."
    ),
    Confirmation.IGU_NOT_EMPLOYED: _l("Praktik og løntilskud tæller ikke med."),
}


class AskedFields:
    """A group of answers for each question, by the question's value."""

    vars().update({one.value: _question(one, HINTS.get(one)) for one in Confirmation})


class SheetForm(AskedFields, DatedForm):
    representative_name = text_field(_l("Medarbejdernes repræsentant"), 120, needed=False)
    representative_stated_on = DanishDateField(
        _l("Repræsentanten har udtalt sig den"),
        [optional(), NotInFuture()],
        description=_l(
            "Repræsentanten bekræfter virksomhedens tal, og at kollegerne er hørt. Det skal være før start."
        ),
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
    monthly_wage_dkk = WholeNumberField(
        _l("Samlet løn om måneden i kroner"), [optional(), NumberRange(0, 1_000_000)], KRONER
    )
    monthly_subsidy_dkk = WholeNumberField(
        _l("Tilskud om måneden i kroner"),
        [optional(), NumberRange(0, 1_000_000)],
        KRONER,
        description=_l("Det, kommunen betaler af lønnen."),
    )
    school_weeks = WholeNumberField(
        _l("Ugers skole i undervisningsplanen"), [optional(), NumberRange(0, 104)], WEEKS
    )
    total_hours_per_week = DanishHoursField(
        _l("Timer om ugen i alt med skole (gennemsnit)"),
        [optional(), NumberRange(0, HOURS_IN_A_WEEK, _l("Skriv et tal fra 0 til 168."))],
        description=_l("Arbejde og skole lagt sammen."),
    )
    remarks = TextAreaField(
        _l("Bemærkninger"),
        [optional(), Length(max=1000), NoCpr()],
        filters=[strip],
        description=_l("Stiger timerne undervejs, så skriv hvordan. I VITAS står timerne til sidst."),
    )

    def __init__(self, *args: Any, judgement: Judgement, today: date, **kwargs: Any) -> None:
        super().__init__(*args, today=today, **kwargs)
        self.figures_since = staff.figures_since(judgement.case.starts_on, judgement.numbers)
        for name in ALL_NAMES - demands_of(judgement.placement.form).names:
            del self[name]
        asked = {one.what: one for one in judgement.questions()}
        for what in Confirmation:
            if what in asked:
                replies = asked[what].replies(judgement.case, judgement.numbers)
                self[what.value].choices = choices_of(replies)
            else:
                del self[what.value]

    @property
    def questions(self) -> list[RadioField]:
        return [self[one.value] for one in Confirmation if one.value in self]

    def validate_working_times(self, field: StringField) -> None:
        check_clock_times(field)

    def validate_representative_stated_on(self, field: DanishDateField) -> None:
        if field.data and not self.representative_name.data:
            raise ValidationError(_("Skriv også, hvem der har udtalt sig."))
        if field.data and field.data < self.figures_since:
            raise ValidationError(
                _(
                    "Repræsentanten bekræfter tal, der er opgjort efter %(day)s. Skriv den dag, tallene er bekræftet.",
                    day=da_date(self.figures_since),
                )
            )

    def details(self) -> SheetDetails:
        given = {
            name: field.data
            for name, field in self._fields.items()
            if name in SheetDetails.__dataclass_fields__
        }
        for name in ("working_times", "remarks", "representative_name"):
            given[name] = given[name] or ""
        replies = {one: self[one.value].data for one in Confirmation if one.value in self}
        answers = {one: Reply(value) for one, value in replies.items() if value}
        return SheetDetails(**given, answers=answers)


class ReadyForm(PortalForm):
    """The reason is asked for when a rule stops it."""

    stop_reason = stop_reason_field()


class CaseNumberForm(PortalForm):
    case_number = text_field(_l("Sagsnummer i VITAS"), 40, needed=False)


def first_values(placement: Placement, sheet: VitasSheet | None) -> dict[str, Any]:
    """What stands in the form at first: the sheet, or what the employer and the opening have said already."""
    if sheet is not None:
        names = SheetDetails.__dataclass_fields__
        return {name: getattr(sheet, name) for name in names} | sheet.answers
    opening = placement.opening
    days = [str(day.label) for day in Weekday if day.value in opening.weekdays]
    return {
        "representative_name": opening.workplace.representative_name,
        "working_times": ", ".join([*days, *filter(None, [opening.working_times])]),
    }
