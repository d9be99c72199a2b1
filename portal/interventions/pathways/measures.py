"""What goals count of packages: the citizens who began on one, once a person. Source: S2, jobpakker."""

from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from portal.base.terms import GoalUnit, Measure, PeriodKind
from portal.interventions.pathways.models import JobPackage, Journey
from portal.interventions.target_groups.queries import standing
from portal.web.measures import Ask, Counted, GroupUse, MeasureSpec, Subject, line, listed_by


def _begun(ask: Ask) -> sa.Select[Any]:
    """Each citizen who began on one of the municipality's packages in the period, on the first day she did."""
    return (
        sa.select(*line(Journey.citizen_id, sa.func.min(Journey.from_on)))
        .join(JobPackage, JobPackage.id == Journey.package_id)
        .where(
            JobPackage.municipality_id == ask.municipality_id,
            Journey.from_on.between(ask.first, ask.on),
            standing(Journey, ask.known_at),
        )
        .group_by(Journey.citizen_id)
    )


MEASURES = (
    MeasureSpec(
        measure=Measure.JOB_PACKAGES,
        unit=GoalUnit.COUNT,
        counted=Counted(
            subject=Subject.CITIZENS,
            periods=frozenset({PeriodKind.YEAR, PeriodKind.QUARTER, PeriodKind.PROJECT}),
            group=GroupUse.MAY,
            terms=(),
            lines=listed_by(_begun),
            near_misses=None,
            rule=_l(
                "Borgere, som begyndte på en af kommunens pakker i perioden. En borger tæller én gang, den første "
                "dag. Egne trin uden pakke tæller ikke."
            ),
            link=None,
        ),
        needs=_l("Sæt borgere på en pakke på deres side."),
        page="pathways.index",
    ),
)
