"""R12, R21-R23 and R29: what somebody under 18 may do, a table for each limit, whatever the form.

Where it was read stands beside each table. "ungmedjob.dk" is ungmedjob.dk with DI, 26 May 2025, and an older copy of
arbejdstilsynet.dk; the changes of 1 July 2025 were not read, so the strict limits stand. What nobody has said is judged
as the strictest answer, and said.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from flask import Flask

from portal.base.terms import PlacementForm, Shift, Weekday
from portal.shared.rules.checks import Born
from portal.shared.rules.clock_times import working_week
from portal.shared.rules.findings import Finding, Verdict, not_ok, worst
from portal.shared.rules.law.case import Act, Case, Grounds, PersonInLaw, Premises, Readiness, YoungWork
from portal.shared.rules.law.forms import assess
from portal.shared.rules.school_weeks import school_free_weeks
from tests.support.law import HERE, START, book

OK, WARNING, STOP = Verdict.OK, Verdict.WARNING, Verdict.STOP
FORMS = list(PlacementForm)
YOUTH_RULES = ("R12", "R21", "R22", "R23", "R29")
GROUNDS = Grounds(act=Act.LAB, readiness=Readiness.OTHER)
SCHOOLDAY = START
"""Monday 30 November 2026."""
SUMMER = date(2026, 7, 6)
"""Monday of week 28."""
MACHINES_FREED = date(2026, 1, 1)
DAY = timedelta(days=1)

FOURTEEN = Born.on(date(2012, 6, 1))
SIXTEEN = Born.on(date(2010, 6, 1))
AT_SCHOOL, PAST_SCHOOL = YoungWork(is_past_school=False), YoungWork(is_past_school=True)
YOUNG, SCHOOL, PAST = (FOURTEEN, AT_SCHOOL), (SIXTEEN, AT_SCHOOL), (SIXTEEN, PAST_SCHOOL)
"""The three groups: 13-14; 15-17 in undervisningspligt; 15-17 after 9th grade."""
GROUPS = {"13-14": YOUNG, "15-17 at school": SCHOOL, "15-17 past school": PAST}
Group = tuple[Born, YoungWork]


def the(names: str) -> frozenset[Weekday]:
    short = {"man": 0, "tir": 1, "ons": 2, "tor": 3, "fre": 4, "lør": 5, "søn": 6}
    return frozenset(list(Weekday)[short[name]] for name in names.split())


def plan(born: Born | None, young: YoungWork = AT_SCHOOL, **values: Any) -> Case:
    """Two hours a week, told in words; every answer that is not the row's is the harmless one."""
    told = replace(young, parents_told=True)
    case = Case(
        municipality_id=HERE,
        form=PlacementForm.SMAAJOB,
        hours_per_week=2,
        starts_on=SCHOOLDAY,
        ends_on=SCHOOLDAY + timedelta(days=13),
        staff=Decimal(10),
        staff_stated_on=SCHOOLDAY - timedelta(days=30),
        held=(),
        young=told,
        person=PersonInLaw(born, grounds=GROUNDS),
        is_plan=True,
    )
    return replace(case, **{**values, "times": working_week(values.get("times", ""))})


def said(case: Case, *rules: str) -> list[Finding]:
    """What the rules of the young say of it, questions and all, but nothing that is in order."""
    return [one for one in not_ok(assess(case, book())) if one.rule in (rules or YOUTH_RULES)]


def verdict(case: Case, *rules: str) -> Verdict:
    """The worst of what is no mere question."""
    return worst(one for one in said(case, *rules) if not one.is_question)


def asked(case: Case) -> list[str]:
    return [str(one.sentence) for one in said(case) if one.is_question]


def in_group(group: Group, young: YoungWork | None = None, **values: Any) -> Case:
    born, school = group
    answers = replace(young or NOTHING, is_past_school=school.is_past_school)
    return plan(born, answers, **values)


NOTHING = YoungWork()


