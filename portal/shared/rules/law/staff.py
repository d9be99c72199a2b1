"""R2 and R3: how many work there, and who has said so.

Source: docs/rules.md#ratio
"""

from datetime import date
from decimal import Decimal

from flask_babel import lazy_gettext as _l

from portal.shared.rules.book import Numbers
from portal.shared.rules.checks import months_before
from portal.shared.rules.findings import Finding, Verdict, judged
from portal.web.presentation import da_date

AVERAGE_MONTHS = "ratio-average-months"
HEARD_ABOVE = "representative-staff-above"


def staff_number(stated_on: date, starts_on: date, numbers: Numbers) -> Finding:
    """R2: the average is that of the months before the start, so a figure from before them is too old."""
    months = numbers.whole(AVERAGE_MONTHS)
    return judged(
        "R2",
        numbers.reference(AVERAGE_MONTHS),
        holds=stated_on >= months_before(starts_on, months),
        ok=_l("Antallet af ansatte er opgjort den %(day)s.", day=da_date(stated_on)),
        broken=_l(
            "Antallet af ansatte er fra %(day)s. Det er mere end %(months)s måneder før den første dag.",
            day=da_date(stated_on),
            months=months,
        ),
        remedy=_l(
            "Spørg virksomheden om gennemsnittet af de seneste %(months)s måneder før start, "
            "uden mindreårige og ansatte med tilskud.",
            months=months,
        ),
        verdict=Verdict.WARNING,
    )


def representative(
    staff: Decimal, *, name: str, stated_on: date | None, starts_on: date, numbers: Numbers
) -> Finding:
    """R3: before the start the employees' representative has stated that the figures are right and colleagues heard."""
    reference = numbers.reference(HEARD_ABOVE)
    if staff <= numbers[HEARD_ABOVE]:
        said = _l("Virksomheden er så lille, at der ikke skal høres en medarbejderrepræsentant.")
        return Finding("R3", Verdict.OK, said, reference)
    return judged(
        "R3",
        reference,
        holds=bool(name.strip()) and stated_on is not None and stated_on < starts_on,
        ok=_l("%(name)s er hørt for medarbejderne den %(day)s.", name=name, day=da_date(stated_on)),
        broken=_l("Medarbejdernes repræsentant har ikke udtalt sig før start."),
        remedy=_l("Skriv, hvem der har udtalt sig, og hvornår. Det skal være før den første dag."),
    )
