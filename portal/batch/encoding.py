"""Openings and cards as the numbers that `kernel` works on.

Pure. A *source* is what a statement on a card is about; a statement has up to two: its concept or what it may mean, and
the words it was said in. A *subject* is what a task asks for: a concept; or words and what they may mean, where it has
no concept; and as a second subject the words of a task that has one, for statements without a concept. Links say
what a source tells about a subject, as `matching` would.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from enum import Enum, auto
from functools import cached_property
from itertools import chain, product
from typing import Final, NamedTuple, Self, TypeVar

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process

from portal.batch import kernel
from portal.batch.kernel import (
    BlockConditions,
    Cards,
    CodesBySource,
    Limits,
    Postings,
    ScoreTerms,
    SourcesByCode,
    Statements,
    StatementsBySource,
    Tasks,
    TradeBlock,
)
from portal.matching import (
    EARTH_RADIUS_KM,
    GUESS_ODDS,
    Card,
    CardSkill,
    Guesses,
    Kind,
    Opening,
    Relations,
    Wanted,
    Weights,
    roots_of,
    spelled,
)

Integers = npt.NDArray[np.int64]
Places = npt.NDArray[np.int32]
Small = npt.NDArray[np.uint16]
Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Padded = TypeVar("Padded", bound=np.generic)
Key = TypeVar("Key")

LEVELS: Final = 4  # asked: 1-4; held: 0-4
TEXTS_AT_ONCE: Final = 128  # rows of a comparison of texts: some tens of megabytes
MANY_TEXTS: Final = 100_000  # comparisons that are worth more than one thread
NO_LIMIT: Final = 65535
CLOSE: Final = 1e-6  # of a squared chord: nearer a card's range, the kernel works out the distance itself
AROUND_THE_EARTH: Final = 2 * math.pi * EARTH_RADIUS_KM


def terms_of(weights: Weights) -> ScoreTerms:
    """What `kernel` needs of the weights."""
    fit = np.array(
        [[weights.fit(held, asked) for asked in range(1, LEVELS + 1)] for held in range(LEVELS + 1)]
    )
    return ScoreTerms(fit, weights.gate, weights.must_held_at, *_gate_bounds(weights))


def _gate_bounds(weights: Weights) -> tuple[npt.NDArray[np.uint16], npt.NDArray[np.float32], float]:
    """`held`, `kept` and `doubt` of `ScoreTerms`: in logarithms to the gate, missing musts add up."""
    presence = np.arange(kernel.PRESENCES + 1) / kernel.PRESENCES
    missing = np.arange(kernel.MOST_MUSTS * kernel.HELD + 1) / kernel.HELD
    if not 0 < weights.gate < 1:  # nothing or all of it: whatever is there at all is bounded as held
        kept = np.where(missing > 0, weights.gate, 1.0).astype(np.float32)
        held = np.where(presence > 0, kernel.HELD, 0).astype(np.uint16)
        return held, kept, 1.0 if weights.gate else math.inf
    left = np.array([weights.kept(one) for one in presence.tolist()])
    held = np.ceil(kernel.HELD * (1 - np.log(left) / math.log(weights.gate)) + kernel.ALMOST)
    held[0] = 0
    kept = (weights.gate**missing * (1 + 4 * np.finfo(np.float32).eps)).astype(np.float32)
    steps_up = (1 / weights.gate - 1) / (max(weights.must_held_at, 1 / kernel.PRESENCES) * kernel.PRESENCES)
    doubt = (1 + steps_up) * weights.gate ** (-(1 + kernel.ALMOST) / kernel.HELD)
    return held.clip(0, kernel.HELD).astype(np.uint16), kept, doubt


def _starts(lengths: Iterable[int]) -> Integers:
    found = lengths if isinstance(lengths, np.ndarray) else np.array(list(lengths), np.int64)
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(found, dtype=np.int64)])


def _point(degrees: Numbers) -> Numbers:
    """On the unit sphere."""
    latitude, longitude = np.radians(degrees).T
    flat = np.cos(latitude)
    return np.stack([flat * np.cos(longitude), flat * np.sin(longitude), np.sin(latitude)], axis=1)


# --- Cards --------------------------------------------------------------------------------------------------


class EncodedMeanings(NamedTuple):
    """What sources or subjects may mean, by concept: each with the root of its probability."""

    number: Integers
    concept: Integers
    root: Numbers

    @classmethod
    def of(cls, found: Iterable[tuple[int, int, float]]) -> Self:
        number, concept, root = np.array([*found], np.float64).reshape(-1, 3).T
        order = np.argsort(concept, kind="stable")
        return cls(number[order].astype(np.int64), concept[order].astype(np.int64), root[order])

    def among(self, used: Flags) -> Self:
        kept = used[self.number]
        return type(self)(self.number[kept], self.concept[kept], self.root[kept])


_Texts = tuple[Integers, list[str]]


class Sources:
    """What statements are about, numbered as they come; looked up once all are numbered."""

    def __init__(self) -> None:
        self._size = 0
        self._concepts: dict[int, int] = {}
        self._guesses: dict[Guesses, int] = {}
        self._texts: dict[Meaning, dict[str, int]] = {said: {} for said in Meaning}

    def __len__(self) -> int:
        return self._size

    def of(self, skill: CardSkill) -> tuple[int, int]:
        """What the statement means, and its words; -1 for what it has not."""
        if skill.concept is not None:
            return self._number(self._concepts, skill.concept), self._said(skill.text, Meaning.UNDERSTOOD)
        if any(chance > 0 for _, chance in skill.guesses):
            return self._number(self._guesses, skill.guesses), self._said(skill.text, Meaning.GUESSED)
        return -1, self._said(skill.text, Meaning.TEXT_ONLY)

    def _said(self, text: str, said: "Meaning") -> int:
        return self._number(self._texts[said], text) if text else -1

    def _number(self, known: dict[Key, int], key: Key) -> int:
        number = known.setdefault(key, self._size)
        self._size += number == self._size
        return number

    @property
    def concepts(self) -> Set[int]:
        return self._concepts.keys()

    @cached_property
    def understood(self) -> EncodedMeanings:
        """The concepts."""
        return EncodedMeanings.of((number, concept, 1.0) for concept, number in self._concepts.items())

    @cached_property
    def guessed(self) -> EncodedMeanings:
        """What has no concept, but may mean something."""
        return EncodedMeanings.of(
            (number, meant, root)
            for guesses, number in self._guesses.items()
            for meant, root in roots_of(None, guesses).items()
        )

    @cached_property
    def words(self) -> dict[str, list[int]]:
        """All that was said; what says nothing is left out."""
        return _by_words(chain.from_iterable(texts.items() for texts in self._texts.values()))

    @cached_property
    def loose_words(self) -> dict[str, list[int]]:
        """What was said without a concept."""
        return _by_words(chain(self._texts[Meaning.GUESSED].items(), self._texts[Meaning.TEXT_ONLY].items()))

    @cached_property
    def text_only(self) -> _Texts:
        """What was said that may mean nothing in particular."""
        return _texts(_by_words(self._texts[Meaning.TEXT_ONLY].items()))

    @cached_property
    def all(self) -> _Texts:
        return _texts(self.words)


class Meaning(Enum):
    """What is known of the meaning of words."""

    UNDERSTOOD = auto()
    GUESSED = auto()
    TEXT_ONLY = auto()


def _by_words(texts: Iterable[tuple[str, int]]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for text, number in texts:
        if words := spelled(text):
            found[words].append(number)
    return dict(found)


def _texts(by_words: Mapping[str, Sequence[int]]) -> _Texts:
    return _columns((number, words) for words, numbers in by_words.items() for number in numbers)


def _columns(pairs: Iterable[tuple[int, str]]) -> _Texts:
    both = list(pairs)
    return np.array([number for number, _ in both], np.int64), [words for _, words in both]


class EncodedCards:
    """The cards, in the order given."""

    def __init__(self, cards: Sequence[Card], sources: Sources, shifts: dict[str, int]) -> None:
        self.ids = np.array([card.id for card in cards], np.int64)
        self.cards = Cards(_statements(cards, sources), _limits(cards, shifts))
        speaks = np.array([bool(card.skills) for card in cards], np.bool_)
        unknown = np.array([not card.industries for card in cards], np.bool_)
        self._of_any_trade = np.flatnonzero(speaks & unknown)
        self._of_trade: dict[str, Integers] = {}
        for trade in set(chain.from_iterable(card.industries or () for card in cards)):
            offered = np.array([trade in (card.industries or ()) for card in cards], np.bool_)
            self._of_trade[trade] = np.flatnonzero(speaks & (unknown | offered))

    def members(self, trade: str) -> Integers:
        """The cards that say anything and that the trade does not exclude, in order."""
        return self._of_trade.get(trade, self._of_any_trade)

    def used(self, trade: str, sources: Sources) -> Flags:
        """The sources of those cards."""
        used, starts = np.zeros(len(sources), np.bool_), self.cards.said.starts
        _, places = _picked(starts, self.members(trade))
        used[self.cards.said.about[places]] = True
        return used


def _statements(cards: Sequence[Card], sources: Sources) -> Statements:
    """A statement stands once for each of its sources."""
    skills = [skill for card in cards for skill in card.skills]
    both = chain.from_iterable(map(sources.of, skills))
    about = np.fromiter(both, np.int32, 2 * len(skills)).reshape(-1, 2)
    statement, column = np.nonzero(about >= 0)
    level = np.fromiter((skill.level for skill in skills), np.int64, len(skills)).clip(0, LEVELS)
    confidence = np.fromiter((skill.confidence for skill in skills), np.float64, len(skills))
    starts = np.searchsorted(statement, _starts(len(card.skills) for card in cards))
    return Statements(
        starts, about[statement, column], level.astype(np.uint16)[statement], confidence[statement]
    )


def statements_by_source_of(said: Statements, sources: int) -> StatementsBySource:
    """The statements by source."""
    order = np.argsort(said.about, kind="stable")
    cards = np.repeat(np.arange(len(said.starts) - 1, dtype=np.int32), np.diff(said.starts))
    starts = _starts(np.bincount(said.about, minlength=sources))
    return StatementsBySource(starts, cards[order], said.level[order], said.confidence[order])


def _limits(cards: Sequence[Card], shifts: dict[str, int]) -> Limits:
    degrees = np.array([card.place or (0.0, 0.0) for card in cards], np.float64).reshape(-1, 2)
    ranges = np.array([0.0 if card.range_km is None else card.range_km for card in cards], np.float64)
    tenths = _tenths(ranges)
    chord = _squared_chord((tenths + 0.5) / 10)
    return Limits(
        np.array([-math.inf if card.hours_min is None else card.hours_min for card in cards], np.float64),
        np.array([math.inf if card.hours_max is None else card.hours_max for card in cards], np.float64),
        _at_most(card.danish_speaking for card in cards),
        _at_most(card.danish_reading for card in cards),
        np.array([_bits(card.shifts_no, shifts) for card in cards], np.uint16),
        _point(degrees),
        degrees,
        tenths,
        np.array([card.place is None or card.range_km is None for card in cards], np.bool_),
        np.where(tenths < 0, -1.0, chord * (1 - CLOSE)),
        np.where(tenths < 0, -1.0, chord * (1 + CLOSE)),
    )


def _at_most(levels: Iterable[int | None]) -> Small:
    return np.array([NO_LIMIT if level is None else max(0, level) for level in levels], np.uint16)


def _bits(names: Iterable[str], bits: dict[str, int]) -> int:
    return sum(1 << bits.setdefault(name, len(bits)) for name in names)


def _tenths(ranges: Numbers) -> Integers:
    """The most tenths of a kilometre that, written with one decimal, are within each range."""
    limited = np.clip(ranges, -1.0, AROUND_THE_EARTH)
    tenths = np.floor(limited * 10)
    tenths += (tenths + 1) / 10 <= limited
    tenths -= tenths / 10 > limited
    return tenths.astype(np.int64)


def _squared_chord(km: Numbers) -> Numbers:
    """Through a sphere of radius 1, between points so far apart; infinite where nothing is farther."""
    angle = km / EARTH_RADIUS_KM
    return np.where(angle >= math.pi, np.inf, (2 * np.sin(np.minimum(angle, math.pi) / 2)) ** 2)


# --- Openings -----------------------------------------------------------------------------------------------


Asked = tuple[int | None, str, tuple[tuple[int, float], ...]]
"""A task's concept, its words, and what they may mean if it has none: with the root of each probability."""


