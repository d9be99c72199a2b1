"""All of a municipality's suggestions counted again: the same result whatever was stored and wherever it was stopped.

First everything is ranked without holding the database; then the stored matches are brought in line, opening by
opening, in short transactions of its own, so that the portal stays in use. What was written stays written: started
again after a stop, it finds less to write. What somebody edits meanwhile is left to the renewal of that edit, and
looked at once more at the end.
"""

import heapq
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any, Final

import sqlalchemy as sa

from portal import matching
from portal.base.clock import danish_day
from portal.base.database import db, transaction
from portal.batch import market
from portal.loop.cards.models import CompetenceCard
from portal.loop.cards.queries import card_inputs
from portal.loop.matches import outlooks, services, storing
from portal.loop.matches.models import ClosedReason, Match, MatcherWeights, MatchStatus, RematchRun
from portal.loop.matches.ranking import best
from portal.loop.matches.storing import Changes, Pair, ScoringBasis
from portal.loop.matches.weights import all_in_force
from portal.loop.openings.models import Opening
from portal.loop.openings.queries import opening_inputs, published_for
from portal.matching import Card, Relations, Suggestion, Weights
from portal.shared.audit import services as audit
from portal.shared.neighbours.queries import neighbour_ids
from portal.shared.skills.models import VocabularyVersion
from portal.shared.skills.queries import relations, vocabulary_version
from portal.shared.skills.stored import AS_STORED, ReadAs

OPENINGS_AT_ONCE: Final = 10
"""Brought in line in one transaction: some hundred matches, a few hundredths of a second."""

PAUSE_SECONDS: Final = 0.01
"""Between transactions, so that whoever waits for SQLite's one write lock gets it."""

MOST_ROUNDS: Final = 3
"""When something is edited meanwhile, those it concerns are looked at again, at most so often."""

OnProgress = Callable[[int, int], object]
"""Told how many are done, and of how many: openings first, then those without a good match on either side."""


@dataclass(frozen=True, slots=True)
class Figures:
    """A pair among the best, before it is explained."""

    opening_id: int
    card_id: int
    opening_version: int
    card_version: int
    sure: float
    possible: float


def rematch(
    municipality_id: int, *, now: Callable[[], datetime], on_progress: OnProgress = lambda _done, _all: None
) -> RematchRun:
    """Count all of the municipality's suggestions again, in transactions of its own; returns the finished run.

    Afterwards the open matches are exactly the best of each opening and each card, decided pairs aside.
    """
    snapshot = RematchSnapshot.read(municipality_id, on=danish_day(now()))
    run_id = _begin(snapshot.basis, now())
    rounds = 1
    while not _reconcile(snapshot, run_id, now, on_progress) and rounds < MOST_ROUNDS:
        snapshot = RematchSnapshot.read(municipality_id, on=danish_day(now()))
        rounds += 1
    outlooks.renew_all(municipality_id, at=now(), on_progress=on_progress)
    return _finish(run_id, snapshot, now())


def _begin(basis: ScoringBasis, at: datetime) -> int:
    """The run that was stopped, if nothing it counts with has changed since; else a new one."""
    same = (
        RematchRun.municipality_id == basis.municipality_id,
        RematchRun.vocabulary_version == basis.vocabulary_version,
        RematchRun.matcher_version == basis.matcher_version,
        RematchRun.weights_id.is_not_distinct_from(basis.weights_id),
    )
    with transaction():
        last = db.session.scalar(
            sa.select(RematchRun).where(*same).order_by(RematchRun.id.desc()).limit(1).with_for_update()
        )
        if last is not None and last.finished_at is None:
            last.times_started += 1
            return last.id
        run = RematchRun(**asdict(basis), started_at=at)
        db.session.add(run)
        db.session.flush()
        return run.id


def _finish(run_id: int, snapshot: "RematchSnapshot", at: datetime) -> RematchRun:
    with transaction():
        run = db.session.get_one(RematchRun, run_id)
        run.finished_at = max(at, run.started_at)
        run.openings, run.cards = len(snapshot.openings), len(snapshot.cards)
        audit.record("matches-rematched", subject=run, by=None, at=at)
    return run


