"""R10, R11 and R27: who may begin an IGU, on which terms, and what comes afterwards. The municipality's side only.

Source: docs/rules.md#igu
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.shared.rules.book import Numbers
from portal.shared.rules.checks import Born, age_range_on, last_day_of_months, months_after, years_after
from portal.shared.rules.findings import Finding, Verdict, judged
from portal.shared.rules.law import hybrid
from portal.shared.rules.law.case import Case, FormLaw
from portal.shared.rules.law.replies import Reply, judged_by_reply, unanswered
from portal.shared.rules.law.stretches import Stretch
from portal.web.presentation import da_date, da_number

OPEN, AGE_LEAST, AGE_BELOW, RESIDENCE = "igu-open", "igu-age-least", "igu-age-below", "igu-residence-years"
MONTHS, SCHOOL, WORK, MOST_HOURS = "igu-months", "igu-school-weeks", "igu-work-hours-least", "igu-hours-most"
LEAST_TOTAL = "igu-total-hours-least"
NOT_EMPLOYED, ONCE = "igu-not-employed-months", "igu-once"
REGISTER, BONUS_FIRST, BONUS_LAST = "igu-register-months", "igu-bonus-first-months", "igu-bonus-last-months"
ACT = "igu-age-least"
EXTENSION, ILLNESS = "igu-extension", "igu-illness-weeks"


def may_begin(starts_on: date, numbers: Numbers) -> Finding:
    """R10: the scheme is on trial and takes nobody in after its last day, whatever the reason.

    `numbers` are those of the start.
    """
    return judged(
        "R10",
        numbers.reference(OPEN if OPEN in numbers else ACT),
        holds=numbers.says(OPEN),
        ok=_l("Der må begynde nye IGU-forløb den %(day)s.", day=da_date(starts_on)),
        broken=_l("Der må ikke begynde nye IGU-forløb den %(day)s.", day=da_date(starts_on)),
        remedy=_l("Vælg en tidligere startdato eller en anden form."),
        is_final=True,
    )


def age(born: Born | None, starts_on: date, numbers: Numbers) -> Finding:
    """R10. The sentence does not say how old she is; of a birth year every possible age must do."""
    values = {"least": numbers.whole(AGE_LEAST), "below": numbers.whole(AGE_BELOW)}
    reference = numbers.reference(AGE_BELOW, AGE_LEAST)
    if born is None:
        said = _l(
            "Alderen er ikke kendt. Ved start skal man være fyldt %(least)s og under %(below)s år.", **values
        )
        return Finding("R10", Verdict.WARNING, said, reference, _l("Se efter i sagen."))
    youngest, oldest = age_range_on(born, starts_on)
    return judged(
        "R10",
        reference,
        holds=values["least"] <= youngest and oldest < values["below"],
        ok=_l("Opfylder alderskrav."),
        broken=_l("Opfylder ikke alderskravet: fyldt %(least)s og under %(below)s år ved start.", **values),
        remedy=_l("Vælg en anden form."),
    )


def residence(arrived_on: date | None, starts_on: date, numbers: Numbers) -> list[Finding]:
    """R10, where the day of arrival is known; else the consultant looks it up for the sheet."""
    if arrived_on is None or RESIDENCE not in numbers:
        return []
    years = numbers.whole(RESIDENCE)
    return [
        judged(
            "R10",
            numbers.reference(RESIDENCE),
            holds=starts_on <= years_after(arrived_on, years),
            ok=_l("Opholdet er kort nok."),
            broken=_l("Opholdet i Danmark er længere end %(years)s år.", years=years),
            remedy=_l("Vælg en anden form."),
        )
    ]


def months(starts_on: date, ends_on: date, numbers: Numbers, *, reason: str = "") -> Finding:
    """R10 and R27: one length, but for leave, long illness and school that is not finished."""
    length = numbers.whole(MONTHS)
    last = last_day_of_months(starts_on, length)
    reference = numbers.reference(MONTHS, EXTENSION)
    if ends_on > last and numbers.says(EXTENSION) and reason.strip():
        said = _l("Forløbet er forlænget ud over de %(months)s måneder.", months=length)
        remedy = _l(
            "Det kan kun ske ved orlov, sygdom i mere end %(weeks)s eller skole, der ikke er færdig.",
            weeks=numbers.in_words(ILLNESS),
        )
        return Finding("R27", Verdict.WARNING, said, numbers.reference(EXTENSION, ILLNESS), remedy)
    return judged(
        "R10",
        reference,
        holds=ends_on == last,
        ok=_l("Forløbet varer %(months)s måneder.", months=length),
        broken=_l("Et IGU-forløb varer %(months)s måneder.", months=length),
        remedy=_l(
            "Slut den %(day)s. Skal det forlænges, så skriv begrundelsen.",
            day=da_date(last),
        ),
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


def total_hours(total: float | None, numbers: Numbers) -> list[Finding]:
    """R27: school and work together, an average week."""
    if LEAST_TOTAL not in numbers:
        return []
    least, most = numbers[LEAST_TOTAL], numbers[MOST_HOURS]
    reference = numbers.reference(LEAST_TOTAL, MOST_HOURS)
    values = {"least": da_number(least), "most": da_number(most)}
    if total is None:
        said = _l("Det er ikke oplyst, hvor mange timer om ugen arbejde og skole er i alt.")
        ask = _l("Skriv timerne. Der skal være fra %(least)s til %(most)s.", **values)
        return [unanswered("R27", said, reference, ask)]
    values |= {"hours": da_number(total)}
    return [
        judged(
            "R27",
            reference,
            holds=least <= total <= most,
            ok=_l("%(hours)s timer om ugen i alt med skole er inden for reglen.", **values),
            broken=_l(
                "%(hours)s timer om ugen i alt med skole. En IGU har fra %(least)s til %(most)s.", **values
            ),
            remedy=_l("Vælg fra %(least)s til %(most)s timer i alt.", **values),
        )
    ]


def school(weeks: int | None, numbers: Numbers) -> list[Finding]:
    """R10: the plan for school."""
    if not numbers.says(SCHOOL):
        return []
    least, reference = numbers.whole(SCHOOL), numbers.reference(SCHOOL)
    remedy = _l("Læg planen med en skole, og skriv antallet af uger.")
    if weeks is None:
        return [
            unanswered("R10", _l("Det er ikke oplyst, hvor mange ugers skole der er."), reference, remedy)
        ]
    return [
        judged(
            "R10",
            reference,
            holds=weeks >= least,
            ok=_l("Undervisningsplanen har mindst %(weeks)s uger.", weeks=least),
            broken=_l("Undervisningsplanen skal have mindst %(weeks)s ugers skole.", weeks=least),
            remedy=remedy,
        )
    ]


def residence_said(reply: Reply | None, arrived_on: date | None, numbers: Numbers) -> list[Finding]:
    """R10: asked where the day of arrival is not known; where it is, `residence` judges it."""
    if arrived_on is not None or RESIDENCE not in numbers:
        return []
    demand = _l(
        "Borgeren har højst haft ophold i %(years)s år og hører til målgruppen.",
        years=numbers.whole(RESIDENCE),
    )
    return [_said(reply, demand, RESIDENCE, numbers)]


def not_employed_there(reply: Reply | None, numbers: Numbers) -> list[Finding]:
    """R10: no ordinary work at the employer just before; praktik and løntilskud do not count."""
    if not numbers.says(NOT_EMPLOYED):
        return []
    demand = _l(
        "Borgeren har ikke været ordinært ansat i virksomheden de seneste %(months)s måneder.",
        months=numbers.whole(NOT_EMPLOYED),
    )
    return [_said(reply, demand, NOT_EMPLOYED, numbers)]


def first(reply: Reply | None, numbers: Numbers) -> list[Finding]:
    """R10: one IGU in a life."""
    if not numbers.says(ONCE):
        return []
    return [_said(reply, _l("Borgeren har ikke haft en IGU før."), ONCE, numbers)]


def _said(reply: Reply | None, demand: Any, key: str, numbers: Numbers) -> Finding:
    return judged_by_reply("R10", reply, demand, numbers.reference(key), remedy=_l("Vælg en anden form."))


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
        if numbers.says(key)
    ]


def _at_start(case: Case, numbers: Numbers) -> list[Finding]:
    found = [may_begin(case.starts_on, numbers)]
    if case.ends_on is not None:
        found.append(months(case.starts_on, case.ends_on, numbers, reason=case.reason))
    if case.person is not None:
        found.append(age(case.person.born, case.starts_on, numbers))
        found += residence(case.person.grounds.arrived_on, case.starts_on, numbers)
    return found


def _on_days(case: Case, stretch: Stretch) -> list[Finding]:
    return [hours(case.hours_per_week, stretch.numbers), *hybrid.on_days(case, stretch)]


LAW = FormLaw(
    at_start=_at_start,
    on_days=_on_days,
    age=age,
    is_for_the_young=False,
    asks=("arrived_on",),
    asks_for_reason=True,
)
