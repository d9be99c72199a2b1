"""Commands of seats: wish, give, begin, pass, stop. Never are more people on a run than it has seats.

Passing writes on her card what the course teaches, which has her suggestions compared anew, and the days she was there
as a period of activity.
"""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from dateutil.relativedelta import relativedelta
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

from portal.base.clock import danish_day
from portal.base.database import db
from portal.base.errors import DomainError
from portal.base.terms import SkillSource
from portal.interventions.courses import queries
from portal.interventions.courses.models import Course, CourseRun, CourseSeat, SeatStatus
from portal.interventions.courses.services import RunIsCancelled, hold_run
from portal.interventions.target_groups import situations
from portal.loop.cards import services as cards
from portal.loop.cards.queries import card_of
from portal.loop.cards.services import ToldCertificate, ToldSkill
from portal.loop.citizens.models import Citizen
from portal.shared.accounts.models import User
from portal.shared.audit import services as audit


class RunIsOver(DomainError):
    message = _l("Forløbet er slut eller aflyst, eller kurset er arkiveret. Vælg et andet.")


class HasSeatAlready(DomainError):
    message = _l("Borgeren har allerede en plads eller et ønske på det forløb.")


class NoSeatLeft(DomainError):
    message = _l("Der er ikke flere ledige pladser på forløbet. Borgeren kan stå som ønsket.")


class SeatMovedOn(DomainError):
    message = _l("Pladsen er ændret i mellemtiden. Se, hvad der står nu.")


class BeforeTheRun(DomainError):
    message = _l("Dagen ligger før forløbets første dag.")


class StoppedBeforeWished(DomainError):
    message = _l("Dagen ligger før den dag, borgeren blev skrevet på.")


def wish_seat(run: CourseRun, citizen: Citizen, *, by: User | None, at: datetime) -> CourseSeat:
    """She would like to come on it. Raises RunIsOver, HasSeatAlready."""
    day = danish_day(at)
    hold_run(run)  # before the row that refers to it, or two who also give seats wait for each other
    if not run.takes_in(day):
        raise RunIsOver
    seat = CourseSeat(
        run_id=run.id,
        citizen_id=citizen.id,
        status=SeatStatus.WISHED,
        wished_on=day,
        recorded_at=at,
        recorded_by_id=by.id if by else None,
        replaced_because="",
    )
    try:
        with db.session.begin_nested():
            db.session.add(seat)
    except IntegrityError as error:
        raise HasSeatAlready from error
    audit.record("course-seat-wished", subject=seat, by=by, at=at, citizen_id=citizen.id)
    return seat


def book_seat(seat: CourseSeat, *, by: User | None, at: datetime) -> None:
    """Give her the seat. Raises RunIsOver, NoSeatLeft, SeatMovedOn."""
    run = seat.run
    hold_run(run)
    if not run.takes_in(danish_day(at)):
        raise RunIsOver
    if queries.seats_taken(run.id) >= run.seats:
        raise NoSeatLeft
    _move(seat, (SeatStatus.WISHED,), status=SeatStatus.BOOKED, booked_on=danish_day(at))
    audit.record("course-seat-booked", subject=seat, by=by, at=at, citizen_id=seat.citizen_id)


def begin_seat(seat: CourseSeat, on: date, *, by: User | None, at: datetime) -> None:
    """She has come. Raises BeforeTheRun, RunIsCancelled, SeatMovedOn."""
    _check_held(seat, on)
    _move(seat, (SeatStatus.BOOKED,), status=SeatStatus.ATTENDING, attending_from=on)
    audit.record("course-seat-begun", subject=seat, by=by, at=at, citizen_id=seat.citizen_id)


def pass_seat(seat: CourseSeat, on: date, *, by: User, at: datetime) -> None:
    """She has passed: her card says so, and her suggestions are compared anew.

    Raises BeforeTheRun, RunIsCancelled, SeatMovedOn.
    """
    began = seat.attending_from or seat.run.first_day
    _check_held(seat, on)
    _move(
        seat,
        (SeatStatus.BOOKED, SeatStatus.ATTENDING),
        status=SeatStatus.PASSED,
        attending_from=min(began, on),
        passed_on=on,
        ended_recorded_at=at,
    )
    audit.record("course-seat-passed", subject=seat, by=by, at=at, citizen_id=seat.citizen_id)
    _put_on_card(seat, on, by=by, at=at)
    situations.note_course(seat.citizen_id, min(began, on), on, by=by, at=at)


def stop_seat(seat: CourseSeat, on: date, *, by: User, at: datetime) -> None:
    """She does not come, or not any more: the seat is free again. Raises StoppedBeforeWished, SeatMovedOn."""
    if on < seat.wished_on or (seat.attending_from is not None and on < seat.attending_from):
        raise StoppedBeforeWished
    began = seat.attending_from if seat.status is SeatStatus.ATTENDING else None
    _move(
        seat,
        (SeatStatus.WISHED, SeatStatus.BOOKED, SeatStatus.ATTENDING),
        status=SeatStatus.STOPPED,
        stopped_on=on,
        ended_recorded_at=at,
    )
    audit.record("course-seat-stopped", subject=seat, by=by, at=at, citizen_id=seat.citizen_id)
    if began is not None:
        situations.note_course(seat.citizen_id, began, on, by=by, at=at)


def _check_held(seat: CourseSeat, on: date) -> None:
    hold_run(seat.run)
    if seat.run.is_cancelled:
        raise RunIsCancelled
    if on < (seat.attending_from or seat.run.first_day):
        raise BeforeTheRun


def _move(seat: CourseSeat, those: tuple[SeatStatus, ...], **values: Any) -> None:
    """Guarded, so that of two at once one is told. Raises SeatMovedOn."""
    statement = (
        sa.update(CourseSeat)
        .where(CourseSeat.id == seat.id, CourseSeat.status.in_(those), CourseSeat.replaced_at.is_(None))
        .values(values)
        .execution_options(synchronize_session=False)
    )
    if db.session.scalar(statement.returning(CourseSeat.id)) is None:
        raise SeatMovedOn
    db.session.refresh(seat)


def _put_on_card(seat: CourseSeat, on: date, *, by: User, at: datetime) -> None:
    """All that the course gives, as one change of the card; who has no card has passed all the same."""
    card, course = card_of(seat.citizen), seat.run.course
    if card is not None:
        cards.add_told(card, told_by(course, on), source=SkillSource.COURSE, by=by, at=at, seen_on=on)


def told_by(course: Course, on: date) -> list[ToldSkill | ToldCertificate]:
    """What is put on the card of who passed on the day."""
    told: list[ToldSkill | ToldCertificate] = [
        ToldSkill(line.skill.name, line.skill_id, chosen=True, level=line.level) for line in course.skills
    ]
    if course.certificate:
        known = course.certificate_skill_id is not None
        years = course.certificate_years
        told.append(
            ToldCertificate(
                course.certificate,
                course.certificate_skill_id,
                chosen=known,
                own_words=not known,
                valid_until=on + relativedelta(years=years) if years else None,
            )
        )
    return told
