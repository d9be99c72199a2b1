"""The municipalities' plans as data: whom they speak of, what they promised word for word, and how each is read.

`data/plans` holds a file for each plan. Loading one makes the groups and sets the goals that are missing; what the
municipality has changed since stays as it is.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from portal.base.database import db
from portal.base.terms import GoalAim, Measure, PeriodKind
from portal.interventions.target_groups.models import TargetGroup
from portal.interventions.target_groups.services import GroupDetails, create_group
from portal.ledger.goals import queries
from portal.ledger.goals.measures import spec_of
from portal.ledger.goals.models import Goal
from portal.ledger.goals.services import GoalDetails, set_goal, whole_rule
from portal.ledger.goals.tally import tallies
from portal.shared.accounts.models import Municipality
from portal.web.measures import Ask

FOLDER: Final = Path(__file__).parent / "data" / "plans"
CHANGES: Final = (GoalAim.RISE, GoalAim.FALL)


@dataclass(frozen=True, kw_only=True)
class PlannedGroup:
    """Those a plan speaks of; the name is neutral, the sentence the plan's own."""

    key: str
    name: str
    sentence: str
    source: str
    plan_from: date
    plan_until: date
    age_from: int | None = None
    age_until: int | None = None


@dataclass(frozen=True, kw_only=True)
class PlannedGoal:
    """A promise that a figure can keep or break."""

    key: str
    measure: Measure
    group: str | None
    """Key of the group it is about."""
    period: PeriodKind
    first_on: date
    last_on: date
    aim: GoalAim
    target: int
    baseline: Decimal | None
    """None although a change is promised: the plan says none, so that it is counted on the first day."""
    terms: Mapping[str, int | str]
    """Where the plan asks for another rule than the measure's standard."""
    sentence: str
    source: str
    reading: str
    """What the plan leaves open, and how it is read."""


@dataclass(frozen=True, kw_only=True)
class PlainSentence:
    """What a plan wants without a number of its own."""

    sentence: str
    source: str
    measure: Measure | None
    """By what it can be followed all the same."""
    why: str
    """Why no goal stands on it."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """One municipality's plan, each list in the order of the file."""

    municipality: str
    title: str
    groups: tuple[PlannedGroup, ...]
    goals: tuple[PlannedGoal, ...]
    sentences: tuple[PlainSentence, ...]

    def group(self, key: str) -> PlannedGroup:
        return next(one for one in self.groups if one.key == key)


@dataclass(frozen=True, kw_only=True)
class LoadedPlan:
    """What a plan became in a municipality's portal."""

    groups: Mapping[str, TargetGroup]
    """By the plan's keys."""
    new_goals: tuple[Goal, ...]
    without_baseline: tuple[PlannedGoal, ...]
    """Changes that cannot be aimed at yet: the plan says no baseline, and nothing is recorded of their first day."""


@cache
def read_plans() -> tuple[Plan, ...]:
    """Every plan that the portal comes with."""
    return tuple(_read(file) for file in sorted(FOLDER.glob("*.toml"), reverse=True))


def plan_of(municipality_name: str) -> Plan | None:
    return next((plan for plan in read_plans() if plan.municipality == municipality_name), None)


def load_plan(municipality: Municipality, *, at: datetime) -> LoadedPlan:
    """Make the groups and set the goals of the municipality's plan that are missing; a second time changes nothing."""
    plan = plan_of(municipality.name)
    if plan is None:
        return LoadedPlan(groups={}, new_goals=(), without_baseline=())
    groups = _make_groups(municipality, plan, at=at)
    known = {_question(goal) for goal in queries.goals_of(municipality.id)}
    new, waiting = [], []
    for planned in plan.goals:
        details = _details(planned, groups)
        if _question(details) in known:
            continue
        baseline = _baseline(municipality, planned, details)
        if planned.aim in CHANGES and baseline is None:
            waiting.append(planned)
            continue
        new.append(set_goal(municipality.id, replace(details, baseline=baseline), by=None, at=at))
    return LoadedPlan(groups=groups, new_goals=tuple(new), without_baseline=tuple(waiting))


