"""Every measure that rooms declare: its figure is the sum of the list its page opens, and many cost what few do."""

import csv
import io
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask

from portal.application import ROOMS
from portal.base.clock import danish_midnight
from portal.base.database import db
from portal.base.terms import Measure, SpellKind
from portal.interventions.target_groups.models import TargetGroup
from portal.ledger.goals import figures, queries
from portal.ledger.goals.models import Goal
from portal.loop.assessments.models import AssessmentLine
from portal.loop.placements.models import Outcome, PlacementStatus
from portal.shared.accounts.models import User
from portal.web.measures import GroupUse, MeasureSpec
from portal.web.rooms import Rooms
from tests.client import PortalClient, counted_statements
from tests.factories import (
    NOW,
    TODAY,
    make_card,
    make_citizen,
    make_employer,
    make_opening,
    make_partnership,
    make_placement,
    make_sheet,
    municipality,
)
from tests.support.efforts import take_part
from tests.support.goals import set_goal
from tests.support.groups import make_group, make_ladder, make_member, make_spell, place

ClientFor = Callable[[User | None], PortalClient]
COUNTED = [spec for spec in Rooms(ROOMS).measures if spec.counted and not spec.counted.is_from_outside]
OF_THE_YEAR = [
    spec
    for spec in COUNTED
    if spec.measure not in (Measure.ANSWERS_TO_EMPLOYERS, Measure.ANSWERS_TO_CITIZENS)
]
"""Those that have something to count in the year below; answers have their own tables (tests/workspaces/answers)."""
OF_A_GROUP = [spec for spec in COUNTED if spec.counted and spec.counted.group is GroupUse.MUST]
SPRING, SUMMER = date(2026, 3, 1), date(2026, 8, 1)


@pytest.fixture
def group(app: Flask) -> TargetGroup:
    """A year with something of everything.

    People in each kind of spell, one who moves up, one of whom nothing is known, placements that begin and end, a sheet
    that is closed, employers that count, and one that was recommended.
    """
    group, ladder = make_group(), make_ladder()
    for kind in SpellKind:
        member = make_member(group)
        make_spell(
            member, kind, SPRING, SUMMER if kind is SpellKind.SELF_SUPPORTING else None, hours_per_week=20
        )
        place(member, ladder[1], SPRING)
    place(member, ladder[2], SUMMER)
    busy = make_member(group)
    make_spell(busy, SpellKind.PUBLICLY_SUPPORTED, SPRING)
    make_spell(busy, SpellKind.ACTIVITY, SPRING, SUMMER)
    make_spell(busy, SpellKind.ACTIVITY, SUMMER)
    make_member(group)
    take_part(busy, SPRING, recorded_at=danish_midnight(SPRING))
    _placements(group)
    make_card(make_citizen(in_municipality="Fredensborg"), created_at=NOW)
    for name in ("Bos Køkken", "Dortes Rengøring"):
        make_opening(employer := make_employer(name))
        make_partnership(employer)
    recommended = make_employer("Den anbefalede", referred_by_id=employer.id)
    make_opening(recommended, published_at=danish_midnight(SPRING))
    return group


def _placements(group: TargetGroup) -> None:
    hired = make_placement(
        status=PlacementStatus.ENDED,
        starts_on=SPRING,
        started_at=danish_midnight(SPRING),
        ended_on=TODAY - timedelta(days=9),
        outcome=Outcome.HIRED,
    )
    seen = [AssessmentLine(task_text="Opvask", employer_level=2)]
    make_sheet(hired, lines=seen, closed_at=NOW, assessed_on=SUMMER)
    make_member(group, citizen=hired.card.citizen)
    make_placement(status=PlacementStatus.RUNNING, starts_on=SUMMER, started_at=danish_midnight(SUMMER))


def goal_on(spec: MeasureSpec, group: TargetGroup | None, year: int = 2026) -> Goal:
    return set_goal(spec.measure, year, group_id=group.id if group else None)


@pytest.mark.parametrize("spec", OF_THE_YEAR, ids=lambda spec: spec.measure.value)
def test_every_figure_is_the_sum_of_the_list_its_page_opens(
    group: TargetGroup, client_for: ClientFor, karin: User, spec: MeasureSpec
) -> None:
    of_all = spec not in OF_A_GROUP
    goal = goal_on(spec, None if of_all else group)
    tally = figures.figure_of(municipality(), goal, TODAY).tally

    answer = client_for(karin).get(f"/goals/{goal.id}?format=csv")

    assert tally is not None
    assert tally.amount
    listed = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff")), delimiter=";"))
    assert len(listed) == tally.lines
    assert sum(int(row["Tæller"]) for row in listed) == tally.amount
    assert sum(int(row["Ud af"] or 0) for row in listed) == (tally.out_of or 0)


@pytest.mark.parametrize("spec", COUNTED, ids=lambda spec: spec.measure.value)
def test_a_figure_of_a_day_without_records_is_nothing_and_not_an_error(app: Flask, spec: MeasureSpec) -> None:
    goal = goal_on(spec, make_group() if spec in OF_A_GROUP else None)

    figure = figures.figure_of(municipality(), goal, TODAY)

    assert figure.tally is None or figure.tally.amount == 0


def test_many_goals_take_no_more_statements_than_one_of_each(group: TargetGroup, app: Flask) -> None:
    """One of each measure for four years, and again for another group."""
    other = make_group("Målgruppe 2")
    for spec in COUNTED:
        use = spec.counted.group if spec.counted else GroupUse.NEVER
        groups = {GroupUse.NEVER: [None], GroupUse.MAY: [None, group], GroupUse.MUST: [group, other]}[use]
        for one in groups:
            for year in range(2023, 2027):
                goal_on(spec, one, year)
    here, goals = municipality(), queries.goals_of(municipality().id)
    db.session.refresh(here)

    of_this_year = {goal.measure: goal for goal in goals}

    with counted_statements(app) as many:
        figures.figures_of(here, goals, TODAY)
    with counted_statements(app) as few:
        figures.figures_of(here, list(of_this_year.values()), TODAY)

    assert len(goals) > 100
    assert len(many) <= len(few) + 1 <= 12


@pytest.mark.parametrize("spec", OF_THE_YEAR, ids=lambda spec: spec.measure.value)
def test_a_rule_says_its_numbers_and_choices(app: Flask, spec: MeasureSpec) -> None:
    """Nothing stays of the places where they stand."""
    assert spec.counted is not None

    said = spec.counted.rule_for(())

    assert "%(" not in said
    for term in spec.counted.terms:
        assert term.in_words(None) in said
        assert f"%({term.key})s" in str(spec.counted.rule)
        changed = term.choices[-1][0] if term.choices else 15
        assert spec.counted.rule_for(((term.key, changed),)) != said


def test_what_is_counted_of_people_says_what_must_be_written_down() -> None:
    assert all(str(spec.needs).strip() for spec in Rooms(ROOMS).measures)
    assert {spec.measure for spec in Rooms(ROOMS).measures} == set(Measure)
