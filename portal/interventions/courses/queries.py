"""Reads of courses, runs and seats: each as its reader may see it."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from portal.base import events
from portal.base.alphabet import alphabetical
from portal.base.database import db
from portal.base.terms import Industry
from portal.interventions.courses.models import (
    TAKING,
    Course,
    CourseCount,
    CourseLift,
    CourseRun,
    CourseSeat,
    CourseSkill,
    SeatStatus,
)
from portal.interventions.target_groups.queries import standing
from portal.loop.citizens.models import Citizen
from portal.loop.citizens.queries import citizens_found, citizens_seen_by
from portal.shared.accounts.models import Municipality, User
from portal.shared.neighbours.queries import neighbour_ids
from portal.web.permissions import Action, Scope
from portal.web.searching import found

ALL = "all"
ARCHIVED = "archived"


# --- Courses ---------------------------------------------------------------------------------------------------


def is_shared_with(municipality_id: int | None, on: date) -> sa.ColumnElement[bool]:
    """Runs that a neighbour shares with the municipality on the day; the course is joined."""
    return sa.and_(
        CourseRun.shared_with_neighbours,
        CourseRun.cancelled_at.is_(None),
        CourseRun.last_day >= on,
        Course.archived_at.is_(None),
        Course.municipality_id.in_(neighbour_ids(municipality_id, on=on)),
    )


def visible_courses(user: User, on: date) -> sa.Select[Course]:
    """The municipality's own, and those of which a neighbour shares a run that is not over."""
    statement = sa.select(Course)
    if user.scope_of(Action.READ_EFFORTS) is not Scope.MUNICIPALITY:
        return statement.where(sa.false())
    shared = (
        sa.select(CourseRun.id)
        .where(CourseRun.course_id == Course.id, is_shared_with(user.municipality_id, on))
        .correlate(Course)
    )
    return statement.where(sa.or_(Course.municipality_id == user.municipality_id, shared.exists()))


def course_for(user: User, course_id: int, on: date) -> Course:
    """Raises NoResultFound for what she may not see."""
    statement = visible_courses(user, on).where(Course.id == course_id)
    options = (
        joinedload(Course.municipality),
        joinedload(Course.created_by),
        joinedload(Course.certificate_skill),
        selectinload(Course.skills).joinedload(CourseSkill.skill),
    )
    return db.session.scalars(statement.options(*options)).one()


def own_course_for(user: User, course_id: int, on: date) -> Course:
    """Only those the reader's municipality changes. Raises NoResultFound."""
    course = course_for(user, course_id, on)
    return course if course.municipality_id == user.municipality_id else _nobody()


def _nobody() -> Any:
    return db.session.scalars(sa.select(Course).where(sa.false())).one()


def course_list(
    user: User, on: date, *, words: str = "", industry: str = "", state: str = ""
) -> sa.Select[Any]:
    """Rows of Course, `home` (the municipality's name), `next_day` of a run to come, and `free` seats on those."""
    coming = (
        CourseRun.course_id == Course.id,
        CourseRun.cancelled_at.is_(None),
        CourseRun.first_day > on,
        sa.or_(Course.municipality_id == user.municipality_id, CourseRun.shared_with_neighbours),
    )
    next_day = sa.select(sa.func.min(CourseRun.first_day)).where(*coming).correlate(Course)
    free = (
        sa.select(sa.func.coalesce(sa.func.sum(CourseRun.seats - taken_of_run()), 0))
        .where(*coming)
        .correlate(Course)
    )
    statement = (
        visible_courses(user, on)
        .join(Municipality, Municipality.id == Course.municipality_id)
        .add_columns(
            Municipality.name.label("home"),
            next_day.scalar_subquery().label("next_day"),
            free.scalar_subquery().label("free"),
        )
        .options(selectinload(Course.skills).joinedload(CourseSkill.skill))
    )
    if words:
        statement = statement.where(
            found(words, Course.name, Course.provider, Course.certificate, Course.description)
        )
    if industry in set(Industry):
        statement = statement.where(Course.industry == Industry(industry))
    if state == ALL:
        return statement
    return statement.where(Course.archived_at.is_not(None) == (state == ARCHIVED))


def course_name_taken(municipality_id: int, name: str, *, but: int | None = None) -> bool:
    statement = sa.select(Course.id).where(
        Course.municipality_id == municipality_id,
        sa.func.lower(Course.name) == name.lower(),
        Course.id != (but or 0),
    )
    return db.session.scalar(statement) is not None


# --- Runs ------------------------------------------------------------------------------------------------------


def taken_of_run() -> sa.ScalarSelect[int]:
    """How many seats of the run of the row are taken."""
    seat = CourseSeat.__table__.alias()
    return (
        sa.select(sa.func.count())
        .select_from(seat)
        .where(seat.c.run_id == CourseRun.id, seat.c.replaced_at.is_(None), seat.c.status.in_(TAKING))
        .correlate(CourseRun)
        .scalar_subquery()
    )


