"""How alike two Danish wordings are, in many views, and how probable that makes them the same thing.

Pure, and only the lexicon's: everything here is folded text (`lexicon.fold`). An `Index` finds the concepts that may
be meant and describes each by the figures of `FEATURES`; a `Ranker` turns the figures into a probability by boosted
trees, whose weights `bench/train_lexicon.py` makes from public data. Reasons: docs/adr/004-matching.md.
"""

import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process
from rapidfuzz.distance import JaroWinkler, Levenshtein, Postfix, Prefix

from portal.lexicon.parts import Parts
from portal.lexicon.words import content_words, sound, stem

WEIGHTS_FILE: Final = Path(__file__).with_name("weights.json")

BY_GRAMS: Final = (
    24  # concepts looked at closely because they share letters in threes: finds long phrases ...
)
BY_RATIO: Final = (
    6  # ... because few edits lead there: finds short words, where one typo spoils every three ...
)
BY_PARTS: Final = 6  # ... and because words that stand for the text's words do: finds synonyms
WHOLE_CONCEPT: Final = 0.5  # what all wordings of a concept together count beside its best one
WORTH_A_LOOK: Final = 0.5  # ratio; a concept below it that shares no three letters is left out
MOST_EDITS: Final = 10  # more say no more

Floats = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.intp]

