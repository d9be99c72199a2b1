"""The parts of compounds, and which parts stand for each other: what spelling cannot see.

Pure, and only the lexicon's: everything here is folded text (`lexicon.fold`). Danish writes compounds in one word, so
"butikschef" shares a meaning with "leder af en butik" but few letters. A vocabulary tells which words are made of
which (both halves are words, or begin or end several), and which parts mean much the same: those that keep turning
up in different wordings of one concept ("chef", "leder", "bestyrer"). Nothing is learned beforehand: every vocabulary
is read anew.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile
from typing import Final, NamedTuple

import numpy as np

from portal.lexicon.derivations import in_single_words
from portal.lexicon.equals import EQUAL, equals
from portal.lexicon.loops import Kinship, NumberLists
from portal.lexicon.words import FUNCTION_WORDS, content_words, stem

PART_AT_LEAST: Final = 3  # letters
HALF_AT_LEAST: Final = 4  # letters of a half that is no word of its own
HALF_IN: Final = 3  # different words it begins or ends, to count as a part
LINKS: Final = "se"  # letters between the halves: arbejd-s-leder, jul-e-mand
STANDS_FOR_AT_MOST: Final = 24  # other parts that one part may stand for
MOST_REMEMBERED: Final = 10_000  # words whose parts are kept: some 3 MB
DOUBT: Final = 2.0  # concepts to see before a part is half believed to stand for another


class Splitter:
    """Takes compounds apart by the words of one vocabulary."""

    def __init__(self, words: Iterable[str]) -> None:
        whole = Counter(word for word in words if len(word) > PART_AT_LEAST)
        self._times: Counter[str] = Counter()
        for word, times in whole.items():
            for form in {word, stem(word)}:
                self._times[form] += times
        begins: dict[str, set[str]] = defaultdict(set)
        ends: dict[str, set[str]] = defaultdict(set)
        for word in whole:
            for left, right in _halves(word):
                if right in self._times and len(left) >= HALF_AT_LEAST:
                    begins[left].add(right)
                if left in self._times and len(right) >= HALF_AT_LEAST:
                    ends[right].add(left)
        self._begins = {half for half, rests in begins.items() if len(rests) >= HALF_IN}
        self._ends = {half for half, rests in ends.items() if len(rests) >= HALF_IN}
        self._found: dict[str, tuple[str, ...]] = {}

    def parts(self, word: str) -> tuple[str, ...]:
        """The stems of the parts, in order; one for a word that is no compound."""
        found = self._found.get(word)
        if found is None:
            if len(self._found) >= MOST_REMEMBERED:
                self._found.clear()
            found = self._found[word] = self._split(word)
        return found

    def _split(self, word: str) -> tuple[str, ...]:
        best = max(self._fits(word), default=None)
        if best is None:
            return (stem(word),)
        return (*self._split(best[1]), *self._split(best[2]))

    def _fits(self, word: str) -> Iterator[tuple[tuple[int, int], str, str]]:
        """How well each two halves make a compound: words before mere halves, then what is written often."""
        times = self._times
        for left, right in _halves(word):
            first = times.get(left, 0)
            if first or left in self._begins:
                last = max(times.get(right, 0), times.get(stem(right), 0))
                if last or right in self._ends:
                    yield (bool(first) + bool(last), min(first or 1, last or 1)), left, right


def _halves(word: str) -> Iterator[tuple[str, str]]:
    for at in range(PART_AT_LEAST, len(word) - PART_AT_LEAST + 1):
        left, right = word[:at], word[at:]
        yield left, right
        if left[-1] in LINKS and at > PART_AT_LEAST:
            yield left[:-1], right


class TextParts(NamedTuple):
    """The parts of a text by number: those that the vocabulary knows, each once, and the head (-1: not known).

    `weight` is what all parts weigh together, also those it does not know.
    """

    known: list[int]
    head: int
    weight: float


class Parts:
    """The concepts of a vocabulary as sets of parts."""

    def __init__(self, concepts: Sequence[Sequence[str]]) -> None:
        """Each concept is its folded wordings; all wordings, one after another, are the rows."""
        self.splitter = Splitter(
            word for labels in concepts for label in labels for word in in_single_words(label)
        )
        wordings = [[self.of(label) for label in labels] for labels in concepts]
        self._number = {
            part: number
            for number, part in enumerate(
                sorted({part for labels in wordings for own in labels for part in own})
            )
        }
        owners: list[list[int]] = [[] for _ in self._number]
        together: list[Counter[int]] = [Counter() for _ in self._number]
        for concept, labels in enumerate(wordings):
            numbered = [frozenset(self._number[part] for part in own) for own in labels]
            for part in frozenset().union(*numbered):
                owners[part].append(concept)
            for part, others in _other_wordings(numbered).items():
                together[part].update(others)
        size = len(concepts)
        self._unseen = math.log(1 + size)
        owned = [len(one) for one in owners]
        stands_for = [
            _standing_for(part, seen, self._equals(name), owned, size)
            for (name, part), seen in zip(self._number.items(), together, strict=True)
        ]
        self.kinship = Kinship(
            NumberLists.of(owners),
            NumberLists.of([[other for other, _ in one] for one in stands_for]),
            np.array([share for one in stands_for for _, share in one], np.float64),
            np.array([math.log((1 + size) / len(one)) for one in owners], np.float64),
            NumberLists.of(
                [
                    [*dict.fromkeys(map(self._number.__getitem__, own))]
                    for labels in wordings
                    for own in labels
                ]
            ),
            np.array(
                [self._number.get(self.head(label), -1) for labels in concepts for label in labels], np.int64
            ),
        )

    def _equals(self, part: str) -> list[int]:
        """The parts of the vocabulary that say much the same whatever it teaches."""
        return sorted(self._number[other] for other in equals().get(part, ()) if other in self._number)

    def of(self, wording: str) -> tuple[str, ...]:
        """The parts of its words, in order; small words are left out."""
        words = content_words(in_single_words(wording)) or content_words(wording.split())
        return tuple(part for word in words for part in self.splitter.parts(word))

    def head(self, wording: str) -> str:
        """The part that says what kind of thing it is: "operatoer" in "operatoer af kran" and "kranoperatoer"."""
        words = in_single_words(wording) or wording.split()
        before = list(takewhile(lambda word: word not in FUNCTION_WORDS, words)) or words
        return self.splitter.parts(before[-1])[-1]

    def _number_or_equal(self, part: str) -> int:
        """The part's number, or that of the most usual one that says the same; -1 where the vocabulary has neither."""
        if part in self._number:
            return self._number[part]
        rarity = self.kinship.rarity
        return min(self._equals(part), key=lambda number: (float(rarity[number]), number), default=-1)

    def asked(self, wording: str) -> TextParts:
        """The parts of a text, as the vocabulary knows them."""
        numbers = list(map(self._number_or_equal, dict.fromkeys(self.of(wording))))
        known = list(dict.fromkeys(number for number in numbers if number >= 0))
        weights = [float(self.kinship.rarity[number]) for number in known] + [self._unseen] * numbers.count(
            -1
        )
        return TextParts(known, self._number_or_equal(self.head(wording)), math.fsum(weights))


def _standing_for(
    part: int, seen: Counter[int], same: Iterable[int], owned: Sequence[int], size: int
) -> list[tuple[int, float]]:
    """The part, those in other wordings of its concepts and those that say the same, and how far (0-1) each may be
    taken for it.
    """
    found = {
        other: times / (owned[part] + DOUBT) * (1 - owned[other] / size) for other, times in seen.items()
    }
    found |= {other: max(EQUAL, found.get(other, 0.0)) for other in same}
    best = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))
    return [(part, 1.0), *best[:STANDS_FOR_AT_MOST]]


def _other_wordings(labels: Sequence[frozenset[int]]) -> dict[int, set[int]]:
    """For each part, the parts of those wordings that lack it."""
    found: dict[int, set[int]] = defaultdict(set)
    for one in labels:
        for other in labels:
            for part in one - other:
                found[part] |= other - one
    return found
