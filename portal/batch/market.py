"""Everybody at once: what `matching.rank` gives, for a whole country's openings and cards.

Pure, and true to `matching` in every rule: the pairs, their scores and their order are the same (property tests see
to it). Texts and concepts become numbers once, when a `Market` is made; the loops over pairs are compiled (`kernel`).
For the reasons behind a pair's scores ask `matching.score`. Figures: docs/benchmarks.md; design:
docs/adr/009-compiled-loops.md.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from portal.batch import kernel
from portal.batch.encoding import (
    EncodedCards,
    EncodedOpenings,
    Sources,
    Ties,
    Trade,
    sources_by_code_of,
    statements_by_source_of,
    terms_of,
)
from portal.batch.kernel import Lists, MarketTable, Search, SourcesByCode
from portal.matching import (
    NO_RELATIONS,
    STANDARD,
    Card,
    Opening,
    Relations,
    Weights,
    in_order,
    is_wished,
)

Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


class Pair(NamedTuple):
    """A card for an opening, or an opening for a card, with the figures `matching.score` gives."""

    id: int
    sure: float
    possible: float
    wished: bool = False
    lift: float = 0.0


class Winners(NamedTuple):
    """The best of everybody, as arrays: row i is about `opening_ids[i]` or `card_ids[i]`, best first."""

    opening_ids: Integers
    card_ids: Integers
    for_openings: kernel.Ranks
    for_cards: kernel.Ranks
    wishes: "Wishes"

    def by_opening(self) -> dict[int, list[Pair]]:
        """For every opening its best cards."""
        found = zip(self.opening_ids.tolist(), _pairs(self.for_openings, self.card_ids), strict=True)
        return {key: self.wishes.of_opening(key, pairs) for key, pairs in found}

    def by_card(self) -> dict[int, list[Pair]]:
        """For every card its best openings."""
        found = zip(self.card_ids.tolist(), _pairs(self.for_cards, self.opening_ids), strict=True)
        return {key: self.wishes.of_card(key, pairs) for key, pairs in found}


class Wishes:
    """Puts each list in the order of `matching.in_order`; only cards that wish for something are looked at."""

    def __init__(self, openings: Iterable[Opening], cards: Iterable[Card], weights: Weights) -> None:
        self._wishing = {card.id: card for card in cards if card.wished or card.wished_industries}
        self._openings = {opening.id: opening for opening in openings} if self._wishing else {}
        self._lift = 100 * weights.wish

    def of_opening(self, opening_id: int, cards: list[Pair]) -> list[Pair]:
        """The opening's list of cards."""
        if self._wishing.keys().isdisjoint(pair.id for pair in cards):
            return cards
        opening = self._openings[opening_id]
        return self._in_order(
            (pair, pair.id in self._wishing and is_wished(opening, self._wishing[pair.id])) for pair in cards
        )

    def of_card(self, card_id: int, openings: list[Pair]) -> list[Pair]:
        """The card's list of openings."""
        card = self._wishing.get(card_id)
        if card is None:
            return openings
        return self._in_order((pair, is_wished(self._openings[pair.id], card)) for pair in openings)

    def _in_order(self, pairs: Iterable[tuple[Pair, bool]]) -> list[Pair]:
        return list(
            in_order(
                pair._replace(wished=True, lift=self._lift) if wished else pair for pair, wished in pairs
            )
        )


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
        self._openings = sorted(openings, key=lambda opening: opening.id)
        everybody = sorted(cards, key=lambda card: card.id)
        self._wishing = [card for card in everybody if card.wished or card.wished_industries]
        self._wishes = Wishes(self._openings, self._wishing, weights)
        self._people = EncodedCards(everybody, self._sources, self._shifts)
        self._offers = EncodedOpenings(self._openings, related, weights, self._shifts)
        self._statements_by_source = statements_by_source_of(self._people.cards.said, len(self._sources))
        self._trades = {name: Trade.of(self._offers, rows) for name, rows in self._offers.by_trade().items()}
        self._tables = {
            name: self._table(trade, self._people, self._sources, self._people.used(name, self._sources))
            for name, trade in self._trades.items()
        }
        self._sources_by_code: dict[str, SourcesByCode] = {}  # made when first asked for

    def _table(
        self, trade: Trade, people: EncodedCards, sources: Sources, used: Flags | None = None
    ) -> MarketTable:
        links = trade.links(sources, used, self._ties, self._weights)
        return MarketTable(people.cards, links, trade.block, self._terms)

    def rank(self, top: int = 20) -> Winners:
        """The `top` partners of every opening and every card."""
        for_openings = np.full((len(self._offers.ids), top), kernel.NOBODY, np.int64)
        for_cards = np.full((len(self._people.ids), top), kernel.NOBODY, np.int64)
        with ThreadPoolExecutor(cores()) as threads:
            for name, table in self._tables.items():
                members = self._people.members(name)
                for_openings[table.block.row] = _rank_trade(table, members, for_cards, threads)
        return Winners(self._offers.ids, self._people.ids, for_openings, for_cards, self._wishes)

    def cards_for(self, opening: Opening, top: int = 20) -> list[Pair]:
        """The best cards for one opening, which may be new."""
        best = np.full((1, top), kernel.NOBODY, np.int64)
        at = _place_of(opening, self._openings, self._offers.ids)
        if at is None:
            self._search(opening, best)
        elif self._offers.total[at]:
            table = self._tables[opening.industry]
            if opening.industry not in self._sources_by_code:
                self._sources_by_code[opening.industry] = sources_by_code_of(
                    table.links, len(table.block.postings.must_ends)
                )
            rows = table.block.row
            at = int(table.block.by_id[np.searchsorted(rows, at, sorter=table.block.by_id)])
            self._find(table, self._sources_by_code[opening.industry], at, opening.industry, best)
        wishes = Wishes([opening], self._wishing, self._weights)
        return wishes.of_opening(opening.id, next(_pairs(best, self._people.ids)))

    def _search(self, opening: Opening, best: kernel.Ranks) -> None:
        """The cards for a new opening."""
        offer = EncodedOpenings([opening], self._related, self._weights, self._shifts)
        if offer.total[0]:
            trade = Trade.of(offer, np.zeros(1, np.int64))
            table = self._table(trade, self._people, self._sources)
            self._find(table, sources_by_code_of(table.links, len(trade.codes)), 0, opening.industry, best)

    def _find(
        self, table: MarketTable, sources_by_code: SourcesByCode, at: int, trade: str, best: kernel.Ranks
    ) -> None:
        place = int(table.block.demands.place_starts.searchsorted(at, "right")) - 1
        added = np.zeros(len(self._people.ids), np.int64)
        search = Search(
            at, place, self._people.members(trade), sources_by_code, self._statements_by_source, added
        )
        workspace = kernel.workspace_for(table.block, best.shape[1], both=False)
        kernel.rank_cards(table, search, workspace, best[0])

    def openings_for(self, card: Card, top: int = 20) -> list[Pair]:
        """The best openings for one card, which may be new."""
        best = np.full((1, top), kernel.NOBODY, np.int64)
        sources = Sources()
        person = EncodedCards([card], sources, self._shifts)
        for name, trade in self._trades.items():
            if len(person.members(name)):
                table = self._table(trade, person, sources)
                workspace = kernel.workspace_for(trade.block, top, both=False)
                kernel.rank_members(table, np.zeros(1, np.int64), workspace, Lists(best, best[:0]))
        wishes = Wishes(self._openings, [card], self._weights)
        return wishes.of_card(card.id, next(_pairs(best, self._offers.ids)))


