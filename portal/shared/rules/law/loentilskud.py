"""R8, R9 and R26: løntilskud adds to the staff, has a longest period and share, and asks for a time on benefits.

Source: docs/rules.md#loentilskud
"""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from flask_babel import lazy_gettext as _l

from portal.shared.rules.book import Numbers
from portal.shared.rules.checks import Born, age_range_on, last_day_of_months, percent_of
from portal.shared.rules.findings import Finding, Verdict, judged
from portal.shared.rules.law import hybrid, working_week
from portal.shared.rules.law.case import GROUP, NO_GROUNDS, Act, Case, FormLaw, Grounds, Readiness, nothing
from portal.shared.rules.law.replies import Reply, judged_by_reply, unanswered
from portal.shared.rules.law.stretches import Stretch
from portal.web.presentation import da_date, da_number

PRIVATE, PUBLIC, INTEGRATION, OTHER = (
    "loentilskud-months-private",
    "loentilskud-months-public",
    "loentilskud-months-integration",
    "loentilskud-months-other",
)
MORE_STAFF = "loentilskud-average-months"
ON_BENEFITS = "loentilskud-benefit-months"
EXEMPT_AGE = "loentilskud-exempt-age"
SHARE_MOST = "loentilskud-share-most"


def months_key(grounds: Grounds, *, is_private: bool | None, numbers: Numbers) -> str:
    """R8 and R24: which limit is the person's; of somebody, or an employer, nobody has placed the shortest."""
    if is_private is None:
        both = [months_key(grounds, is_private=one, numbers=numbers) for one in (False, True)]
        return min(both, key=numbers.whole)
    if is_private:
        return PRIVATE
    if grounds.act is Act.INTEGRATION:
        return INTEGRATION
    if grounds.act is not None and grounds.readiness is Readiness.OTHER:
        return OTHER
    return PUBLIC


def months(
    starts_on: date, ends_on: date, *, is_private: bool | None, grounds: Grounds, numbers: Numbers
) -> Finding:
    """R8, the period: a public employer may have somebody longer after integrationsloven."""
    key = months_key(grounds, is_private=is_private, numbers=numbers)
    most = numbers.whole(key)
    last = last_day_of_months(starts_on, most)
    holds = ends_on <= last
    finding = judged(
        "R8",
        numbers.reference(key),
        holds=holds,
        ok=_l("Perioden er inden for %(months)s måneder.", months=most),
        broken=_l("Perioden er længere end %(months)s måneder.", months=most),
        remedy=_l("Slut senest den %(day)s.", day=da_date(last)),
        verdict=Verdict.WARNING,
    )
    since = None if holds else max(starts_on, last + timedelta(days=1))
    return replace(finding, since=since, topic="months")


