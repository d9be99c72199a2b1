"""The quick tier of the lexicon: what tens of thousands of texts may mean, at some 50 microseconds each.

Pure, and only the lexicon's: everything here is folded text (`lexicon.fold`). It looks at character 3-grams and two
RapidFuzz ratios where `likeness` looks at everything; bench/matching_quality.py prints both tiers side by side. A
gram is three characters within a word, where the space before and after the word counts as one ("mad": " ma", "mad",
"ad "). Grams are weighted by rarity and a text's weights have length 1, so that likeness is a cosine, 0 to 1. The
inner loops are compiled with numba; the compiled code is kept beside this file where that can be written.
Reasons: docs/lexicon.md.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple, Self

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process

from portal.batch.compiled import compiled
from portal.lexicon.likeness import WEIGHTS_FILE

Numbers = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float32]

CANDIDATES: Final = 8  # concepts compared by RapidFuzz
WHOLE_CONCEPT: Final = 0.5  # what all wordings of a concept together count beside its best one
VIEWS: Final = 4  # grams of the label, grams of the concept, ratio without spaces, token_sort_ratio
SHORT: Final = 8  # letters; one typo spoils every gram of such a text, so its best ratio is a candidate too
LONGER_BY: Final = 2  # letters a label of a short text may have more

_SHARE: Final = np.float32(WHOLE_CONCEPT)
_BITS: Final = 6
_CODES: Final = 1 << 3 * _BITS
MOST_POSTINGS: Final = 1500  # label grams looked at to find candidates, the rarest grams of a text first ...
LEAST_GRAMS: Final = 6  # ... but at least these many of its grams
LOOKED_AT: Final = 12  # concepts then compared in full
_STRANGERS: Final = 27  # symbols left for characters that are neither a space, a-z nor 0-9


class Texts(NamedTuple):
    """Many texts as one row of symbols: text i is `symbols[starts[i]:starts[i + 1]]`, a space before and after."""

    symbols: npt.NDArray[np.uint8]
    starts: npt.NDArray[np.int64]

    @classmethod
    def of(cls, texts: Sequence[str]) -> "Texts":
        padded = [f" {text} " for text in texts]
        codes = np.frombuffer("".join(padded).encode("utf-32-le", "surrogatepass"), np.uint32).astype(
            np.int64
        )
        letters = (codes >= ord("a")) & (codes <= ord("z"))
        digits = (codes >= ord("0")) & (codes <= ord("9"))
        symbols = np.select(
            [codes == ord(" "), letters, digits],
            [0, codes - ord("a") + 1, codes - ord("0") + 27],
            37 + codes % _STRANGERS,
        ).astype(np.uint8)
        return cls(symbols, np.cumsum([0, *map(len, padded)], dtype=np.int64))


class GramWeights(NamedTuple):
    """The weight of every gram in every document, both ways round.

    Gram g stands in documents `rows[starts[g]:starts[g + 1]]`; document d has grams
    `grams[ends[d]:ends[d + 1]]`; `weights` and `own_weights` stand beside them.
    """

    starts: npt.NDArray[np.int64]
    rows: Numbers
    weights: Floats
    ends: npt.NDArray[np.int64]
    grams: Numbers
    own_weights: Floats
    rarity: Floats
    size: int

    @classmethod
    def of(cls, grams: Numbers, documents: Numbers) -> "GramWeights":
        """From every gram written (its number) and the document (0, 1, ...) it stands in."""
        size = int(documents.max(initial=-1)) + 1
        keys, times = np.unique(grams.astype(np.int64) * max(1, size) + documents, return_counts=True)
        grams, rows = np.divmod(keys, max(1, size))
        seen = np.bincount(grams, minlength=int(grams.max(initial=-1)) + 2)  # the last one is never seen
        rarity = (1 + np.log((1 + size) / (1 + seen))).astype(np.float32)
        raw = times * rarity[grams]
        length = np.sqrt(np.bincount(rows, raw * raw, minlength=size))
        weights = (raw / length[rows]).astype(np.float32)
        by_document = np.argsort(rows, kind="stable")
        return cls(
            np.concatenate([[0], np.cumsum(seen)]),
            rows.astype(np.int32),
            weights,
            np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=size))]),
            grams[by_document].astype(np.int32),
            weights[by_document],
            rarity,
            size,
        )


class Tables(NamedTuple):
    """Labels and whole concepts over the same grams; concept c has labels `starts[c]` to `starts[c + 1]`."""

    number_of: Numbers
    labels: GramWeights
    whole: GramWeights
    starts: npt.NDArray[np.int64]


# What follows is compiled, so the types stand here: grams and rows are int32, weights and likenesses float32.


@compiled
def _grams(symbols, starts, owner):  # type: ignore[no-untyped-def] # pragma: no cover - compiled
    """The code of every gram, and the owner of the text it stands in."""
    codes = np.empty(len(symbols), np.int32)
    rows = np.empty(len(symbols), np.int32)
    found = 0
    for text in range(len(starts) - 1):
        for at in range(starts[text], starts[text + 1] - 2):
            if symbols[at + 1]:
                codes[found] = (symbols[at] << 12) | (symbols[at + 1] << 6) | symbols[at + 2]
                rows[found] = owner[text]
                found += 1
    return codes[:found], rows[:found]


@compiled
def _weigh(grams, table, weight_of):  # type: ignore[no-untyped-def] # pragma: no cover - compiled
    """Put the weight of each gram of a text where `weight_of` has zeros."""
    square = np.float32(0)
    for gram in grams:
        weight_of[gram] += table.rarity[gram]
    for gram in grams:
        square += table.rarity[gram] * weight_of[gram]
    for gram in np.unique(grams):
        weight_of[gram] /= np.sqrt(square)


@compiled
def _add(table, gram, total):  # type: ignore[no-untyped-def] # pragma: no cover - compiled
    for place in range(table.starts[gram], table.starts[gram + 1]):
        total[table.rows[place]] += table.rarity[gram] * table.weights[place]


@compiled
def _add_rarest(grams, tables, by_label, by_whole):  # type: ignore[no-untyped-def] # pragma: no cover - compiled
    """The unscaled likeness of the text's rarest grams with every label and concept."""
    by_label[:] = 0
    by_whole[:] = 0
    frequency = np.empty(len(grams), np.int64)
    for at, gram in enumerate(grams):
        frequency[at] = tables.labels.starts[gram + 1] - tables.labels.starts[gram]
    added = used = 0
    for at in np.argsort(frequency, kind="mergesort"):
        if added > MOST_POSTINGS and used >= LEAST_GRAMS:
            break
        if frequency[at]:
            added += frequency[at]
            used += 1
            _add(tables.labels, grams[at], by_label)
            _add(tables.whole, grams[at], by_whole)


