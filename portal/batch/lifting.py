"""How many people something to learn would bring over the bar, for which openings: each help tried on everybody.

A help is what would stand on a card besides. The figures are those of `matching.score` on the card as it would be
(a property test sees to it); the loops are `kernel`'s, on one core: nobody waits for this count, and a server that is
asked to stop would wait for the threads of a pool.
"""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from portal.batch import kernel
from portal.batch.encoding import EncodedCards, EncodedOpenings, Sources, Ties, Trade, terms_of
from portal.batch.kernel import Before, CodesBySource, Helps, Lifted, MarketTable, Statements
from portal.matching import NO_RELATIONS, STANDARD, Card, CardSkill, Opening, Relations, Weights

Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

TEN_THOUSANDTHS: Final = 10_000

Help = Sequence[CardSkill]


class Lift(NamedTuple):
    """The ids of who would be over the bar for at least one opening, and of those openings."""

    cards: tuple[int, ...]
    openings: tuple[int, ...]


def lifts(
    openings: Iterable[Opening],
    cards: Iterable[Card],
    helps: Sequence[Help],
    bar: float,
    related: Relations = NO_RELATIONS,
    weights: Weights = STANDARD,
) -> list[Lift]:
    """What each help would do. A pair that is over the bar already, or that a condition excludes, is not counted."""
    return _Lifting(openings, cards, helps, bar, related, weights).count()


class _Lifting:
    """Openings, cards and helps as numbers."""

    def __init__(
        self,
        openings: Iterable[Opening],
        cards: Iterable[Card],
        helps: Sequence[Help],
        bar: float,
        related: Relations,
        weights: Weights,
    ) -> None:
        self.weights, self.ties, self.terms = weights, Ties(related, weights), terms_of(weights)
        self.sure = round(bar * TEN_THOUSANDTHS)
        self.sources, shifts = Sources(), dict[str, int]()
        self.everybody = sorted(cards, key=lambda card: card.id)
        self.people = EncodedCards(self.everybody, self.sources, shifts)
        self.helps = EncodedCards([_card_of(help_) for help_ in helps], self.sources, shifts).cards.said
        wanted = sorted(openings, key=lambda opening: opening.id)
        self.offers = EncodedOpenings(wanted, related, weights, shifts)
        self.cards = np.zeros((len(helps), len(self.everybody)), np.bool_)
        self.openings = np.zeros((len(helps), len(wanted)), np.bool_)

    def count(self) -> list[Lift]:
        for name, rows in self.offers.by_trade().items():
            self._count_trade(Trade.of(self.offers, rows), self._members(name))
        return [
            Lift(
                tuple(self.people.ids[np.flatnonzero(of_cards)].tolist()),
                tuple(self.offers.ids[np.flatnonzero(of_openings)].tolist()),
            )
            for of_cards, of_openings in zip(self.cards, self.openings, strict=True)
        ]

    def _members(self, trade: str) -> Integers:
        """Also who says nothing yet: a course may be the first thing on her card."""
        asked = (not card.industries or trade in card.industries for card in self.everybody)
        return np.flatnonzero(np.fromiter(asked, np.bool_, len(self.everybody)))

    def _count_trade(self, trade: Trade, members: Integers) -> None:
        links = trade.links(self.sources, None, self.ties, self.weights)
        table = MarketTable(self.people.cards, links, trade.block, self.terms)
        helps = self._helps(links, trade)
        most = int(np.diff(helps.starts).max(initial=0))
        found = np.zeros((len(helps.worded), len(trade.block.row)), np.bool_)
        room = Before(
            np.zeros(most),
            np.zeros(most),
            np.zeros(most, np.bool_),
            np.zeros(len(trade.block.row)),
        )
        workspace = kernel.workspace_for(trade.block, 1, both=False)
        kernel.lift_members(table, members, helps, workspace, room, Lifted(self.cards, found))
        self.openings[:, trade.block.row] |= found

    def _helps(self, links: CodesBySource, trade: Trade) -> Helps:
        """What each help tells about the trade's tasks, and which of its openings ask for that."""
        told = [self._told(self.helps, which, links) for which in range(len(self.helps.starts) - 1)]
        asking = [_asking(codes, trade) for codes in told]
        rows = [(code, *worth) for codes in told for code, worth in codes.items()]
        code, presence, value, known = np.array(rows, np.float64).reshape(-1, 4).T
        return Helps(
            _starts(len(codes) for codes in told),
            code.astype(np.int32),
            np.ascontiguousarray(presence),
            np.ascontiguousarray(value),
            known.astype(np.bool_),
            _starts(len(opening) for opening, _gain in asking),
            np.concatenate([np.zeros(0, np.int32), *(opening for opening, _gain in asking)]).astype(np.int32),
            np.concatenate([np.zeros(0), *(gain for _opening, gain in asking)]),
            np.array([any(code >= links.first_words for code in codes) for codes in told], np.bool_),
            self.sure,
        )

    def _told(
        self, said: Statements, which: int, links: CodesBySource
    ) -> dict[int, tuple[float, float, bool]]:
        """By code presence, value and whether it settles it: as the kernel tells of a card."""
        found: dict[int, tuple[float, float, bool]] = {}
        for place in range(said.starts[which], said.starts[which + 1]):
            source, level = int(said.about[place]), int(said.level[place])
            for link in range(links.starts[source], links.starts[source + 1]):
                code, likeness = int(links.code[link]), float(links.likeness[link])
                sure = likeness * float(said.confidence[place])
                presence, value, known = found.get(code, (0.0, 0.0, False))
                found[code] = (
                    max(presence, sure) if level > 0 else presence,
                    max(value, sure * float(self.terms.fit[level, links.asked[link]])),
                    known or likeness == 1.0,
                )
        return found


def _card_of(given: Help) -> Card:
    """A card that says this and nothing else; only what it says is used."""
    nothing: frozenset[str] = frozenset()
    return Card(0, 0, None, None, None, None, None, None, None, nothing, nothing, tuple(given))


def _asking(codes: Iterable[int], trade: Trade) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float64]]:
    """The openings that ask for one of the codes, and the share of a full score that those make up at most."""
    postings, full = trade.block.postings, trade.block.full
    places = [np.arange(postings.starts[code], postings.starts[code + 1]) for code in codes]
    place = np.concatenate([np.zeros(0, np.int64), *places])
    opening, number = np.unique(postings.opening[place], return_inverse=True)
    weight = np.bincount(number, postings.weight[place], minlength=len(opening)) * (1 << kernel.VALUE_BITS)
    return opening, weight / full[opening]


def _starts(lengths: Iterable[int]) -> Integers:
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(np.array(list(lengths), np.int64))])
