"""Forms of cards: shape, labels and messages."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, Self

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    Field,
    FormField,
    RadioField,
    SelectField,
    SelectMultipleField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import Length, NumberRange

from portal.base.terms import (
    SKILL_LEVELS,
    Language,
    LanguageLevel,
    PartOfDay,
    Shift,
    SkillSource,
    Weekday,
)
from portal.base.typed_days import DayKind
from portal.loop.cards.fields import EDITED, CardField, FormPart
from portal.loop.cards.intake import Done
from portal.loop.cards.models import CompetenceCard, Frequency, Setting
from portal.loop.cards.services import MOST_WISHES, CardDetails, HealthStaysOff, SpokenLanguage
from portal.loop.cards.translator import Translator
from portal.loop.cards.value_kinds import (
    FreeText,
    HomePostcode,
    Ladder,
    NumberChoice,
    OneOf,
    SeveralOf,
    Shifts,
    ValueKind,
    WeekGrid,
    WeeklyHours,
    WholeNumber,
    YesNo,
)
from portal.loop.cards.wishes import TitlesByTrade, UnderstoodWish, Wishable, WishedPiece, understand_each
from portal.loop.cards.wishes import understand as understand_wish
from portal.loop.cards.wording import LocalizedText
from portal.shared.skills.forms import AnswerField, FitsTheField, WordsForm
from portal.shared.skills.services import tells_of_health
from portal.shared.skills.tasks import AskedTask
from portal.shared.skills.translations import PhraseKind, danish, word_lists
from portal.web.forms import (
    DanishDateField,
    DanishHoursField,
    LongTextField,
    NoCpr,
    PortalForm,
    Postcode,
    VersionedForm,
    WholeNumberField,
    answered,
    optional,
    strip,
    text_field,
)
from portal.web.line_lists import LineList
from portal.web.reading import readers_language

YES, NO, UNKNOWN = "yes", "no", ""


def level_or_unknown(value: Any) -> int | None:
    """A level from a select field; the empty choice is "not known"."""
    return None if value in (None, "", "None") else int(value)


LANGUAGE_LINES = 4

LONGEST_STORY: Final = 4_000
"""Letters of a text that is read for a card; a CV has about 2,000."""


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

    languages = LineList(FormField(LanguageLine), max_entries=LANGUAGE_LINES)

    @property
    def shifts(self) -> list[Field]:
        return [self[shift.value] for shift in Shift]

    @property
    def week(self) -> list[Field]:
        return [self[day.value] for day in Weekday]

    def rows(self, part: str) -> list[list[Field]]:
        """The fields of one part of the form, row by row."""
        rows: dict[Any, list[Field]] = {}
        for field in EDITED:
            if isinstance(field.form, tuple) and field.form[0] is FormPart[part]:
                rows.setdefault(field.form, []).append(self[field.column])
        return list(rows.values())

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
        languages = [
            SpokenLanguage(line.form.name.data, LanguageLevel(line.form.level.data), line.form.shown.data)
            for line in self.languages
            if line.form.name.data
        ]
        return CardDetails(
            languages=languages, **{field.column: _answer(field.kind, field.column, self) for field in EDITED}
        )

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """What she writes freely tells nothing of her health; what stood there before is no obstacle to the rest."""
        valid = super().validate(extra_validators)
        for one in EDITED:
            field = self[one.column] if isinstance(one.kind, FreeText) else None
            if field is not None and field.data != field.object_data and tells_of_health(field.data or ""):
                field.errors = [*field.errors, HealthStaysOff.message]
                valid = False
        return valid

    def validate_postcode(self, field: Field) -> None:
        Postcode()(self, field)

    def validate_danish_module(self, field: Field) -> None:
        if field.data and not self["danish_course"].data:
            raise ValidationError(_("Vælg også danskuddannelsen."))

    def validate_hours_max(self, field: Field) -> None:
        low, high = self["hours_min"].data, field.data
        if low is not None and high is not None and high < low:
            raise ValidationError(_("Det højeste antal timer skal være mindst det laveste."))


def _yes_or_no(label: Any) -> RadioField:
    choices = [(YES, _l("Ja")), (NO, _l("Nej")), (UNKNOWN, _l("Ved ikke"))]
    unknown = [lambda chosen: chosen or UNKNOWN]
    return RadioField(label, choices=choices, default=UNKNOWN, coerce=_as_answer, filters=unknown)


def _as_answer(value: Any) -> str:
    """What a form sends as it came, and what a column holds as the form would send it."""
    return {True: YES, False: NO}.get(value, value)


def _text(label: Any, kind: FreeText) -> Field:
    if kind.lines == 1:
        return text_field(label, kind.longest, needed=False)
    validators = [optional(), Length(max=kind.longest), NoCpr()]
    return TextAreaField(label, validators, filters=[strip], render_kw={"rows": kind.lines})


def _ladder(label: Any, kind: Ladder) -> Field:
    choices = [("", _l("Ved ikke endnu")), *kind.rungs.items()]
    return SelectField(label, choices=choices, coerce=level_or_unknown)


def _steps(label: Any, kind: NumberChoice) -> Field:
    steps = [(str(one), str(one)) for one in range(kind.least, kind.most + 1)]
    return _select(label, steps, _l("Ved ikke"))


def _postcode(label: Any, _kind: HomePostcode) -> Field:
    return text_field(label, 40, needed=False, render_kw={"inputmode": "numeric", "autocomplete": "off"})


def _bounds(kind: WholeNumber | WeeklyHours) -> list[Any]:
    return [optional(), NumberRange(min=kind.least, max=kind.most)]


UNBOUND: Final[Mapping[type[ValueKind], Callable[[Any, Any], Field]]] = {
    FreeText: _text,
    Ladder: _ladder,
    OneOf: lambda label, kind: _select(label, kind.terms.choices(), kind.nothing),
    SeveralOf: lambda label, kind: SelectMultipleField(label, choices=kind.terms.choices()),
    NumberChoice: _steps,
    WholeNumber: lambda label, kind: WholeNumberField(label, _bounds(kind), kind.unit),
    WeeklyHours: lambda label, kind: DanishHoursField(label, _bounds(kind)),
    HomePostcode: _postcode,
    YesNo: lambda label, _kind: _yes_or_no(label),
}
"""The form's field for each kind that has one of its own, from its label."""


