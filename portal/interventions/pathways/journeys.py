"""Commands of journeys: begin on a package or on steps of her own, take a step, reach it, skip it, and end."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

from portal.base.clock import danish_day
from portal.base.database import db
from portal.base.errors import DomainError
from portal.base.recorded_days import require_no_later
from portal.interventions.pathways import ways
from portal.interventions.pathways.models import (
    JobPackage,
    Journey,
    JourneyEnd,
    JourneySkill,
    JourneyStep,
    PassedReason,
    SkipReason,
    StepState,
)
from portal.interventions.pathways.services import PackageWithoutSteps, WrittenStep
from portal.interventions.target_groups.names import check_neutral
from portal.loop.citizens.models import Citizen
from portal.loop.placements.models import Outcome, Placement, PlacementStatus
from portal.shared.accounts.models import User
from portal.shared.audit import services as audit

LEARNT: tuple[Outcome, ...] = (Outcome.HIRED, Outcome.EXTENDED, Outcome.COMPLETED, Outcome.OTHER_JOB)
"""How a placement ends when it was not broken off."""


class AlreadyOnWay(DomainError):
    message = _l("Borgeren er allerede på en vej. Afslut den først.")


class PackageNotInUse(DomainError):
    message = _l("Pakken er ikke i brug. Vælg en anden.")


class JourneyIsOver(DomainError):
    message = _l("Vejen er afsluttet, så den kan ikke ændres.")


class StepNotOpen(DomainError):
    """Somebody was faster, or the page is old."""

    message = _l("Trinnet er ikke længere, hvor det var. Se det igen.")


class EarlierStepWaits(DomainError):
    message = _l("Et tidligere trin venter stadig. Tag det først, eller spring det over med en grund.")


class LevelsNotSeen(DomainError):
    """R20 warns and nobody has said why the step begins all the same."""

    message = _l(
        "Niveauet før trinnet er ikke set på en arbejdsplads. Vælg, hvorfor trinnet begynder alligevel."
    )


class BeforeTheBeginning(DomainError):
    message = _l("Dagen ligger før den dag, vejen eller trinnet begyndte.")


class NotHerPlacement(DomainError):
    message = _l("Forløbet er ikke borgerens, eller det er allerede slut.")


# --- The whole way ---------------------------------------------------------------------------------------------


def begin_on_package(
    citizen: Citizen, package: JobPackage, *, from_on: date, by: User | None, at: datetime
) -> Journey:
    """With a copy of the package's steps as they are now. Raises PackageNotInUse, AlreadyOnWay."""
    if package.is_archived or package.municipality_id != citizen.municipality_id:
        raise PackageNotInUse
    steps = [
        WrittenStep(
            step.name,
            step.kind,
            step.weeks,
            step.asks,
            tuple((one.skill_id, one.level) for one in step.skills),
            step.id,
        )
        for step in package.steps
    ]
    return _begin(citizen, package.name, steps, package=package, from_on=from_on, by=by, at=at)


def begin_own(
    citizen: Citizen, name: str, steps: Sequence[WrittenStep], *, from_on: date, by: User, at: datetime
) -> Journey:
    """On steps that are hers alone. Raises NotNeutral, PackageWithoutSteps, AlreadyOnWay."""
    if not steps:
        raise PackageWithoutSteps
    for text in (name, *(step.name for step in steps)):
        check_neutral(text)
    return _begin(citizen, name.strip(), steps, package=None, from_on=from_on, by=by, at=at)


def _begin(  # noqa: PLR0913 - what both ways of beginning hand on
    citizen: Citizen,
    name: str,
    steps: Sequence[WrittenStep],
    *,
    package: JobPackage | None,
    from_on: date,
    by: User | None,
    at: datetime,
) -> Journey:
    by_id = by.id if by else None
    journey = Journey(
        citizen_id=citizen.id,
        package_id=package.id if package else None,
        name=name,
        from_on=from_on,
        recorded_at=at,
        recorded_by_id=by_id,
        steps=[
            JourneyStep(
                package_step_id=step.id if package else None,
                position=position,
                name=step.name.strip(),
                kind=step.kind,
                weeks=step.weeks,
                asks=step.asks.strip(),
                state=StepState.WAITING,
                changed_at=at,
                changed_by_id=by_id,
                skills=[
                    JourneySkill(skill_id=skill_id, level=level)
                    for skill_id, level in dict(step.skills).items()
                ],
            )
            for position, step in enumerate(steps, start=1)
        ],
    )
    try:
        with db.session.begin_nested():
            db.session.add(journey)
    except IntegrityError as error:
        raise AlreadyOnWay from error
    audit.record("journey-begun", subject=journey, by=by, at=at, citizen_id=citizen.id)
    return journey