# --- R21: the age on each day, in every form -----------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("born_on", "is_too_young"),
    [
        (date(2015, 11, 30), True),  # 11 on the day
        (date(2013, 12, 1), True),  # 12, and 13 tomorrow
        (date(2013, 11, 30), False),  # 13 on the day
    ],
)  # DI 2025, at.dk: under 13 no work for an employer, whatever the form
def test_nobody_under_thirteen_in_any_form(form: PlacementForm, born_on: date, is_too_young: bool) -> None:
    case = plan(Born.on(born_on), form=form)
    stops = [one for one in said(case, "R21") if one.is_stop]

    assert [one.is_final for one in stops] == ([True] if is_too_young else [])


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("born_on", "young", "school_day", "school_week"),
    [
        (date(2013, 11, 30), PAST_SCHOOL, 2, 12),  # 13
        (date(2011, 12, 1), PAST_SCHOOL, 2, 12),  # 14, and 15 tomorrow: past school changes nothing yet
        (date(2011, 11, 30), PAST_SCHOOL, 8, 40),  # 15 on the day
        (date(2011, 11, 30), AT_SCHOOL, 2, 12),
        (date(2008, 12, 1), AT_SCHOOL, 2, 12),  # 17, and 18 tomorrow
        (date(2008, 12, 1), PAST_SCHOOL, 8, 40),
        (date(2008, 11, 30), AT_SCHOOL, None, None),  # 18 on the day: the rules of the young are not hers
    ],
)  # ungmedjob.dk; DI 2025: 13-17 the youth rules cover every employment
def test_the_table_follows_the_age_in_every_form(
    form: PlacementForm,
    born_on: date,
    young: YoungWork,
    school_day: float | None,
    school_week: float | None,
) -> None:
    def of_day(hours: float) -> Verdict:
        minutes = round(hours * 60)
        times = f"mandag kl. 8-{8 + minutes // 60}.{minutes % 60:02}"
        answers = replace(young, pause_minutes=0 if hours < 4.5 else 30)
        paused = times if hours < 4.5 else f"mandag kl. 8-{8 + (minutes + 30) // 60}.{(minutes + 30) % 60:02}"
        case = plan(
            Born.on(born_on), answers, form=form, times=paused, ends_on=SCHOOLDAY, starts_on=SCHOOLDAY
        )
        return verdict(case, "R12") if form is not PlacementForm.FRITIDSJOB else _without_upper_age(case)

    def of_week(hours: float) -> Verdict:
        case = plan(Born.on(born_on), young, form=form, hours_per_week=hours, ends_on=SCHOOLDAY)
        return verdict(case, "R12") if form is not PlacementForm.FRITIDSJOB else _without_upper_age(case)

    if school_day is None or school_week is None:
        assert (of_day(9), of_week(41)) == (OK, OK)
        return
    assert (of_day(school_day), of_day(school_day + 0.5)) == (OK, STOP)
    assert (of_week(school_week), of_week(school_week + 0.5)) == (OK, STOP)


def _without_upper_age(case: Case) -> Verdict:
    """Whether a fritidsjob is hers at all is a table of its own."""
    found = [one for one in said(case, "R12") if "alderskrav" not in str(one.sentence)]
    return worst(one for one in found if not one.is_question)


@pytest.mark.parametrize(
    ("born_on", "is_hers"),
    [
        (date(2013, 12, 1), False),  # 12
        (date(2013, 11, 30), True),  # 13
        (date(2008, 12, 1), True),  # 17
        (date(2008, 11, 30), False),  # 18
    ],
)  # Halsnæs Kommune, Bilag 1: fritidsjob is for those of 13-17
def test_a_fritidsjob_is_for_those_of_13_to_17(born_on: date, is_hers: bool) -> None:
    case = plan(Born.on(born_on), form=PlacementForm.FRITIDSJOB)
    found = [str(one.sentence) for one in said(case, "R12") if one.is_stop]

    assert any("alderskravet" in one for one in found) is not is_hers


@pytest.mark.parametrize("form", FORMS)
def test_whose_age_nobody_knows_is_asked_in_every_form(form: PlacementForm, app: Flask) -> None:
    found = said(plan(None, form=form), "R21")

    assert [(one.verdict, "Alderen er ikke kendt" in str(one.sentence)) for one in found] == [(WARNING, True)]


