"""The law of each placement form, and a post or placement held against every rule on every day it concerns."""

from collections.abc import Mapping
from typing import Final

from portal.base.terms import PlacementForm
from portal.shared.rules.book import Numbers, RuleBook
from portal.shared.rules.findings import Finding, joined
from portal.shared.rules.law import fritidsjob, hybrid, igu, loentilskud, praktik, staff, working_week, youth
from portal.shared.rules.law.case import FULL_TIME, Case, FormLaw, nothing
from portal.shared.rules.law.ratio import OWN_WORKPLACE, HeldHours, in_persons, ratio
from portal.shared.rules.law.stretches import Stretch, stretches

ORDINARY_JOB: Final = FormLaw(
    at_start=nothing,
    on_days=lambda case, stretch: [
        *working_week.on_days(case, stretch),
        *hybrid.on_days(case, stretch),
    ],
    age=None,
    is_for_the_young=False,
    asks=(),
    asks_for_reason=False,
)
"""No instrument of the law: a full-time week limits it, and the praktik she has there."""

LAWS: Final[Mapping[PlacementForm, FormLaw]] = {
    PlacementForm.PRAKTIK: praktik.LAW,
    PlacementForm.IGU: igu.LAW,
    PlacementForm.LOENTILSKUD: loentilskud.LAW,
    PlacementForm.REGULAR_JOB: ORDINARY_JOB,
    PlacementForm.SMAAJOB: ORDINARY_JOB,
    PlacementForm.FRITIDSJOB: fritidsjob.LAW,
}
"""Every form has its law; one without is a KeyError, never silence."""


def assess(case: Case, book: RuleBook) -> list[Finding]:
    """Everything the rules of its days say in the case's municipality. Raises RuleMissing.

    What is asked once is judged by the numbers of the first day, everything else on each day by those of that day.
    """
    born = case.person.born if case.person else None
    ages = youth.ages(book) if born else ()
    turns = [day for day, _hours in case.later_hours]
    days = stretches(case.starts_on, case.last_day, case.municipality_id, book, born, ages, turns)
    at_start = [*_staff(case, days[0].numbers), *LAWS[case.form].at_start(case, days[0].numbers)]
    return [*at_start, *joined([on_days(case.on(stretch.first), stretch) for stretch in days])]


def on_days(case: Case, stretch: Stretch) -> list[Finding]:
    """What holds on each of the days, said from the first of them where that is later than the work's first day."""
    found = [*ratio_on(case, stretch), *LAWS[case.form].on_days(case, stretch)]
    if case.person is not None:
        found += youth.on_days(case, stretch)
    elif LAWS[case.form].is_for_the_young:
        found += youth.for_whoever_comes(case, stretch)
    if stretch.first == case.starts_on:
        return found
    return [one.said_from(stretch.first) for one in found]


def ratio_on(case: Case, stretch: Stretch) -> list[Finding]:
    """What the ratio says of the days; nothing for what it does not count."""
    if not _counts_in_ratio(case, stretch.numbers):
        return []
    full_time = stretch.numbers[FULL_TIME]
    newcomer = HeldHours(case.hours_per_week, stretch.first, stretch.last).in_persons(full_time)
    held = in_persons(case.held, full_time)
    return [
        ratio(case.staff, held, newcomer, places=case.places, others=case.others, numbers=stretch.numbers)
    ]


def _staff(case: Case, numbers: Numbers) -> list[Finding]:
    if not _counts_in_ratio(case, numbers):
        return []
    return [staff.staff_number(case.staff_stated_on, case.starts_on, numbers)]


def _counts_in_ratio(case: Case, numbers: Numbers) -> bool:
    """R25: at her own workplace while on sick leave she is outside it."""
    if not case.form.traits.counts_in_ratio:
        return False
    is_outside = case.person is not None and case.person.grounds.is_outside_ratio
    return not (is_outside and numbers.says(OWN_WORKPLACE))
