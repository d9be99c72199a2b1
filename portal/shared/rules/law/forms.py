"""The law of each placement form, and a post or placement held against every rule that concerns it."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from portal.base.terms import PlacementForm
from portal.shared.rules.book import Numbers, RuleBook
from portal.shared.rules.checks import full_time_share
from portal.shared.rules.findings import Finding
from portal.shared.rules.law import fritidsjob, igu, loentilskud, praktik, staff, working_week
from portal.shared.rules.law.case import FULL_TIME, Case, FormLaw
from portal.shared.rules.law.ratio import Held, ratio

ORDINARY_JOB: Final = FormLaw(
    findings=lambda case, numbers: [working_week.hours(case.hours_per_week, numbers)],
    age=None,
    reads_conditions=False,
)
"""No instrument of the law: only a full-time week limits it."""

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
    """Everything the rules of the first day say in the case's municipality. Raises RuleMissing."""
    numbers = book.on(case.starts_on, case.municipality_id)
    return [*_ratio(case, numbers), *LAWS[case.form].findings(case, numbers)]


def _ratio(case: Case, numbers: Numbers) -> list[Finding]:
    if not case.form.traits.counts_in_ratio:
        return []
    share = full_time_share(case.hours_per_week, numbers[FULL_TIME])
    newcomer = Held(share, case.starts_on, case.ends_on or date.max)
    return [
        ratio(case.staff, case.held, newcomer, places=case.places, others=case.others, numbers=numbers),
        staff.staff_number(case.staff_stated_on, case.on, numbers),
    ]