@pytest.mark.parametrize(
    ("year", "hours", "expected"),
    [
        (2013, 2, STOP),  # perhaps 12
        (2012, 12, OK),
        (2012, 12.5, STOP),
        (2008, 12.5, STOP),  # perhaps 17
        (2007, 37, OK),  # surely 18
    ],
)
def test_a_birth_year_alone_is_judged_by_its_stricter_end(year: int, hours: float, expected: Verdict) -> None:
    assert verdict(plan(Born.in_year(year), hours_per_week=hours)) is expected


# --- A birthday inside the period ------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
def test_thirteen_inside_the_period_is_a_stop_until_then(form: PlacementForm) -> None:
    birthday = SCHOOLDAY + timedelta(days=7)
    born = Born.on(birthday.replace(year=birthday.year - 13))

    before = [one for one in said(plan(born, form=form), "R21") if one.is_stop]
    after = [one for one in said(plan(born, form=form, starts_on=birthday), "R21") if one.is_stop]

    assert [one.since for one in before] == [None]
    assert after == []


def test_fifteen_inside_the_period_is_said_from_its_day(app: Flask) -> None:
    """Until then nobody need ask whether she is past school: no answer would let her work more."""
    birthday = SCHOOLDAY + timedelta(days=7)
    born = Born.on(birthday.replace(year=birthday.year - 15))
    case = plan(born, NOTHING, hours_per_week=20)

    questions = [one for one in said(case, "R21") if "folkeskolen" in str(one.sentence)]

    assert [one.since for one in questions] == [birthday]


def test_a_saturday_of_eight_hours_is_too_long_until_she_is_fifteen() -> None:
    birthday = SCHOOLDAY + timedelta(days=7)
    born = Born.on(birthday.replace(year=birthday.year - 15))
    times = "lørdag 9-17.30 med 30 min pause"

    assert verdict(plan(born, times=times)) is STOP
    assert verdict(plan(born, times=times, starts_on=birthday)) is OK


@pytest.mark.parametrize(("days_under", "expected"), [(0, OK), (1, STOP)])
def test_eighteen_inside_the_period_frees_her_from_that_day_only(days_under: int, expected: Verdict) -> None:
    born = Born.on(SCHOOLDAY.replace(year=SCHOOLDAY.year - 18) + days_under * DAY)

    assert verdict(plan(born, hours_per_week=37)) is expected


def test_what_is_too_much_only_once_school_begins_is_said_from_that_day() -> None:
    case = plan(
        FOURTEEN,
        YoungWork(free_weeks=school_free_weeks("27-32"), pause_minutes=30),
        hours_per_week=30,
        starts_on=date(2026, 8, 3),  # Monday of week 32
        ends_on=date(2026, 8, 23),
    )

    assert [(one.rule, one.since) for one in said(case) if one.is_stop] == [("R12", date(2026, 8, 10))]


# --- R12: hours ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("group", "school_day", "free_day", "school_week", "free_week"),
    [
        (YOUNG, 2, 7, 12, 35),
        (SCHOOL, 2, 8, 12, 40),
        (PAST, 8, 8, 40, 40),
    ],
    ids=list(GROUPS),
)  # ungmedjob.dk
def test_hours_of_each_group(
    group: Group, school_day: int, free_day: int, school_week: float, free_week: float
) -> None:
    free = YoungWork(free_weeks=school_free_weeks("27-32"))
    summer: dict[str, Any] = {"starts_on": SUMMER, "ends_on": SUMMER + 6 * DAY}

    def day(name: str, hours: float, young: YoungWork = NOTHING, **when: Any) -> Verdict:
        """With half an hour's pause, which is not work."""
        half = "30" if hours % 1 == 0 else "00"
        end = 8 + int(hours) if half == "30" else 9 + int(hours)
        return verdict(in_group(group, young, times=f"{name} 8-{end}.{half} med 30 min pause", **when))

    assert (day("mandag", school_day), day("mandag", school_day + 0.5)) == (OK, STOP)
    assert (day("lørdag", free_day), day("lørdag", free_day + 0.5)) == (OK, STOP)
    assert (day("mandag", free_day, free, **summer), day("mandag", free_day + 0.5, free, **summer)) == (
        OK,
        STOP,
    )
    for young, most, when in ((NOTHING, school_week, {}), (free, free_week, summer)):
        weeks = [verdict(in_group(group, young, hours_per_week=most + more, **when)) for more in (0, 0.5)]
        assert weeks == [OK, STOP]