def unbound_field(field: CardField) -> Any:
    return UNBOUND[type(field.kind)](field.title, field.kind)


def unbound_fields(field: CardField) -> dict[str, Any]:
    """The form's fields by name: a week has one a day, and both lists of shifts share one a shift."""
    match field.kind:
        case WeekGrid():
            return {day.value: SelectMultipleField(day.label, choices=PartOfDay.choices()) for day in Weekday}
        case Shifts(can=True):
            return {shift.value: _yes_or_no(shift.label) for shift in Shift}
        case Shifts(can=False):
            return {}
    return {field.column: unbound_field(field)}


def _answer(kind: ValueKind, column: str, form: CardForm) -> Any:
    """What was filled in, as `CardDetails` takes it."""
    match kind:
        case WeekGrid():
            return {day.value: form[day.value].data or [] for day in Weekday}
        case Shifts(can=can):
            return [shift.value for shift in Shift if form[shift.value].data == (YES if can else NO)]
        case OneOf(terms=terms):
            return terms(form[column].data) if form[column].data else None
        case NumberChoice():
            return int(form[column].data) if form[column].data else None
        case SeveralOf():
            return form[column].data or ()
        case FreeText():
            return form[column].data or ""
        case YesNo():
            return {YES: True, NO: False}.get(form[column].data)
    return form[column].data


# WTForms reads a form's fields off its class; these are the card's.
for _name, _field in [pair for one in EDITED for pair in unbound_fields(one).items()]:
    setattr(CardForm, _name, _field)


