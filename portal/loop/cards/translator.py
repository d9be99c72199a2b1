"""Saying things in the reader's language: phrase by phrase, and in Danish, marked as such, where there is none."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from babel.dates import format_date
from markupsafe import Markup, escape

from portal.base.clock import DANISH_TIME
from portal.base.terms import Direction, Language
from portal.loop.cards.wording import LocalizedText
from portal.loop.citizens.models import Citizen
from portal.shared.skills.translations import PhraseKind, danish, translated

DANISH_CODE = "da"
_FROM, _TO = "\ue000", "\ue001"
"""Around what was quoted, inside a sentence: letters that no language uses."""


def translator_for(citizen: Citizen, asked: Mapping[str, str]) -> "Translator":
    """In her language; with `?in=da` the same page in Danish, to be read together."""
    return Translator(None if kept_language(asked) else citizen.language)


def kept_language(asked: Mapping[str, str]) -> dict[str, str]:
    """What her pages' addresses say of the language, so that the next page is read in it too."""
    return {"in": DANISH_CODE} if asked.get("in") == DANISH_CODE else {}


@dataclass
class Translator:
    """One page in one language; None: Danish. Remembers whether it said anything that nobody has reviewed."""

    language: Language | None = None
    unreviewed: bool = field(default=False)

    @property
    def code(self) -> str:
        return self.language.value if self.language else DANISH_CODE

    @property
    def direction(self) -> str:
        return (self.language.direction if self.language else Direction.LTR).value

    def say(self, kind: str, key: object, fallback: str | None = None, **values: object) -> str:
        """The phrase as plain text, for where no markup can stand. `fallback`: the Danish of what is no phrase."""
        return self._find(kind, str(key), fallback, values)[0]

    def __call__(self, kind: str, key: object, fallback: str | None = None, **values: object) -> Markup:
        """The phrase for a page; marked as Danish when it has to be said in Danish."""
        text, is_danish = self._find(kind, str(key), fallback, values)
        return self.in_danish(text) if is_danish else escape(text)

    def _find(
        self, kind: str, key: str, fallback: str | None, values: Mapping[str, object]
    ) -> tuple[str, bool]:
        phrase = translated(PhraseKind(kind), key, self.language) if self.language else None
        if phrase is None:
            text = danish(PhraseKind(kind), key, values) if fallback is None else fallback
            return (text.format_map(values) if values else text), True
        self.unreviewed |= not phrase.is_reviewed
        return (phrase.filled(**values) if values else phrase.text), False

    def around(self, kind: str, key: str, **danish_values: object) -> Markup:
        """The phrase with names and words in it that somebody wrote in Danish, each marked as such."""
        return self.marked(
            self.say(kind, key, **{name: self.quoted(one) for name, one in danish_values.items()})
        )

    def quoted(self, text: object) -> str:
        """A Danish text on its way into a sentence that `marked` will show."""
        return f"{_FROM}{text}{_TO}" if self.language else str(text)

    def marked(self, sentence: str) -> Markup:
        """The sentence for a page, with what was `quoted` marked as Danish."""
        opened = str(escape(sentence)).replace(_FROM, '<span lang="da" dir="ltr">')
        return Markup(opened.replace(_TO, "</span>"))  # noqa: S704 - escaped above

    def told_danish(self) -> Markup:
        """A word for the eye behind what is in Danish: the page it leads to, or what somebody wrote."""
        if self.language is None:
            return Markup("")
        return Markup('<span class="muted">{}</span>').format(self("page", "in_danish"))

    def in_danish(self, text: object) -> Markup:
        """A Danish text among words of another language: an employer's name, a goal written in Danish."""
        if self.language is None:
            return escape(text)
        return Markup('<span lang="da" dir="ltr">{}</span>').format(text)

    def written(self, text: str) -> Markup:
        """What somebody wrote, in whatever language: Latin letters on a page in another script are taken for Danish."""
        latin = any("a" <= letter <= "z" for letter in text.casefold())
        if self.language and self.language.script != "Latn" and latin:
            return self.in_danish(text) + Markup(" ") + self.told_danish()
        return Markup('<span lang="" dir="auto">{}</span>').format(text)  # of a language that nobody has said

    def named(self, name: str) -> Markup:
        """A task or a title by its name; what the vocabulary does not know is somebody's own words."""
        if self.language is None:
            return escape(name)
        for key in (name, name[:1].lower() + name[1:]):
            for kind in (PhraseKind.SKILL, PhraseKind.TITLE):
                if translated(kind, key, self.language) is not None:
                    return self(kind, key)
        return self.written(name)

    def said(self, said: LocalizedText) -> Markup:
        """What the card says, which knows its own phrase."""
        if not said.kind:
            return self.in_danish(said.danish)
        if not self.language:
            return self(said.kind, said.key, said.danish)
        return self.marked(self.say(said.kind, said.key, **self._values(said)))

    def _values(self, said: LocalizedText) -> dict[str, str]:
        return {
            name: (self.quoted(value) if any(letter.isalpha() for letter in value) else value)
            if isinstance(value, str)
            else self.listed(self.say(one.kind, one.key) for one in value)
            for name, value in said.values.items()
        }

    def listed(self, texts: Iterable[str]) -> str:
        return (self.language.comma if self.language else ", ").join(texts)

    def day(self, moment: date | datetime | None) -> str:
        return self._date(moment, "long")

    def month(self, moment: date | None) -> str:
        return self._date(moment, "LLLL y")

    def clock(self, moment: datetime) -> str:
        """14.32, in Denmark."""
        return f"{moment.astimezone(DANISH_TIME):%H.%M}"

    def _date(self, moment: date | datetime | None, form: str) -> str:
        if moment is None:
            return ""
        local = moment.astimezone(DANISH_TIME) if isinstance(moment, datetime) else moment
        return format_date(local, form, locale=self.code)
