"""R2 and R3: how many work there, and who has said so.

Source: docs/rules.md#ratio
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask_babel import lazy_gettext as _l

from portal.shared.rules.book import Numbers
from portal.shared.rules.checks import months_before
from portal.shared.rules.findings import Finding, Verdict, judged
from portal.web.presentation import da_date, da_number

AVERAGE_MONTHS = "ratio-average-months"
HEARD_ABOVE = "representative-staff-above"


def staff_number(stated_on: date | None, starts_on: date, numbers: Numbers) -> Finding:
    """R2: the average is that of the months before the start, so a figure from before them is too old.

    Where nobody has said how many there are, the ratio counts nobody.
    """
    months, first = numbers.whole(AVERAGE_MONTHS), figures_since(starts_on, numbers)
    remedy = _l(
        "Spørg virksomheden om gennemsnittet af de seneste %(months)s måneder før start, "
        "uden mindreårige og ansatte med tilskud.",
        months=months,
    )
    if stated_on is None:
        unsaid = _l("Det er ikke oplyst, hvor mange der er ansat. Der regnes, som om der ikke er nogen.")
        return Finding("R2", Verdict.WARNING, unsaid, numbers.reference(AVERAGE_MONTHS), remedy)
    return judged(
        "R2",
        numbers.reference(AVERAGE_MONTHS),
        holds=stated_on >= first,
        ok=_l("Antallet af ansatte er opgjort den %(day)s.", day=da_date(stated_on)),
        broken=_l(
            "Antallet af ansatte er fra %(day)s. Det er mere end %(months)s måneder før den første dag.",
            day=da_date(stated_on),
            months=months,
        ),
        remedy=remedy,
        verdict=Verdict.WARNING,
    )


def figures_since(starts_on: date, numbers: Numbers) -> date:
    """The first day of the months whose average counts: figures from before it are not those of this start."""
    return months_before(starts_on, numbers.whole(AVERAGE_MONTHS))


@dataclass(frozen=True)
class Heard:
    """Who has spoken for the staff, and when."""

    name: str
    stated_on: date | None

    def before(self, starts_on: date) -> bool:
        return bool(self.name.strip()) and self.stated_on is not None and self.stated_on < starts_on


def representative(
    staff: Decimal, heads: int | None, *, heard: Heard, starts_on: date, numbers: Numbers
) -> Finding:
    """R3: before the start the employees' representative has stated that the figures are right and colleagues heard.

    People are counted, not full-time persons: two on half time are more than one. Nobody is more than one full-time
    person, so a large staff needs no count; where a small one has none, it is judged as if there were several.
    """
    reference, most = numbers.reference(HEARD_ABOVE), numbers[HEARD_ABOVE]
    if heads is not None and heads <= most:
        said = _l("Der arbejder så få på stedet, at der ikke skal høres en medarbejderrepræsentant.")
        return Finding("R3", Verdict.OK, said, reference)
    broken = _l("Medarbejdernes repræsentant har ikke udtalt sig før start.")
    remedy = _l("Skriv, hvem der har udtalt sig, og hvornår. Det skal være før den første dag.")
    if heads is None and staff <= most:
        broken = _l(
            "Det er ikke oplyst, hvor mange personer der arbejder på stedet, og medarbejdernes repræsentant har ikke "
            "udtalt sig før start."
        )
        remedy = _l(
            "Spørg virksomheden, hvor mange der arbejder på stedet, også på deltid. Er der flere end %(most)s, så "
            "skriv, hvem der har udtalt sig, og hvornår. Det skal være før den første dag.",
            most=da_number(most),
        )
    return judged(
        "R3",
        reference,
        holds=heard.before(starts_on),
        ok=_l(
            "%(name)s er hørt for medarbejderne den %(day)s.", name=heard.name, day=da_date(heard.stated_on)
        ),
        broken=broken,
        remedy=remedy,
    )
