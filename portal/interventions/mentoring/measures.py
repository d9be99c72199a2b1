"""What goals count of mentors: the courses that began. Source: S2, mentors."""

from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from portal.base.terms import GoalUnit, Measure, PeriodKind
from portal.interventions.mentoring.models import Mentor, MentorAgreement
from portal.web.measures import Ask, Counted, GroupUse, MeasureSpec, Subject, line, listed_by


def _begun(ask: Ask) -> sa.Select[Any]:
    """The agreements that were said yes to and whose first day lies in the period."""
    table = MentorAgreement
    known = (
        [table.agreed_at.is_not(None), table.withdrawn_at.is_(None)]
        if ask.known_at is None
        else [
            table.agreed_at <= ask.known_at,
            sa.or_(table.withdrawn_at.is_(None), table.withdrawn_at > ask.known_at),
        ]
    )
    return (
        sa.select(*line(table.citizen_id, table.from_on))
        .join(table.mentor)
        .where(
            Mentor.municipality_id == ask.municipality_id, table.from_on.between(ask.first, ask.on), *known
        )
    )


MEASURES = (
    MeasureSpec(
        measure=Measure.MENTOR_COURSES,
        unit=GoalUnit.COUNT,
        counted=Counted(
            subject=Subject.CITIZENS,
            periods=frozenset({PeriodKind.YEAR, PeriodKind.QUARTER, PeriodKind.PROJECT}),
            group=GroupUse.MAY,
            terms=(),
            lines=listed_by(_begun),
            near_misses=None,
            rule=_l("Aftaler, som en mentor har sagt ja til, og hvis første dag ligger i perioden."),
            link=None,
        ),
        needs=_l("Skriv aftaler med mentorer, og notér mentorens ja."),
        page="mentoring.index",
    ),
)