@pytest.mark.parametrize(
    ("weeks", "starts_on", "ends_on", "expected"),
    [
        ("27-32, 42, 52-1", date(2026, 7, 6), date(2026, 7, 10), OK),  # week 28
        ("", date(2026, 7, 6), date(2026, 7, 10), STOP),  # nobody has said: as in school weeks
        ("27-32, 42, 52-1", date(2026, 6, 29), date(2026, 8, 9), OK),  # the first and last of the holiday
        ("27-32, 42, 52-1", date(2026, 6, 28), date(2026, 8, 9), STOP),  # a Sunday of week 26
        ("27-32, 42, 52-1", date(2026, 6, 29), date(2026, 8, 10), STOP),  # a Monday of week 33
        ("27-32, 42, 52-1", date(2026, 10, 12), date(2026, 10, 18), OK),  # week 42
        ("27-32, 42, 52-1", date(2026, 12, 21), date(2027, 1, 10), OK),  # weeks 52, 53 and 1
        ("27-32, 42, 52-1", date(2026, 12, 21), date(2027, 1, 11), STOP),
    ],
)  # ungmedjob.dk: 7 hours a day and 35 a week without school
def test_fourteen_and_five_days_of_six_hours_in_the_holidays(
    weeks: str, starts_on: date, ends_on: date, expected: Verdict
) -> None:
    case = plan(
        FOURTEEN,
        YoungWork(free_weeks=school_free_weeks(weeks)),
        hours_per_week=30,
        times="mandag-fredag 9-15.30 med 30 min pause",
        starts_on=starts_on,
        ends_on=ends_on,
    )

    assert verdict(case) is expected


@pytest.mark.parametrize(
    ("hours", "days", "expected"),
    [
        (4, "man tir", OK),
        (4.5, "man tir", STOP),  # two school days hold no more
        (9, "man lør", OK),
        (9.5, "man lør", STOP),
    ],
)  # ungmedjob.dk
def test_without_a_clock_the_hours_must_fit_on_the_days(hours: float, days: str, expected: Verdict) -> None:
    assert verdict(plan(FOURTEEN, hours_per_week=hours, weekdays=the(days))) is expected


# --- R12: the pause, which is not work -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("times", "answer", "expected", "is_asked"),
    [
        ("lørdag 9-16.30 med 30 min pause", None, OK, False),
        ("lørdag 9-16.30", 30, OK, False),
        ("lørdag 9-16.30", None, STOP, True),  # as if there were none: 7.5 hours
        ("lørdag 9-16", None, OK, True),
        ("lørdag 9-13.30", None, OK, False),  # not more than four and a half
        ("lørdag 9-14", None, OK, True),
        ("lørdag 9-14", 29, STOP, False),
        ("lørdag 9-14", 30, OK, False),
        ("lørdag 9-14 uden pause", None, STOP, False),
    ],
)  # ungmedjob.dk: 30 minutes when the day is longer than 4½ hours
def test_the_pause(times: str, answer: int | None, expected: Verdict, is_asked: bool, app: Flask) -> None:
    case = plan(FOURTEEN, YoungWork(pause_minutes=answer), times=times)

    assert verdict(case) is expected
    assert any("Pausen er ikke oplyst" in one for one in asked(case)) is is_asked


# --- R12: rest and days off ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("times", "at_school", "past"),
    [
        ("mandag 18-20, tirsdag 10-12", OK, OK),  # 14 hours
        ("mandag 18-20, tirsdag 9.30-11.30", STOP, OK),
        ("mandag 18-20, tirsdag 8-10", STOP, OK),  # 12
        ("mandag 18-20, tirsdag 7.30-9.30", STOP, STOP),
        ("mandag 18-20, onsdag 6-8", OK, OK),  # a day between
        ("søndag 18-20, mandag 7.30-9.30", STOP, STOP),  # over the end of the week
    ],
)  # ungmedjob.dk: 14 hours; 12 after 9th grade
def test_rest_between_evening_and_next_morning(times: str, at_school: Verdict, past: Verdict) -> None:
    found = [verdict(in_group(group, times=times, hours_per_week=4)) for group in GROUPS.values()]

    assert found == [at_school, at_school, past]


