"""What the card and the citizen's pages say in her language, phrase by phrase, and who reviewed each.

The portal's own words (`phrases.py`) are translated in gettext catalogues, portal/translations; the vocabulary's are
data and stand in CSV files. Files, not rows: the texts are written once, reviewed by people and never made while
printing. What has no translation is shown in Danish. How to review: portal/translations/README.md.
"""

import csv
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from gettext import c2py
from pathlib import Path
from types import MappingProxyType

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.base import catalogues
from portal.base.terms import Direction, Industry, LabelledEnum, Language
from portal.shared.skills.phrases import INTERFACE, InterfacePhrase
from portal.web.searching import text_holds

DATA = Path(__file__).parent / "data"
FOLDER = DATA / "translations"
REVIEWED = catalogues.FOLDER / "reviewed.csv"
"""Who has read which translation in a catalogue. A .mo has no place for it, and "fuzzy" would drop the text."""

PHRASES: Mapping[tuple[str, str], InterfacePhrase] = MappingProxyType(
    {(phrase.kind, phrase.key): phrase for phrase in INTERFACE}
)

BETWEEN_FORMS = " / "
"""Stands between the plural forms where a reviewer sees all of them."""

_ISOLATED = {Direction.LTR: "{}", Direction.RTL: "\u2068{}\u2069"}
"""A Danish name or a number keeps its own direction within a sentence that is read from the right."""


class PhraseKind(StrEnum):
    """What a phrase is for. Where the portal has an enum of the same name, its values are the keys."""

    SKILL = "skill"
    """Key: the skill's name."""
    TITLE = "title"
    """Key: the job title's name."""
    TASK = "task"
    LEVEL = "level"
    FREQUENCY = "frequency"
    SETTING = "setting"
    SOURCE = "source"
    GROUP = "group"
    INDUSTRY = "industry"
    FORM = "form"
    SPELL = "spell"
    SHIFT = "shift"
    DAYPART = "daypart"
    WEEKDAY = "weekday"
    WEEKDAY_SHORT = "weekday_short"
    TRANSPORT = "transport"
    SPEAKING = "speaking"
    READING = "reading"
    DANISH_COURSE = "danish_course"
    DANISH_EXAM = "danish_exam"
    LANGUAGE_LEVEL = "language_level"
    ANSWER = "answer"
    PLACEMENT_STATUS = "placement_status"
    OUTCOME = "outcome"
    HEADING = "heading"
    """Short lines of the printed card and the sheets."""
    NOTE = "note"
    """Sentences of the printed card and the sheets."""
    PAGE = "page"
    """The citizen's own pages."""
    REASON = "reason"
    """Why she was proposed: the parts that sentences are put together from."""
    FIELD = "field"
    """What a consent opens to an employer."""
    PURPOSE = "purpose"
    """Why somebody looked; the key is the Danish text, as the log keeps it."""
    SENTENCE = "sentence"
    """What the shared pages say through gettext; the key is the Danish text."""
    THEME = "theme"
    """What a group (hold) talks about, of the themes that came with the portal."""
    WORD = "word"
    """Thirty words of each trade; the key begins with the trade."""


@dataclass(frozen=True, slots=True)
class Plural:
    """The forms of a text that counts, in the order of the language's own rule."""

    forms: tuple[str, ...]
    rule: Callable[[int], int]
    count: str
    """The placeholder that decides."""

    def form(self, values: Mapping[str, object]) -> str:
        """The form for the count; a fraction (22,5) takes the last, as in CLDR."""
        count = str(values.get(self.count))
        return self.forms[self.rule(int(count)) if count.isdecimal() else -1]


@dataclass(frozen=True, slots=True)
class Phrase:
    """A text in one language. Placeholders are named: "{employer}"."""

    text: str
    language: Language
    reviewed_by: str = ""
    """Who reads the language and has read this; empty: nobody yet, and the reader is told so."""
    plural: Plural | None = None

    @property
    def is_reviewed(self) -> bool:
        return bool(self.reviewed_by)

    @property
    def forms(self) -> tuple[str, ...]:
        return self.plural.forms if self.plural else (self.text,)

    def form(self, values: Mapping[str, object]) -> str:
        """The text that goes with a count among the values, its placeholders still open."""
        return self.plural.form(values) if self.plural else self.text

    def filled(self, **values: object) -> str:
        """The text with its placeholders filled."""
        isolated = _ISOLATED[self.language.direction]
        return self.form(values).format_map({name: isolated.format(value) for name, value in values.items()})


@dataclass(frozen=True, slots=True)
class Entry:
    """One phrase of the list with its translation, as a reviewer sees it. No phrase: it is missing."""

    kind: PhraseKind
    key: str
    danish: str
    phrase: Phrase | None

    @property
    def text(self) -> str:
        """The translation as a reviewer reads it: of a text that counts, all its forms."""
        return BETWEEN_FORMS.join(self.phrase.forms) if self.phrase else ""

    @property
    def state(self) -> "ReviewState":
        if self.phrase is None:
            return ReviewState.MISSING
        return ReviewState.REVIEWED if self.phrase.is_reviewed else ReviewState.UNREVIEWED