def more_staff(last_month: Decimal | None, average: Decimal | None, numbers: Numbers) -> list[Finding]:
    """R8, merbeskæftigelse: last month's ordinary staff, in full-time persons, is at least the average before."""
    if not numbers.says(MORE_STAFF):
        return []
    reference = numbers.reference(MORE_STAFF)
    if last_month is None or average is None:
        said = _l("Det er ikke oplyst, om ansættelsen udvider antallet af ansatte.")
        ask = _l(
            "Spørg om ansatte den seneste måned og gennemsnittet af de seneste %(months)s måneder.",
            months=numbers.whole(MORE_STAFF),
        )
        return [unanswered("R8", said, reference, ask)]
    values = {"now": da_number(last_month), "before": da_number(average)}
    return [
        judged(
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
    ]


def benefits(reply: Reply | None, born: Born | None, starts_on: date, numbers: Numbers) -> list[Finding]:
    """R9: months on benefits, unless her age or something else exempts her; which, nobody writes."""
    if not numbers.says(ON_BENEFITS):
        return []
    reference = numbers.reference(ON_BENEFITS)
    if _is_exempt_by_age(born, starts_on, numbers):
        said = _l("Borgerens alder fritager for kravet om ledighed.")
        return [Finding("R9", Verdict.OK, said, numbers.reference(EXEMPT_AGE))]
    return [
        judged_by_reply(
            "R9",
            reply,
            _l(
                "Borgeren har fået ydelse i mindst %(months)s måneder.",
                months=numbers.whole(ON_BENEFITS),
            ),
            reference,
            remedy=_l(
                "Vent, til kravet er opfyldt, eller vælg en anden form. Er borgeren undtaget, så svar det."
            ),
            not_needed=_l("Borgeren er undtaget fra kravet om ledighed."),
        )
    ]


def _is_exempt_by_age(born: Born | None, starts_on: date, numbers: Numbers) -> bool:
    """Of a birth year the youngest possible age must do; 0: no age exempts."""
    if born is None or not numbers.says(EXEMPT_AGE):
        return False
    youngest, _oldest = age_range_on(born, starts_on)
    return youngest >= numbers[EXEMPT_AGE]


def share(
    subsidy: int | None, wage: int | None, *, is_private: bool | None, numbers: Numbers
) -> list[Finding]:
    """R26: of a private employer's wage cost over a year; both are amounts of a month."""
    if is_private is False or SHARE_MOST not in numbers:
        return []
    most, reference = numbers[SHARE_MOST], numbers.reference(SHARE_MOST)
    if subsidy is None or wage is None:
        said = _l("Det er ikke oplyst, hvor meget tilskuddet er af den samlede løn.")
        ask = _l(
            "Skriv løn og tilskud om måneden. Tilskuddet er højst %(most)s procent af lønnen over et år.",
            most=da_number(most),
        )
        return [unanswered("R26", said, reference, ask)]
    largest = percent_of(wage, most)
    values = {"most": da_number(most), "kroner": da_number(largest)}
    return [
        judged(
            "R26",
            reference,
            holds=subsidy <= largest,
            ok=_l("Tilskuddet er højst %(most)s procent af lønnen.", **values),
            broken=_l("Tilskuddet er mere end %(most)s procent af lønnen over et år.", **values),
            remedy=_l("Skriv højst %(kroner)s kroner om måneden.", **values),
        )
    ]


def _on_days(case: Case, stretch: Stretch) -> list[Finding]:
    numbers = stretch.numbers
    found = [working_week.hours(case.hours_per_week, numbers), *hybrid.on_days(case, stretch)]
    if case.ends_on is None:
        return found
    grounds = case.person.grounds if case.person else NO_GROUNDS
    until = min(stretch.last, case.ends_on)
    found.append(months(case.starts_on, until, is_private=case.is_private, grounds=grounds, numbers=numbers))
    return [*found, *_sector_unknown(case, numbers), *_group_unknown(case, numbers)]


def _sector_unknown(case: Case, numbers: Numbers) -> list[Finding]:
    """Employers that were here before they were asked."""
    if case.is_private is not None:
        return []
    said = _l("Det er ikke oplyst, om virksomheden er privat eller offentlig. Den korteste grænse er brugt.")
    remedy = _l("Vælg sektor på virksomheden.")
    return [
        Finding("R8", Verdict.WARNING, said, numbers.reference(PUBLIC, PRIVATE), remedy, is_question=True)
    ]


def _group_unknown(case: Case, numbers: Numbers) -> list[Finding]:
    """R24: asked of a plan at a public employer, where the length follows from it."""
    if case.person is None or not case.is_plan or case.is_private:
        return []
    grounds = case.person.grounds
    if grounds.act is not None and grounds.readiness is not None:
        return []
    said = _l("Det er ikke oplyst, hvilken lov og gruppe tilbuddet bygger på. Den korteste grænse er brugt.")
    return [
        Finding(
            "R24",
            Verdict.WARNING,
            said,
            numbers.reference(PUBLIC),
            _l("Vælg lov og gruppe."),
            is_question=True,
        )
    ]


LAW = FormLaw(
    at_start=nothing,
    on_days=_on_days,
    age=None,
    is_for_the_young=False,
    asks=GROUP,
    asks_for_reason=False,
)
