"""R1, rimelighedskravet: how many may be in praktik and løntilskud at a P-number on each day, in full-time persons.

Source: docs/rules.md#ratio
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from itertools import pairwise

from flask_babel import lazy_gettext as _l

from portal.base.terms import PlacementForm
from portal.shared.rules.book import Numbers
from portal.shared.rules.checks import RatioRule, full_time_share, ratio_limit
from portal.shared.rules.findings import Finding, Verdict
from portal.web.presentation import da_date, da_number

COUNTED_FORMS = tuple(form for form in PlacementForm if form.traits.counts_in_ratio)
"""What the ratio counts, for a statement that asks the database."""

KEYS = PER_PLACE, UNTIL, PER_PLACE_ABOVE, LEAST = (
    "ratio-staff-per-place",
    "ratio-small-until",
    "ratio-staff-per-place-above",
    "ratio-least-places",
)
"""The rules that the limit is made of."""

RULE = "R1"
NOBODY = Decimal(0)
_HUNDREDTH = Decimal("0.01")


OWN_WORKPLACE = "ratio-own-workplace-outside"

Persons = Fraction | Decimal | int
"""A number of full-time persons; sums are made of exact fractions, so that nothing is rounded on the way."""


@dataclass(frozen=True)
class Held:
    """A place that somebody holds, without saying who; `share` is a part of a full-time person, 0-1."""

    share: Persons
    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class HeldHours:
    """A place that somebody holds, by the hours a week that were agreed."""

    hours_per_week: float
    starts_on: date
    ends_on: date

    def in_persons(self, full_time_hours: Decimal) -> Held:
        return Held(full_time_share(self.hours_per_week, full_time_hours), self.starts_on, self.ends_on)


def in_persons(held: Iterable[HeldHours], full_time_hours: Decimal) -> list[Held]:
    """The places as parts of a full-time person, by the length of a full-time week on the day asked about."""
    return [one.in_persons(full_time_hours) for one in held]


@dataclass(frozen=True)
class Span:
    """Days in a row with the same number of places held."""

    starts_on: date
    ends_on: date
    held: Fraction
    limit: int

    @property
    def free(self) -> Fraction:
        return self.limit - self.held


def limit_of(staff: Decimal, numbers: Numbers) -> int:
    """The places that the ordinary staff allows, in full-time persons. Raises RuleMissing."""
    rule = RatioRule(
        staff_per_place=numbers[PER_PLACE],
        small_until=numbers[UNTIL],
        staff_per_place_above=numbers[PER_PLACE_ABOVE],
        least_places=numbers.whole(LEAST),
    )
    return ratio_limit(staff, rule)


def held_on(day: date, held: Iterable[Held]) -> Fraction:
    return sum((Fraction(one.share) for one in held if one.starts_on <= day <= one.ends_on), Fraction(0))


def fullest_day(held: Sequence[Held], starts_on: date, ends_on: date) -> tuple[date, Fraction]:
    """The first of the days when most is held. The sum only rises on a day when somebody starts."""
    rising = [one.starts_on for one in held if starts_on < one.starts_on <= ends_on]
    days = sorted({starts_on, *rising})
    return max(((day, held_on(day, held)) for day in days), key=lambda found: found[1])


def spans(
    held: Sequence[Held], limit: int, first: date, last: date, *, others: Persons = NOBODY
) -> list[Span]:
    """The days from first to last, cut where somebody starts or leaves; `others` are there all the time."""
    after_last = last + timedelta(days=1)
    cuts = {first, after_last}
    for one in held:
        cuts |= {day for day in (one.starts_on, one.ends_on + timedelta(days=1)) if first < day < after_last}
    return [
        Span(start, end - timedelta(days=1), held_on(start, held) + Fraction(others), limit)
        for start, end in pairwise(sorted(cuts))
    ]


def standing_on(
    day: date, staff: Decimal, held: Sequence[Held], *, others: Persons = NOBODY, numbers: Numbers
) -> Span:
    """How it stands on one day. Raises RuleMissing."""
    return Span(day, day, held_on(day, held) + Fraction(others), limit_of(staff, numbers))


def room_from(share: Persons, held: Sequence[Held], limit: Persons, first: date) -> date | None:
    """The first day from which there is room for the share and, as far as is known, stays so; None: never."""
    wanted, most = Fraction(share), Fraction(limit)
    if wanted > most:
        return None
    leaving = {one.ends_on + timedelta(days=1) for one in held if first <= one.ends_on < date.max}
    fits = (day for day in sorted({first, *leaving}) if fullest_day(held, day, date.max)[1] + wanted <= most)
    return next(fits, None)


def room_in_words(
    held: Sequence[Held], limit: Persons, first: date, *, full_time_hours: Decimal, today: date
) -> str:
    """How much room there is from the first day on, as the employer's page tells it, while the limit stands."""
    now = Fraction(limit) - fullest_day(held, first, date.max)[1]
    if now >= 1:
        if first <= today:
            return str(_l("Plads til %(places)s mere nu", places=int(now)))
        return str(_l("Plads til %(places)s mere fra %(day)s", places=int(now), day=da_date(first)))
    hours = int(now * Fraction(full_time_hours))
    later = room_from(1, held, limit, first)
    if later is None:
        return str(
            _l("Plads til højst %(hours)s timer om ugen", hours=hours) if hours > 0 else _l("Ingen plads")
        )
    whole = str(_l("Plads til 1 mere fra %(day)s", day=da_date(later)))
    until = str(_l("Indtil da højst %(hours)s timer om ugen", hours=hours))
    return f"{whole}. {until}" if hours > 0 else whole