# --- Ranking ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RematchSnapshot:
    """A municipality's openings and cards as they were read, and the pairs to be kept, by opening."""

    basis: ScoringBasis
    weights: Weights
    related: Relations
    on: date
    openings: dict[int, matching.Opening]
    cards: dict[int, Card]
    kept: dict[int, list[Figures]]

    @classmethod
    def read(cls, municipality_id: int, *, on: date, read_as: ReadAs = AS_STORED) -> "RematchSnapshot":
        """Reads in a transaction of its own and ranks outside of any."""
        homes = _competing_homes(municipality_id, on)
        terms = all_in_force(homes)
        cards = {home: _cards_of(home, on, read_as) for home in homes}
        ids = {home: set(_published_ids(home, on)) for home in homes}
        openings = opening_inputs(published_for(municipality_id, on=on), read_as=read_as)
        decided = _decided_pairs(municipality_id, on)
        own, related = terms[municipality_id], relations()
        basis = ScoringBasis(municipality_id, vocabulary_version(), own.id)
        db.session.rollback()
        fields = [
            RankingPool(
                [one for one in openings if one.id in ids[home]], cards[home], related, terms[home].weights
            )
            for home in homes
        ]
        return cls(
            basis,
            own.weights,
            related,
            on,
            {opening.id: opening for opening in openings},
            {card.id: card for card in cards[municipality_id]},
            _kept(fields[homes.index(municipality_id)], fields, decided),
        )

    def explain(self, pair: Figures) -> Suggestion:
        return self._score((pair.opening_id, pair.card_id))

    def why_not(self, pair: Pair) -> ClosedReason:
        """Why a pair is not among those kept."""
        if pair[0] not in self.openings:
            return services.why_closed(db.session.get_one(Opening, pair[0]))
        if pair[1] not in self.cards:
            return ClosedReason.CARD_PASSIVE
        suggestion = self._score(pair)
        fits = suggestion.sure and not suggestion.excluded
        return ClosedReason.BETTER_FOUND if fits else ClosedReason.NO_LONGER_FITS

    def _score(self, pair: Pair) -> Suggestion:
        return matching.score(self.openings[pair[0]], self.cards[pair[1]], self.related, self.weights)


@dataclass(frozen=True)
class RankingPool:
    """One municipality's cards, the openings they may be suggested for, and what they are compared by."""

    openings: Sequence[matching.Opening]
    cards: Sequence[Card]
    related: Relations
    weights: Weights

    def best(self, top: int) -> tuple[list[Figures], list[Figures]]:
        """The `top` of each opening, and the `top` of each card."""
        found = best(self.openings, self.cards, related=self.related, weights=self.weights, top=top)
        openings = {opening.id: opening.version for opening in self.openings}
        cards = {card.id: card.version for card in self.cards}

        def figures(opening_id: int, card_id: int, one: market.Pair) -> Figures:
            versions = openings[opening_id], cards[card_id]
            return Figures(opening_id, card_id, *versions, one.sure, one.possible)

        return (
            [figures(key, one.id, one) for key, partners in found.for_openings.items() for one in partners],
            [figures(one.id, key, one) for key, partners in found.for_cards.items() for one in partners],
        )


def _competing_homes(municipality_id: int, on: date) -> list[int]:
    """The municipality, and those whose cards compete with its own for an opening."""
    owners = published_for(municipality_id, on=on).with_only_columns(Opening.municipality_id).order_by(None)
    shared = owners.where(Opening.visible_to_neighbours).distinct()
    homes = {municipality_id}
    for owner in db.session.scalars(shared).all():
        homes |= {owner, *db.session.scalars(neighbour_ids(owner, on=on))}
    return sorted(homes)


def _published_ids(municipality_id: int, on: date) -> Iterable[int]:
    return db.session.scalars(published_for(municipality_id, on=on).with_only_columns(Opening.id))


def _cards_of(municipality_id: int, on: date, read_as: ReadAs) -> list[Card]:
    active = (CompetenceCard.is_active, CompetenceCard.municipality_id == municipality_id)
    return card_inputs(sa.select(CompetenceCard).where(*active), on=on, read_as=read_as)


def _decided_pairs(municipality_id: int, on: date) -> set[Pair]:
    openings = published_for(municipality_id, on=on).with_only_columns(Opening.id).order_by(None)
    statement = sa.select(Match.opening_id, Match.card_id).where(
        Match.status == MatchStatus.DECIDED, Match.opening_id.in_(openings)
    )
    return {(row.opening_id, row.card_id) for row in db.session.execute(statement)}