@pytest.mark.parametrize(
    ("days", "at_school", "past"),
    [
        ("man tir ons tor fre", OK, OK),
        ("tir ons tor fre lør", OK, OK),  # Sunday and Monday
        ("man ons fre lør", STOP, OK),  # three days off, never two together
        ("man tir tor fre lør", STOP, OK),
        ("man tir ons tor fre lør", STOP, STOP),  # one
        ("man tir ons tor fre lør søn", STOP, STOP),
    ],
)  # ungmedjob.dk: 2 together a week; 2 after 9th grade
def test_days_off(days: str, at_school: Verdict, past: Verdict) -> None:
    found = [verdict(in_group(group, weekdays=the(days))) for group in GROUPS.values()]

    assert found == [at_school, at_school, past]


# --- R12: the clock --------------------------------------------------------------------------------------------------

SHOP, RESTAURANT, BAKERY, OTHER = Premises.SHOP, Premises.RESTAURANT, Premises.BAKERY, Premises.OTHER


@pytest.mark.parametrize(
    ("group", "premises", "times", "expected"),
    [
        (YOUNG, OTHER, "lørdag 6-8", OK),
        (YOUNG, OTHER, "lørdag 5.30-7.30", STOP),
        (YOUNG, OTHER, "lørdag 18-20", OK),
        (YOUNG, OTHER, "lørdag 18.30-20.30", STOP),
        (YOUNG, SHOP, "lørdag 20-22", STOP),
        (YOUNG, BAKERY, "lørdag 4-6", STOP),
        (SCHOOL, SHOP, "lørdag 20-22", STOP),  # 3F says 22, the others 20: the strict reading
        (SCHOOL, RESTAURANT, "lørdag 20-22", STOP),
        (SCHOOL, BAKERY, "lørdag 4-6", STOP),
        (PAST, None, "lørdag 18-20", OK),
        (PAST, None, "lørdag 18.30-20.30", STOP),  # nobody has said what the place is
        (PAST, OTHER, "lørdag 18.30-20.30", STOP),
        (PAST, OTHER, "lørdag 5.30-7.30", STOP),
        (PAST, SHOP, "lørdag 20-22", OK),
        (PAST, SHOP, "lørdag 20.30-22.30", STOP),
        (PAST, RESTAURANT, "lørdag 22-24", OK),
        (PAST, RESTAURANT, "lørdag 22-00", OK),  # midnight is the end of the day
        (PAST, RESTAURANT, "lørdag 22-00.30", STOP),
        (PAST, BAKERY, "lørdag 4-6", OK),
        (PAST, BAKERY, "lørdag 3.30-5.30", STOP),
        (PAST, BAKERY, "lørdag 18.30-20.30", STOP),
        (PAST, SHOP, "lørdag 4-6", STOP),
    ],
)  # ungmedjob.dk: 20-06; after 9th grade 22 in shops and offices, 24 in hotels and restaurants, bakeries from 04
def test_the_clock_by_premises(
    group: Group, premises: Premises | None, times: str, expected: Verdict
) -> None:
    assert (
        verdict(in_group(group, YoungWork(premises=premises, serves_alcohol=False), times=times)) is expected
    )


@pytest.mark.parametrize("group", GROUPS.values(), ids=list(GROUPS))
def test_never_at_night(group: Group) -> None:
    assert verdict(in_group(group, shifts=frozenset({Shift.NIGHT}))) is STOP


def test_without_a_clock_it_is_said_that_nobody_has_looked(app: Flask) -> None:
    some_days = plan(FOURTEEN, times="mandag 15-17", weekdays=the("man tir"))

    assert any("Der mangler klokkeslæt" in one for one in asked(plan(FOURTEEN)))
    assert any("Der mangler klokkeslæt" in one for one in asked(some_days))
    assert not any("klokkeslæt" in one for one in asked(plan(FOURTEEN, times="mandag 15-17")))