def wished_of_run() -> sa.ScalarSelect[int]:
    """How many wish a seat on the run of the row and have none."""
    seat = CourseSeat.__table__.alias()
    return (
        sa.select(sa.func.count())
        .select_from(seat)
        .where(
            seat.c.run_id == CourseRun.id,
            seat.c.replaced_at.is_(None),
            seat.c.status == SeatStatus.WISHED,
        )
        .correlate(CourseRun)
        .scalar_subquery()
    )


def seats_taken(run_id: int) -> int:
    return (
        db.session.scalar(sa.select(taken_of_run()).select_from(CourseRun).where(CourseRun.id == run_id)) or 0
    )


def has_passed(run_id: int) -> bool:
    statement = sa.select(CourseSeat.id).where(
        CourseSeat.run_id == run_id, standing(CourseSeat), CourseSeat.status == SeatStatus.PASSED
    )
    return db.session.scalar(statement.limit(1)) is not None


def visible_runs(user: User, on: date) -> sa.Select[CourseRun]:
    """Those of the municipality's courses, and what neighbours share and is not over."""
    statement = sa.select(CourseRun).join(CourseRun.course)
    if user.scope_of(Action.READ_EFFORTS) is not Scope.MUNICIPALITY:
        return statement.where(sa.false())
    own_seat = (
        sa.exists()
        .where(
            CourseSeat.run_id == CourseRun.id,
            CourseSeat.citizen_id == Citizen.id,
            Citizen.municipality_id == user.municipality_id,
        )
        .correlate(CourseRun)
    )
    return statement.where(
        sa.or_(
            Course.municipality_id == user.municipality_id,
            is_shared_with(user.municipality_id, on),
            sa.and_(CourseRun.shared_with_neighbours, own_seat),
        )
    )


def run_for(user: User, run_id: int, on: date) -> CourseRun:
    """Raises NoResultFound for what she may not see."""
    statement = visible_runs(user, on).where(CourseRun.id == run_id)
    course = contains_eager(CourseRun.course)
    return db.session.scalars(
        statement.options(
            course.joinedload(Course.municipality),
            course.selectinload(Course.skills).joinedload(CourseSkill.skill),
            course.joinedload(Course.certificate_skill),
        )
    ).one()


def own_run_for(user: User, run_id: int, on: date) -> CourseRun:
    """Only those the reader's municipality changes. Raises NoResultFound."""
    run = run_for(user, run_id, on)
    return run if run.course.municipality_id == user.municipality_id else _nobody()


def runs_of_course(user: User, course: Course, on: date) -> Sequence[Any]:
    """Rows of CourseRun, `taken` and `wished`, the latest first."""
    statement = (
        visible_runs(user, on)
        .where(CourseRun.course_id == course.id)
        .add_columns(taken_of_run().label("taken"), wished_of_run().label("wished"))
        .order_by(CourseRun.first_day.desc(), CourseRun.id.desc())
    )
    return db.session.execute(statement).all()


def open_runs(user: User, on: date) -> Sequence[Any]:
    """Rows of CourseRun and `taken`: those that begin later and have seats left, the first to begin first.

    With their courses and what those teach, in two statements.
    """
    statement = (
        visible_runs(user, on)
        .where(
            CourseRun.cancelled_at.is_(None),
            CourseRun.first_day > on,
            Course.archived_at.is_(None),
            CourseRun.seats > taken_of_run(),
        )
        .add_columns(taken_of_run().label("taken"))
        .options(contains_eager(CourseRun.course).selectinload(Course.skills).joinedload(CourseSkill.skill))
        .order_by(CourseRun.first_day, CourseRun.id)
    )
    return db.session.execute(statement).all()


# --- Seats -----------------------------------------------------------------------------------------------------


def visible_seats(user: User) -> sa.Select[CourseSeat]:
    """Of the municipality's citizens, and of everybody on its own runs; a neighbour's citizen has no name here."""
    statement = (
        sa.select(CourseSeat)
        .join(CourseSeat.run)
        .join(CourseRun.course)
        .join(CourseSeat.citizen)
        .where(standing(CourseSeat))
    )
    if user.scope_of(Action.RECORD_EFFORTS) is not Scope.MUNICIPALITY:
        return statement.where(sa.false())
    return statement.where(
        sa.or_(
            Citizen.municipality_id == user.municipality_id,
            Course.municipality_id == user.municipality_id,
        )
    )


def seat_for(user: User, seat_id: int) -> CourseSeat:
    """Raises NoResultFound for another municipality's on another municipality's run."""
    statement = visible_seats(user).where(CourseSeat.id == seat_id)
    course = contains_eager(CourseSeat.run).contains_eager(CourseRun.course)
    return db.session.scalars(
        statement.options(
            contains_eager(CourseSeat.citizen),
            course.selectinload(Course.skills).joinedload(CourseSkill.skill),
            joinedload(CourseSeat.recorded_by),
        )
    ).one()


