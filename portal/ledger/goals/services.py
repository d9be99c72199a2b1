"""Commands of goals: set a target, correct it, copy it to a new time, end it. A figure is never typed in."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.base.database import db
from portal.base.errors import DomainError
from portal.base.terms import GoalAim, GoalUnit, Measure, PeriodKind
from portal.interventions.target_groups.models import TargetGroup
from portal.ledger.goals import queries
from portal.ledger.goals.measures import spec_of
from portal.ledger.goals.models import Goal, GoalChange, GoalStep
from portal.shared.accounts.models import User
from portal.shared.audit import services as audit
from portal.web.measures import Counted, GroupUse

WHOLE = 100


class GoalExists(DomainError):
    message = _l("Der er allerede et mål for det samme i den tid. Ret det i stedet.")


class MoreThanAll(DomainError):
    message = _l("Et mål i procent kan højst være 100.")


class PeriodNotOffered(DomainError):
    message = _l("Det kan ikke tælles i en tid af den slags. Vælg en af dem, der vises.")


class PeriodBackward(DomainError):
    message = _l("Den sidste dag ligger før den første.")


class NeedsTargetGroup(DomainError):
    message = _l("Vælg en målgruppe. Det her tælles kun for en målgruppe.")


class NoTargetGroup(DomainError):
    message = _l("Det her tæller virksomheder og har ingen målgruppe.")


class NeedsBaseline(DomainError):
    message = _l("Skriv udgangspunktet, som ændringen regnes fra.")


class GoalIsFrozen(DomainError):
    message = _l("Tallet er låst. Målet står, som det var, da tallet blev talt.")


class GoalHasEnded(DomainError):
    message = _l("Målet er allerede afsluttet.")


@dataclass(frozen=True, kw_only=True)
class GoalDetails:
    """A target for a period, with the sentence of the plan and where it stands."""

    measure: Measure
    period: PeriodKind
    first_on: date
    last_on: date
    target: int
    sentence: str
    source: str
    aim: GoalAim = GoalAim.AT_LEAST
    baseline: Decimal | None = None
    group_id: int | None = None
    terms: dict[str, Any] = field(default_factory=dict)


def year(number: int) -> tuple[date, date]:
    """The first and last day of a year."""
    return date(number, 1, 1), date(number, 12, 31)


def set_goal(
    municipality_id: int,
    details: GoalDetails,
    *,
    by: User | None,
    at: datetime,
    step: GoalStep = GoalStep.SET,
    note: str = "",
) -> Goal:
    """Set the target of a measure for a period.

    Raises GoalExists, MoreThanAll, PeriodNotOffered, PeriodBackward, NeedsTargetGroup, NoTargetGroup or NeedsBaseline.
    """
    details = replace(details, terms=whole_rule(details))
    _check(municipality_id, details)
    goal = Goal(
        municipality_id=municipality_id,
        unit=spec_of(details.measure).unit,
        set_by_id=by.id if by else None,
        set_at=at,
        **_stored(details),
    )
    if _its_like(goal) is not None:
        raise GoalExists
    db.session.add(goal)
    db.session.flush()
    _remember(goal, step, by=by, at=at, note=note)
    audit.record("goal-set", subject=goal, by=by, at=at)
    return goal


def correct_goal(goal: Goal, details: GoalDetails, *, note: str, by: User, at: datetime) -> None:
    """Correct a goal; which measure it is of stays. Raises GoalIsFrozen, and as set_goal."""
    db.session.refresh(goal, with_for_update={"of": Goal})  # freezing waits, or was first
    if goal.id in queries.frozen_of([goal]):
        raise GoalIsFrozen
    details = replace(details, measure=goal.measure, terms=whole_rule(details))
    _check(goal.municipality_id, details)
    before = in_words(goal)
    with db.session.no_autoflush:
        for key, value in _stored(details).items():
            setattr(goal, key, value)
        if _its_like(goal) is not None:
            raise GoalExists
    goal.set_by_id, goal.set_at = by.id if by else None, at
    goal.version += 1
    db.session.flush()
    change = _("Før: %(before)s. Nu: %(now)s.", before=before, now=in_words(goal))
    _remember(goal, GoalStep.CORRECTED, by=by, at=at, note=note, change=change)
    audit.record("goal-changed", subject=goal, by=by, at=at, change=change)


def copy_goal(  # noqa: PLR0913 - where to, and how far
    goal: Goal, *, first_on: date, last_on: date, target: int, by: User, at: datetime, note: str = ""
) -> Goal:
    """Set the same goal for another time. Raises as set_goal."""
    details = replace(details_of(goal), first_on=first_on, last_on=last_on, target=target)
    said = note or _("Fra målet for %(year)s", year=goal.year)
    return set_goal(goal.municipality_id, details, by=by, at=at, step=GoalStep.COPIED, note=said)


def to_copy(goals: Iterable[Goal], wanted: int) -> tuple[list[Goal], list[Goal]]:
    """Those of a year that can be taken on into the next, and those that stand there already.

    A project's goal runs its own time, and what has ended is not pursued any more.
    """
    standing = [goal for goal in goals if goal.ended_on is None]
    there = {(goal.measure, goal.group_id, goal.rule_terms) for goal in standing if goal.year == wanted + 1}
    of_year = [goal for goal in standing if goal.year == wanted and goal.period is not PeriodKind.PROJECT]
    ready = [goal for goal in of_year if (goal.measure, goal.group_id, goal.rule_terms) not in there]
    return ready, [goal for goal in of_year if goal not in ready]


def end_goal(goal: Goal, *, because: str, on: date, by: User, at: datetime) -> None:
    """Stop pursuing a goal before its time; it stays on the page with why. Raises GoalHasEnded."""
    if goal.ended_on is not None:
        raise GoalHasEnded
    goal.ended_on, goal.ended_because = on, because.strip()
    goal.version += 1
    _remember(goal, GoalStep.ENDED, by=by, at=at, note=because)
    audit.record("goal-ended", subject=goal, by=by, at=at)


def details_of(goal: Goal) -> GoalDetails:
    return GoalDetails(
        measure=goal.measure,
        period=goal.period,
        first_on=goal.first_on,
        last_on=goal.last_on,
        target=goal.target,
        sentence=goal.sentence,
        source=goal.source,
        aim=goal.aim,
        baseline=goal.baseline,
        group_id=goal.group_id,
        terms=dict(goal.terms),
    )


def in_words(goal: Goal) -> str:
    """The target with its time, for the history."""
    return _(
        "%(aim)s %(target)s %(unit)s, %(first)s til %(last)s, “%(sentence)s”",
        aim=goal.aim.label,
        target=goal.target,
        unit=goal.unit.label,
        first=f"{goal.first_on:%d-%m-%Y}",
        last=f"{goal.last_on:%d-%m-%Y}",
        sentence=goal.sentence,
    )


def _stored(details: GoalDetails) -> dict[str, Any]:
    return {
        **vars(details),
        "sentence": details.sentence.strip(),
        "source": details.source.strip(),
    }


def whole_rule(details: GoalDetails) -> dict[str, Any]:
    """The rule with the standard of what was left open, so that a goal says all of how it is counted."""
    how = spec_of(details.measure).counted
    terms = how.terms if how is not None else ()
    return {term.key: details.terms.get(term.key, term.standard) for term in terms}


def _check(municipality_id: int, details: GoalDetails) -> None:
    spec = spec_of(details.measure)
    if spec.unit is GoalUnit.PERCENT and details.target > WHOLE:
        raise MoreThanAll
    if details.last_on < details.first_on:
        raise PeriodBackward
    if (details.aim in (GoalAim.RISE, GoalAim.FALL)) != (details.baseline is not None):
        raise NeedsBaseline
    if spec.counted is not None:
        _check_against(spec.counted, details)
    if details.group_id is not None:
        _require_own_group(municipality_id, details.group_id)


def _check_against(how: Counted, details: GoalDetails) -> None:
    if details.period not in how.periods and not how.is_standing:
        raise PeriodNotOffered
    if how.group is GroupUse.MUST and details.group_id is None:
        raise NeedsTargetGroup
    if how.group is GroupUse.NEVER and details.group_id is not None:
        raise NoTargetGroup


def _require_own_group(municipality_id: int, group_id: int) -> None:
    statement = sa.select(TargetGroup.id).where(
        TargetGroup.id == group_id, TargetGroup.municipality_id == municipality_id
    )
    if db.session.scalar(statement) is None:
        raise NeedsTargetGroup


def _its_like(goal: Goal) -> Goal | None:
    """Another goal that asks the same question and is still pursued."""
    statement = sa.select(Goal).where(
        Goal.municipality_id == goal.municipality_id,
        Goal.measure == goal.measure,
        Goal.aim == goal.aim,
        Goal.group_id.is_(None) if goal.group_id is None else Goal.group_id == goal.group_id,
        Goal.first_on == goal.first_on,
        Goal.last_on == goal.last_on,
        Goal.ended_on.is_(None),
        *([Goal.id != goal.id] if goal.id is not None else []),
    )
    return next((one for one in db.session.scalars(statement) if one.terms == goal.terms), None)


def _remember(
    goal: Goal, step: GoalStep, *, by: User | None, at: datetime, note: str = "", change: str = ""
) -> None:
    db.session.add(
        GoalChange(
            goal_id=goal.id, step=step, at=at, by_id=by.id if by else None, note=note.strip(), change=change
        )
    )
