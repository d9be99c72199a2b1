"""What only the sheet for VITAS tells: R5, R6, R8-R10 and R25-R27, a table for each with its source beside it."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from portal.shared.rules.checks import Born
from portal.shared.rules.findings import Finding, Verdict, open_questions
from portal.shared.rules.law import igu, loentilskud, praktik
from portal.shared.rules.law.case import NO_GROUNDS, Grounds
from portal.shared.rules.law.praktik import PraktikPurpose
from portal.shared.rules.law.replies import Reply
from tests.support.law import HERE, START, changed, numbers

OK, WARNING, STOP = Verdict.OK, Verdict.WARNING, Verdict.STOP
YES, NO, NOT_NEEDED = Reply
ASKED = "asked"
"""Not answered: a stop that no reason passes."""

OWN_WORKPLACE = Grounds(is_outside_ratio=True)


def said(found: list[Finding]) -> list[Verdict | str]:
    return [ASKED if one in open_questions(found) else one.verdict for one in found]


def with_number(key: str, value: str):
    """What holds on the day of the start when one number is another."""
    return changed(key, value, START).on(START, HERE)


@pytest.mark.parametrize(
    ("purpose", "tasks", "says"),
    [(PraktikPurpose.TRAINING, 1, OK), (PraktikPurpose.TRAINING, 0, STOP), (None, 1, ASKED)],
)  # LAB § 59
def test_r5_purpose_and_tasks(purpose: PraktikPurpose | None, tasks: int, says: Verdict | str) -> None:
    assert said(praktik.purpose(purpose, tasks, numbers())) == [says]


@pytest.mark.parametrize(
    ("reply", "grounds", "says"),
    [
        (YES, NO_GROUNDS, OK),
        (NO, NO_GROUNDS, STOP),
        (None, NO_GROUNDS, ASKED),
        (NOT_NEEDED, NO_GROUNDS, ASKED),
        # R25, § 65: at her own workplace while on sick leave R6 must not stop her (domain.md 11)
        (None, OWN_WORKPLACE, OK),
        (NO, OWN_WORKPLACE, OK),
        (NOT_NEEDED, OWN_WORKPLACE, OK),
    ],
)  # ballerup.dk
@pytest.mark.parametrize("question", [praktik.not_last_employer, praktik.not_owned_by_family])
def test_r6_not_the_last_employer_and_not_the_spouses(
    question: Callable[..., list[Finding]], reply: Reply | None, grounds: Grounds, says: Verdict | str
) -> None:
    assert said(question(reply, grounds, numbers())) == [says]


def test_r25_switched_off_the_own_workplace_is_like_any_other() -> None:
    without = with_number("ratio-own-workplace-outside", "0")

    assert said(praktik.not_last_employer(NO, OWN_WORKPLACE, without)) == [STOP]


@pytest.mark.parametrize(
    ("last_month", "average", "says"),
    [("10", "10", OK), ("9.99", "10", WARNING), (None, "10", ASKED), ("10", None, ASKED), ("0", "0", OK)],
)  # indberet.virk.dk; STAR's Q&A of 10 July 2020
def test_r8_more_staff(last_month: str | None, average: str | None, says: Verdict | str) -> None:
    found = loentilskud.more_staff(
        Decimal(last_month) if last_month else None, Decimal(average) if average else None, numbers()
    )

    assert said(found) == [says]


@pytest.mark.parametrize(
    ("born", "reply", "says"),
    [
        (None, YES, OK),
        (None, NO, STOP),
        (None, NOT_NEEDED, OK),  # single parent, or no education: which, nobody writes
        (None, None, ASKED),
        (Born.on(date(1976, 11, 30)), None, OK),  # 50 on the first day
        (Born.on(date(1976, 12, 1)), None, ASKED),  # the day after
        (Born.on(date(1976, 12, 1)), NO, STOP),
        (Born.in_year(1976), None, ASKED),  # she may be 49 still
        (Born.in_year(1975), None, OK),
    ],
)  # LAB § 69 stk. 3, elov.dk
def test_r9_benefits_or_an_exemption(born: Born | None, reply: Reply | None, says: Verdict | str) -> None:
    assert said(loentilskud.benefits(reply, born, START, numbers())) == [says]


@pytest.mark.parametrize(
    ("subsidy", "wage", "is_private", "says"),
    [
        (10_000, 20_000, True, [OK]),  # exactly half
        (10_001, 20_000, True, [STOP]),
        (10_000, 20_001, True, [OK]),
        (10_001, 20_001, True, [STOP]),  # half a krone too much
        (0, 0, True, [OK]),
        (1, 0, True, [STOP]),
        (None, 20_000, True, [ASKED]),
        (10_000, None, True, [ASKED]),
        (20_000, 20_000, False, []),  # of a private employer only
        (None, None, False, []),
    ],
)  # kk.dk 2019 and 2021
def test_r26_the_subsidy_is_at_most_half_of_the_wage(
    subsidy: int | None, wage: int | None, is_private: bool, says: list[Verdict | str]
) -> None:
    assert said(loentilskud.share(subsidy, wage, is_private=is_private, numbers=numbers())) == says


@pytest.mark.parametrize(
    ("weeks", "on", "says"),
    [
        (23, START, OK),
        (22, START, STOP),
        (None, START, ASKED),
        (20, date(2021, 4, 30), OK),
        (20, date(2021, 5, 1), STOP),
    ],
)  # L 202 of 26 March 2021
def test_r10_weeks_of_school(weeks: int | None, on: date, says: Verdict | str) -> None:
    assert said(igu.school(weeks, numbers(on))) == [says]


@pytest.mark.parametrize(
    ("total", "says"),
    [(31.9, STOP), (32, OK), (34.5, OK), (37, OK), (37.1, STOP), (0, STOP), (None, ASKED)],
)  # siri.dk; voksenuddannelse.dk
def test_r27_work_and_school_together(total: float | None, says: Verdict | str) -> None:
    assert said(igu.total_hours(total, numbers())) == [says]


@pytest.mark.parametrize(
    ("reply", "says"), [(YES, OK), (NO, STOP), (None, ASKED), (NOT_NEEDED, ASKED)]
)  # siri.dk, uim.dk: none of the three knows an exemption
def test_r10_what_a_consultant_looks_up(reply: Reply | None, says: Verdict | str) -> None:
    assert said(igu.residence_said(reply, None, numbers())) == [says]
    assert said(igu.not_employed_there(reply, numbers())) == [says]
    assert said(igu.first(reply, numbers())) == [says]


@pytest.mark.parametrize(
    ("arrived_on", "says"), [(date(2006, 11, 30), OK), (date(2006, 11, 29), STOP), (date(2026, 1, 1), OK)]
)  # L 82: residence of up to 20 years
def test_r10_where_the_arrival_is_known_nobody_is_asked(arrived_on: date, says: Verdict) -> None:
    assert said(igu.residence(arrived_on, START, numbers())) == [says]
    assert igu.residence_said(None, arrived_on, numbers()) == []


def test_before_the_row_of_residence_nobody_is_asked_about_it() -> None:
    """The limit is known from 1 January 2024 only; an older start asks nothing and breaks nothing."""
    assert igu.residence_said(None, None, numbers(date(2023, 12, 31))) == []


@pytest.mark.parametrize(
    ("key", "asked"),
    [
        ("praktik-purpose", lambda numbers: praktik.purpose(None, 0, numbers)),
        ("praktik-not-own-firm", lambda numbers: praktik.not_last_employer(NO, NO_GROUNDS, numbers)),
        ("praktik-not-own-firm", lambda numbers: praktik.not_owned_by_family(None, NO_GROUNDS, numbers)),
        ("loentilskud-average-months", lambda numbers: loentilskud.more_staff(None, None, numbers)),
        ("loentilskud-benefit-months", lambda numbers: loentilskud.benefits(None, None, START, numbers)),
        ("igu-school-weeks", lambda numbers: igu.school(None, numbers)),
        ("igu-not-employed-months", lambda numbers: igu.not_employed_there(None, numbers)),
        ("igu-once", lambda numbers: igu.first(None, numbers)),
    ],
)
def test_a_rule_at_nothing_asks_nothing(key: str, asked: Callable[..., list[Finding]]) -> None:
    assert asked(with_number(key, "0")) == []
    assert said(asked(with_number(key, "1"))) != []


@pytest.mark.parametrize(
    ("key", "value", "judge", "says"),
    [
        (
            "loentilskud-share-most",
            "40",
            lambda numbers: loentilskud.share(9_000, 20_000, is_private=True, numbers=numbers),
            STOP,
        ),
        (
            "loentilskud-exempt-age",
            "55",
            lambda numbers: loentilskud.benefits(None, Born.in_year(1975), START, numbers),
            ASKED,
        ),
        (
            "loentilskud-exempt-age",
            "0",
            lambda numbers: loentilskud.benefits(None, Born.in_year(1950), START, numbers),
            ASKED,
        ),
        ("igu-total-hours-least", "33", lambda numbers: igu.total_hours(32, numbers), STOP),
        ("igu-hours-most", "36", lambda numbers: igu.total_hours(37, numbers), STOP),
        ("igu-school-weeks", "24", lambda numbers: igu.school(23, numbers), STOP),
    ],
)
def test_the_row_of_the_day_decides(
    key: str, value: str, judge: Callable[..., list[Finding]], says: Verdict | str
) -> None:
    assert said(judge(numbers())) == [OK]
    assert said(judge(with_number(key, value))) == [says]