@compiled
def _put(values, things, value, thing):  # type: ignore[no-untyped-def] # pragma: no cover - compiled
    """Keep the largest values, in order; of equals the one that came first."""
    if value <= values[-1]:
        return
    at = len(values) - 1
    while at > 0 and value > values[at - 1]:
        values[at], things[at] = values[at - 1], things[at - 1]
        at -= 1
    values[at], things[at] = value, thing


@compiled
def _shortlist(tables, by_label, by_whole):  # type: ignore[no-untyped-def] # pragma: no cover - compiled
    """The concepts to compare in full, in ascending order, after as many -1 as are missing."""
    values = np.zeros(LOOKED_AT, np.float32)
    found = np.full(LOOKED_AT, -1, np.int32)
    for concept in range(len(tables.starts) - 1):
        if by_whole[concept] > 0:
            best = np.float32(0)
            for row in range(tables.starts[concept], tables.starts[concept + 1]):
                best = max(best, by_label[row])
            _put(values, found, best + _SHARE * by_whole[concept], concept)
    found.sort()
    return found


@compiled
def _dot(table, document, weight_of):  # type: ignore[no-untyped-def] # pragma: no cover - compiled
    total = np.float32(0)
    for place in range(table.ends[document], table.ends[document + 1]):
        total += weight_of[table.grams[place]] * table.own_weights[place]
    return total


@compiled
def nearest(symbols, starts, tables, places, rows, likeness):  # type: ignore[no-untyped-def] # pragma: no cover - compiled
    """For each text the concepts with the largest blend of likeness, best first, as many as `places` has columns.

    The blend is the best label's likeness plus `WHOLE_CONCEPT` of the whole concept's. Fills in the concept's place,
    the best label's row, and both likenesses; what is not found stays as given. Concepts are found by the text's
    rarest grams and then compared in full, so that a text costs about the same whatever it says; of equals the concept
    of the lower number comes first.
    """
    by_label = np.zeros(tables.labels.size, np.float32)
    by_whole = np.zeros(tables.whole.size, np.float32)
    label_weight = np.zeros(len(tables.labels.rarity), np.float32)
    whole_weight = np.zeros(len(tables.whole.rarity), np.float32)
    one = np.zeros(1, np.int32)
    for text in range(len(starts) - 1):
        grams = tables.number_of[_grams(symbols, starts[text : text + 2], one)[0]]
        _weigh(grams, tables.labels, label_weight)
        _weigh(grams, tables.whole, whole_weight)
        _add_rarest(grams, tables, by_label, by_whole)
        found = _shortlist(tables, by_label, by_whole)
        blend = np.zeros(places.shape[1], np.float32)
        kept = np.full(places.shape[1], -1, np.int32)
        exact = np.zeros((LOOKED_AT, 2), np.float32)
        best_row = np.zeros(LOOKED_AT, np.int32)
        for look in range(np.count_nonzero(found < 0), LOOKED_AT):
            for row in range(tables.starts[found[look]], tables.starts[found[look] + 1]):
                value = _dot(tables.labels, row, label_weight)
                if value > exact[look, 0]:
                    exact[look, 0], best_row[look] = value, row
            exact[look, 1] = _dot(tables.whole, found[look], whole_weight)
            _put(blend, kept, exact[look, 0] + _SHARE * exact[look, 1], look)
        for at in range(np.count_nonzero(kept >= 0)):
            look = kept[at]
            places[text, at], rows[text, at] = found[look], best_row[look]
            likeness[text, at, 0], likeness[text, at, 1] = exact[look, 0], exact[look, 1]
        for gram in grams:
            label_weight[gram] = 0
            whole_weight[gram] = 0


