"""What the card and the citizen's pages say in her language, phrase by phrase, and who reviewed each.

Files, not rows: the texts are written once, reviewed by people and never made while printing. What has no
translation is shown in Danish. How to review: portal/shared/skills/data/translations/README.md.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType

from flask_babel import lazy_gettext as _l

from portal.base.terms import Direction, Industry, LabelledEnum, Language

DATA = Path(__file__).parent / "data"
FOLDER = DATA / "translations"

_ISOLATED = {Direction.LTR: "{}", Direction.RTL: "\u2068{}\u2069"}
"""A Danish name or a number keeps its own direction within a sentence that is read from the right."""


class PhraseKind(StrEnum):
    """What a phrase is for. Where the portal has an enum of the same name, its values are the keys."""

    SKILL = "skill"
    """Key: the skill's name."""
    TASK = "task"
    LEVEL = "level"
    FREQUENCY = "frequency"
    SETTING = "setting"
    SOURCE = "source"
    GROUP = "group"
    INDUSTRY = "industry"
    FORM = "form"
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
    WORD = "word"
    """Thirty words of each trade; the key begins with the trade."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A text in one language. Placeholders are named: "{firm}"."""

    text: str
    language: Language
    reviewed_by: str = ""
    """Who reads the language and has read this; empty: nobody yet, and the reader is told so."""

    @property
    def is_reviewed(self) -> bool:
        return bool(self.reviewed_by)

    def filled(self, **values: object) -> str:
        """The text with its placeholders filled."""
        isolated = _ISOLATED[self.language.direction]
        return self.text.format_map({name: isolated.format(value) for name, value in values.items()})


@dataclass(frozen=True, slots=True)
class Entry:
    """One phrase of the list with its translation, as a reviewer sees it. No phrase: it is missing."""

    kind: PhraseKind
    key: str
    danish: str
    phrase: Phrase | None

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


def danish(kind: PhraseKind, key: str | int) -> str:
    """The Danish the phrase was translated from. Raises KeyError for a phrase that no list holds."""
    return _danish()[kind, str(key)]


def words_of(industry: Industry) -> tuple[str, ...]:
    """The keys of the trade's thirty words, in the order of printing."""
    return tuple(
        key for kind, key in _danish() if kind is PhraseKind.WORD and key.partition(".")[0] == industry.value
    )


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
    sought = words.casefold()
    return [
        entry
        for entry in entries(language)
        if (not state or entry.state == state)
        and (
            sought in entry.danish.casefold()
            or (entry.phrase is not None and sought in entry.phrase.text.casefold())
        )
    ]


def completeness(language: Language) -> Completeness:
    found = [entry.phrase for entry in entries(language) if entry.phrase]
    return Completeness(len(_danish()), len(found), sum(phrase.is_reviewed for phrase in found))


@cache
def _translations(language: Language) -> Mapping[tuple[PhraseKind, str], Phrase]:
    return MappingProxyType(
        {
            (PhraseKind(row["kind"]), row["key"]): Phrase(row["text"], language, row["reviewed_by"])
            for row in _rows(FOLDER / f"{language.value}.csv")
        }
    )


@cache
def _danish() -> Mapping[tuple[PhraseKind, str], str]:
    """Kind and key -> Danish: skills and tasks from their own files, the rest from phrases.csv."""
    skills = [row["canonical_da"] for row in _rows(DATA / "skills.csv")]
    return MappingProxyType(
        {(PhraseKind.SKILL, name): name for name in skills}
        | {(PhraseKind.TASK, row["key"]): row["danish"] for row in _rows(DATA / "tasks.csv")}
        | {(PhraseKind(row["kind"]), row["key"]): row["danish"] for row in _rows(FOLDER / "phrases.csv")}
    )


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
