"""How alike two Danish wordings are, in many views, and how probable that makes them the same thing.

Pure, and only the lexicon's: everything here is folded text (`lexicon.fold`). An `Index` finds the concepts that may
be meant and describes each by the figures of `FEATURES`; a `Ranker` turns the figures into a probability by boosted
trees, whose weights `bench/train_lexicon.py` makes from public data. Many texts are worked on at once; what each is
said to mean does not depend on the others. Reasons: docs/adr/004-matching.md.
"""

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple, Self

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process
from rapidfuzz.distance import JaroWinkler, Levenshtein, Postfix, Prefix

from portal.lexicon.derivations import in_single_words, is_role_of, says_who
from portal.lexicon.loops import (
    BUCKETS,
    FIGURES,
    AskedTexts,
    Floats,
    GramWeights,
    NumberLists,
    Numbers,
    Spelling,
    Symbols,
    Tables,
    Trees,
    all_grams,
    alphabet_of,
    grams_asked,
    heaps_of,
    look,
    walk,
)
from portal.lexicon.ownership import OWNERSHIP, whose
from portal.lexicon.parts import Parts
from portal.lexicon.words import content_words, sound, stem

WEIGHTS_FILE: Final = Path(__file__).with_name("weights.json")
MOST_EDITS: Final = 10  # more say no more
MOST_LETTERS: Final = 40  # more say no more
TINY_WORD: Final = (
    4  # letters; words this short (mad, kok, bad) that differ at all are never taken without asking
)

