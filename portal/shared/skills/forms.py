"""Forms of the vocabulary, and the question "mente du ...?" that every form for words can ask."""

from dataclasses import replace
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, ValidationError
from wtforms.validators import Length

from portal.base.terms import SkillArea
from portal.base.texts import is_forbidden
from portal.lexicon import Remark
from portal.shared.skills.models import SkillCategory, SkillLadder
from portal.shared.skills.pictograms import pictograms
from portal.shared.skills.services import Alternative, SkillDetails, UnderstoodText
from portal.web.forms import NoCpr, PortalForm, VersionedForm, text_field
from portal.web.reading import spoken

OWN = "own"
"""The answer "none of them: keep my own words"."""

NOT_TRIED = "not-tried"
"""The answer "right, I have not tried it" for what the vocabulary has no word for."""


class SkillDetailsForm(VersionedForm):
    """A skill of the vocabulary, new or changed."""

    name = text_field(_l("Færdighed"), 120, description=_l("Den officielle ordlyd, med små bogstaver."))
    english = text_field(_l("Engelsk"), 120, missing=_l("Skriv navnet på engelsk."))
    area = SelectField(_l("Fag"), choices=SkillArea.choices(), coerce=SkillArea)
    category = SelectField(_l("Slags"), choices=SkillCategory.choices(), coerce=SkillCategory)

    def details(self) -> SkillDetails:
        return SkillDetails(self.name.data, self.english.data, self.area.data, self.category.data)


class SkillPageForm(SkillDetailsForm):
    """A skill of the vocabulary as its own page has it; a new one gets the usual of its category."""

    ladder = SelectField(
        _l("Hvordan siges det, hvor godt"), choices=SkillLadder.choices(), coerce=SkillLadder
    )
    pictogram = SelectField(
        _l("Billede"),
        choices=[("", _l("Intet billede")), *((name, name) for name in sorted(pictograms()))],
        coerce=lambda name: name or "",
    )

    def details(self) -> SkillDetails:
        return replace(super().details(), ladder=self.ladder.data, pictogram=self.pictogram.data or None)


class SynonymForm(PortalForm):
    """One more phrase for a skill."""

    label = text_field(_l("Andet ord"), 120)


class FitsTheField:
    """A whole text or none in a LongTextField: nothing of it is cut off silently."""

    def __call__(self, form: Any, field: Any) -> None:
        text = field.data or ""
        if is_forbidden(text):
            raise ValidationError(_("Teksten indeholder et tegn, som ikke kan gemmes. Skriv den igen."))
        if len(text) > field.longest:
            raise ValidationError(
                _(
                    "Teksten er på %(letters)s tegn, og der er plads til %(most)s. Sæt den ind i to omgange.",
                    letters=_thousands(len(text)),
                    most=_thousands(field.longest),
                )
            )


def _thousands(number: int) -> str:
    return f"{number:,}".replace(",", ".")


