"""R4-R6, R24 and R28: how long a praktik may be, its hours and purpose, and where it may not be.

Source: docs/rules.md#praktik-weeks
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.base.terms import LabelledEnum
from portal.shared.rules.book import Numbers
from portal.shared.rules.checks import last_day_of_months, months_in, weeks_between
from portal.shared.rules.findings import Finding, Verdict, as_warnings, judged
from portal.shared.rules.law import hybrid
from portal.shared.rules.law.case import GROUP, Case, FormLaw, Grounds, Readiness, Stay, nothing
from portal.shared.rules.law.ratio import OWN_WORKPLACE
from portal.shared.rules.law.replies import Reply, judged_by_reply, unanswered
from portal.shared.rules.law.stretches import Stretch
from portal.web.presentation import da_date, da_number

READY, ORDINARY, ASSESSED, EXTENSION, HOURS = (
    "praktik-weeks-ready",
    "praktik-weeks",
    "praktik-weeks-assessed",
    "praktik-weeks-extension",
    "praktik-hours-most",
)
COURSE_EACH, COURSE_TOTAL = "praktik-course-months-each", "praktik-course-months-total"
PURPOSE = "praktik-purpose"
NOT_HERE = "praktik-not-own-firm"


class PraktikPurpose(LabelledEnum):
    """What the praktik is for; it must be stated when it is agreed (LAB § 59)."""

    HIRING = "hiring", _l("Ordinær ansættelse bagefter")
    TRAINING = "training", _l("Oplæring i faglige, sociale eller sproglige kompetencer")
    TRIAL = "trial", _l("Afprøvning af et job- eller uddannelsesmål")


@dataclass(frozen=True)
class WeekLimits:
    """The weeks that somebody of a group may be in praktik, by the numbers of a day."""

    ordinary: int
    """Without a reason."""
    assessed: int
    """With one; for those ready for a job the same as without."""
    key: str
    """The rule that the ordinary limit is."""


def limits_of(readiness: Readiness | None, numbers: Numbers) -> WeekLimits:
    """R4 and R24: who is ready for a job has the short one; of somebody nobody has placed, that is assumed."""
    assessed = numbers.whole(ASSESSED)
    ordinary = min(
        numbers.whole(ORDINARY), assessed
    )  # a municipality may have a longest one below the ordinary
    if readiness is Readiness.OTHER:
        return WeekLimits(ordinary, assessed, ORDINARY)
    ready = min(numbers.whole(READY), ordinary)
    return WeekLimits(ready, ready, READY)


def weeks(stays: Sequence[Stay], which: int, *, limits: WeekLimits, reason: str, numbers: Numbers) -> Finding:
    """R4: the weeks up to and with one of a person's praktik at an employer, `stays` in the order of their days.

    Weeks that were before count with it. Beyond the longest only an extension near the end, of one stay at a time.
    """
    this = weeks_between(stays[which].starts_on, stays[which].ends_on)
    total = sum(weeks_between(one.starts_on, one.ends_on) for one in stays[: which + 1])
    most, extension = limits.ordinary, numbers.whole(EXTENSION)
    if total <= most:
        said = _l("Praktikken er på %(weeks)s uger i alt. Grænsen er %(most)s.", weeks=total, most=most)
        return Finding("R4", Verdict.OK, said, numbers.reference(limits.key), topic=_topic(which))
    since = _passed_on(stays[which], most - (total - this))
    if limits.key == READY:
        return replace(_too_long_for_ready(total, most, numbers), since=since, topic=_topic(which))
    may_be_longer = total <= limits.assessed or (total > this and this <= min(extension, limits.assessed))
    if not may_be_longer:
        said = _l(
            "Praktikken er på %(weeks)s uger i alt. Efter en konkret vurdering må den vare %(most)s uger.",
            weeks=total,
            most=limits.assessed,
        )
        remedy = _l(
            "Vælg en kortere periode. Kun når praktikken er ved at slutte, og der er et særligt behov, kan der "
            "lægges op til %(more)s uger til, som et nyt forløb.",
            more=extension,
        )
        found = Finding("R4", Verdict.STOP, said, numbers.reference(ASSESSED, EXTENSION), remedy)
    else:
        found = _longer(total, most, reason, numbers)
    return replace(found, since=since, topic=_topic(which))


def _topic(which: int) -> str:
    return f"weeks of {which}"


def _passed_on(stay: Stay, weeks_left: int) -> date:
    """The first day of the stay on which the weeks are more than what is left."""
    return stay.starts_on + timedelta(weeks=max(weeks_left, 0))


def _too_long_for_ready(total: int, most: int, numbers: Numbers) -> Finding:
    said = _l(
        "Praktikken er på %(weeks)s uger i alt. For jobparate er grænsen %(most)s uger.",
        weeks=total,
        most=most,
    )
    remedy = _l("Vælg en kortere periode, eller ret gruppen, hvis borgeren ikke er jobparat.")
    return Finding("R4", Verdict.STOP, said, numbers.reference(READY), remedy)


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
        "R4",
        Verdict.STOP,
        said,
        reference,
        _l("Konsulenten skriver en begrundelse, eller perioden bliver kortere."),
    )


def in_course(stays: Sequence[Stay], which: int, numbers: Numbers) -> list[Finding]:
    """R28: praktik inside a specially arranged course, one place at a time and all together; `stays` in order."""
    stay, each, total = stays[which], numbers.whole(COURSE_EACH), numbers.whole(COURSE_TOTAL)
    last = last_day_of_months(stay.starts_on, each)
    months = sum(months_in(one.starts_on, one.ends_on) for one in stays[: which + 1])
    remedy = _l("Slut senest den %(day)s, eller planlæg uden for forløbet.", day=da_date(last))
    return [
        judged(
            "R28",
            numbers.reference(COURSE_EACH),
            holds=stay.ends_on <= last,
            ok=_l("Praktikken i forløbet er inden for %(most)s.", most=numbers.in_words(COURSE_EACH)),
            broken=_l(
                "Praktik i et forløb må højst vare %(most)s hvert sted.", most=numbers.in_words(COURSE_EACH)
            ),
            remedy=remedy,
        ),
        judged(
            "R28",
            numbers.reference(COURSE_TOTAL),
            holds=months <= total,
            ok=_l("Al praktik i forløbet er inden for %(most)s.", most=numbers.in_words(COURSE_TOTAL)),
            broken=_l(
                "Praktik i et forløb må højst vare %(most)s i alt.", most=numbers.in_words(COURSE_TOTAL)
            ),
            remedy=_l("Vælg en kortere periode, eller planlæg uden for forløbet."),
        ),
    ]


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


def purpose(chosen: PraktikPurpose | None, task_count: int, numbers: Numbers) -> list[Finding]:
    """R5, the purpose and the tasks, which must stand in the agreement."""
    if not numbers.says(PURPOSE):
        return []
    reference = numbers.reference(PURPOSE)
    if chosen is None:
        return [unanswered("R5", _l("Formålet er ikke valgt."), reference, _l("Vælg formålet."))]
    return [
        judged(
            "R5",
            reference,
            holds=task_count > 0,
            ok=_l("Formålet og opgaverne er skrevet."),
            broken=_l("Der er ingen opgaver på pladsen."),
            remedy=_l("Skriv opgaverne på åbningen."),
        )
    ]


def not_last_employer(reply: Reply | None, grounds: Grounds, numbers: Numbers) -> list[Finding]:
    """R6: a consultant has asked."""
    return _place(reply, _l("Det er ikke borgerens seneste arbejdsgiver."), grounds, numbers)


def not_owned_by_family(reply: Reply | None, grounds: Grounds, numbers: Numbers) -> list[Finding]:
    """R6: a consultant has asked."""
    return _place(reply, _l("Ægtefælle eller samlever ejer ikke virksomheden."), grounds, numbers)


def _place(reply: Reply | None, demand: Any, grounds: Grounds, numbers: Numbers) -> list[Finding]:
    """R25: who is in praktik at her own workplace is where she belongs, whoever owns it."""
    if not numbers.says(NOT_HERE):
        return []
    reference = numbers.reference(NOT_HERE)
    if grounds.is_outside_ratio and numbers.says(OWN_WORKPLACE):
        said = _l("Praktikken er på borgerens eget arbejdssted, så kravet gælder ikke.")
        return [Finding("R6", Verdict.OK, said, reference)]
    remedy = _l("Vælg en anden virksomhed.")
    return [judged_by_reply("R6", reply, demand, reference, remedy=remedy)]


def _on_days(case: Case, stretch: Stretch) -> list[Finding]:
    numbers = stretch.numbers
    return [
        hours(case.hours_per_week, numbers),
        *_lengths(case, stretch),
        *hybrid.on_days(case, stretch),
    ]


def _lengths(case: Case, stretch: Stretch) -> list[Finding]:
    """How long it has been by the last of the days; those that come after it are judged with it at its end."""
    if case.ends_on is None:
        return []
    this = Stay(case.starts_on, min(stretch.last, case.ends_on))
    is_over = stretch.last >= case.ends_on
    if case.person is None:
        found = [_weeks_of_post(this, case, stretch.numbers)]
        return found if case.is_plan else as_warnings(found)
    found = [
        *_along(this, case.person.praktik_here, _judge_weeks(case, stretch.numbers), with_later=is_over),
        *_group_unknown(case, this, stretch.numbers),
    ]
    grounds = case.person.grounds
    if grounds.is_within_course:
        course = _along(
            this,
            case.person.course_praktik,
            lambda stays, which: in_course(stays, which, stretch.numbers),
            with_later=is_over,
        )
        found += course
    return found if case.is_plan else as_warnings(found)


def _weeks_of_post(this: Stay, case: Case, numbers: Numbers) -> Finding:
    """A post without a person: whoever comes may be of any group, so the ordinary limit is told."""
    limits = limits_of(Readiness.OTHER, numbers)
    return weeks([this], 0, limits=limits, reason=case.reason, numbers=numbers)


def _judge_weeks(case: Case, numbers: Numbers) -> Callable[[Sequence[Stay], int], list[Finding]]:
    readiness = case.person.grounds.readiness if case.person else None
    limits = limits_of(readiness if case.is_plan else Readiness.OTHER, numbers)
    return lambda stays, which: [weeks(stays, which, limits=limits, reason=case.reason, numbers=numbers)]


def _along(
    this: Stay,
    others: Sequence[Stay],
    judge: Callable[[Sequence[Stay], int], list[Finding]],
    *,
    with_later: bool,
) -> list[Finding]:
    """This stay with those before it, and what it makes of those after it: so the order of planning does not matter."""
    stays = sorted([*others, this], key=lambda one: (one.starts_on, one.ends_on))
    at = stays.index(this)
    found = judge(stays, at)
    if with_later:
        for later in range(at + 1, len(stays)):
            found += [one for one in judge(stays, later) if not one.is_ok]
    return found


def _group_unknown(case: Case, this: Stay, numbers: Numbers) -> list[Finding]:
    """R24: asked only where the length follows from it."""
    if case.person is None or not case.is_plan or case.person.grounds.readiness is not None:
        return []
    if weeks_between(this.starts_on, this.ends_on) <= numbers.whole(READY):
        return []
    said = _l("Det er ikke oplyst, om borgeren er jobparat. Længden er vurderet, som om svaret er ja.")
    return [
        Finding("R24", Verdict.WARNING, said, numbers.reference(READY), _l("Vælg gruppen."), is_question=True)
    ]


LAW = FormLaw(
    at_start=nothing,
    on_days=_on_days,
    age=None,
    is_for_the_young=False,
    asks=(*GROUP, "is_within_course", "is_outside_ratio"),
    asks_for_reason=True,
)
