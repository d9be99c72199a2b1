"""The plans' goals are their own sentences, each with a measure, and become a municipality's goals once."""

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.base.database import db, transaction
from portal.base.terms import GoalAim, GoalUnit, Measure, SpellKind
from portal.interventions.target_groups import services as groups
from portal.interventions.target_groups import situations
from portal.interventions.target_groups.models import TargetGroup
from portal.interventions.target_groups.names import check_neutral
from portal.ledger.goals import plans, queries, services
from portal.ledger.goals.freezing import freeze_due
from portal.ledger.goals.measures import spec_of
from portal.ledger.goals.models import Goal
from portal.ledger.goals.plans import PlannedGoal, load_plan, plan_of, read_plans
from portal.shared.accounts.models import User
from portal.web.measures import GroupUse
from tests.factories import NOW, make_citizen, municipality
from tools import goals as document

QUOTES = Path(__file__).parent / "quotes.txt"

PROMISED = {
    "partnerships-2019": (GoalAim.AT_LEAST, 3),
    "partnerships-2020": (GoalAim.AT_LEAST, 5),
    "partnerships-2021": (GoalAim.AT_LEAST, 5),
    "first-in-work-2021": (GoalAim.AT_LEAST, 45),
    "second-in-work-2021": (GoalAim.AT_LEAST, 60),
    "special-courses": (GoalAim.AT_LEAST, 10),
    "young-known-2019": (GoalAim.AT_LEAST, 100),
    "campaign-2020": (GoalAim.AT_LEAST, 1),
    "young-leisure-jobs-2021": (GoalAim.AT_LEAST, 1),
    "new-chance-share": (GoalAim.AT_LEAST, 40),
    "new-chance-number": (GoalAim.AT_LEAST, 73),
    "new-chance-self-support": (GoalAim.AT_LEAST, 25),
    "new-chance-activity": (GoalAim.AT_LEAST, 40),
    "public-support": (GoalAim.AT_MOST, 22),
    "public-support-fall": (GoalAim.FALL, 5),
    "job-packages": (GoalAim.AT_LEAST, 25),
    "cards": (GoalAim.AT_LEAST, 25),
    "mentor-courses": (GoalAim.AT_LEAST, 25),
    "kokkedal-number": (GoalAim.RISE, 25),
    "kokkedal-self-support": (GoalAim.AT_LEAST, 15),
    "kokkedal-activity": (GoalAim.AT_LEAST, 40),
    "answers-to-employers": (GoalAim.AT_LEAST, 100),
    "answers-to-citizens": (GoalAim.AT_LEAST, 100),
    "second-share": (GoalAim.AT_LEAST, 40),
    "second-rest": (GoalAim.AT_LEAST, 100),
    "young-share": (GoalAim.AT_LEAST, 50),
    "young-rest": (GoalAim.AT_LEAST, 100),
    "third-in-work": (GoalAim.AT_LEAST, 15),
    "third-moves-up": (GoalAim.AT_LEAST, 85),
}
"""What the two plans promise, read by hand."""

WAITING = {
    "special-courses",
    "young-known-2019",
    "campaign-2020",
    "young-leisure-jobs-2021",
    "job-packages",
    "mentor-courses",
}
"""Goals of which no room holds records yet."""

TELLS = re.compile(
    r"kvind|mænd|mand|pige|dreng|etnisk|vestlig|flygtning|kontant|starthjælp|ydelse|syg|helbred|krimi|misbrug",
    re.I,
)
"""What a group's name may not say of everybody in it."""

ALL_GOALS = [goal for plan in read_plans() for goal in plan.goals]


def test_every_sentence_is_the_plans_own_word_for_word() -> None:
    """The quotes were read against the two documents; a sentence changed by one letter is none of them."""
    quotes = QUOTES.read_text(encoding="utf-8").splitlines()

    written = [one.sentence for plan in read_plans() for one in (*plan.groups, *plan.goals, *plan.sentences)]

    assert set(written) == set(quotes)


def test_every_number_of_the_plans_is_a_goal() -> None:
    assert {goal.key: (goal.aim, goal.target) for goal in ALL_GOALS} == PROMISED


@pytest.mark.parametrize("goal", ALL_GOALS, ids=lambda goal: goal.key)
def test_a_goal_can_be_set_as_it_is_written(app: Flask, goal: PlannedGoal) -> None:
    spec = spec_of(goal.measure)

    assert goal.first_on <= goal.last_on
    assert len(goal.sentence) <= 500
    assert len(goal.source) <= 200
    assert spec.unit is GoalUnit.COUNT or goal.target <= 100
    if spec.counted is None:
        assert goal.key in WAITING
        assert str(spec.needs)
        return
    assert goal.period in spec.counted.periods or spec.counted.is_standing
    assert (goal.group is not None) >= (spec.counted.group is GroupUse.MUST)
    assert set(goal.terms) <= {term.key for term in spec.counted.terms}


def test_a_plan_without_a_measure_for_a_sentence_says_why() -> None:
    for plan in read_plans():
        assert all(one.why for one in plan.sentences)


def test_the_names_of_groups_tell_nothing_of_those_in_them(app: Flask) -> None:
    for plan in read_plans():
        for group in plan.groups:
            check_neutral(group.name)
            assert not TELLS.search(group.name)


