"""From questions to sums: every list of a page is added up by the database in one statement.

What erased people were is added to what is still recorded, so that a past quarter says the same after an erasure.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import islice
from typing import Any, Final, TypeVar

import sqlalchemy as sa

from portal.base.clock import danish_day, danish_midnight
from portal.base.database import db
from portal.base.quarters import quarter_of
from portal.base.terms import Measure, PlacementForm
from portal.interventions.target_groups.queries import members_on
from portal.ledger.goals.measures import spec_of
from portal.ledger.goals.models import ErasedPart
from portal.web.measures import Ask, Counted, GroupUse, Lines, Terms

ONE_STATEMENT: Final = 200
"""Lists that one statement adds up; SQLite takes 500 at most."""

KEPT: Final = 6
"""Statements that stay built. A page asks the same again and again, and building is dearer than counting."""

_NO_TIME: Final = timedelta(microseconds=1)

One = TypeVar("One")


@dataclass(frozen=True)
class Tally:
    """The sums of a list."""

    lines: int
    amount: int
    out_of: int | None
    """The whole that `amount` is a part of; None: the figure is a number."""
    known: int
    """Lines of which something is recorded."""
    unknown_out_of: int
    """What the others are of the whole."""

    def __neg__(self) -> "Tally":
        whole = None if self.out_of is None else -self.out_of
        return Tally(-self.lines, -self.amount, whole, -self.known, -self.unknown_out_of)

    def __sub__(self, other: "Tally") -> "Tally":
        return self + -other

    def __add__(self, other: "Tally") -> "Tally":
        whole = (
            None if self.out_of is None and other.out_of is None else (self.out_of or 0) + (other.out_of or 0)
        )
        return Tally(
            self.lines + other.lines,
            self.amount + other.amount,
            whole,
            self.known + other.known,
            self.unknown_out_of + other.unknown_out_of,
        )


NOTHING: Final = Tally(0, 0, None, 0, 0)


class NotCounted(Exception):
    """A measure without records was asked."""


def counted(measure: Measure) -> Counted:
    """How a measure is counted. Raises NotCounted when the portal holds no records of it."""
    found = spec_of(measure).counted
    if found is None:
        raise NotCounted(measure.value)
    return found


def lists_of(asks: Collection[Ask]) -> dict[Ask, Lines]:
    """The list that answers each question, narrowed to the target group where its room knows none."""
    by_measure: dict[Measure, list[Ask]] = defaultdict(list)
    for ask in asks:
        by_measure[ask.measure].append(ask)
    found: dict[Ask, Lines] = {}
    for measure, asked in by_measure.items():
        how = counted(measure)
        for ask, lines in how.lines(asked).items():
            narrowed = how.group is GroupUse.MAY and ask.group_id is not None
            found[ask] = replace(lines, records=_of_members(lines.records, ask)) if narrowed else lines
    return found


@lru_cache(maxsize=KEPT)
def _of_members(records: sa.Select[Any], ask: Ask) -> sa.Select[Any]:
    """The lines of those who were members on the last day that counts."""
    members = members_on(ask.group_id, ask.on, known_at=ask.known_at)
    listed = records.order_by(None).subquery()
    return sa.select(*listed.c).where(listed.c.subject_id.in_(members))


def tallies(asks: Collection[Ask], lists: Mapping[Ask, Lines] | None = None) -> dict[Ask, Tally]:
    """The sums of each question's list, with what erased people were. `lists`: where they are at hand already."""
    lists = lists_of(asks) if lists is None else lists
    found: dict[Ask, Tally] = {}
    for some in batches(asks):
        rows: Any = db.session.execute(_all_sums(tuple(lists[ask].records for ask in some)))
        for number, lines, amount, out_of, known, unknown in rows:
            found[some[number]] = Tally(lines, amount, out_of, known, unknown)
    for ask, part in erased(asks).items():
        found[ask] += part
    return found


def batches(many: Collection[One]) -> Iterator[tuple[One, ...]]:
    left = iter(many)
    while some := tuple(islice(left, ONE_STATEMENT)):
        yield some


@lru_cache(maxsize=KEPT)
def _all_sums(lists: tuple[sa.Select[Any], ...]) -> sa.CompoundSelect[Any]:
    return sa.union_all(*(_sums(number, records) for number, records in enumerate(lists)))


