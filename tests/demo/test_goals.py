"""The demo holds every goal of both plans, groups with members, and where they are; some nobody wrote down."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.base.database import db
from portal.base.terms import Measure, PeriodKind
from portal.interventions.target_groups.models import (
    Arrival,
    Membership,
    Spell,
    SpellProposal,
    StepPlacing,
    TargetGroup,
)
from portal.interventions.target_groups.overlaps import SpellDays, contradictions
from portal.interventions.target_groups.queries import covering, standing
from portal.ledger.comparison.benchmarks import of_goal
from portal.ledger.comparison.queries import standing_figures
from portal.ledger.goals import figures
from portal.ledger.goals.figures import figure_of
from portal.ledger.goals.models import FrozenFigure, FrozenLine, FrozenLinePerson, Goal, GoalStep
from portal.ledger.goals.plans import read_plans
from portal.loop.citizens.models import Citizen
from portal.shared.accounts.models import Municipality
from tests.factories import NOW, TODAY
from tests.ledger.goals.test_plans import WAITING
from tests.support.templates import Templates

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def demo(templates: Callable[[str], Templates]) -> Iterator[Flask]:
    with templates("sqlite").app_on_copy("demo") as app:
        yield app


@pytest.fixture(autouse=True)
def inside(demo: Flask) -> Iterator[None]:
    with demo.app_context():
        yield
        db.session.remove()


def everyone(model: type) -> list:
    return list(db.session.scalars(sa.select(model)))


def goals_of(name: str) -> list[Goal]:
    return list(
        db.session.scalars(
            sa.select(Goal)
            .join(Municipality, Municipality.id == Goal.municipality_id)
            .where(Municipality.name == name)
        )
    )


@pytest.mark.parametrize("plan", read_plans(), ids=lambda plan: plan.municipality)
def test_every_goal_of_a_plan_stands_with_its_own_words(plan) -> None:
    there = {
        (goal.measure, goal.aim, goal.last_on, goal.group.name if goal.group else None): goal
        for goal in goals_of(plan.municipality)
    }

    for planned in plan.goals:
        group = plan.group(planned.group).name if planned.group else None
        goal = there[planned.measure, planned.aim, planned.last_on, group]
        assert (goal.sentence, goal.source, goal.target) == (planned.sentence, planned.source, planned.target)


@pytest.mark.parametrize("plan", read_plans(), ids=lambda plan: plan.municipality)
def test_every_number_of_a_plan_has_a_frozen_figure_but_those_that_wait_by_name(plan) -> None:
    asked = {
        (planned.measure, planned.aim, planned.last_on): planned.key not in WAITING for planned in plan.goals
    }
    frozen = {figure.goal_id: figure for figure in everyone(FrozenFigure)}

    for goal in goals_of(plan.municipality):
        if asked.get((goal.measure, goal.aim, goal.last_on)):
            assert frozen[goal.id].lines > 0
            assert frozen[goal.id].frozen_at.date() - goal.last_on == timedelta(days=15)


def test_the_people_of_the_plans_years_are_gone_and_their_figures_tell_of_nobody() -> None:
    begin = date(2023, 1, 1)
    past = sa.select(FrozenFigure.id).join(FrozenFigure.goal).where(Goal.last_on < begin)
    lines = db.session.scalars(sa.select(FrozenLine).where(FrozenLine.figure_id.in_(past))).all()
    linked = sa.select(FrozenLinePerson.line_id).where(
        FrozenLinePerson.line_id.in_([one.id for one in lines])
    )

    assert len(lines) > 1000
    assert db.session.scalars(linked).all() == []
    assert all(citizen.created_at.date() > begin for citizen in everyone(Citizen))
    assert all(spell.from_on > begin for spell in everyone(Spell))
    assert sum(line.is_known for line in lines) < len(lines)


def test_a_quarter_of_the_plans_years_says_the_same_without_its_people() -> None:
    """What they were is left as sums: counted anew, the goal's own day gives the frozen figure."""
    for name in ("Halsnæs", "Fredensborg"):
        here = db.session.scalars(sa.select(Municipality).where(Municipality.name == name)).one()
        past = [goal for goal in goals_of(name) if goal.last_on < date(2023, 1, 1) and goal.group is not None]
        kept = figures.figures_of(here, past, TODAY)
        anew = figures.figures_of(here, past, TODAY, known_at=NOW)

        assert past
        standing_ones = [
            (one.value, other.value)
            for one, other in zip(kept, anew, strict=True)
            if (one.goal.last_on + timedelta(days=1)).day == 1 and one.spec.counted.is_standing
        ]
        assert standing_ones
        assert all(one == other for one, other in standing_ones)


