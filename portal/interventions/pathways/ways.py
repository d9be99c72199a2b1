"""Reads of journeys: whose, where on them, and what a workplace has seen of what a step teaches."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from portal.base.database import db
from portal.base.terms import SkillSource
from portal.interventions.cohorts.models import CohortEnrolment
from portal.interventions.courses.models import CourseRun, CourseSeat
from portal.interventions.pathways.models import (
    JobPackage,
    Journey,
    JourneySkill,
    JourneyStep,
    PackageStep,
    StepState,
)
from portal.loop.cards.models import CompetenceCard, SkillEvidence
from portal.loop.citizens.models import Citizen
from portal.loop.citizens.queries import citizens_found, citizens_seen_by
from portal.loop.openings.models import Opening
from portal.loop.placements.models import Placement, PlacementStatus
from portal.shared.accounts.models import User
from portal.shared.rules.findings import Finding
from portal.shared.rules.law.packages import AskedLevel, levels_seen
from portal.web.permissions import Action

OVER: Final = "over"
ALL: Final = "all"

Seen = Mapping[int, int]
"""Skill id -> the best level that a workplace has seen."""


def _with_steps(statement: sa.Select[Any]) -> sa.Select[Any]:
    steps = selectinload(Journey.steps)
    return statement.options(
        steps.selectinload(JourneyStep.skills).joinedload(JourneySkill.skill),
        steps.joinedload(JourneyStep.course_seat).joinedload(CourseSeat.run).joinedload(CourseRun.course),
        steps.joinedload(JourneyStep.cohort_enrolment).joinedload(CohortEnrolment.cohort),
        steps.joinedload(JourneyStep.placement).joinedload(Placement.opening).joinedload(Opening.workplace),
    )


def journeys_seen_by(user: User) -> sa.Select[Journey]:
    """Of the citizens whom the reader follows."""
    statement = sa.select(Journey).join(Journey.citizen)
    if not user.may(Action.RECORD_EFFORTS):
        return statement.where(sa.false())
    citizens = citizens_seen_by(user).with_only_columns(Citizen.id).order_by(None)
    return statement.where(Journey.citizen_id.in_(citizens))


def journey_for(user: User, journey_id: int) -> Journey:
    """Raises NoResultFound for a stranger's, or for one that was a mistake."""
    statement = journeys_seen_by(user).where(Journey.id == journey_id, Journey.replaced_at.is_(None))
    options = (contains_eager(Journey.citizen), joinedload(Journey.package), joinedload(Journey.recorded_by))
    return db.session.scalars(_with_steps(statement).options(*options)).one()


def step_for(user: User, journey_id: int, step_id: int) -> JourneyStep:
    """Raises NoResultFound for a stranger's."""
    journey = journey_for(user, journey_id)
    found = [step for step in journey.steps if step.id == step_id]
    if not found:
        raise sa.exc.NoResultFound
    set_committed_value(found[0], "journey", journey)  # which nobody else holds: it would be read again
    return found[0]


def journey_of(citizen_id: int) -> Journey | None:
    """The one she is on, with its steps."""
    statement = sa.select(Journey).where(
        Journey.citizen_id == citizen_id, Journey.until_on.is_(None), Journey.replaced_at.is_(None)
    )
    return db.session.scalars(_with_steps(statement)).one_or_none()


def past_journeys_of(citizen_id: int) -> list[Journey]:
    """Those that are over, the latest first."""
    statement = (
        sa.select(Journey)
        .where(Journey.citizen_id == citizen_id, Journey.until_on.is_not(None), Journey.replaced_at.is_(None))
        .order_by(Journey.from_on.desc(), Journey.id.desc())
    )
    return list(db.session.scalars(statement))


def journey_list(user: User, *, words: str = "", state: str = "", package: str = "") -> sa.Select[Journey]:
    """Those under way, those that are over, or all; of one package where it is asked for."""
    card = sa.select(CompetenceCard.number).where(CompetenceCard.citizen_id == Citizen.id).scalar_subquery()
    statement = journeys_seen_by(user).where(Journey.replaced_at.is_(None))
    if words:
        statement = statement.where(citizens_found(words, card))
    if package.isascii() and package.isdigit() and len(package) < 10:
        statement = statement.where(Journey.package_id == int(package))
    if state == OVER:
        statement = statement.where(Journey.until_on.is_not(None))
    elif state != ALL:
        statement = statement.where(Journey.until_on.is_(None))
    return _with_steps(statement).options(contains_eager(Journey.citizen))


