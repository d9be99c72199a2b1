"""Bringing stored matches in line with what the matcher finds: whole sets at once, decided ones never touched."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from portal.base.database import db
from portal.loop.matches.models import ClosedReason, Match, MatchStatus
from portal.matching import VERSION, Suggestion

Pair = tuple[int, int]
"""Ids of an opening and a card."""

_TABLE: Final = Match.__table__
_COMPARED: Final = (
    "sure", "possible", "opening_version", "card_version", "vocabulary_version", "matcher_version", "weights_id",
)  # fmt: skip

_TOLD: Final = ("wished", "lift", "result", "renewed_at", "status", "closed_reason")


class Found(Protocol):
    """A pair worth showing: a Suggestion, or its figures before it is explained."""

    @property
    def opening_id(self) -> int: ...
    @property
    def card_id(self) -> int: ...
    @property
    def opening_version(self) -> int: ...
    @property
    def card_version(self) -> int: ...
    @property
    def sure(self) -> float | None: ...
    @property
    def possible(self) -> float | None: ...


@dataclass(frozen=True)
class ScoringBasis:
    """What a municipality's matches are counted with, besides the two sides."""

    municipality_id: int
    vocabulary_version: int
    weights_id: int | None
    matcher_version: str = VERSION


@dataclass
class Changes:
    """How many matches of a set were new (or open again), counted anew, closed, and left as they were."""

    opened: int = 0
    renewed: int = 0
    closed: int = 0
    unchanged: int = 0


def stored(side: sa.ColumnElement[bool]) -> dict[Pair, Any]:
    """The stored matches of one side of the comparison, held until the transaction ends, without their reasons."""
    columns = [
        _TABLE.c[name] for name in ("id", "municipality_id", "opening_id", "card_id", "status", *_COMPARED)
    ]
    # In the order of their keys, so that two renewals wait for each other instead of deadlocking
    statement = sa.select(*columns).where(side).order_by(_TABLE.c.id).with_for_update()
    return {(row.opening_id, row.card_id): row for row in db.session.execute(statement)}


def reconcile(
    rows: Mapping[Pair, Any],
    kept: Iterable[Found],
    basis: ScoringBasis,
    *,
    explain: Callable[[Any], Suggestion],
    why_not: Callable[[Pair], ClosedReason],
    at: datetime,
) -> Changes:
    """Make the stored `rows` equal to `kept`: insert, renew, or close what is left over and still open.

    `explain` is asked only for what is written; `why_not` only for what is closed.
    """
    left, fresh, changed, done = dict(rows), [], [], Changes()
    for one in sorted(kept, key=lambda one: (one.opening_id, one.card_id)):
        row = left.pop((one.opening_id, one.card_id), None)
        if row is None:
            fresh.append(one)
        elif row.status is MatchStatus.CLOSED:
            done.opened += 1
            changed.append({"match_id": row.id, **_values(explain(one), basis, at)})
        elif row.status is MatchStatus.OPEN and _differs(row, one, basis):
            done.renewed += 1
            changed.append({"match_id": row.id, **_values(explain(one), basis, at)})
        else:
            done.unchanged += 1
    done.opened += len(fresh)
    _insert([explain(one) for one in fresh], basis, at)
    if changed:
        db.session.execute(_RENEW, changed)
    done.closed = _close([row for row in left.values() if row.status is MatchStatus.OPEN], why_not, at)
    return done


_RENEW: Final = (
    sa.update(_TABLE)
    .where(_TABLE.c.id == sa.bindparam("match_id"), _TABLE.c.status != MatchStatus.DECIDED)
    .values({name: sa.bindparam(name) for name in (*_COMPARED, *_TOLD)})
)


def _differs(row: Any, one: Found, basis: ScoringBasis) -> bool:
    return any(
        getattr(row, name) != getattr(basis if hasattr(basis, name) else one, name) for name in _COMPARED
    )


def _values(suggestion: Suggestion, basis: ScoringBasis, at: datetime) -> dict[str, Any]:
    return {
        "sure": suggestion.sure,
        "possible": suggestion.possible,
        "wished": suggestion.wished,
        "lift": suggestion.lift,
        "result": suggestion.to_dict(),
        "opening_version": suggestion.opening_version,
        "card_version": suggestion.card_version,
        "vocabulary_version": basis.vocabulary_version,
        "matcher_version": basis.matcher_version,
        "weights_id": basis.weights_id,
        "renewed_at": at,
        "status": MatchStatus.OPEN,
        "closed_reason": None,
    }


def _insert(fresh: list[Suggestion], basis: ScoringBasis, at: datetime) -> None:
    if not fresh:
        return
    rows = [
        {
            "opening_id": suggestion.opening_id,
            "card_id": suggestion.card_id,
            "municipality_id": basis.municipality_id,
            "suggested_at": at,
            **_values(suggestion, basis, at),
        }
        for suggestion in fresh
    ]
    # The other side of the pair may be renewed at this very moment: whoever is first stores it
    dialect: Any = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    db.session.execute(dialect.insert(_TABLE).on_conflict_do_nothing(), rows)


def _close(rows: Iterable[Any], why_not: Callable[[Pair], ClosedReason], at: datetime) -> int:
    by_reason: dict[ClosedReason, list[int]] = defaultdict(list)
    for row in rows:
        by_reason[why_not((row.opening_id, row.card_id))].append(row.id)
    for reason, ids in by_reason.items():
        close_where(_TABLE.c.id.in_(ids), reason, at)
    return sum(map(len, by_reason.values()))


def close_where(which: sa.ColumnElement[bool], reason: ClosedReason, at: datetime) -> int:
    """Close what is open among them; returns how many."""
    statement = (
        sa.update(_TABLE)
        .where(which, _TABLE.c.status == MatchStatus.OPEN)
        .values(status=MatchStatus.CLOSED, closed_reason=reason.value, renewed_at=at)
    )
    result: Any = db.session.execute(statement)
    return int(result.rowcount)


def expire_loaded_matches() -> None:
    """The statements above go past the session: what it holds of matches is read again when used."""
    for record in list(db.session.identity_map.values()):
        if isinstance(record, Match):
            db.session.expire(record)
