"""Danish free text in, concepts of the vocabulary out, each with a probability.

Pure: no Flask, no database, no clock, nothing of the portal but `likeness`. Used when a text is written, so that
matching compares concepts and never spellings. Reasons: docs/adr/004-matching.md.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from portal.lexicon.likeness import Index, Ranker
from portal.lexicon.phrases import Licence, level_in, licences_in, negations_in, read, years_in
from portal.lexicon.quick import QuickIndex, QuickRanker
from portal.lexicon.words import content_words
from portal.matching import fold as fold  # one folding for meaning, here and in the matcher

ACCEPT_AT: Final = 0.93  # at or above: taken without asking; asking costs a tap, a wrong concept costs trust
ASK_AT: Final = 0.3  # all hits together; below, the answer is mostly not among those we could offer
SHOWN_AT: Final = 0.005  # below: not even worth showing to a curator

EXACT: Final = 1.0
JOINED: Final = 0.999  # "rengørings assistent": the same letters, only the spaces differ
UNDOUBLED: Final = 0.99  # "gulvask": only letters written once or twice differ
FUZZY_AT_MOST: Final = 0.998  # likeness never outranks the same letters
DOUBTFUL_AT_MOST: Final = 0.92  # asks whatever the likeness: short words that differ, or a word more or less

TINY_WORD: Final = (
    4  # letters; words this short (mad, kok, bad) that differ at all are never taken without asking
)
MEANS_NOTHING_BELOW: Final = 2  # letters
BATCH: Final = 4096  # texts the quick tier compares at a time: some megabytes

_HAS_CLASSES: Final = ("koerekor", "korekor", "truck", "gaffeltruck", "kategori", "klasse", "type")
_DOUBLED: Final = re.compile(r"([b-df-hj-np-tv-xz])\1")  # consonants: "aa" is å
_NOT_COMPOUND: Final = re.compile(
    r"\bikke-(?=\w)", re.IGNORECASE
)  # "ikke-ryger" is a word and denies nothing
_MAY_DECIDE: Final = re.compile(r"\d|\b\w\b")


@dataclass(frozen=True, slots=True)
class Hit:
    """A concept the text may mean. `label` is the wording that was closest."""

    concept: int
    probability: float
    label: str


@dataclass(frozen=True, slots=True)
class Lookup:
    """What one text may mean, likeliest first, each concept once. Negated texts carry what they deny."""

    text: str
    hits: tuple[Hit, ...]
    negated: bool

    @property
    def best(self) -> Hit | None:
        return self.hits[0] if self.hits else None

    @property
    def accepted(self) -> Hit | None:
        """The concept to store without asking."""
        sure = self.best is not None and self.best.probability >= ACCEPT_AT
        return self.best if sure and not self.negated else None

    @property
    def worth_asking(self) -> bool:
        """Whether to ask "mente du ...?" of what is not accepted: are the hits together likely enough to offer them?

        Near rivals share what one alone would have.
        """
        return sum(hit.probability for hit in self.hits) >= ASK_AT

    @property
    def years(self) -> float | None:
        """Years of experience the text claims (0-60), if it says."""
        return None if self.negated else years_in(self.text)

    @property
    def level(self) -> int | None:
        """The level the text claims, 1-4 on the portal's ladder, if it says."""
        return None if self.negated else level_in(fold(self.text))

    @property
    def licences(self) -> tuple[Licence, ...]:
        """Licences and exams the text names with their class; also when it denies them."""
        return licences_in(fold(self.text))


@dataclass(frozen=True, slots=True)
class Meanings:
    """What many texts may mean, by the quick tier: row i is text i, likeliest first.

    `concepts` and `probabilities` (0-1) have `limit` columns, -1 and 0 where there are fewer; `negated` has one.
    """

    concepts: npt.NDArray[np.int64]
    probabilities: npt.NDArray[np.float64]
    labels: npt.NDArray[np.object_]
    negated: npt.NDArray[np.bool_]


MOST_REMEMBERED: Final = 1_000
"""Phrases whose kin a lexicon keeps: the same ones are asked about page after page."""