class AnswerField(StringField):
    """What was not sent is no answer, whatever stood there before."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = valuelist[0] if valuelist else ""


_ON_NO_CARD: Final = (Remark.HEALTH, Remark.LANGUAGE)


class WordsForm(PortalForm):
    """Words that may stand for a skill (`text`), and what their writer says when she is asked what they mean.

    `asked` is the text that the question was put for: an answer to it holds for no other text. Who sends the form
    again without an answer has been asked, and keeps her own words.
    """

    asked = AnswerField(validators=[Length(max=120), NoCpr()])
    meant = AnswerField(validators=[Length(max=20), NoCpr()])

    on_card = False
    """A card holds no conditions of openings."""

    can_lack = False
    """Whether what is denied can be told as a skill not tried."""

    meaning = UnderstoodText(None)
    """What the lexicon makes of the text; the view looks it up."""

    @property
    def alternatives(self) -> list[Alternative]:
        """What to offer: on a card no conditions, and a denied skill only where its lack can be told."""
        if self.meaning.denied and not self.can_lack:
            return []
        return [one for one in self.meaning.alternatives if not (self.on_card and one.is_condition)]

    @property
    def says_no_skill(self) -> bool:
        """Whether the words speak against being a skill that somebody has: then no answer stands chosen."""
        return self.meaning.denied or (self.meaning.remark is not None and self.meaning.skill_id is None)

    @property
    def is_refused(self) -> bool:
        """Whether no card holds it, whatever its writer says: conditions, languages, and her health."""
        elsewhere = self.meaning.belongs_elsewhere is not None or self.meaning.remark in _ON_NO_CARD
        return self.on_card and self.meaning.skill_id is None and elsewhere

    @property
    def asks(self) -> bool:
        """Whether the words leave a question open, answered or not."""
        unsure = self.meaning.skill_id is None and bool(self.alternatives)
        return bool(self.text.data) and (self.says_no_skill or unsure)

    @property
    def can_be_changed(self) -> bool:
        """Whether something else can be said of the words than how they are understood."""
        return self.asks or (self.meaning.confirmed and bool(self.alternatives))

    @property
    def is_answered(self) -> bool:
        """Whether she was asked about this text; an answer that is none of today's leaves the question open."""
        known = not self.meant.data or self.meant.data in [value for value, _label in self.options]
        return known and self.asked.data == self.text.data

    @property
    def waits_for_answer(self) -> bool:
        return self.asks and (self.is_refused or not self.is_answered)

    @property
    def chosen(self) -> Alternative | None:
        """The skill that its writer says it is, where that is not what others have said."""
        if not (self.can_be_changed and self.is_answered) or self.meant.data == str(self.meaning.skill_id):
            return None
        return next((one for one in self.alternatives if str(one.skill_id) == self.meant.data), None)

    @property
    def keeps_own_words(self) -> bool:
        """Whether it is to stand in its own words: asked about and none was chosen, or what others said turned down."""
        if self.is_refused or not (self.can_be_changed and self.is_answered):
            return False
        return self.meant.data == OWN if self.meaning.confirmed else self.chosen is None

    @property
    def preselected(self) -> str:
        """The answer that stands before she gives one: the likeliest, but none where the words say no."""
        if self.is_answered and (self.meant.data or not self.meaning.confirmed):
            return str(self.meant.data)
        return "" if self.says_no_skill else str(self.alternatives[0].skill_id)

    @property
    def skill_id(self) -> int | None:
        """What it stands for as things are."""
        if self.chosen is not None:
            return self.chosen.skill_id
        return None if self.keeps_own_words else self.meaning.skill_id

    @property
    def understood_as(self) -> str | None:
        """The name of that skill."""
        if self.chosen is not None:
            return self.chosen.name
        return None if self.keeps_own_words else self.meaning.name

    @property
    def lacks(self) -> bool:
        """Whether it says what somebody can not do, and she has confirmed it."""
        confirmed = self.chosen is not None or (self.is_answered and self.meant.data == NOT_TRIED)
        return self.can_lack and self.meaning.denied and confirmed

    @property
    def options(self) -> list[tuple[str, Any]]:
        """The answers to choose among."""
        if self.is_refused:
            return []
        found: list[tuple[str, Any]] = [(str(one.skill_id), _named(one)) for one in self.alternatives]
        if not self.meaning.denied and found:
            return [*found, (OWN, _("Ingen af dem – behold mine egne ord"))]
        if not self.can_lack or not self.meaning.denied:
            return [(OWN, _("Behold ordene, som de står"))]
        not_tried = (NOT_TRIED, _("Det er ikke prøvet – behold mine egne ord"))
        return [*found, not_tried, (OWN, _("Jo, det er prøvet – behold mine egne ord og niveauet"))]


def _named(one: Alternative) -> str:
    if spoken() is not None or one.wording.lower() == one.name.lower():
        return one.name
    return _("%(name)s (også: %(wording)s)", name=one.name, wording=one.wording)