FEATURES: Final = (
    "ratio", "ratio without spaces", "ratio of stems", "token_sort_ratio", "Jaro-Winkler", "partial_ratio",
    "token_set_ratio", "grams", "grams of the concept", "length ratio", "letters", "edits without spaces",
    "edits of stems", "worst word of the text", "worst word of the label", "share of the text's grams",
    "share of the label's grams", "blend", "margin of blend", "margin of ratio", "margin of grams",
    "ratio as it sounds", "common beginning", "common ending", "share in the concept", "grams of its three best",
    "margin of share in the concept", "parts", "parts stood for", "label's parts stood for", "head stood for",
    "margin of blend with parts", "may be mistyped", *OWNERSHIP,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FoldedWording:
    """One folded wording in the shapes it is compared in."""

    folded: str
    words: tuple[str, ...]
    joined: str
    content: tuple[str, ...]
    stems: str
    sound: str
    in_order: str

    @classmethod
    def of(cls, folded: str) -> Self:
        words = tuple(folded.split())
        content = content_words(words)
        joined = "".join(words)
        stems = "".join(sorted(map(stem, content_words(in_single_words(folded)) or content)))
        return cls(folded, words, joined, content, stems, sound(joined), " ".join(sorted(words)))


class Guesses(NamedTuple):
    """The concepts that texts may mean: text t has the guesses `starts[t]` to `starts[t + 1]`.

    `concepts` and `rows` (of the index) tell which and by which wording, `features` has a row of `FEATURES` for each.
    """

    starts: Numbers
    concepts: Numbers
    rows: Numbers
    features: Floats


_BY_PAIR: Final[dict[str, tuple[Any, Callable[[FoldedWording], str], int | None]]] = {
    "token_sort_ratio": (fuzz.ratio, lambda one: one.in_order, None),
    "Jaro-Winkler": (JaroWinkler.similarity, lambda one: one.joined, None),
    "partial_ratio": (fuzz.partial_ratio, lambda one: one.folded, None),
    "token_set_ratio": (fuzz.token_set_ratio, lambda one: one.folded, None),
    "edits without spaces": (Levenshtein.distance, lambda one: one.joined, MOST_EDITS - 1),
    "edits of stems": (Levenshtein.distance, lambda one: one.stems, MOST_EDITS - 1),
    "ratio as it sounds": (fuzz.ratio, lambda one: one.sound, None),
    "common beginning": (Prefix.similarity, lambda one: one.joined, None),
    "common ending": (Postfix.similarity, lambda one: one.joined, None),
}
_PER_CENT: Final = (fuzz.ratio, fuzz.partial_ratio, fuzz.token_set_ratio)


class Index:
    """All wordings at one moment; never changed, so a look-up in another thread always sees one state."""

    def __init__(self, labels: Iterable[tuple[str, int]]) -> None:
        ordered = sorted({(concept, folded) for folded, concept in labels if folded})
        self.wordings = [FoldedWording.of(folded) for _, folded in ordered]
        concepts = np.array([concept for concept, _ in ordered], np.int64)
        starts = np.flatnonzero(np.diff(concepts, prepend=concepts[:1] - 1))
        self.concepts: Numbers = concepts[starts]
        starts = np.append(starts, len(ordered)).astype(np.int64)
        folded = [wording.folded for wording in self.wordings]
        self._alphabet = alphabet_of(folded)
        self._parts = Parts(
            [folded[start:end] for start, end in zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True)]
        )
        spelled, words, words_of = self._symbols(self.wordings)
        codes, rows = all_grams(*spelled["folded"], len(self._alphabet))
        grams, numbers = np.unique(codes, return_inverse=True)
        place_of = np.repeat(np.arange(len(self.concepts)), np.diff(starts))
        size = len(ordered)
        self._tables = Tables(
            starts,
            grams,
            GramWeights.of(numbers, rows, size, len(grams)),
            GramWeights.of(numbers, place_of[rows] if size else rows, len(self.concepts), len(grams)),
            _own_grams(numbers, rows, size),
            _own_grams(numbers, place_of[rows] if size else rows, len(self.concepts)),
            Spelling(
                spelled["folded"], spelled["joined"], spelled["stems"], words, words_of,
                _heaps(spelled["joined"]), _heaps(spelled["stems"]), len(self._alphabet),
            ),
            self._parts.kinship,
        )  # fmt: skip

    def describe(self, texts: Sequence[str]) -> Guesses:
        """The concepts that folded texts of at most `LONGEST` letters may mean, and how like each is."""
        asked = [FoldedWording.of(text) for text in texts]
        if not self.wordings or not texts:
            nothing = np.zeros(0, np.int64)
            return Guesses(
                np.zeros(len(texts) + 1, np.int64), nothing, nothing, np.zeros((0, len(FEATURES)), np.float32)
            )
        spelled, words, words_of = self._symbols(asked)
        parts = [self._parts.asked(text) for text in texts]
        grams, times = grams_asked(spelled["folded"], len(self._alphabet), self._tables.grams)
        compared = AskedTexts(
            spelled["folded"], spelled["joined"], spelled["stems"], words, words_of, grams, times,
            NumberLists.of([one.known for one in parts]),
            np.array([one.head for one in parts], np.int64),
            np.array([one.weight for one in parts], np.float64),
        )  # fmt: skip
        found = look(compared, self._tables)
        owners = np.repeat(np.arange(len(texts)), np.diff(found.starts)).tolist()
        figures = dict(zip(FIGURES, found.figures.T, strict=True))
        figures |= zip(OWNERSHIP, whose(compared, self._tables, found).T, strict=True)
        figures |= _by_pair([asked[at] for at in owners], [self.wordings[row] for row in found.rows.tolist()])
        features = np.column_stack([figures[name] for name in FEATURES]).astype(np.float32)
        return Guesses(found.starts, self.concepts[found.places], found.rows, features)

    def parts_of(self, word: str) -> tuple[str, ...]:
        """The stems of the parts of a compound; one for a word that is none."""
        return self._parts.splitter.parts(word)

    def _symbols(self, wordings: Sequence[FoldedWording]) -> tuple[dict[str, Symbols], Symbols, Numbers]:
        """The shapes that compiled loops compare; the words that carry meaning, and where each wording's begin."""
        shapes = {
            shape: Symbols.of([getattr(wording, shape) for wording in wordings], self._alphabet)
            for shape in ("folded", "joined", "stems")
        }
        words = Symbols.of([word for wording in wordings for word in wording.content], self._alphabet)
        counts = [len(wording.content) for wording in wordings]
        return shapes, words, np.cumsum([0, *counts], dtype=np.int64)


def _own_grams(grams: Numbers, documents: Numbers, size: int) -> NumberLists:
    """The different grams of each document, in order."""
    different = np.unique(documents * (int(grams.max(initial=0)) + 1) + grams)
    rows, items = np.divmod(different, int(grams.max(initial=0)) + 1)
    counts = np.bincount(rows, minlength=size)
    return NumberLists(np.concatenate([[0], np.cumsum(counts)]), items)


def _heaps(symbols: Symbols) -> npt.NDArray[np.uint8]:
    heaps = np.zeros((BUCKETS, len(symbols.starts) - 1), np.uint8)
    heaps_of(symbols.codes, symbols.starts, heaps)
    return heaps


