"""The best of every opening and of every card, with their scores but without the reasons."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from portal.matching import Card, Opening, Suggestion, Weights, rank


class Partner(NamedTuple):
    """A card for an opening, or an opening for a card."""

    id: int
    sure: float
    possible: float


class Best(NamedTuple):
    """Partners by id of either side, best first; only those of whom something is known to fit."""

    for_openings: Mapping[int, Sequence[Partner]]
    for_cards: Mapping[int, Sequence[Partner]]


def best(openings: Sequence[Opening], cards: Sequence[Card], *, weights: Weights, top: int) -> Best:
    """What `matching.rank` finds."""
    ranking = rank(openings, cards, top=top, weights=weights)
    return Best(
        {
            opening_id: _partners((one.card_id, one) for one in found)
            for opening_id, found in ranking.by_opening.items()
        },
        {
            card_id: _partners((one.opening_id, one) for one in found)
            for card_id, found in ranking.by_card.items()
        },
    )


def _partners(found: Iterable[tuple[int, Suggestion]]) -> list[Partner]:
    return [Partner(key, one.sure, one.possible or 0.0) for key, one in found if one.sure]