def _kept(
    own: RankingPool, pools: Iterable[RankingPool], decided: Collection[Pair]
) -> dict[int, list[Figures]]:
    """The best of each opening among all who compete for it, and of each own card: the own pairs among them."""
    top = services.TOP + _most_decided(decided)
    for_openings: dict[int, list[Figures]] = defaultdict(list)
    for_cards: dict[int, list[Figures]] = defaultdict(list)
    for pool in pools:
        of_openings, of_cards = pool.best(top)
        for one in of_openings:
            if (one.opening_id, one.card_id) not in decided:
                for_openings[one.opening_id].append(one)
        for one in of_cards if pool is own else ():
            if (one.opening_id, one.card_id) not in decided:
                for_cards[one.card_id].append(one)
    own_cards = {card.id for card in own.cards}
    kept_pairs = {
        (one.opening_id, one.card_id): one
        for rivals in (*for_openings.values(), *for_cards.values())
        for one in heapq.nsmallest(services.TOP, rivals, key=services.best_first)
        if one.card_id in own_cards
    }
    kept: dict[int, list[Figures]] = defaultdict(list)
    for (opening_id, _card_id), one in sorted(kept_pairs.items()):
        kept[opening_id].append(one)
    return kept


def _most_decided(decided: Collection[Pair]) -> int:
    """How many decided pairs one opening or one card has at most: so many more are looked at."""
    sides = (Counter(opening_id for opening_id, _ in decided), Counter(card_id for _, card_id in decided))
    return max((count for side in sides for count in side.values()), default=0)


# --- What would change --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class MatchChange:
    """An open suggestion that another count would add, change or close. Scores are (sure, possible), 0-100."""

    opening_id: int
    card_number: str
    before: tuple[float, float] | None
    after: tuple[float, float] | None
    closed_because: ClosedReason | None = None


def foresee(municipality_id: int, *, on: date, read_as: ReadAs = AS_STORED) -> list[MatchChange]:
    """What `rematch` would change of the municipality's open suggestions; writes nothing.

    `read_as` is how phrases would be taken by then.
    """
    snapshot = RematchSnapshot.read(municipality_id, on=on, read_as=read_as)
    open_now = sa.select(Match.opening_id, Match.card_id, Match.sure, Match.possible).where(
        Match.municipality_id == municipality_id, Match.status == MatchStatus.OPEN
    )
    before = {(row.opening_id, row.card_id): (row.sure, row.possible) for row in db.session.execute(open_now)}
    after = {
        (one.opening_id, one.card_id): (one.sure, one.possible)
        for kept in snapshot.kept.values()
        for one in kept
    }
    pairs = sorted(pair for pair in {*before, *after} if before.get(pair) != after.get(pair))
    numbers = _numbers({card_id for _opening_id, card_id in pairs})
    return [
        MatchChange(
            pair[0],
            numbers[pair[1]],
            before.get(pair),
            after.get(pair),
            None if pair in after else snapshot.why_not(pair),
        )
        for pair in pairs
    ]


def _numbers(card_ids: Collection[int]) -> dict[int, str]:
    numbers = sa.select(CompetenceCard.id, CompetenceCard.number).where(CompetenceCard.id.in_(card_ids))
    return {row.id: row.number for row in db.session.execute(numbers)}


# --- Writing ------------------------------------------------------------------------------------------------


def _reconcile(
    snapshot: RematchSnapshot, run_id: int, now: Callable[[], datetime], on_progress: OnProgress
) -> bool:
    """Returns whether everything was as it had been read."""
    todo = sorted({*snapshot.openings, *_openings_with_open_matches(snapshot.basis.municipality_id)})
    db.session.rollback()
    steady, done = True, 0
    on_progress(0, len(todo))
    with transaction():
        db.session.get_one(RematchRun, run_id).unchanged = 0
    for some in _batches(todo):
        with transaction():
            steady &= _renew_batch(snapshot, some, run_id, now())
        done += len(some)
        on_progress(done, len(todo))
        time.sleep(PAUSE_SECONDS)
    return steady


def _openings_with_open_matches(municipality_id: int) -> Iterable[int]:
    statement = sa.select(Match.opening_id).where(
        Match.municipality_id == municipality_id, Match.status == MatchStatus.OPEN
    )
    return db.session.scalars(statement.distinct())


