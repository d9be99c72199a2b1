"""How the ratio stands at a workplace in the weeks to come: in words, week by week, and from day to day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import groupby
from math import floor
from typing import Final

from portal.loop.employers.models import OccupiedPlace, Workplace
from portal.loop.employers.queries import places_held
from portal.shared.rules.book import RuleBook
from portal.shared.rules.law.case import FULL_TIME
from portal.shared.rules.law.ratio import (
    HeldHours,
    LimitFrom,
    Span,
    in_persons,
    limit_of,
    room_by_limits,
    spans,
)
from portal.shared.rules.law.stretches import Stretch, stretches
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
    free: Fraction

    @property
    def number(self) -> int:
        return self.starts_on.isocalendar().week

    @property
    def whole(self) -> int:
        """How many can begin on full time: a part of a place is none."""
        return max(0, floor(self.free))

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

    @property
    def runs(self) -> list[tuple[Week, Week]]:
        """First and last week of each stretch with as many whole places: a handful where 26 boxes would stand."""
        alike = groupby(self.weeks, key=lambda week: (week.whole, week.fullness))
        runs = [list(run) for _key, run in alike]
        return [(run[0], run[-1]) for run in runs]


def ratio_outlooks(
    workplaces: Sequence[Workplace],
    today: date,
    book: RuleBook | None = None,
    *,
    held: Mapping[int, list[OccupiedPlace]] | None = None,
) -> dict[int, RatioOutlook]:
    """Workplace id -> the weeks to come, by the rules of the employer's municipality.

    In two statements for all; a `book` and the places `held` are not read again.

    Raises RuleMissing.
    """
    if held is None:
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


def _outlook(workplace: Workplace, held: list[HeldHours], book: RuleBook, today: date) -> RatioOutlook:
    monday = today - timedelta(days=today.weekday())
    last = monday + timedelta(weeks=WEEKS, days=-1)
    home = workplace.employer.municipality_id
    days = stretches(today, last, home, book)
    cut = _run_together([span for stretch in days for span in _spans(workplace, held, stretch)])
    mondays = (monday + timedelta(weeks=count) for count in range(WEEKS))
    return RatioOutlook(_words(workplace, held, days, today), cut, [_week(start, cut) for start in mondays])


def _run_together(cut: Sequence[Span]) -> list[Span]:
    """Days in a row on which it stands alike are told once, also where some rule changes among them."""
    alike = groupby(cut, key=lambda span: (span.held, span.limit))
    runs = [list(run) for _standing, run in alike]
    return [replace(run[0], ends_on=run[-1].ends_on) for run in runs]


def _words(workplace: Workplace, held: list[HeldHours], days: list[Stretch], today: date) -> str:
    """The same that the weeks say, the days on which the limit changes among it."""
    full_time = days[0].numbers[FULL_TIME]
    limits = [LimitFrom(stretch.first, _most(workplace, stretch)) for stretch in days]
    return room_by_limits(in_persons(held, full_time), limits, full_time_hours=full_time, today=today)


def _most(workplace: Workplace, stretch: Stretch) -> Fraction:
    limit = limit_of(Decimal(workplace.full_time_staff), stretch.numbers)
    return limit - Fraction(workplace.other_places)


def _spans(workplace: Workplace, held: list[HeldHours], stretch: Stretch) -> list[Span]:
    limit = limit_of(Decimal(workplace.full_time_staff), stretch.numbers)
    counted = in_persons(held, stretch.numbers[FULL_TIME])
    others = Fraction(workplace.other_places)
    return spans(counted, limit, stretch.first, stretch.last, others=others)


def _week(monday: date, cut: Sequence[Span]) -> Week:
    sunday = monday + timedelta(days=6)
    return Week(monday, min(span.free for span in cut if span.starts_on <= sunday and span.ends_on >= monday))
