"""R4-R6: how long a praktik may be, its hours and purpose, and where it may not be.

Source: docs/rules.md#praktik-weeks
"""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.base.terms import LabelledEnum
from portal.shared.rules.book import Numbers
from portal.shared.rules.checks import weeks_between
from portal.shared.rules.findings import Finding, Verdict, as_warnings, judged
from portal.shared.rules.law.case import Case, FormLaw
from portal.shared.rules.law.hybrid import tasks_apart
from portal.web.presentation import da_number

ORDINARY, ASSESSED, EXTENSION, HOURS = (
    "praktik-weeks",
    "praktik-weeks-assessed",
    "praktik-weeks-extension",
    "praktik-hours-most",
)
NOT_HERE = "praktik-not-own-firm"


class PraktikPurpose(LabelledEnum):
    """What the praktik is for; it must be stated when it is agreed (LAB § 59)."""

    HIRING = "hiring", _l("Ordinær ansættelse bagefter")
    TRAINING = "training", _l("Oplæring i faglige, sociale eller sproglige kompetencer")
    TRIAL = "trial", _l("Afprøvning af et job- eller uddannelsesmål")


def weeks(
    starts_on: date,
    ends_on: date,
    *,
    reason: str,
    earlier_weeks: int = 0,
    numbers: Numbers,
) -> Finding:
    """R4. `earlier_weeks` of the same person at the same employer count with it."""
    this = weeks_between(starts_on, ends_on)
    total = this + earlier_weeks
    assessed, extension = numbers.whole(ASSESSED), numbers.whole(EXTENSION)
    most = min(numbers.whole(ORDINARY), assessed)  # a municipality may have a longest one below the ordinary
    if total <= most:
        said = _l("Praktikken er på %(weeks)s uger i alt. Grænsen er %(most)s.", weeks=total, most=most)
        return Finding("R4", Verdict.OK, said, numbers.reference(ORDINARY))
    may_be_longer = total <= assessed or (earlier_weeks > 0 and this <= extension)
    if not may_be_longer:
        said = _l(
            "Praktikken er på %(weeks)s uger i alt. Den må højst være %(most)s.", weeks=total, most=assessed
        )
        remedy = _l(
            "Vælg en kortere periode. Ved særligt behov kan den forlænges med højst %(more)s uger ad gangen.",
            more=extension,
        )
        return Finding("R4", Verdict.STOP, said, numbers.reference(ASSESSED, EXTENSION), remedy)
    return _longer(total, most, reason, numbers)


def _longer(total: int, most: int, reason: str, numbers: Numbers) -> Finding:
    said: Any = _l(
        "Praktikken er på %(weeks)s uger i alt, mere end de almindelige %(most)s.", weeks=total, most=most
    )
    reference = numbers.reference(ASSESSED, ORDINARY)
    if reason.strip():
        return Finding(
            "R4", Verdict.WARNING, said, reference, _l("Begrundelsen skal bygge på en konkret vurdering.")
        )
    return Finding(
        "R4", Verdict.STOP, said, reference, _l("Skriv begrundelsen, eller vælg en kortere periode.")
    )


def hours(hours_per_week: float, numbers: Numbers) -> Finding:
    """R5, the hours."""
    most = numbers[HOURS]
    return judged(
        "R5",
        numbers.reference(HOURS),
        holds=hours_per_week <= most,
        ok=_l("%(hours)s timer om ugen er inden for grænsen.", hours=da_number(hours_per_week)),
        broken=_l(
            "%(hours)s timer om ugen er mere end %(most)s.",
            hours=da_number(hours_per_week),
            most=da_number(most),
        ),
        remedy=_l("Vælg højst %(most)s timer om ugen.", most=da_number(most)),
    )


def purpose(chosen: PraktikPurpose | None, task_count: int, numbers: Numbers) -> Finding:
    """R5, the purpose and the tasks, which must stand in the agreement."""
    return judged(
        "R5",
        numbers.reference("praktik-purpose"),
        holds=chosen is not None and task_count > 0,
        ok=_l("Formålet og opgaverne er skrevet."),
        broken=_l("Formålet er ikke valgt.") if chosen is None else _l("Der er ingen opgaver på pladsen."),
        remedy=_l("Vælg formålet.") if chosen is None else _l("Skriv opgaverne på åbningen."),
    )


def place(*, not_last_employer: bool, not_owned_by_family: bool, numbers: Numbers) -> Finding:
    """R6: a consultant has asked both."""
    return judged(
        "R6",
        numbers.reference(NOT_HERE),
        holds=not_last_employer and not_owned_by_family,
        ok=_l("Det er ikke den seneste arbejdsgiver, og ægtefælle eller samlever ejer ikke virksomheden."),
        broken=_l(
            "Det er ikke bekræftet, at det ikke er den seneste arbejdsgiver eller ægtefælles virksomhed."
        ),
        remedy=_l("Spørg borgeren, og sæt begge krydser."),
    )


def _findings(case: Case, numbers: Numbers) -> list[Finding]:
    found = [hours(case.hours_per_week, numbers)]
    if case.ends_on is not None:
        length = weeks(
            case.starts_on,
            case.ends_on,
            reason=case.reason,
            earlier_weeks=case.person.earlier_weeks if case.person else 0,
            numbers=numbers,
        )
        found += [length] if case.is_plan else as_warnings([length])
    if case.person is not None and case.person.paid_tasks:
        found.append(tasks_apart(case.person.paid_tasks, case.tasks, numbers))
    return found


LAW = FormLaw(findings=_findings, age=None, reads_conditions=False)
