"""Whatever is planned second is held against what runs: the order of planning changes nothing.

First as a property over made-up placements, then through the database: plan_placement one way round and the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.base.database import db, transaction
from portal.base.terms import PlacementForm
from portal.loop.cards.models import CompetenceCard
from portal.loop.employers.models import Employer
from portal.loop.placements import services
from portal.loop.placements.findings import PlacementTerms, person_of
from portal.loop.placements.models import Placement
from portal.loop.reviews.models import Answer
from portal.shared.rules.checks import Born
from portal.shared.rules.findings import Verdict
from portal.shared.rules.law.case import Act, Case, Grounds, Readiness
from portal.shared.rules.law.forms import assess
from portal.shared.rules.law.ratio import HeldHours
from tests import factories
from tests.factories import NOW, TODAY
from tests.support.law import HERE, START, book

PRAKTIK, SMAAJOB, LOENTILSKUD = PlacementForm.PRAKTIK, PlacementForm.SMAAJOB, PlacementForm.LOENTILSKUD
BORN = Born.on(date(1990, 3, 1))
HERE_EMPLOYER = 1


@dataclass
class Task:
    skill_id: int
    text: str


@dataclass
class Post:
    tasks: list[Task]


@dataclass
class Planned:
    """As much of a placement as the rules ask of a person's others."""

    who: str
    form: PlacementForm
    hours_per_week: float
    starts_on: date
    ends_on: date
    opening: Post
    grounds: Grounds = field(default_factory=Grounds)
    employer_id: int = HERE_EMPLOYER
    ended_on: date | None = None


@st.composite
def plans(draw: st.DrawFn, grounds: Grounds) -> Planned:
    first = START + timedelta(days=draw(st.integers(0, 120)))
    skills = draw(st.sets(st.integers(1, 3), min_size=1))
    form = draw(st.sampled_from([PRAKTIK, PRAKTIK, SMAAJOB, LOENTILSKUD]))
    return Planned(
        who=draw(st.sampled_from(["Amira", "Nadia"])),
        form=form,
        hours_per_week=draw(st.sampled_from([10, 18.5, 18.7, 37])),
        starts_on=first,
        ends_on=first + timedelta(days=draw(st.sampled_from([0, 13, 27, 28, 60, 90]))),
        opening=Post([Task(skill, f"opgave {skill}") for skill in sorted(skills)]),
        grounds=replace(grounds, is_within_course=grounds.is_within_course and form is PRAKTIK),
    )


@st.composite
def sets_of_plans(draw: st.DrawFn) -> list[Planned]:
    grounds = Grounds(
        act=Act.LAB,
        readiness=draw(st.sampled_from([None, *Readiness])),
        is_within_course=draw(st.booleans()),
    )
    return draw(st.lists(plans(grounds), min_size=2, max_size=3))


def case_of(one: Planned, before: Sequence[Planned], staff: int, reason: str) -> Case:
    """As findings_of_plan makes it: the places held by all, and what she does herself."""
    terms = PlacementTerms(one.form, one.hours_per_week, one.starts_on, one.ends_on, reason, one.grounds)
    hers: Any = [other for other in before if other.who == one.who]
    return Case(
        municipality_id=HERE,
        form=one.form,
        hours_per_week=one.hours_per_week,
        starts_on=one.starts_on,
        ends_on=one.ends_on,
        staff=Decimal(staff),
        staff_stated_on=START,
        held=tuple(
            HeldHours(other.hours_per_week, other.starts_on, other.ends_on)
            for other in before
            if other.form.traits.counts_in_ratio
        ),
        tasks={task.skill_id: task.text for task in one.opening.tasks},
        reason=reason,
        person=person_of(BORN, HERE_EMPLOYER, hers, terms),
        is_plan=True,
    )


def verdict_of(order: Sequence[Planned], staff: int, reason: str) -> dict[str, Verdict]:
    """The worst of each rule while they are planned one after the other."""
    found = [
        finding
        for place, one in enumerate(order)
        for finding in assess(case_of(one, order[:place], staff, reason), book())
        if not finding.is_ok and not finding.is_question
    ]
    rank = list(Verdict).index
    return {
        rule: max((one.verdict for one in found if one.rule == rule), key=rank)
        for rule in {one.rule for one in found}
    }


