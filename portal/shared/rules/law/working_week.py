"""R17: the forms that have no limit of their own keep to a full-time week.

Source: docs/rules.md#checks
"""

from flask_babel import lazy_gettext as _l

from portal.shared.rules.book import Numbers
from portal.shared.rules.findings import Finding, judged
from portal.shared.rules.law.case import FULL_TIME, Case
from portal.shared.rules.law.stretches import Stretch
from portal.web.presentation import da_number


def hours(hours_per_week: float, numbers: Numbers) -> Finding:
    """R17."""
    most = numbers[FULL_TIME]
    return judged(
        "R17",
        numbers.reference(FULL_TIME),
        holds=hours_per_week <= most,
        ok=_l("%(hours)s timer om ugen er inden for en fuldtidsuge.", hours=da_number(hours_per_week)),
        broken=_l(
            "%(hours)s timer om ugen er mere end en fuldtidsuge på %(most)s.",
            hours=da_number(hours_per_week),
            most=da_number(most),
        ),
        remedy=_l("Vælg højst %(most)s timer om ugen.", most=da_number(most)),
    )


def on_days(case: Case, stretch: Stretch) -> list[Finding]:
    """On every day of the work."""
    return [hours(case.hours_per_week, stretch.numbers)]