FEATURES: Final = (
    "ratio", "ratio without spaces", "ratio of stems", "token_sort_ratio", "Jaro-Winkler", "partial_ratio",
    "token_set_ratio", "grams", "grams of the concept", "length ratio", "letters", "edits without spaces",
    "edits of stems", "worst word of the text", "worst word of the label", "share of the text's grams",
    "share of the label's grams", "blend", "margin of blend", "margin of ratio", "margin of grams",
    "ratio as it sounds", "common beginning", "common ending", "share in the concept", "grams of its three best",
    "margin of share in the concept", "parts", "parts stood for", "label's parts stood for", "head stood for",
    "margin of blend with parts",
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

    @classmethod
    def of(cls, folded: str) -> Self:
        words = tuple(folded.split())
        content = content_words(words)
        joined = "".join(words)
        return cls(folded, words, joined, content, "".join(sorted(map(stem, content))), sound(joined))


@dataclass(frozen=True, slots=True)
class ConceptGuess:
    """A concept that may be meant, and its wording nearest to the text."""

    concept: int
    wording: FoldedWording


class _Grams:
    """Character 3-grams within words, weighted by rarity: cosine likeness with every document at once."""

    def __init__(self, documents: Sequence[Sequence[str]]) -> None:
        counted = [Counter(gram for words in document for gram in _grams(words)) for document in documents]
        self.size = len(counted)
        seen = Counter(gram for counts in counted for gram in counts)
        self.rarity = {gram: 1 + math.log((1 + self.size) / (1 + times)) for gram, times in seen.items()}
        self.unseen = 1 + math.log(1 + self.size)
        postings: dict[str, tuple[list[int], list[float]]] = defaultdict(lambda: ([], []))
        for row, counts in enumerate(counted):
            for gram, weight in self.weights(counts).items():
                postings[gram][0].append(row)
                postings[gram][1].append(weight)
        self.postings = {
            gram: (np.array(rows, np.intp), np.array(weights, np.float32))
            for gram, (rows, weights) in postings.items()
        }

    def weights(self, counts: Counter[str]) -> dict[str, float]:
        raw = {gram: times * self.rarity.get(gram, self.unseen) for gram, times in counts.items()}
        length = math.sqrt(sum(weight * weight for weight in raw.values())) or 1.0
        return {gram: weight / length for gram, weight in raw.items()}

    def likeness(self, words: str) -> Floats:
        total = np.zeros(self.size, np.float32)
        for gram, weight in self.weights(Counter(_grams(words))).items():
            if gram in self.postings:
                rows, weights = self.postings[gram]
                total[rows] += weight * weights
        return total

    def mass(self, grams: Iterable[str]) -> float:
        return math.fsum([self.rarity.get(gram, self.unseen) for gram in grams])


def _grams(words: str) -> list[str]:
    padded = [f" {word} " for word in words.split()]
    return [word[at : at + 3] for word in padded for at in range(len(word) - 2)]


class Index:
    """All wordings at one moment; never changed, so a look-up in another thread always sees one state."""

    def __init__(self, labels: Iterable[tuple[str, int]]) -> None:
        ordered = sorted({(concept, folded) for folded, concept in labels if folded})
        self.wordings = [FoldedWording.of(folded) for _, folded in ordered]
        concepts = np.array([concept for concept, _ in ordered], np.int64)
        self.starts: Numbers = np.flatnonzero(np.diff(concepts, prepend=concepts[:1] - 1))
        self.ends: Numbers = np.append(self.starts, len(ordered))[1:]
        self.concepts: list[int] = concepts[self.starts].tolist()
        self._folded = [wording.folded for wording in self.wordings]
        self._joined = [wording.joined for wording in self.wordings]
        self._stems = [wording.stems for wording in self.wordings]
        self._by_label = _Grams([[folded] for folded in self._folded])
        self._by_concept = _Grams(
            [self._folded[start:end] for start, end in zip(self.starts, self.ends, strict=True)]
        )
        self._parts = Parts(
            [self._folded[start:end] for start, end in zip(self.starts, self.ends, strict=True)]
        )
        self._grams_of = [frozenset(_grams(folded)) for folded in self._folded]
        self._mass_of = [self._by_label.mass(grams) for grams in self._grams_of]
        self._grams_in = [
            frozenset().union(*self._grams_of[start:end])
            for start, end in zip(self.starts, self.ends, strict=True)
        ]

    def describe(self, folded: str) -> tuple[list[ConceptGuess], Floats]:
        """The concepts that may be meant, and one row of `FEATURES` for each."""
        text = FoldedWording.of(folded)
        if not self.wordings or not text.joined:
            return [], np.zeros((0, len(FEATURES)), np.float32)
        ratios = np.maximum(
            np.maximum(_ratios(text.folded, self._folded), _ratios(text.joined, self._joined)),
            _ratios(text.stems, self._stems),
        )
        grams, whole = self._by_label.likeness(folded), self._by_concept.likeness(folded)
        ratio_of, grams_of = (np.maximum.reduceat(one, self.starts) for one in (ratios, grams))
        blend = grams_of + WHOLE_CONCEPT * whole
        parts, stood_for = self._parts.likeness(folded)
        with_parts = blend + stood_for
        chosen = np.union1d(_largest(blend, BY_GRAMS), _largest(ratio_of, BY_RATIO))
        chosen = np.union1d(chosen, _largest(with_parts, BY_PARTS))
        chosen = chosen[(grams_of[chosen] > 0) | (ratio_of[chosen] >= WORTH_A_LOOK) | (stood_for[chosen] > 0)]
        spans = list(zip(self.starts[chosen].tolist(), self.ends[chosen].tolist(), strict=True))
        views = np.column_stack([blend + 2 * ratio_of, ratio_of, grams_of])
        near = ratios + grams
        rows = [start + int(near[start:end].argmax()) for start, end in spans]
        guesses = [
            ConceptGuess(self.concepts[place], self.wordings[row])
            for place, row in zip(chosen, rows, strict=True)
        ]
        if not guesses:
            return [], np.zeros((0, len(FEATURES)), np.float32)
        pairs, said = self._pairs(text, rows, chosen), self._parts.said(folded)
        columns = np.column_stack([
            pairs[:, :7], grams[rows], whole[chosen], pairs[:, 7:15], views[chosen, 0],
            _margins(views)[chosen],
            pairs[:, 15:], [_mean_of_three(grams[start:end].tolist()) for start, end in spans],
            _margins(pairs[:, -1:]), parts[chosen], stood_for[chosen],
            [self._parts.pair(said, row) for row in rows],
            _margins(with_parts[:, None])[chosen],
        ])  # fmt: skip
        return guesses, columns.astype(np.float32)

    def _pairs(self, text: FoldedWording, rows: Sequence[int], places: Numbers) -> Floats:
        """What the spelling of the text and of each chosen label says, one row each."""
        asked = frozenset(_grams(text.folded))
        spelled = [
            (*_compare(text, self.wordings[row]), *self._shares(asked, row, place))
            for row, place in zip(rows, places, strict=True)
        ]
        in_order = [*range(13), 16, 17, 13, 14, 15, 18]
        return np.array(spelled, np.float32)[:, in_order]

    def _shares(self, asked: frozenset[str], row: int, place: int) -> tuple[float, float, float]:
        """How much of the text is in the label, of the label in the text, and of the text in the concept."""
        mass = self._by_label.mass
        common, whole = mass(asked & self._grams_of[row]), mass(asked)
        return common / whole, common / self._mass_of[row], mass(asked & self._grams_in[place]) / whole


def _mean_of_three(values: list[float]) -> float:
    best = sorted(values)[-3:]
    return sum(best) / len(best)


def _ratios(query: str, labels: Sequence[str]) -> Floats:
    found: Floats = process.cdist([query], labels, scorer=fuzz.ratio, dtype=np.float32)[0] / np.float32(100)
    return found


def _largest(values: Floats, number: int) -> Numbers:
    """The places of the largest values; those equal to the last one are all in, so that no order decides."""
    if len(values) <= number:
        return np.arange(len(values))
    least = np.partition(values, -number)[-number]
    found = np.flatnonzero(values >= least)
    return found if len(found) <= 2 * number else found[np.argsort(-values[found], kind="stable")[:number]]


def _margins(views: Floats) -> Floats:
    """How far each concept is ahead of the best other one (negative: behind), in each view."""
    if len(views) == 1:
        return views
    second, first = np.partition(views, -2, axis=0)[-2:]
    margins: Floats = np.where(views == first, views - second, views - first)
    return margins


def _compare(text: FoldedWording, label: FoldedWording) -> tuple[float, ...]:
    """The views of one pair, spelling only; shares 0-1, edits and letters in letters."""
    longest = max(len(text.joined), len(label.joined))
    return (
        fuzz.ratio(text.folded, label.folded) / 100,
        fuzz.ratio(text.joined, label.joined) / 100,
        fuzz.ratio(text.stems, label.stems) / 100,
        fuzz.token_sort_ratio(text.folded, label.folded) / 100,
        JaroWinkler.similarity(text.joined, label.joined),
        fuzz.partial_ratio(text.folded, label.folded) / 100,
        fuzz.token_set_ratio(text.folded, label.folded) / 100,
        min(len(text.joined), len(label.joined)) / longest,
        float(min(len(text.joined), 40)),
        float(Levenshtein.distance(text.joined, label.joined, score_cutoff=MOST_EDITS - 1)),
        float(Levenshtein.distance(text.stems, label.stems, score_cutoff=MOST_EDITS - 1)),
        _worst_word(text, label),
        _worst_word(label, text),
        fuzz.ratio(text.sound, label.sound) / 100,
        float(Prefix.similarity(text.joined, label.joined)),
        float(Postfix.similarity(text.joined, label.joined)),
    )


def _worst_word(one: FoldedWording, other: FoldedWording) -> float:
    """How well the least matched word of one is found in the other, as a word or as part of a compound."""
    return min(
        max(
            max(fuzz.ratio(word, candidate) for candidate in other.content),
            0.95 * fuzz.partial_ratio(word, other.joined) if len(word) <= len(other.joined) else 0.0,
        )
        for word in one.content
    ) / 100  # fmt: skip


class Ranker:
    """Boosted trees, walked side by side; each guess competes with the others and with "none of them"."""

    def __init__(self, stored: dict[str, Any]) -> None:
        if tuple(stored["features"]) != FEATURES:
            raise ValueError("The weights were made for other features: run bench/train_lexicon.py.")
        trees = stored["trees"]
        sizes = [len(tree["feature"]) for tree in trees]
        self.roots: Numbers = np.cumsum([0, *sizes[:-1]])
        self.feature: Numbers = np.concatenate([tree["feature"] for tree in trees]).astype(np.intp)
        self.threshold: Floats = np.concatenate([tree["threshold"] for tree in trees]).astype(np.float32)
        self.at_most, self.above = (
            np.concatenate(
                [np.array(tree[side]) + root for tree, root in zip(trees, self.roots, strict=True)]
            )
            for side in ("at_most", "above")
        )
        self.value: Floats = np.concatenate([tree["value"] for tree in trees]).astype(np.float32)
        self.depth = int(stored["depth"])
        self.slope, self.offset = float(stored["slope"]), float(stored["offset"])

    @classmethod
    def load(cls, file: Path = WEIGHTS_FILE) -> Self:
        return cls(json.loads(file.read_text(encoding="utf-8")))

    def raw(self, features: Floats) -> npt.NDArray[np.float64]:
        """The sum of the leaves each row ends in."""
        count, views = features.shape
        values = np.ascontiguousarray(features).ravel()
        row_starts = (np.arange(count) * views)[:, None]
        nodes = np.broadcast_to(self.roots, (count, len(self.roots)))
        for _ in range(self.depth):
            at_most = values[row_starts + self.feature[nodes]] <= self.threshold[nodes]
            nodes = np.where(at_most, self.at_most[nodes], self.above[nodes])
        total: npt.NDArray[np.float64] = self.value[nodes].sum(axis=1, dtype=np.float64)
        return total

    def probabilities(self, features: Floats) -> npt.NDArray[np.float64]:
        """One probability (0-1) for each row of features; together they are below 1, the rest is "none"."""
        chances = np.exp(np.clip(self.slope * self.raw(features) + self.offset, -60, 60))
        shares: npt.NDArray[np.float64] = chances / (1 + chances.sum())
        return shares
