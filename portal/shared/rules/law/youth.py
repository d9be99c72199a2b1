"""R12, R21-R23 and R29: how much, when and with what somebody under 18 may work, whatever the form.

Each day is judged by her age on that day; of a birth year alone the youngest she may be. What nobody has said is judged
as the strictest answer, and the finding says so. The newest rules (1 July 2025) were not read, so the strict limits
stand, and a consultant may pass them with a reason. Source: docs/rules.md#youth
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum, auto
from typing import Any, Final

from flask_babel import lazy_gettext as _l

from portal.base.terms import Shift, Weekday
from portal.shared.rules.book import Numbers, RuleBook
from portal.shared.rules.checks import Born, age_range_on
from portal.shared.rules.clock_times import DAY_HOURS, MINUTES, WEEKEND, Working, kilos_in
from portal.shared.rules.dangers import Danger, dangers_in
from portal.shared.rules.findings import Finding, Verdict, as_warnings, joined, judged, stops
from portal.shared.rules.law.case import Case, Premises, YoungWork
from portal.shared.rules.law.stretches import Stretch
from portal.shared.rules.school_weeks import LAST_WEEK
from portal.web.presentation import da_number

AGE_LEAST, AGE_OLDER, AGE_ADULT = "youth-age-least", "youth-age-older", "youth-age-adult"
AGE_MOST = "fritidsjob-age-most"
PAUSE_AFTER, PAUSE = "youth-pause-after-hours", "youth-pause-minutes"
FREE_DAYS, FREE_TOGETHER, LIFT = "youth-free-days", "youth-free-days-together", "youth-lift-kg"
LIGHT_WORK, NO_MACHINES, NO_CHEMICALS = "youth-light-work-only", "youth-no-machines", "youth-no-chemicals"
RISK, SUPERVISION = "youth-risk-assessment", "youth-adult-supervises"
NO_ALCOHOL, ALCOHOL_UNTIL = "youth-no-alcohol", "youth-clock-to-alcohol"
NOT_ALONE, ALONE_WEEKDAY, ALONE_WEEKEND, ALONE_UNTIL = (
    "youth-no-lone-work",
    "youth-alone-weekday-from",
    "youth-alone-weekend-from",
    "youth-alone-until",
)
PARENTS = "youth-parents-told"


class YouthGroup(StrEnum):
    """The three columns of the rules; the ages between them are rows of the rule table."""

    YOUNG = auto()
    AT_SCHOOL = auto()
    PAST_SCHOOL = auto()

    @property
    def has_light_work_only(self) -> bool:
        """Undervisningspligten is not behind her."""
        return self is not YouthGroup.PAST_SCHOOL


@dataclass(frozen=True)
class WeekKind:
    """The weeks with school, or those without, of some days."""

    is_school: bool
    first: date


def group_of(born: Born, on: date, *, past_school: bool | None, numbers: Numbers) -> YouthGroup | None:
    """None: surely of age, so the rules for young people are not hers."""
    age, _oldest = age_range_on(born, on)
    if age >= numbers[AGE_ADULT]:
        return None
    if age < numbers[AGE_OLDER]:
        return YouthGroup.YOUNG
    return YouthGroup.PAST_SCHOOL if past_school else YouthGroup.AT_SCHOOL


def ages(book: RuleBook) -> frozenset[int]:
    """The birthdays on which somebody comes into another group, by any row there is or was."""
    reached = {AGE_LEAST: 0, AGE_OLDER: 0, AGE_ADULT: 0, AGE_MOST: 1}  # the last holds to the end of its year
    return frozenset(int(row.value) + reached[row.key] for row in book.rows if row.key in reached)


def may_be_young(born: Born | None, starts_on: date, numbers: Numbers) -> bool:
    """Whether the rules for the young may be hers on the first day; nobody knows of somebody without an age."""
    return born is None or age_range_on(born, starts_on)[0] < numbers[AGE_ADULT]


def on_days(case: Case, stretch: Stretch) -> list[Finding]:
    """Every limit that can be held against what is known of the work on these days."""
    if case.person is None:
        return []
    born, numbers = case.person.born, stretch.numbers
    if born is None:
        return [_unknown_age(numbers)] if case.is_plan else []
    group = group_of(born, stretch.first, past_school=case.young.is_past_school, numbers=numbers)
    if group is None:
        return []
    least = numbers.whole(AGE_LEAST)
    age = age_range_on(born, stretch.first)[0]
    found = [*([_too_young(born, age, numbers)] if age < least else []), *work(case, group, stretch)]
    return found if case.is_plan else _without_questions(found)


def for_whoever_comes(case: Case, stretch: Stretch) -> list[Finding]:
    """A post for the young: what nobody under 18 may do stops; what only those past school may do is warned of."""
    strict = _without_questions(work(case, YouthGroup.AT_SCHOOL, stretch))
    lenient = stops(_without_questions(work(case, YouthGroup.PAST_SCHOOL, stretch)))
    return lenient or as_warnings(strict)


def _without_questions(found: list[Finding]) -> list[Finding]:
    return [one for one in found if not one.is_question]


def _unknown_age(numbers: Numbers) -> Finding:
    adult = numbers.whole(AGE_ADULT)
    return Finding(
        "R21",
        Verdict.WARNING,
        _l(
            "Alderen er ikke kendt. For unge under %(adult)s år gælder særlige regler i alle former.",
            adult=adult,
        ),
        numbers.reference(AGE_ADULT),
        _l("Se efter i sagen, og skriv fødselsdagen eller fødselsåret på borgeren."),
    )


def _too_young(born: Born, age: int, numbers: Numbers) -> Finding:
    """The law knows no exception; of a higher age that a municipality asks for itself it may grant one."""
    is_day_known = born.earliest == born.latest
    return Finding(
        "R21",
        Verdict.STOP,
        _l(
            "Ingen under %(least)s år må arbejde for en arbejdsgiver, uanset form.",
            least=numbers.whole(AGE_LEAST),
        ),
        numbers.reference(AGE_LEAST),
        _l("Vent, til alderskravet er opfyldt.")
        if is_day_known
        else _l("Kun fødselsåret er kendt. Skriv fødselsdagen på borgeren, hvis den opfylder alderskravet."),
        is_final=age < numbers.law(AGE_LEAST),
    )


def work(case: Case, group: YouthGroup, stretch: Stretch) -> list[Finding]:
    """All that the rules of one group say. `is_question` marks what only asks for something nobody has said."""
    numbers = stretch.numbers
    by_week = [_hours(case, group, kind, stretch) for kind in _week_kinds(case.young, stretch)]
    found = [
        *joined(by_week),
        *_clock(case, group, numbers),
        *_rest(case, group, numbers),
        *_lifts(case, group, numbers),
        *_dangers(case, group, numbers),
        *_alcohol(case, group, numbers),
        *_alone(case, group, numbers),
        *_parents(case, group, numbers),
    ]
    return [*found, *_school_unknown(case, group, found, numbers)]


def _week_kinds(young: YoungWork, stretch: Stretch) -> Iterator[WeekKind]:
    last = min(stretch.last, _later(stretch.first, LAST_WEEK))
    for is_school in (True, False):
        day = stretch.first
        while day <= last:
            if (day not in young.free_weeks) is is_school:
                yield WeekKind(is_school, day)
                break
            day += timedelta(days=1)


def _later(day: date, weeks: int) -> date:
    return day + timedelta(weeks=weeks) if day.year < date.max.year - 1 else date.max


# --- Hours ------------------------------------------------------------------------------------------------------


def _hours(case: Case, group: YouthGroup, kind: WeekKind, stretch: Stretch) -> list[Finding]:
    """The limits of a day and of a week, in weeks of one kind."""
    numbers = stretch.numbers
    week = "school-week" if kind.is_school else "free-week"
    written = _hours_written(case, numbers)
    found = [
        _at_most(
            max(case.hours_per_week, written), _key(f"youth-{week}", group), _l("timer om ugen"), numbers
        )
    ]
    for is_school_day, what in ((True, _l("timer på en skoledag")), (False, _l("timer på en skolefri dag"))):
        key = _key("youth-school-day" if is_school_day else "youth-free-day", group)
        hours = [
            _at_work(spans, case)
            for weekday, spans in _days_with_times(case)
            if _is_school_day(weekday, kind) is is_school_day
        ]
        if hours:
            found.append(_at_most(max(hours), key, what, numbers))
    found += _spread_over_days(case, group, kind, numbers)
    since = kind.first if kind.first > stretch.first else None
    return [replace(one, since=since) if since else one for one in found]


def _hours_written(case: Case, numbers: Numbers) -> float:
    """The hours of the days that the working times name: they may be more than what is said of the week.

    Only a day that must have a pause is shortened by it.
    """
    minutes = 0
    for spans in case.times.days.values():
        hours = _at_work(spans, case) if Decimal(str(spans.hours)) > numbers[PAUSE_AFTER] else spans.hours
        minutes += round(hours * MINUTES)
    return minutes / MINUTES


def _spread_over_days(case: Case, group: YouthGroup, kind: WeekKind, numbers: Numbers) -> list[Finding]:
    """Without a clock: more hours than the named days can hold, however they are spread."""
    if _days_with_times(case) or not case.weekdays:
        return []
    most = sum(
        (
            numbers[_key("youth-school-day" if _is_school_day(day, kind) else "youth-free-day", group)]
            for day in case.weekdays
        ),
        Decimal(0),
    )
    if Decimal(str(case.hours_per_week)) <= most:
        return []
    key = _key("youth-school-day" if kind.is_school else "youth-free-day", group)
    said = _l(
        "%(hours)s timer om ugen kan ikke ligge på %(days)s dage uden at blive for lange dage.",
        hours=da_number(case.hours_per_week),
        days=len(case.weekdays),
    )
    return [
        Finding(
            "R12",
            Verdict.STOP,
            said,
            numbers.reference(key),
            _l("Vælg højst %(most)s timer.", most=da_number(most)),
        )
    ]


def _is_school_day(weekday: Weekday | None, kind: WeekKind) -> bool:
    """A day that nobody named is held to the limits of a school day."""
    return kind.is_school and weekday not in WEEKEND


def _working_days(case: Case) -> frozenset[Weekday]:
    return case.weekdays | frozenset(case.times.days)


def _days_with_times(case: Case) -> list[tuple[Weekday | None, Working]]:
    """Every day whose clock is known; None: some day, nobody has said which."""
    days = [day for day in Weekday if day in _working_days(case)]
    known = [(day, case.times.days.get(day) or case.times.any_day) for day in days]
    found: list[tuple[Weekday | None, Working]] = [(day, spans) for day, spans in known if spans is not None]
    if not days and case.times.any_day is not None:
        found.append((None, case.times.any_day))
    return found


def _has_days_without_times(case: Case) -> bool:
    """Whether somebody may be at work at hours that nobody has said."""
    known = _days_with_times(case)
    return not known or len(known) < len(_working_days(case))


def _pause_minutes(case: Case) -> int | None:
    return case.young.pause_minutes if case.young.pause_minutes is not None else case.times.pause_minutes


def _at_work(spans: Working, case: Case) -> float:
    """Hours of a day without the pause, which is not work; a pause that nobody has said is none."""
    return max(0.0, spans.hours - (_pause_minutes(case) or 0) / MINUTES)


def _key(key: str, group: YouthGroup) -> str:
    return f"{key}-{group.value.replace('_', '-')}"


def _at_most(value: float, key: str, what: Any, numbers: Numbers) -> Finding:
    most = numbers[key]
    values = {"value": da_number(value), "most": da_number(most), "what": what}
    return judged(
        "R12",
        numbers.reference(key),
        holds=Decimal(str(value)) <= most,
        ok=_l("%(value)s %(what)s er inden for grænsen.", **values),
        broken=_l("%(value)s %(what)s er mere end de %(most)s, der er tilladt for unge.", **values),
        remedy=_l("Vælg højst %(most)s.", **values),
    )


def _at_least(value: float, key: str, what: Any, numbers: Numbers) -> Finding:
    least = numbers[key]
    values = {"value": da_number(value), "least": da_number(least), "what": what}
    return judged(
        "R12",
        numbers.reference(key),
        holds=Decimal(str(value)) >= least,
        ok=_l("%(value)s %(what)s er nok.", **values),
        broken=_l("%(value)s %(what)s er mindre end de %(least)s, der skal være.", **values),
        remedy=_l("Aftal mindst %(least)s.", **values),
    )


def _question(rule: str, said: Any, reference: str, remedy: Any) -> Finding:
    return Finding(rule, Verdict.WARNING, said, reference, remedy, is_question=True)


# --- Clock, rest and pause --------------------------------------------------------------------------------------


def _clock(case: Case, group: YouthGroup, numbers: Numbers) -> list[Finding]:
    early, late = _clock_keys(case.young, group)
    first, last = numbers[early], numbers[late]
    spans = [one for _day, one in _days_with_times(case)]
    at_night = Shift.NIGHT in case.shifts
    reference = numbers.reference(late, early)
    values = {"first": da_number(first), "last": da_number(last)}
    unread = []
    if not at_night and _has_days_without_times(case):
        said = _l(
            "Der mangler klokkeslæt. Det er ikke set efter, om alt arbejdet ligger mellem kl. %(first)s og %(last)s, "
            "og om hvile, pause og dagens længde passer.",
            **values,
        )
        unread.append(_question("R12", said, reference, _l("Skriv arbejdstiderne på åbningen.")))
    if not spans and not at_night:
        return unread
    holds = not at_night and all(first <= one.begins < _end(one) <= last for one in spans)
    return [
        *unread,
        judged(
            "R12",
            reference,
            holds=holds,
            ok=_l("Arbejdet ligger mellem kl. %(first)s og %(last)s.", **values),
            broken=_l("Arbejdet skal ligge mellem kl. %(first)s og %(last)s.", **values),
            remedy=_l("Flyt arbejdstiden."),
        ),
    ]


def _clock_keys(young: YoungWork, group: YouthGroup) -> tuple[str, str]:
    """Where nobody has said what the place is, the strictest clock holds."""
    early, late = "youth-clock-from", "youth-clock-to-other"
    if group is not YouthGroup.PAST_SCHOOL or young.premises is None:
        return early, late
    if young.premises is Premises.BAKERY:
        return "youth-clock-from-bakery", late
    if young.premises is Premises.RESTAURANT and young.serves_alcohol is not False:
        return early, ALCOHOL_UNTIL
    return early, f"youth-clock-to-{young.premises.value}"


def _end(spans: Working) -> float:
    """Midnight is the end of the day, not its beginning; work past it ends on the next day."""
    return spans.ends if spans.ends > spans.begins else spans.ends + DAY_HOURS


def _rest(case: Case, group: YouthGroup, numbers: Numbers) -> list[Finding]:
    days, found = _working_days(case), []
    rest = case.times.rest_hours(days) if days else None
    if rest is not None:
        found.append(_at_least(rest, _key("youth-rest-hours", group), _l("timers hvile i døgnet"), numbers))
    if days:
        free = case.times.free_days(days) or 0
        found.append(_at_least(free, FREE_DAYS, _l("fridage om ugen"), numbers))
        if group.has_light_work_only:
            together = case.times.free_days_together(days) or 0
            found.append(_at_least(together, FREE_TOGETHER, _l("fridage i træk"), numbers))
    return [*found, *_pause(case, numbers)]


def _pause(case: Case, numbers: Numbers) -> list[Finding]:
    longest = max((one.hours for _day, one in _days_with_times(case)), default=0.0)
    if Decimal(str(longest)) <= numbers[PAUSE_AFTER]:
        return []
    minutes = _pause_minutes(case)
    if minutes is not None:
        return [_at_least(minutes, PAUSE, _l("minutters pause"), numbers)]
    said = _l("Pausen er ikke oplyst. Det er regnet, som om der ikke er nogen, så hele tiden er arbejde.")
    ask = _l(
        "Spørg om pausen, og skriv den. Den skal være på mindst %(least)s.", least=numbers.in_words(PAUSE)
    )
    return [_question("R12", said, numbers.reference(PAUSE, PAUSE_AFTER), ask)]


# --- What she works with, and where -----------------------------------------------------------------------------


def _lifts(case: Case, group: YouthGroup, numbers: Numbers) -> list[Finding]:
    kilos = case.young.lift_kg if case.young.lift_kg is not None else _kilos_written(case)
    if kilos is not None:
        return [_at_most(kilos, LIFT, _l("kg at løfte"), numbers)]
    if Danger.LIFTS not in _dangers_of(case, numbers):
        return []
    return [
        Finding(
            "R12",
            Verdict.STOP if group.has_light_work_only else Verdict.WARNING,
            _l("Opgaverne nævner tunge løft, men ikke hvor tunge."),
            numbers.reference(LIFT),
            _l(
                "Skriv, hvor meget der løftes. Unge må som regel højst løfte %(most)s.",
                most=numbers.in_words(LIFT),
            ),
        )
    ]


def _kilos_written(case: Case) -> float | None:
    """The heaviest that a task names, or that the employer writes is lifted; "200 kg brød om dagen" is not."""
    found = [kilos_in(" ".join(case.words)), *(kilos_in(text, is_task=False) for text in case.about)]
    return max((kilos for kilos in found if kilos is not None), default=None)


def _dangers_of(case: Case, numbers: Numbers) -> frozenset[Danger]:
    return dangers_in((*case.words, *case.about), numbers)


_RISKY: Final = {
    Danger.MACHINES: (NO_MACHINES, _l("farlige maskiner")),
    Danger.CHEMICALS: (NO_CHEMICALS, _l("farlige rengørings- eller desinfektionsmidler")),
}


def _dangers(case: Case, group: YouthGroup, numbers: Numbers) -> list[Finding]:
    """Machines and chemicals: closed by the lists until 2026, since then by light work and by R22."""
    risky = [one for one in _RISKY if one in _dangers_of(case, numbers)]
    if not risky:
        return []
    what = " og ".join(str(_RISKY[one][1]) for one in risky)
    found = []
    closed = [one for one in risky if numbers.says(_RISKY[one][0]) and _list_closes(one, group)]
    found += [_not_allowed(one, group, numbers) for one in closed]
    if not closed and group.has_light_work_only and numbers.says(LIGHT_WORK):
        said = _l("Unge i undervisningspligten må kun have lettere arbejde, ikke %(what)s.", what=what)
        remedy = _l("Tag opgaven ud, eller aftal, hvem der gør den.")
        found.append(Finding("R12", Verdict.STOP, said, numbers.reference(LIGHT_WORK), remedy))
    return [*found, *_assessed(case.young, what, numbers)]


def _list_closes(danger: Danger, group: YouthGroup) -> bool:
    return danger is Danger.CHEMICALS or group.has_light_work_only


def _not_allowed(danger: Danger, group: YouthGroup, numbers: Numbers) -> Finding:
    key, what = _RISKY[danger]
    return Finding(
        "R12",
        Verdict.STOP if group.has_light_work_only else Verdict.WARNING,
        _l("Unge må ikke sættes til %(what)s.", what=what),
        numbers.reference(key),
        _l("Tag opgaven ud, eller aftal, hvem der gør den."),
    )


def _assessed(young: YoungWork, what: str, numbers: Numbers) -> list[Finding]:
    """R22: the employer assesses the risk, and an adult supervises."""
    asked = [
        (RISK, young.is_risk_assessed, _l("at arbejdsgiveren har lavet en risikovurdering")),
        (SUPERVISION, young.adult_supervises, _l("at en voksen fører tilsyn")),
    ]
    asked = [one for one in asked if numbers.says(one[0])]
    if not asked:
        return []
    reference = numbers.reference(*(key for key, _answer, _demand in asked))
    missing = [(answer, demand) for _key, answer, demand in asked if not answer]
    if not missing:
        said = _l("Risikoen ved %(what)s er vurderet, og en voksen fører tilsyn.", what=what)
        return [Finding("R22", Verdict.OK, said, reference)]
    demands = " og ".join(str(demand) for _answer, demand in missing)
    values = {"what": what, "demands": demands}
    is_refused = any(answer is False for answer, _demand in missing)
    said = (
        _l("Arbejde med %(what)s kræver %(demands)s. Det er svaret nej til.", **values)
        if is_refused
        else _l("Arbejde med %(what)s kræver %(demands)s. Det er ikke oplyst.", **values)
    )
    return [Finding("R22", Verdict.STOP, said, reference, _l("Spørg virksomheden, og skriv svaret."))]


def _alcohol(case: Case, group: YouthGroup, numbers: Numbers) -> list[Finding]:
    """R23, restaurationsloven § 27; a place to eat where nobody has said anything may serve alcohol."""
    young = case.young
    if not numbers.says(NO_ALCOHOL):
        return []
    is_told_of = Danger.ALCOHOL in _dangers_of(case, numbers)
    reference = numbers.reference(NO_ALCOHOL, ALCOHOL_UNTIL)
    if young.serves_alcohol is None and not is_told_of:
        if young.premises is not Premises.RESTAURANT:
            return []
        said = _l(
            "Det er ikke oplyst, om der serveres alkohol på spisestedet. Arbejdet er vurderet, som om der gør."
        )
        ask = _question("R23", said, reference, _l("Spørg virksomheden, og skriv svaret."))
        return [ask, *_where_alcohol_is_served(case, group, numbers)]
    if young.serves_alcohol is False and not is_told_of:
        return []
    if young.serves_alcohol is False:
        said = _l("Opgaverne nævner alkohol, men der er svaret, at der ikke serveres alkohol.")
        return [Finding("R23", Verdict.WARNING, said, reference, _l("Spørg virksomheden igen."))]
    return _where_alcohol_is_served(case, group, numbers)


def _where_alcohol_is_served(case: Case, group: YouthGroup, numbers: Numbers) -> list[Finding]:
    young, reference = case.young, numbers.reference(NO_ALCOHOL, ALCOHOL_UNTIL)
    if group.has_light_work_only:
        said = _l("Unge i undervisningspligten må ikke arbejde, hvor der serveres alkohol.")
        return [Finding("R23", Verdict.STOP, said, reference, _l("Vælg andre opgaver eller et andet sted."))]
    spans = [one for _day, one in _days_with_times(case)]
    in_time = bool(spans) and all(_end(one) <= numbers[ALCOHOL_UNTIL] for one in spans)
    last = da_number(numbers[ALCOHOL_UNTIL])
    return [
        judged(
            "R23",
            reference,
            holds=young.premises is Premises.RESTAURANT and bool(young.adult_supervises) and in_time,
            ok=_l(
                "Stedet lever af mad, en voksen fører tilsyn, og arbejdet slutter senest kl. %(last)s.",
                last=last,
            ),
            broken=_l(
                "Unge må kun arbejde, hvor der serveres alkohol, når folkeskolen er afsluttet, stedet lever "
                "af mad, en voksen fører tilsyn, og arbejdet slutter senest kl. %(last)s.",
                last=last,
            ),
            remedy=_l("Skriv, hvad stedet er, om en voksen fører tilsyn, og hvornår arbejdet slutter."),
        )
    ]


def _alone(case: Case, group: YouthGroup, numbers: Numbers) -> list[Finding]:
    """Alone in the evening, at night and at weekends: somebody over 18 is there."""
    if not numbers.says(NOT_ALONE) or Danger.ALONE not in _dangers_of(case, numbers):
        return []
    reference = numbers.reference(NOT_ALONE, ALONE_WEEKDAY, ALONE_WEEKEND, ALONE_UNTIL)
    known = _days_with_times(case)
    in_hours = [one for one in known if _is_lone_time(*one, numbers)]
    if not (in_hours or _has_days_without_times(case) or Shift.NIGHT in case.shifts):
        return [Finding("R12", Verdict.OK, _l("Arbejdet alene ligger om dagen på hverdage."), reference)]
    if case.young.adult_supervises:
        return [Finding("R12", Verdict.OK, _l("En voksen er på stedet."), reference)]
    return [
        Finding(
            "R12",
            Verdict.STOP if group.has_light_work_only else Verdict.WARNING,
            _l("Unge må ikke være alene på arbejde om aftenen, om natten og i weekenden."),
            reference,
            _l("Aftal, at en voksen er på stedet, og skriv det."),
        )
    ]


def _is_lone_time(weekday: Weekday | None, spans: Working, numbers: Numbers) -> bool:
    evening = numbers[ALONE_WEEKEND if weekday in WEEKEND else ALONE_WEEKDAY]
    return _end(spans) > evening or spans.begins < numbers[ALONE_UNTIL]


def _parents(case: Case, group: YouthGroup, numbers: Numbers) -> list[Finding]:
    """R29: told by the employer."""
    if not numbers.says(PARENTS) or not group.has_light_work_only:
        return []
    reference, told = numbers.reference(PARENTS), case.young.parents_told
    remedy = _l("Bed virksomheden fortælle forældrene om arbejdet, og skriv svaret.")
    if told is None:
        return [_question("R29", _l("Det er ikke oplyst, om forældrene er orienteret."), reference, remedy)]
    return [
        judged(
            "R29",
            reference,
            holds=told,
            ok=_l("Forældrene er orienteret."),
            broken=_l("Forældrene er ikke orienteret."),
            remedy=remedy,
        )
    ]


def _school_unknown(case: Case, group: YouthGroup, found: list[Finding], numbers: Numbers) -> list[Finding]:
    """Whether she is past school is only asked where it decides."""
    is_asked = group is YouthGroup.AT_SCHOOL and case.young.is_past_school is None and case.person is not None
    if not is_asked or not stops(found):
        return []
    return [
        _question(
            "R21",
            _l("Det er ikke oplyst, om folkeskolen er afsluttet. Arbejdet er vurderet, som om den ikke er."),
            numbers.reference(AGE_OLDER),
            _l("Spørg borgeren, og skriv svaret."),
        )
    ]
