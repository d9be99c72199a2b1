"""R4-R11, R17, R24 and R28, a table for each; those of the young stand in test_law_youth.py.

Sources stand in portal/shared/rules/data/rules.csv and docs/rules.md#checks."""

from datetime import date, timedelta

import pytest

from portal.shared.rules.checks import Born, age_on, last_day_of_months
from portal.shared.rules.findings import Finding, Verdict
from portal.shared.rules.law import hybrid, igu, loentilskud, praktik, working_week
from portal.shared.rules.law.case import Act, Grounds, Readiness, Stay
from tests.support.law import HERE, START, changed, numbers

OK, WARNING, STOP = Verdict.OK, Verdict.WARNING, Verdict.STOP


def after_weeks(weeks: int, more_days: int = 0) -> date:
    """The last day of so many weeks from the start."""
    return START + timedelta(days=7 * weeks - 1 + more_days)


def praktik_weeks(
    weeks: int, more_days: int = 0, *, earlier: int = 0, reason: str = "", readiness: Readiness | None = None
) -> Finding:
    """A praktik after so many weeks of another at the same employer."""
    before = Stay(START - timedelta(weeks=earlier), START - timedelta(days=1))
    stays = [*([before] if earlier else []), Stay(START, after_weeks(weeks, more_days))]
    limits = praktik.limits_of(readiness, numbers())
    return praktik.weeks(stays, len(stays) - 1, limits=limits, reason=reason, numbers=numbers())


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
    finding = praktik_weeks(weeks, more_days, earlier=earlier, reason=reason, readiness=Readiness.OTHER)

    assert finding.verdict is verdict


@pytest.mark.parametrize(
    ("readiness", "weeks", "more_days", "reason", "verdict"),
    [
        (Readiness.JOB_READY, 4, 0, "", OK),  # 28 days
        (Readiness.JOB_READY, 4, 1, "Konkret vurdering", STOP),
        (Readiness.JOB_READY, 4, 2, "", STOP),  # 30 days
        (None, 4, 0, "", OK),
        (None, 4, 1, "Konkret vurdering", STOP),  # nobody has said: as if ready for a job
        (Readiness.OTHER, 4, 1, "", OK),
    ],
)  # cabiweb.dk, foa.dk; LAB § 61
def test_r24_who_is_ready_for_a_job_has_four_weeks(
    readiness: Readiness | None, weeks: int, more_days: int, reason: str, verdict: Verdict
) -> None:
    assert praktik_weeks(weeks, more_days, reason=reason, readiness=readiness).verdict is verdict


@pytest.mark.parametrize(
    ("others", "last", "verdicts"),
    [
        ([], date(2026, 12, 29), (OK, OK)),  # a month from 30 November
        ([], date(2026, 12, 30), (STOP, OK)),
        (
            [(date(2026, 9, 1), date(2026, 9, 30)), (date(2026, 10, 1), date(2026, 10, 31))],
            date(2026, 12, 29),
            (OK, OK),
        ),
        (
            [(date(2026, 8, 1), date(2026, 9, 30)), (date(2026, 10, 1), date(2026, 10, 31))],
            date(2026, 12, 29),
            (OK, STOP),
        ),
        (
            [(date(2026, 7, 1), date(2026, 7, 1)), (date(2026, 9, 1), date(2026, 10, 31))],
            date(2026, 12, 29),
            (OK, STOP),  # a day in a long summer month makes no room
        ),
    ],
)  # integrationsloven § 23 a stk. 3, danskelove.dk
def test_r28_praktik_inside_a_course(
    others: list[tuple[date, date]], last: date, verdicts: tuple[Verdict, Verdict]
) -> None:
    stays = [*(Stay(*one) for one in others), Stay(START, last)]

    found = praktik.in_course(stays, len(stays) - 1, numbers())

    assert tuple(one.verdict for one in found) == verdicts


