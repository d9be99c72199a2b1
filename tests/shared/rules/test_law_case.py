"""Which rules a post or a placement meets, and from which day a changed number holds."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from flask import Flask

from portal.base.terms import PlacementForm, Shift, Weekday
from portal.shared.rules.book import RuleMissing
from portal.shared.rules.checks import Born
from portal.shared.rules.clock_times import working_week
from portal.shared.rules.findings import Verdict, not_ok, stops
from portal.shared.rules.law.case import Act, Case, Grounds, PersonInLaw, Readiness
from portal.shared.rules.law.forms import assess
from tests.support.law import HERE, START, book, changed, numbers

GROWN_UP = PersonInLaw(Born.on(date(1990, 3, 1)), grounds=Grounds(act=Act.LAB, readiness=Readiness.OTHER))
PRAKTIK = Case(
    municipality_id=HERE,
    form=PlacementForm.PRAKTIK,
    hours_per_week=25,
    starts_on=START,
    ends_on=START + timedelta(days=13 * 7 - 1),
    staff=Decimal(10),
    staff_stated_on=date(2026, 10, 1),
    held=(),
    person=GROWN_UP,
    is_plan=True,
)


def rules_of(case: Case) -> set[str]:
    return {finding.rule for finding in assess(case, book())}


@pytest.mark.parametrize(
    ("form", "met"),
    [
        (PlacementForm.PRAKTIK, {"R1", "R2", "R4", "R5"}),
        (PlacementForm.LOENTILSKUD, {"R1", "R2", "R8", "R17"}),
        (PlacementForm.IGU, {"R10"}),
        (PlacementForm.FRITIDSJOB, {"R12", "R17"}),  # never above an adult's hours
        (PlacementForm.REGULAR_JOB, {"R17"}),
        (PlacementForm.SMAAJOB, {"R17"}),
    ],
)
def test_each_form_meets_its_own_rules(form: PlacementForm, met: set[str]) -> None:
    assert rules_of(replace(PRAKTIK, form=form)) == met


def test_a_lawful_praktik_needs_no_care() -> None:
    assert not_ok(assess(PRAKTIK, book())) == []


def test_a_limit_that_falls_inside_a_plan_is_said_from_its_day() -> None:
    new = changed("praktik-weeks", "8", START + timedelta(days=1))
    tomorrow = replace(PRAKTIK, starts_on=START + timedelta(days=1), ends_on=START + timedelta(days=13 * 7))

    assert [(one.rule, one.since) for one in stops(assess(PRAKTIK, new))] == [
        ("R4", START + timedelta(weeks=8))
    ]
    assert [finding.rule for finding in stops(assess(tomorrow, new))] == ["R4"]
    assert stops(assess(tomorrow, book())) == []


def test_a_post_may_stand_open_longer_than_one_praktik() -> None:
    post = replace(PRAKTIK, ends_on=START + timedelta(days=300), person=None, is_plan=False)

    assert [(one.rule, one.verdict) for one in not_ok(assess(post, book()))] == [("R4", Verdict.WARNING)]
    assert [one.rule for one in stops(assess(replace(post, is_plan=True), book()))] == ["R4"]


def test_a_number_that_starts_on_the_same_day_replaces_the_old() -> None:
    new = changed("igu-age-below", "45", date(2024, 1, 1)).on(START, HERE)

    assert new["igu-age-below"] == 45
    assert numbers()["igu-age-below"] == 50


def test_the_number_before_ends_the_day_before() -> None:
    new = changed("praktik-weeks", "8", START)

    assert new.on(START - timedelta(days=1), HERE)["praktik-weeks"] == 13
    assert new.on(START, HERE)["praktik-weeks"] == 8


def test_a_day_without_a_number_says_which_is_missing() -> None:
    with pytest.raises(RuleMissing) as missing:
        _ = numbers(date(2017, 12, 31))["praktik-weeks"]

    assert missing.value.key == "praktik-weeks"


def test_a_number_nobody_has_read_says_so(app: Flask) -> None:
    assert "skal bekræftes" in numbers().reference("full-time-hours")
    assert "ikke efterprøvet" not in numbers().reference("praktik-weeks")


def test_paid_tasks_are_held_against_the_praktiks() -> None:
    case = replace(PRAKTIK, tasks={1: "opvask"}, person=replace(GROWN_UP, paid_tasks={1: "opvask"}))

    assert [finding.rule for finding in not_ok(assess(case, book()))] == ["R7"]


@pytest.mark.parametrize(
    ("born_on", "hours", "verdicts"),
    [
        (None, 12, {Verdict.WARNING}),  # the age is not known
        (date(2012, 1, 1), 12, set()),
        (date(2012, 1, 1), 13, {Verdict.STOP}),
        (date(2014, 1, 1), 12, {Verdict.STOP}),  # twelve years old
        (date(2000, 1, 1), 37, {Verdict.STOP}),  # of age: a fritidsjob is not hers
    ],
)
def test_a_young_persons_hours_by_her_age(born_on: date | None, hours: float, verdicts: set[Verdict]) -> None:
    case = replace(
        PRAKTIK,
        form=PlacementForm.FRITIDSJOB,
        hours_per_week=hours,
        person=PersonInLaw(Born.on(born_on) if born_on else None),
    )

    assert {
        finding.verdict for finding in not_ok(assess(case, book())) if not finding.is_question
    } == verdicts


@pytest.mark.parametrize(
    ("hours", "shifts", "verdicts"),
    [
        (12, frozenset(), set()),
        (13, frozenset(), {Verdict.WARNING}),  # only for who is past school
        (40.5, frozenset(), {Verdict.STOP}),
        (10, frozenset({Shift.NIGHT}), {Verdict.STOP}),
        (10, frozenset({Shift.EVENING}), set()),
    ],
)
def test_a_fritidsjob_is_posted_for_whoever_comes(
    hours: float, shifts: frozenset[Shift], verdicts: set[Verdict]
) -> None:
    case = replace(PRAKTIK, form=PlacementForm.FRITIDSJOB, hours_per_week=hours, shifts=shifts, person=None)

    assert {
        finding.verdict for finding in not_ok(assess(case, book())) if not finding.is_question
    } == verdicts


MONDAY, SATURDAY = frozenset({Weekday.MONDAY}), frozenset({Weekday.SATURDAY})
SIX_DAYS = frozenset(Weekday) - {Weekday.SUNDAY}


@pytest.mark.parametrize(
    ("times", "weekdays", "verdicts"),
    [
        ("16-18", MONDAY, set()),
        ("16-18.30", MONDAY, {Verdict.STOP}),  # more than two hours on a school day
        ("16-18.30", frozenset(), {Verdict.STOP}),  # no days are named: as on a school day
        ("10-17", SATURDAY, set()),
        ("9-17", SATURDAY, {Verdict.STOP}),  # more than seven hours on a free day
        ("5.30-7", MONDAY, {Verdict.STOP}),
        ("18.30-20.30", MONDAY, {Verdict.STOP}),
        ("18-20", MONDAY, set()),
        ("efter aftale", MONDAY, set()),
        ("16-17", SIX_DAYS, {Verdict.STOP}),  # two free days a week
    ],
)
def test_a_schoolgirls_clock_and_days(
    times: str, weekdays: frozenset[Weekday], verdicts: set[Verdict]
) -> None:
    """Source: docs/rules.md#youth"""
    case = replace(
        PRAKTIK,
        form=PlacementForm.FRITIDSJOB,
        hours_per_week=2,
        person=PersonInLaw(Born.on(date(2012, 1, 1))),
        weekdays=weekdays,
        times=working_week(times),
    )

    assert {
        finding.verdict for finding in not_ok(assess(case, book())) if not finding.is_question
    } == verdicts
