"""What would help most those without a good match: worked out with their renewal, and for all of a municipality."""

import heapq
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from portal import matching
from portal.base.clock import danish_day
from portal.base.database import db, transaction
from portal.loop.cards.models import CompetenceCard
from portal.loop.cards.queries import card_input, card_inputs
from portal.loop.matches import nearby
from portal.loop.matches.loosening import GOOD, Gain, Side, gains
from portal.loop.matches.models import Match, MatchStatus, Outlook
from portal.loop.matches.queries import related_to_held
from portal.loop.matches.weights import all_in_force
from portal.loop.openings.models import Opening
from portal.loop.openings.queries import may_be_suggested, opening_inputs, published_for
from portal.shared.skills.queries import relations

AT_ONCE: Final = 200
"""Worked out together, then written in one short transaction."""


OnProgress = Callable[[int, int], object]
"""Told how many openings, then how many cards, are done, and of how many."""


def without_good(side: Any) -> sa.ColumnElement[bool]:
    """Cards or openings (`side` is the key that matches point at) without an open match that is good."""
    match = sa.orm.aliased(Match)
    theirs = match.card_id if side.class_ is CompetenceCard else match.opening_id
    good = sa.and_(theirs == side, match.status == MatchStatus.OPEN, match.sure >= GOOD)
    return ~sa.exists().where(good)


def renew_for_opening(opening: Opening, *, at: datetime) -> None:
    """Work out the opening's outlook, or drop it while it needs none."""
    day = danish_day(at)
    waits = may_be_suggested(opening, on=day) and _is_without_good(Opening.id, opening.id)
    near = nearby.near_cards(opening, opening.municipality_id, on=day) if waits else []
    _keep({opening.id: gains(near, Side.OPENING)}, Outlook.opening_id, at)


def renew_for_card(card: CompetenceCard, *, at: datetime) -> None:
    """Work out the card's outlook, or drop it while it needs none."""
    waits = card.is_active and _is_without_good(CompetenceCard.id, card.id)
    related, day = relations(), danish_day(at)
    openings = nearby.nearest_openings(card, related, on=day) if waits else []
    near = nearby.near_openings(card, card_input(card, on=day), openings, related)
    _keep({card.id: gains(near, Side.CARD)}, Outlook.card_id, at)


def renew_all(
    municipality_id: int, *, at: datetime, on_progress: OnProgress = lambda _done, _all: None
) -> int:
    """All outlooks of a municipality, in short transactions of its own; returns how many there are."""
    return _renew_openings(municipality_id, at, on_progress) + _renew_cards(municipality_id, at, on_progress)


def _is_without_good(side: Any, key: int) -> bool:
    return db.session.scalar(sa.select(side).where(side == key, without_good(side))) is not None


def _keep(found: dict[int, list[Gain]], side: Any, at: datetime) -> int:
    """Store the best gain of each key in place of what was stored."""
    db.session.execute(sa.delete(Outlook).where(side.in_(found)))
    rows = [
        {
            side.key: key,
            **asdict(ranked[0].step),
            "found": len(ranked[0].found),
            "good": ranked[0].good,
            "worked_out_at": at,
        }
        for key, ranked in found.items()
        if ranked
    ]
    if rows:
        db.session.execute(sa.insert(Outlook), rows)
    return len(rows)


def _renew_openings(municipality_id: int, at: datetime, on_progress: OnProgress) -> int:
    own = sa.select(Opening.id).where(Opening.municipality_id == municipality_id)
    waiting = published_for(municipality_id, on=danish_day(at)).where(
        Opening.municipality_id == municipality_id, without_good(Opening.id)
    )
    stored, keys = 0, waiting.with_only_columns(Opening.id).order_by(None)
    _drop(Outlook.opening_id, own, keys)
    for some in _batches(keys, on_progress):
        openings = db.session.scalars(sa.select(Opening).where(Opening.id.in_(some)).order_by(Opening.id))
        near = {one.id: nearby.near_cards(one, municipality_id, on=danish_day(at)) for one in openings.all()}
        stored += _write(
            {key: gains(pairs, Side.OPENING) for key, pairs in near.items()}, Outlook.opening_id, at
        )
    return stored


def _renew_cards(municipality_id: int, at: datetime, on_progress: OnProgress) -> int:
    own = sa.select(CompetenceCard.id).where(CompetenceCard.municipality_id == municipality_id)
    weights = all_in_force([municipality_id])[municipality_id].weights
    openings = _ByConcept(opening_inputs(published_for(municipality_id, on=danish_day(at))))
    stored, keys = 0, own.where(CompetenceCard.is_active, without_good(CompetenceCard.id))
    _drop(Outlook.card_id, own, keys)
    for some in _batches(keys, on_progress):
        cards = card_inputs(sa.select(CompetenceCard).where(CompetenceCard.id.in_(some)), on=danish_day(at))
        near = nearby.near_by_card(openings.beside(cards), openings.related, weights)
        stored += _write({key: gains(near[key], Side.CARD) for key in some}, Outlook.card_id, at)
    return stored


def _drop(side: Any, own: sa.Select[int], waiting: sa.Select[int]) -> None:
    """The outlooks of those who need none any more."""
    with transaction():
        db.session.execute(sa.delete(Outlook).where(side.in_(own), side.not_in(waiting)))


def _batches(keys: sa.Select[int], on_progress: OnProgress) -> Iterator[Sequence[int]]:
    ids = sorted(db.session.scalars(keys).all())
    for start in range(0, len(ids), AT_ONCE):
        on_progress(start, len(ids))
        yield ids[start : start + AT_ONCE]
    on_progress(len(ids), len(ids))


def _write(found: dict[int, list[Gain]], side: Any, at: datetime) -> int:
    with transaction():
        return _keep(found, side, at)


class _ByConcept:
    """Openings at hand, looked up by what they ask: the same order as nearby's statement gives."""

    def __init__(self, openings: Iterable[matching.Opening]) -> None:
        self.openings = {opening.id: opening for opening in openings}
        self.related = relations()
        self.asking: dict[int, dict[int, bool]] = defaultdict(dict)
        for opening in self.openings.values():
            for concept, must in _counted(opening):
                self.asking[concept][opening.id] = must or self.asking[concept].get(opening.id, False)

    def beside(self, cards: Iterable[matching.Card]) -> list[tuple[matching.Opening, list[matching.Card]]]:
        """Each opening with those of the cards that it is among the nearest of."""
        found: dict[int, list[matching.Card]] = defaultdict(list)
        for card in cards:
            for opening_id in self._nearest(card):
                found[opening_id].append(card)
        return [(self.openings[opening_id], near) for opening_id, near in sorted(found.items())]

    def _nearest(self, card: matching.Card) -> list[int]:
        musts: dict[int, int] = defaultdict(int)
        shared: dict[int, int] = defaultdict(int)
        held = {skill.concept for skill in card.skills if skill.concept is not None and skill.level}
        for concept in held | related_to_held(held, self.related):
            for opening_id, must in self.asking.get(concept, {}).items():
                shared[opening_id] += concept in held
                musts[opening_id] += must and concept in held
        return heapq.nsmallest(nearby.NEAREST, shared, key=lambda one: (-musts[one], -shared[one], one))


def _counted(opening: matching.Opening) -> Iterator[tuple[int, bool]]:
    for task in opening.tasks:
        if task.concept is not None and task.kind is not matching.Kind.LEARN:
            yield task.concept, task.kind is matching.Kind.MUST
