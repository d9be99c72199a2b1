"""R10 and R11: who may begin an IGU, on which terms, and what comes afterwards. The municipality's side only.

Source: docs/rules.md#igu
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.shared.rules.book import Numbers
from portal.shared.rules.checks import age_on, months_after
from portal.shared.rules.findings import Finding, Verdict, judged
from portal.shared.rules.law.case import Case, FormLaw
from portal.web.presentation import da_date, da_number

OPEN, AGE_LEAST, AGE_BELOW, RESIDENCE = "igu-open", "igu-age-least", "igu-age-below", "igu-residence-years"
MONTHS, SCHOOL, WORK, MOST_HOURS = "igu-months", "igu-school-weeks", "igu-work-hours-least", "igu-hours-most"
NOT_EMPLOYED, ONCE = "igu-not-employed-months", "igu-once"
REGISTER, BONUS_FIRST, BONUS_LAST = "igu-register-months", "igu-bonus-first-months", "igu-bonus-last-months"
ACT = "igu-age-least"


def may_begin(starts_on: date, numbers: Numbers) -> Finding:
    """R10: the scheme is on trial and takes nobody in after its last day, whatever the reason.

    `numbers` are those of the start.
    """
    return judged(
        "R10",
        numbers.reference(OPEN if OPEN in numbers else ACT),
        holds=OPEN in numbers,
        ok=_l("Der må begynde nye IGU-forløb den %(day)s.", day=da_date(starts_on)),
        broken=_l("Der må ikke begynde nye IGU-forløb den %(day)s.", day=da_date(starts_on)),
        remedy=_l("Vælg en tidligere startdato eller en anden form."),
        is_final=True,
    )


def age(born_on: date | None, starts_on: date, numbers: Numbers) -> Finding:
    """R10. The sentence does not say how old she is."""
    values = {"least": numbers.whole(AGE_LEAST), "below": numbers.whole(AGE_BELOW)}
    reference = numbers.reference(AGE_BELOW)
    if born_on is None:
        said = _l(
            "Alderen er ikke kendt. Ved start skal man være fyldt %(least)s og under %(below)s år.", **values
        )
        return Finding("R10", Verdict.WARNING, said, reference, _l("Se efter i sagen."))
    return judged(
        "R10",
        reference,
        holds=values["least"] <= age_on(born_on, starts_on) < values["below"],
        ok=_l("Opfylder alderskrav."),
        broken=_l("Opfylder ikke alderskravet: fyldt %(least)s og under %(below)s år ved start.", **values),
        remedy=_l("Vælg en anden form."),
    )


def months(starts_on: date, ends_on: date, numbers: Numbers) -> Finding:
    """R10: the course has one length."""
    length = numbers.whole(MONTHS)
    last = months_after(starts_on, length) - timedelta(days=1)
    return judged(
        "R10",
        numbers.reference(MONTHS),
        holds=ends_on == last,
        ok=_l("Forløbet varer %(months)s måneder.", months=length),
        broken=_l("Et IGU-forløb varer %(months)s måneder.", months=length),
        remedy=_l("Slut den %(day)s. Det kan kun forlænges i særlige tilfælde.", day=da_date(last)),
        verdict=Verdict.WARNING,
    )


def hours(work: float, numbers: Numbers) -> Finding:
    """R10: hours a week at the employer; school and work together never above the most."""
    least, most = numbers[WORK], numbers[MOST_HOURS]
    return judged(
        "R10",
        numbers.reference(WORK, MOST_HOURS),
        holds=least <= work <= most,
        ok=_l("%(hours)s timer om ugen i virksomheden er inden for reglen.", hours=da_number(work)),
        broken=_l(
            "%(hours)s timer om ugen. En IGU har mindst %(least)s timer i virksomheden "
            "og højst %(most)s i alt med skole.",
            hours=da_number(work),
            least=da_number(least),
            most=da_number(most),
        ),
        remedy=_l("Vælg fra %(least)s til %(most)s timer.", least=da_number(least), most=da_number(most)),
    )


def school(weeks: int | None, numbers: Numbers) -> Finding:
    """R10: the plan for school."""
    least = numbers.whole(SCHOOL)
    return judged(
        "R10",
        numbers.reference(SCHOOL),
        holds=weeks is not None and weeks >= least,
        ok=_l("Undervisningsplanen har mindst %(weeks)s uger.", weeks=least),
        broken=_l("Undervisningsplanen skal have mindst %(weeks)s ugers skole.", weeks=least),
        remedy=_l("Læg planen med en skole, og skriv antallet af uger."),
        verdict=Verdict.STOP if weeks is not None else Verdict.WARNING,
    )


@dataclass(frozen=True)
class Confirmed:
    """What the consultant has looked up in the case; None: not yet."""

    residence: bool | None = None
    not_employed_there: bool | None = None
    first_igu: bool | None = None


def person(confirmed: Confirmed, numbers: Numbers) -> list[Finding]:
    """R10: residence, no ordinary work there just before, and one IGU in a life."""
    years, before = numbers.whole(RESIDENCE), numbers.whole(NOT_EMPLOYED)
    return [
        _confirmed(
            confirmed.residence,
            _l("Borgeren har højst haft ophold i %(years)s år og hører til målgruppen.", years=years),
            RESIDENCE,
            numbers,
        ),
        _confirmed(
            confirmed.not_employed_there,
            _l(
                "Borgeren har ikke været ordinært ansat i virksomheden de seneste %(months)s måneder.",
                months=before,
            ),
            NOT_EMPLOYED,
            numbers,
        ),
        _confirmed(confirmed.first_igu, _l("Borgeren har ikke haft en IGU før."), ONCE, numbers),
    ]


def _confirmed(answer: bool | None, demand: Any, key: str, numbers: Numbers) -> Finding:
    reference = numbers.reference(key)
    if answer:
        return Finding("R10", Verdict.OK, demand, reference)
    said = _l("Kravet er ikke bekræftet: %(demand)s", demand=demand)
    if answer is None:
        return Finding("R10", Verdict.WARNING, said, reference, _l("Se efter i sagen, og sæt krydset."))
    said = _l("Kravet er ikke opfyldt: %(demand)s", demand=demand)
    return Finding("R10", Verdict.STOP, said, reference, _l("Vælg en anden form."))


@dataclass(frozen=True)
class Reminder:
    """Something to be done by a day."""

    due_on: date
    what: Any
    reference: str


def reminders(starts_on: date, *, is_private: bool, numbers: Numbers) -> list[Reminder]:
    """R11: the agreement in VITAS, and a private employer's two bonuses."""
    wanted = [(REGISTER, _l("Aftale og undervisningsplan skal være i VITAS"))]
    if is_private:
        wanted += [
            (BONUS_FIRST, _l("Virksomheden kan søge den første bonus hos SIRI")),
            (BONUS_LAST, _l("Virksomheden kan søge den anden bonus hos SIRI")),
        ]
    return [
        Reminder(months_after(starts_on, numbers.whole(key)), what, numbers.reference(key))
        for key, what in wanted
    ]


def _findings(case: Case, numbers: Numbers) -> list[Finding]:
    found = [may_begin(case.starts_on, numbers), hours(case.hours_per_week, numbers)]
    if case.ends_on is not None:
        found.append(months(case.starts_on, case.ends_on, numbers))
    if case.person is not None:
        found.append(age(case.person.born_on, case.starts_on, numbers))
    return found


LAW = FormLaw(findings=_findings, age=age, reads_conditions=False)