def test_this_years_goals_are_taken_over_from_the_plan_with_its_sentence() -> None:
    this_year = [goal for goal in everyone(Goal) if goal.last_on == date(TODAY.year, 12, 31)]
    copied = [goal for goal in this_year if goal.changes[0].step is GoalStep.COPIED]
    sentences = {goal.sentence for plan in read_plans() for goal in plan.goals}

    assert len(copied) >= 15
    assert {goal.sentence for goal in copied} <= sentences
    assert {goal.period for goal in this_year} <= {PeriodKind.DAY, PeriodKind.YEAR}


def test_each_group_has_members_and_of_some_nobody_wrote_anything() -> None:
    today = db.session.scalars(
        sa.select(Membership).where(standing(Membership), covering(Membership, TODAY))
    ).all()
    spells = db.session.scalars(sa.select(Spell.citizen_id).where(standing(Spell), covering(Spell, TODAY)))
    known = set(spells)
    by_group: dict[tuple[str, str], Counter[bool]] = defaultdict(Counter)
    for member in today:
        by_group[member.group.municipality.name, member.group.name][member.citizen_id in known] += 1

    assert set(by_group) == {(plan.municipality, one.name) for plan in read_plans() for one in plan.groups}
    home = by_group["Halsnæs", "Målgruppe 1"]
    assert home[True] > home[False] >= 3
    assert len(everyone(TargetGroup)) == len(by_group)


def test_nothing_that_was_written_of_somebody_contradicts_itself() -> None:
    by_citizen: dict[int, list[SpellDays]] = defaultdict(list)
    for spell in db.session.scalars(sa.select(Spell).where(standing(Spell))):
        days = SpellDays(spell.kind, spell.from_on, spell.until_on)
        assert contradictions(days, by_citizen[spell.citizen_id]) == []
        by_citizen[spell.citizen_id].append(days)

    assert len({days.kind for one in by_citizen.values() for days in one}) >= 6


def test_what_was_written_is_dated_after_what_it_tells_and_not_ahead() -> None:
    spells = everyone(Spell)
    begun = {
        one.placement_id: one.from_on for one in sorted(spells, key=lambda one: one.from_on, reverse=True)
    }
    for spell in spells:
        # what comes after a pause is written when the pause is agreed on
        first_on = begun[spell.placement_id] if spell.placement_id is not None else spell.from_on
        assert spell.recorded_at.date() >= min(first_on, TODAY)
        assert spell.recorded_at.date() <= TODAY
    for citizen_id, created_at in db.session.execute(sa.select(Citizen.id, Citizen.created_at)):
        for table in (Membership, StepPlacing, Arrival):
            rows = db.session.scalars(sa.select(table).where(table.citizen_id == citizen_id))
            assert all(row.recorded_at >= created_at for row in rows)


def test_a_job_that_came_of_a_placement_waits_to_be_confirmed() -> None:
    proposals = everyone(SpellProposal)

    assert [one for one in proposals if one.decided_at is None]
    assert [one for one in proposals if one.spell_id is not None]


def test_fredensborg_stands_beside_those_like_it_and_beside_halsnaes() -> None:
    """The plan's 29 percent with Odder's 32 and Frederikssund's 34, and a figure for the goals of 2008."""
    here = db.session.scalars(sa.select(Municipality).where(Municipality.name == "Fredensborg")).one()
    told = {
        (one.place, one.first_on): one.value for one in standing_figures(here.id, [Measure.PUBLIC_SUPPORT])
    }
    autumn = date(2006, 10, 1)

    assert [told[place, autumn] for place in ("", "Odder", "Frederikssund")] == [29, 32, 34]
    aims = [goal for goal in goals_of("Fredensborg") if goal.measure is Measure.PUBLIC_SUPPORT]
    assert len(aims) == 2
    for goal in aims:
        drawn = of_goal(here, figure_of(here, goal, TODAY), TODAY)
        assert [row.place for row in drawn.rows] == ["Fredensborg", "Frederikssund", "Odder", "Halsnæs"]
        assert drawn.rows[0].value == Decimal("25.1")
