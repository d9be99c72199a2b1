"""R4-R12, a table for each. Sources stand in portal/shared/rules/data/rules.csv and docs/rules.md#checks."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from portal.shared.rules.checks import age_on
from portal.shared.rules.findings import Verdict
from portal.shared.rules.law import fritidsjob, hybrid, igu, loentilskud, praktik, working_week
from portal.shared.rules.law.fritidsjob import Danger, Premises, YouthGroup, YouthWork
from portal.shared.rules.law.igu import Confirmed
from portal.shared.rules.law.praktik import PraktikPurpose
from tests.support.law import START, numbers

OK, WARNING, STOP = Verdict.OK, Verdict.WARNING, Verdict.STOP


def after_weeks(weeks: int, more_days: int = 0) -> date:
    """The last day of so many weeks from the start."""
    return START + timedelta(days=7 * weeks - 1 + more_days)


@pytest.mark.parametrize(
    ("weeks", "more_days", "earlier", "reason", "verdict"),
    [
        (13, 0, 0, "", OK),
        (13, 1, 0, "", STOP),
        (13, 1, 0, "Konkret vurdering", WARNING),
        (26, 0, 0, "Konkret vurdering", WARNING),
        (26, 0, 0, " ", STOP),
        (26, 1, 0, "Konkret vurdering", STOP),  # more only as an extension near the end
        (13, 0, 26, "Særligt behov", WARNING),
        (13, 0, 26, "", STOP),
        (13, 1, 26, "Særligt behov", STOP),
        (4, 0, 9, "", OK),  # earlier weeks at the same employer count with it
        (4, 0, 10, "", STOP),
        (4, 0, 10, "Konkret vurdering", WARNING),
    ],
)  # LAB § 61 stk. 2
def test_r4_weeks_of_praktik(weeks: int, more_days: int, earlier: int, reason: str, verdict: Verdict) -> None:
    finding = praktik.weeks(
        START, after_weeks(weeks, more_days), reason=reason, earlier_weeks=earlier, numbers=numbers()
    )

    assert finding.verdict is verdict


@pytest.mark.parametrize(("hours", "verdict"), [(37, OK), (37.5, STOP)])  # ballerup.dk
def test_r5_hours_of_praktik(hours: float, verdict: Verdict) -> None:
    assert praktik.hours(hours, numbers()).verdict is verdict


@pytest.mark.parametrize(
    ("purpose", "tasks", "verdict"),
    [(PraktikPurpose.TRAINING, 1, OK), (PraktikPurpose.TRAINING, 0, STOP), (None, 1, STOP)],
)  # LAB § 59
def test_r5_purpose_and_tasks(purpose: PraktikPurpose | None, tasks: int, verdict: Verdict) -> None:
    assert praktik.purpose(purpose, tasks, numbers()).verdict is verdict


@pytest.mark.parametrize(
    ("employer", "family", "verdict"),
    [(True, True, OK), (True, False, STOP), (False, True, STOP), (False, False, STOP)],
)  # ballerup.dk
def test_r6_not_the_last_employer_and_not_the_spouses(employer: bool, family: bool, verdict: Verdict) -> None:
    finding = praktik.place(not_last_employer=employer, not_owned_by_family=family, numbers=numbers())

    assert finding.verdict is verdict


@pytest.mark.parametrize(
    ("paid", "unpaid", "verdict"),
    [
        ({1: "opvask"}, {2: "anretning"}, OK),
        ({1: "opvask", 2: "anretning"}, {2: "anretning"}, WARNING),
        ({}, {2: "anretning"}, OK),
    ],
)  # cabiweb.dk, kk.dk
def test_r7_paid_and_unpaid_tasks_are_apart(
    paid: dict[int, str], unpaid: dict[int, str], verdict: Verdict
) -> None:
    assert hybrid.tasks_apart(paid, unpaid, numbers()).verdict is verdict


@pytest.mark.parametrize(
    ("is_private", "integration", "last", "verdict"),
    [
        (True, False, date(2027, 5, 29), OK),  # six months from 30 November 2026
        (True, False, date(2027, 5, 30), WARNING),
        (False, False, date(2027, 3, 29), OK),  # four
        (False, False, date(2027, 3, 30), WARNING),
        (False, True, date(2027, 11, 29), OK),  # twelve, integrationsloven
        (False, True, date(2027, 11, 30), WARNING),
        (True, True, date(2027, 5, 30), WARNING),
    ],
)  # LAB § 68
def test_r8_months_of_loentilskud(is_private: bool, integration: bool, last: date, verdict: Verdict) -> None:
    finding = loentilskud.months(
        START, last, is_private=is_private, integration=integration, numbers=numbers()
    )

    assert finding.verdict is verdict


@pytest.mark.parametrize(
    ("last_month", "average", "verdict"),
    [("10", "10", OK), ("9.99", "10", WARNING), (None, "10", WARNING), ("10", None, WARNING)],
)  # indberet.virk.dk
def test_r8_more_staff(last_month: str | None, average: str | None, verdict: Verdict) -> None:
    finding = loentilskud.more_staff(
        Decimal(last_month) if last_month else None, Decimal(average) if average else None, numbers()
    )

    assert finding.verdict is verdict


@pytest.mark.parametrize(("confirmed", "verdict"), [(True, OK), (False, WARNING)])  # LAB § 69
def test_r9_benefits_or_an_exemption(confirmed: bool, verdict: Verdict) -> None:
    assert loentilskud.benefits(confirmed, numbers()).verdict is verdict


@pytest.mark.parametrize(
    ("starts_on", "verdict"), [(date(2027, 12, 31), OK), (date(2028, 1, 1), STOP)]
)  # L 82 § 3
def test_r10_no_igu_begins_after_the_trial(starts_on: date, verdict: Verdict) -> None:
    finding = igu.may_begin(starts_on, numbers(starts_on))

    assert finding.verdict is verdict
    assert not finding.can_be_passed


@pytest.mark.parametrize(("hours", "verdict"), [(37, OK), (37.5, STOP)])  # overenskomsternes normaluge
def test_r17_hours_of_a_job(hours: float, verdict: Verdict) -> None:
    finding = working_week.hours(hours, numbers())

    assert finding.verdict is verdict
    assert finding.can_be_passed is (verdict is STOP)


@pytest.mark.parametrize(
    ("born_on", "starts_on", "verdict"),
    [
        (date(2008, 11, 30), START, OK),  # 18 on the day
        (date(2008, 12, 1), START, STOP),
        (date(1976, 12, 1), START, OK),  # 49
        (date(1976, 11, 30), START, STOP),  # 50 on the day
        (date(1983, 6, 1), date(2023, 6, 1), STOP),  # 40 under the old limit
        (date(1983, 6, 1), date(2024, 6, 1), OK),
        (None, START, WARNING),
    ],
)  # L 82, ft.dk
def test_r10_age_at_the_start_by_the_rules_of_the_start(
    born_on: date | None, starts_on: date, verdict: Verdict
) -> None:
    assert igu.age(born_on, starts_on, numbers(starts_on)).verdict is verdict


@pytest.mark.parametrize(
    ("last", "verdict"),
    [(date(2028, 11, 29), OK), (date(2028, 11, 28), WARNING), (date(2028, 11, 30), WARNING)],
)  # rk.dk
def test_r10_two_years(last: date, verdict: Verdict) -> None:
    assert igu.months(START, last, numbers()).verdict is verdict


@pytest.mark.parametrize(("hours", "verdict"), [(24.5, STOP), (25, OK), (37, OK), (37.5, STOP)])  # siri.dk
def test_r10_hours_of_igu(hours: float, verdict: Verdict) -> None:
    assert igu.hours(hours, numbers()).verdict is verdict


@pytest.mark.parametrize(
    ("weeks", "on", "verdict"),
    [
        (23, START, OK),
        (22, START, STOP),
        (None, START, WARNING),
        (20, date(2021, 4, 30), OK),
        (20, date(2021, 5, 1), STOP),
    ],
)  # L 202 of 26 March 2021
def test_r10_weeks_of_school(weeks: int | None, on: date, verdict: Verdict) -> None:
    assert igu.school(weeks, numbers(on)).verdict is verdict


@pytest.mark.parametrize(
    ("confirmed", "verdicts"),
    [
        (Confirmed(), [WARNING, WARNING, WARNING]),
        (Confirmed(True, True, True), [OK, OK, OK]),
        (Confirmed(True, False, None), [OK, STOP, WARNING]),
    ],
)  # siri.dk, uim.dk
def test_r10_what_a_consultant_looks_up(confirmed: Confirmed, verdicts: list[Verdict]) -> None:
    assert [finding.verdict for finding in igu.person(confirmed, numbers())] == verdicts


def test_r11_reminders_of_an_igu() -> None:
    private = igu.reminders(START, is_private=True, numbers=numbers())
    public = igu.reminders(START, is_private=False, numbers=numbers())

    assert [one.due_on for one in private] == [date(2026, 12, 30), date(2027, 5, 30), date(2028, 11, 30)]
    assert [one.due_on for one in public] == [date(2026, 12, 30)]


YOUNG, AT_SCHOOL, PAST = YouthGroup.YOUNG, YouthGroup.AT_SCHOOL, YouthGroup.PAST_SCHOOL


@pytest.mark.parametrize(
    ("born_on", "past_school", "group"),
    [
        (date(2013, 12, 1), False, YOUNG),  # 12: too young, which is a stop of its own
        (date(2013, 11, 30), False, YOUNG),
        (date(2011, 12, 1), False, YOUNG),
        (date(2011, 11, 30), False, AT_SCHOOL),
        (date(2011, 11, 30), True, PAST),
        (date(2008, 12, 1), True, PAST),
        (date(2008, 11, 30), True, None),  # 18: of age
    ],
)
def test_r12_groups(born_on: date, past_school: bool, group: YouthGroup | None) -> None:
    assert fritidsjob.group_of(born_on, START, past_school=past_school, numbers=numbers()) is group


@pytest.mark.parametrize(
    ("born_on", "verdict"), [(date(2013, 11, 30), OK), (date(2013, 12, 1), STOP), (None, WARNING)]
)
def test_r12_nobody_under_thirteen(born_on: date | None, verdict: Verdict) -> None:
    assert fritidsjob.age(born_on, START, numbers()).verdict is verdict


def worst(job: YouthWork, group: YouthGroup, on: date = START) -> Verdict:
    verdicts = {finding.verdict for finding in fritidsjob.work(job, group, numbers(on))}
    return STOP if STOP in verdicts else WARNING if WARNING in verdicts else OK


@pytest.mark.parametrize(
    ("group", "school_day", "free_day", "school_week", "free_week"),
    [(YOUNG, 2, 7, 12, 35), (AT_SCHOOL, 2, 8, 12, 40), (PAST, 8, 8, 40, 40)],
)  # ungmedjob.dk, DI 26 May 2025
def test_r12_hours_by_age_group(
    group: YouthGroup, school_day: float, free_day: float, school_week: float, free_week: float
) -> None:
    assert worst(YouthWork(school_week), group) is OK
    assert worst(YouthWork(school_week + 0.5), group) is STOP
    assert worst(YouthWork(free_week, is_school_week=False), group) is OK
    assert worst(YouthWork(free_week + 0.5, is_school_week=False), group) is STOP
    assert worst(YouthWork(2, school_day_hours=school_day), group) is OK
    assert worst(YouthWork(2, school_day_hours=school_day + 0.5), group) is STOP
    assert worst(YouthWork(2, free_day_hours=free_day, pause_minutes=30), group) is OK
    assert worst(YouthWork(2, free_day_hours=free_day + 0.5, pause_minutes=30), group) is STOP


@pytest.mark.parametrize(
    ("group", "premises", "first", "last", "verdict"),
    [
        (YOUNG, Premises.OTHER, 6, 20, OK),
        (YOUNG, Premises.OTHER, 5.5, 20, STOP),
        (YOUNG, Premises.RESTAURANT, 6, 20.5, STOP),
        (AT_SCHOOL, Premises.SHOP, 6, 20.5, STOP),  # the strict reading
        (PAST, Premises.OTHER, 6, 20, OK),
        (PAST, Premises.OTHER, 6, 20.5, STOP),
        (PAST, Premises.SHOP, 6, 22, OK),
        (PAST, Premises.SHOP, 6, 22.5, STOP),
        (PAST, Premises.RESTAURANT, 6, 24, OK),
    ],
)
def test_r12_clock(
    group: YouthGroup, premises: Premises, first: float, last: float, verdict: Verdict
) -> None:
    assert worst(YouthWork(2, from_hour=first, to_hour=last, premises=premises), group) is verdict


@pytest.mark.parametrize("group", list(YouthGroup))
def test_r12_never_at_night(group: YouthGroup) -> None:
    assert worst(YouthWork(2, at_night=True), group) is STOP


@pytest.mark.parametrize(
    ("job", "group", "verdict"),
    [
        (YouthWork(2, rest_hours=14), AT_SCHOOL, OK),
        (YouthWork(2, rest_hours=13.5), AT_SCHOOL, STOP),
        (YouthWork(2, rest_hours=12), PAST, OK),
        (YouthWork(2, rest_hours=11.5), PAST, STOP),
        (YouthWork(2, free_day_hours=4.5, pause_minutes=0), PAST, OK),
        (YouthWork(2, free_day_hours=5, pause_minutes=29), PAST, STOP),
        (YouthWork(2, free_day_hours=5, pause_minutes=30), PAST, OK),
        (YouthWork(2, free_days=2), YOUNG, OK),
        (YouthWork(2, free_days=1), YOUNG, STOP),
        (YouthWork(2, lift_kg=12), YOUNG, OK),
        (YouthWork(2, lift_kg=12.5), YOUNG, STOP),
    ],
)
def test_r12_rest_pause_free_days_and_lifts(job: YouthWork, group: YouthGroup, verdict: Verdict) -> None:
    assert worst(job, group) is verdict


@pytest.mark.parametrize(
    ("danger", "young", "past"),
    [
        (Danger.ALCOHOL, STOP, OK),
        (Danger.MACHINES, STOP, OK),
        (Danger.CHEMICALS, STOP, WARNING),
        (Danger.ALONE, STOP, WARNING),
        (Danger.LIFTS, STOP, WARNING),
    ],
)  # DI 2025, f-f.dk, bfahandel.dk
def test_r12_dangers(danger: Danger, young: Verdict, past: Verdict) -> None:
    job = YouthWork(2, dangers=frozenset({danger}))

    before_2026 = date(2025, 12, 31)
    found = [worst(job, group, before_2026) for group in (YOUNG, AT_SCHOOL, PAST)]

    assert found == [young, young, past]


@pytest.mark.parametrize(
    ("born_on", "day", "years"),
    [
        (date(2000, 2, 29), date(2018, 2, 28), 17),
        (date(2000, 2, 29), date(2018, 3, 1), 18),
        (date(2000, 11, 30), date(2018, 11, 30), 18),
    ],
)
def test_age_counts_whole_years(born_on: date, day: date, years: int) -> None:
    assert age_on(born_on, day) == years
