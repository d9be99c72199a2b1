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
import numpy.typing as npt

from portal.lexicon.words import FUNCTION_WORDS, content_words, stem

PART_AT_LEAST: Final = 3  # letters
HALF_AT_LEAST: Final = 4  # letters of a half that is no word of its own
HALF_IN: Final = 3  # different words it begins or ends, to count as a part
LINKS: Final = ("", "s", "e")  # letters between the halves: arbejd-s-leder, jul-e-mand
STANDS_FOR_AT_MOST: Final = 24  # other parts that one part may stand for
DOUBT: Final = 2.0  # concepts to see before a part is half believed to stand for another

Floats = npt.NDArray[np.float32]


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
        if word not in self._found:
            if len(self._found) > 50_000:
                self._found.clear()
            self._found[word] = self._split(word)
        return self._found[word]

    def _split(self, word: str) -> tuple[str, ...]:
        best = max(
            ((fit, left, right) for left, right in _halves(word) if (fit := self._fit(left, right))),
            default=None,
        )
        if best is None:
            return (stem(word),)
        return (*self._split(best[1]), *self._split(best[2]))

    def _fit(self, left: str, right: str) -> tuple[int, int] | None:
        """How well the halves make a compound: words before mere halves, and what is written often before the rest."""
        first = self._times[left]
        last = max(self._times[right], self._times[stem(right)])
        if not (first or left in self._begins) or not (last or right in self._ends):
            return None
        return bool(first) + bool(last), min(first or 1, last or 1)


def _halves(word: str) -> Iterator[tuple[str, str]]:
    for at in range(PART_AT_LEAST, len(word) - PART_AT_LEAST + 1):
        left, right = word[:at], word[at:]
        for link in LINKS:
            if left.endswith(link) and len(left) - len(link) >= PART_AT_LEAST:
                yield left.removesuffix(link) if link else left, right


class TextShares(NamedTuple):
    """The parts of a text: what each part of the vocabulary is worth to it, and to its head (0-1)."""

    shares: dict[str, float]
    heads: dict[str, float]


class Parts:
    """The concepts of a vocabulary as sets of parts."""

    def __init__(self, concepts: Sequence[Sequence[str]]) -> None:
        """Each concept is its folded wordings; all wordings, one after another, are the rows."""
        self.splitter = Splitter(word for labels in concepts for label in labels for word in label.split())
        wordings = [[self.of(label) for label in labels] for labels in concepts]
        self.size = len(concepts)
        owners: dict[str, list[int]] = defaultdict(list)
        self._together: dict[str, Counter[str]] = defaultdict(Counter)
        for concept, labels in enumerate(wordings):
            for part in sorted({part for label in labels for part in label}):
                owners[part].append(concept)
            for part, others in _other_wordings(labels).items():
                self._together[part].update(others)
        self._owners = {part: np.array(rows, np.intp) for part, rows in owners.items()}
        self._rarity = {part: math.log((1 + self.size) / len(rows)) for part, rows in owners.items()}
        self._unseen = math.log(1 + self.size)
        self._rows = [
            (tuple(dict.fromkeys(parts)), self.head(label))
            for labels, own in zip(concepts, wordings, strict=True)
            for label, parts in zip(labels, own, strict=True)
        ]
        self._stands_for: dict[str, list[tuple[str, float]]] = {}
        self._shares: dict[str, tuple[npt.NDArray[np.intp], Floats]] = {}

    def of(self, wording: str) -> tuple[str, ...]:
        """The parts of its words, in order; small words are left out."""
        return tuple(part for word in content_words(wording.split()) for part in self.splitter.parts(word))

    def head(self, wording: str) -> str:
        """The part that says what kind of thing it is: "operatoer" in "operatoer af kran" and "kranoperatoer"."""
        words = wording.split()
        before = list(takewhile(lambda word: word not in FUNCTION_WORDS, words)) or words
        return self.splitter.parts(before[-1])[-1]

    def stands_for(self, part: str) -> list[tuple[str, float]]:
        """The part and those in other wordings of its concepts, and how far (0-1) each may be taken for it."""
        if part not in self._stands_for:
            times = len(self._owners.get(part, ()))
            found = [
                (other, seen / (times + DOUBT) * (1 - len(self._owners[other]) / self.size))
                for other, seen in self._together.get(part, {}).items()
            ]
            found.sort(key=lambda pair: (-pair[1], pair[0]))
            self._stands_for[part] = [(part, 1.0), *found[:STANDS_FOR_AT_MOST]]
        return self._stands_for[part]

    def likeness(self, wording: str) -> tuple[Floats, Floats]:
        """For every concept, the share (0-1, by rarity) of the text's parts it has: as such, and stood for."""
        as_such, stood_for = np.zeros(self.size, np.float32), np.zeros(self.size, np.float32)
        whole = 0.0
        for part in dict.fromkeys(self.of(wording)):
            weight = self._rarity.get(part, self._unseen)
            whole += weight
            if part in self._owners:
                as_such[self._owners[part]] += weight
                rows, shares = self._shared(part)
                stood_for[rows] += weight * shares
        return as_such / max(whole, 1e-9), stood_for / max(whole, 1e-9)

    def _shared(self, part: str) -> tuple[npt.NDArray[np.intp], Floats]:
        """The concepts that have the part or one that stands for it, and how far."""
        if part not in self._shares:
            best = np.zeros(self.size, np.float32)
            for other, share in self.stands_for(part):
                rows = self._owners[other]
                best[rows] = np.maximum(best[rows], share)
            rows = np.flatnonzero(best)
            self._shares[part] = rows, best[rows]
        return self._shares[part]

    def said(self, text: str) -> TextShares:
        """The text, ready to be compared with rows."""
        shares: dict[str, float] = {}
        for part in self.of(text):
            for other, share in self.stands_for(part):
                shares[other] = max(share, shares.get(other, 0.0))
        return TextShares(shares, dict(self.stands_for(self.head(text))))

    def pair(self, said: TextShares, row: int) -> tuple[float, float]:
        """How far (0-1) the text's parts stand for the row's parts on the whole, and its head for the row's."""
        parts, head = self._rows[row]
        covered = math.fsum([self._rarity[part] * said.shares.get(part, 0.0) for part in parts])
        whole = math.fsum([self._rarity[part] for part in parts])
        return covered / max(whole, 1e-9), said.heads.get(head, 0.0)


def _other_wordings(labels: Sequence[Sequence[str]]) -> dict[str, set[str]]:
    """For each part, the parts of those wordings that lack it."""
    found: dict[str, set[str]] = defaultdict(set)
    sets = [frozenset(label) for label in labels]
    for one in sets:
        for other in sets:
            for part in one - other:
                found[part] |= other - one
    return found
