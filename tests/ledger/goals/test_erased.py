"""Erasing somebody changes no figure of a quarter that is over, and leaves nothing that says whose it was."""

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, current_app

from portal.base.database import db, transaction
from portal.base.quarters import quarter_end, quarters
from portal.base.terms import Measure, PlacementForm
from portal.interventions.target_groups.models import TargetGroup
from portal.ledger.goals import figures
from portal.ledger.goals.models import ErasedPart, Goal
from portal.ledger.goals.tally import Tally, end_of, tallies
from portal.loop.citizens import services as citizens
from portal.loop.citizens.models import Citizen
from portal.loop.placements.models import Outcome, Placement, PlacementStatus
from tests.factories import NOW, TODAY, make_card, make_citizen, make_placement
from tests.support.erasing import erase
from tests.support.goals import set_goal
from tests.support.groups import make_group, make_member


def hired(on: date, citizen: Citizen | None = None, **values: Any) -> Placement:
    return make_placement(
        **{
            "status": PlacementStatus.ENDED,
            "starts_on": on - timedelta(days=40),
            "ended_on": on,
            "outcome": Outcome.HIRED,
            **values,
        }
    )


def counted(goal: Goal, *, known: bool = False) -> dict[date, Tally]:
    """The goal's figure as of the end of each quarter of its time, as known now or as known then."""
    ends = [quarter_end(one) for one in quarters(goal.first_on, min(goal.last_on, TODAY))]
    asks = {on: figures.ask_of(goal, on, known_at=end_of(on) if known else None) for on in ends}
    sums = tallies(list(asks.values()))
    return {on: sums[ask] for on, ask in asks.items()}


def test_every_quarter_says_the_same_after_an_erasure(app: Flask) -> None:
    goal = set_goal(Measure.HIRED, 2025)
    hers = hired(date(2025, 5, 20))
    hired(date(2025, 8, 20))
    before, then = counted(goal), counted(goal, known=True)

    erase(hers.card.citizen)

    assert [tally.amount for tally in before.values()] == [0, 1, 2, 2]
    assert counted(goal) == before
    assert counted(goal, known=True) == then


def hired_of_the_goals_group(on: date) -> Placement:
    """Of nobody's group the trace of the placement tells, which stays: nothing has to be left."""
    group = db.session.scalar(sa.select(TargetGroup)) or make_group()
    if db.session.scalar(sa.select(Goal)) is None:
        set_goal(Measure.HIRED, 2025, group_id=group.id)
    placement = hired(on, form=PlacementForm.PRAKTIK)
    make_member(group, date(2024, 1, 1), citizen=placement.card.citizen)
    return placement


def test_a_part_says_which_quarter_and_form_and_is_nobodys(app: Flask) -> None:
    placement = hired_of_the_goals_group(date(2025, 5, 20))
    erase(placement.card.citizen)

    [part] = db.session.scalars(sa.select(ErasedPart).where(ErasedPart.measure == Measure.HIRED))

    assert (part.quarter_on, part.form, part.amount) == (date(2025, 4, 1), PlacementForm.PRAKTIK, 1)
    assert not any(key.column.table.name == "citizens" for key in ErasedPart.__table__.foreign_keys)


def test_what_two_people_were_is_one_sum(app: Flask) -> None:
    placements = [hired_of_the_goals_group(date(2025, 5, day)) for day in (3, 20)]
    for placement in placements:
        erase(placement.card.citizen)

    [part] = db.session.scalars(sa.select(ErasedPart).where(ErasedPart.measure == Measure.HIRED))

    assert (part.lines, part.amount) == (2, 2)


def test_a_goal_that_is_set_afterwards_finds_the_past_as_it_was(app: Flask) -> None:
    erase(hired(date(2025, 5, 20)).card.citizen)

    assert counted(set_goal(Measure.HIRED, 2025))[date(2025, 12, 31)].amount == 1


class PowerCut(Exception):
    pass


def erase_until_the_power_goes(citizen: Citizen) -> None:
    with transaction():
        found = db.session.get_one(Citizen, citizen.id)
        citizens.erase_citizen(found, journal=current_app.config["JOURNAL"], by=None, at=NOW)
        raise PowerCut


def test_a_backup_that_brings_her_back_counts_her_once(app: Flask) -> None:
    """In it neither the erasure nor what it left has happened; so it is with one that is rolled back."""
    goal = set_goal(Measure.HIRED, 2025)
    citizen = hired(date(2025, 5, 20)).card.citizen
    before = counted(goal)
    with pytest.raises(PowerCut):
        erase_until_the_power_goes(citizen)
    assert not db.session.scalars(sa.select(ErasedPart)).all()
    db.session.expire_all()

    with transaction():
        citizens.reapply_erasures(
            contents=current_app.config["JOURNAL"].read(), keys=current_app.config["KEYS"], at=NOW
        )

    assert not db.session.scalars(sa.select(Citizen).where(Citizen.id == citizen.id)).all()
    assert counted(goal) == before


def test_another_municipalitys_figures_know_nothing_of_her(app: Flask) -> None:
    ours, theirs = set_goal(Measure.CARDS, 2026), set_goal(Measure.CARDS, 2026, place="Fredensborg")
    card = make_card(make_citizen(in_municipality="Fredensborg"), created_at=NOW - timedelta(days=200))
    before = counted(theirs)

    erase(card.citizen)

    assert counted(theirs) == before
    assert {tally.amount for tally in counted(ours).values()} == {0}
