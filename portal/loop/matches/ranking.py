"""The best of every opening and of every card, with their scores but without the reasons."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from portal.batch.market import Pair, rank_all
from portal.matching import Card, Opening, Relations, Suggestion, Weights, rank

MANY: Final = 20_000
"""Pairs from which the compiled loops are worth starting; below, the matcher itself is there at once."""


class Best(NamedTuple):
    """Partners by id of either side, best first; only those of whom something is known to fit."""

    for_openings: Mapping[int, Sequence[Pair]]
    for_cards: Mapping[int, Sequence[Pair]]


def best(
    openings: Sequence[Opening], cards: Sequence[Card], *, related: Relations, weights: Weights, top: int
) -> Best:
    """What `matching.rank` finds; of many by the compiled loops, which find the same."""
    if len(openings) * len(cards) >= MANY:
        winners = rank_all(openings, cards, top=top, related=related, weights=weights)
        for_openings, for_cards = winners.by_opening(), winners.by_card()
    else:
        ranking = rank(openings, cards, top=top, related=related, weights=weights)
        for_openings = {
            key: [_pair(one.card_id, one) for one in found] for key, found in ranking.by_opening.items()
        }
        for_cards = {
            key: [_pair(one.opening_id, one) for one in found] for key, found in ranking.by_card.items()
        }
    return Best(_fitting(for_openings), _fitting(for_cards))


def _pair(partner_id: int, one: Suggestion) -> Pair:
    return Pair(partner_id, one.sure or 0.0, one.possible or 0.0, one.wished, one.lift)


def _fitting(lists: Mapping[int, Iterable[Pair]]) -> dict[int, list[Pair]]:
    return {key: [pair for pair in found if pair.sure] for key, found in lists.items()}