def own_seat_for(user: User, seat_id: int) -> CourseSeat:
    """Only of the reader's own citizens: who writes on her card. Raises NoResultFound."""
    seat = seat_for(user, seat_id)
    return seat if seat.citizen.municipality_id == user.municipality_id else _nobody()


def seats_of_run(user: User, run: CourseRun, *, words: str = "", status: str = "") -> sa.Select[Any]:
    """Rows of CourseSeat, Citizen, `home` and `card_number`. Whom to name, `is_ours` of the row says."""
    cards = events.cards_by_citizen()
    statement = (
        visible_seats(user)
        .where(CourseSeat.run_id == run.id)
        .join(Municipality, Municipality.id == Citizen.municipality_id)
        .outerjoin(cards, cards.c.citizen_id == Citizen.id)
        .add_columns(
            Citizen,
            Municipality.name.label("home"),
            cards.c.id.label("card_id"),
            cards.c.number.label("card_number"),
            (Citizen.municipality_id == user.municipality_id).label("is_ours"),
        )
    )
    if words:
        statement = statement.where(
            Citizen.municipality_id == user.municipality_id, citizens_found(words, cards.c.number)
        )
    if status in set(SeatStatus):
        statement = statement.where(CourseSeat.status == SeatStatus(status))
    return statement


def seats_of_citizen(citizen_id: int) -> list[CourseSeat]:
    """Those that stand, the latest first, with run and course."""
    statement = (
        sa.select(CourseSeat)
        .join(CourseSeat.run)
        .where(CourseSeat.citizen_id == citizen_id, standing(CourseSeat))
        .options(
            contains_eager(CourseSeat.run)
            .joinedload(CourseRun.course)
            .options(
                selectinload(Course.skills).joinedload(CourseSkill.skill),
                joinedload(Course.certificate_skill),
            )
        )
        .order_by(CourseRun.first_day.desc(), CourseSeat.id.desc())
    )
    return list(db.session.scalars(statement))


def candidate_list(user: User, run: CourseRun, *, words: str = "") -> sa.Select[Any]:
    """Rows of Citizen and `card_number`: whom the user may see, and who has no seat on the run."""
    cards = events.cards_by_citizen()
    seat = CourseSeat.__table__.alias()
    there = sa.exists().where(
        seat.c.run_id == run.id,
        seat.c.citizen_id == Citizen.id,
        seat.c.replaced_at.is_(None),
        seat.c.status != SeatStatus.STOPPED,
    )
    statement = (
        citizens_seen_by(user)
        .where(~there)
        .outerjoin(cards, cards.c.citizen_id == Citizen.id)
        .add_columns(cards.c.number.label("card_number"))
    )
    return statement.where(citizens_found(words, cards.c.number)) if words else statement


def status_counts(run: CourseRun) -> dict[SeatStatus, int]:
    """How many seats of the run stand in each status."""
    statement = (
        sa.select(CourseSeat.status, sa.func.count())
        .where(CourseSeat.run_id == run.id, standing(CourseSeat))
        .group_by(CourseSeat.status)
    )
    found_ones = {row[0]: row[1] for row in db.session.execute(statement)}
    return {status: found_ones.get(status, 0) for status in SeatStatus}


# --- What the courses would lift ---------------------------------------------------------------------------------


def count_of(municipality_id: int) -> CourseCount | None:
    return db.session.get(CourseCount, municipality_id)


def lifts_of(municipality_id: int) -> Sequence[CourseLift]:
    """Those of courses and of skills without one, with their names, most people first."""
    statement = (
        sa.select(CourseLift)
        .where(CourseLift.municipality_id == municipality_id)
        .options(joinedload(CourseLift.course), joinedload(CourseLift.skill))
        .order_by(CourseLift.people.desc(), CourseLift.places.desc(), CourseLift.id)
    )
    return db.session.scalars(statement).all()


def courses_to_count(municipality_id: int, on: date) -> list[Course]:
    """The municipality's own in use, and those of which a neighbour shares a run."""
    shared = (
        sa.select(CourseRun.id)
        .where(CourseRun.course_id == Course.id, is_shared_with(municipality_id, on))
        .correlate(Course)
    )
    statement = (
        sa.select(Course)
        .where(
            Course.archived_at.is_(None),
            sa.or_(Course.municipality_id == municipality_id, shared.exists()),
        )
        .options(selectinload(Course.skills).joinedload(CourseSkill.skill))
        .order_by(alphabetical(Course.name), Course.id)
    )
    return list(db.session.scalars(statement))


def skill_ids_taught(courses: Iterable[Course]) -> set[int]:
    taught = {line.skill_id for course in courses for line in course.skills}
    return taught | {one.certificate_skill_id for one in courses if one.certificate_skill_id is not None}