def _make_groups(municipality: Municipality, plan: Plan, *, at: datetime) -> dict[str, TargetGroup]:
    """A group that was renamed is still the plan's: it is known by its sentence too."""
    statement = sa.select(TargetGroup).where(TargetGroup.municipality_id == municipality.id)
    there = db.session.scalars(statement.order_by(TargetGroup.id)).all()
    made: dict[str, TargetGroup] = {}
    for planned in plan.groups:
        found = next(
            (one for one in there if planned.sentence == one.sentence or planned.name == one.name), None
        )
        made[planned.key] = found or create_group(
            municipality.id,
            GroupDetails(
                name=planned.name,
                sentence=planned.sentence,
                source=planned.source,
                plan_from=planned.plan_from,
                plan_until=planned.plan_until,
                age_from=planned.age_from,
                age_until=planned.age_until,
            ),
            by=None,
            at=at,
        )
    db.session.flush()
    return made


def _details(planned: PlannedGoal, groups: Mapping[str, TargetGroup]) -> GoalDetails:
    return GoalDetails(
        measure=planned.measure,
        period=planned.period,
        first_on=planned.first_on,
        last_on=planned.last_on,
        target=planned.target,
        sentence=planned.sentence,
        source=planned.source,
        aim=planned.aim,
        group_id=groups[planned.group].id if planned.group else None,
        terms=dict(planned.terms),
    )


def _question(goal: Goal | GoalDetails) -> tuple[object, ...]:
    """What a goal asks; its target and words may have been corrected, and it may have been ended."""
    return goal.measure, goal.group_id, goal.first_on, goal.last_on, goal.aim


def _baseline(municipality: Municipality, planned: PlannedGoal, details: GoalDetails) -> Decimal | None:
    """What the plan says, or else the figure of the first day; None while nothing is recorded of it."""
    if planned.baseline is not None or planned.aim not in CHANGES:
        return planned.baseline
    if spec_of(planned.measure).counted is None or planned.first_on < municipality.records_since_on:
        return None
    ask = Ask(
        measure=planned.measure,
        municipality_id=municipality.id,
        first=planned.first_on,
        on=planned.first_on,
        group_id=details.group_id,
        terms=tuple(sorted(whole_rule(details).items())),
    )
    counted = tallies([ask])[ask]
    return Decimal(counted.amount) if counted.amount else None


def _read(file: Path) -> Plan:
    with file.open("rb") as content:
        written = tomllib.load(content)
    title = written["title"]
    return Plan(
        municipality=written["municipality"],
        title=title,
        groups=tuple(PlannedGroup(**_placed(one, title)) for one in written["group"]),
        goals=tuple(_goal(_placed(one, title)) for one in written["goal"]),
        sentences=tuple(_sentence(_placed(one, title)) for one in written["sentence"]),
    )


def _placed(row: Mapping[str, Any], title: str) -> dict[str, Any]:
    """A row with the whole address of its sentence."""
    rest = {key: value for key, value in row.items() if key != "place"}
    return {**rest, "source": f"{title}, {row['place']}"}


def _goal(row: dict[str, Any]) -> PlannedGoal:
    baseline = row.get("baseline")
    return PlannedGoal(
        **{
            "group": None,
            "terms": {},
            "reading": "",
            **row,
            "measure": Measure(row["measure"]),
            "period": PeriodKind(row["period"]),
            "aim": GoalAim(row.get("aim", GoalAim.AT_LEAST)),
            "baseline": None if baseline is None else Decimal(baseline),
        }
    )


def _sentence(row: dict[str, Any]) -> PlainSentence:
    measure = row.get("measure")
    return PlainSentence(**{**row, "measure": Measure(measure) if measure else None})