# --- R23: alcohol ----------------------------------------------------------------------------------------------------

YES, NO, UNSAID = True, False, None


@pytest.mark.parametrize(
    ("group", "serves", "premises", "supervised", "times", "expected"),
    [
        # after 9th grade: where food is the main purpose, supervised, until 22
        (PAST, YES, RESTAURANT, YES, "lørdag 20-22", OK),
        (PAST, YES, RESTAURANT, YES, "lørdag 20.30-22.30", STOP),
        (PAST, YES, RESTAURANT, YES, "", STOP),  # nobody has said until when
        (PAST, YES, RESTAURANT, NO, "lørdag 18-20", STOP),
        (PAST, YES, RESTAURANT, UNSAID, "lørdag 18-20", STOP),
        (PAST, YES, SHOP, YES, "lørdag 18-20", STOP),
        (PAST, YES, OTHER, YES, "lørdag 18-20", STOP),
        (PAST, YES, None, YES, "lørdag 18-20", STOP),
        (PAST, NO, RESTAURANT, NO, "lørdag 22-24", OK),
        (PAST, NO, OTHER, UNSAID, "lørdag 18-20", OK),
        # a place to eat of which nobody has said it may serve alcohol
        (PAST, UNSAID, RESTAURANT, YES, "lørdag 20-22", OK),
        (PAST, UNSAID, RESTAURANT, UNSAID, "lørdag 20-22", STOP),
        (PAST, UNSAID, SHOP, UNSAID, "lørdag 20-22", OK),
        # under 15, or still at school: not where alcohol is served
        (YOUNG, YES, RESTAURANT, YES, "lørdag 12-14", STOP),
        (SCHOOL, YES, RESTAURANT, YES, "lørdag 12-14", STOP),
        (YOUNG, YES, OTHER, YES, "lørdag 12-14", STOP),
        (YOUNG, UNSAID, RESTAURANT, YES, "lørdag 12-14", STOP),
        (SCHOOL, UNSAID, RESTAURANT, YES, "lørdag 12-14", STOP),
        (YOUNG, NO, RESTAURANT, UNSAID, "lørdag 12-14", OK),
        (YOUNG, UNSAID, OTHER, UNSAID, "lørdag 12-14", OK),
    ],
)  # restaurationsloven § 27: altinget.dk 2020, horesta.dk
def test_where_alcohol_is_served(
    group: Group,
    serves: bool | None,
    premises: Premises | None,
    supervised: bool | None,
    times: str,
    expected: Verdict,
) -> None:
    young = YoungWork(premises=premises, serves_alcohol=serves, adult_supervises=supervised)

    assert verdict(in_group(group, young, times=times), "R23") is expected


@pytest.mark.parametrize("group", GROUPS.values(), ids=list(GROUPS))
def test_a_place_to_eat_is_asked_whether_it_serves_alcohol(group: Group, app: Flask) -> None:
    unsaid = in_group(group, YoungWork(premises=RESTAURANT), times="lørdag 12-14")
    answered = in_group(group, YoungWork(premises=RESTAURANT, serves_alcohol=False), times="lørdag 12-14")

    assert any("om der serveres alkohol" in one for one in asked(unsaid))
    assert not any("alkohol" in one for one in asked(answered))


@pytest.mark.parametrize(
    ("group", "serves", "expected"),
    [(YOUNG, UNSAID, STOP), (SCHOOL, UNSAID, STOP), (PAST, UNSAID, STOP), (YOUNG, NO, WARNING)],
)
def test_tasks_that_name_alcohol(group: Group, serves: bool | None, expected: Verdict) -> None:
    case = in_group(
        group, YoungWork(serves_alcohol=serves), words=("servere øl og vin",), times="lørdag 12-14"
    )

    assert verdict(case, "R23") is expected


# --- R12 and R22: machines and chemicals -----------------------------------------------------------------------------

