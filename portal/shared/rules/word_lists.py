"""Lists of words that a person can write: one line for each way of saying it, and no regular expressions. Pure.

    # a line that begins with # is for people
    rengøringsdame = medarbejder      words, and the word to put in their place
    stewardesse(/r)                   one of several endings, also none
    (kaffe/køkken)dame                one of several beginnings
    bartender*                        any ending; *dame is any beginning
    mellem {tal} og {tal} år          a number in digits or letters; {ord} is any one word
    kun danskere => Alle er velkomne. a whole sentence in place of the writer's
    ! stjålne ure                     words in which nothing of the list is found

Words are whole words, capitals don't matter, and a blank is any number of blanks. A list can be read in time that
grows with the text alone: what stands for more is bounded. Source: docs/rules.md#wording
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from flask_babel import lazy_gettext as _l

from portal.base.errors import DomainError
from portal.shared.rules.book import Numbers
from portal.shared.rules.strictness import shipped_words

LONGEST_LINE: Final = 500
MOST_LINES: Final = 600
FEWEST_LETTERS: Final = 2
"""Letters that always stand beside a star: fewer would be found everywhere."""

_TENS: Final = "ti|tyve|tredive|fyrre|halvtreds|tres|halvfjerds|firs|halvfems|hundrede"
_ONES: Final = "en|et|to|tre|fire|fem|seks|syv|otte|ni"
_TEENS: Final = "elleve|tolv|tretten|fjorten|femten|seksten|sytten|atten|nitten"
NUMBER: Final = rf"(?:\d{{1,4}}|(?:(?:{_ONES})og)?(?:{_TENS})|{_TEENS}|tre|fire|fem|seks|syv|otte|ni)"
"""In digits or in letters."""

_BLANKS: Final = r"[^\S\n\r]{1,4}"
"""Not the end of a line: what follows it is said of something else."""
_ANY_WORD: Final = r"\w[\w-]{0,30}"
_ANY_LETTERS: Final = r"\w{0,30}"
_LIKE: Final = {"-": r"[-\u2010-\u2013]", "'": "['\u2019]", "\u2013": r"[-\u2010-\u2013]"}
_PLACES: Final = {"{tal}": NUMBER, "{ord}": _ANY_WORD}
_PART: Final = re.compile(r"\{[^}]*\}|\([^()]*\)|\*|\s+|[()]|.")


class WordListError(DomainError):
    """A line of a list cannot be read. The message names it."""

    def __init__(self, line: int, reason: object) -> None:
        super().__init__()
        self.line = line
        self.message = _l("Linje %(line)s: %(reason)s", line=line, reason=reason)


@dataclass(frozen=True)
class ListLine:
    """One way of saying it, and what to write instead."""

    proposal: str = ""
    """One word in place of the words, or a sentence; "" where there is none."""
    is_sentence: bool = False


@dataclass(frozen=True)
class FoundWords:
    """Words of a text that stand in a list, text[start:end]."""

    start: int
    end: int
    line: ListLine


@dataclass(frozen=True)
class WordList:
    """A list that was read."""

    lines: tuple[ListLine, ...]
    words: re.Pattern[str] | None
    exceptions: re.Pattern[str] | None

    def find(self, text: str) -> Iterator[FoundWords]:
        """What stands in the text, in order and apart."""
        if self.words is None:
            return
        spared = [hit.span() for hit in self.exceptions.finditer(text)] if self.exceptions else []
        for hit in self.words.finditer(text):
            start, end = hit.span()
            if not any(first < end and start < last for first, last in spared):
                yield FoundWords(start, end, self.lines[int(str(hit.lastgroup)[1:])])

    def __contains__(self, text: str) -> bool:
        return next(self.find(text), None) is not None


@lru_cache(maxsize=256)  # a list is read once, and not for each text
def word_list(text: str) -> WordList:
    """Read a list. Raises WordListError for the first line that can't be read."""
    rows = text.splitlines()
    if len(rows) > MOST_LINES:
        raise WordListError(MOST_LINES + 1, _l("Listen må højst have %(most)s linjer.", most=MOST_LINES))
    lines: dict[str, ListLine] = {}
    spared: list[str] = []
    for number, row in enumerate(rows, start=1):
        written = row.strip()
        if not written or written.startswith("#"):
            continue
        if len(written) > LONGEST_LINE:
            raise WordListError(number, _l("Linjen må højst være på %(most)s tegn.", most=LONGEST_LINE))
        if written.startswith("!"):
            spared.append(_pattern(written[1:].strip(), number))
        else:
            words, line = _divided(written, number)
            lines[_pattern(words, number)] = line
    ordered = sorted(lines, key=len, reverse=True)  # of those that begin at one place, the longest
    return WordList(
        tuple(lines[pattern] for pattern in ordered),
        _any_of(f"(?P<w{place}>{pattern})" for place, pattern in enumerate(ordered)),
        _any_of(spared),
    )


