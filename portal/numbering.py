"""Openings and cards as the numbers that `kernel` works on.

Pure. A *source* is what a statement on a card is about: its concept, or what it may mean, and the words it was said
in. A *subject* is what a task asks for: a concept; words and what they may mean, where it has no concept; and as a
second subject the words of a task that has one, for statements without a concept. Links say what a source tells about
a subject, as `matching` would.
"""

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from functools import cached_property
from itertools import chain
from typing import Final, NamedTuple, Self

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process

from portal import kernel
from portal.kernel import Block, Cards, Demands, Holders, Limits, Links, Postings, Statements, Tasks, Terms
from portal.matching import (
    EARTH_RADIUS_KM,
    GUESS_ODDS,
    Card,
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

LEVELS: Final = 4  # asked: 1-4; held: 0-4
TEXTS_AT_ONCE: Final = 128  # rows of a comparison of texts: some tens of megabytes
MANY_TEXTS: Final = 100_000  # comparisons that are worth more than one thread
NO_LIMIT: Final = 65535
CLOSE: Final = 1e-6  # of a squared chord: nearer a card's range, the kernel works out the distance itself
AROUND_THE_EARTH: Final = 2 * math.pi * EARTH_RADIUS_KM


def terms_of(weights: Weights) -> Terms:
    """What `kernel` needs of the weights."""
    fit = np.array(
        [[weights.fit(held, asked) for asked in range(1, LEVELS + 1)] for held in range(LEVELS + 1)]
    )
    halvings = kernel.MOST_HALVINGS << kernel.SIXTEENTHS
    if weights.gate > 0:
        halvings = min(halvings, math.floor(math.log2(1 / weights.gate) * (1 << kernel.SIXTEENTHS)))
    return Terms(fit, weights.gate, weights.must_held_at, halvings)


def _starts(lengths: Iterable[int]) -> Integers:
    found = lengths if isinstance(lengths, np.ndarray) else np.array(list(lengths), np.int64)
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(found, dtype=np.int64)])


def _point(degrees: Numbers) -> Numbers:
    """On the unit sphere."""
    latitude, longitude = np.radians(degrees).T
    flat = np.cos(latitude)
    return np.stack([flat * np.cos(longitude), flat * np.sin(longitude), np.sin(latitude)], axis=1)


# --- Cards --------------------------------------------------------------------------------------------------


class Meanings(NamedTuple):
    """What sources or subjects may mean, by concept: each with the root of its probability."""

    number: Integers
    concept: Integers
    root: Numbers

    @classmethod
    def of(cls, found: Iterable[tuple[int, int, float]]) -> Self:
        number, concept, root = np.array([*found], np.float64).reshape(-1, 3).T
        order = np.argsort(concept, kind="stable")
        return cls(number[order].astype(np.int64), concept[order].astype(np.int64), root[order])


_Texts = tuple[Integers, list[str]]


class Sources:
    """What statements are about, numbered as they come; looked up once all are numbered."""

    def __init__(self) -> None:
        self.number: dict[tuple[int | None, str, Guesses], int] = {}

    def __len__(self) -> int:
        return len(self.number)

    @cached_property
    def concepts(self) -> set[int]:
        return {concept for concept, _, _ in self.number if concept is not None}

    @cached_property
    def understood(self) -> Meanings:
        """Those with a concept."""
        found = ((number, key[0], 1.0) for key, number in self.number.items() if key[0] is not None)
        return Meanings.of(found)

    @cached_property
    def guessed(self) -> Meanings:
        """Those that may mean something."""
        return Meanings.of(
            (number, meant, root)
            for (concept, _, guesses), number in self.number.items()
            if concept is None
            for meant, root in roots_of(None, guesses).items()
        )

    @cached_property
    def words(self) -> dict[str, list[int]]:
        """All, by their words; those that say nothing are left out."""
        return _by_words((number, text) for (_, text, _), number in self.number.items())

    @cached_property
    def loose_words(self) -> dict[str, list[int]]:
        """Those without a concept."""
        return _by_words(
            (number, text) for (concept, text, _), number in self.number.items() if concept is None
        )

    @cached_property
    def mute(self) -> _Texts:
        """Those that have only words, and may mean nothing in particular."""
        meant = set(self.guessed.number.tolist())
        return _texts(
            {words: [one for one in of if one not in meant] for words, of in self.loose_words.items()}
        )

    @cached_property
    def all(self) -> _Texts:
        return _texts(self.words)