def end_journey(
    journey: Journey, *, until_on: date, reason: JourneyEnd, by: User | None, at: datetime
) -> None:
    """What stands of it stays. Raises JourneyIsOver, BeforeTheBeginning, RecordedAhead."""
    hold(journey)
    require_no_later(until_on, danish_day(at))
    if until_on < journey.from_on:
        raise BeforeTheBeginning
    journey.until_on, journey.end_reason = until_on, reason
    audit.record("journey-ended", subject=journey, by=by, at=at, citizen_id=journey.citizen_id)


def remove_journey(journey: Journey, *, by: User, at: datetime) -> None:
    """It was a mistake: it counts no more, and stays to be told of past days. Raises JourneyIsOver."""
    db.session.refresh(journey, ["replaced_at"], with_for_update={"of": Journey})
    if journey.replaced_at is not None:
        raise JourneyIsOver
    journey.replaced_at = at
    audit.record("journey-removed", subject=journey, by=by, at=at, citizen_id=journey.citizen_id)


def hold(journey: Journey) -> None:
    """One hand at a time, which then reads the steps as they have become. Raises JourneyIsOver."""
    db.session.refresh(journey, ["until_on", "replaced_at"], with_for_update={"of": Journey})
    if not journey.is_open:
        raise JourneyIsOver
    steps = sa.select(JourneyStep).where(JourneyStep.journey_id == journey.id)
    db.session.scalars(steps.execution_options(populate_existing=True)).all()


# --- A step ----------------------------------------------------------------------------------------------------


def begin_step(
    step: JourneyStep, *, on: date, passed: PassedReason | None = None, by: User | None, at: datetime
) -> None:
    """She is on it from that day; the one before it is reached by that.

    Raises JourneyIsOver, StepNotOpen, EarlierStepWaits, BeforeTheBeginning, RecordedAhead, and LevelsNotSeen
    where R20 warns and no reason is given. Source: docs/rules.md#packages
    """
    journey = step.journey
    hold(journey)
    require_no_later(on, danish_day(at))
    if step.state is not StepState.WAITING:
        raise StepNotOpen
    _check_order(step, on)
    allow(step, passed)
    before = journey.before(step)
    if before is not None and before.state is StepState.UNDER_WAY:
        _reach(before, on=on, by=by, at=at)
    step.state, step.began_on = StepState.UNDER_WAY, on
    note(step, "journey-step-begun", by=by, at=at)


def _check_order(step: JourneyStep, on: date) -> None:
    if any(one.position < step.position and one.state is StepState.WAITING for one in step.journey.steps):
        raise EarlierStepWaits
    before = step.journey.before(step)
    earliest = before.began_on if before is not None and before.began_on else step.journey.from_on
    if on < earliest:
        raise BeforeTheBeginning


def allow(step: JourneyStep, passed: PassedReason | None) -> None:
    """Let the step begin where the levels before it were seen, or with a reason. Raises LevelsNotSeen."""
    finding = ways.finding_before(step)
    if finding.is_ok:
        step.passed_reason = None
    elif passed is None and step.passed_reason is None:
        raise LevelsNotSeen
    else:
        step.passed_reason = passed or step.passed_reason


def reach_step(step: JourneyStep, *, on: date, by: User | None, at: datetime) -> None:
    """Raises JourneyIsOver, StepNotOpen, BeforeTheBeginning, RecordedAhead."""
    hold(step.journey)
    require_no_later(on, danish_day(at))
    if step.state is not StepState.UNDER_WAY:
        raise StepNotOpen
    if step.began_on is not None and on < step.began_on:
        raise BeforeTheBeginning
    _reach(step, on=on, by=by, at=at)


def _reach(step: JourneyStep, *, on: date, by: User | None, at: datetime) -> None:
    step.state, step.reached_on = StepState.REACHED, on
    note(step, "journey-step-reached", by=by, at=at)


