"""R12: how much, when and with what somebody under 18 may work.

The newest rules (1 July 2025) were not read, so the strict limits stand, and a consultant may pass them with a reason.
Source: docs/rules.md#fritidsjob
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, auto
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.base.terms import Shift, Weekday
from portal.shared.rules.book import Numbers
from portal.shared.rules.checks import age_on
from portal.shared.rules.dangers import Danger
from portal.shared.rules.findings import Finding, Verdict, as_warnings, judged, stops
from portal.shared.rules.law.case import Case, FormLaw
from portal.shared.rules.wording import lists_on
from portal.web.presentation import da_number

AGE_LEAST, AGE_OLDER, AGE_ADULT = "youth-age-least", "youth-age-older", "youth-age-adult"
PAUSE_AFTER, PAUSE = "youth-pause-after-hours", "youth-pause-minutes"
FREE_DAYS, LIFT = "youth-free-days", "youth-lift-kg"


class YouthGroup(StrEnum):
    """The three columns of the rules; the ages between them are rows of the rule table."""

    YOUNG = auto()
    AT_SCHOOL = auto()
    PAST_SCHOOL = auto()


class Premises(StrEnum):
    """Where somebody past school may work later in the evening."""

    OTHER = auto()
    SHOP = auto()
    RESTAURANT = auto()


_DANGERS = {
    Danger.ALCOHOL: ("youth-no-alcohol", _l("servering med alkohol")),
    Danger.CHEMICALS: ("youth-no-chemicals", _l("farlige rengørings- eller desinfektionsmidler")),
    Danger.MACHINES: ("youth-no-machines", _l("farlige maskiner")),
    Danger.ALONE: ("youth-no-lone-work", _l("alenearbejde om aftenen eller natten")),
    Danger.LIFTS: (LIFT, _l("tunge løft")),
}

WEEKEND = frozenset({Weekday.SATURDAY, Weekday.SUNDAY})

_LIGHT_WORK_ONLY = frozenset({Danger.ALCOHOL, Danger.MACHINES})
"""Dangers that are only closed to those who may do light work alone."""


@dataclass(frozen=True)
class YouthWork:
    """What is known of the job; None: not said."""

    week_hours: float
    is_school_week: bool = True
    school_day_hours: float | None = None
    free_day_hours: float | None = None
    from_hour: float | None = None
    to_hour: float | None = None
    rest_hours: float | None = None
    pause_minutes: int | None = None
    free_days: int | None = None
    lift_kg: float | None = None
    at_night: bool = False
    premises: Premises = Premises.OTHER
    dangers: frozenset[Danger] = frozenset()


def group_of(born_on: date, on: date, *, past_school: bool, numbers: Numbers) -> YouthGroup | None:
    """None: of age, so the rules for young people are not hers. Who is too young keeps to those of the youngest."""
    age = age_on(born_on, on)
    if age >= numbers[AGE_ADULT]:
        return None
    if age < numbers[AGE_OLDER]:
        return YouthGroup.YOUNG
    return YouthGroup.PAST_SCHOOL if past_school else YouthGroup.AT_SCHOOL


def age(born_on: date | None, starts_on: date, numbers: Numbers) -> Finding:
    """R12: under the least age nobody may be hired. The sentence does not say how old she is."""
    least, reference = numbers.whole(AGE_LEAST), numbers.reference(AGE_LEAST)
    if born_on is None:
        said = _l("Alderen er ikke kendt. Man skal være fyldt %(least)s år.", least=least)
        return Finding("R12", Verdict.WARNING, said, reference, _l("Se efter i sagen."))
    return judged(
        "R12",
        reference,
        holds=age_on(born_on, starts_on) >= least,
        ok=_l("Opfylder alderskrav."),
        broken=_l("Opfylder ikke alderskravet: fyldt %(least)s år.", least=least),
        remedy=_l("Vent, til alderskravet er opfyldt."),
    )


def work(job: YouthWork, group: YouthGroup, numbers: Numbers) -> list[Finding]:
    """R12: every limit that can be held against what is known of the job."""
    week = "school-week" if job.is_school_week else "free-week"
    limits = [
        (f"youth-{week}", group, job.week_hours, _l("timer om ugen")),
        ("youth-school-day", group, job.school_day_hours, _l("timer på en skoledag")),
        ("youth-free-day", group, job.free_day_hours, _l("timer på en skolefri dag")),
        (LIFT, None, job.lift_kg, _l("kg at løfte")),
    ]
    found = [
        _at_most(value, _key(key, whose), what, numbers)
        for key, whose, value, what in limits
        if value is not None
    ]
    return [
        *found,
        *_clock(job, group, numbers),
        *_rest(job, group, numbers),
        *_dangers(job.dangers, group, numbers),
    ]


def _key(key: str, group: YouthGroup | None) -> str:
    return key if group is None else f"{key}-{group.value.replace('_', '-')}"


def _at_most(value: float, key: str, what: Any, numbers: Numbers) -> Finding:
    most = numbers[key]
    values = {"value": da_number(value), "most": da_number(most), "what": what}
    return judged(
        "R12",
        numbers.reference(key),
        holds=value <= most,
        ok=_l("%(value)s %(what)s er inden for grænsen.", **values),
        broken=_l("%(value)s %(what)s er mere end de %(most)s, der er tilladt.", **values),
        remedy=_l("Vælg højst %(most)s.", **values),
    )


def _clock(job: YouthWork, group: YouthGroup, numbers: Numbers) -> list[Finding]:
    if not job.at_night and (job.from_hour is None or job.to_hour is None):
        return []
    late = (
        f"youth-clock-to-{job.premises.value}" if group is YouthGroup.PAST_SCHOOL else "youth-clock-to-other"
    )
    early = "youth-clock-from"
    first, last = numbers[early], numbers[late]
    values = {"first": da_number(first), "last": da_number(last)}
    return [
        judged(
            "R12",
            numbers.reference(late, early),
            holds=not job.at_night and first <= (job.from_hour or 0) < (job.to_hour or 0) <= last,
            ok=_l("Arbejdet ligger mellem kl. %(first)s og %(last)s.", **values),
            broken=_l("Arbejdet skal ligge mellem kl. %(first)s og %(last)s.", **values),
            remedy=_l("Flyt arbejdstiden."),
        )
    ]


def _rest(job: YouthWork, group: YouthGroup, numbers: Numbers) -> list[Finding]:
    least: list[tuple[str, float | None, Any]] = [
        (_key("youth-rest-hours", group), job.rest_hours, _l("timers hvile i døgnet")),
        (FREE_DAYS, job.free_days, _l("fridage om ugen")),
    ]
    longest_day = max(job.school_day_hours or 0, job.free_day_hours or 0)
    if longest_day > numbers[PAUSE_AFTER]:
        least.append((PAUSE, job.pause_minutes, _l("minutters pause")))
    return [_at_least(value, key, what, numbers) for key, value, what in least if value is not None]


def _at_least(value: float, key: str, what: Any, numbers: Numbers) -> Finding:
    least = numbers[key]
    values = {"value": da_number(value), "least": da_number(least), "what": what}
    return judged(
        "R12",
        numbers.reference(key),
        holds=value >= least,
        ok=_l("%(value)s %(what)s er nok.", **values),
        broken=_l("%(value)s %(what)s er mindre end de %(least)s, der skal være.", **values),
        remedy=_l("Aftal mindst %(least)s.", **values),
    )


def _dangers(dangers: Collection[Danger], group: YouthGroup, numbers: Numbers) -> list[Finding]:
    closed = [
        one for one in Danger if one in dangers and _is_closed(one, group) and _DANGERS[one][0] in numbers
    ]
    return [
        Finding(
            "R12",
            Verdict.STOP if group is not YouthGroup.PAST_SCHOOL else Verdict.WARNING,
            _l("Unge må ikke sættes til %(what)s.", what=_DANGERS[one][1]),
            numbers.reference(_DANGERS[one][0]),
            _l("Tag opgaven ud, eller aftal, hvem der gør den."),
        )
        for one in closed
    ]


def _is_closed(danger: Danger, group: YouthGroup) -> bool:
    return group is not YouthGroup.PAST_SCHOOL or danger not in _LIGHT_WORK_ONLY


def _findings(case: Case, numbers: Numbers) -> list[Finding]:
    job = _youth_work(case, numbers)
    if case.person is None:
        return _for_whoever_comes(job, numbers)
    found = [age(case.person.born_on, case.starts_on, numbers)]
    if case.person.born_on is None:
        return [*found, *_for_whoever_comes(job, numbers)]
    # Whether somebody of 15 is past school is not kept: the strict limits hold, and the consultant may pass them
    group = group_of(case.person.born_on, case.starts_on, past_school=False, numbers=numbers)
    return [*found, *(work(job, group, numbers) if group else [])]


def _youth_work(case: Case, numbers: Numbers) -> YouthWork:
    """Days that nobody named are held to the limits of a school day."""
    hours = case.day.hours if case.day else None
    return YouthWork(
        week_hours=case.hours_per_week,
        school_day_hours=hours if case.weekdays - WEEKEND or not case.weekdays else None,
        free_day_hours=hours if case.weekdays & WEEKEND else None,
        from_hour=case.day.begins if case.day else None,
        to_hour=case.day.ends if case.day else None,
        free_days=len(Weekday) - len(case.weekdays) if case.weekdays else None,
        at_night=Shift.NIGHT in case.shifts,
        dangers=lists_on(numbers).dangers_in(case.words),
    )


def _for_whoever_comes(job: YouthWork, numbers: Numbers) -> list[Finding]:
    """What nobody under 18 may do stops; what only those past school may do is warned of."""
    strict = work(job, YouthGroup.AT_SCHOOL, numbers)
    lenient = stops(work(job, YouthGroup.PAST_SCHOOL, numbers))
    return lenient or as_warnings(strict)


LAW = FormLaw(findings=_findings, age=age, reads_conditions=True)