def step_of_placement(placement_id: int) -> JourneyStep | None:
    """The step that it carries, or carried."""
    statement = (
        sa.select(JourneyStep)
        .join(JourneyStep.journey)
        .where(JourneyStep.placement_id == placement_id, Journey.replaced_at.is_(None))
        .options(
            contains_eager(JourneyStep.journey),
            selectinload(JourneyStep.skills).joinedload(JourneySkill.skill),
        )
        .order_by(JourneyStep.id.desc())
        .limit(1)
    )
    return db.session.scalars(statement).one_or_none()


def open_placements_of(citizen_id: int) -> list[Placement]:
    """Those that may carry a step: planned or running."""
    statement = (
        sa.select(Placement)
        .join(Placement.card)
        .where(
            CompetenceCard.citizen_id == citizen_id,
            Placement.status.in_((PlacementStatus.PLANNED, PlacementStatus.RUNNING)),
        )
        .options(contains_eager(Placement.card), joinedload(Placement.opening).joinedload(Opening.workplace))
        .order_by(Placement.starts_on, Placement.id)
    )
    return list(db.session.scalars(statement))


# --- What was seen ---------------------------------------------------------------------------------------------


def seen_of(citizen_ids: Iterable[int]) -> dict[int, dict[int, int]]:
    """Citizen id -> the best level of each skill that a workplace has seen on her."""
    statement = (
        sa.select(CompetenceCard.citizen_id, SkillEvidence.skill_id, sa.func.max(SkillEvidence.level))
        .join(SkillEvidence, SkillEvidence.card_id == CompetenceCard.id)
        .where(
            CompetenceCard.citizen_id.in_(set(citizen_ids)),
            SkillEvidence.source == SkillSource.EMPLOYER,
            SkillEvidence.skill_id.is_not(None),
        )
        .group_by(CompetenceCard.citizen_id, SkillEvidence.skill_id)
    )
    seen: dict[int, dict[int, int]] = defaultdict(dict)
    for citizen_id, skill_id, level in db.session.execute(statement):
        if skill_id is not None:
            seen[citizen_id][skill_id] = level
    return seen


def asked_of(step: JourneyStep, seen: Seen) -> list[AskedLevel]:
    """What the step teaches, each with what was seen of it."""
    return [AskedLevel(one.skill.name, one.level, seen.get(one.skill_id)) for one in step.skills]


def finding_of(step: JourneyStep) -> Finding:
    """R20: whether all that the step teaches has been seen."""
    return levels_seen(asked_of(step, seen_of([step.journey.citizen_id]).get(step.journey.citizen_id, {})))


def finding_before(step: JourneyStep, seen: Seen | None = None) -> Finding:
    """R20: whether the step may begin without a reason; before the first there is nothing to see."""
    before = step.journey.before(step)
    if before is None:
        return levels_seen([])
    if seen is None:
        seen = seen_of([step.journey.citizen_id]).get(step.journey.citizen_id, {})
    return levels_seen(asked_of(before, seen))


@dataclass(frozen=True)
class Rung:
    """A step as a ladder shows it: its number, whether she is on it, and what was seen of what it teaches."""

    step: JourneyStep
    number: int
    is_now: bool
    levels: tuple[AskedLevel, ...]

    @property
    def reached(self) -> int:
        """How many of its levels were seen."""
        return sum(level.is_reached for level in self.levels)


def rungs_of(journey: Journey, seen: Seen) -> list[Rung]:
    """The ladder of a journey, the first step first."""
    now = journey.now if journey.is_open else None
    return [
        Rung(step, number, step is now, tuple(asked_of(step, seen)))
        for number, step in enumerate(journey.steps, start=1)
    ]


# --- Counts ----------------------------------------------------------------------------------------------------


def people_on(packages: Iterable[JobPackage]) -> dict[int, int]:
    """Package id -> how many are on it now."""
    statement = (
        sa.select(Journey.package_id, sa.func.count())
        .where(
            Journey.package_id.in_([package.id for package in packages]),
            Journey.until_on.is_(None),
            Journey.replaced_at.is_(None),
        )
        .group_by(Journey.package_id)
    )
    return {key: number for key, number in db.session.execute(statement) if key is not None}


def people_on_steps(package: JobPackage) -> dict[int, int]:
    """Package step id -> how many are on it now."""
    statement = (
        sa.select(JourneyStep.package_step_id, sa.func.count())
        .join(JourneyStep.journey)
        .join(PackageStep, PackageStep.id == JourneyStep.package_step_id)
        .where(
            PackageStep.package_id == package.id,
            JourneyStep.state == StepState.UNDER_WAY,
            Journey.until_on.is_(None),
            Journey.replaced_at.is_(None),
        )
        .group_by(JourneyStep.package_step_id)
    )
    return {key: number for key, number in db.session.execute(statement) if key is not None}