@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow])
@given(sets_of_plans(), st.sampled_from([4, 10]), st.sampled_from(["", "Konkret vurdering"]))
def test_a_set_is_judged_the_same_whichever_is_planned_last(
    planned: list[Planned], staff: int, reason: str
) -> None:
    said = [verdict_of(order, staff, reason) for order in permutations(planned)]

    assert all(one == said[0] for one in said)


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(sets_of_plans(), st.sampled_from([4, 10]))
def test_one_more_beside_it_never_makes_the_set_milder(planned: list[Planned], staff: int) -> None:
    few, all_of_them = verdict_of(planned[:-1], staff, ""), verdict_of(planned, staff, "")
    rank = list(Verdict).index

    assert all(rank(all_of_them.get(rule, Verdict.OK)) >= rank(verdict) for rule, verdict in few.items())


# --- Through the database --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Wish:
    """What somebody is to be planned to."""

    who: str = "Amira"
    form: PlacementForm = PRAKTIK
    hours: float = 25
    from_day: int = 14
    days: int = 28
    tasks: tuple[str, ...] = ("skære og klargøre grøntsager",)


WARNED, STOPPED, NOTHING = "warning", "stop", ""
DISHES, SALADS = ("opvask",), ("køkkenhygiejne",)
SETS = [
    pytest.param([Wish(), Wish(who="Nadia")], {"R1": STOPPED}, id="R1: two on one place"),
    pytest.param([Wish(), Wish(who="Nadia", from_day=42)], {}, id="R1: one after the other"),
    pytest.param([Wish(hours=18.5), Wish(who="Nadia", hours=18.5)], {}, id="R1: two halves of 37"),
    pytest.param(
        [Wish(hours=18.7), Wish(who="Nadia", hours=18.7)], {"R1": STOPPED}, id="R1: two of 18.7 are above one"
    ),
    pytest.param(
        [Wish(), Wish(form=SMAAJOB, hours=10)], {"R7": WARNED}, id="R7: småjob beside praktik, the same tasks"
    ),
    pytest.param(
        [Wish(), Wish(form=SMAAJOB, hours=10, tasks=SALADS)], {}, id="R7: småjob beside praktik, tasks apart"
    ),
    pytest.param([Wish(), Wish(form=SMAAJOB, hours=10, from_day=42)], {}, id="R7: not at the same time"),
    pytest.param([Wish(days=60), Wish(from_day=74, days=32)], {"R4": STOPPED}, id="R4: 14 weeks in all"),
    pytest.param([Wish(days=60), Wish(from_day=74, days=28)], {}, id="R4: 13 weeks in all"),
]


def plan_in_order(order: Sequence[Wish]) -> dict[str, str]:
    """Rule -> the worst that any of them was kept with, of the rules that speak of others."""
    employer = factories.make_employer(full_time_staff=Decimal(9))
    cards = {name: factories.make_card(factories.make_citizen(name)) for name in {one.who for one in order}}
    rows = [row for one in order for row in planned_rows(one, employer, cards[one.who])]
    worst = {row["rule"]: NOTHING for row in rows if row["rule"] in ("R1", "R4", "R7")}
    for row in rows:
        if row["rule"] in worst and row["verdict"] in (WARNED, STOPPED):
            worst[row["rule"]] = max(worst[row["rule"]], row["verdict"], key=[NOTHING, WARNED, STOPPED].index)
    return worst


def planned_rows(wish: Wish, employer: Employer, card: CompetenceCard) -> list[dict[str, str]]:
    opening = factories.make_opening(employer, form=wish.form, must=wish.tasks)
    review = factories.make_review(
        factories.make_match(opening, card), citizen_answer=Answer.YES, employer_answer=Answer.YES
    )
    starts_on = TODAY + timedelta(days=wish.from_day)
    with transaction():
        placement = services.plan_placement(
            db.session.merge(review),
            form=wish.form,
            hours_per_week=wish.hours,
            starts_on=starts_on,
            ends_on=starts_on + timedelta(days=wish.days - 1),
            stop_reason="Aftalt.",
            grounds=Grounds(act=Act.LAB, readiness=Readiness.OTHER),
            by=factories.user("karin@kommune.example"),
            at=NOW,
        )
        return list(db.session.get_one(Placement, placement.id).findings)


@pytest.mark.parametrize(("wishes", "said"), SETS)
@pytest.mark.parametrize("backwards", [False, True], ids=["one way round", "the other way round"])
def test_it_is_planned_the_same_both_ways_round(
    app: Flask, wishes: list[Wish], said: dict[str, str], backwards: bool
) -> None:
    order = list(reversed(wishes)) if backwards else wishes

    assert plan_in_order(order) == said


def test_the_last_of_three_is_held_against_both(app: Flask) -> None:
    thirds = [replace(Wish(), who=name, hours=12.5) for name in ("Amira", "Nadia", "Samira")]

    assert [plan_in_order(order) for order in permutations(thirds)] == [{"R1": STOPPED}] * 6
