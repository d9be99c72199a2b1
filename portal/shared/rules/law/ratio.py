"""R1, rimelighedskravet: how many may be in praktik and løntilskud at a P-number on each day, in full-time persons.

Source: docs/rules.md#ratio
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from flask_babel import lazy_gettext as _l

from portal.base.terms import PlacementForm
from portal.shared.rules.book import Numbers
from portal.shared.rules.checks import RatioRule, ratio_limit
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

NOBODY = Decimal(0)


@dataclass(frozen=True)
class Held:
    """A place that somebody holds, without saying who; `share` is a part of a full-time person, 0-1."""

    share: Decimal
    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class Span:
    """Days in a row with the same number of places held."""

    starts_on: date
    ends_on: date
    held: Decimal
    limit: int

    @property
    def free(self) -> Decimal:
        return Decimal(self.limit) - self.held


def limit_of(staff: Decimal, numbers: Numbers) -> int:
    """The places that the ordinary staff allows, in full-time persons. Raises RuleMissing."""
    rule = RatioRule(
        staff_per_place=numbers[PER_PLACE],
        small_until=numbers[UNTIL],
        staff_per_place_above=numbers[PER_PLACE_ABOVE],
        least_places=numbers.whole(LEAST),
    )
    return ratio_limit(staff, rule)


def held_on(day: date, held: Iterable[Held]) -> Decimal:
    return sum((one.share for one in held if one.starts_on <= day <= one.ends_on), Decimal(0))


def fullest_day(held: Sequence[Held], starts_on: date, ends_on: date) -> tuple[date, Decimal]:
    """The first of the days when most is held. The sum only rises on a day when somebody starts."""
    rising = [one.starts_on for one in held if starts_on < one.starts_on <= ends_on]
    days = sorted({starts_on, *rising})
    return max(((day, held_on(day, held)) for day in days), key=lambda found: found[1])


def spans(
    held: Sequence[Held], limit: int, first: date, last: date, *, others: Decimal = NOBODY
) -> list[Span]:
    """The days from first to last, cut where somebody starts or leaves; `others` are there all the time."""
    after_last = last + timedelta(days=1)
    cuts = {first, after_last}
    for one in held:
        cuts |= {day for day in (one.starts_on, one.ends_on + timedelta(days=1)) if first < day < after_last}
    return [
        Span(start, end - timedelta(days=1), held_on(start, held) + others, limit)
        for start, end in pairwise(sorted(cuts))
    ]


def standing_on(
    day: date, staff: Decimal, held: Sequence[Held], *, others: Decimal = NOBODY, numbers: Numbers
) -> Span:
    """How it stands on one day. Raises RuleMissing."""
    return Span(day, day, held_on(day, held) + others, limit_of(staff, numbers))


def room_from(share: Decimal, held: Sequence[Held], limit: Decimal | int, first: date) -> date | None:
    """The first day from which there is room for the share and, as far as is known, stays so; None: never."""
    if share > limit:
        return None
    leaving = {one.ends_on + timedelta(days=1) for one in held if one.ends_on >= first}
    fits = (day for day in sorted({first, *leaving}) if fullest_day(held, day, date.max)[1] + share <= limit)
    return next(fits, None)


def room_in_words(
    held: Sequence[Held], limit: Decimal | int, first: date, *, full_time_hours: Decimal, today: date
) -> str:
    """How much room there is from the first day on, as it is told on the employer's page."""
    now = limit - fullest_day(held, first, date.max)[1]
    if now >= 1:
        if first <= today:
            return str(_l("Plads til %(places)s mere nu", places=int(now)))
        return str(_l("Plads til %(places)s mere fra %(day)s", places=int(now), day=da_date(first)))
    hours = int(now * full_time_hours)
    later = room_from(Decimal(1), held, limit, first)
    if later is None:
        return str(
            _l("Plads til højst %(hours)s timer om ugen", hours=hours) if hours > 0 else _l("Ingen plads")
        )
    whole = str(_l("Plads til 1 mere fra %(day)s", day=da_date(later)))
    until = str(_l("Indtil da højst %(hours)s timer om ugen", hours=hours))
    return f"{whole}. {until}" if hours > 0 else whole


def ratio(
    staff: Decimal,
    held: Sequence[Held],
    newcomer: Held,
    *,
    places: int = 1,
    others: Decimal = NOBODY,
    numbers: Numbers,
) -> Finding:
    """R1: whether everybody fits on each day of the newcomer's period, which may end at date.max.

    `held` must not hold the newcomer. `others` are there all the time: nytteindsats, typed in.
    """
    limit = limit_of(staff, numbers)
    reference = numbers.reference(*KEYS)
    share = newcomer.share * places
    day, busiest = fullest_day(held, newcomer.starts_on, newcomer.ends_on)
    most = busiest + others
    values = {"sum": da_number(most + share), "limit": limit, "day": da_date(day)}
    if most + share <= limit:
        said = _l("Rimelighedskravet holder: højst %(sum)s af %(limit)s pladser i perioden.", **values)
        return Finding("R1", Verdict.OK, said, reference)
    said = _l(
        "Den %(day)s bliver der %(sum)s fuldtidspersoner i praktik og løntilskud. Der er plads til %(limit)s.",
        **values,
    )
    return Finding(
        "R1", Verdict.STOP, said, reference, _remedy(share, held, limit - others, newcomer.starts_on)
    )


def _remedy(share: Decimal, held: Sequence[Held], limit: Decimal, starts_on: date) -> object:
    later = room_from(share, held, limit, starts_on)
    if later is None:
        return _l("Vælg færre timer eller pladser, eller en form, der ikke tæller med, som ordinære timer.")
    return _l("Begynd tidligst den %(day)s, eller vælg færre timer.", day=da_date(later))
