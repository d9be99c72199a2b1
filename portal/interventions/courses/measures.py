"""What goals count of courses: seats that were passed."""

from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from portal.base.terms import GoalUnit, Measure, PeriodKind
from portal.interventions.courses.models import CourseSeat
from portal.loop.citizens.models import Citizen
from portal.web.measures import Ask, Counted, GroupUse, MeasureSpec, Subject, line, listed_by


def _passed(ask: Ask) -> sa.Select[Any]:
    """A line for each seat of the municipality's citizens that was passed in the period."""
    seat = CourseSeat
    return (
        sa.select(*line(seat.citizen_id, seat.passed_on))
        .join(Citizen, Citizen.id == seat.citizen_id)
        .where(
            Citizen.municipality_id == ask.municipality_id,
            seat.passed_on >= ask.first,
            seat.passed_on <= ask.on,
            *_known(ask),
        )
    )


def _known(ask: Ask) -> list[sa.ColumnElement[bool]]:
    """Written by then, and not taken back by then."""
    seat = CourseSeat
    if ask.known_at is None:
        return [seat.replaced_at.is_(None)]
    return [
        seat.ended_recorded_at <= ask.known_at,
        sa.or_(seat.replaced_at.is_(None), seat.replaced_at > ask.known_at),
    ]


MEASURES = (
    MeasureSpec(
        measure=Measure.COURSE_PLACES,
        unit=GoalUnit.COUNT,
        page="courses.index",
        counted=Counted(
            subject=Subject.CITIZENS,
            periods=frozenset({PeriodKind.YEAR, PeriodKind.QUARTER, PeriodKind.PROJECT}),
            group=GroupUse.MAY,
            terms=(),
            lines=listed_by(_passed),
            near_misses=None,
            rule=_l(
                "Kursuspladser, der er bestået i perioden, på dagen, de blev bestået. "
                "Den, der består to kurser, tæller to gange."
            ),
            link=None,
        ),
        needs=_l("En konsulent skriver på kurset, hvem der har bestået, og hvornår."),
    ),
)
