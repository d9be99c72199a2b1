"""What courses say in citizens' timelines."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask_babel import lazy_gettext as _l

from portal.interventions.courses.models import Course, CourseRun, CourseSeat
from portal.web.permissions import Action
from portal.web.timeline import Chapter, LineKind, happened


def _lines(citizen_id: int) -> Sequence[sa.Select[Any]]:
    return tuple(
        happened(what, on, CourseSeat.id, Course.name)
        .select_from(CourseSeat)
        .join(CourseRun, CourseRun.id == CourseSeat.run_id)
        .join(Course, Course.id == CourseRun.course_id)
        .where(CourseSeat.citizen_id == citizen_id, CourseSeat.replaced_at.is_(None))
        for what, on in (
            ("course-wished", CourseSeat.wished_on),
            ("course-booked", CourseSeat.booked_on),
            ("course-begun", CourseSeat.attending_from),
            ("course-passed", CourseSeat.passed_on),
            ("course-stopped", CourseSeat.stopped_on),
        )
    )


SEATS = Chapter(
    LineKind.COURSE,
    _lines,
    {
        "course-wished": _l("Ønskede en plads på kurset %(title)s"),
        "course-booked": _l("Fik en plads på kurset %(title)s"),
        "course-begun": _l("Begyndte på kurset %(title)s"),
        "course-passed": _l("Bestod kurset %(title)s"),
        "course-stopped": _l("Stoppede på kurset %(title)s"),
    },
    lambda seat_id: url_for("course_seats.seat", seat_id=seat_id),
    Action.RECORD_EFFORTS,
)
