"""Commands of places: who comes on a group, who waits, when it ends and what she went on to. Each is a new row.

A place is given behind the group's lock, so that two who give the last one at once do not both get it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.base.database import db
from portal.base.errors import DomainError
from portal.base.terms import SpellKind
from portal.interventions.cohorts import queries
from portal.interventions.cohorts.models import (
    Cohort,
    CohortEnrolment,
    CohortExit,
    EnrolmentReason,
    EnrolmentState,
    Presence,
)
from portal.interventions.cohorts.services import hold
from portal.interventions.cohorts.times import most_at_once
from portal.interventions.target_groups import situations
from portal.interventions.target_groups.models import Spell
from portal.interventions.target_groups.queries import spells_of
from portal.interventions.target_groups.services import EndsBeforeItBegins
from portal.interventions.target_groups.situations import AlreadyReplaced, AnotherMunicipality
from portal.loop.citizens.models import Citizen
from portal.shared.accounts.models import User
from portal.shared.audit import services as audit
from portal.web.presentation import da_date

SPELL_OF_EXIT: Final = {
    CohortExit.WORK: SpellKind.ORDINARY_WORK,
    CohortExit.EDUCATION: SpellKind.EDUCATION,
}
"""What the day after the exit begins with. Praktik writes its own period from the placement."""


class CohortFull(DomainError):
    """The message says how many places there are."""

    def __init__(self, capacity: int) -> None:
        super().__init__(
            _(
                "Holdet er fuldt: alle %(capacity)s pladser er taget i de dage. Sæt borgeren på venteliste.",
                capacity=capacity,
            )
        )


class AlreadyOnCohort(DomainError):
    message = _l("Borgeren er allerede på holdet eller på ventelisten i nogle af de dage.")


class OutsideCohort(DomainError):
    def __init__(self, cohort: Cohort) -> None:
        super().__init__(
            _(
                "Dagen ligger uden for holdets periode, %(first)s til %(last)s.",
                first=da_date(cohort.first_on),
                last=da_date(cohort.last_on),
            )
        )


class CameThatDay(DomainError):
    def __init__(self, day: date) -> None:
        super().__init__(
            _(
                "Borgeren var til stede %(day)s. Den dag skal ligge inden for pladsen på holdet.",
                day=da_date(day),
            )
        )


class NobodyOfYours(DomainError):
    message = _l("Ingen af borgerne er jeres. Søg igen, og sæt kryds ved borgerne.")


class ExitWithoutEnd(DomainError):
    message = _l("Hvad borgeren gik videre til, hører til en sidste dag. Skriv dagen, eller tag det væk.")


@dataclass(frozen=True)
class EnrolmentDetails:
    """Whether she has a place, why, from when, and until when and to what, where it has ended."""

    state: EnrolmentState
    reason: EnrolmentReason
    from_on: date
    until_on: date | None = None
    exit: CohortExit | None = None


def enrol(
    cohort: Cohort, citizen: Citizen, details: EnrolmentDetails, *, by: User, at: datetime
) -> CohortEnrolment:
    """Raises CohortFull, AlreadyOnCohort, OutsideCohort, AnotherMunicipality, EndsBeforeItBegins, ExitWithoutEnd."""
    if citizen.municipality_id != cohort.municipality_id:
        raise AnotherMunicipality
    hold(cohort)
    there = queries.enrolments(cohort.id)
    numbers = queries.numbers_given(cohort.id)
    number = numbers.get(citizen.id) or max(numbers.values(), default=0) + 1
    made = _enrolment(cohort, citizen.id, details, number, there, by=by, at=at)
    audit.record("cohort-enrolled", subject=made, by=by, at=at, citizen_id=citizen.id)
    return made


def correct_enrolment(
    enrolment: CohortEnrolment, details: EnrolmentDetails, *, by: User, at: datetime
) -> CohortEnrolment:
    """Write it anew: give the place she waited for, correct, or end it. Work or education begins the next day.

    What was written of days that she no longer had the place is written off.

    Raises AlreadyReplaced, CameThatDay, SpellsContradict, and as `enrol`.
    """
    hold(enrolment.cohort)
    db.session.refresh(enrolment)
    if enrolment.replaced_at is not None:
        raise AlreadyReplaced
    enrolment.replaced_at = at
    db.session.flush()
    there = queries.enrolments(enrolment.cohort_id)
    made = _enrolment(enrolment.cohort, enrolment.citizen_id, details, enrolment.number, there, by=by, at=at)
    _write_off_attendance(made, at=at)
    ends = enrolment.until_on is None and details.until_on is not None
    action = "cohort-enrolment-ended" if ends else "cohort-enrolment-corrected"
    audit.record(action, subject=made, by=by, at=at, citizen_id=made.citizen_id)
    if details.exit is not None and details.exit is not enrolment.exit:
        _begin_spell(made, by=by, at=at)
    return made


def remove_enrolment(enrolment: CohortEnrolment, *, by: User, at: datetime) -> None:
    """She was never on it, or waits no more. Raises AlreadyReplaced, CameThatDay."""
    hold(enrolment.cohort)
    db.session.refresh(enrolment)
    if enrolment.replaced_at is not None:
        raise AlreadyReplaced
    enrolment.replaced_at = at
    db.session.flush()
    _write_off_attendance(enrolment, at=at)
    audit.record("cohort-enrolment-removed", subject=enrolment, by=by, at=at, citizen_id=enrolment.citizen_id)


def _write_off_attendance(enrolment: CohortEnrolment, *, at: datetime) -> None:
    """Of sessions on which she has no place any more. Raises CameThatDay where she was there."""
    for row in queries.attendance_without_place(enrolment.cohort_id, enrolment.citizen_id):
        if row.presence is Presence.PRESENT:
            raise CameThatDay(row.session.on_day)
        row.replaced_at = at
    db.session.flush()


def _enrolment(  # noqa: PLR0913
    cohort: Cohort,
    citizen_id: int,
    details: EnrolmentDetails,
    number: int,
    there: Sequence[CohortEnrolment],
    *,
    by: User,
    at: datetime,
) -> CohortEnrolment:
    _check(cohort, citizen_id, details, there)
    made = CohortEnrolment(
        cohort_id=cohort.id,
        citizen_id=citizen_id,
        number=number,
        recorded_at=at,
        recorded_by_id=by.id,
        **vars(details),
    )
    db.session.add(made)
    db.session.flush()
    return made


def _check(
    cohort: Cohort, citizen_id: int, details: EnrolmentDetails, there: Sequence[CohortEnrolment]
) -> None:
    first, last = details.from_on, details.until_on
    if last is not None and last < first:
        raise EndsBeforeItBegins
    if details.exit is not None and last is None:
        raise ExitWithoutEnd
    if not cohort.first_on <= first <= cohort.last_on or (last is not None and last > cohort.last_on):
        raise OutsideCohort(cohort)
    if any(one.citizen_id == citizen_id and _overlap(one, first, last) for one in there):
        raise AlreadyOnCohort
    if details.state is not EnrolmentState.PLACED:
        return
    taken = [(one.from_on, one.until_on) for one in there if one.state is EnrolmentState.PLACED]
    if most_at_once(first, last, taken) >= cohort.capacity:
        raise CohortFull(cohort.capacity)


def _overlap(one: CohortEnrolment, first: date, last: date | None) -> bool:
    return one.from_on <= (last or date.max) and first <= (one.until_on or date.max)


def _begin_spell(enrolment: CohortEnrolment, *, by: User, at: datetime) -> Spell | None:
    """The period that the exit leads to; nothing where one of that kind stands on the day already."""
    kind = SPELL_OF_EXIT.get(enrolment.exit) if enrolment.exit else None
    if kind is None or enrolment.until_on is None:
        return None
    begins = enrolment.until_on + timedelta(days=1)
    stands = any(
        one.kind is kind and one.from_on <= begins <= (one.until_on or date.max)
        for one in spells_of(enrolment.citizen_id)
    )
    if stands:
        return None
    return situations.add_spell(enrolment.citizen_id, situations.SpellDetails(kind, begins), by=by, at=at)
