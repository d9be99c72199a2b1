"""R8 and R9: løntilskud adds to the staff, has a longest period, and asks for a time on benefits.

Source: docs/rules.md#loentilskud
"""

from datetime import date, timedelta
from decimal import Decimal

from flask_babel import lazy_gettext as _l

from portal.shared.rules.book import Numbers
from portal.shared.rules.checks import months_after
from portal.shared.rules.findings import Finding, Verdict, judged
from portal.shared.rules.law import working_week
from portal.shared.rules.law.case import Case, FormLaw
from portal.web.presentation import da_date, da_number

PRIVATE, PUBLIC, INTEGRATION = (
    "loentilskud-months-private",
    "loentilskud-months-public",
    "loentilskud-months-integration",
)
MORE_STAFF = "loentilskud-average-months"
ON_BENEFITS = "loentilskud-benefit-months"
EXEMPT_AGE = "loentilskud-exempt-age"


def months(
    starts_on: date, ends_on: date, *, is_private: bool, integration: bool, numbers: Numbers
) -> Finding:
    """R8, the period: a public employer may have somebody longer after integrationsloven."""
    public = INTEGRATION if integration else PUBLIC
    key = PRIVATE if is_private else public
    most = numbers.whole(key)
    last = months_after(starts_on, most) - timedelta(days=1)
    return judged(
        "R8",
        numbers.reference(key),
        holds=ends_on <= last,
        ok=_l("Perioden er inden for %(months)s måneder.", months=most),
        broken=_l("Perioden er længere end %(months)s måneder.", months=most),
        remedy=_l("Slut senest den %(day)s.", day=da_date(last)),
        verdict=Verdict.WARNING,
    )


def more_staff(last_month: Decimal | None, average: Decimal | None, numbers: Numbers) -> Finding:
    """R8, merbeskæftigelse: last month's ordinary staff, in full-time persons, is at least the average before."""
    reference, span = numbers.reference(MORE_STAFF), numbers.whole(MORE_STAFF)
    if last_month is None or average is None:
        said = _l("Det er ikke oplyst, om ansættelsen udvider antallet af ansatte.")
        ask = _l(
            "Spørg om ansatte den seneste måned og gennemsnittet af de seneste %(months)s måneder.",
            months=span,
        )
        return Finding("R8", Verdict.WARNING, said, reference, ask)
    values = {"now": da_number(last_month), "before": da_number(average)}
    return judged(
        "R8",
        reference,
        holds=last_month >= average,
        ok=_l("Ansatte den seneste måned: %(now)s. Gennemsnit: %(before)s.", **values),
        broken=_l(
            "Ansatte den seneste måned: %(now)s. Det er færre end gennemsnittet på %(before)s.", **values
        ),
        remedy=_l("Vent, til der er ansat flere, eller vælg en anden form."),
        verdict=Verdict.WARNING,
    )


def benefits(is_confirmed: bool, numbers: Numbers) -> Finding:
    """R9: months on benefits or an exemption, which the consultant confirms without writing which."""
    values = {"months": numbers.whole(ON_BENEFITS), "age": numbers.whole(EXEMPT_AGE)}
    return judged(
        "R9",
        numbers.reference(ON_BENEFITS),
        holds=is_confirmed,
        ok=_l("Borgeren opfylder kravet om ledighed eller er undtaget."),
        broken=_l(
            "Det er ikke bekræftet, at borgeren har været ledig i %(months)s måneder eller er undtaget.",
            **values,
        ),
        remedy=_l(
            "Undtaget er den, der er over %(age)s år, eneforsørger eller uden uddannelse. "
            "Sæt krydset, når det er set efter.",
            **values,
        ),
        verdict=Verdict.WARNING,
    )


def _findings(case: Case, numbers: Numbers) -> list[Finding]:
    found = [working_week.hours(case.hours_per_week, numbers)]
    if case.ends_on is not None:
        found.append(
            months(
                case.starts_on, case.ends_on, is_private=case.is_private, integration=True, numbers=numbers
            )
        )
    return found


LAW = FormLaw(findings=_findings, age=None, reads_conditions=False)