SLICER, CLEANER = "skære pålæg på pålægsmaskine", "rengøre med desinfektion"
BEFORE, AFTER = MACHINES_FREED - DAY, MACHINES_FREED


@pytest.mark.parametrize("task", [SLICER, CLEANER])
@pytest.mark.parametrize("group", [YOUNG, SCHOOL], ids=["13-14", "15-17 at school"])
@pytest.mark.parametrize("day", [BEFORE, AFTER])
@pytest.mark.parametrize(("assessed", "supervised"), list(product((YES, NO, UNSAID), repeat=2)))
def test_light_work_only_until_school_is_over(
    task: str, group: Group, day: date, assessed: bool | None, supervised: bool | None
) -> None:
    """DI 2025, and the lists until 31 December 2025: no assessment opens it."""
    young = YoungWork(is_risk_assessed=assessed, adult_supervises=supervised)
    case = in_group(group, young, words=(task,), starts_on=day, ends_on=day)

    assert verdict(case, "R12") is STOP


@pytest.mark.parametrize(
    ("task", "day", "assessed", "supervised", "expected"),
    [
        (SLICER, BEFORE, UNSAID, UNSAID, OK),  # the list was of those at school: DI 2025
        (
            CLEANER,
            BEFORE,
            UNSAID,
            UNSAID,
            WARNING,
        ),  # no dangerous cleaning under 18: f-f.dk, detfagligehus.dk
        (CLEANER, BEFORE, YES, YES, WARNING),
        *((task, AFTER, YES, YES, OK) for task in (SLICER, CLEANER)),
        *((task, AFTER, YES, NO, STOP) for task in (SLICER, CLEANER)),
        *((task, AFTER, YES, UNSAID, STOP) for task in (SLICER, CLEANER)),
        *((task, AFTER, NO, YES, STOP) for task in (SLICER, CLEANER)),
        *((task, AFTER, UNSAID, YES, STOP) for task in (SLICER, CLEANER)),
        *((task, AFTER, UNSAID, UNSAID, STOP) for task in (SLICER, CLEANER)),
    ],
)  # at.dk: from 1 January 2026 a risk assessment and an adult who supervises; bygtek.dk: the list is repealed
def test_machines_and_chemicals_past_school(
    task: str, day: date, assessed: bool | None, supervised: bool | None, expected: Verdict
) -> None:
    young = YoungWork(is_risk_assessed=assessed, adult_supervises=supervised)
    case = in_group(PAST, young, words=(task,), starts_on=day, ends_on=day)

    assert verdict(case) is expected


@pytest.mark.parametrize(
    ("assessed", "supervised", "words"),
    [
        (UNSAID, UNSAID, ["risikovurdering", "en voksen fører tilsyn", "ikke oplyst"]),
        (NO, YES, ["risikovurdering", "svaret nej"]),
        (YES, NO, ["en voksen fører tilsyn", "svaret nej"]),
        (NO, UNSAID, ["risikovurdering", "en voksen fører tilsyn"]),
    ],
)
def test_what_is_missing_before_machines_is_named(
    assessed: bool | None, supervised: bool | None, words: Iterable[str], app: Flask
) -> None:
    young = YoungWork(is_risk_assessed=assessed, adult_supervises=supervised)
    sentence = str(said(in_group(PAST, young, words=(SLICER,)), "R22")[0].sentence)

    assert [one for one in words if one not in sentence] == []


def test_a_plan_over_new_year_meets_both_rules_each_on_its_days() -> None:
    case = in_group(PAST, words=(CLEANER,), starts_on=BEFORE, ends_on=AFTER)

    assert {
        (one.rule, one.verdict, one.since) for one in said(case, "R12", "R22") if not one.is_question
    } == {
        ("R12", WARNING, None),
        ("R22", STOP, AFTER),
    }


def test_whether_school_is_over_is_asked_where_it_decides(app: Flask) -> None:
    safe = YoungWork(is_risk_assessed=True, adult_supervises=True)
    deciding = plan(SIXTEEN, safe, words=(SLICER,))
    lifting = plan(SIXTEEN, safe, hours_per_week=2)

    assert verdict(deciding) is STOP
    assert any("om folkeskolen er afsluttet" in one for one in asked(deciding))
    assert not any("folkeskolen" in one for one in asked(lifting))


