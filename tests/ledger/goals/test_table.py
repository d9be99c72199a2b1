"""The table of goals: a year before, the way the figure came, which goals stand there, and in how few statements."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from flask import Flask

from portal.base.database import db, transaction
from portal.base.terms import Measure, PeriodKind
from portal.ledger.goals import overview, queries, services, table
from portal.ledger.goals.models import FrozenFigure, Goal
from portal.ledger.goals.overview import GoalTime, plan_of, time_of
from portal.ledger.goals.table import GoalRow
from portal.shared.accounts.models import User
from tests.client import PortalClient, counted_statements
from tests.factories import (
    NOW,
    TODAY,
    make_card,
    make_citizen,
    make_employer,
    make_opening,
    make_partnership,
    municipality,
)
from tests.support.goals import set_goal

ClientFor = Callable[[User | None], PortalClient]


def row_of(goal: Goal, asked: date = TODAY) -> GoalRow:
    among = queries.goals_of(goal.municipality_id)
    [row] = table.rows_of(municipality(), [goal], asked, TODAY, among=among)
    return row


def freeze(goal: Goal, amount: int) -> FrozenFigure:
    """A figure that stands frozen, whatever the records say."""
    with transaction():
        kept = FrozenFigure(
            goal_id=goal.id,
            municipality_id=goal.municipality_id,
            on=goal.last_on,
            lines=amount,
            amount=amount,
            known=amount,
            unknown_out_of=0,
            rule="Et kort tæller i det år, det blev lavet.",
            frozen_at=datetime(goal.year + 1, 1, 15, tzinfo=UTC),
        )
        db.session.add(kept)
    return kept


def card_on(*days: date) -> None:
    for day in days:
        make_card(make_citizen(), created_at=datetime(day.year, day.month, day.day, 12, tzinfo=UTC))


def test_the_year_before_is_counted_where_nobody_set_a_goal_for_it(app: Flask) -> None:
    card_on(date(2025, 2, 3), date(2025, 12, 31), date(2026, 1, 1))

    before = row_of(set_goal(Measure.CARDS)).last_year

    assert before is not None
    assert (before.on, before.value, before.is_frozen, before.is_part) == (
        date(2025, 12, 31),
        2,
        False,
        False,
    )


def test_the_year_before_is_its_frozen_figure_once_there_is_one(app: Flask) -> None:
    card_on(date(2025, 2, 3))
    freeze(set_goal(Measure.CARDS, 2025), 17)

    before = row_of(set_goal(Measure.CARDS)).last_year

    assert before is not None
    assert (before.value, before.is_frozen) == (17, True)


@pytest.mark.parametrize(
    "said", [{"group_id": None, "year": 2024}, {"first_on": date(2025, 7, 1), "year": 2025}]
)
def test_another_question_says_nothing_of_the_year_before(app: Flask, said: dict[str, object]) -> None:
    freeze(set_goal(Measure.CARDS, **said), 17)  # type: ignore[arg-type]

    before = row_of(set_goal(Measure.CARDS)).last_year

    assert before is not None
    assert before.value == 0


def test_before_the_records_there_is_no_year_before(app: Flask) -> None:
    assert row_of(set_goal(Measure.CARDS, 2023)).last_year is None


def test_a_year_that_the_records_begin_in_is_said_to_be_part_of_one(app: Flask) -> None:
    before = row_of(set_goal(Measure.CARDS, 2024)).last_year

    assert before is not None
    assert before.is_part


def test_of_a_project_it_is_how_it_stood_a_year_ago(app: Flask) -> None:
    card_on(date(2025, 3, 1), date(2025, 9, 30), date(2025, 10, 1))
    project = {"period": PeriodKind.PROJECT, "first_on": date(2025, 1, 1), "last_on": date(2027, 12, 31)}

    before = row_of(set_goal(Measure.CARDS, **project)).last_year

    assert before is not None
    assert (before.on, before.value) == (date(2025, 9, 30), 2)  # of people the quarter that had ended


def test_what_looks_at_one_day_looks_at_the_same_day_a_year_before(app: Flask) -> None:
    make_opening(employer := make_employer(), published_at=datetime(2025, 6, 1, tzinfo=UTC))
    make_partnership(employer, signed_on=date(2025, 3, 1), ends_on=date(2025, 12, 31))

    row = row_of(set_goal(Measure.PARTNERSHIPS))

    assert row.last_year is not None
    assert (row.figure.value, row.last_year.on, row.last_year.value) == (0, date(2025, 12, 31), 1)


def test_the_way_there_is_the_quarters_and_today(app: Flask) -> None:
    card_on(date(2026, 2, 1), date(2026, 5, 1), date(2026, 6, 30), date(2026, 11, 1))

    way = row_of(set_goal(Measure.CARDS)).development

    assert [(point.on, point.value) for point in way] == [
        (date(2026, 3, 31), 1),
        (date(2026, 6, 30), 3),
        (date(2026, 9, 30), 3),
        (TODAY, 4),
    ]


def test_the_way_there_is_the_years_once_two_are_frozen(app: Flask) -> None:
    for year, amount in ((2024, 11), (2025, 17)):
        freeze(set_goal(Measure.CARDS, year), amount)

    way = row_of(set_goal(Measure.CARDS)).development

    assert [(point.on.year, point.value) for point in way] == [(2024, 11), (2025, 17), (2026, 0)]


def test_the_page_of_a_frozen_goal_tells_its_quarters_as_they_were_known_then(app: Flask) -> None:
    goal = set_goal(Measure.CARDS, 2025)
    card_on(date(2025, 5, 3))
    freeze(goal, 1)

    page = table.opened(municipality(), goal, TODAY, TODAY, among=queries.goals_of(goal.municipality_id))

    assert [point.value for point in page.quarters] == [Decimal(number) for number in (0, 1, 1, 1)]
    assert [figure.goal.id for figure in page.years] == [goal.id]


def test_a_past_day_may_be_asked_about(app: Flask) -> None:
    card_on(date(2026, 2, 1), date(2026, 5, 1), date(2026, 8, 1))

    figure = row_of(set_goal(Measure.CARDS), date(2026, 8, 15)).figure

    assert (figure.on, figure.value) == (date(2026, 6, 30), 2)


@pytest.mark.parametrize(
    ("year", "time"), [(2025, GoalTime.OVER), (2026, GoalTime.NOW), (2027, GoalTime.AHEAD)]
)
def test_goals_are_told_apart_by_their_time(app: Flask, year: int, time: GoalTime) -> None:
    assert time_of(set_goal(Measure.CARDS, year), TODAY) is time


def test_an_ended_goal_is_over(app: Flask, mette: User) -> None:
    goal = set_goal(Measure.CARDS)
    with transaction():
        services.end_goal(goal, because="Planen er ny", on=TODAY, by=mette, at=NOW)

    assert time_of(goal, TODAY) is GoalTime.OVER


def test_the_plan_is_what_a_source_names_first(app: Flask) -> None:
    goal = set_goal(Measure.CARDS, source="Beskæftigelsesplan 2026, afsnit 3, side 4")

    assert plan_of(goal) == "Beskæftigelsesplan 2026"
    assert overview.Choices([goal], TODAY).plans == [("Beskæftigelsesplan 2026", "Beskæftigelsesplan 2026")]


def test_any_number_of_goals_is_one_statement_more_or_less(
    app: Flask, client_for: ClientFor, mette: User
) -> None:
    make_opening(employer := make_employer())
    make_partnership(employer)
    client = client_for(mette)
    counts = []
    for years in ((2026,), (2022, 2023, 2024, 2025)):
        for measure in (Measure.PARTNERSHIPS, Measure.CARDS, Measure.HIRED, Measure.MENTOR_COURSES):
            for year in years:
                set_goal(measure, year)
        client.get("/goals/?time=all")
        with counted_statements(client.app) as statements:
            client.get("/goals/?time=all")
        counts.append(len(statements))

    assert max(counts) <= 20
    assert counts[0] == counts[1]


def test_a_goal_set_before_its_rule_grew_is_still_counted(app: Flask) -> None:
    goal = set_goal(Measure.HIRED)
    with transaction():
        goal.terms = {}

    assert row_of(goal).figure.value == 0
    assert dict(goal.rule_terms)
