"""The fritidsjob: a job beside school for those the municipality means by it; its hours are the young's (law.youth).

Source: docs/rules.md#youth
"""

from datetime import date

from flask_babel import lazy_gettext as _l

from portal.shared.rules.book import Numbers
from portal.shared.rules.checks import Born, age_range_on
from portal.shared.rules.findings import Finding, Verdict, judged
from portal.shared.rules.law import working_week
from portal.shared.rules.law.case import Case, FormLaw
from portal.shared.rules.law.stretches import Stretch
from portal.shared.rules.law.youth import AGE_LEAST, AGE_MOST


def age(born: Born | None, starts_on: date, numbers: Numbers) -> Finding:
    """R12, R21: the sentence does not say how old she is; of a birth year every possible age must do."""
    values = {"least": numbers.whole(AGE_LEAST), "most": numbers.whole(AGE_MOST)}
    reference = numbers.reference(AGE_LEAST, AGE_MOST)
    if born is None:
        said = _l("Alderen er ikke kendt. Et fritidsjob er for unge på %(least)s-%(most)s år.", **values)
        return Finding("R12", Verdict.WARNING, said, reference, _l("Se efter i sagen."))
    youngest, oldest = age_range_on(born, starts_on)
    return judged(
        "R12",
        reference,
        holds=values["least"] <= youngest and oldest <= values["most"],
        ok=_l("Opfylder alderskrav."),
        broken=_l(
            "Opfylder ikke alderskravet: et fritidsjob er for unge på %(least)s-%(most)s år.", **values
        ),
        remedy=_l("Vælg ordinære timer eller småjob til den, der er ældre."),
    )


def _at_start(case: Case, numbers: Numbers) -> list[Finding]:
    return [age(case.person.born, case.starts_on, numbers)] if case.person else []


def _on_days(case: Case, stretch: Stretch) -> list[Finding]:
    """Never above an adult's hours; who grows too old on the way is told of from her birthday."""
    found = working_week.on_days(case, stretch)
    born = case.person.born if case.person else None
    if born is None or stretch.first == case.starts_on:
        return found
    numbers = stretch.numbers
    _youngest, oldest = age_range_on(born, stretch.first)
    return [*found, *([_grown_up(numbers)] if oldest > numbers.whole(AGE_MOST) else [])]


def _grown_up(numbers: Numbers) -> Finding:
    said = _l("Et fritidsjob er for unge til og med %(most)s år.", most=numbers.whole(AGE_MOST))
    remedy = _l("Slut inden fødselsdagen, eller planlæg ordinære timer derefter.")
    return Finding("R12", Verdict.WARNING, said, numbers.reference(AGE_MOST), remedy)


LAW = FormLaw(
    at_start=_at_start,
    on_days=_on_days,
    age=age,
    is_for_the_young=True,
    asks=(),
    asks_for_reason=False,
)