class EncodedOpenings:
    """The openings, in the order given, with the tasks that bear on a score."""

    def __init__(
        self, openings: Sequence[Opening], related: Relations, weights: Weights, shifts: dict[str, int]
    ) -> None:
        self.ids = np.array([opening.id for opening in openings], np.int64)
        self.trades = [opening.industry for opening in openings]
        wanted = [Wanted(opening, related, weights) for opening in openings]
        self.total = np.array([one.total for one in wanted], np.float64)
        kept = [[one for one in each.asked if one.weight or each.affinity] for each in wanted]
        asked = list(chain.from_iterable(kept))
        self.starts = _starts(map(len, kept))
        self.asked: list[Asked] = [
            (one.task.concept, one.words, () if one.task.concept is not None else tuple(one.roots.items()))
            for one in asked
        ]
        self.level = np.array([one.task.level - 1 for one in asked], np.int32).clip(0, LEVELS - 1)
        self.weight = np.array([one.weight for one in asked], np.float64)
        gated = weights.must_held_at > 0
        self.must = np.array(
            [bool(gated and one.task.kind is Kind.MUST and one.weight) for one in asked], np.bool_
        )
        near = [
            [(answered, *other) for answered, others in one.affinity.items() for other in others]
            for one in wanted
        ]
        self.near_starts = _starts(map(len, near))
        flat = np.array(list(chain.from_iterable(near)), np.float64).reshape(-1, 3)
        self.near_from, self.near_to = flat[:, 0].astype(np.int32), flat[:, 1].astype(np.int32)
        self.near_likeness = np.ascontiguousarray(flat[:, 2])
        self._demand(openings, shifts)

    def _demand(self, openings: Sequence[Opening], shifts: dict[str, int]) -> None:
        self.hours = np.array([opening.hours_per_week for opening in openings], np.float64)
        self.speaking = np.array([max(0, opening.danish_speaking) for opening in openings], np.uint16)
        self.reading = np.array([max(0, opening.danish_reading) for opening in openings], np.uint16)
        self.shifts = np.array([_bits(opening.shifts, shifts) for opening in openings], np.uint16)
        places: dict[tuple[float, float] | None, int] = {}
        self.place = np.array(
            [places.setdefault(opening.place, len(places)) for opening in openings], np.int64
        )
        self.place_known = np.array([place is not None for place in places], np.bool_)
        self.place_degrees = np.array([place or (0.0, 0.0) for place in places], np.float64).reshape(-1, 2)
        self.place_point = _point(self.place_degrees)

    def by_trade(self) -> dict[str, Integers]:
        """The rows of each trade that have anything to compare."""
        rows: dict[str, list[int]] = defaultdict(list)
        for row, trade in enumerate(self.trades):
            if self.total[row]:
                rows[trade].append(row)
        return {trade: np.array(each, np.int64) for trade, each in rows.items()}


