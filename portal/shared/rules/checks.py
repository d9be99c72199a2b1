"""Pure checks over the numbers of the rule table: no database, no clock."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from dateutil.relativedelta import relativedelta

DAYS_IN_WEEK = 7
PERCENT = 100


@dataclass(frozen=True)
class Born:
    """When somebody was born, as far as is known: on a day, or on some day from the earliest to the latest."""

    earliest: date
    latest: date

    @classmethod
    def on(cls, day: date) -> "Born":
        return cls(day, day)

    @classmethod
    def in_year(cls, year: int) -> "Born":
        return cls(date(year, 1, 1), date(year, 12, 31))

    @property
    def is_day(self) -> bool:
        """Whether the day is known, and not the year alone."""
        return self.earliest == self.latest


@dataclass(frozen=True)
class RatioRule:
    """How many may be in praktik and løntilskud at a P-number, all in full-time persons.

    Source: docs/rules.md#ratio
    """

    staff_per_place: Decimal
    small_until: Decimal
    staff_per_place_above: Decimal
    least_places: int


def ratio_limit(full_time_staff: Decimal, rule: RatioRule) -> int:
    """The number of places that the staff allows: each part rounded down, but never below the least."""
    small = min(full_time_staff, rule.small_until) // rule.staff_per_place
    above = max(full_time_staff - rule.small_until, Decimal(0)) // rule.staff_per_place_above
    return int(max(Decimal(rule.least_places), small) + above)


def full_time_share(hours_per_week: float, full_time_hours: Decimal) -> Fraction:
    """What part of a full-time person the hours are (0-1), exactly: two of 18,7 hours are more than one of 37."""
    return min(Fraction(str(hours_per_week)) / Fraction(full_time_hours), Fraction(1))


def percent_of(amount: int, percent: Decimal) -> Decimal:
    return amount * percent / PERCENT


def weeks_between(starts_on: date, ends_on: date) -> int:
    """Weeks begun, both days included: Monday to Sunday is one."""
    days = (ends_on - starts_on).days + 1
    return -(-days // DAYS_IN_WEEK)


def age_on(born_on: date, day: date) -> int:
    """Whole years; somebody born on 29 February has her birthday on 1 March in other years."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def age_range_on(born: Born, day: date) -> tuple[int, int]:
    """Whole years she may have reached on the day, the youngest and the oldest possible."""
    return age_on(born.latest, day), age_on(born.earliest, day)


def months_before(day: date, months: int) -> date:
    """The same day some months earlier; the last of the month when there is no such day."""
    return day - relativedelta(months=months)


def months_after(day: date, months: int) -> date:
    """The same day some months later; the last of the month when there is no such day."""
    return day + relativedelta(months=months)


def years_after(day: date, years: int) -> date:
    """The same day some years later; of 29 February the last of the month."""
    return day + relativedelta(years=years)


def birthday_in(born_on: date, year: int) -> date:
    """Somebody born on 29 February has her birthday on 1 March in other years, as `age_on` counts."""
    day = years_after(born_on, year - born_on.year)
    return day if day.day == born_on.day else day + timedelta(days=1)


def last_day_of_months(first: date, months: int) -> date:
    """The last day of so many whole months: six from 31 August end on the last of February."""
    end = first + relativedelta(months=months)
    return end if end.day < first.day else end - timedelta(days=1)


def months_in(first: date, last: date) -> Fraction:
    """Both days included: whole months from the first, and of one that is not over the part of its days."""
    whole = 0
    while last_day_of_months(first, whole + 1) <= last:
        whole += 1
    begun = last_day_of_months(first, whole) if whole else first - timedelta(days=1)
    length = (last_day_of_months(first, whole + 1) - begun).days
    return whole + Fraction((last - begun).days, length)
