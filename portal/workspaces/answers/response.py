"""Responstid: how soon employers hear from the municipality, and how soon citizens come to a first conversation.

Of employers month by month, by when their openings went up, and whether the promise was kept; of citizens by when they
were taken in, and only as the median of at least five, never by name.
Source: docs/rules.md#answer-promise, docs/rules.md#wait-of-citizens
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median, median_low
from typing import Any, NamedTuple

import sqlalchemy as sa

from portal.base.alphabet import alphabetical
from portal.base.clock import DANISH_TIME, danish_day
from portal.base.database import db
from portal.base.day_numbers import working_days_between
from portal.base.events import TypicalAnswer
from portal.base.working_days import working_time
from portal.loop.cards.waiting import days_waited, first_talk, waiting_people
from portal.loop.citizens.models import Citizen
from portal.loop.openings.models import Opening, OpeningStatus, PromiseState
from portal.loop.openings.queries import left_in_time
from portal.shared.accounts.models import Municipality
from portal.web.presentation import TWO_WEEKS, da_working_days
from portal.workspaces.quality.figures import (
    FEWEST,
    Month,
    last_months,
    percentage,
    place_in,
    since_the_first,
)

TYPICAL_MONTHS = 6
"""What is typical is said of this month and those before it, so many in all."""


@dataclass
class Waits:
    """How many working days each waited. Who still waits counts too, once two weeks have passed."""

    days: list[int] = field(default_factory=list)
    answered: int = 0

    @property
    def typical(self) -> int | None:
        """Half of them waited no longer; None for too few."""
        return median_low(self.days) if len(self.days) >= FEWEST else None

    @property
    def may_be_told(self) -> bool:
        """Whether a stranger is told what is typical: at least five were answered."""
        return self.answered >= FEWEST

    def add(self, waiters: "Waiters") -> None:
        if waiters.is_over or waiters.days > TWO_WEEKS:
            self.days += [waiters.days] * waiters.number
        if waiters.is_over:
            self.answered += waiters.number


class Waiters(NamedTuple):
    """Those of one group (a month, a municipality) who have waited equally long."""

    group: int
    days: int
    is_over: bool
    """Whether they were answered, or talked with."""
    is_due: bool
    """Whether what they were promised was kept or broken."""
    is_kept: bool
    number: int


@dataclass
class Response:
    """The promises of a month, or of all."""

    states: list[PromiseState] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    """Of working time, until each answer."""
    waits: Waits = field(default_factory=Waits)

    def count(self, *states: PromiseState) -> int:
        return sum(state in states for state in self.states)

    @property
    def due(self) -> int:
        """Promises that were kept or broken; one that still waits is neither."""
        return len(self.states) - self.count(PromiseState.WAITING)

    @property
    def kept(self) -> int:
        return self.count(PromiseState.KEPT)

    @property
    def broken(self) -> int:
        return self.count(PromiseState.LATE, PromiseState.OVERDUE)

    @property
    def kept_share(self) -> int | None:
        """0-100; None for too few."""
        return percentage(self.kept, self.due)

    @property
    def median_time(self) -> timedelta | None:
        """Half of the answers came within this working time."""
        return timedelta(seconds=median(self.seconds)) if self.seconds else None

    def add(self, state: PromiseState, taken: timedelta | None) -> None:
        self.states.append(state)
        if taken is not None:
            self.seconds.append(taken.total_seconds())


@dataclass(frozen=True)
class ResponseTimes:
    """Of employers: each month, and all together."""

    months: dict[Month, Response]
    total: Response

    @property
    def told(self) -> dict[Month, Response]:
        """The months that the page shows."""
        return since_the_first(self.months, lambda row: bool(row.states))


@dataclass(frozen=True)
class MonthsTogether:
    """Some months in a row, taken together."""

    first: Month
    last: Month
    waits: Waits

    def with_next(self, month: Month, waits: Waits) -> "MonthsTogether":
        together = Waits(self.waits.days + waits.days, self.waits.answered + waits.answered)
        return MonthsTogether(self.first, month, together)


@dataclass(frozen=True)
class CitizensWaits:
    """Of citizens. No number of people is told, so that none can be worked out."""

    months: dict[Month, Waits]
    total: Waits

    @property
    def stretches(self) -> list[MonthsTogether]:
        """The months, the oldest first, each together with those after it until there are enough people to tell of."""
        found: list[MonthsTogether] = []
        for month, waits in self.months.items():
            if found and found[-1].waits.typical is None:
                found[-1] = found[-1].with_next(month, waits)
            else:
                found.append(MonthsTogether(month, month, waits))
        if len(found) > 1 and found[-1].waits.typical is None:
            rest = found.pop()
            found[-1] = found[-1].with_next(rest.last, rest.waits)
        return found


@dataclass
class Brief:
    """What a leader reads first, of the last months."""

    employers: Waits = field(default_factory=Waits)
    citizens: Waits = field(default_factory=Waits)
    due: int = 0
    kept: int = 0
    beside: dict[str, int] = field(default_factory=dict)
    """The numbers that were asked for beside them."""

    @property
    def kept_share(self) -> int | None:
        """0-100, of the promises to employers; None for too few."""
        return percentage(self.kept, self.due)

    def add(self, waiters: Waiters) -> None:
        if waiters.group == CITIZENS:
            self.citizens.add(waiters)
            return
        self.employers.add(waiters)
        self.due += waiters.number * waiters.is_due
        self.kept += waiters.number * waiters.is_kept


def in_brief(municipality_id: int, *, beside: Mapping[str, sa.ScalarSelect[int]], at: datetime) -> Brief:
    """In one statement, with other numbers that the page shows: it has little room for statements."""
    found, months = Brief(), last_months(danish_day(at), TYPICAL_MONTHS)
    employers = _waits_of_employers(months, at, sa.literal(EMPLOYERS)).where(
        Opening.municipality_id == municipality_id
    )
    citizens = _waits_of_citizens(months, at, sa.literal(CITIZENS), municipality_id)
    counted = _numbers(employers, citizens).subquery()
    always = sa.select(sa.literal(1)).subquery()
    statement = sa.select(*beside.values(), *counted.c).select_from(always.outerjoin(counted, sa.true()))
    for row in db.session.execute(statement):
        found.beside = dict(zip(beside, row, strict=False))
        told = row[len(beside) :]
        if told[0] is not None:  # nobody waited
            found.add(Waiters._make(told))
    return found


EMPLOYERS, CITIZENS = 0, 1


def response_times(municipality_id: int, months: Sequence[Month], *, at: datetime) -> ResponseTimes:
    """Of the openings that went up in these months (the oldest first, without gaps)."""
    found = ResponseTimes({month: Response() for month in months}, Response())
    for opening in _promised(municipality_id, months):
        state, up_at, answered_at = opening.promise_at(at), opening.published_at, opening.answered_at
        if state is None or up_at is None:
            continue
        local = up_at.astimezone(DANISH_TIME)
        taken = working_time(up_at, answered_at) if answered_at is not None else None
        for row in (found.months[Month(local.year, local.month)], found.total):
            row.add(state, taken)
    place = place_in(months, Opening.published_at)
    here = Opening.municipality_id == municipality_id
    for waiters in _counted(_waits_of_employers(months, at, place).where(here)):
        for row in (found.months[months[waiters.group]], found.total):
            row.waits.add(waiters)
    return found


def _promised(municipality_id: int, months: Sequence[Month]) -> Iterable[Opening]:
    statement = sa.select(Opening).where(
        Opening.municipality_id == municipality_id, *_promised_within(months)
    )
    return db.session.scalars(statement)


def _promised_within(months: Sequence[Month]) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        Opening.answer_due_at.is_not(None),
        Opening.published_at >= months[0].begins_at,
        Opening.published_at < months[-1].back(-1).begins_at,
    )


def typical_answers(at: datetime) -> dict[int, TypicalAnswer]:
    """Of the municipalities that have answered at least five employers in the last months; anybody may read it."""
    found: dict[int, Waits] = defaultdict(Waits)
    months = last_months(danish_day(at), TYPICAL_MONTHS)
    for waiters in _counted(_waits_of_employers(months, at, Opening.municipality_id)):
        found[waiters.group].add(waiters)
    told = {key: da_working_days(waits.typical) for key, waits in found.items() if waits.may_be_told}
    return {home.id: TypicalAnswer(home.name, told[home.id]) for home in _municipalities(told)}


def _municipalities(ids: Collection[int]) -> Iterable[Municipality]:
    if not ids:
        return []
    found = sa.select(Municipality).where(Municipality.id.in_(ids))
    return db.session.scalars(found.order_by(alphabetical(Municipality.name), Municipality.id))


def waits_of_citizens(municipality_id: int, months: Sequence[Month], *, at: datetime) -> CitizensWaits:
    """Of those who were taken in in these months (the oldest first, without gaps)."""
    found = CitizensWaits({month: Waits() for month in months}, Waits())
    place = place_in(months, Citizen.created_at)
    for waiters in _counted(_waits_of_citizens(months, at, place, municipality_id)):
        for row in (found.months[months[waiters.group]], found.total):
            row.add(waiters)
    return found


_Waits = sa.Select[*tuple[Any, ...]]
"""Rows of `Waiters` but their number."""


def _waits_of_employers(months: Sequence[Month], at: datetime, group: Any) -> _Waits:
    end = sa.func.coalesce(Opening.answered_at, at)
    days = working_days_between(Opening.published_at, end, first=months[0].first, last=danish_day(at))
    is_over, is_kept = Opening.answered_at.is_not(None), Opening.answered_at <= Opening.answer_due_at
    still_open = sa.and_(Opening.status != OpeningStatus.DRAFT, ~left_in_time())
    return sa.select(
        group.label("place"),
        days.label("days"),
        is_over.label("is_over"),
        sa.or_(is_over, Opening.answer_due_at < at).label("is_due"),
        sa.func.coalesce(is_kept, sa.false()).label("is_kept"),
    ).where(*_promised_within(months), sa.or_(is_kept, still_open))


def _waits_of_citizens(months: Sequence[Month], at: datetime, group: Any, municipality_id: int) -> _Waits:
    return (
        waiting_people(municipality_id, known_at=at)
        .with_only_columns(
            group.label("place"),
            days_waited(first=months[0].first, until=at).label("days"),
            first_talk(at).is_not(None).label("is_over"),
            sa.false().label("is_due"),
            sa.false().label("is_kept"),
        )
        .where(Citizen.created_at >= months[0].begins_at, Citizen.created_at < months[-1].back(-1).begins_at)
    )


def _counted(waits: _Waits) -> list[Waiters]:
    return [Waiters._make(row) for row in db.session.execute(_numbers(waits))]


def _numbers(*waits: _Waits) -> _Waits:
    """What `Waiters` holds."""
    rows = sa.union_all(*waits).subquery()
    return sa.select(*rows.c, sa.func.count().label("number")).group_by(*rows.c)