def skip_step(step: JourneyStep, *, reason: SkipReason, by: User, at: datetime) -> None:
    """Raises JourneyIsOver, StepNotOpen."""
    hold(step.journey)
    if step.state not in (StepState.WAITING, StepState.UNDER_WAY):
        raise StepNotOpen
    step.state, step.skip_reason = StepState.SKIPPED, reason
    _release(step)
    note(step, "journey-step-skipped", by=by, at=at)


def put_back(step: JourneyStep, *, by: User | None, at: datetime) -> None:
    """It waits again, as if it had not been begun. Raises JourneyIsOver, StepNotOpen."""
    hold(step.journey)
    if step.state is StepState.WAITING:
        raise StepNotOpen
    _wait(step, by=by, at=at)


def _wait(step: JourneyStep, *, by: User | None, at: datetime) -> None:
    step.state, step.began_on, step.reached_on = StepState.WAITING, None, None
    step.skip_reason = step.passed_reason = None
    _release(step)
    note(step, "journey-step-put-back", by=by, at=at)


def _release(step: JourneyStep) -> None:
    step.placement_id = step.course_seat_id = step.cohort_enrolment_id = None


def note(step: JourneyStep, action: str, *, by: User | None, at: datetime) -> None:
    step.changed_at, step.changed_by_id = at, by.id if by else None
    db.session.flush()
    audit.record(action, subject=step, by=by, at=at, citizen_id=step.journey.citizen_id)


# --- Placements that carry a step ------------------------------------------------------------------------------


def carry(
    step: JourneyStep, placement: Placement, *, passed: PassedReason | None = None, by: User, at: datetime
) -> None:
    """The placement carries the step: it begins with it, and at once where that has begun.

    Raises JourneyIsOver, StepNotOpen, NotHerPlacement, EarlierStepWaits, LevelsNotSeen.
    """
    hold(step.journey)
    is_hers = placement.card.citizen_id == step.journey.citizen_id
    if not is_hers or placement.status not in (PlacementStatus.PLANNED, PlacementStatus.RUNNING):
        raise NotHerPlacement
    if step.state not in (StepState.WAITING, StepState.UNDER_WAY):
        raise StepNotOpen
    if step.state is StepState.WAITING and placement.status is PlacementStatus.RUNNING:
        first = max(placement.starts_on, step.journey.from_on)
        begin_step(step, on=first, passed=passed, by=by, at=at)
    elif step.state is StepState.WAITING:
        allow(step, passed)
    step.placement_id = placement.id
    note(step, "journey-step-carried", by=by, at=at)


def let_go(step: JourneyStep, *, by: User, at: datetime) -> None:
    """Nothing carries it any more. Raises JourneyIsOver."""
    hold(step.journey)
    _release(step)
    note(step, "journey-step-let-go", by=by, at=at)


def note_started(placement: Placement, *, by: User, at: datetime, **_more: Any) -> None:
    """Hears `events.placement_started`: the step that it carries begins, whatever waits before it."""
    for step in _carried(placement, StepState.WAITING):
        step.state, step.began_on = StepState.UNDER_WAY, placement.starts_on
        note(step, "journey-step-begun", by=by, at=at)


def note_ended(placement: Placement, *, by: User, at: datetime, **_more: Any) -> None:
    """Hears `events.placement_ended`: the step is reached when its levels were seen; broken off, it waits again.

    Where it was carried through and the levels were not seen, it stays under way until a consultant says what is next.
    """
    for step in _carried(placement, StepState.UNDER_WAY):
        if placement.outcome not in LEARNT:
            _wait(step, by=by, at=at)
        elif ways.finding_of(step).is_ok:
            last = placement.ended_on or danish_day(at)
            _reach(step, on=max(last, step.began_on or last), by=by, at=at)


def note_cancelled(placement: Placement, *, at: datetime, **_more: Any) -> None:
    """Hears `events.placement_cancelled`: nothing carries the step any more."""
    for step in _carried(placement, StepState.WAITING):
        step.placement_id = step.passed_reason = None
        note(step, "journey-step-let-go", by=None, at=at)


def _carried(placement: Placement, state: StepState) -> Sequence[JourneyStep]:
    statement = (
        sa.select(JourneyStep)
        .join(Journey)
        .where(
            JourneyStep.placement_id == placement.id,
            JourneyStep.state == state,
            Journey.until_on.is_(None),
            Journey.replaced_at.is_(None),
        )
        .order_by(JourneyStep.id)
    )
    return db.session.scalars(statement).all()