@dataclass(frozen=True, slots=True)
class Completeness:
    """How many phrases there are, how many stand in the language, and how many of those were reviewed."""

    total: int
    translated: int
    reviewed: int


def translated(kind: PhraseKind, key: str | int, language: Language) -> Phrase | None:
    """The phrase in that language, or None: then the Danish stands alone."""
    return _translations(language).get((kind, str(key)))


def danish(kind: PhraseKind, key: str | int, values: Mapping[str, object] | None = None) -> str:
    """The Danish the phrase was translated from. Raises KeyError for a phrase that no list holds."""
    phrase = PHRASES.get((kind, str(key)))
    return phrase.form(values or {}) if phrase else _danish()[kind, str(key)]


def words_of(industry: Industry) -> tuple[str, ...]:
    """The keys of the trade's thirty words, in the order of printing."""
    return tuple(
        key for kind, key in _danish() if kind is PhraseKind.WORD and key.partition(".")[0] == industry.value
    )


def word_lists() -> list[tuple[str, LazyString]]:
    """Pairs for a select field: the trades whose words somebody has written."""
    return [(industry.value, industry.label) for industry in Industry if words_of(industry)]


def entries(language: Language) -> list[Entry]:
    """Every phrase there is, in the order of the lists."""
    known = _translations(language)
    return [Entry(kind, key, text, known.get((kind, key))) for (kind, key), text in _danish().items()]


def unreviewed(language: Language) -> list[Entry]:
    """What stands in the language without anybody having reviewed it."""
    return [entry for entry in entries(language) if entry.phrase and not entry.phrase.is_reviewed]


def missing(language: Language) -> list[Entry]:
    return [entry for entry in entries(language) if entry.phrase is None]


class ReviewState(LabelledEnum):
    """How far a translation has come."""

    UNREVIEWED = "unreviewed", _l("Ikke gennemset")
    REVIEWED = "reviewed", _l("Gennemset")
    MISSING = "missing", _l("Mangler")


def search(language: Language, *, words: str = "", state: str = "") -> list[Entry]:
    """The phrases that hold the words in either language; an unknown state finds nothing."""
    return [
        entry
        for entry in entries(language)
        if (not state or entry.state == state) and text_holds(f"{entry.danish} {entry.text}", words)
    ]


def completeness(language: Language) -> Completeness:
    found = [entry.phrase for entry in entries(language) if entry.phrase]
    return Completeness(len(_danish()), len(found), sum(phrase.is_reviewed for phrase in found))


@cache
def _translations(language: Language) -> Mapping[tuple[PhraseKind, str], Phrase]:
    words = {
        (PhraseKind(row["kind"]), row["key"]): Phrase(row["text"], language, row["reviewed_by"])
        for row in rows_of(FOLDER / f"{language.value}.csv")
    }
    return MappingProxyType(words | dict(_interface(language)))


def _interface(language: Language) -> Iterator[tuple[tuple[PhraseKind, str], Phrase]]:
    """The catalogue's phrases; one that lacks a form is left out, so that the Danish is said whole."""
    catalogue = catalogues.read(language.value)
    rule, reviewers = c2py(catalogue.plural_expr), _reviewers(language)
    for phrase in INTERFACE:
        message = catalogue.get(phrase.danish, context=phrase.kind)
        written = (message.string if message else None) or ""
        forms = (written,) if isinstance(written, str) else tuple(written)
        if all(forms):
            plural = Plural(forms, rule, phrase.count) if phrase.count else None
            reviewer = reviewers.get((phrase.kind, phrase.key, digest(phrase.forms, forms)), "")
            yield (PhraseKind(phrase.kind), phrase.key), Phrase(forms[-1], language, reviewer, plural)


def _reviewers(language: Language) -> dict[tuple[str, str, str], str]:
    return {
        (row["kind"], row["key"], row["digest"]): row["reviewed_by"]
        for row in rows_of(REVIEWED)
        if row["language"] == language
    }


def digest(danish_forms: Sequence[str], forms: Sequence[str]) -> str:
    """What a review holds for: this Danish and this translation. Changing either makes it unreviewed again."""
    return hashlib.sha256("\x00".join((*danish_forms, *forms)).encode()).hexdigest()[:16]


@cache
def _danish() -> Mapping[tuple[PhraseKind, str], str]:
    """Kind and key -> Danish: first the vocabulary's skills, titles and tasks, then the portal's own words."""
    named = ((PhraseKind.SKILL, "skills.csv"), (PhraseKind.TITLE, "titles.csv"))
    return MappingProxyType(
        {
            (kind, row["canonical_da"]): row["canonical_da"]
            for kind, file in named
            for row in rows_of(DATA / file)
        }
        | {(PhraseKind.TASK, row["key"]): row["danish"] for row in rows_of(DATA / "tasks.csv")}
        | {(PhraseKind(one.kind), one.key): BETWEEN_FORMS.join(one.forms) for one in INTERFACE}
        | {(PhraseKind.WORD, row["key"]): row["danish"] for row in rows_of(DATA / "trade_words.csv")}
    )


def rows_of(file: Path) -> list[dict[str, str]]:
    """The rows of one of these CSV files."""
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
