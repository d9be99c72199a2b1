"""The goals of the demo's own years: set each January by the leader, many of them taken over from the plan."""

from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from functools import partial

from portal.base.clock import danish_day
from portal.base.terms import PeriodKind
from portal.demo.script import ScriptedGoal
from portal.demo.world import World
from portal.ledger.goals import freezing, queries
from portal.ledger.goals import services as goals
from portal.ledger.goals.measures import spec_of
from portal.ledger.goals.models import Goal, GoalStep
from portal.ledger.goals.plans import plan_of
from portal.shared.accounts.models import Municipality

SET_ON = (1, 11)
"""Month and day of the committee's meeting."""


def freeze(goal: Goal, at: datetime) -> None:
    """By the portal itself, as on every counting day; a goal without a figure stays without one."""
    with suppress(freezing.NoFigureToFreeze):
        freezing.freeze_goal(goal, note="", by=None, at=at)


class GoalSetting:
    """Plans when each year's goals were set, and when the portal froze their figures."""

    def __init__(self, world: World) -> None:
        self.world, self.script, self.time = world, world.script, world.time

    def plan(self) -> None:
        for years_ago in sorted({goal.years_ago for goal in self.script.goals}, reverse=True):
            year = self.time.today.year - years_ago
            day = min(self.time.today, max(danish_day(self.time.begin), date(year, *SET_ON)))
            self.time.plan(self.time.days_ago(day), partial(self._set_year, years_ago, year))

    def _set_year(self, years_ago: int, year: int, at: datetime) -> None:
        for scripted in self.script.goals:
            if scripted.years_ago == years_ago:
                self._set(scripted, year, at)

    def _set(self, scripted: ScriptedGoal, year: int, at: datetime) -> None:
        place = self.world.places[scripted.municipality]
        planned = scripted.from_plan is not None
        details = self._of_the_plan(scripted, place) if planned else self._own(scripted, place, year)
        first_on, last_on = goals.year(year)
        how = spec_of(scripted.measure).counted
        period = PeriodKind.DAY if how is not None and how.is_standing else PeriodKind.YEAR
        goal = goals.set_goal(
            place.id,
            replace(details, period=period, first_on=first_on, last_on=last_on, target=scripted.target),
            by=self.world.leader_of(place),
            at=at,
            step=GoalStep.COPIED if planned else GoalStep.SET,
            note="Fra kommunens plan" if planned else "",
        )
        frozen_on = freezing.day_of_freezing(goal)
        if frozen_on <= self.time.today:
            self.time.plan(self.time.days_ago(frozen_on), partial(freeze, goal))

    def _of_the_plan(self, scripted: ScriptedGoal, place: Municipality) -> goals.GoalDetails:
        plan = plan_of(place.name)
        assert plan is not None
        wanted = next(one for one in plan.goals if one.key == scripted.from_plan)
        group = self.world.groups[place.id][wanted.group] if wanted.group else None
        known: Goal = next(
            one
            for one in queries.goals_of(place.id)
            if (one.measure, one.group_id, one.first_on, one.last_on)
            == (wanted.measure, group.id if group else None, wanted.first_on, wanted.last_on)
        )
        return goals.details_of(known)

    def _own(self, scripted: ScriptedGoal, place: Municipality, year: int) -> goals.GoalDetails:
        sentence = self.script.words.goal_sentences[scripted.measure]
        first_on, last_on = goals.year(year)
        return goals.GoalDetails(
            measure=scripted.measure,
            period=PeriodKind.YEAR,
            first_on=first_on,
            last_on=last_on,
            target=scripted.target,
            sentence=sentence.format(target=scripted.target, year=year),
            source=f"{place.name} Kommune: virksomhedsplan {year} (opdigtet til demoen)",
        )
