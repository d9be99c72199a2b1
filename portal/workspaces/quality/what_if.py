"""Other weights tried without storing anything: what would move on the openings' lists."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy import Row

from portal.base.database import db
from portal.base.terms import LabelledEnum
from portal.batch import market
from portal.loop.cards.models import CompetenceCard
from portal.loop.cards.queries import card_inputs
from portal.loop.matches.ranking import best
from portal.loop.matches.services import TOP
from portal.loop.openings.models import Opening
from portal.loop.openings.queries import opening_inputs, published_for
from portal.matching import Card, Weights
from portal.shared.skills.queries import relations

MOST_OPENINGS: Final = 25
MOST_CARDS: Final = 1_000
"""Compared are the latest put up and the latest changed: enough to see what weights do, and done in a moment."""

MOST_SHOWN: Final = 20
"""Of the moves, the biggest."""

Lists = Mapping[int, Sequence[market.Pair]]


class Movement(LabelledEnum):
    """What other weights do to a suggestion."""

    ENTERED = "entered", _l("Kommer på listen")
    LEFT = "left", _l("Ryger af listen")
    ROSE = "rose", _l("Rykker op")
    FELL = "fell", _l("Rykker ned")
    STAYED = "stayed", _l("Samme plads, andre tal")


@dataclass(frozen=True)
class ListPosition:
    """A place on an opening's list with its interval."""

    place: int
    sure: float
    possible: float


@dataclass(frozen=True)
class Move:
    """A pair before and after; None where it is not on the list."""

    opening_id: int
    card_id: int
    before: ListPosition | None
    after: ListPosition | None

    @property
    def movement(self) -> Movement:
        if self.before is None:
            return Movement.ENTERED
        if self.after is None:
            return Movement.LEFT
        if self.after.place == self.before.place:
            return Movement.STAYED
        return Movement.ROSE if self.after.place < self.before.place else Movement.FELL

    @property
    def distance(self) -> int:
        """Places moved; not being on the list is the place below the last."""
        below = TOP + 1
        return abs(
            (self.before.place if self.before else below) - (self.after.place if self.after else below)
        )


@dataclass(frozen=True)
class WhatIfResult:
    """What would happen: how many moves of each kind, how many pairs without any, and the biggest moves."""

    differs: bool
    """Whether the weights are others than those in force."""
    openings: int
    out_of: int
    cards: int
    counts: Counter[Movement]
    unchanged: int
    moves: tuple[Move, ...]
    titles: Mapping[int, str]
    numbers: Mapping[int, str]
    citizen_ids: frozenset[int]
    """Whose cards the moves name."""


def what_if(municipality_id: int, weights: Weights, *, now: Weights, on: date) -> WhatIfResult:
    """The lists of the municipality's own cards by the weights in force `now` and by others."""
    latest = (
        published_for(municipality_id, on=on)
        .with_only_columns(Opening.id, Opening.title, sa.func.count().over().label("out_of"))
        .order_by(None)
        .order_by(Opening.published_at.desc(), Opening.id.desc())
        .limit(MOST_OPENINGS)
    )
    rows = db.session.execute(latest).all()
    titles = {row.id: row.title for row in rows}
    openings, cards = opening_inputs(titles), _cards(municipality_id, on)
    before, after = (
        best(openings, cards, related=relations(), weights=chosen, top=TOP).for_openings
        for chosen in (now, weights)
    )
    pairs = list(compared(before, after))
    moved = sorted((one for one in pairs if one.before != one.after), key=_biggest_first)
    shown = tuple(moved[:MOST_SHOWN])
    named = _named({one.card_id for one in shown})
    return WhatIfResult(
        differs=weights != now,
        openings=len(titles),
        out_of=rows[0].out_of if rows else 0,
        cards=len(cards),
        counts=Counter(one.movement for one in moved),
        unchanged=len(pairs) - len(moved),
        moves=shown,
        titles=titles,
        numbers={row.id: row.number for row in named},
        citizen_ids=frozenset(row.citizen_id for row in named),
    )


def _cards(municipality_id: int, on: date) -> list[Card]:
    latest = (
        sa.select(CompetenceCard.id)
        .where(CompetenceCard.is_active, CompetenceCard.municipality_id == municipality_id)
        .order_by(CompetenceCard.updated_at.desc(), CompetenceCard.id)
        .limit(MOST_CARDS)
    )
    return card_inputs(sa.select(CompetenceCard).where(CompetenceCard.id.in_(latest)), on=on)


def compared(before: Lists, after: Lists) -> Iterator[Move]:
    """Every pair that is on a list before or after."""
    for opening_id in before:
        old, new = _standings(before[opening_id]), _standings(after[opening_id])
        for card_id in sorted({*old, *new}):
            yield Move(opening_id, card_id, old.get(card_id), new.get(card_id))


def _standings(listed: Iterable[market.Pair]) -> dict[int, ListPosition]:
    """By card."""
    return {one.id: ListPosition(place, one.sure, one.possible) for place, one in enumerate(listed, start=1)}


def _biggest_first(move: Move) -> tuple[int, float, int, int]:
    """By places moved, then by how much the sure score changes."""
    shift = abs((move.before.sure if move.before else 0) - (move.after.sure if move.after else 0))
    return -move.distance, -shift, move.opening_id, move.card_id


def _named(card_ids: Iterable[int]) -> Sequence[Row[Any, Any, Any]]:
    columns = (CompetenceCard.id, CompetenceCard.number, CompetenceCard.citizen_id)
    return db.session.execute(sa.select(*columns).where(CompetenceCard.id.in_(card_ids))).all()
