"""What a line with several things, or a longer text, tells for a card: shown as ticks, and stored when ticked.

The text itself is read and forgotten. Whatever of it belongs elsewhere is said to, and stands nowhere.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, Self

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectField

from portal.base.terms import SKILL_LEVELS, SkillSource
from portal.loop.cards.services import ToldCertificate, ToldSkill
from portal.shared.skills import queries as vocabulary
from portal.shared.skills.confirmed import find_tasks_in, understand_all_in
from portal.shared.skills.forms import WordsForm
from portal.shared.skills.services import UnderstoodText
from portal.web.forms import DanishDateField, PortalForm, optional, text_field

LONGEST_LINE: Final = 120
"""Letters of one task or certificate, as their columns have them."""

MOST_FOUND: Final = 40
"""What one page shows; a longer story is told in two."""

TICKED_AT: Final = 0.5
"""What is unsure stands ticked with its question when it is as likely as this."""

USUAL_LEVEL: Final = 2

_SENT: Final = re.compile(r"found-([0-9]{1,3})-text")


class FoundLine(WordsForm):
    """One thing of the text: taken or not, what it means, and how well or until when."""

    form_id = None
    on_card = can_lack = True

    text = text_field(_l("Opgave eller færdighed"), LONGEST_LINE)
    take = BooleanField()
    level = SelectField(_l("Hvor godt?"), choices=list(SKILL_LEVELS.items()), coerce=int, default=USUAL_LEVEL)
    valid_until = DanishDateField(_l("Gælder til"), [optional()])

    only_certificates = False

    class Meta(PortalForm.Meta):
        csrf = False  # the form around it carries the token

    @classmethod
    def numbered(cls, number: int, **shown: Any) -> Self:
        """As sent; or, with what is to be shown, as it was found."""
        prefix = f"found-{number}-"
        return cls(formdata=None, prefix=prefix, data=shown) if shown else cls(prefix=prefix)

    @property
    def is_certificate(self) -> bool:
        """Whether it is stored with a day instead of a level: as things are, or by its likeliest meaning."""
        likeliest = self.alternatives[0].skill_id if self.alternatives else None
        meant = self.skill_id if self.skill_id is not None or self.is_answered else likeliest
        return self.only_certificates or meant in vocabulary.book().certificates

    @property
    def is_unknown(self) -> bool:
        """Whether it can stand in its own words alone."""
        return self.meaning.skill_id is None and not self.alternatives and not self.says_no_skill

    @property
    def is_elsewhere(self) -> bool:
        """Whether it is not for the card's skills: refused there, or a plan with nothing else in it."""
        remarked = self.meaning.remark is not None and self.meaning.skill_id is None
        return self.is_refused or (remarked and not self.alternatives)


class FoundLines(PortalForm):
    """All that was found in one text, with one button that takes what is ticked."""

    only_certificates = HiddenField(default="")
    source = SelectField(
        _l("Hvem siger det?"),
        choices=[
            (SkillSource.OWN.value, _l("Borgeren selv")),
            (SkillSource.CONSULTANT.value, _l("Konsulenten har set det")),
        ],
        default=SkillSource.OWN.value,
    )

    lines: Sequence[FoundLine] = ()
    elsewhere: Sequence[FoundLine] = ()
    """What the text says that belongs elsewhere."""
    without_room: Sequence[str] = ()

    @classmethod
    def showing(
        cls,
        meanings: Sequence[UnderstoodText],
        *,
        level: int = USUAL_LEVEL,
        source: SkillSource = SkillSource.OWN,
        only_certificates: bool = False,
        ticks_unknown: bool,
    ) -> Self:
        """`ticks_unknown`: whether words that mean nothing known are likely to be a task, as in a short list."""
        form = cls(
            formdata=None,
            data={"source": source.value, "only_certificates": "y" if only_certificates else ""},
        )
        shown = [_as_line(one, number, level) for number, one in enumerate(meanings[:MOST_FOUND])]
        form.elsewhere = [line for line in shown if line.is_elsewhere]
        form.lines = [line for line in shown if not line.is_elsewhere]
        form.without_room = [one.text for one in meanings[MOST_FOUND:]]
        for line in form.lines:
            line.only_certificates = only_certificates
            line.take.data = ticks_unknown if line.is_unknown else _is_likely(line)
        return form

    @classmethod
    def sent(cls, municipality_id: int) -> Self:
        """What was sent back, understood anew: of what is ticked, nothing is taken on the form's word."""
        form = cls()
        numbers = sorted({int(found[1]) for name in request.form if (found := _SENT.fullmatch(name))})
        form.lines = [FoundLine.numbered(number) for number in numbers[:MOST_FOUND]]
        texts = [(line.text.data or "")[:LONGEST_LINE] for line in form.lines]
        for line, meaning in zip(
            form.lines, understand_all_in(municipality_id, texts, for_card=True), strict=True
        ):
            line.meaning, line.only_certificates = meaning, bool(form.only_certificates.data)
        return form

    @property
    def known(self) -> list[FoundLine]:
        return [line for line in self.lines if not line.is_unknown]

    @property
    def unknown(self) -> list[FoundLine]:
        return [line for line in self.lines if line.is_unknown]

    @property
    def taken(self) -> list[FoundLine]:
        return [line for line in self.lines if line.take.data]

    def is_clear(self) -> bool:
        """Whether what is ticked can be stored; else the form says why not."""
        self.validate()
        for line in self.taken:
            self.form_errors += _problems_of(line)
        if not self.taken:
            self.form_errors.append(_l("Sæt kryds ved mindst én."))
        return not self.errors

    def told(self) -> Iterator[ToldSkill | ToldCertificate]:
        """What is ticked, as it was understood or chosen."""
        for line in self.taken:
            said = {"text": line.text.data, "skill_id": line.skill_id, "chosen": line.chosen is not None}
            if line.is_certificate:
                yield ToldCertificate(
                    **said, own_words=line.keeps_own_words, valid_until=line.valid_until.data
                )
            else:
                level = 0 if line.lacks else line.level.data
                yield ToldSkill(
                    **said,
                    own_words=line.keeps_own_words,
                    level=level,
                    confidence=line.meaning.confidence,
                )


def _problems_of(line: FoundLine) -> Iterator[object]:
    if not line.validate():
        yield from (f"“{line.text.data}”: {error}" for errors in line.errors.values() for error in errors)
    elif line.is_refused:
        yield _l("“%(text)s” hører ikke til på kortet.", text=line.text.data)
    elif line.waits_for_answer:
        yield _l("Svar på, hvad “%(text)s” er.", text=line.text.data)


def _as_line(meaning: UnderstoodText, number: int, level: int) -> FoundLine:
    line = FoundLine.numbered(number, text=meaning.text, level=level)
    line.meaning = meaning
    return line


def _is_likely(line: FoundLine) -> bool:
    if line.meaning.skill_id is not None:
        return True
    return not line.says_no_skill and line.alternatives[0].probability >= TICKED_AT


def pieces_of(municipality_id: int, texts: Iterable[str]) -> list[UnderstoodText]:
    """What the texts tell, each thing once; what is too long for a line of a card is known by its skill's own name."""
    found = find_tasks_in(municipality_id, "\n".join(filter(None, texts)), for_card=True)
    return [one for one in map(_fitting, found) if one is not None]


def _fitting(meaning: UnderstoodText) -> UnderstoodText | None:
    if len(meaning.text) <= LONGEST_LINE or meaning.remark is not None:
        return meaning
    if meaning.name is None:
        return None
    return UnderstoodText(meaning.skill_id, name=meaning.name, text=meaning.name)
