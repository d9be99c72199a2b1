"""Forms of cards: shape, labels and messages."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Self

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    Field,
    FieldList,
    FormField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import Length, NumberRange

from portal.base.places import is_danish_postcode
from portal.base.terms import (
    DANISH_READING_LEVELS,
    DANISH_SPEAKING_LEVELS,
    SKILL_LEVELS,
    DanishCourse,
    DanishExam,
    Industry,
    Language,
    LanguageLevel,
    PartOfDay,
    Shift,
    SkillSource,
    Transport,
    Weekday,
)
from portal.loop.cards.intake import Done
from portal.loop.cards.models import CompetenceCard, Frequency, Setting
from portal.loop.cards.services import CardDetails, SpokenLanguage
from portal.shared.skills.forms import WordsForm
from portal.shared.skills.tasks import Task
from portal.web.forms import (
    DanishDateField,
    DanishHoursField,
    NoCpr,
    PortalForm,
    Postcode,
    VersionedForm,
    answered,
    optional,
    strip,
    text_field,
)

YES, NO, UNKNOWN = "yes", "no", ""


def level_or_unknown(value: Any) -> int | None:
    """A level from a select field; the empty choice is "not known"."""
    return None if value in (None, "", "None") else int(value)


def _levels(levels: dict[int, Any]) -> list[tuple[Any, Any]]:
    return [("", _l("Ved ikke endnu")), *levels.items()]


def _shift(shift: Shift) -> RadioField:
    return RadioField(
        shift.label, choices=[(YES, _l("Ja")), (NO, _l("Nej")), (UNKNOWN, _l("Ved ikke"))], default=UNKNOWN
    )


LANGUAGE_LINES = 4


def _day(day: Weekday) -> SelectMultipleField:
    return SelectMultipleField(day.label, choices=PartOfDay.choices())


def _select(label: Any, choices: list[tuple[str, Any]], nothing: Any) -> SelectField:
    """A choice that may stay open, also when the card has none."""
    return SelectField(label, choices=[("", nothing), *choices], filters=[lambda chosen: chosen or ""])


class LanguageLine(PortalForm):
    """A language besides Danish; an empty name is no line."""

    form_id = None
    name = text_field(_l("Sprog"), 60, needed=False)
    level = SelectField(
        _l("Hvor godt?"), choices=LanguageLevel.choices(), default=LanguageLevel.EVERYDAY.value
    )
    shown = BooleanField(_l("Må stå på det trykte kort"))

    class Meta(PortalForm.Meta):
        csrf = False  # the form around it carries the token


class CardForm(VersionedForm):
    """What stands on a card besides skills; every answer may stay open."""

    goal = TextAreaField(
        _l("Mit mål"),
        [optional(), Length(max=500), NoCpr()],
        filters=[strip],
    )
    next_step = text_field(_l("Mit næste skridt"), 300, needed=False)
    wishes = SelectMultipleField(_l("Ønsker arbejde i"), choices=Industry.choices())
    danish_speaking = SelectField(
        _l("Taler dansk"), choices=_levels(DANISH_SPEAKING_LEVELS), coerce=level_or_unknown
    )
    danish_reading = SelectField(
        _l("Læser dansk"), choices=_levels(DANISH_READING_LEVELS), coerce=level_or_unknown
    )
    danish_course = _select(_l("Danskuddannelse"), DanishCourse.choices(), _l("Ingen, eller ved ikke"))
    danish_module = _select(_l("Modul"), [(str(one), str(one)) for one in range(1, 7)], _l("Ved ikke"))
    danish_exam = _select(_l("Bestået prøve"), DanishExam.choices(), _l("Ingen, eller ved ikke"))
    languages = FieldList(FormField(LanguageLine), max_entries=LANGUAGE_LINES)
    hours_min = DanishHoursField(_l("Mindst timer om ugen"), [optional(), NumberRange(min=1, max=37)])
    hours_max = DanishHoursField(_l("Højst timer om ugen"), [optional(), NumberRange(min=1, max=37)])
    postcode = text_field(_l("Bor i postnummer"), 4, needed=False)
    range_km = IntegerField(_l("Kan rejse højst (km)"), [optional(), NumberRange(min=1, max=200)])
    transport = SelectMultipleField(_l("Kommer på arbejde"), choices=Transport.choices())
    mon = _day(Weekday.MONDAY)
    tue = _day(Weekday.TUESDAY)
    wed = _day(Weekday.WEDNESDAY)
    thu = _day(Weekday.THURSDAY)
    fri = _day(Weekday.FRIDAY)
    sat = _day(Weekday.SATURDAY)
    sun = _day(Weekday.SUNDAY)
    early_morning = _shift(Shift.EARLY_MORNING)
    evening = _shift(Shift.EVENING)
    weekend = _shift(Shift.WEEKEND)
    night = _shift(Shift.NIGHT)

    @property
    def shifts(self) -> list[Field]:
        return [self[shift.value] for shift in Shift]

    @property
    def week(self) -> list[Field]:
        return [self[day.value] for day in Weekday]

    def add_lines(self) -> "CardForm":
        """A blank line for one more language."""
        if len(self.languages) < LANGUAGE_LINES and not any(
            not line.form.name.data for line in self.languages
        ):
            self.languages.append_entry()
        return self

    def show(self, card: CompetenceCard) -> "CardForm":
        """Fill in the answers that the card keeps in another shape than the fields have."""
        for day in Weekday:
            self[day.value].data = list(card.week.get(day.value, []))
        for shift in Shift:
            yes, no = shift.value in card.shifts_yes, shift.value in card.shifts_no
            self[shift.value].data = YES if yes else NO if no else UNKNOWN
        return self

    def details(self) -> CardDetails:
        return CardDetails(
            wishes=self.wishes.data or (),
            danish_speaking=self.danish_speaking.data,
            danish_reading=self.danish_reading.data,
            danish_course=DanishCourse(self.danish_course.data) if self.danish_course.data else None,
            danish_module=int(self.danish_module.data) if self.danish_module.data else None,
            danish_exam=DanishExam(self.danish_exam.data) if self.danish_exam.data else None,
            languages=[
                SpokenLanguage(line.form.name.data, LanguageLevel(line.form.level.data), line.form.shown.data)
                for line in self.languages
                if line.form.name.data
            ],
            hours_min=self.hours_min.data,
            hours_max=self.hours_max.data,
            postcode=self.postcode.data,
            range_km=self.range_km.data,
            transport=self.transport.data or (),
            week={day.value: self[day.value].data or [] for day in Weekday},
            shifts_yes=[shift.value for shift in Shift if self[shift.value].data == YES],
            shifts_no=[shift.value for shift in Shift if self[shift.value].data == NO],
            goal=self.goal.data or "",
            next_step=self.next_step.data or "",
        )

    def validate_postcode(self, field: Field) -> None:
        Postcode()(self, field)
        if not is_danish_postcode(field.data):
            raise ValidationError(_("Vi kender ikke det postnummer."))

    def validate_danish_module(self, field: Field) -> None:
        if field.data and not self.danish_course.data:
            raise ValidationError(_("Vælg også danskuddannelsen."))

    def validate_hours_max(self, field: Field) -> None:
        low, high = self.hours_min.data, field.data
        if low is not None and high is not None and high < low:
            raise ValidationError(_("Det højeste antal timer skal være mindst det laveste."))


class SkillForm(WordsForm):
    """One skill, in anybody's words. A citizen's are always her own: the view removes `source` for her."""

    on_card = can_lack = True

    text = text_field(
        _l("Opgave eller færdighed"), 120, description=_l("Skriv med egne ord, for eksempel: lave mad")
    )
    level = RadioField(
        _l("Hvor godt?"),
        [answered(_l("Vælg, hvor godt."))],
        choices=list(SKILL_LEVELS.items()),
        coerce=int,
    )
    source = RadioField(
        _l("Hvem siger det?"),
        choices=[
            (SkillSource.OWN.value, _l("Borgeren selv")),
            (SkillSource.CONSULTANT.value, _l("Jeg har set det som konsulent")),
        ],
        default=SkillSource.OWN.value,
    )


class CertificateForm(WordsForm):
    """A course or certificate, with the day until which it holds."""

    on_card = True

    text = text_field(
        _l("Bevis eller kursus"), 120, description=_l("For eksempel hygiejnebevis eller kørekort B")
    )
    valid_until = DanishDateField(
        _l("Gælder til"), [optional()], description=_l("Lad feltet stå tomt, hvis det altid gælder.")
    )


class DayForm(PortalForm):
    """The day on which one wants to read a card."""

    form_id = None
    day = DanishDateField(_l("Se kortet, som det var den"), [optional()])


SKIPPED = ""
"""The answer that says nothing; also what takes an earlier answer back."""


class TasksForm(PortalForm):
    """One step of the intake: two questions about each of a few tasks; all may stay open."""

    tasks: Sequence[Task] = ()

    @classmethod
    def asking(cls, tasks: Sequence[Task], answers: Mapping[str, Done] | None = None) -> Self:
        """The form of these tasks: as sent, or filled in with `answers`."""
        fields: dict[str, Any] = {"tasks": tasks}
        for task in tasks:
            fields[f"{task.key}-frequency"] = RadioField(
                task.title, choices=[*Frequency.choices(), (SKIPPED, _l("Spring over"))], default=SKIPPED
            )
            fields[f"{task.key}-setting"] = RadioField(
                task.title, choices=Setting.choices(), default=SKIPPED, validate_choice=False
            )
        form = type("StepForm", (cls,), fields)
        return form() if answers is None else form(formdata=None, data=_as_sent(answers))

    @property
    def questions(self) -> Iterator[tuple[Task, Field, Field]]:
        """Each task with how often and where."""
        for task in self.tasks:
            yield task, self[f"{task.key}-frequency"], self[f"{task.key}-setting"]

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        valid = super().validate(extra_validators)
        for _task, frequency, setting in self.questions:
            if frequency.data in _DONE and setting.data not in set(Setting):
                setting.errors = [_("Vælg, hvor det var.")]
                valid = False
        return valid

    def given(self) -> dict[str, Done | None]:
        """Task key -> the answer; None where there is none."""
        return {task.key: _done(frequency.data, setting.data) for task, frequency, setting in self.questions}


_DONE = set(Frequency) - {Frequency.NEVER}


def _done(frequency: str, setting: str) -> Done | None:
    if frequency == SKIPPED:
        return None
    return Done(Frequency(frequency), Setting(setting) if frequency in _DONE else None)


def _as_sent(answers: Mapping[str, Done]) -> dict[str, str]:
    values: dict[str, str] = {}
    for key, done in answers.items():
        values[f"{key}-frequency"] = done.frequency.value
        values[f"{key}-setting"] = done.setting.value if done.setting else SKIPPED
    return values


class PaperForm(PortalForm):
    """What the printed card shows beside Danish."""

    form_id = None
    language = _select(_l("Sprog ved siden af dansk"), Language.choices(), _l("Kun dansk"))
    words = _select(_l("30 ord fra faget på bagsiden"), Industry.choices(), _l("Ingen"))