def _batches(ids: Iterable[int]) -> Iterator[list[int]]:
    source = iter(ids)
    while some := list(islice(source, OPENINGS_AT_ONCE)):
        yield some


def _renew_batch(snapshot: RematchSnapshot, opening_ids: list[int], run_id: int, at: datetime) -> bool:
    home = snapshot.basis.municipality_id
    rows = storing.stored(sa.and_(Match.opening_id.in_(opening_ids), Match.municipality_id == home))
    kept = [one for opening_id in opening_ids for one in snapshot.kept.get(opening_id, ())]
    edits = ConcurrentEdits.since(
        snapshot, opening_ids, {*rows, *((one.opening_id, one.card_id) for one in kept)}
    )
    changes = storing.reconcile(
        {pair: row for pair, row in rows.items() if pair not in edits},
        [one for one in kept if (one.opening_id, one.card_id) not in edits],
        snapshot.basis,
        explain=snapshot.explain,
        why_not=snapshot.why_not,
        at=at,
    )
    storing.expire_loaded_matches()
    _count(run_id, changes)
    return not edits


def _count(run_id: int, changes: Changes) -> None:
    table = RematchRun.__table__
    db.session.execute(
        sa.update(table)
        .where(table.c.id == run_id)
        .values({name: table.c[name] + count for name, count in asdict(changes).items()})
    )


@dataclass(frozen=True)
class ConcurrentEdits:
    """Openings and cards of a batch that are not what they were when they were ranked."""

    openings: frozenset[int]
    cards: frozenset[int]

    def __contains__(self, pair: Pair) -> bool:
        return pair[0] in self.openings or pair[1] in self.cards

    def __bool__(self) -> bool:
        return bool(self.openings or self.cards)

    @classmethod
    def since(
        cls, snapshot: RematchSnapshot, opening_ids: Collection[int], pairs: Iterable[Pair]
    ) -> "ConcurrentEdits":
        card_ids = {card_id for _, card_id in pairs}
        published = published_for(snapshot.basis.municipality_id, on=snapshot.on).where(
            Opening.id.in_(opening_ids)
        )
        active = sa.select(CompetenceCard).where(CompetenceCard.is_active, CompetenceCard.id.in_(card_ids))
        return cls(
            _differing(opening_ids, snapshot.openings, published, Opening),
            _differing(card_ids, snapshot.cards, active, CompetenceCard),
        )


def _differing(ids: Iterable[int], read: Any, now: sa.Select[Any], model: Any) -> frozenset[int]:
    """Those whose version, or taking part at all, is another now."""
    versions = dict(list(db.session.execute(now.with_only_columns(model.id, model.version).order_by(None))))
    return frozenset(one for one in ids if versions.get(one) != (read[one].version if one in read else None))


# --- How fresh the stored suggestions are -------------------------------------------------------------------


@dataclass(frozen=True)
class Freshness:
    """A municipality's open suggestions, and how many of them were counted with something older than holds now."""

    open: int
    stale: int


def freshness(municipality_ids: Iterable[int]) -> dict[int, Freshness]:
    """One statement for any number of municipalities, answered from an index."""
    wanted = list(municipality_ids)
    weights_now = (
        sa.select(sa.func.max(MatcherWeights.id))
        .where(MatcherWeights.municipality_id == Match.municipality_id)
        .correlate(Match)
        .scalar_subquery()
    )
    vocabulary_now = sa.select(sa.func.coalesce(sa.func.max(VocabularyVersion.id), 0)).scalar_subquery()
    is_fresh = sa.and_(
        Match.vocabulary_version == vocabulary_now,
        Match.matcher_version == matching.VERSION,
        Match.weights_id.is_not_distinct_from(weights_now),
    )
    basis = (Match.municipality_id, Match.vocabulary_version, Match.matcher_version, Match.weights_id)
    counted = (
        sa.select(Match.municipality_id, is_fresh.label("is_fresh"), sa.func.count().label("count"))
        .where(Match.municipality_id.in_(wanted), Match.status == MatchStatus.OPEN)
        .group_by(*basis)
    )
    found = {municipality_id: Freshness(0, 0) for municipality_id in wanted}
    for home, is_now, count in db.session.execute(counted):
        found[home] = Freshness(found[home].open + count, found[home].stale + (0 if is_now else count))
    return found
