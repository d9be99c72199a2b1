"""Commands of goals: set a target, change it, and load the plans' own. A figure is never typed in."""

import csv
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

from portal.base.database import db
from portal.base.errors import DomainError
from portal.base.terms import GoalUnit, Measure
from portal.ledger.goals import queries
from portal.ledger.goals.measures import spec_of
from portal.ledger.goals.models import Goal
from portal.shared.accounts.models import Municipality, User
from portal.shared.audit import services as audit

PLANS = Path(__file__).parent / "data" / "plans.csv"

WHOLE = 100


class GoalExists(DomainError):
    message = _l("Der er allerede et mål for det år. Ret det i stedet.")


class MoreThanAll(DomainError):
    message = _l("Et mål i procent kan højst være 100.")


@dataclass(frozen=True)
class GoalDetails:
    """A target for one year, with the sentence of the plan and where it stands."""

    measure: Measure
    year: int
    target: int
    sentence: str
    source: str


def set_goal(municipality_id: int, details: GoalDetails, *, by: User | None, at: datetime) -> Goal:
    """Set the target of a measure for a year. Raises GoalExists or MoreThanAll."""
    _check(details)
    goal = Goal(
        municipality_id=municipality_id,
        measure=details.measure,
        year=details.year,
        target=details.target,
        unit=spec_of(details.measure).unit,
        sentence=details.sentence.strip(),
        source=details.source.strip(),
        set_by_id=by.id if by else None,
        set_at=at,
    )
    try:
        with db.session.begin_nested():
            db.session.add(goal)
    except IntegrityError as error:
        raise GoalExists from error
    audit.record("goal-set", subject=goal, by=by, at=at)
    return goal


def edit_goal(goal: Goal, details: GoalDetails, *, by: User, at: datetime) -> None:
    """Change target, sentence and source; measure and year stay what they are. Raises MoreThanAll."""
    _check(details)
    goal.target = details.target
    goal.sentence, goal.source = details.sentence.strip(), details.source.strip()
    goal.set_by_id, goal.set_at = by.id, at
    goal.version += 1
    audit.record("goal-changed", subject=goal, by=by, at=at)


def load_plan_goals(municipality: Municipality, *, at: datetime) -> int:
    """Load the municipality's goals as its plan wrote them; those already there stay. Returns how many were new."""
    known = {(goal.measure, goal.year) for goal in queries.goals_of(municipality.id)}
    new = [
        details for details in plan_goals(municipality.name) if (details.measure, details.year) not in known
    ]
    for details in new:
        set_goal(municipality.id, details, by=None, at=at)
    return len(new)


def plan_goals(municipality_name: str) -> list[GoalDetails]:
    """The goals of the plan of a municipality, word for word (docs/rules.md#goal-figures)."""
    with PLANS.open(encoding="utf-8", newline="") as file:
        return [
            GoalDetails(
                Measure(row["measure"]), int(row["year"]), int(row["target"]), row["sentence"], row["source"]
            )
            for row in csv.DictReader(file)
            if row["municipality"] == municipality_name
        ]


def _check(details: GoalDetails) -> None:
    if spec_of(details.measure).unit is GoalUnit.PERCENT and details.target > WHOLE:
        raise MoreThanAll
