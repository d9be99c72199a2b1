"""A citizen who takes part in every effort that goals count, as it was written down on a day."""

from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from portal.base.database import db, transaction
from portal.interventions.cohorts.models import CohortKind, CohortSort, HoursSource, LanguageHours
from portal.interventions.courses.models import CostBearer, Course, CourseRun, CourseSeat, SeatStatus
from portal.interventions.mentoring.models import MentorYesVia
from portal.interventions.pathways.models import JobPackage, Journey
from portal.loop.citizens.models import Citizen
from tests.factories import make_cohort, make_enrolment, make_mentor_agreement, make_package, municipality


def take_part(citizen: Citizen, on: date, *, recorded_at: datetime) -> None:
    """A group for women, a month at the language school, a course she passed, a package and a mentor."""
    with transaction():
        kind = db.session.scalars(
            sa.select(CohortKind.id).where(CohortKind.sort == CohortSort.SPECIAL_TEACHING)
        ).first()
    cohort = make_cohort(f"Hold {citizen.id}", kind_id=kind, first_on=on, last_on=on + timedelta(days=90))
    make_enrolment(cohort, citizen, recorded_at=recorded_at)
    make_mentor_agreement(
        citizen,
        from_on=on,
        until_on=on + timedelta(days=90),
        citizen_agreed_on=on,
        proposed_at=recorded_at,
        agreed_at=recorded_at,
        answered_via=MentorYesVia.PHONE,
    )
    with transaction():
        there = sa.select(JobPackage).where(JobPackage.name == "Vejen til køkkenet")
        package = db.session.scalars(there).first()
    package_id = (package or make_package()).id
    written: dict[str, Any] = {"citizen_id": citizen.id, "recorded_at": recorded_at}
    with transaction():
        course = Course(
            municipality_id=municipality().id, name=f"Kursus {citizen.id}", created_at=recorded_at
        )
        run = CourseRun(
            course=course,
            first_day=on,
            last_day=on,
            place="Skolen",
            seats=10,
            cost_bearer=next(iter(CostBearer)),
            created_at=recorded_at,
        )
        db.session.add_all((course, run))
        db.session.flush()
        passed = {"status": SeatStatus.PASSED, "wished_on": on, "attending_from": on, "passed_on": on}
        db.session.add_all(
            (
                CourseSeat(run_id=run.id, ended_recorded_at=recorded_at, **passed, **written),
                LanguageHours(
                    month_on=on.replace(day=1),
                    planned=40,
                    attended=30,
                    source=next(iter(HoursSource)),
                    **written,
                ),
                Journey(package_id=package_id, name="Vejen til køkkenet", from_on=on, **written),
            )
        )