class Lexicon:
    """All labels of a vocabulary: the canonical wording and every synonym, each with its concept."""

    def __init__(self, labels: Iterable[tuple[str, int]]) -> None:
        self._by_folded: dict[str, dict[int, str]] = {}
        self._by_joined: dict[str, dict[int, str]] = {}
        self._by_undoubled: dict[str, dict[int, str]] = {}
        self._size = 0
        self._index: tuple[int, Index] | None = None
        self._quick_index: tuple[int, _Quick] | None = None
        self._own_negations: set[tuple[str, str]] = set()
        self._similar_to = lru_cache(MOST_REMEMBERED)(lambda phrase, _size: self._similar(phrase))
        for label, concept in labels:
            self.add(label, concept)

    def add(self, label: str, concept: int) -> None:
        """Know one more wording, from the next look-up on."""
        folded = fold(label)
        if not folded or concept in self._by_folded.get(folded, ()):
            return
        joined = folded.replace(" ", "")
        self._own_negations.update(negations_in(folded))
        self._by_joined.setdefault(joined, {}).setdefault(concept, label)
        self._by_undoubled.setdefault(_undoubled(joined), {}).setdefault(concept, label)
        self._by_folded.setdefault(folded, {})[concept] = label
        self._size += 1  # last: an index of this size holds everything added so far

    def _indexed(self) -> Index:
        """The wordings as they are now; indexed anew by the first look-up after a change."""
        size = self._size
        if self._index is None or self._index[0] != size:
            known = [(folded, list(owners)) for folded, owners in list(self._by_folded.items())]
            self._index = size, Index((folded, concept) for folded, owners in known for concept in owners)
        return self._index[1]

    def look_up(self, texts: Sequence[str], limit: int = 5) -> list[Lookup]:
        """One answer per text, in order. Text that means nothing gives no hits; it is never an error."""
        return [self._look_up(text, limit) for text in texts]

    def _look_up(self, text: str, limit: int) -> Lookup:
        same, phrases, negated = self._read(fold(_NOT_COMPOUND.sub("ikke", text)))
        hits = same if same is not None else self._similar_to(phrases[-1], self._size) if phrases else {}
        return Lookup(text, _ranked(hits, limit), negated)

    def _read(self, folded: str) -> tuple[dict[int, Hit] | None, list[str], bool]:
        """The concepts that have the same letters, if any; what to compare otherwise; and whether it is denied."""
        if folded in self._by_folded:  # before the rule for negation: "arbejder uden opsyn" is a skill
            return self._same(folded), [folded], False
        phrases, negated = read(folded, self._own_negations)
        same = next(filter(None, map(self._same, phrases)), None)
        return same or self._several_licences(folded), phrases, negated

    def _several_licences(self, folded: str) -> dict[int, Hit] | None:
        """ "kørekort B/C" is two things, so both are asked about."""
        licences = licences_in(folded) if _MAY_DECIDE.search(folded) else ()
        if len(licences) < 2:
            return None
        found = [self._by_folded.get(fold(f"{kind} {grade}"), {}) for kind, grade in licences]
        return {
            concept: Hit(concept, DOUBTFUL_AT_MOST, label)
            for owners in found
            for concept, label in owners.items()
        } or None

    def look_up_quick(self, texts: Sequence[str], limit: int = 5) -> list[Lookup]:
        """As `look_up`, some thirty times as fast and somewhat less often right: for bulk work nobody waits on."""
        found = self.canonicalise(texts, limit)
        columns = (found.concepts.tolist(), found.probabilities.tolist(), found.labels.tolist())
        hits = [
            tuple(Hit(*one) for one in zip(*row, strict=True) if one[0] >= 0)
            for row in zip(*columns, strict=True)
        ]
        return list(map(Lookup, texts, hits, found.negated.tolist()))

    def canonicalise(self, texts: Sequence[str], limit: int = 1) -> Meanings:
        """The quick tier as arrays. A text that stands in `texts` many times costs little more than once."""
        different = list(dict.fromkeys(texts))
        found = self._canonicalise(different, limit)
        if len(different) == len(texts):
            return found
        place = {text: at for at, text in enumerate(different)}
        rows = np.array([place[text] for text in texts], np.intp)
        return Meanings(
            found.concepts[rows], found.probabilities[rows], found.labels[rows], found.negated[rows]
        )

    def _canonicalise(self, texts: Sequence[str], limit: int) -> Meanings:
        shape = len(texts), max(0, limit)
        found = Meanings(
            np.full(shape, -1, np.int64),
            np.zeros(shape),
            np.full(shape, "", np.object_),
            np.zeros(len(texts), bool),
        )
        left: list[tuple[int, str]] = []
        for at, text in enumerate(texts):
            same, phrases, found.negated[at] = self._read(fold(_NOT_COMPOUND.sub("ikke", text)))
            if same is None and phrases:
                left.append((at, phrases[-1]))
            for column, hit in enumerate(_ranked(same or {}, limit)):
                found.concepts[at, column] = hit.concept
                found.probabilities[at, column] = hit.probability
                found.labels[at, column] = hit.label
        for start in range(0, len(left) if self._size else 0, BATCH):
            self._quickly(found, left[start : start + BATCH])
        return found

    def _quickly(self, found: Meanings, left: Sequence[tuple[int, str]]) -> None:
        """Fill in what is not the same letters as any wording."""
        phrases = [phrase for _, phrase in left]
        quick = self._quickly_indexed()
        candidates = quick.index.candidates(phrases)
        chances = _quick_ranker().probabilities(candidates) * FUZZY_AT_MOST
        letters = np.array([len(phrase.replace(" ", "")) for phrase in phrases])
        chances[letters <= TINY_WORD] *= DOUBTFUL_AT_MOST / FUZZY_AT_MOST
        chances[letters < MEANS_NOTHING_BELOW] = 0
        deciding = np.array([quick.number_of.get(_deciding(phrase), -1) for phrase in phrases])
        chances[quick.deciding[candidates.rows] != deciding[:, None]] = 0
        chances[chances < SHOWN_AT] = 0
        order = np.lexsort((candidates.places, -chances))[:, : found.concepts.shape[1]]
        texts = np.array([at for at, _ in left])[:, None], np.arange(order.shape[1])
        chances = np.take_along_axis(chances, order, axis=1)
        places = np.take_along_axis(candidates.places, order, axis=1)
        rows = np.take_along_axis(candidates.rows, order, axis=1)
        shown = chances > 0
        found.concepts[texts] = np.where(shown, quick.index.concepts[places], -1)
        found.probabilities[texts] = np.round(chances, 6)
        found.labels[texts] = np.where(shown, quick.labels[rows], "")

    def _quickly_indexed(self) -> "_Quick":
        size = self._size
        if self._quick_index is None or self._quick_index[0] != size:
            known = [(folded, dict(owners)) for folded, owners in list(self._by_folded.items())]
            self._quick_index = size, _Quick(known)
        return self._quick_index[1]

    def _same(self, phrase: str) -> dict[int, Hit] | None:
        """The concepts that own exactly these letters; a wording that several own is shared between them."""
        owners, probability = self._by_folded.get(phrase), EXACT
        joined = phrase.replace(" ", "")
        if owners is None:
            owners, probability = self._by_joined.get(joined), JOINED
        if owners is None and len(joined) > TINY_WORD and not _deciding(phrase):
            owners, probability = self._by_undoubled.get(_undoubled(joined)), UNDOUBLED
        if not owners:
            return None
        return {concept: Hit(concept, probability / len(owners), label) for concept, label in owners.items()}

    def _similar(self, phrase: str) -> dict[int, Hit]:
        words = tuple(phrase.split())
        letters = len("".join(words))
        if letters < MEANS_NOTHING_BELOW:
            return {}
        guesses, features = self._indexed().describe(phrase)
        deciding = _deciding(phrase)
        hits = {}
        for guess, chance in zip(guesses, _ranker().probabilities(features).tolist(), strict=True):
            label = guess.wording
            if _deciding(label.folded) == deciding:
                doubtful = letters <= TINY_WORD or not _differ_by_typos(content_words(words), label.content)
                probability = round(chance * (DOUBTFUL_AT_MOST if doubtful else FUZZY_AT_MOST), 6)
                written = self._by_folded[label.folded][guess.concept]
                hits[guess.concept] = Hit(guess.concept, probability, written)
        return hits


