"""Properties of the law over days: a period is as bad as its worst day, and nothing that is added makes it better."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from portal.base.terms import PlacementForm, Shift, Weekday
from portal.shared.rules.book import DatedNumber, RuleBook
from portal.shared.rules.checks import Born
from portal.shared.rules.clock_times import working_week
from portal.shared.rules.findings import Finding, Verdict, joined, worst
from portal.shared.rules.law.case import Act, Case, Grounds, PersonInLaw, Premises, Readiness, Stay, YoungWork
from portal.shared.rules.law.forms import LAWS, assess, on_days
from portal.shared.rules.law.ratio import HeldHours
from portal.shared.rules.law.staff import staff_number
from portal.shared.rules.law.stretches import Stretch
from portal.shared.rules.school_weeks import SchoolFreeWeeks
from tests.support.law import HERE, book

DAY = timedelta(days=1)
FIRST = date(2025, 11, 1)
"""Two months before the rules of machines change."""
MOST_DAYS = 200
TASKS = {1: "opvask", 2: "anretning", 3: "gulvvask"}

quickly = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])

days = st.integers(0, 500).map(lambda more: FIRST + timedelta(days=more))
lengths = st.integers(0, MOST_DAYS) | st.sampled_from([0, 6, 27, 28, 90, 91, 119, 120, 181, 182])
hours = st.integers(1, 84).map(lambda halves: halves / 2)
tasks = st.sets(st.sampled_from(sorted(TASKS))).map(lambda chosen: {one: TASKS[one] for one in chosen})
maybe = st.sampled_from([None, False, True])


@st.composite
def stays(draw: st.DrawFn) -> Stay:
    first = draw(days)
    return Stay(first, first + timedelta(days=draw(st.integers(0, 120))))


@st.composite
def held_places(draw: st.DrawFn) -> HeldHours:
    stay = draw(stays())
    return HeldHours(draw(hours), stay.starts_on, stay.ends_on)


@st.composite
def ages(draw: st.DrawFn) -> Born:
    """Of every age that a rule knows, often with a birthday inside the period."""
    year = draw(st.sampled_from([1975, 1990, *range(2006, 2016)]))
    if draw(st.booleans()):
        return Born.in_year(year)
    return Born.on(date(year, 1, 1) + timedelta(days=draw(st.integers(0, 364))))


young_work = st.builds(
    YoungWork,
    is_past_school=maybe,
    free_weeks=st.sets(st.integers(1, 53), max_size=12).map(lambda weeks: SchoolFreeWeeks(frozenset(weeks))),
    pause_minutes=st.sampled_from([None, 0, 30]),
    lift_kg=st.sampled_from([None, 12.0, 12.5]),
    premises=st.sampled_from([None, *Premises]),
    serves_alcohol=maybe,
    is_risk_assessed=maybe,
    adult_supervises=maybe,
    parents_told=maybe,
)
grounds = st.builds(
    Grounds,
    act=st.sampled_from([None, *Act]),
    readiness=st.sampled_from([None, *Readiness]),
    arrived_on=st.sampled_from([None, date(2005, 1, 1), date(2020, 1, 1)]),
    is_within_course=st.booleans(),
    is_outside_ratio=st.booleans(),
)
people = st.builds(
    PersonInLaw,
    born=st.none() | ages(),
    praktik_here=st.lists(stays(), max_size=3).map(tuple),
    course_praktik=st.lists(stays(), max_size=3).map(tuple),
    paid_tasks=tasks,
    unpaid_tasks=tasks,
    grounds=grounds,
)
WRITTEN_TIMES = [
    "",
    "16-18",
    "mandag 16-18, tirsdag 6-8",
    "lørdag 9-16.30",
    "20-24",
    "man-fre 8-15 med 30 min pause",
]
WORDS = ["servere øl", "skære på pålægsmaskine", "desinfektion", "passe butikken alene", "kasser på 18 kg"]


@st.composite
def some_cases(draw: st.DrawFn) -> Case:
    first = draw(days)
    return Case(
        municipality_id=HERE,
        form=draw(st.sampled_from(list(PlacementForm))),
        hours_per_week=draw(hours),
        starts_on=first,
        ends_on=first + timedelta(days=draw(lengths)),
        staff=Decimal(draw(st.integers(0, 60))),
        staff_stated_on=first - timedelta(days=draw(st.integers(0, 200))),
        held=tuple(draw(st.lists(held_places(), max_size=4))),
        is_private=draw(st.booleans()),
        shifts=frozenset(draw(st.sets(st.sampled_from(list(Shift))))),
        weekdays=frozenset(draw(st.sets(st.sampled_from(list(Weekday))))),
        times=working_week(draw(st.sampled_from(WRITTEN_TIMES))),
        tasks=draw(tasks),
        words=tuple(draw(st.lists(st.sampled_from(WORDS), max_size=2))),
        young=draw(young_work),
        reason=draw(st.sampled_from(["", "Konkret vurdering"])),
        person=draw(st.none() | people),
        is_plan=draw(st.booleans()),
    )


CHANGING = sorted(
    {
        row.key
        for row in book().rows
        if row.key.startswith(("praktik", "ratio", "loen", "igu", "youth", "full", "hybrid"))
    }
)


@st.composite
def changed_books(draw: st.DrawFn) -> RuleBook:
    """The reference with some numbers that become others on some day, for good or until a day."""
    changed = book()
    for _ in range(draw(st.integers(0, 4))):
        key = draw(st.sampled_from(CHANGING))
        row = next(one for one in book().rows if one.key == key)
        value = max(Decimal(0), row.value + draw(st.integers(-3, 3)))
        if row.unit == "= ja":
            value = Decimal(draw(st.integers(0, 1)))
        elif key.startswith(("ratio-staff", "full-time", "igu-open")):
            value = max(Decimal(1), value)  # what is divided by
        first = draw(days)
        last = draw(
            st.none() | st.integers(0, 90).map(lambda more, first=first: first + timedelta(days=more))
        )
        changed = changed.with_number(DatedNumber(key, value, first, last, "Ny lov", row.certainty, row.unit))
    return changed


def by_rule(found: list[Finding]) -> dict[str, tuple[int, bool]]:
    """The worst that each rule says, and whether nobody may pass it; what is in order says nothing."""
    rules = {one.rule for one in found if not one.is_ok}
    return {
        rule: (
            list(Verdict).index(worst(one for one in found if one.rule == rule)),
            any(one.is_final and one.is_stop for one in found if one.rule == rule),
        )
        for rule in rules
    }


def day_by_day(case: Case, law: RuleBook) -> list[Finding]:
    """Each day held against the law by itself, and the first day against what is asked once."""
    assert case.ends_on is not None
    first = law.on(case.starts_on, HERE)
    is_outside = case.person is not None and case.person.grounds.is_outside_ratio
    found = LAWS[case.form].at_start(case, first)
    if case.form.traits.counts_in_ratio and not (is_outside and first.says("ratio-own-workplace-outside")):
        found = [*found, staff_number(case.staff_stated_on, case.starts_on, first)]
    for count in range((case.ends_on - case.starts_on).days + 1):
        day = case.starts_on + count * DAY
        found += on_days(case, Stretch(day, day, law.on(day, HERE)))
    return found


@quickly
@given(some_cases(), changed_books())
def test_judging_each_day_apart_is_judging_the_period(case: Case, law: RuleBook) -> None:
    assert by_rule(assess(case, law)) == by_rule(day_by_day(case, law))


@quickly
@given(some_cases(), changed_books())
def test_a_longer_period_is_never_milder(case: Case, law: RuleBook) -> None:
    """But for the IGU, which has one length."""
    assume(case.form is not PlacementForm.IGU)
    assert case.ends_on is not None
    longer = replace(case, ends_on=case.ends_on + timedelta(days=7))

    assert never_milder(assess(case, law), assess(longer, law))


def never_milder(before: list[Finding], after: list[Finding]) -> bool:
    now = by_rule(after)
    return all(now.get(rule, (0, False)) >= found for rule, found in by_rule(before).items())


def with_more(case: Case, more: dict[str, Any]) -> Case:
    """The same with somebody more in the place, and with more that she does beside it."""
    person = case.person
    if person is not None:
        person = replace(
            person,
            praktik_here=(*person.praktik_here, *more["praktik"]),
            course_praktik=(*person.course_praktik, *more["course"]),
            paid_tasks={**person.paid_tasks, **more["paid"]},
            unpaid_tasks={**person.unpaid_tasks, **more["unpaid"]},
        )
    return replace(case, held=(*case.held, *more["held"]), person=person)


placements_more = st.fixed_dictionaries(
    {
        "held": st.lists(held_places(), max_size=2),
        "praktik": st.lists(stays(), max_size=2),
        "course": st.lists(stays(), max_size=2),
        "paid": tasks,
        "unpaid": tasks,
    }
)


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(some_cases(), placements_more, changed_books())
def test_another_placement_never_makes_a_verdict_milder(
    case: Case, more: dict[str, Any], law: RuleBook
) -> None:
    assert never_milder(assess(case, law), assess(with_more(case, more), law))


verdicts = st.builds(
    lambda rule, verdict, sentence, topic, is_final, since: Finding(
        rule, verdict, sentence, "LAB", is_final=is_final, topic=topic, since=since
    ),
    st.sampled_from(["R1", "R4", "R12"]),
    st.sampled_from(list(Verdict)),
    st.sampled_from(["For lang.", "For mange.", "13 uger.", "14 uger."]),
    st.sampled_from(["", "weeks"]),
    st.booleans(),
    st.none() | days,
)


@given(st.lists(st.lists(verdicts, max_size=4), min_size=1, max_size=5))
def test_joined_keeps_the_worst_of_each_rule(found: list[list[Finding]]) -> None:
    told = joined(found)

    assert by_rule(told) == by_rule([one for day in found for one in day])
    for rule in {one.rule for one in told if one.is_ok}:
        matters = {one.matter for one in told if one.is_ok and one.rule == rule and not one.topic}
        assert all(matters <= {one.matter for one in day if one.is_ok} for day in found)
