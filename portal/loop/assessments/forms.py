"""Shapes of input about assessment sheets."""

from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Any, Self

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, FieldList, FormField, RadioField, SelectField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length

from portal.base.terms import SKILL_LEVELS
from portal.loop.assessments.codes import NoSuchCode, number_of
from portal.loop.assessments.models import Assessment, AssessmentLine
from portal.loop.assessments.services import TaskRating
from portal.loop.placements.models import Outcome
from portal.web.forms import DanishDateField, NoCpr, PortalForm, optional, required, strip, text_field

NOT_ANSWERED = ""
ROWS_OF_A_SHEET = 12
"""Lines on the screen that takes a paper sheet back; more appear when they are filled."""


def _levels(label: Any) -> RadioField:
    choices = [*((str(level), text) for level, text in SKILL_LEVELS.items()), (NOT_ANSWERED, _l("Ved ikke"))]
    return RadioField(label, choices=choices, default=NOT_ANSWERED)


class AnswersForm(PortalForm):
    """A level and a note for each line of a sheet."""

    lines: Iterable[AssessmentLine] = ()

    @classmethod
    def of(cls, sheet: Assessment, side: str, *, shown: bool) -> Self:
        """The form of the sheet's lines for "employer" or "consultant"; `shown`: filled in, else as sent."""
        fields: dict[str, Any] = {"lines": sheet.lines}
        values: dict[str, Any] = {}
        for line in sheet.lines:
            text = line.task_text[:1].upper() + line.task_text[1:]
            fields[f"level_{line.id}"] = _levels(text)
            fields[f"note_{line.id}"] = text_field(
                _l("Bemærkning til: %(task)s", task=text), 300, needed=False
            )
            level = getattr(line, f"{side}_level")
            values[f"level_{line.id}"] = NOT_ANSWERED if level is None else str(level)
            values[f"note_{line.id}"] = getattr(line, f"{side}_note")
        form = type(f"{cls.__name__}OfSheet", (cls,), fields)
        return form(formdata=None, data=values) if shown else form()

    @property
    def questions(self) -> Iterator[tuple[AssessmentLine, Field, Field]]:
        for line in self.lines:
            yield line, self[f"level_{line.id}"], self[f"note_{line.id}"]

    def answers(self) -> dict[int, TaskRating]:
        return {
            line.id: TaskRating(None if level.data == NOT_ANSWERED else int(level.data), note.data or "")
            for line, level, note in self.questions
        }


class WorkplacesAnswersForm(AnswersForm):
    """What the workplace fills in on a phone, without an account."""

    name = text_field(_l("Dit navn"), 120, description=_l("Så konsulenten ved, hvem der har svaret."))


class ConsultantsAnswersForm(AnswersForm):
    """The consultant's side."""


def agreed_form(sheet: Assessment, *, shown: bool) -> PortalForm:
    """One choice for each line on which the two differ: the level of either."""
    fields: dict[str, Any] = {}
    for line in sheet.lines:
        if line.differs:
            levels = sorted({line.employer_level or 0, line.consultant_level or 0})
            fields[f"agreed_{line.id}"] = RadioField(
                _l("Enige om: %(task)s", task=line.task_text),
                [InputRequired(_l("Vælg det niveau, I er enige om."))],
                choices=[(str(level), SKILL_LEVELS[level]) for level in levels],
                default=None if line.agreed_level is None else str(line.agreed_level),
            )
    form: type[PortalForm] = type("AgreedForm", (PortalForm,), fields)
    return form(formdata=None) if shown else form()


def agreed_levels(sheet: Assessment, form: PortalForm) -> dict[int, int | None]:
    return {line.id: int(form[f"agreed_{line.id}"].data) for line in sheet.lines if line.differs}


class CloseForm(PortalForm):
    assessed_on = DanishDateField(_l("Talte sammen den"), [required(_l("Vælg en dato."))])


class EndPlacementForm(PortalForm):
    """Closing the last sheet ends the placement."""

    outcome = RadioField(
        _l("Hvordan sluttede det?"), [InputRequired(_l("Vælg en."))], choices=Outcome.choices()
    )
    assessed_on = DanishDateField(_l("Sidste dag"), [required(_l("Vælg en dato."))])


class WithdrawForm(PortalForm):
    because = TextAreaField(
        _l("Hvorfor trækkes vurderingen tilbage?"), [required(), Length(max=300), NoCpr()], filters=[strip]
    )


class CommentForm(PortalForm):
    words = TextAreaField(
        _l("Min kommentar"),
        [optional(), Length(max=500), NoCpr()],
        filters=[strip],
        description=_l("Skriv med dine egne ord. Konsulenten og virksomheden kan læse det."),
    )


class CodeLine(PortalForm):
    """One line of a paper sheet: its code and the level with a cross."""

    form_id = None
    code = text_field(_l("Kode"), 12, needed=False)
    level = SelectField(
        _l("Niveau"),
        choices=[("", "–"), *((str(level), f"{level} {text}") for level, text in SKILL_LEVELS.items())],
        default="",
    )
    note = text_field(_l("Bemærkning"), 300, needed=False)

    class Meta(PortalForm.Meta):
        csrf = False  # the form around it carries the token

    def validate_code(self, field: Field) -> None:
        try:
            number_of(field.data)
        except NoSuchCode:
            raise ValidationError(
                _("Koden %(code)s findes ikke. Et tegn er læst forkert.", code=field.data)
            ) from None

    def validate_level(self, field: Field) -> None:
        if self.code.data and not field.data:
            raise ValidationError(_("Vælg niveauet."))
        if not self.code.data and (field.data or self.note.data):
            raise ValidationError(_("Skriv også koden fra linjen."))


class CodesForm(PortalForm):
    """One screen that takes a paper sheet back by keyboard."""

    name = text_field(_l("Udfyldt af"), 120, description=_l("Navnet på arket."))
    rows = FieldList(FormField(CodeLine), min_entries=ROWS_OF_A_SHEET, max_entries=60)

    def answers(self) -> Mapping[int, TaskRating]:
        """Line id -> what the paper says; a code typed twice counts as it was typed last."""
        return {
            number_of(row.form.code.data): TaskRating(int(row.form.level.data), row.form.note.data or "")
            for row in self.rows
            if row.form.code.data
        }

    def refuse(self, line_ids: Container[int], message: Any) -> None:
        """Say beside the codes of those lines why they are not taken."""
        for row in self.rows:
            code = row.form.code
            if code.data and number_of(code.data) in line_ids:
                code.errors = [*code.errors, message]