def _place_of(opening: Opening, known: Sequence[Opening], ids: Integers) -> int | None:
    """Where the very same opening stands among the known ones."""
    at = int(ids.searchsorted(opening.id))
    return at if at < len(known) and known[at] == opening else None


def _rank_trade(
    table: MarketTable, members: Integers, for_cards: kernel.Ranks, threads: ThreadPoolExecutor
) -> kernel.Ranks:
    """Every core takes its share of the cards; gives the openings' lists."""
    shares, top = cores(), for_cards.shape[1]
    found = [np.full((len(table.block.row), top), kernel.NOBODY, np.int64) for _ in range(shares)]

    def work(share: int) -> None:
        workspace = kernel.workspace_for(table.block, top, both=True)
        kernel.rank_members(table, members[share::shares], workspace, Lists(for_cards, found[share]))

    list(threads.map(work, range(shares)))
    for others in found[1:]:
        kernel.merge(found[0], others)
    return found[0]


def _pairs(best: kernel.Ranks, ids: Integers) -> Iterator[list[Pair]]:
    """Each row's list, without its empty places."""
    scores, places = kernel.unpacked(best)
    sure, possible = (scores >> kernel.SCORE_BITS) / 10_000, (scores & kernel.SCORE_MASK) / 10_000
    partners = ids[places] if len(ids) else places
    lengths = (best != kernel.NOBODY).sum(axis=1).tolist()
    for row, length in enumerate(lengths):
        columns = partners[row, :length], sure[row, :length], possible[row, :length]
        yield [Pair(*pair) for pair in zip(*(column.tolist() for column in columns), strict=True)]


def cores() -> int:
    """How many threads are worth starting."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