# --- R12: alone ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("times", "supervised", "at_school", "past"),
    [
        ("mandag 16-18", UNSAID, OK, OK),
        ("mandag 16.30-18.30", UNSAID, STOP, WARNING),
        ("mandag 16.30-18.30", NO, STOP, WARNING),
        ("mandag 16.30-18.30", YES, OK, OK),
        ("lørdag 12-14", UNSAID, OK, OK),
        ("lørdag 12.30-14.30", UNSAID, STOP, WARNING),
        ("søndag 12.30-14.30", YES, OK, OK),
        ("mandag 16-18, lørdag 14-15", UNSAID, STOP, WARNING),
        ("", UNSAID, STOP, WARNING),  # nobody has said when
        ("", YES, OK, OK),
    ],
)  # bfahandel.dk, ungmedjob.dk: weekdays 18-06, weekends 14-06
def test_alone_at_work(times: str, supervised: bool | None, at_school: Verdict, past: Verdict) -> None:
    young = YoungWork(adult_supervises=supervised)
    found = [
        verdict(in_group(group, young, times=times, words=("passe butikken alene",)))
        for group in GROUPS.values()
    ]

    assert found == [at_school, at_school, past]


def test_alone_on_a_day_whose_hours_nobody_has_said() -> None:
    case = plan(FOURTEEN, times="mandag 15-17", weekdays=the("man tir"), words=("passe butikken alene",))

    assert verdict(case) is STOP


# --- R12: lifts ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("group", GROUPS.values(), ids=list(GROUPS))
@pytest.mark.parametrize(
    ("kilos", "words", "expected"),
    [
        (12, "", OK),
        (12.5, "", STOP),
        (18, "", STOP),
        (None, "løfte kasser på 12 kg", OK),
        (None, "løfte kasser på 12,5 kg", STOP),
        (None, "kasser på 18 kg", STOP),
        (10, "kasser på 18 kg", OK),  # the answer of the plan is newer than the words
    ],
)  # f-f.dk, detfagligehus.dk: as a rule 12 kg
def test_lifts(group: Group, kilos: float | None, words: str, expected: Verdict) -> None:
    case = in_group(group, YoungWork(lift_kg=kilos), words=(words,), times="mandag 15-17")

    assert verdict(case) is expected


def test_heavy_lifts_of_which_nobody_says_how_heavy() -> None:
    found = [
        verdict(in_group(group, words=("tunge løft",), times="mandag 15-17")) for group in GROUPS.values()
    ]

    assert found == [STOP, STOP, WARNING]


# --- R29: parents ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("group", "told", "expected", "is_asked"),
    [
        (YOUNG, YES, OK, False),
        (YOUNG, NO, STOP, False),
        (YOUNG, UNSAID, OK, True),
        (SCHOOL, NO, STOP, False),
        (SCHOOL, UNSAID, OK, True),
        (PAST, NO, OK, False),
        (PAST, UNSAID, OK, False),
    ],
)  # DI 2025, the sentence is cut off
def test_parents_of_those_at_school_are_told(
    group: Group, told: bool | None, expected: Verdict, is_asked: bool
) -> None:
    case = in_group(group)
    case = replace(case, young=replace(case.young, parents_told=told))

    assert verdict(case, "R29") is expected
    assert any(one.is_question for one in said(case, "R29")) is is_asked


# --- What an employer reads of it ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hours", "times", "expected"),
    [
        (12, "", OK),
        (12.5, "", WARNING),  # only for who is past school
        (40.5, "", STOP),  # for nobody under 18
        (2, "lørdag 20-22", STOP),
        (9, "mandag 8-17", STOP),
    ],
)
def test_a_post_for_the_young_without_a_person(hours: float, times: str, expected: Verdict) -> None:
    post = plan(None, form=PlacementForm.FRITIDSJOB, hours_per_week=hours, times=times)
    post = replace(post, person=None, is_plan=False, young=NOTHING)

    assert verdict(post) is expected
    assert [one for one in said(post) if one.is_question] == []