class _Quick:
    """The quick index, and what stands beside each of its rows."""

    def __init__(self, known: Iterable[tuple[str, dict[int, str]]]) -> None:
        rows = sorted(
            (concept, folded, label) for folded, owners in known for concept, label in owners.items()
        )
        self.index = QuickIndex([folded for _, folded, _ in rows], [concept for concept, _, _ in rows])
        self.labels = np.array([label for _, _, label in rows] or [""], np.object_)
        deciding = [_deciding(folded) for _, folded, _ in rows]
        self.number_of = {letters: number for number, letters in enumerate(dict.fromkeys(deciding))}
        self.deciding = np.array([self.number_of[letters] for letters in deciding] or [-1])


def _undoubled(joined: str) -> str:
    return _DOUBLED.sub(r"\1", joined)


@cache
def _ranker() -> Ranker:
    return Ranker.load()


@cache
def _quick_ranker() -> QuickRanker:
    return QuickRanker.load()


def _deciding(phrase: str) -> tuple[str, ...]:
    """Numbers and classes, which must be equal: kørekort B is not kørekort C, however alike.

    A lone letter is a class at the end, or beside a word that has classes; elsewhere it is part of a word ("e handel").
    """
    if not _MAY_DECIDE.search(phrase):
        return ()
    found: list[str] = []
    words = phrase.split()
    for place, word in enumerate(words):
        found += re.findall(r"\d+", word)
        if len(word) == 1 and word.isalpha() and word != "i":
            beside = words[max(0, place - 1) : place + 2]
            if place == len(words) - 1 or any(other.startswith(_HAS_CLASSES) for other in beside):
                found.append(word)
    return tuple(sorted(found))


def _differ_by_typos(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether the phrases may be the same one mistyped.

    Not when one has a word more ("wc rengøring" says more than "rengøring"), nor when a short word stands
    against another short word ("lave mad", "lave mand").
    """
    only_one, only_other = set(one) - set(other), set(other) - set(one)
    if not only_one and not only_other:
        return True
    if not only_one or not only_other:
        return False
    shorter, longer = sorted(min(len(word) for word in side) for side in (only_one, only_other))
    return shorter > TINY_WORD or longer > TINY_WORD + 1


def _ranked(hits: dict[int, Hit], limit: int) -> tuple[Hit, ...]:
    worth_showing = [hit for hit in hits.values() if hit.probability >= SHOWN_AT]
    return tuple(sorted(worth_showing, key=lambda hit: (-hit.probability, hit.concept))[: max(0, limit)])
