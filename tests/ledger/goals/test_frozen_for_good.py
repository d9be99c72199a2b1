"""A frozen figure stands whatever is done afterwards, in any order; what it was counted from is told as it was then."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.base.clock import danish_midnight
from portal.base.database import db
from portal.base.terms import Measure
from portal.ledger.goals import corrections, figures, freezing
from portal.ledger.goals.figures import frozen_tally
from portal.ledger.goals.models import FrozenFigure, FrozenLine, Goal
from portal.ledger.goals.tally import tallies
from portal.loop.partnerships.counting import ACTIVE_MONTHS
from portal.shared.rules.services import RuleDetails, put_rule
from tests.factories import municipality, rule
from tests.support.goals import set_goal
from tests.support.partnership_life import OURS, STEPS, THEIRS, Life, Step, begin, noon, nothing_is_matched

YEAR = 2025
FROZEN_ON = date(2026, 1, 15)
MEASURES = (Measure.PARTNERSHIPS, Measure.PLACEMENTS, Measure.HIRED)


@dataclass
class LaterLife(Life):
    """What is written about the year once its figures are frozen."""

    def sign_late(self, step: Step) -> None:
        """An agreement of the frozen year, typed in afterwards."""
        self.sign(Step(0, "sign", step.whom, (self.today - date(YEAR, 12, 1)).days + abs(step.number)))

    def rule(self, step: Step) -> None:
        """Another number of months, from today on."""
        now = rule(ACTIVE_MONTHS)
        kept = {name: getattr(now, name) for name in RuleDetails.__dataclass_fields__}
        kept |= {"value": Decimal(3 + abs(step.number) % 9), "valid_from": self.today + timedelta(days=1)}
        put_rule(RuleDetails(**kept), by=self.by, at=self.at)


LATER = ("sign_late", "end", "trade", "unshare", "share", "start", "finish", "erase", "rule")
AFTERWARDS = st.lists(
    st.builds(
        Step,
        st.integers(0, 40),
        st.sampled_from(LATER),
        st.sampled_from([OURS, THEIRS]),
        st.integers(-30, 30),
    ),
    min_size=3,
    max_size=10,
)


def goals_of_the_year() -> list[Goal]:
    """Made once: each example is rolled back to them."""
    found = list(db.session.scalars(sa.select(Goal).order_by(Goal.id)))
    return found or [set_goal(measure, YEAR) for measure in MEASURES]


def kept() -> list[Any]:
    """All that the portal holds of frozen figures but the links to people, which go with them."""
    tables = (FrozenFigure.__table__, FrozenLine.__table__)
    return [[tuple(row) for row in db.session.execute(sa.select(table).order_by("id"))] for table in tables]


def lived(app: Flask, before: list[Step]) -> tuple[LaterLife, list[Goal], list[FrozenFigure]]:
    """The year as it went, and its figures frozen on the counting day."""
    goals = goals_of_the_year()
    life = LaterLife(**vars(begin(app)))
    for step in before:
        life.today = min(life.today + timedelta(days=step.after_days), FROZEN_ON)
        life.take(step)
    life.today = FROZEN_ON
    frozen = [freezing.freeze_goal(goal, note="", by=None, at=noon(FROZEN_ON)) for goal in goals]
    return life, goals, frozen


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=STEPS, afterwards=AFTERWARDS)
def test_no_sequence_moves_a_frozen_figure(app: Flask, before: list[Step], afterwards: list[Step]) -> None:
    goals_of_the_year()
    try:
        with nothing_is_matched():
            life, goals, frozen = lived(app, before)
            as_frozen = kept()
            values = [frozen_tally(one) for one in frozen]
            for step in afterwards:
                life.today += timedelta(days=step.after_days)
                life.take(step)

                assert kept() == as_frozen, step
        db.session.expire_all()
        home = municipality()
        shown = [figures.figure_of(home, goal, life.today) for goal in goals]
        assert [one.tally for one in shown] == values
        for one in frozen:
            corrections.corrections(one)  # told beside it, whatever came
    finally:
        db.session.rollback()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=STEPS, afterwards=AFTERWARDS)
def test_the_year_is_recounted_as_it_was_known_when_it_was_frozen(
    app: Flask, before: list[Step], afterwards: list[Step]
) -> None:
    goals_of_the_year()
    try:
        with nothing_is_matched():
            life, goals, frozen = lived(app, before)
            values = [frozen_tally(one) for one in frozen]
            for step in afterwards:
                life.today += timedelta(days=max(step.after_days, 1))
                life.take(step)
        known_at = danish_midnight(FROZEN_ON + timedelta(days=1))
        asks = [figures.ask_of(goal, goal.last_on, known_at=known_at) for goal in goals]
        recounted = tallies(asks)
        assert [(recounted[ask].amount, recounted[ask].lines) for ask in asks] == [
            (value.amount, value.lines) for value in values
        ]
    finally:
        db.session.rollback()


@pytest.mark.parametrize("what", [what for what in LATER if what != "share"])
def test_each_step_afterwards_does_what_it_says(app: Flask, what: str) -> None:
    """Else the laws above would hold of nothing."""
    goals_of_the_year()
    first = [Step(0, "sign", THEIRS, 2), Step(0, "publish", THEIRS, 2)]
    first += [Step(0, "start", THEIRS, 1)] if what == "finish" else []
    try:
        with nothing_is_matched():
            life, _goals, _frozen = lived(app, first)
            life.today += timedelta(days=1)
            before = rows()
            life.take(
                Step(1, what, OURS if what == "sign_late" else THEIRS, 1)
            )  # only who has no agreement signs
            assert rows() != before, what
    finally:
        db.session.rollback()


def rows() -> list[Any]:
    names = (
        "partnerships",
        "employer_trades",
        "opening_sharings",
        "placements",
        "placement_traces",
        "citizens",
        "rules",
    )
    return [
        [tuple(row) for row in db.session.execute(sa.select(db.metadata.tables[name]).order_by("id"))]
        for name in names
    ]