@dataclass(frozen=True)
class LimitFrom:
    """The places that are allowed from a day on, until the next."""

    first: date
    most: Fraction


def room_by_limits(
    held: Sequence[Held], limits: Sequence[LimitFrom], *, full_time_hours: Decimal, today: date
) -> str:
    """As `room_in_words`, and what becomes of it when the limit changes. The first of the limits holds today."""
    now = room_in_words(held, limits[0].most, limits[0].first, full_time_hours=full_time_hours, today=today)
    later = [
        str(
            _l(
                "Fra %(day)s: %(room)s",
                day=da_date(one.first),
                room=_lower(
                    room_in_words(held, one.most, one.first, full_time_hours=full_time_hours, today=one.first)
                ),
            )
        )
        for before, one in pairwise(limits)
        if one.most != before.most
    ]
    return ". ".join([now, *later])


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def ratio(
    staff: Decimal,
    held: Sequence[Held],
    newcomer: Held,
    *,
    places: int = 1,
    others: Persons = NOBODY,
    numbers: Numbers,
) -> Finding:
    """R1: whether everybody fits on each day of the newcomer's period, which may end at date.max.

    `held` must not hold the newcomer. `others` are there all the time: nytteindsats, typed in. That both parts of the
    limit are rounded down is our reading of the act, and the finding says so.
    """
    limit = limit_of(staff, numbers)
    reference = numbers.reference(*KEYS)
    share = Fraction(newcomer.share) * places
    day, busiest = fullest_day(held, newcomer.starts_on, newcomer.ends_on)
    total = busiest + Fraction(others) + share
    values = {"sum": _persons(total, limit), "limit": limit, "day": da_date(day)}
    if total <= limit:
        said = _l("Rimelighedskravet holder: højst %(sum)s af %(limit)s pladser i perioden.", **values)
        return Finding(RULE, Verdict.OK, said, reference)
    said = _l(
        "Den %(day)s bliver der %(sum)s fuldtidspersoner i praktik og løntilskud. Der er plads til %(limit)s, "
        "når der rundes ned. At runde ned er portalens læsning af reglen.",
        **values,
    )
    since = day if day > newcomer.starts_on else None
    remedy = _remedy(share, held, limit - Fraction(others), newcomer.starts_on)
    return Finding(RULE, Verdict.STOP, said, reference, remedy, since=since)


def _persons(total: Fraction, limit: int) -> str:
    """In hundredths, rounded up where it is above the limit: what is too much must not read as just enough."""
    exact = Decimal(total.numerator) / total.denominator
    rounding = ROUND_CEILING if total > limit else ROUND_HALF_EVEN
    return da_number(exact.quantize(_HUNDREDTH, rounding=rounding))


def _remedy(share: Fraction, held: Sequence[Held], limit: Fraction, starts_on: date) -> object:
    later = room_from(share, held, limit, starts_on)
    if later is None:
        return _l("Vælg færre timer eller pladser, eller en form, der ikke tæller med, som ordinære timer.")
    if later == starts_on:
        return _l("Slut, før grænsen bliver lavere, eller vælg færre timer.")
    return _l("Begynd tidligst den %(day)s, eller vælg færre timer.", day=da_date(later))
