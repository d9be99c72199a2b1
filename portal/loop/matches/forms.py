"""The form of a suggestion's question: as many fields as the one thing asked about has."""

from typing import Any, ClassVar, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, RadioField, SelectMultipleField
from wtforms.validators import NumberRange

from portal.base.places import is_danish_postcode
from portal.base.terms import (
    DANISH_READING_LEVELS,
    DANISH_SPEAKING_LEVELS,
    SKILL_LEVELS,
    Industry,
    SkillSource,
)
from portal.base.typed_numbers import KILOMETRES
from portal.loop.cards.fields import CARD_FIELDS
from portal.loop.cards.forms import unbound_field
from portal.loop.cards.models import CompetenceCard
from portal.loop.matches.models import Match
from portal.loop.matches.sentences import SHIFT
from portal.matching import Question
from portal.web.forms import Postcode, VersionedForm, WholeNumberField, answered, text_field

TASK = "task"
YES, NO = "yes", "no"


def _levels(label: Any, levels: dict[int, Any]) -> RadioField:
    return RadioField(label, [answered()], choices=list(levels.items()), coerce=int)


class AnswerForm(VersionedForm):
    """What every answer carries: what was asked, and which version of the card the reader saw."""

    asked = HiddenField()

    parts: ClassVar[tuple[str, ...]] = ()
    """The fields a reader fills in, by name."""

    @property
    def questions(self) -> list[Field]:
        return [self[name] for name in self.parts if name in self]

    def said(self) -> dict[str, Any]:
        """The answer as `answering` takes it."""
        return {field.short_name: field.data for field in self.questions}


class TaskAnswerForm(AnswerForm):
    parts = ("level", "source")

    level = _levels(_l("Hvor godt?"), {**SKILL_LEVELS, 0: _l("Kan ikke, eller har ikke prøvet")})
    source = RadioField(
        _l("Hvem siger det?"),
        choices=[
            (SkillSource.OWN.value, _l("Borgeren selv")),
            (SkillSource.CONSULTANT.value, _l("Jeg har set det som konsulent")),
        ],
        default=SkillSource.OWN.value,
    )

    def said(self) -> dict[str, Any]:
        return {"level": self.level.data, "source": SkillSource(self.source.data)}


class ShiftAnswer(AnswerForm):
    parts = ("can",)

    can = RadioField(
        _l("Kan borgeren det?"),
        [answered(_l("Vælg ja eller nej."))],
        choices=[(YES, _l("Ja")), (NO, _l("Nej"))],
    )

    def said(self) -> dict[str, Any]:
        return {"can": self.can.data == YES}


class SpeakingAnswer(AnswerForm):
    parts = ("danish_speaking",)

    danish_speaking = _levels(CARD_FIELDS["danish_speaking"].title, DANISH_SPEAKING_LEVELS)


class ReadingAnswer(AnswerForm):
    parts = ("danish_reading",)

    danish_reading = _levels(CARD_FIELDS["danish_reading"].title, DANISH_READING_LEVELS)


class WishAnswer(AnswerForm):
    parts = ("wishes",)

    wishes = SelectMultipleField(
        CARD_FIELDS["wishes"].title, [answered(_l("Vælg mindst ét fag."))], choices=Industry.choices()
    )


class HoursAnswer(AnswerForm):
    """One of the two is an answer: a limit not given binds nobody."""

    parts = ("hours_min", "hours_max")

    hours_min = unbound_field(CARD_FIELDS["hours_min"])
    hours_max = unbound_field(CARD_FIELDS["hours_max"])

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        low, high = self.hours_min, self.hours_max
        if valid and low.data is None and high.data is None:
            low.errors = [_("Skriv mindst ét af de to tal.")]
        elif valid and low.data is not None and high.data is not None and high.data < low.data:
            high.errors = [_("Det højeste antal timer skal være mindst det laveste.")]
        return valid and not low.errors and not high.errors


class DistanceAnswer(AnswerForm):
    """Only what the card does not say yet is asked."""

    parts = ("postcode", "range_km")

    postcode = text_field(CARD_FIELDS["postcode"].title, 40)
    range_km = WholeNumberField(
        CARD_FIELDS["range_km"].title,
        [answered(_l("Skriv et antal km.")), NumberRange(min=1, max=200)],
        KILOMETRES,
    )

    def validate_postcode(self, field: Field) -> None:
        Postcode()(self, field)


_FORMS: Final[dict[str, type[AnswerForm]]] = {
    "industry": WishAnswer,
    "distance": DistanceAnswer,
    "hours": HoursAnswer,
    "danish_speaking": SpeakingAnswer,
    "danish_reading": ReadingAnswer,
}


def asked_of(question: Question) -> str:
    """The question as the form carries it: "task:12", "condition:hours"."""
    return f"{question.kind}:{question.key}"


def answer_form(match: Match, asked: str, *, sent: bool = False) -> AnswerForm:
    """The form of what is asked, empty or (`sent`) as it came back. Raises KeyError for what nobody asks."""
    kind, _colon, key = asked.partition(":")
    if kind == TASK and not key.isdecimal():
        raise KeyError(asked)
    form_class = TaskAnswerForm if kind == TASK else ShiftAnswer if key.startswith(SHIFT) else _FORMS[key]
    prefix = f"answer-{match.id}-"  # a list has many of these forms
    if sent:
        form = form_class(prefix=prefix)
    else:
        form = form_class(formdata=None, prefix=prefix, version=match.card.version, asked=asked)
    if isinstance(form, DistanceAnswer):
        _ask_only_what_is_missing(form, match.card)
    return form


def _ask_only_what_is_missing(form: DistanceAnswer, card: CompetenceCard) -> None:
    if is_danish_postcode(card.postcode or ""):
        del form.postcode
    if card.range_km is not None:
        del form.range_km
