"""R14 and R13: words in an opening that prefer a sex, an age, an origin or a belief, and CPR numbers. Pure.

What it looks for stands in data/wording.csv, a line for each way of saying it, with what to write instead and where
the same words are harmless. A mark is a question to the writer, never a refusal. Source: docs/rules.md#wording
"""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from flask_babel import lazy_gettext as _l

from portal.base.cpr_numbers import cpr_spans
from portal.base.terms import LabelledEnum
from portal.shared.rules.book import Numbers
from portal.shared.rules.findings import Finding, Verdict

WORDING_FILE = Path(__file__).parent / "data" / "wording.csv"
NEUTRAL = "neutral-wording"

_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?]+(?!\s|$)[^.!?\n]+)*[.!?]*")
_OPEN_TO_ALL = re.compile(r"\buanset\b|\buden hensyn til\b|\balle (?:køn|aldre)\b", re.IGNORECASE)
"""A sentence that invites everybody names what it does not look at."""


class WordKind(LabelledEnum):
    """What a marked word is about."""

    SEX = "sex", _l("køn")
    AGE = "age", _l("alder")
    ORIGIN = "origin", _l("oprindelse")
    RELIGION = "religion", _l("religion")
    FAMILY = "family", _l("familie")
    HEALTH = "health", _l("helbred")
    ORIENTATION = "orientation", _l("seksuel orientering")
    POLITICS = "politics", _l("politik")
    CPR = "cpr", _l("CPR-nummer")


@dataclass(frozen=True)
class Mark:
    """Words that should be said in another way, text[start:end]."""

    start: int
    end: int
    kind: WordKind
    proposal: str
    """What to write instead; "" leaves them out."""
    whole: bool = False
    """The proposal is for the whole sentence, which says nothing without these words."""


@dataclass(frozen=True)
class MarkedSentence:
    """A sentence in parts, (words, kind or None), and the same said better; "": better left out."""

    parts: tuple[tuple[str, WordKind | None], ...]
    kinds: tuple[WordKind, ...]
    better: str


@dataclass(frozen=True)
class _Wording:
    kind: WordKind
    words: re.Pattern[str]
    proposal: str
    whole: bool
    unless: re.Pattern[str] | None


@cache
def _wordings() -> tuple[_Wording, ...]:
    with WORDING_FILE.open(encoding="utf-8", newline="") as file:
        return tuple(_wording(row) for row in csv.DictReader(file))


def _wording(row: dict[str, str]) -> _Wording:
    return _Wording(
        WordKind(row["kind"]),
        _pattern(row["pattern"]),
        row["proposal"],
        bool(row["whole"]),
        _pattern(row["unless"]) if row["unless"] else None,
    )


def _pattern(words: str) -> re.Pattern[str]:
    """Whole words only: "ung" is not found in "ungarsk"."""
    return re.compile(rf"\b(?:{words.replace(' ', chr(92) + 's')})(?!\w)", re.IGNORECASE)


def scan(text: str) -> list[Mark]:
    """What should be said in another way, in the order of the text; marks do not overlap."""
    return list(_scanned(text))


@lru_cache(maxsize=128)  # a page asks of the same words several times
def _scanned(text: str) -> tuple[Mark, ...]:
    sentences = _SENTENCE.finditer(text)
    return tuple(mark for one in sentences for mark in _marks_in(one[0], one.start()))


def _marks_in(sentence: str, offset: int) -> list[Mark]:
    found = [Mark(offset + start, offset + end, WordKind.CPR, "") for start, end in cpr_spans(sentence)]
    if not _OPEN_TO_ALL.search(sentence):
        found += [
            Mark(offset + hit.start(), offset + hit.end(), wording.kind, wording.proposal, wording.whole)
            for wording in _wordings()
            if not (wording.unless and wording.unless.search(sentence))
            for hit in wording.words.finditer(sentence)
        ]
    return _apart(found)


def _apart(marks: list[Mark]) -> list[Mark]:
    """In order, the longest of those that overlap."""
    kept: list[Mark] = []
    for mark in sorted(marks, key=lambda one: (one.start, -one.end)):
        if not kept or mark.start >= kept[-1].end:
            kept.append(mark)
    return kept


def marked_sentences(text: str) -> list[MarkedSentence]:
    """The sentences with a mark, each with a better one beside it."""
    marks = scan(text)
    found = []
    for sentence in _SENTENCE.finditer(text):
        own = [mark for mark in marks if sentence.start() <= mark.start < sentence.end()]
        if own:
            found.append(_marked(text, sentence.start(), sentence.end(), own))
    return found


def _marked(text: str, start: int, end: int, marks: Sequence[Mark]) -> MarkedSentence:
    parts: list[tuple[str, WordKind | None]] = []
    better, at = "", start
    for mark in marks:
        parts += [(text[at : mark.start], None), (text[mark.start : mark.end], mark.kind)]
        better += text[at : mark.start] + mark.proposal
        at = mark.end
    parts.append((text[at:end], None))
    return MarkedSentence(
        tuple((words, kind) for words, kind in parts if words),
        tuple(dict.fromkeys(mark.kind for mark in marks)),
        _whole_proposal(marks) if any(mark.whole for mark in marks) else _tidied(better + text[at:end]),
    )


def _whole_proposal(marks: Sequence[Mark]) -> str:
    return " ".join(dict.fromkeys(mark.proposal for mark in marks if mark.whole and mark.proposal))


def _tidied(sentence: str) -> str:
    """Without the holes that words leave, and without a word twice in a row."""
    joined = re.sub(r"\s+([,.!?])", r"\1", " ".join(sentence.split()))
    once = re.sub(r"\b(\w+)(?: og| eller)? \1\b", r"\1", joined, flags=re.IGNORECASE)
    return once[:1].upper() + once[1:]


def neutral_wording(text: str, *, is_looked_at: bool, numbers: Numbers) -> Finding:
    """R14: the words are neutral, or a consultant has looked at them as they stand."""
    marks = [
        mark for mark in scan(text) if mark.kind is not WordKind.CPR
    ]  # that is R13, and no look lets it stand
    reference = numbers.reference(NEUTRAL)
    if not marks:
        return Finding(
            "R14",
            Verdict.OK,
            _l("Der er ikke fundet ord om køn, alder, oprindelse eller andet, som ikke må have betydning."),
            reference,
        )
    kinds = ", ".join(str(kind.label) for kind in dict.fromkeys(mark.kind for mark in marks))
    if is_looked_at:
        said = _l("Teksten nævner %(kinds)s. En konsulent har set på den.", kinds=kinds)
        return Finding("R14", Verdict.WARNING, said, reference)
    said = _l("Teksten nævner %(kinds)s.", kinds=kinds)
    return Finding("R14", Verdict.STOP, said, reference, _l("Ret teksten, eller lad en konsulent se på den."))