def _sums(number: int, records: sa.Select[Any]) -> sa.Select[Any]:
    listed = records.order_by(None).subquery()
    return sa.select(sa.literal(number), *_added(listed)).select_from(listed)


def sums_of(number: int, lines: Lines, citizen_id: int | None) -> sa.Select[Any]:
    """What one person is of a list, or None: all in it, by the form of the placement."""
    listed = lines.records.order_by(None).subquery()
    sums = sa.select(sa.literal(number), listed.c.form, *_added(listed)).group_by(listed.c.form)
    return sums if citizen_id is None else sums.where(listed.c.subject_id == citizen_id)


def _added(listed: sa.FromClause) -> tuple[sa.ColumnElement[Any], ...]:
    unknown = sa.case((listed.c.known == 0, listed.c.out_of), else_=0)
    return (
        sa.func.count(),
        sa.func.coalesce(sa.func.sum(listed.c.amount), 0),
        sa.func.sum(listed.c.out_of),
        sa.func.coalesce(sa.func.sum(listed.c.known), 0),
        sa.func.coalesce(sa.func.sum(unknown), 0),
    )


def erased(asks: Collection[Ask]) -> dict[Ask, Tally]:
    """What erased people were, by question; of what looks at one day the quarter that the day ends or lies in."""
    found: dict[Ask, Tally] = {}
    for some in batches(asks):
        rows: Any = db.session.execute(_all_erased(some))
        for number, *sums in rows:
            found[some[number]] = Tally(*sums)
    return found


@lru_cache(maxsize=KEPT)
def _all_erased(asks: tuple[Ask, ...]) -> sa.CompoundSelect[Any]:
    return sa.union_all(*(_erased_sums(number, ask) for number, ask in enumerate(asks)))


def _erased_sums(number: int, ask: Ask) -> sa.Select[Any]:
    columns: list[sa.ColumnElement[Any]] = [sa.literal(number), *_SUMS]
    return sa.select(*columns).where(*_concerning(ask)).having(sa.or_(*(one != 0 for one in _SUMS)))


def erased_parts(ask: Ask) -> list[tuple[date, PlacementForm | None, Tally]]:
    """The same of one question, by quarter and form."""
    key = (ErasedPart.quarter_on, ErasedPart.form)
    rows: Any = db.session.execute(
        sa.select(*key, *_SUMS).where(*_concerning(ask)).group_by(*key).order_by(ErasedPart.quarter_on)
    )
    return [(quarter_on, form, Tally(*sums)) for quarter_on, form, *sums in rows]


_SUMS = (
    sa.func.sum(ErasedPart.lines),
    sa.func.sum(ErasedPart.amount),
    sa.func.sum(ErasedPart.out_of),
    sa.func.sum(ErasedPart.known),
    sa.func.sum(ErasedPart.unknown_out_of),
)


def _concerning(ask: Ask) -> list[sa.ColumnElement[bool]]:
    how, last = counted(ask.measure), quarter_of(ask.on)
    if how.tells_of_whole_times:
        time = [ErasedPart.first_on == ask.first, ErasedPart.quarter_on == last]
    else:
        first = last if how.is_standing else quarter_of(ask.first)
        time = [ErasedPart.quarter_on.between(first, last)]
    return [
        ErasedPart.municipality_id == ask.municipality_id,
        ErasedPart.measure == ask.measure,
        ErasedPart.group_id.is_(None) if ask.group_id is None else ErasedPart.group_id == ask.group_id,
        ErasedPart.terms == stored(ask.terms),
        *time,
        *([] if ask.known_at is None else [ErasedPart.known_on < _quarter_after(ask.known_at)]),
    ]


def end_of(day: date) -> datetime:
    """The last moment of the day in Denmark: what was recorded on the day was known then."""
    return danish_midnight(day + timedelta(days=1)) - _NO_TIME


def _quarter_after(known_at: datetime) -> date:
    """The first quarter that had not ended at the moment."""
    return quarter_of(danish_day(known_at + _NO_TIME))


def stored(terms: Terms) -> str:
    """A rule's numbers and choices as they stand in the database."""
    return json.dumps(terms, separators=(",", ":"))
