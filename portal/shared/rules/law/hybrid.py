"""R7: paid hours and praktik at the same employer must have tasks of their own.

Source: docs/rules.md#hybrid
"""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from portal.shared.rules.book import Numbers
from portal.shared.rules.findings import Finding, Verdict, judged

APART = "hybrid-tasks-apart"


def tasks_apart(paid: Mapping[int, str], unpaid: Mapping[int, str], numbers: Numbers) -> Finding:
    """R7. Both sides: skill id -> the task's name."""
    shared = ", ".join(name for skill, name in unpaid.items() if skill in paid)
    return judged(
        "R7",
        numbers.reference(APART),
        holds=not shared,
        ok=_l("Opgaverne i de lønnede timer og i praktikken er forskellige."),
        broken=_l("De samme opgaver står både i lønnede timer og i praktik: %(tasks)s.", tasks=shared),
        remedy=_l("Del opgaverne, så praktikken har sine egne."),
        verdict=Verdict.WARNING,
    )
