"""Everybody at once: what `matching.rank` gives, for a whole country's openings and cards.

Pure, and true to `matching` in every rule: the pairs, their scores and their order are the same (property tests see
to it). Texts and concepts become numbers once, when a `Market` is made; the loops over pairs are compiled (`kernel`).
For the reasons behind a pair's scores ask `matching.score`. Figures: docs/benchmarks.md; design:
docs/adr/009-compiled-loops.md.
"""

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from portal import kernel
from portal.kernel import Block, Desk, Lists, Search, Table
from portal.matching import NO_RELATIONS, STANDARD, Card, Opening, Relations, Weights
from portal.numbering import (
    LEVELS,
    Offers,
    People,
    Sources,
    Subjects,
    Ties,
    block_of,
    holders_of,
    terms_of,
)

Integers = npt.NDArray[np.int64]


class Pair(NamedTuple):
    """A card for an opening, or an opening for a card, with the scores `matching.score` gives."""

    id: int
    sure: float
    possible: float


class Winners(NamedTuple):
    """The best of everybody, as arrays: row i is about `opening_ids[i]` or `card_ids[i]`, best first."""

    opening_ids: Integers
    card_ids: Integers
    for_openings: kernel.Ranks
    for_cards: kernel.Ranks

    def by_opening(self) -> dict[int, list[Pair]]:
        """For every opening its best cards."""
        return dict(zip(self.opening_ids.tolist(), _pairs(self.for_openings, self.card_ids), strict=True))

    def by_card(self) -> dict[int, list[Pair]]:
        """For every card its best openings."""
        return dict(zip(self.card_ids.tolist(), _pairs(self.for_cards, self.opening_ids), strict=True))


def rank_all(
    openings: Iterable[Opening],
    cards: Iterable[Card],
    top: int = 20,
    related: Relations = NO_RELATIONS,
    weights: Weights = STANDARD,
) -> Winners:
    """The `top` partners of every opening and every card: by sure, then possible, then id."""
    return Market(openings, cards, related, weights).rank(top)


class Market:
    """Openings and cards made ready for ranking; what changes later is not seen.

    A rank of everybody uses all cores; `cards_for` and `openings_for` answer for one, on the core that asks.
    """

    def __init__(
        self,
        openings: Iterable[Opening],
        cards: Iterable[Card],
        related: Relations = NO_RELATIONS,
        weights: Weights = STANDARD,
    ) -> None:
        self._related, self._weights = related, weights
        self._terms, self._ties = terms_of(weights), Ties(related, weights)
        self._shifts: dict[str, int] = {}
        self._sources = Sources()
        self._people = People(sorted(cards, key=lambda card: card.id), self._sources, self._shifts)
        self._offers = Offers(
            sorted(openings, key=lambda opening: opening.id), related, weights, self._shifts
        )
        self._subjects = Subjects(self._offers)
        self._links = self._subjects.links(self._sources, self._ties, weights)
        self._holders = holders_of(self._people.cards.said, len(self._sources))
        self._blocks = {
            trade: block_of(self._offers, rows, self._subjects, self._terms)
            for trade, rows in self._offers.by_trade().items()
        }

    def rank(self, top: int = 20) -> Winners:
        """The `top` partners of every opening and every card."""
        for_openings = np.full((len(self._offers.ids), top), kernel.NOBODY, np.int64)
        for_cards = np.full((len(self._people.ids), top), kernel.NOBODY, np.int64)
        with ThreadPoolExecutor(_cores()) as threads:
            for trade, block in self._blocks.items():
                for_openings[block.row] = self._rank_block(trade, block, top, for_cards, threads)
        return Winners(self._offers.ids, self._people.ids, for_openings, for_cards)

    def _rank_block(
        self, trade: str, block: Block, top: int, for_cards: kernel.Ranks, threads: ThreadPoolExecutor
    ) -> kernel.Ranks:
        table = Table(self._people.cards, self._links, block, self._terms)
        members, shares = np.flatnonzero(self._people.fits(trade) & self._people.speaks), _cores()
        found = [np.full((len(block.row), top), kernel.NOBODY, np.int64) for _ in range(shares)]

        def work(share: int) -> None:
            lists = Lists(for_cards, found[share])
            kernel.rank_members(table, members[share::shares], self._desk(block, top), lists)

        list(threads.map(work, range(shares)))
        for others in found[1:]:
            kernel.merge(found[0], others)
        return found[0]

    def cards_for(self, opening: Opening, top: int = 20) -> list[Pair]:
        """The best cards for one opening, which may be new."""
        offer = Offers([opening], self._related, self._weights, self._shifts)
        best = np.full((1, top), kernel.NOBODY, np.int64)
        if offer.total[0]:
            subjects = Subjects(offer)
            links = subjects.links(self._sources, self._ties, self._weights)
            block = block_of(offer, np.zeros(1, np.int64), subjects, self._terms)
            table = Table(self._people.cards, links, block, self._terms)
            telling = np.flatnonzero(np.diff(links.starts)).astype(np.int32)
            added = np.zeros(len(self._people.ids), np.int64)
            search = Search(self._people.fits(opening.industry), telling, self._holders, added)
            desk = kernel.desk_for(block, len(subjects), LEVELS, top, both=False)
            kernel.rank_cards(table, search, desk, best[0])
        return next(_pairs(best, self._people.ids))

    def openings_for(self, card: Card, top: int = 20) -> list[Pair]:
        """The best openings for one card, which may be new."""
        sources = Sources()
        person = People([card], sources, self._shifts)
        best = np.full((1, top), kernel.NOBODY, np.int64)
        if card.skills:
            links = self._subjects.links(sources, self._ties, self._weights)
            for trade, block in self._blocks.items():
                if person.fits(trade)[0]:
                    table = Table(person.cards, links, block, self._terms)
                    desk = self._desk(block, top, both=False)
                    kernel.rank_members(table, np.zeros(1, np.int64), desk, Lists(best, best[:0]))
        return next(_pairs(best, self._offers.ids))

    def _desk(self, block: Block, top: int, both: bool = True) -> Desk:
        return kernel.desk_for(block, len(self._subjects), LEVELS, top, both)


def _pairs(best: kernel.Ranks, ids: Integers) -> Iterator[list[Pair]]:
    """Each row's list, without its empty places."""
    scores, places = kernel.unpacked(best)
    sure, possible = (scores >> kernel.SCORE_BITS) / 10_000, (scores & kernel.SCORE_MASK) / 10_000
    partners = ids[places] if len(ids) else places
    lengths = (best != kernel.NOBODY).sum(axis=1).tolist()
    for row, length in enumerate(lengths):
        columns = partners[row, :length], sure[row, :length], possible[row, :length]
        yield [Pair(*pair) for pair in zip(*(column.tolist() for column in columns), strict=True)]


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
