"""How the ratio stands at a workplace in the weeks to come: in words, week by week, and from day to day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

from portal.loop.employers.models import Workplace
from portal.loop.employers.queries import places_held
from portal.shared.rules.book import RuleBook
from portal.shared.rules.law.case import FULL_TIME
from portal.shared.rules.law.ratio import KEYS, Held, Span, limit_of, room_in_words, spans
from portal.shared.rules.queries import rule_book

WEEKS: Final = 26
"""Half a year of the calendar is shown."""


class Fullness(StrEnum):
    FREE = "free"
    SOME = "some"
    FULL = "full"
    OVER = "over"


@dataclass(frozen=True)
class Week:
    """A week of the calendar with its fullest day."""

    starts_on: date
    free: Decimal

    @property
    def number(self) -> int:
        return self.starts_on.isocalendar().week

    @property
    def fullness(self) -> Fullness:
        if self.free >= 1:
            return Fullness.FREE
        if self.free > 0:
            return Fullness.SOME
        return Fullness.FULL if self.free == 0 else Fullness.OVER


@dataclass(frozen=True)
class RatioOutlook:
    """Source: docs/rules.md#ratio"""

    words: str
    spans: list[Span]
    weeks: list[Week]


def ratio_outlooks(
    workplaces: Sequence[Workplace], today: date, book: RuleBook | None = None
) -> dict[int, RatioOutlook]:
    """Workplace id -> the weeks to come, by the rules of the employer's municipality.

    In two statements for all, or one with a `book` that is read already.

    Raises RuleMissing.
    """
    held = places_held([workplace.id for workplace in workplaces], since=today)
    book = book or rule_book()
    return {
        workplace.id: _outlook(
            workplace,
            [place.as_held for place in held.get(workplace.id, [])],
            book,
            today,
        )
        for workplace in workplaces
    }


def _outlook(workplace: Workplace, held: list[Held], book: RuleBook, today: date) -> RatioOutlook:
    staff, others = Decimal(workplace.full_time_staff), Decimal(workplace.other_places)
    monday = today - timedelta(days=today.weekday())
    last = monday + timedelta(weeks=WEEKS, days=-1)
    cut = _spans(workplace, held, book, today, last)
    numbers = book.on(today, workplace.employer.municipality_id)
    words = room_in_words(
        held, limit_of(staff, numbers) - others, today, full_time_hours=numbers[FULL_TIME], today=today
    )
    mondays = (monday + timedelta(weeks=count) for count in range(WEEKS))
    return RatioOutlook(words, cut, [_week(start, cut) for start in mondays])


def _spans(workplace: Workplace, held: list[Held], book: RuleBook, first: date, last: date) -> list[Span]:
    """Cut also where the numbers of the ratio change."""
    staff, others = Decimal(workplace.full_time_staff), Decimal(workplace.other_places)
    home = workplace.employer.municipality_id
    changes = book.changes(KEYS, home, after=first, until=last)
    starts, ends = [first, *changes], [*(day - timedelta(days=1) for day in changes), last]
    return [
        span
        for start, end in zip(starts, ends, strict=True)
        for span in spans(held, limit_of(staff, book.on(start, home)), start, end, others=others)
    ]


def _week(monday: date, cut: Sequence[Span]) -> Week:
    sunday = monday + timedelta(days=6)
    return Week(monday, min(span.free for span in cut if span.starts_on <= sunday and span.ends_on >= monday))