@dataclass(frozen=True, slots=True)
class Candidates:
    """For each text (row) the concepts that may be meant (columns, in no order); -1 where there are fewer.

    `places` index the concepts in ascending order, `rows` the labels; the four likenesses are shares, 0 to 1.
    """

    places: Numbers
    rows: Numbers
    likeness: (
        Floats  # texts x candidates x (label grams, concept grams, ratio without spaces, token_sort_ratio)
    )


class QuickIndex:
    """All wordings at one moment; never changed, so a look-up in another thread always sees one state."""

    def __init__(self, labels: Sequence[str], concepts: Sequence[int]) -> None:
        """`labels` are folded and grouped by concept; `concepts` stands beside them, ascending."""
        self.concepts, starts, place_of = np.unique(
            np.array(concepts, np.int64), return_index=True, return_inverse=True
        )
        starts_and_end = np.append(starts, len(labels)).astype(np.int64)
        self._place_of = place_of.astype(np.int32)
        self._joined = [label.replace(" ", "") for label in labels]
        self._sorted = [_in_order(label) for label in labels]
        lengths = np.array([len(joined) for joined in self._joined], np.int64)
        self._short_rows = np.flatnonzero(lengths <= SHORT + LONGER_BY)
        self._short = [self._joined[row] for row in self._short_rows]
        texts = Texts.of(labels)
        codes, rows = _grams(texts.symbols, texts.starts, np.arange(len(labels), dtype=np.int32))
        known, numbers = np.unique(codes, return_inverse=True)
        number_of = np.full(_CODES, len(known), np.int32)
        number_of[known] = np.arange(len(known))
        by_label, by_concept = (
            GramWeights.of(numbers.astype(np.int32), documents) for documents in (rows, self._place_of[rows])
        )
        self._tables = Tables(number_of, by_label, by_concept, starts_and_end)

    def candidates(self, texts: Sequence[str]) -> Candidates:
        """What each folded text may mean."""
        places = np.full((len(texts), CANDIDATES), -1, np.int32)
        found = Candidates(places, places.copy(), np.zeros((*places.shape, VIEWS), np.float32))
        if not len(self.concepts) or not texts:
            return found
        nearest(*Texts.of(texts), self._tables, places, found.rows, found.likeness)
        joined = [text.replace(" ", "") for text in texts]
        self._add_short(joined, found)
        asked, at = np.nonzero(found.rows >= 0)
        labels = found.rows[asked, at].tolist()
        in_order = [_in_order(text) for text in texts]
        for view, (own, others) in enumerate([(joined, self._joined), (in_order, self._sorted)], start=2):
            pairs = [own[text] for text in asked.tolist()], [others[row] for row in labels]
            found.likeness[asked, at, view] = (
                process.cpdist(*pairs, scorer=fuzz.ratio, dtype=np.float32) / 100
            )
        return found

    def _add_short(self, joined: Sequence[str], found: Candidates) -> None:
        """In place of a short text's last candidate, the concept with the best ratio if it is not among them."""
        texts = np.array([at for at, text in enumerate(joined) if len(text) <= SHORT], np.int64)
        if not len(texts) or not self._short:
            return
        ratios = process.cdist([joined[at] for at in texts], self._short, scorer=fuzz.ratio, dtype=np.uint8)
        best = self._short_rows[ratios.argmax(axis=1)]
        new = ~(found.places[texts] == self._place_of[best][:, None]).any(axis=1)
        texts, best = texts[new], best[new]
        found.places[texts, -1], found.rows[texts, -1] = self._place_of[best], best
        found.likeness[texts, -1] = 0


def _in_order(text: str) -> str:
    return " ".join(sorted(text.split()))


class QuickRanker:
    """A conditional logit: each candidate competes with the others and with "none of them"."""

    def __init__(self, weights: Sequence[float]) -> None:
        """One weight for each of the four likenesses, one for the square of each, and a constant."""
        self.weights = np.array(weights, np.float64)

    @classmethod
    def load(cls, file: Path = WEIGHTS_FILE) -> Self:
        return cls(json.loads(file.read_text(encoding="utf-8"))["quick"])

    def probabilities(self, candidates: Candidates) -> npt.NDArray[np.float64]:
        """Texts x candidates, 0-1; together a text's are below 1, the rest is "none"."""
        raw = views(candidates.likeness) @ self.weights
        chances = np.where(candidates.rows >= 0, np.exp(np.clip(raw, -60, 60)), 0)
        shares: npt.NDArray[np.float64] = chances / (1 + chances.sum(axis=1, keepdims=True))
        return shares


def views(likeness: Floats) -> npt.NDArray[np.float64]:
    """The figures a `QuickRanker` weighs."""
    plain = likeness.astype(np.float64)
    return np.concatenate([plain, plain**2, np.ones((*plain.shape[:2], 1))], axis=2)