def _by_pair(texts: Sequence[FoldedWording], labels: Sequence[FoldedWording]) -> dict[str, Floats]:
    """What RapidFuzz says of each text and label: shares 0-1, edits and letters in letters."""
    found: dict[str, Floats] = {}
    for name, (scorer, shape, cutoff) in _BY_PAIR.items():
        own, others = list(map(shape, texts)), list(map(shape, labels))
        scores = process.cpdist(own, others, scorer=scorer, score_cutoff=cutoff, dtype=np.float32)
        found[name] = (scores / np.float32(100) if scorer in _PER_CENT else scores).astype(np.float32)
    asked = np.array([len(one.joined) for one in texts], np.float32)
    known = np.array([len(one.joined) for one in labels], np.float32)
    found["may be mistyped"] = np.array(
        [_differ_by_typos(one.content, other.content) for one, other in zip(texts, labels, strict=True)],
        np.float32,
    )
    found["letters"] = np.minimum(asked, np.float32(MOST_LETTERS))
    found["length ratio"] = (np.minimum(asked, known) / np.maximum(asked, known)).astype(np.float32)
    return found


def _differ_by_typos(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether the phrases may be the same one mistyped.

    Not when one has a word more ("wc rengøring" says more than "rengøring"), nor when a short word stands
    against another short word ("lave mad", "lave mand"), nor when one names a role and the other its task.
    """
    only_one, only_other = set(one) - set(other), set(other) - set(one)
    if not only_one and not only_other:
        return True
    if not only_one or not only_other or is_role_for_task(only_one, only_other):
        return False
    return not differ_by_short_words(only_one, only_other)


def differ_by_short_words(
    words: Collection[str], others: Collection[str], longest: int = TINY_WORD + 1
) -> bool:
    """Whether, of words that only one of two phrases has, a short one stands against one of at most `longest`."""
    stems, other_stems = set(map(stem, words)), set(map(stem, others))
    own = [len(word) for word in words if stem(word) not in other_stems]
    theirs = [len(word) for word in others if stem(word) not in stems]
    if not own or not theirs:
        return False
    shorter, longer = sorted((min(own), min(theirs)))
    return shorter <= TINY_WORD and longer <= longest


def is_role_for_task(words: Collection[str], others: Collection[str]) -> bool:
    """Whether the text names a role where the wording has a task: "dagplejer" for "dagpleje"."""
    if len(words) == 1 and any(is_role_of(word, other) for word in words for other in others):
        return True
    return any(map(says_who, words)) and not any(map(says_who, others))


class Ranker:
    """Boosted trees; each guess competes with the others of its text and with "none of them"."""

    def __init__(self, stored: dict[str, Any]) -> None:
        if tuple(stored["features"]) != FEATURES:
            raise ValueError("The weights were made for other features: run bench/train_lexicon.py.")
        trees = stored["trees"]
        roots = np.cumsum([0, *(len(tree["feature"]) for tree in trees[:-1])], dtype=np.int64)

        def nodes(name: str) -> npt.NDArray[np.float64]:
            return np.concatenate([np.array(tree[name], np.float64) for tree in trees])

        own = np.repeat(roots, [len(tree["feature"]) for tree in trees])
        self.trees = Trees(
            roots, nodes("feature").astype(np.int64), nodes("threshold").astype(np.float32),
            own + nodes("at_most").astype(np.int64), own + nodes("above").astype(np.int64),
            nodes("value").astype(np.float32),
        )  # fmt: skip
        self.slope, self.offset = float(stored["slope"]), float(stored["offset"])

    @classmethod
    def load(cls, file: Path = WEIGHTS_FILE) -> Self:
        return cls(json.loads(file.read_text(encoding="utf-8")))

    def raw(self, features: Floats) -> npt.NDArray[np.float64]:
        """The sum of the leaves each row ends in."""
        sums = np.zeros(len(features), np.float64)
        walk(np.ascontiguousarray(features), self.trees, sums)
        return sums

    def probabilities(self, guesses: Guesses) -> npt.NDArray[np.float64]:
        """One probability (0-1) for each guess; those of one text together are below 1, the rest is "none"."""
        chances = np.exp(np.clip(self.slope * self.raw(guesses.features) + self.offset, -60, 60))
        counts = np.diff(guesses.starts)
        owners = np.repeat(np.arange(len(counts)), counts)
        shares: npt.NDArray[np.float64] = chances / (1 + np.bincount(owners, chances, len(counts))[owners])
        return shares
