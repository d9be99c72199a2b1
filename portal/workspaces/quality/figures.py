"""How the suggestions were judged, month by month: counted in the database, three statements for any number.

What each figure means: docs/glossary.md. A share of few decisions says nothing, so it needs FEWEST.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, NamedTuple, TypeVar

import sqlalchemy as sa

from portal.base.alphabet import alphabetical
from portal.base.clock import danish_midnight
from portal.base.database import db
from portal.loop.matches.models import Match, MatchStatus
from portal.loop.reviews.models import Decision, DecisionReason, Review, ReviewCondition
from portal.matching import Met

BEST: Final = 5
"""A place on the opening's list among the best: what a consultant sees before she scrolls."""

HIGH: Final = 80
"""A sure score (0-100) from which a no is worth a look."""

FEWEST: Final = 5
"""Decisions below which no share is shown."""


class Month(NamedTuple):
    """A calendar month in Denmark."""

    year: int
    number: int

    @property
    def first(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def begins_at(self) -> datetime:
        return danish_midnight(self.first)

    def back(self, months: int) -> "Month":
        year, index = divmod(self.year * 12 + self.number - 1 - months, 12)
        return Month(year, index + 1)


def last_months(today: date, count: int) -> list[Month]:
    """The month of the day and those before it, the oldest first."""
    newest = Month(today.year, today.month)
    return [newest.back(months) for months in reversed(range(count))]


Told = TypeVar("Told")


def since_the_first(months: Mapping[Month, Told], has_something: Callable[[Told], bool]) -> dict[Month, Told]:
    """The months from the first with something in it: those before would fill a chart with nothing."""
    rows = list(months.items())
    first = next((place for place, (_month, row) in enumerate(rows) if has_something(row)), len(rows))
    return dict(rows[first:])


@dataclass
class Judged:
    """What became of the suggestions of a month, or of all."""

    suggested: int = 0
    by_reason: Counter[tuple[Decision, DecisionReason]] = field(default_factory=Counter)
    best_decided: int = 0
    best_approved: int = 0
    rest_decided: int = 0
    rest_approved: int = 0
    refused_though_high: int = 0

    @property
    def approved(self) -> int:
        return self._decided_as(Decision.APPROVED)

    @property
    def refused(self) -> int:
        return self._decided_as(Decision.REFUSED)

    @property
    def decided(self) -> int:
        return self.by_reason.total()

    @property
    def best_precision(self) -> int | None:
        """0-100: of those decided among their opening's five best, how many were approved; None for too few."""
        return percentage(self.best_approved, self.best_decided)

    @property
    def rest_precision(self) -> int | None:
        """0-100: the same for those further down the list."""
        return percentage(self.rest_approved, self.rest_decided)

    def _decided_as(self, decision: Decision) -> int:
        return sum(count for (made, _reason), count in self.by_reason.items() if made is decision)

    def add(self, row: Any) -> None:
        """A row of `_decisions`."""
        self.by_reason[row.decision, row.reason] += row.count
        approved = row.count if row.decision is Decision.APPROVED else 0
        if row.among_best is True or row.among_best == 1:
            self.best_decided += row.count
            self.best_approved += approved
        elif row.among_best is not None:
            self.rest_decided += row.count
            self.rest_approved += approved
        if row.is_high:
            self.refused_though_high += row.count - approved


@dataclass
class Overrides:
    """One hard condition, and how consultants decided where it was not met or not known."""

    name: str
    counts: Counter[tuple[Decision, Met]] = field(default_factory=Counter)

    @property
    def decided(self) -> int:
        return self.counts.total()

    def approved_though(self, met: Met) -> int:
        return self.counts[Decision.APPROVED, met]

    def refused_though(self, met: Met) -> int:
        return self.counts[Decision.REFUSED, met]


@dataclass(frozen=True)
class Quality:
    """The page: a row a month, all together, and the conditions."""

    months: dict[Month, Judged]
    total: Judged
    overrides: list[Overrides]

    @property
    def told(self) -> dict[Month, Judged]:
        """The months that the page shows."""
        return since_the_first(self.months, lambda row: bool(row.suggested or row.decided))

    @property
    def is_empty(self) -> bool:
        return not (self.total.suggested or self.total.decided)

    @property
    def reasons(self) -> list[tuple[Decision, DecisionReason]]:
        """Those that were given, yes before no, in the order of the form."""
        return [
            (decision, reason)
            for decision in Decision
            for reason in DecisionReason
            if self.total.by_reason[decision, reason]
        ]


def percentage(part: int, whole: int) -> int | None:
    """Rounded; None where the whole is too small for a share."""
    return round(100 * part / whole) if whole >= FEWEST else None


def quality(municipality_id: int, months: Sequence[Month]) -> Quality:
    """What happened in these months (the oldest first, without gaps)."""
    judged = {month: Judged() for month in months}
    total = Judged()
    for month, count in zip(
        months, db.session.execute(_suggested(municipality_id, months)).one(), strict=True
    ):
        judged[month].suggested = count
        total.suggested += count
    for row in db.session.execute(_decisions(municipality_id, months)):
        judged[months[row.place]].add(row)
        total.add(row)
    return Quality(judged, total, _overrides(db.session.execute(_conditions(municipality_id, months))))


def _overrides(rows: Iterable[Any]) -> list[Overrides]:
    found: dict[str, Overrides] = {}
    for name, met, decision, count in rows:
        found.setdefault(name, Overrides(name)).counts[decision, met] += count
    return list(found.values())


def _suggested(municipality_id: int, months: Sequence[Month]) -> sa.Select[*tuple[Any, ...]]:
    """A count for each month, each from its own stretch of the index: all statuses are named for that."""
    named = (Match.municipality_id == municipality_id, Match.status.in_(list(MatchStatus)))
    return sa.select(
        *(
            sa.select(sa.func.count()).where(*named, *_within([month], Match.suggested_at)).scalar_subquery()
            for month in months
        )
    )


def _decisions(municipality_id: int, months: Sequence[Month]) -> sa.Select[*tuple[Any, ...]]:
    columns = (
        place_in(months, Review.decided_at).label("place"),
        Review.decision,
        Review.reason,
        (Review.place <= BEST).label("among_best"),
        (Match.sure >= HIGH).label("is_high"),
    )
    return (
        sa.select(*columns, sa.func.count().label("count"))
        .join(Review.match)
        .where(_in_home(municipality_id), *_within(months, Review.decided_at))
        .group_by(*columns)
    )


def _conditions(municipality_id: int, months: Sequence[Month]) -> sa.Select[*tuple[Any, ...]]:
    columns = (ReviewCondition.name, ReviewCondition.met, Review.decision)
    return (
        sa.select(*columns, sa.func.count())
        .join(Review, Review.id == ReviewCondition.review_id)
        .join(Review.match)
        .where(_in_home(municipality_id), *_within(months, Review.decided_at))
        .group_by(*columns)
        .order_by(alphabetical(ReviewCondition.name))
    )


def _in_home(municipality_id: int) -> sa.ColumnElement[bool]:
    """As an expression, so that SQLite goes from decisions to their matches, not through all of the municipality's."""
    expression: sa.ColumnElement[int] = Match.municipality_id + 0
    return expression == municipality_id


def _within(months: Sequence[Month], column: Any) -> tuple[sa.ColumnElement[bool], ...]:
    return column >= months[0].begins_at, column < months[-1].back(-1).begins_at


def place_in(months: Sequence[Month], column: Any) -> sa.ColumnElement[int]:
    """Which of the months a moment lies in: months begin at midnight in Denmark, which no database function knows."""
    later_first: list[tuple[Any, Any]] = [
        (column >= month.begins_at, sa.literal_column(str(n))) for n, month in enumerate(months)
    ]
    return sa.case(*reversed(later_first))
