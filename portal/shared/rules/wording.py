"""R14 and R13: words in an opening that prefer a sex, an age, an origin or a belief, and CPR numbers. Pure.

What it looks for are the lists of words of a day, a list for each kind; whose age or sex a word tells of is read from
the words around it. A mark is a question to the writer, never a refusal. Source: docs/rules.md#wording
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from flask_babel import lazy_gettext as _l

from portal.base.cpr_numbers import cpr_spans
from portal.base.terms import LabelledEnum
from portal.shared.rules.book import Numbers
from portal.shared.rules.findings import Finding, Verdict
from portal.shared.rules.whose_words import NO_ADJECTIVE, WordSpan, applicants
from portal.shared.rules.word_lists import FoundWords, ListLine, word_list, words_on

NEUTRAL = "neutral-wording"

_ENDS = re.compile(r"[.!?]+(?=\s|$)|\n")
_ABBREVIATED = re.compile(
    r"\b(?:ca|maks|max|min|f\.?eks|bl\.?a|inkl|incl|evt|kl|nr|tlf|dvs|hr|fr|pr|mdr|st|t|m\.m|o\.l|d|ekskl)\.$",
    re.IGNORECASE,
)


class WordKind(LabelledEnum):
    """What a marked word is about."""

    SEX = "sex", _l("køn")
    AGE = "age", _l("alder")
    ORIGIN = "origin", _l("oprindelse")
    RELIGION = "religion", _l("religion")
    FAMILY = "family", _l("familie")
    HEALTH = "health", _l("helbred")
    ORIENTATION = "orientation", _l("seksuel orientering")
    POLITICS = "politics", _l("politik og fagforening")
    CPR = "cpr", _l("CPR-nummer")

    @property
    def list_key(self) -> str:
        """Its list in the book of rules."""
        return f"wording-{self.value}"


LISTED = tuple(kind for kind in WordKind if kind is not WordKind.CPR)
LIST_KEYS = tuple(kind.list_key for kind in LISTED)


@dataclass(frozen=True)
class Mark:
    """Words that should be said in another way, text[start:end]."""

    start: int
    end: int
    kind: WordKind
    line: ListLine
    """Of the list: what to write instead, if it says so."""


@dataclass(frozen=True)
class MarkedSentence:
    """A sentence in parts, (words, kind or None), and a whole sentence to write instead, or "" where none is sure."""

    parts: tuple[tuple[str, WordKind | None], ...]
    kinds: tuple[WordKind, ...]
    better: str


@dataclass(frozen=True)
class WordLists:
    """The lists of a day: key -> lines. A list that is empty finds nothing."""

    texts: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, texts: Mapping[str, str]) -> "WordLists":
        """Raises WordListError for a list that can't be read."""
        for text in texts.values():
            word_list(text)
        return cls(tuple(sorted(texts.items())))

    def scan(self, text: str) -> list[Mark]:
        """What should be said in another way, in the order of the text; marks do not overlap."""
        return list(_scanned(self, text))

    def marked_sentences(self, text: str) -> list[MarkedSentence]:
        """The sentences with a mark, each with a better one beside it where there is one."""
        marks = self.scan(text)
        found = []
        for start, end in _sentences(text):
            own = [mark for mark in marks if start <= mark.start < end]
            if own:
                found.append(_marked(text, start, end, own))
        return found

    def found(self, kind: WordKind, text: str) -> Iterator[FoundWords]:
        return word_list(self._text(kind.list_key)).find(text)

    def _text(self, key: str) -> str:
        return next((text for name, text in self.texts if name == key), "")


def lists_on(numbers: Numbers) -> WordLists:
    """The lists of the day of these numbers."""
    return WordLists.of({key: words_on(key, numbers) for key in LIST_KEYS})


@lru_cache(maxsize=128)  # a page asks of the same words several times
def _scanned(lists: WordLists, text: str) -> tuple[Mark, ...]:
    found = [Mark(hit.start, hit.end, kind, hit.line) for kind in LISTED for hit in lists.found(kind, text)]
    marks = [Mark(start, end, WordKind.CPR, ListLine()) for start, end in cpr_spans(text)]
    for start, end in _sentences(text):
        marks += _of_applicants(text[start:end], start, [mark for mark in found if start <= mark.start < end])
    return tuple(_apart(marks))


def _of_applicants(sentence: str, offset: int, marks: Sequence[Mark]) -> list[Mark]:
    if not marks:
        return []
    kept = set(applicants(sentence, [WordSpan(mark.start - offset, mark.end - offset) for mark in marks]))
    return [mark for mark in marks if WordSpan(mark.start - offset, mark.end - offset) in kept]


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    """Where each begins and ends; "ca." ends none."""
    start = 0
    for hit in _ENDS.finditer(text):
        if hit[0] == "." and _ABBREVIATED.search(text, max(0, hit.end() - 8), hit.end()):
            continue
        yield start, hit.end()
        start = hit.end()
    if start < len(text):
        yield start, len(text)


def _apart(marks: Iterable[Mark]) -> list[Mark]:
    """In order, the longest of those that overlap."""
    kept: list[Mark] = []
    for mark in sorted(marks, key=lambda one: (one.start, -one.end)):
        if not kept or mark.start >= kept[-1].end:
            kept.append(mark)
    return kept