def _by_words(texts: Iterable[tuple[int, str]]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for number, text in texts:
        if words := spelled(text):
            found[words].append(number)
    return dict(found)


def _texts(by_words: Mapping[str, Sequence[int]]) -> _Texts:
    pairs = [(number, words) for words, numbers in by_words.items() for number in numbers]
    return np.array([number for number, _ in pairs], np.int64), [words for _, words in pairs]


class People:
    """The cards, in the order given; `speaks` are those that say anything."""

    def __init__(self, cards: Sequence[Card], sources: Sources, shifts: dict[str, int]) -> None:
        self.ids = np.array([card.id for card in cards], np.int64)
        self.cards = Cards(_statements(cards, sources), _limits(cards, shifts))
        self.speaks = np.diff(self.cards.said.starts) > 0
        self._unknown = np.array([not card.industries for card in cards], np.bool_)
        self._fits: dict[str, Flags] = {}
        for trade in set(chain.from_iterable(card.industries or () for card in cards)):
            offered = [trade in (card.industries or ()) for card in cards]
            self._fits[trade] = self._unknown | np.array(offered, np.bool_)

    def fits(self, trade: str) -> Flags:
        """The cards that the trade does not exclude."""
        return self._fits.get(trade, self._unknown)


def _statements(cards: Sequence[Card], sources: Sources) -> Statements:
    starts, number = _starts(len(card.skills) for card in cards), sources.number
    skills = [skill for card in cards for skill in card.skills]
    about = (
        number.setdefault(
            (skill.concept, skill.text, skill.guesses if skill.concept is None else ()), len(number)
        )
        for skill in skills
    )
    level = np.fromiter((skill.level for skill in skills), np.int64, len(skills))
    return Statements(
        starts,
        np.fromiter(about, np.int32, len(skills)),
        np.clip(level, 0, LEVELS).astype(np.uint16),
        np.fromiter((skill.confidence for skill in skills), np.float64, len(skills)),
    )


def holders_of(said: Statements, sources: int) -> Holders:
    """The statements by source."""
    order = np.argsort(said.about, kind="stable")
    cards = np.repeat(np.arange(len(said.starts) - 1, dtype=np.int32), np.diff(said.starts))
    starts = _starts(np.bincount(said.about, minlength=sources))
    return Holders(starts, cards[order], said.level[order], said.confidence[order])


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


class Offers:
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
        self.subjects = [
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


class Subjects:
    """What the tasks of all openings ask for, numbered: concepts, then words without one, then second subjects."""

    def __init__(self, offers: Offers) -> None:
        concepts = dict.fromkeys(concept for concept, _, _ in offers.subjects if concept is not None)
        loose = dict.fromkeys((words, roots) for concept, words, roots in offers.subjects if concept is None)
        worded = dict.fromkeys(
            words for concept, words, _ in offers.subjects if concept is not None and words
        )
        self._concepts = {concept: number for number, concept in enumerate(concepts)}
        self._loose = {key: number for number, key in enumerate(loose, len(concepts))}
        self._first_words = len(concepts) + len(loose)
        self._worded = {words: number for number, words in enumerate(worded, self._first_words)}
        self.first = np.array(
            [
                self._loose[words, roots] if concept is None else self._concepts[concept]
                for concept, words, roots in offers.subjects
            ],
            np.int32,
        )
        self.second = np.array(
            [-1 if concept is None else self._worded.get(words, -1) for concept, words, _ in offers.subjects],
            np.int32,
        )
        self._understood = Meanings.of((number, concept, 1.0) for concept, number in self._concepts.items())
        self._guessed = Meanings.of(
            (number, concept, root) for (_, roots), number in self._loose.items() for concept, root in roots
        )

    def __len__(self) -> int:
        return self._first_words + len(self._worded)

    def links(self, sources: Sources, ties: "Ties", weights: Weights) -> Links:
        """What each source tells about each subject."""
        found = [
            *self._by_concept(sources, ties), *self._by_guess(sources, weights),
            *self._by_same_words(sources), *self._by_similar_words(sources, weights),
        ]  # fmt: skip
        source, subject, likeness = (np.concatenate(column) for column in zip(*found, strict=True))
        order = np.argsort(source, kind="stable")
        starts = _starts(np.bincount(source, minlength=len(sources)))
        return Links(starts, subject[order].astype(np.int32), likeness[order], self._first_words)

    def _by_concept(self, sources: Sources, ties: "Ties") -> Iterator["_Found"]:
        source, subject = _joined(sources.understood, self._understood)
        yield sources.understood.number[source], self._understood.number[subject], np.ones(len(source))
        for asked, held, likeness in ties.between(self._concepts.keys(), sources.concepts):
            start, end = np.searchsorted(sources.understood.concept, [held, held + 1])
            telling = sources.understood.number[start:end]
            yield telling, np.full(len(telling), self._concepts[asked]), np.full(len(telling), likeness)

    def _by_guess(self, sources: Sources, weights: Weights) -> Iterator["_Found"]:
        for told, asked in (
            (sources.guessed, self._understood),
            (sources.understood, self._guessed),
            (sources.guessed, self._guessed),
        ):
            source, subject = _joined(told, asked)
            pairs = told.number[source] * len(self) + asked.number[subject]
            pair, place = np.unique(pairs, return_inverse=True)
            products = asked.root[subject] * told.root[source]
            shared = np.bincount(place, products, minlength=len(pair)).astype(np.float64)
            there = (likeness := _guessed(shared, weights)) > 0
            yield pair[there] // len(self), pair[there] % len(self), likeness[there]

    def _by_same_words(self, sources: Sources) -> Iterator["_Found"]:
        same = [
            (source, subject)
            for (words, _), subject in self._loose.items()
            for source in sources.words.get(words, ())
        ]
        same += [
            (source, self._worded[words])
            for words in self._worded.keys() & sources.loose_words.keys()
            for source in sources.loose_words[words]
        ]
        source, subject = np.array(same, np.int64).reshape(-1, 2).T
        yield source, subject, np.ones(len(same))

    def _by_similar_words(self, sources: Sources, weights: Weights) -> Iterator["_Found"]:
        """Where one side may mean nothing in particular."""
        if mute := [(words, number) for (words, roots), number in self._loose.items() if words and not roots]:
            yield from _alike(sources.all, mute, weights)
        if self._loose or self._worded:
            guessed = [(words, number) for (words, roots), number in self._loose.items() if words and roots]
            yield from _alike(sources.mute, [*guessed, *self._worded.items()], weights)


_Found = tuple[Integers, Integers, Numbers]


def _guessed(shared: Numbers, weights: Weights) -> Numbers:
    """As `Wanted` has it for one pair, from the sum over the meanings they share."""
    square = np.minimum(1.0, shared * shared)
    odds = GUESS_ODDS * square
    return weights.guess_at_most * odds / (1 - square + odds)


def _joined(told: Meanings, asked: Meanings) -> tuple[Integers, Integers]:
    """Every pair of rows with the same concept, in order of concept."""
    if len(told.concept) > len(asked.concept):
        second, first = _joined(asked, told)
        return first, second
    start, end = (np.searchsorted(asked.concept, told.concept, side) for side in ("left", "right"))
    lengths = end - start
    first = np.repeat(np.arange(len(lengths)), lengths)
    return first, np.arange(len(first)) + np.repeat(start - (np.cumsum(lengths) - lengths), lengths)


def _alike(told: _Texts, asked: Collection[tuple[str, int]], weights: Weights) -> Iterator[_Found]:
    """How alike the words of every pair are, as `matching` has it."""
    sources, texts = told
    words, subjects = [text for text, _ in asked], np.array([number for _, number in asked], np.int64)
    workers = -1 if len(texts) * len(words) > MANY_TEXTS else 1
    for start in range(0, len(texts) if words else 0, TEXTS_AT_ONCE):
        likeness = process.cdist(
            texts[start : start + TEXTS_AT_ONCE], words, scorer=fuzz.ratio,
            score_cutoff=100 * weights.text_at_least, dtype=np.float64, workers=workers,
        )  # fmt: skip
        row, column = np.nonzero(likeness)
        yield sources[row + start], subjects[column], likeness[row, column] / 100


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


# --- Openings against the cards -----------------------------------------------------------------------------


def block_of(offers: Offers, rows: Integers, subjects: Subjects, terms: Terms) -> Block:
    """The openings `rows`, ascending, of one trade."""
    rows = rows[np.lexsort((rows, offers.place[rows]))]
    tasks = _tasks(offers, rows, subjects)
    musts = np.add.reduceat(tasks.must.astype(np.uint32), tasks.starts[:-1])
    counted = musts <= kernel.MOST_MUSTS
    postings = _postings(tasks, counted, len(subjects) * LEVELS)
    padded = np.zeros(-(-len(rows) // kernel.CHUNK) * kernel.CHUNK, np.uint32)
    padded[: len(rows)] = np.where(counted, musts, 0)
    by_id, slack = np.argsort(rows).astype(np.int32), _slack(tasks, counted, terms)
    return Block(rows, by_id, padded, tasks, postings, _demands(offers, rows), slack)


def _picked(starts: Integers, rows: Integers) -> tuple[Integers, Integers]:
    """The runs of these rows: where each now starts, and the places they had."""
    lengths = np.diff(starts)[rows]
    now = _starts(lengths)
    return now, np.repeat(starts[rows] - now[:-1], lengths) + np.arange(now[-1])


def _tasks(offers: Offers, rows: Integers, subjects: Subjects) -> Tasks:
    starts, task = _picked(offers.starts, rows)
    near_starts, near = _picked(offers.near_starts, rows)
    code = subjects.first[task] * LEVELS + offers.level[task]
    words = np.where(subjects.second[task] < 0, -1, subjects.second[task] * LEVELS + offers.level[task])
    return Tasks(
        starts, code.astype(np.int32), words.astype(np.int32), offers.weight[task], offers.must[task],
        offers.total[rows], near_starts, offers.near_from[near], offers.near_to[near], offers.near_likeness[near],
    )  # fmt: skip


def _shares(tasks: Tasks) -> Integers:
    """Each task's part of its opening, rounded up."""
    total = np.repeat(tasks.total, np.diff(tasks.starts))
    return np.ceil(tasks.weight / total * (1 << kernel.WEIGHT_BITS)).astype(np.int64)


def _postings(tasks: Tasks, counted: Flags, codes: int) -> Postings:
    opening = np.repeat(np.arange(len(tasks.total), dtype=np.int32), np.diff(tasks.starts))
    must, share = tasks.must & counted[opening], _shares(tasks)
    bears = tasks.weight > 0
    places = [np.flatnonzero(bears), np.flatnonzero(bears & (tasks.words >= 0))]
    task = np.concatenate(places)
    code = np.concatenate([tasks.code[places[0]], tasks.words[places[1]]])
    order = np.lexsort((~must[task], code))
    starts = _starts(np.bincount(code, minlength=codes))
    must_ends = starts[:-1] + np.bincount(code[must[task]], minlength=codes)
    return Postings(starts, must_ends, opening[task[order]], share[task[order]].astype(np.uint32))


def _slack(tasks: Tasks, counted: Flags, terms: Terms) -> int:
    """How far a bound may lie above the score; all the way where it does not count the gate exactly."""
    if terms.halvings % (1 << kernel.SIXTEENTHS) or not counted.all():
        return kernel.ONE
    rounded_up = (1 << kernel.WEIGHT_BITS) + int(np.diff(tasks.starts).max()) * ((1 << kernel.WORTH_BITS) + 1)
    return rounded_up + 2 * (kernel.ONE // kernel.SCORES + 1)


def _demands(offers: Offers, rows: Integers) -> Demands:
    """`rows` are grouped by place."""
    places, starts = np.unique(offers.place[rows], return_index=True)
    speaking, reading, shifts = offers.speaking[rows], offers.reading[rows], offers.shifts[rows]
    hours = offers.hours[rows]
    extremes = [speaking.max(), reading.max(), np.bitwise_or.reduce(shifts)]
    return Demands(
        hours, speaking, reading, shifts, float(hours.min()), float(hours.max()), np.array(extremes, np.uint16),
        np.append(starts, len(rows)), offers.place_known[places], offers.place_point[places],
        offers.place_degrees[places],
    )  # fmt: skip