class SkillForm(WordsForm):
    """One skill, in anybody's words. A citizen's are always her own: the view removes `source` for her."""

    on_card = can_lack = True

    text = text_field(
        _l("Opgave eller færdighed"),
        120,
        needed=False,
        description=_l("Skriv med egne ord, for eksempel: lave mad. Der må gerne stå flere på linjen."),
    )
    seen_whole = AnswerField(validators=[Length(max=120), NoCpr()])
    """The text that was shown in pieces: who sends it again means it as one thing."""
    story = LongTextField(
        _l("Eller sæt en hel tekst ind"),
        [FitsTheField(), NoCpr()],
        filters=[strip],
        longest=LONGEST_STORY,
        description=_l(
            "Et cv eller en fortælling. Vi finder opgaverne, og I vælger, hvad der skal på kortet. Højst 4.000 tegn. "
            "Selve teksten bliver ikke gemt."
        ),
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

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        valid = super().validate(extra_validators)
        if self.text.data or self.story.data or self.story.errors:
            return valid
        self.text.errors = [*self.text.errors, _l("Skriv en opgave, eller sæt en tekst ind.")]
        return False


class CertificateForm(WordsForm):
    """A course or certificate, with the day until which it holds."""

    on_card = True

    seen_whole = AnswerField(validators=[Length(max=120), NoCpr()])

    text = text_field(
        _l("Bevis eller kursus"), 120, description=_l("For eksempel hygiejnebevis eller kørekort B")
    )
    valid_until = DanishDateField(
        _l("Gælder til"), [optional()], description=_l("Lad feltet stå tomt, hvis det altid gælder.")
    )


class WishForm(PortalForm):
    """Work the citizen would like: a title of the list, words for a title or a task, or both.

    `asked` is the text that "mente du ...?" was put for, `meant` the answer; an answer holds for no other text.
    """

    title = SelectField(_l("Vælg en stilling"), default="")
    text = text_field(
        _l("Eller skriv en stilling eller en opgave"),
        120,
        needed=False,
        description=_l("For eksempel: vil gerne være sosu-hjælper, eller: lave mad til mange"),
    )
    asked = AnswerField(validators=[Length(max=120), NoCpr()])
    meant = AnswerField(validators=[Length(max=20), NoCpr()])

    meaning = UnderstoodWish()
    """What the text may mean; `understand` looks it up."""
    pieces: Sequence[WishedPiece] = ()
    """The several wishes of the text, if it has several."""
    problem: LocalizedText | None = None

    @classmethod
    def offering(cls, titles: TitlesByTrade, *, sent: bool = True) -> Self:
        """The form with the titles to choose among, under the names of their trades."""
        form = cls() if sent else cls(formdata=None)
        form.title.choices = {"": [("", "–")], **titles}
        return form

    def understand(self) -> bool:
        """Whether it is clear what is wished; else `problem` or the open question says what is missing."""
        if not self.validate():
            return False
        if not (self.title.data or self.text.data):
            return self.refuse("page", "wish_empty")
        if self.text.data:
            self.pieces = understand_each(self.text.data)
            if self.pieces:
                return self._are_answered()
            self.meaning = understand_wish(self.text.data)
            if self.meaning.is_health:
                return self.refuse("page", "wish_health")
            if self.meaning.denied or not self.meaning.options:
                return self.refuse("page", "wish_denied" if self.meaning.denied else "wish_unknown")
        return not (self.text.data and self.chosen is None)

    def _are_answered(self) -> bool:
        """Whether she was asked about this text, and named something."""
        if self.asked.data != self.text.data:
            return False
        return bool(self.keys) or self.refuse("page", "wish_empty")

    @property
    def chosen_of_several(self) -> list[str]:
        """For each piece the answer that stands chosen: the likeliest until she has said another."""
        if self.asked.data != self.text.data:
            return [one.meaning.options[0].key if one.meaning.options else "" for one in self.pieces]
        said = [self[f"several_{number}"].data for number in range(len(self.pieces))]
        known = [{option.key for option in one.meaning.options} for one in self.pieces]
        return [key if key in keys else "" for key, keys in zip(said, known, strict=True)]

    def refuse(self, kind: str, key: str) -> bool:
        """Say what is wrong by a phrase, so that she reads it in her language."""
        self.problem = LocalizedText(danish(PhraseKind(kind), key), kind, key)
        self.text.errors = [self.problem.danish]
        return False

    @property
    def asks(self) -> bool:
        return bool(self.meaning.options) and self.meaning.taken is None

    @property
    def chosen(self) -> Wishable | None:
        """What the text means: beyond doubt, or because its writer says so."""
        if not self.asks:
            return self.meaning.taken
        options = self.meaning.options if self.asked.data == self.text.data else ()
        return next((one for one in options if one.key == self.meant.data), None)

    @property
    def keys(self) -> list[str]:
        """All that is wished."""
        words = [self.chosen.key] if self.chosen else [key for key in self.chosen_of_several if key]
        return [*([f"title-{self.title.data}"] if self.title.data else []), *words]


# The answers to what each of several wishes on one line means; an empty one says that it is none of those.
for _number in range(MOST_WISHES):
    setattr(WishForm, f"several_{_number}", AnswerField(validators=[Length(max=20), NoCpr()]))


class DayForm(PortalForm):
    """The day on which one wants to read a card."""

    form_id = None
    day = DanishDateField(_l("Se kortet, som det var den"), [optional()], DayKind.PAST)


SKIPPED = ""
"""The answer that says nothing; also what takes an earlier answer back."""


class TasksForm(PortalForm):
    """One step of the intake: two questions about each of a few tasks; all may stay open."""

    tasks: Sequence[AskedTask] = ()

    @classmethod
    def asking(cls, tasks: Sequence[AskedTask], answers: Mapping[str, Done] | None = None) -> Self:
        """The form of these tasks: as sent, or filled in with `answers`."""
        fields: dict[str, Any] = {"tasks": tasks}
        reader = Translator(readers_language())
        for task in tasks:
            title = reader.say("task", task.key, task.title)
            fields[f"{task.key}-frequency"] = RadioField(
                title, choices=[*Frequency.choices(), (SKIPPED, _l("Spring over"))], default=SKIPPED
            )
            fields[f"{task.key}-setting"] = RadioField(
                title, choices=Setting.choices(), default=SKIPPED, validate_choice=False
            )
        form = type("StepForm", (cls,), fields)
        return form() if answers is None else form(formdata=None, data=_as_sent(answers))

    @property
    def questions(self) -> Iterator[tuple[AskedTask, Field, Field]]:
        """Each task with how often and where."""
        for task in self.tasks:
            yield task, self[f"{task.key}-frequency"], self[f"{task.key}-setting"]

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        valid = super().validate(extra_validators)
        for _task, frequency, setting in self.questions:
            if frequency.data in _DONE and setting.data not in set(Setting):
                setting.errors = [_l("Vælg, hvor det var.")]
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
    words = _select(_l("30 ord fra faget på bagsiden"), word_lists(), _l("Ingen"))
    usable = BooleanField(_l("Hvor kortet kan bruges, på bagsiden"))