# --- What a source tells about a subject --------------------------------------------------------------------


class Telling(NamedTuple):
    """What sources tell about subjects, and how alike they are (0-1)."""

    source: Integers
    subject: Integers
    likeness: Numbers


class Subjects:
    """What tasks ask for, numbered: concepts, then words without one, then second subjects.

    `first` and `second` are those of every task; -1 where there is no second one.
    """

    def __init__(self, asked: Sequence[Asked]) -> None:
        concepts = dict.fromkeys(concept for concept, _, _ in asked if concept is not None)
        loose = dict.fromkeys((words, roots) for concept, words, roots in asked if concept is None)
        worded = dict.fromkeys(words for concept, words, _ in asked if concept is not None and words)
        self._concepts = {concept: number for number, concept in enumerate(concepts)}
        self._loose = {key: number for number, key in enumerate(loose, len(concepts))}
        self.first_words = len(concepts) + len(loose)
        self._worded = {words: number for number, words in enumerate(worded, self.first_words)}
        self.first = np.array(
            [
                self._loose[words, roots] if concept is None else self._concepts[concept]
                for concept, words, roots in asked
            ],
            np.int64,
        )
        self.second = np.array(
            [-1 if concept is None else self._worded.get(words, -1) for concept, words, _ in asked], np.int64
        )

    @cached_property
    def _understood(self) -> EncodedMeanings:
        return EncodedMeanings.of((number, concept, 1.0) for concept, number in self._concepts.items())

    @cached_property
    def _guessed(self) -> EncodedMeanings:
        return EncodedMeanings.of(
            (number, concept, root) for (_, roots), number in self._loose.items() for concept, root in roots
        )

    @cached_property
    def _loose_words(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for (words, _), number in self._loose.items():
            if words:
                found[words].append(number)
        return dict(found)

    @cached_property
    def _mute(self) -> _Texts:
        return _columns((n, words) for (words, roots), n in self._loose.items() if words and not roots)

    @cached_property
    def _meaning_something(self) -> _Texts:
        guessed = ((n, words) for (words, roots), n in self._loose.items() if words and roots)
        return _columns(chain(guessed, ((n, words) for words, n in self._worded.items())))

    def told_by(self, sources: Sources, used: Flags | None, ties: "Ties", weights: Weights) -> Telling:
        """What each of the `used` sources (of all, where none are named) tells about each subject."""
        found = [
            *self._by_concept(sources, ties), *self._by_guess(sources, used, weights),
            self._by_same_words(sources), *self._by_similar_words(sources, weights),
        ]  # fmt: skip
        source, subject, likeness = (np.concatenate(column) for column in zip(*found, strict=True))
        if used is None:
            return Telling(source, subject, likeness)
        kept = used[source]
        return Telling(source[kept], subject[kept], likeness[kept])

    def _by_concept(self, sources: Sources, ties: "Ties") -> Iterator[Telling]:
        source, subject = _joined(sources.understood, self._understood)
        same = sources.understood.number[source], self._understood.number[subject]
        yield Telling(*same, np.ones(len(source)))
        for asked, held, likeness in ties.between(self._concepts.keys(), sources.concepts):
            start, end = np.searchsorted(sources.understood.concept, [held, held + 1])
            telling = sources.understood.number[start:end]
            asking = np.full(len(telling), self._concepts[asked])
            yield Telling(telling, asking, np.full(len(telling), likeness))

    def _by_guess(self, sources: Sources, used: Flags | None, weights: Weights) -> Iterator[Telling]:
        guessed = sources.guessed if used is None else sources.guessed.among(used)
        for told, asked in (
            (guessed, self._understood),
            (sources.understood, self._guessed),
            (guessed, self._guessed),
        ):
            source, subject = _joined(told, asked)
            if len(source):
                pairs = told.number[source] * self._size + asked.number[subject]
                pair, place = np.unique(pairs, return_inverse=True)
                products = asked.root[subject] * told.root[source]
                shared = np.bincount(place, products, minlength=len(pair)).astype(np.float64)
                there = (likeness := _guessed(shared, weights)) > 0
                yield Telling(pair[there] // self._size, pair[there] % self._size, likeness[there])

    @property
    def _size(self) -> int:
        return self.first_words + len(self._worded)

    def _by_same_words(self, sources: Sources) -> Telling:
        same: list[tuple[int, int]] = []
        if self._loose_words:
            for words in self._loose_words.keys() & sources.words.keys():
                same += product(sources.words[words], self._loose_words[words])
        for words in self._worded.keys() & sources.loose_words.keys():
            same += product(sources.loose_words[words], [self._worded[words]])
        source, subject = np.array(same, np.int64).reshape(-1, 2).T
        return Telling(source, subject, np.ones(len(same)))

    def _by_similar_words(self, sources: Sources, weights: Weights) -> Iterator[Telling]:
        """Where one side may mean nothing in particular."""
        if self._mute[1]:
            yield from _alike(sources.all, self._mute, weights)
        if sources.text_only[1]:
            yield from _alike(sources.text_only, self._meaning_something, weights)


def _guessed(shared: Numbers, weights: Weights) -> Numbers:
    """As `Wanted` has it for one pair, from the sum over the meanings they share."""
    square = np.minimum(1.0, shared * shared)
    odds = GUESS_ODDS * square
    return weights.guess_at_most * odds / (1 - square + odds)


def _joined(told: EncodedMeanings, asked: EncodedMeanings) -> tuple[Integers, Integers]:
    """Every pair of rows with the same concept, in order of concept."""
    if len(told.concept) > len(asked.concept):
        second, first = _joined(asked, told)
        return first, second
    start = asked.concept.searchsorted(told.concept, "left")
    return _spread(start, asked.concept.searchsorted(told.concept, "right"))


def _spread(start: Integers, end: Integers) -> tuple[Integers, Integers]:
    """Every i with every place of `start[i]:end[i]`."""
    lengths = end - start
    first = np.arange(len(lengths)).repeat(lengths)
    return first, np.arange(len(first)) + (start - (lengths.cumsum() - lengths)).repeat(lengths)


def _alike(told: _Texts, asked: _Texts, weights: Weights) -> Iterator[Telling]:
    """How alike the words of every pair are, as `matching` has it."""
    (sources, texts), (subjects, words) = told, asked
    workers = -1 if len(texts) * len(words) > MANY_TEXTS else 1
    for start in range(0, len(texts) if words else 0, TEXTS_AT_ONCE):
        likeness = process.cdist(
            texts[start : start + TEXTS_AT_ONCE], words, scorer=fuzz.ratio,
            score_cutoff=100 * weights.text_at_least, dtype=np.float64, workers=workers,
        )  # fmt: skip
        row, column = np.nonzero(likeness)
        yield Telling(sources[row + start], subjects[column], likeness[row, column] / 100)


class Ties:
    """The relations that count, from either side."""

    def __init__(self, related: Relations, weights: Weights) -> None:
        self._by_asked: dict[int, list[tuple[int, int, float]]] = defaultdict(list)
        self._by_held: dict[int, list[tuple[int, int, float]]] = defaultdict(list)
        for (asked, held), raw in related.items():
            likeness = min(weights.related_at_most, raw)
            if likeness > 0 and asked != held:
                self._by_asked[asked].append((asked, held, likeness))
                self._by_held[held].append((asked, held, likeness))

    def between(self, asked: Set[int], held: Set[int]) -> Iterator[tuple[int, int, float]]:
        """Those from one of the concepts asked to one of the concepts held."""
        if len(asked) < len(held):
            found = (tie for concept in asked for tie in self._by_asked.get(concept, ()))
        else:
            found = (tie for concept in held for tie in self._by_held.get(concept, ()))
        return (tie for tie in found if tie[0] in asked and tie[1] in held)


# --- The openings of a trade --------------------------------------------------------------------------------


class Codes:
    """The codes that the tasks of some openings ask, in order of subject."""

    def __init__(self, first: Integers, second: Integers, level: Places) -> None:
        """The two subjects of every task, -1 where there is none, and the level asked."""
        one, other = first * LEVELS + level, second * LEVELS + level
        self._codes = np.unique(np.concatenate([one, other[second >= 0]]))
        self.first = np.searchsorted(self._codes, one).astype(np.int32)
        self.second = np.where(second < 0, -1, np.searchsorted(self._codes, other)).astype(np.int32)

    def __len__(self) -> int:
        return len(self._codes)

    def links(self, telling: Telling, sources: int, first_words: int) -> CodesBySource:
        """What each of so many sources tells about the codes. `first_words` is the first of the second subjects."""
        start, end = (self._codes.searchsorted((telling.subject + one) * LEVELS) for one in (0, 1))
        told, code = _spread(start, end)
        source = telling.source[told]
        order = np.argsort(source, kind="stable")
        code = code[order]
        return CodesBySource(
            _starts(np.bincount(source, minlength=sources)),
            code.astype(np.int32),
            (self._codes[code] % LEVELS).astype(np.int32),
            telling.likeness[told][order],
            int(np.searchsorted(self._codes, first_words * LEVELS)),
        )


def sources_by_code_of(links: CodesBySource, codes: int) -> SourcesByCode:
    """The links by code."""
    order = np.argsort(links.code, kind="stable")
    source = np.repeat(np.arange(len(links.starts) - 1, dtype=np.int32), np.diff(links.starts))
    starts = _starts(np.bincount(links.code, minlength=codes))
    asked = np.zeros(codes, np.int32)
    asked[links.code] = links.asked
    return SourcesByCode(starts, source[order], links.likeness[order], asked)


class Trade(NamedTuple):
    """The openings of one trade, and what they ask for."""

    block: TradeBlock
    subjects: Subjects
    codes: Codes

    @classmethod
    def of(cls, offers: EncodedOpenings, rows: Integers) -> Self:
        """`rows` are ascending."""
        rows = rows[np.lexsort((rows, offers.place[rows]))]
        _, task = _picked(offers.starts, rows)
        subjects = Subjects([offers.asked[one] for one in task.tolist()])
        codes = Codes(subjects.first, subjects.second, offers.level[task])
        tasks = _tasks(offers, rows, codes)
        musts = np.add.reduceat(tasks.must.astype(np.uint32), tasks.starts[:-1])
        counted = musts <= kernel.MOST_MUSTS
        weight_bits = kernel.WORTH_BITS - kernel.VALUE_BITS - math.ceil(math.log2(max(1, tasks.total.max())))
        unit = 2.0 ** (weight_bits + kernel.VALUE_BITS)
        full, held = tasks.total * unit, np.where(counted, musts * kernel.HELD, 0).astype(np.uint16)
        block = TradeBlock(
            rows, np.argsort(rows).astype(np.int32), _padded(held), tasks,
            _postings(tasks, counted, len(codes), 2.0**weight_bits), _demands(offers, rows), unit, full,
            _padded((1 / full).astype(np.float32)), _slack(tasks, counted, 2.0**weight_bits),
        )  # fmt: skip
        return cls(block, subjects, codes)

    def links(self, sources: Sources, used: Flags | None, ties: Ties, weights: Weights) -> CodesBySource:
        """What the `used` sources (or all) tell about the trade's tasks."""
        telling = self.subjects.told_by(sources, used, ties, weights)
        return self.codes.links(telling, len(sources), self.subjects.first_words)


def _padded(values: npt.NDArray[Padded]) -> npt.NDArray[Padded]:
    """With zeros, to whole chunks."""
    found = np.zeros(-(-len(values) // kernel.CHUNK) * kernel.CHUNK, values.dtype)
    found[: len(values)] = values
    return found


def _picked(starts: Integers, rows: Integers) -> tuple[Integers, Integers]:
    """The runs of these rows: where each now starts, and the places they had."""
    _, places = _spread(starts[rows], starts[rows + 1])
    return _starts(starts[rows + 1] - starts[rows]), places


def _tasks(offers: EncodedOpenings, rows: Integers, codes: Codes) -> Tasks:
    starts, task = _picked(offers.starts, rows)
    near_starts, near = _picked(offers.near_starts, rows)
    return Tasks(
        starts, codes.first, codes.second, offers.weight[task], offers.must[task], offers.total[rows],
        near_starts, offers.near_from[near], offers.near_to[near], offers.near_likeness[near],
    )  # fmt: skip


def _postings(tasks: Tasks, counted: Flags, codes: int, scale: float) -> Postings:
    opening = np.repeat(np.arange(len(tasks.total), dtype=np.int32), np.diff(tasks.starts))
    weight = np.ceil(tasks.weight * scale).astype(np.uint32)
    must, bears = tasks.must & counted[opening], tasks.weight > 0
    places = [np.flatnonzero(bears), np.flatnonzero(bears & (tasks.words >= 0))]
    task, code = np.concatenate(places), np.concatenate([tasks.code[places[0]], tasks.words[places[1]]])
    order = np.lexsort((~must[task], code))
    starts = _starts(np.bincount(code, minlength=codes))
    must_ends = starts[:-1] + np.bincount(code[must[task]], minlength=codes)
    return Postings(starts, must_ends, opening[task[order]], weight[task[order]])


def _slack(tasks: Tasks, counted: Flags, scale: float) -> float:
    """How far a bound may lie above the score; all the way where it does not count the gate."""
    if not counted.all():
        return 1.0
    values_up, weights_up = 1 / (1 << kernel.VALUE_BITS), np.diff(tasks.starts) / (tasks.total * scale)
    return float(values_up + weights_up.max() * (1 + values_up) + kernel.DOUBT)


def _demands(offers: EncodedOpenings, rows: Integers) -> BlockConditions:
    """`rows` are grouped by place."""
    places, starts = np.unique(offers.place[rows], return_index=True)
    speaking, reading, shifts = offers.speaking[rows], offers.reading[rows], offers.shifts[rows]
    hours = offers.hours[rows]
    extremes = [speaking.max(), reading.max(), np.bitwise_or.reduce(shifts)]
    return BlockConditions(
        hours, speaking, reading, shifts, float(hours.min()), float(hours.max()), np.array(extremes, np.uint16),
        np.append(starts, len(rows)), offers.place_known[places], offers.place_point[places],
        offers.place_degrees[places],
    )  # fmt: skip
