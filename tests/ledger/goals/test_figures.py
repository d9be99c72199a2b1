"""Targets beside counted figures: which day, which year, and when there is no data."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from portal.base.database import db, transaction
from portal.base.terms import GoalUnit, Measure
from portal.ledger.goals import figures, queries, services
from portal.ledger.goals.figures import NoData
from portal.ledger.goals.models import Goal
from portal.loop.placements.models import Outcome, PlacementStatus
from portal.shared.accounts.models import User
from tests.client import counted_statements
from tests.factories import (
    NOW,
    TODAY,
    make_card,
    make_citizen,
    make_employer,
    make_opening,
    make_partnership,
    make_placement,
    municipality,
)


def set_goal(measure: Measure, year: int, target: int = 5, *, place: str = "Halsnæs") -> Goal:
    details = services.GoalDetails(measure, year, target, "Et mål", "En plan")
    with transaction():
        return services.set_goal(municipality(place).id, details, by=None, at=NOW)


def value_of(goal: Goal) -> int | None:
    return figures.figure_of(municipality(), goal, TODAY).value


def test_the_current_year_counts_today(app: Flask) -> None:
    goal = set_goal(Measure.PARTNERSHIPS, 2026)
    employer = make_employer()
    make_opening(employer)
    make_partnership(employer)

    figure = figures.figure_of(municipality(), goal, TODAY)

    assert (figure.value, figure.on) == (1, TODAY)


def test_a_past_year_counts_at_its_last_day(app: Flask) -> None:
    goal = set_goal(Measure.PARTNERSHIPS, 2024)
    employer = make_employer()
    make_opening(employer, published_at=datetime(2024, 6, 1, tzinfo=UTC))
    make_partnership(employer, signed_on=date(2024, 12, 31), ends_on=date(2025, 1, 1))

    figure = figures.figure_of(municipality(), goal, TODAY)

    assert (figure.value, figure.on) == (1, date(2024, 12, 31))


@pytest.mark.parametrize(
    ("measure", "year", "why"),
    [
        (Measure.PARTNERSHIPS, 2019, NoData.BEFORE),
        (Measure.CARDS, 2022, NoData.BEFORE),
        (Measure.WOMEN_IN_WORK, 2026, NoData.NOT_HELD),
        (Measure.MENTOR_COURSES, 2026, NoData.NOT_HELD),
        (Measure.PARTNERSHIPS, 2027, NoData.AHEAD),
    ],
)
def test_without_records_there_is_no_figure(app: Flask, measure: Measure, year: int, why: NoData) -> None:
    figure = figures.figure_of(municipality(), set_goal(measure, year), TODAY)

    assert (figure.value, figure.why_none, figure.opens) == (None, why, False)


def test_a_held_year_without_records_is_a_real_zero(app: Flask) -> None:
    assert value_of(set_goal(Measure.HIRED, 2026)) == 0


def test_the_year_the_records_begin_says_that_it_is_part_of_a_year(app: Flask) -> None:
    figure = figures.figure_of(municipality(), set_goal(Measure.CARDS, 2023), TODAY)

    assert (figure.value, figure.part_of_year) == (0, True)


@pytest.mark.parametrize(
    ("created_at", "counted"),
    [
        (datetime(2025, 12, 31, 22, 59, tzinfo=UTC), False),  # 23.59 on New Year's Eve in Denmark
        (datetime(2025, 12, 31, 23, 0, tzinfo=UTC), True),  # midnight
        (NOW, True),
    ],
)
def test_cards_count_in_the_danish_year_they_were_made(
    app: Flask, created_at: datetime, counted: bool
) -> None:
    goal = set_goal(Measure.CARDS, 2026)
    make_card(created_at=created_at)
    make_card(make_citizen(in_municipality="Fredensborg"))

    assert value_of(goal) == int(counted)


def test_hired_counts_placements_that_ended_in_a_job_this_year(app: Flask) -> None:
    goal = set_goal(Measure.HIRED, 2026)
    ended = {"status": PlacementStatus.ENDED, "starts_on": TODAY - timedelta(days=40), "ended_on": TODAY}
    make_placement(**ended, outcome=Outcome.HIRED)
    make_placement(**ended, outcome=Outcome.COMPLETED)
    make_placement(**{**ended, "ended_on": date(2025, 12, 31)}, outcome=Outcome.HIRED)

    assert value_of(goal) == 1


def test_a_year_has_one_goal_per_measure(app: Flask) -> None:
    set_goal(Measure.CARDS, 2026)

    with pytest.raises(services.GoalExists):
        set_goal(Measure.CARDS, 2026)


def test_a_percentage_is_at_most_the_whole(app: Flask) -> None:
    with pytest.raises(services.MoreThanAll):
        set_goal(Measure.WOMEN_IN_WORK, 2026, 101)


def test_the_plans_goals_are_loaded_once_word_for_word(app: Flask) -> None:
    for _time in range(2):
        with transaction():
            loaded = [
                services.load_plan_goals(municipality(name), at=NOW) for name in ("Halsnæs", "Fredensborg")
            ]

    assert loaded == [0, 0]
    here = queries.goals_of(municipality().id)
    assert [
        (goal.measure, goal.year, goal.target) for goal in here if goal.measure is Measure.PARTNERSHIPS
    ] == [
        (Measure.PARTNERSHIPS, 2019, 3),
        (Measure.PARTNERSHIPS, 2020, 5),
        (Measure.PARTNERSHIPS, 2021, 5),
    ]
    assert {goal.measure: goal.target for goal in here if goal.unit is GoalUnit.PERCENT} == {
        Measure.WOMEN_IN_WORK: 45,
        Measure.MEN_IN_WORK: 60,
    }
    assert [goal.target for goal in queries.goals_of(municipality("Fredensborg").id)] == [25, 25, 25]


def test_any_number_of_goals_takes_a_handful_of_statements(app: Flask) -> None:
    for measure in Measure:
        for year in range(2019, 2028):
            set_goal(measure, year)
    employer = make_employer()
    make_opening(employer)
    make_partnership(employer)
    here, goals = municipality(), queries.goals_of(municipality().id)
    db.session.refresh(here)

    with counted_statements(app) as statements:
        blocks = figures.blocks(here, goals, TODAY)

    assert [block.measure for block in blocks] == list(Measure)
    assert len(statements) <= 8


def test_the_figure_is_the_length_of_its_list(app: Flask, karin: User) -> None:
    goal = set_goal(Measure.CARDS, 2026)
    for _number in range(3):
        make_card(created_at=NOW)

    figure = figures.figure_of(municipality(), goal, TODAY)

    assert figure.evidence is not None
    assert figure.value == len(db.session.scalars(figure.evidence.records).all()) == 3


def test_next_years_goal_does_not_hide_this_years(app: Flask) -> None:
    goals = [set_goal(Measure.CARDS, year) for year in (2025, 2026, 2027)]

    [block] = figures.blocks(municipality(), goals, TODAY)

    assert block.now.goal.year == 2026
