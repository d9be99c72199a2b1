"""Whatever a municipality asks more than the law, what the law stops stays stopped: all checks over many cases."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from portal.base.terms import PlacementForm, Weekday
from portal.shared.rules.book import DatedNumber, Owner, RuleBook
from portal.shared.rules.checks import Born
from portal.shared.rules.clock_times import Working, WorkingWeek
from portal.shared.rules.findings import Finding, not_ok, stops
from portal.shared.rules.law.case import Case, Grounds, PersonInLaw, Readiness, Stay
from portal.shared.rules.law.forms import assess
from portal.shared.rules.law.praktik import limits_of, weeks
from portal.shared.rules.law.ratio import HeldHours
from portal.shared.rules.strictness import Stricter, reference_rows, stricter
from tests.support.law import HERE, START, book

HALSNAES = Owner(HERE, "Halsnæs")
TIGHTENED = sorted({row["key"] for row in reference_rows() if not row["valid_to"]} - {"youth-no-lone-work"})


@st.composite
def own_rows(draw: st.DrawFn) -> DatedNumber:
    key = draw(st.sampled_from([key for key in TIGHTENED if stricter(key) is not Stricter.NOWHERE]))
    law = book().on(START, None)[key]
    change = Decimal(draw(st.integers(1, 30)))
    value = max(law - change, Decimal(0)) if stricter(key) is Stricter.LOWER else law + change
    return DatedNumber(key, value, START - timedelta(days=1), None, "Udvalget", owner=HALSNAES)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    begins = draw(st.sampled_from([5.0, 7.0, 16.0, 19.5]))
    hours = draw(st.sampled_from([1.5, 2.0, 3.0, 5.0, 8.0]))
    held = [HeldHours(37, START - timedelta(days=30), START + timedelta(days=60))] * draw(st.integers(0, 6))
    return Case(
        municipality_id=HERE,
        form=draw(st.sampled_from(PlacementForm)),
        hours_per_week=draw(st.sampled_from([2.0, 10.0, 25.0, 37.0, 40.0])),
        starts_on=START,
        ends_on=START + timedelta(weeks=draw(st.integers(1, 60)), days=-1),
        staff=Decimal(draw(st.integers(0, 120))),
        staff_stated_on=START - timedelta(days=30),
        held=tuple(held),
        weekdays=frozenset(draw(st.sets(st.sampled_from(Weekday)))),
        times=WorkingWeek({}, Working(begins, begins + hours, hours)),
        words=tuple(draw(st.sets(st.sampled_from(["servere øl", "afkalke med syre", "skære grønt"])))),
        reason=draw(st.sampled_from(["", "Oplæring"])),
        person=PersonInLaw(
            Born.on(START - timedelta(days=int(365.25 * draw(st.integers(11, 55))))),
            praktik_here=(Stay(START - timedelta(weeks=20), START - timedelta(days=1)),)
            * draw(st.integers(0, 1)),
            grounds=Grounds(readiness=draw(st.sampled_from([None, *Readiness]))),
        ),
        is_plan=draw(st.booleans()),
    )


@given(case=cases(), rows=st.lists(own_rows(), min_size=1, max_size=4))
def test_what_the_law_stops_no_municipality_lets_through(case: Case, rows: list[DatedNumber]) -> None:
    law, own = assess(case, book()), assess(case, _with(rows))

    assert _rules(stops(law)) <= _rules(stops(own))
    assert _rules(not_ok(law)) <= _rules(not_ok(own))
    assert _rules(one for one in stops(law) if one.is_final) == _rules(
        one for one in stops(own) if one.is_final
    )


def _with(rows: list[DatedNumber]) -> RuleBook:
    known = book()
    for row in rows:
        known = known.with_number(row)
    return known


def _rules(findings: Iterable[Finding]) -> set[str]:
    return {one.rule for one in findings}


def test_a_least_age_of_its_own_leaves_the_limits_for_the_youngest() -> None:
    """Halsnæs hires nobody under 14: a stop that is passed with a reason does not open a long day for one of 13."""
    day = DatedNumber(
        "youth-age-least", Decimal(14), START - timedelta(days=1), None, "Udvalget", owner=HALSNAES
    )
    case = Case(
        municipality_id=HERE,
        form=PlacementForm.FRITIDSJOB,
        hours_per_week=20,
        starts_on=START,
        ends_on=None,
        staff=Decimal(5),
        staff_stated_on=START,
        held=(),
        person=PersonInLaw(Born.on(date(2013, 5, 1))),
    )

    law, own = stops(assess(case, book())), stops(assess(case, _with([day])))

    assert "R21" not in _rules(law)
    assert _rules(own) == {*_rules(law), "R21"}
    assert stops(assess(replace(case, municipality_id=HERE + 1), _with([day]))) == law


def test_a_longest_praktik_of_its_own_is_the_longest_also_below_the_ordinary_one() -> None:
    row = DatedNumber("praktik-weeks-assessed", Decimal(10), START, None, "Udvalget", owner=HALSNAES)
    numbers = _with([row]).on(START, HERE)

    def praktik(count: int, reason: str) -> Finding:
        stay = Stay(START, START + timedelta(weeks=count, days=-1))
        limits = limits_of(Readiness.OTHER, numbers)
        return weeks([stay], 0, limits=limits, reason=reason, numbers=numbers)

    eleven, ten = praktik(11, "Oplæring"), praktik(10, "")

    assert eleven.is_stop
    assert "Halsnæs Kommunes egen regel" in eleven.reference
    assert ten.is_ok
