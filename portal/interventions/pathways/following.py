"""Steps that a course or a group carries: they begin, are reached and wait again with her seat or her place.

The rooms of courses and groups know no journeys, so a chore looks at what they have written since.
"""

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import contains_eager, joinedload

from portal.base.clock import danish_day
from portal.base.database import db
from portal.base.errors import DomainError
from portal.interventions.cohorts.models import Cohort, CohortEnrolment, EnrolmentState
from portal.interventions.cohorts.queries import enrolments_of
from portal.interventions.courses.models import CourseRun, CourseSeat, SeatStatus
from portal.interventions.courses.queries import seats_of_citizen
from portal.interventions.pathways import journeys
from portal.interventions.pathways.models import Journey, JourneyStep, PassedReason, StepState
from portal.shared.accounts.models import User

SEAT, PLACE = "seat", "place"
"""How a choice names what it is: "seat-12", "place-3"."""


class NotHers(DomainError):
    message = _l("Kurset eller holdet er ikke borgerens længere. Vælg igen.")


def choices_of(citizen_id: int) -> list[tuple[str, str]]:
    """Her seats and places, the latest first, by what a form sends."""
    seats = [
        (f"{SEAT}-{seat.id}", f"{seat.run.course.name} ({seat.status.label})")
        for seat in seats_of_citizen(citizen_id)
        if seat.status is not SeatStatus.STOPPED
    ]
    places = [(f"{PLACE}-{one.id}", one.cohort.name) for one in enrolments_of(citizen_id)]
    return [*seats, *places]


def follow(
    step: JourneyStep, chosen: str, *, passed: PassedReason | None = None, by: User | None, at: datetime
) -> None:
    """Her seat or place carries the step, and moves it to where she is there.

    Raises NotHers, JourneyIsOver, StepNotOpen, EarlierStepWaits, LevelsNotSeen.
    """
    kind, _dash, number = chosen.partition("-")
    citizen_id = step.journey.citizen_id
    seats = {f"{SEAT}-{one.id}": one for one in seats_of_citizen(citizen_id)}
    places = {f"{PLACE}-{one.id}": one for one in enrolments_of(citizen_id)}
    journeys.hold(step.journey)
    if step.state not in (StepState.WAITING, StepState.UNDER_WAY):
        raise journeys.StepNotOpen
    if chosen not in seats and chosen not in places:
        raise NotHers
    step.course_seat_id = int(number) if kind == SEAT else None
    step.cohort_enrolment_id = int(number) if kind == PLACE else None
    step.course_seat, step.cohort_enrolment = seats.get(chosen), places.get(chosen)
    if step.state is StepState.WAITING:
        journeys.allow(step, passed)
    journeys.note(step, "journey-step-carried", by=by, at=at)
    _move(step, by=by, at=at)


def move_steps(at: datetime) -> int:
    """A chore: every open step that a seat or a place carries goes to where that is now."""
    moved = 0
    for step in _carried():
        before = step.state
        try:
            with db.session.begin_nested():
                _move(step, by=None, at=at)
        except DomainError:  # an earlier step waits: a consultant says what is to be
            continue
        moved += step.state is not before
    return moved


def _carried() -> Sequence[JourneyStep]:
    statement = (
        sa.select(JourneyStep)
        .join(JourneyStep.journey)
        .where(
            sa.or_(JourneyStep.course_seat_id.is_not(None), JourneyStep.cohort_enrolment_id.is_not(None)),
            JourneyStep.state.in_((StepState.WAITING, StepState.UNDER_WAY)),
            Journey.until_on.is_(None),
            Journey.replaced_at.is_(None),
        )
        .options(
            contains_eager(JourneyStep.journey),
            joinedload(JourneyStep.course_seat).joinedload(CourseSeat.run).joinedload(CourseRun.course),
            joinedload(JourneyStep.cohort_enrolment)
            .joinedload(CohortEnrolment.cohort)
            .joinedload(Cohort.kind),
        )
        .order_by(JourneyStep.id)
    )
    return db.session.scalars(statement).all()


def _move(step: JourneyStep, *, by: User | None, at: datetime) -> None:
    today = danish_day(at)
    _follow_corrections(step)
    began, reached, broken = _days_of(step, today)
    if broken:
        if step.state is StepState.UNDER_WAY:
            journeys.put_back(step, by=by, at=at)
        return
    first = max(began, step.journey.from_on) if began is not None else None
    if step.state is StepState.WAITING and first is not None and first <= today:
        journeys.begin_step(step, on=first, by=by, at=at)
    if step.state is StepState.UNDER_WAY and reached is not None and reached <= today:
        journeys.reach_step(step, on=max(reached, step.began_on or reached), by=by, at=at)


def _follow_corrections(step: JourneyStep) -> None:
    """A place that is corrected is a new row, and of two citizens who become one a seat goes: take what stands."""
    citizen_id, seat, place = step.journey.citizen_id, step.course_seat, step.cohort_enrolment
    if seat is not None and seat.replaced_at is not None:
        seats = [one for one in seats_of_citizen(citizen_id) if one.run_id == seat.run_id]
        step.course_seat = next(iter(seats), seat)
    if place is not None and place.replaced_at is not None:
        places = [one for one in enrolments_of(citizen_id) if one.cohort_id == place.cohort_id]
        step.cohort_enrolment = next(iter(places), place)
    db.session.flush()


def _days_of(step: JourneyStep, today: date) -> tuple[date | None, date | None, bool]:
    """When she began, when she was through, and whether it came to nothing."""
    seat, place = step.course_seat, step.cohort_enrolment
    if seat is not None:
        broken = seat.status is SeatStatus.STOPPED or seat.replaced_at is not None
        began = seat.attending_from or seat.passed_on
        return began, seat.passed_on, broken
    if place is not None:
        has_place = place.state is EnrolmentState.PLACED
        ended = place.until_on if place.until_on is not None and place.until_on < today else None
        return (place.from_on if has_place else None), ended, place.replaced_at is not None
    return None, None, False