def load(name: str = "Fredensborg") -> plans.LoadedPlan:
    with transaction():
        return load_plan(municipality(name), at=NOW)


def goals_here(name: str = "Fredensborg") -> list[Goal]:
    return queries.goals_of(municipality(name).id)


@pytest.mark.parametrize("name", ["Halsnæs", "Fredensborg"])
def test_a_plan_becomes_groups_and_goals_once(app: Flask, name: str) -> None:
    plan = plan_of(name)
    assert plan is not None

    first, second = load(name), load(name)

    assert second.new_goals == ()
    assert first.without_baseline == second.without_baseline
    here = goals_here(name)
    waiting = {goal.key for goal in first.without_baseline}
    assert sorted((goal.sentence, goal.target) for goal in here) == sorted(
        (goal.sentence, goal.target) for goal in plan.goals if goal.key not in waiting
    )
    assert {goal.source for goal in here} == {goal.source for goal in plan.goals if goal.key not in waiting}
    made = db.session.scalars(sa.select(TargetGroup)).all()
    assert {(group.name, group.sentence) for group in made} == {
        (one.name, one.sentence) for one in plan.groups
    }
    assert {key: group.id for key, group in first.groups.items()} == {
        key: group.id for key, group in second.groups.items()
    }


def test_a_goal_is_about_the_group_its_sentence_speaks_of(app: Flask) -> None:
    loaded = load("Halsnæs")

    in_work = {
        goal.target: goal.group_id for goal in goals_here("Halsnæs") if goal.measure is Measure.IN_WORK
    }
    assert in_work == {45: loaded.groups["first"].id, 60: loaded.groups["second"].id}


def test_a_municipality_without_a_plan_gets_nothing(app: Flask) -> None:
    here = municipality("Fredensborg")
    with transaction():
        here.name = "Gribskov"
        loaded = load_plan(here, at=NOW)

    assert loaded.groups == {}
    assert queries.goals_of(here.id) == []


def test_what_the_municipality_changed_stays(app: Flask, lene: User) -> None:
    loaded = load()
    goal = next(one for one in goals_here() if one.measure is Measure.CARDS)
    ended = next(one for one in goals_here() if one.measure is Measure.IN_WORK)
    with transaction():
        details = replace(services.details_of(goal), target=30, sentence="Mindst 30 kort.")
        services.correct_goal(goal, details, note="Besluttet i udvalget", by=lene, at=NOW)
        services.end_goal(ended, because="Afløst", on=NOW.date(), by=lene, at=NOW)
        groups.edit_group(
            loaded.groups["third"],
            groups.GroupDetails("Hold 3", loaded.groups["third"].sentence),
            by=lene,
            at=NOW,
        )

    again = load()

    assert again.new_goals == ()
    assert again.groups["third"].name == "Hold 3"
    assert goal.target == 30


def test_a_change_is_counted_from_the_first_day_where_the_plan_says_no_baseline(
    app: Flask, lene: User
) -> None:
    loaded = load()
    assert [goal.key for goal in loaded.without_baseline] == ["kokkedal-number"]
    first_on = loaded.without_baseline[0].first_on
    people = [make_citizen(in_municipality="Fredensborg") for _number in range(5)]
    with transaction():
        municipality("Fredensborg").records_since_on = date(2006, 1, 1)
        for number, citizen in enumerate(people):
            member = situations.MembershipDetails(first_on - timedelta(days=9))
            situations.add_member(loaded.groups["kokkedal"], citizen, member, by=lene, at=NOW)
            kind = SpellKind.EDUCATION if number else SpellKind.PUBLICLY_SUPPORTED
            spell = situations.SpellDetails(kind, first_on - timedelta(days=9), first_on + timedelta(days=90))
            situations.add_spell(citizen.id, spell, by=lene, at=NOW)

    again = load()

    assert again.without_baseline == ()
    assert [(goal.aim, goal.baseline, goal.target) for goal in again.new_goals] == [(GoalAim.RISE, 4, 25)]


def test_the_command_loads_a_plan_and_says_what_waits(app: Flask) -> None:
    def run(name: str) -> tuple[int, str]:
        done = app.test_cli_runner().invoke(args=["load-plan", name])
        return done.exit_code, done.output

    first, again, unknown = run("Fredensborg"), run("Fredensborg"), run("Gribskov")

    assert first[0] == again[0] == 0
    assert first[1].startswith("19 nye mål.")
    assert "Antallet af personer i job" in first[1]
    assert again[1].startswith("0 nye mål.")
    assert unknown[0] == 1
    assert "Halsnæs, Fredensborg" in unknown[1]


def test_the_document_is_what_plans_and_measures_say(app: Flask) -> None:
    """Run `python -m tools.goals` after a change."""
    assert document.FILE.read_text(encoding="utf-8") == document.written(read_plans())


@pytest.mark.parametrize("name", ["Halsnæs", "Fredensborg"])
def test_the_chore_passes_over_goals_of_a_time_before_the_records(app: Flask, name: str) -> None:
    """The years of the plans are long over, and the rule of the counting day reaches back to them."""
    load(name)

    with transaction():
        assert freeze_due(NOW) == 0
