"""One post or placement held against every rule that concerns it: which rules those are, by its form."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from portal.base.terms import PlacementForm, Shift, Weekday
from portal.shared.rules.book import Numbers, RuleBook
from portal.shared.rules.checks import full_time_share
from portal.shared.rules.clock_times import Working
from portal.shared.rules.findings import Finding, as_warnings, stops
from portal.shared.rules.law import fritidsjob, hybrid, igu, loentilskud, praktik, ratio, staff
from portal.shared.rules.law.fritidsjob import YouthGroup, YouthWork
from portal.shared.rules.law.ratio import Held

FULL_TIME = "full-time-hours"
WEEKEND = frozenset({Weekday.SATURDAY, Weekday.SUNDAY})


@dataclass(frozen=True)
class Person:
    """What the law asks of a person; the municipality's side only."""

    born_on: date | None
    earlier_weeks: int = 0
    """Weeks of praktik at the same firm before this one."""
    paid_tasks: Mapping[int, str] = field(default_factory=dict)
    """Skill id -> name of what she is paid for at the same firm in the same period."""


@dataclass(frozen=True)
class Case:
    """What is known of a post or a placement. Without a person nothing is said of age and history."""

    form: PlacementForm
    hours_per_week: float
    starts_on: date
    ends_on: date | None
    on: date
    """The day of the question."""
    staff: Decimal
    staff_stated_on: date
    held: tuple[Held, ...]
    """Places held at the workplace by others, in the forms that the ratio counts."""
    others: Decimal = ratio.NOBODY
    """Further people in offers there whom the portal did not place, in full-time persons."""
    places: int = 1
    is_private: bool = True
    shifts: frozenset[Shift] = frozenset()
    weekdays: frozenset[Weekday] = frozenset()
    """Empty: not said."""
    day: Working | None = None
    """From when to when, as far as the firm's words tell."""
    tasks: Mapping[int, str] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    """The tasks as they are written, and the conditions."""
    reason: str = ""
    """Why a praktik is longer than the ordinary limit."""
    person: Person | None = None
    is_plan: bool = False
    """The dates are those of a placement, not of a post that somebody may fill for a shorter time."""


def assess(case: Case, book: RuleBook) -> list[Finding]:
    """Everything the rules of the first day say. Raises RuleMissing."""
    numbers = book.on(case.starts_on)
    by_form = {
        PlacementForm.PRAKTIK: _praktik,
        PlacementForm.LOENTILSKUD: _loentilskud,
        PlacementForm.IGU: _igu,
        PlacementForm.FRITIDSJOB: _fritidsjob,
    }
    found = [*_ratio(case, numbers)]
    if case.form in by_form:
        found += by_form[case.form](case, numbers)
    return found


def _ratio(case: Case, numbers: Numbers) -> list[Finding]:
    if case.form not in ratio.COUNTED_FORMS:
        return []
    share = full_time_share(case.hours_per_week, numbers[FULL_TIME])
    newcomer = Held(share, case.starts_on, case.ends_on or date.max)
    return [
        ratio.ratio(case.staff, case.held, newcomer, places=case.places, others=case.others, numbers=numbers),
        staff.staff_number(case.staff_stated_on, case.on, numbers),
    ]


def _praktik(case: Case, numbers: Numbers) -> list[Finding]:
    found = [praktik.hours(case.hours_per_week, numbers)]
    if case.ends_on is not None:
        weeks = praktik.weeks(
            case.starts_on,
            case.ends_on,
            reason=case.reason,
            earlier_weeks=case.person.earlier_weeks if case.person else 0,
            numbers=numbers,
        )
        found += [weeks] if case.is_plan else as_warnings([weeks])
    if case.person is not None and case.person.paid_tasks:
        found.append(hybrid.tasks_apart(case.person.paid_tasks, case.tasks, numbers))
    return found


def _loentilskud(case: Case, numbers: Numbers) -> list[Finding]:
    if case.ends_on is None:
        return []
    return [
        loentilskud.months(
            case.starts_on, case.ends_on, is_private=case.is_private, integration=True, numbers=numbers
        )
    ]


def _igu(case: Case, numbers: Numbers) -> list[Finding]:
    found = [igu.may_begin(case.starts_on, numbers), igu.hours(case.hours_per_week, numbers)]
    if case.ends_on is not None:
        found.append(igu.months(case.starts_on, case.ends_on, numbers))
    if case.person is not None:
        found.append(igu.age(case.person.born_on, case.starts_on, numbers))
    return found


def _fritidsjob(case: Case, numbers: Numbers) -> list[Finding]:
    job = _youth_work(case)
    if case.person is None:
        return _for_whoever_comes(job, numbers)
    found = [fritidsjob.age(case.person.born_on, case.starts_on, numbers)]
    if case.person.born_on is None:
        return [*found, *_for_whoever_comes(job, numbers)]
    # Whether somebody of 15 is past school is not kept: the strict limits hold, and the consultant may pass them
    group = fritidsjob.group_of(case.person.born_on, case.starts_on, past_school=False, numbers=numbers)
    return [*found, *(fritidsjob.work(job, group, numbers) if group else [])]


def _youth_work(case: Case) -> YouthWork:
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
        dangers=fritidsjob.dangers_in(case.words),
    )


def _for_whoever_comes(job: YouthWork, numbers: Numbers) -> list[Finding]:
    """What nobody under 18 may do stops; what only those past school may do is warned of."""
    strict = fritidsjob.work(job, YouthGroup.AT_SCHOOL, numbers)
    lenient = stops(fritidsjob.work(job, YouthGroup.PAST_SCHOOL, numbers))
    return lenient or as_warnings(strict)
