"""Targets beside counted figures: which day, which time, when there is no data, and when a target is reached."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from flask import Flask

from portal.base.database import db, transaction
from portal.base.terms import GoalAim, GoalUnit, Measure
from portal.ledger.goals import figures, queries, services
from portal.ledger.goals.figures import Figure, GoalStanding, NoData
from portal.ledger.goals.models import Goal, GoalStep
from portal.ledger.goals.tally import Tally, lists_of
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
from tests.support.goals import details, set_goal


def value_of(goal: Goal) -> Decimal | None:
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
        (Measure.YOUNG_IN_LEISURE_JOB, 2026, NoData.NOT_WRITTEN),
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

    assert (figure.value, figure.part_of_period) == (0, True)


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


def test_a_time_has_one_goal_per_question(app: Flask) -> None:
    set_goal(Measure.CARDS, 2026)

    with pytest.raises(services.GoalExists):
        set_goal(Measure.CARDS, 2026)


def test_a_goal_that_has_ended_makes_room_for_another(app: Flask, mette: User) -> None:
    goal = set_goal(Measure.CARDS, 2026)
    with transaction():
        services.end_goal(goal, because="Planen er ny", on=TODAY, by=mette, at=NOW)

    assert set_goal(Measure.CARDS, 2026).id != goal.id
    with pytest.raises(services.GoalHasEnded), transaction():
        services.end_goal(goal, because="Igen", on=TODAY, by=mette, at=NOW)


def test_a_correction_tells_what_it_was_and_what_it_became(app: Flask, mette: User) -> None:
    goal = set_goal(Measure.CARDS, 2026, 20)
    with transaction():
        services.correct_goal(goal, details(Measure.CARDS, 2026, 25), note="Byrådet", by=mette, at=NOW)

    [was_set, corrected] = goal.changes
    assert (goal.target, was_set.step, corrected.step) == (25, GoalStep.SET, GoalStep.CORRECTED)
    assert "20 antal" in corrected.change
    assert "25 antal" in corrected.change
    assert corrected.note == "Byrådet"


def test_a_copy_is_the_same_goal_a_year_on(app: Flask, mette: User) -> None:
    goal = set_goal(Measure.HIRED, 2025, 4)
    first, last = services.year(2026)
    with transaction():
        copy = services.copy_goal(goal, first_on=first, last_on=last, target=6, by=mette, at=NOW)

    assert (copy.measure, copy.year, copy.target, copy.sentence) == (goal.measure, 2026, 6, goal.sentence)
    assert [one.step for one in copy.changes] == [GoalStep.COPIED]


@pytest.mark.parametrize(
    ("said", "refused"),
    [
        ({"last_on": date(2025, 12, 31)}, services.PeriodBackward),
        ({"aim": GoalAim.RISE}, services.NeedsBaseline),
        ({"baseline": Decimal(4)}, services.NeedsBaseline),
        ({"group_id": 4711}, services.NeedsTargetGroup),
    ],
)
def test_what_cannot_be_a_goal_is_refused_by_name(
    app: Flask, said: dict[str, object], refused: type[Exception]
) -> None:
    with pytest.raises(refused):
        set_goal(Measure.CARDS, 2026, **said)


def test_employers_have_no_target_group(app: Flask) -> None:
    with pytest.raises(services.NoTargetGroup):
        set_goal(Measure.PARTNERSHIPS, 2026, group_id=1)


def test_a_percentage_is_at_most_the_whole(app: Flask) -> None:
    with pytest.raises(services.MoreThanAll):
        set_goal(Measure.PUBLIC_SUPPORT, 2026, 101)


def figure(tally: Tally, unit: GoalUnit, *, final: bool = False, **said: object) -> Figure:
    """A figure of made-up sums."""
    wanted = {"aim": GoalAim.AT_LEAST, "baseline": None, "target": 45, **said}
    return Figure(Goal(unit=unit, **wanted), TODAY, tally, None, False, None, final)


@pytest.mark.parametrize(
    ("amount", "unknown", "said", "standing"),
    [
        (9, 0, {}, GoalStanding.REACHED),  # 45 of 100 exactly, of 20
        (8, 0, {}, GoalStanding.NOT_YET),
        (8, 0, {"final": True}, GoalStanding.MISSED),
        (8, 1, {}, GoalStanding.UNSURE),  # the one that nothing is known of could turn it
        (8, 1, {"final": True}, GoalStanding.UNSURE),
        (9, 5, {}, GoalStanding.REACHED),  # nothing unknown can take it away
        (9, 0, {"aim": GoalAim.AT_MOST}, GoalStanding.REACHED),
        (9, 1, {"aim": GoalAim.AT_MOST}, GoalStanding.UNSURE),
        (10, 0, {"aim": GoalAim.AT_MOST}, GoalStanding.MISSED),
        (10, 0, {"aim": GoalAim.RISE, "baseline": Decimal(40), "target": 10}, GoalStanding.REACHED),
        (9, 0, {"aim": GoalAim.RISE, "baseline": Decimal(40), "target": 10}, GoalStanding.NOT_YET),
        (7, 0, {"aim": GoalAim.FALL, "baseline": Decimal(40), "target": 5}, GoalStanding.REACHED),
        (8, 0, {"aim": GoalAim.FALL, "baseline": Decimal(40), "target": 5}, GoalStanding.MISSED),
    ],
)
def test_a_share_is_reached_only_where_the_unknown_cannot_turn_it(
    amount: int, unknown: int, said: dict[str, object], standing: GoalStanding
) -> None:
    shown = figure(Tally(20, amount, 20, 20 - unknown, unknown), GoalUnit.PERCENT, **said)

    assert shown.standing is standing


def test_a_rise_of_a_number_is_in_percent_of_where_it_began() -> None:
    """S2: "Antallet af personer i job eller ordinær uddannelse skal øges med 25 %"."""
    change = {"aim": GoalAim.RISE, "baseline": Decimal(40), "target": 25}
    enough = figure(Tally(50, 50, None, 50, 0), GoalUnit.COUNT, **change)
    too_few = figure(Tally(49, 49, None, 49, 0), GoalUnit.COUNT, **change)

    assert enough.aimed_at == Fraction(50)
    assert (enough.reached, too_few.reached, too_few.missing) == (True, False, Decimal(1))


def test_a_share_is_shown_with_one_decimal_and_never_rounded_into_the_target() -> None:
    shown = figure(Tally(10_000, 4_499, 10_000, 10_000, 0), GoalUnit.PERCENT)

    assert (shown.value, shown.reached) == (Decimal("45.0"), False)


def test_a_share_of_nobody_is_no_figure() -> None:
    assert figure(Tally(0, 0, None, 0, 0), GoalUnit.PERCENT).value is None


def test_any_number_of_goals_takes_a_handful_of_statements(app: Flask) -> None:
    for measure in (Measure.PARTNERSHIPS, Measure.CARDS, Measure.HIRED):
        for year in range(2019, 2028):
            set_goal(measure, year)
    employer = make_employer()
    make_opening(employer)
    make_partnership(employer)
    here, goals = municipality(), queries.goals_of(municipality().id)
    db.session.refresh(here)

    with counted_statements(app) as statements:
        shown = figures.figures_of(here, goals, TODAY)

    assert [one.goal for one in shown] == goals
    assert len(statements) <= 12


def test_the_figure_is_the_sum_of_its_list(app: Flask, karin: User) -> None:
    goal = set_goal(Measure.CARDS, 2026)
    for _number in range(3):
        make_card(created_at=NOW)

    ask = figures.ask_of(goal, TODAY)
    rows = db.session.execute(lists_of([ask])[ask].records).all()

    assert value_of(goal) == sum(row.amount for row in rows) == 3


@pytest.mark.parametrize(
    ("measure", "wanted", "asked"),
    [
        (Measure.PARTNERSHIPS, date(2026, 5, 20), date(2026, 5, 20)),
        (Measure.CARDS, date(2026, 5, 20), date(2026, 3, 31)),
        (Measure.CARDS, date(2026, 6, 30), date(2026, 6, 30)),
        (Measure.CARDS, TODAY, TODAY),
        (Measure.CARDS, TODAY + timedelta(days=9), TODAY),
    ],
)
def test_of_people_a_past_day_is_asked_about_only_where_a_quarter_ended(
    app: Flask, measure: Measure, wanted: date, asked: date
) -> None:
    assert figures.day_that_may_be_asked(set_goal(measure), wanted, TODAY) == asked
