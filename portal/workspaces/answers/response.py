"""Responstid: how the promise of an answer was kept, month by month, by when the openings went up.

Source: docs/rules.md#answer-promise
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median

import sqlalchemy as sa

from portal.base.clock import DANISH_TIME
from portal.base.database import db
from portal.base.working_days import working_time
from portal.loop.openings.models import Opening, PromiseState
from portal.workspaces.quality.figures import Month, percentage


@dataclass
class Response:
    """The promises of a month, or of all."""

    states: list[PromiseState] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    """Of working time, until each answer."""

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
    """The page: each month, and all together."""

    months: dict[Month, Response]
    total: Response


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
    return found


def _promised(municipality_id: int, months: Sequence[Month]) -> Iterable[Opening]:
    statement = sa.select(Opening).where(
        Opening.municipality_id == municipality_id,
        Opening.answer_due_at.is_not(None),
        Opening.published_at >= months[0].begins_at,
        Opening.published_at < months[-1].back(-1).begins_at,
    )
    return db.session.scalars(statement)
