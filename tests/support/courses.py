"""Courses, runs and seats for tests, written as rows."""

from datetime import timedelta
from typing import Any

from portal.base.database import db, transaction
from portal.interventions.courses.models import (
    CostBearer,
    Course,
    CourseRun,
    CourseSeat,
    CourseSkill,
    SeatStatus,
)
from portal.loop.citizens.models import Citizen
from tests.factories import NOW, TODAY, municipality, skill


def make_course(
    name: str = "Hygiejne i køkkenet",
    *,
    skills: dict[str, int] | None = None,
    in_municipality: str = "Halsnæs",
    **values: Any,
) -> Course:
    """A course that teaches `skills`, names with levels."""
    wanted = {"køkkenhygiejne": 2} if skills is None else skills
    with transaction():
        course = Course(
            **{
                "municipality_id": municipality(in_municipality).id,
                "name": name,
                "provider": "VUC Nordsjælland",
                "created_at": NOW - timedelta(days=200),
                **values,
            }
        )
        course.skills = [CourseSkill(skill_id=skill(one).id, level=level) for one, level in wanted.items()]
        db.session.add(course)
    return course


def make_run(course: Course | None = None, **values: Any) -> CourseRun:
    """Three seats, from in ten days on."""
    of = course or make_course()
    with transaction():
        run = CourseRun(
            **{
                "course_id": of.id,
                "first_day": TODAY + timedelta(days=10),
                "last_day": TODAY + timedelta(days=20),
                "place": "Frederiksværk",
                "seats": 3,
                "cost_bearer": CostBearer.MUNICIPALITY,
                "created_at": NOW - timedelta(days=100),
                **values,
            }
        )
        db.session.add(run)
    return run


def make_seat(citizen: Citizen, run: CourseRun | None = None, **values: Any) -> CourseSeat:
    on = run or make_run()
    with transaction():
        seat = CourseSeat(
            **{
                "run_id": on.id,
                "citizen_id": citizen.id,
                "status": SeatStatus.BOOKED,
                "wished_on": TODAY - timedelta(days=30),
                "booked_on": TODAY - timedelta(days=20),
                "recorded_at": NOW - timedelta(days=30),
                **values,
            }
        )
        db.session.add(seat)
    return seat