def words_on(key: str, numbers: Numbers) -> str:
    """The lines of a list on the day of these numbers; the shipped ones where the book holds no row of it."""
    return numbers.words(key) if key in numbers else shipped_words(key)


def _any_of(patterns: Iterator[str] | list[str]) -> re.Pattern[str] | None:
    joined = "|".join(patterns)
    # neither inside a word nor the beginning of one: "dame-" is of "dame- og herretøj"
    return (
        re.compile(rf"(?<![\w])(?:{joined})(?!\w|-[^\W\d]|-\s?(?:og|eller)\b)", re.IGNORECASE)
        if joined
        else None
    )


def _divided(written: str, number: int) -> tuple[str, ListLine]:
    for mark, is_sentence in ((" => ", True), (" = ", False)):
        words, found, proposal = written.partition(mark)
        if found:
            return words.strip(), ListLine(
                _checked(proposal.strip(), number, is_sentence=is_sentence), is_sentence
            )
    if "=" in written:
        raise WordListError(
            number, _l("Skriv et mellemrum på hver side af lighedstegnet, og et forslag efter det.")
        )
    return written, ListLine()


def _checked(proposal: str, number: int, *, is_sentence: bool) -> str:
    if is_sentence and not re.fullmatch(r"[A-ZÆØÅ].*[.!?]", proposal):
        raise WordListError(
            number,
            _l("En hel sætning begynder med stort og slutter med punktum, spørgsmålstegn eller udråbstegn."),
        )
    if not is_sentence and not re.fullmatch(r"[^\W\d_]+(?: [^\W\d_]+)*", proposal):
        raise WordListError(number, _l("Et forslag er et eller flere ord uden andre tegn."))
    return proposal


def _pattern(words: str, number: int) -> str:
    """The regular expression of a line's words."""
    if not words:
        raise WordListError(number, _l("Der mangler ord."))
    parts = _PART.findall(words)
    letters = sum(part.isalpha() for part in parts if len(part) == 1)
    choices = [choice for part in parts if part[0] == "(" for choice in part[1:-1].split("/")]
    if "*" in parts and letters + min(map(len, choices), default=0) < FEWEST_LETTERS:
        raise WordListError(
            number, _l("Skriv mindst %(least)s bogstaver ved en stjerne.", least=FEWEST_LETTERS)
        )
    pattern = "".join(_part(part, parts, place, number) for place, part in enumerate(parts))
    if re.fullmatch(pattern, "") or not re.search(r"[^\W_]", re.sub(r"\{\w*\}", "", words)):
        raise WordListError(number, _l("Der mangler ord."))
    return pattern


def _part(part: str, parts: list[str], place: int, number: int) -> str:
    if part in _PLACES:
        return _PLACES[part]
    if part.startswith("{"):
        raise WordListError(number, _l("Der findes kun {tal} og {ord}."))
    if part == "*":
        return _star(parts, place, number)
    if part.startswith("(") and part.endswith(")") and len(part) > 1:
        return _one_of(part[1:-1].split("/"), number)
    if part in "()":
        raise WordListError(
            number, _l("En parentes mangler sin anden halvdel, eller den står inde i en anden.")
        )
    return _literal(part)


def _star(parts: list[str], place: int, number: int) -> str:
    before, after = (
        (parts[place - 1] if place else " "),
        (parts[place + 1] if place + 1 < len(parts) else " "),
    )
    if before.isspace() == after.isspace():
        raise WordListError(number, _l("En stjerne står først eller sidst i et ord."))
    return _ANY_LETTERS


def _one_of(choices: list[str], number: int) -> str:
    if any(sign in choice for choice in choices for sign in "*{}"):
        raise WordListError(number, _l("Skriv kun ord og skråstreger i en parentes."))
    longest_first = sorted(set(choices), key=len, reverse=True)
    return f"(?:{'|'.join(_literal(choice) for choice in longest_first)})"


def _literal(words: str) -> str:
    """The words as they are written, whichever blank, dash and apostrophe the writer's machine makes of them."""
    return "".join(
        _BLANKS if part.isspace() else _LIKE.get(part, re.escape(part))
        for part in re.findall(r"\s+|.", words)
    )