@pytest.mark.parametrize(("weeks_before", "verdict"), [(0, STOP), (1, STOP), (10, STOP)])
def test_r4_weeks_before_never_make_a_praktik_that_is_too_long_by_itself_an_extension(
    weeks_before: int, verdict: Verdict
) -> None:
    """Where a municipality lets nobody stay more than ten weeks, twelve are no extension of one."""
    own = changed("praktik-weeks-assessed", "10", START).on(START, HERE)
    before = Stay(START - timedelta(weeks=weeks_before), START - timedelta(days=1))
    stays = [*([before] if weeks_before else []), Stay(START, after_weeks(12))]

    finding = praktik.weeks(
        stays,
        len(stays) - 1,
        limits=praktik.limits_of(Readiness.OTHER, own),
        reason="Konkret vurdering",
        numbers=own,
    )

    assert finding.verdict is verdict


@pytest.mark.parametrize(("hours", "verdict"), [(37, OK), (37.5, STOP)])  # ballerup.dk
def test_r5_hours_of_praktik(hours: float, verdict: Verdict) -> None:
    assert praktik.hours(hours, numbers()).verdict is verdict


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


READY, OTHER = Readiness.JOB_READY, Readiness.OTHER
LAB, INTEGRATION = Act.LAB, Act.INTEGRATION


@pytest.mark.parametrize(
    ("is_private", "act", "readiness", "months"),
    [
        (True, LAB, READY, 6),  # LAB § 68 stk. 1 nr. 1
        (True, LAB, OTHER, 6),
        (True, INTEGRATION, OTHER, 6),
        (False, LAB, READY, 4),
        (False, LAB, OTHER, 6),  # aarhus.dk, partly read
        (False, None, None, 4),  # nobody has said
        (False, LAB, None, 4),
        (False, INTEGRATION, READY, 12),  # integrationsloven § 23 c
        (False, INTEGRATION, None, 12),
        (False, Act.UKRAINE, READY, 4),
    ],
)
def test_r8_and_r24_months_of_loentilskud_follow_from_act_and_group(
    is_private: bool, act: Act | None, readiness: Readiness | None, months: int
) -> None:
    grounds = Grounds(act=act, readiness=readiness)
    last = last_day_of_months(START, months)

    def verdict(ends_on: date) -> Verdict:
        return loentilskud.months(
            START, ends_on, is_private=is_private, grounds=grounds, numbers=numbers()
        ).verdict

    assert (verdict(last), verdict(last + timedelta(days=1))) == (OK, WARNING)


@pytest.mark.parametrize(
    ("first", "months", "last"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),  # the last of a shorter month
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 8, 1), 6, date(2027, 1, 31)),
        (date(2026, 11, 30), 4, date(2027, 3, 29)),
        (date(2026, 2, 28), 12, date(2027, 2, 27)),
    ],
)
def test_months_are_those_of_the_calendar(first: date, months: int, last: date) -> None:
    assert last_day_of_months(first, months) == last


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
    born = Born.on(born_on) if born_on else None

    assert igu.age(born, starts_on, numbers(starts_on)).verdict is verdict


@pytest.mark.parametrize(
    ("last", "verdict"),
    [(date(2028, 11, 29), OK), (date(2028, 11, 28), WARNING), (date(2028, 11, 30), WARNING)],
)  # rk.dk
def test_r10_two_years(last: date, verdict: Verdict) -> None:
    assert igu.months(START, last, numbers()).verdict is verdict


@pytest.mark.parametrize(("hours", "verdict"), [(24.5, STOP), (25, OK), (37, OK), (37.5, STOP)])  # siri.dk
def test_r10_hours_of_igu(hours: float, verdict: Verdict) -> None:
    assert igu.hours(hours, numbers()).verdict is verdict


def test_r11_reminders_of_an_igu() -> None:
    private = igu.reminders(START, is_private=True, numbers=numbers())
    public = igu.reminders(START, is_private=False, numbers=numbers())

    assert [one.due_on for one in private] == [date(2026, 12, 30), date(2027, 5, 30), date(2028, 11, 30)]
    assert [one.due_on for one in public] == [date(2026, 12, 30)]


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