def _marked(text: str, start: int, end: int, marks: Sequence[Mark]) -> MarkedSentence:
    parts: list[tuple[str, WordKind | None]] = []
    at = start
    for mark in marks:
        parts += [(text[at : mark.start], None), (text[mark.start : mark.end], mark.kind)]
        at = mark.end
    parts.append((text[at:end], None))
    return MarkedSentence(
        tuple((words, kind) for words, kind in parts if words),
        tuple(dict.fromkeys(mark.kind for mark in marks)),
        _better(
            text[start:end], [replace(mark, start=mark.start - start, end=mark.end - start) for mark in marks]
        ),
    )


# --- A better sentence ----------------------------------------------------------------------------------------

_ARTICLE = re.compile(r"\b(?:en|et|den|det)\s+$", re.IGNORECASE)
_NEXT_WORD = re.compile(r"\s+([^\W\d_]+)")
_OF_ONE_SEX = re.compile(r"\b(?:hun|han|hende|ham|hendes|hans|denne|kvinde\w*|mand\w*)\b", re.IGNORECASE)
_ADJECTIVE = re.compile(r"(?:ung|unge|ungt|yngre|ungdommelige?|kvindelige?|mandlige?)\Z", re.IGNORECASE)
_SOUGHT = re.compile(
    r"\b(?:søge[rs]?|mangler|ansætter|hyrer|ønsker|har brug for|vil gerne have)\s+(?:[^\W\d_]+,?\s+){0,4}$",
    re.IGNORECASE,
)
_FIRST = re.compile(r"\s*(?:[^\W\d_]+\s+){0,3}")
_SOUGHT_BEHIND = re.compile(r"\s+(?:søges|ønskes|til|i|på|med)\b", re.IGNORECASE)
_PREFERS = re.compile(r"\b(?:helst|kun|bedst|foretræk\w*|gerne være|vant|eller|som|ikke)\b", re.IGNORECASE)
_WITH_ANOTHER = re.compile(r"\s*(?:og|eller|/)\s")


def _better(sentence: str, marks: Sequence[Mark]) -> str:
    """A whole, correct sentence: one of the list's own, or the writer's with one word for another. Else ""."""
    whole = list(dict.fromkeys(mark.line.proposal for mark in marks if mark.line.is_sentence))
    if whole:
        return whole[0]
    better, at = "", 0
    for place, mark in enumerate(marks):
        said = _instead_of(sentence, mark, marks[place + 1] if place + 1 < len(marks) else None)
        if said is None:
            return ""
        better += sentence[at : mark.start] + said
        at = mark.end + (1 if not said else 0)
    better += sentence[at:]
    if _OF_ONE_SEX.search(better):
        return ""
    tidy = " ".join(better.split())
    return tidy[:1].upper() + tidy[1:]


def _instead_of(sentence: str, mark: Mark, following: Mark | None) -> str | None:
    """The word for it; "": it can be left out; None: neither is sure to leave a correct sentence."""
    if mark.line.proposal:
        return mark.line.proposal if _is_who_is_sought(sentence, mark) else None
    if not _ADJECTIVE.match(sentence[mark.start : mark.end]):
        return None
    if following and following.start == mark.end + 1:
        return "" if following.line.proposal else None
    return "" if _ARTICLE.search(sentence[: mark.start]) and _is_noun(sentence, mark.end) else None


def _is_who_is_sought(sentence: str, mark: Mark) -> bool:
    """ "Vi søger en dame", "Dame søges": there, and nowhere else, a medarbejder is as good a sentence."""
    if _WITH_ANOTHER.match(sentence, mark.end) or _PREFERS.search(sentence):
        return False
    before = sentence[: mark.start]
    return bool(
        _SOUGHT.search(before) or (_FIRST.fullmatch(before) and _SOUGHT_BEHIND.match(sentence, mark.end))
    )


def _is_noun(sentence: str, at: int) -> bool:
    """Whether the next word can be what an adjective belongs to."""
    word = _NEXT_WORD.match(sentence, at)
    return word is not None and not NO_ADJECTIVE.fullmatch(word[1])


# --- R14 ------------------------------------------------------------------------------------------------------


def neutral_wording(text: str, *, is_looked_at: bool, numbers: Numbers) -> Finding:
    """R14: nothing was found, or a consultant has looked at the words as they stand."""
    # A CPR number is R13, and no look lets it stand
    marks = [mark for mark in lists_on(numbers).scan(text) if mark.kind is not WordKind.CPR]
    reference = numbers.reference(NEUTRAL)
    if not marks or not numbers.says(NEUTRAL):
        said = _l("Der er ikke fundet ord om køn, alder, oprindelse eller andet, som ikke må have betydning.")
        return Finding("R14", Verdict.OK, said, reference)
    kinds = ", ".join(str(kind.label) for kind in dict.fromkeys(mark.kind for mark in marks))
    if is_looked_at:
        said = _l("Teksten nævner %(kinds)s. En konsulent har set på den.", kinds=kinds)
        return Finding("R14", Verdict.WARNING, said, reference)
    said = _l("Teksten nævner %(kinds)s.", kinds=kinds)
    return Finding("R14", Verdict.STOP, said, reference, _l("Ret teksten, eller lad en konsulent se på den."))
