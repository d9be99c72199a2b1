"""R7: paid hours and praktik at the same employer must have tasks of their own.

Source: docs/rules.md#hybrid
"""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from portal.shared.rules.book import Numbers
from portal.shared.rules.findings import Finding, Verdict, judged
from portal.shared.rules.law.case import Case
from portal.shared.rules.law.stretches import Stretch

APART = "hybrid-tasks-apart"


def tasks_apart(paid: Mapping[int, str], unpaid: Mapping[int, str], numbers: Numbers) -> Finding:
    """R7. Both sides: skill id -> the task's name."""
    shared = ", ".join(name for skill, name in unpaid.items() if skill in paid)
    return judged(
        "R7",
        numbers.reference(APART),
        holds=not shared or not numbers.says(APART),
        ok=_l("Opgaverne i de lønnede timer og i praktikken er forskellige."),
        broken=_l("De samme opgaver står både i lønnede timer og i praktik: %(tasks)s.", tasks=shared),
        remedy=_l("Del opgaverne, så praktikken har sine egne."),
        verdict=Verdict.WARNING,
    )


def on_days(case: Case, stretch: Stretch) -> list[Finding]:
    """Whichever of the two is planned second is held against the other."""
    if case.person is None:
        return []
    is_paid = case.form.traits.is_paid
    others = case.person.unpaid_tasks if is_paid else case.person.paid_tasks
    if not others:
        return []
    paid, unpaid = (case.tasks, others) if is_paid else (others, case.tasks)
    return [tasks_apart(paid, unpaid, stretch.numbers)]
