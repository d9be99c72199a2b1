"""Shapes of input about assessment sheets."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar, Self

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, FormField, RadioField, SelectField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length

from portal.base.errors import DomainError
from portal.base.terms import SKILL_LEVELS
from portal.base.typed_days import DayKind
from portal.loop.assessments.confirming import OTHERS, SaidBeforeSheet
from portal.loop.assessments.models import Assessment, AssessmentKind, AssessmentLine, TurnedOut
from portal.loop.assessments.services import AspectRating, TaskRating
from portal.loop.placements.forms import stop_reason_field
from portal.loop.placements.models import Outcome
from portal.loop.placements.settled import ConfirmedHow
from portal.loop.placements.settling import before_start
from portal.loop.placements.settling_forms import RECORDED, ConfirmedForm
from portal.web.forms import (
    DanishDateField,
    NoCpr,
    PortalForm,
    answered,
    optional,
    required,
    strip,
    text_field,
)
from portal.web.line_lists import LineList
from portal.web.paper.codes import NoSuchCode, number_of

NOT_ANSWERED = ""
NOT_ANSWERED_WORDS = _l("Ved ikke")
LEVEL_NOT_TRIED = 0
ROWS_OF_A_SHEET = 12
"""Lines on the screen that takes a paper sheet back; more appear when they are filled."""


def _levels(label: Any) -> RadioField:
    choices = [
        *((str(level), text) for level, text in SKILL_LEVELS.items()),
        (NOT_ANSWERED, NOT_ANSWERED_WORDS),
    ]
    return RadioField(label, choices=choices, default=NOT_ANSWERED)


def _turned_out(title: Any) -> RadioField:
    return RadioField(
        _l("%(aspect)s: blev det sådan?", aspect=title), [optional()], choices=TurnedOut.choices()
    )


def _said_midway(sheet: Assessment, side: str, midway: Assessment | None) -> dict[int, AssessmentLine]:
    """Line id -> the line about the same task on which the side said a level then; {} once it says so itself."""
    if midway is None or any(getattr(line, f"{side}_level") is not None for line in sheet.lines):
        return {}
    then = {line.task_text: line for line in midway.lines if getattr(line, f"{side}_level") is not None}
    return {line.id: then[line.task_text] for line in sheet.lines if line.task_text in then}


class AnswersForm(PortalForm):
    """A level and a note for each line of a sheet, and of the last one how what was settled turned out."""

    expected: Mapping[str, tuple[object, str]] = {}
    """Each aspect with its title and what was settled or expected of it."""

    lines: Iterable[AssessmentLine] = ()
    earlier: Container[int] = ()
    """The lines that are filled in with what the side said midway: proposed, and said only when it is sent."""

    @classmethod
    def of(cls, sheet: Assessment, side: str, *, shown: bool, midway: Assessment | None = None) -> Self:
        """The form of the sheet's lines for "employer" or "consultant"; `shown`: filled in, else as sent.

        Of a side that has said nothing yet what it said on the `midway` sheet is proposed.
        """
        values: dict[str, Any] = {}
        proposed = _said_midway(sheet, side, midway) if shown else {}
        fields: dict[str, Any] = {"lines": sheet.lines, "earlier": frozenset(proposed)}
        for line in sheet.lines:
            text = line.task_text[:1].upper() + line.task_text[1:]
            fields[f"level_{line.id}"] = _levels(text)
            fields[f"note_{line.id}"] = text_field(
                _l("Bemærkning til: %(task)s", task=text), 300, needed=False
            )
            said = proposed.get(line.id, line)
            level = getattr(said, f"{side}_level")
            values[f"level_{line.id}"] = NOT_ANSWERED if level is None else str(level)
            values[f"note_{line.id}"] = getattr(said, f"{side}_note")
        if sheet.kind is AssessmentKind.END:
            fields["expected"] = before_start(sheet.placement)
        for name, (title, _words) in fields.get("expected", {}).items():
            standing = sheet.aspect_of(name)
            fields[f"turned_out_{name}"] = _turned_out(title)
            fields[f"words_{name}"] = text_field(_l("Hvordan? (%(aspect)s)", aspect=title), 300, needed=False)
            values[f"turned_out_{name}"] = standing.turned_out.value if standing else None
            values[f"words_{name}"] = standing.words if standing else ""
        form = type(f"{cls.__name__}OfSheet", (cls,), fields)
        return form(formdata=None, data=values) if shown else form()

    @property
    def questions(self) -> Iterator[tuple[AssessmentLine, Field, Field]]:
        for line in self.lines:
            yield line, self[f"level_{line.id}"], self[f"note_{line.id}"]

    @property
    def aspects(self) -> Iterator[tuple[str, Field, Field]]:
        """What was settled or expected, whether it became so, and how."""
        for name, (_title, words) in self.expected.items():
            yield words, self[f"turned_out_{name}"], self[f"words_{name}"]

    def validate(self, extra_validators: Any = None) -> bool:
        valid: bool = super().validate(extra_validators)
        wordy = [turned_out for _words, turned_out, how in self.aspects if how.data and not turned_out.data]
        for field in wordy:
            field.errors = [_("Vælg, om det blev sådan.")]
        return valid and not wordy

    def aspect_ratings(self) -> dict[str, AspectRating]:
        """Those that are answered, by their name."""
        return {
            name: AspectRating(TurnedOut(turned_out.data), how.data or "")
            for name, (_words, turned_out, how) in zip(self.expected, self.aspects, strict=True)
            if turned_out.data
        }

    def answers(self) -> dict[int, TaskRating]:
        return {
            line.id: TaskRating(None if level.data == NOT_ANSWERED else int(level.data), note.data or "")
            for line, level, note in self.questions
        }


class WorkplacesAnswersForm(AnswersForm):
    """What the workplace fills in on a phone, without an account."""

    name = text_field(_l("Dit navn"), 120, description=_l("Så konsulenten ved, hvem der har svaret."))
    meanings: ClassVar[Sequence[tuple[Any, Any]]] = (
        (SKILL_LEVELS[LEVEL_NOT_TRIED], _l("Opgaven har ikke været der. Det tæller ikke imod nogen.")),
        (NOT_ANSWERED_WORDS, _l("Opgaven har været der, men du har ikke selv set den løst.")),
    )
    """What the two answers mean that say nothing of her, once for all tasks: they are easily taken for each other."""

    @property
    def typed(self) -> list[tuple[str, str]]:
        """What the form of the second step carries."""
        fields = [one for _of, *asked in (*self.questions, *self.aspects) for one in asked]
        said = [(one.name, one.data or "") for one in fields]
        return [*said, (self.name.name, self.name.data or "")]


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
    assessed_on = DanishDateField(_l("Dato for samtalen"), [required()], DayKind.PAST)


class EndPlacementForm(PortalForm):
    """Closing the last sheet ends the placement."""

    outcome = RadioField(_l("Hvordan sluttede det?"), [answered()], choices=Outcome.choices())
    assessed_on = DanishDateField(_l("Sidste dag"), [required()], DayKind.EITHER)
    alone_because = TextAreaField(
        _l("Hvorfor lukker du arket alene?"), [optional(), Length(max=300), NoCpr()], filters=[strip]
    )
    stop_reason = stop_reason_field()


class SheetYesForm(ConfirmedForm):
    """A yes to the sheet that somebody gave the consultant; its paper has codes of its own."""

    code = None
    party = RadioField(
        _l("Hvem sagde ja?"),
        [answered()],
        choices=[(party.value, party.label) for party in OTHERS],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.said_by.label.text = _("Navn på den, der sagde ja")
        self.how.choices = [(one.value, one.label) for one in RECORDED if one is not ConfirmedHow.CODE]

    def too_early(self, since: date) -> DomainError:
        return SaidBeforeSheet(since)


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

    name = text_field(
        _l("Udfyldt af"),
        120,
        missing=_l("Skriv, hvem der har udfyldt arket."),
        description=_l("Navnet på arket."),
    )
    rows = LineList(FormField(CodeLine), min_entries=ROWS_OF_A_SHEET, max_entries=60)

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
