"""What groups say in citizens' timelines: when somebody began and stopped, never whether she came."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask_babel import lazy_gettext as _l

from portal.interventions.cohorts.models import Cohort, CohortEnrolment, EnrolmentState
from portal.web.permissions import Action
from portal.web.timeline import Chapter, LineKind, happened


def _lines(citizen_id: int) -> Sequence[sa.Select[Any]]:
    return tuple(
        happened(what, on, Cohort.id, Cohort.name)
        .join(CohortEnrolment, CohortEnrolment.cohort_id == Cohort.id)
        .where(
            CohortEnrolment.citizen_id == citizen_id,
            CohortEnrolment.replaced_at.is_(None),
            CohortEnrolment.state == state,
        )
        for what, on, state in (
            ("cohort-begun", CohortEnrolment.from_on, EnrolmentState.PLACED),
            ("cohort-left", CohortEnrolment.until_on, EnrolmentState.PLACED),
            ("cohort-waiting", CohortEnrolment.from_on, EnrolmentState.WAITING),
        )
    )


GROUPS_JOINED = Chapter(
    LineKind.COHORT,
    _lines,
    {
        "cohort-begun": _l("Første dag på holdet %(title)s"),
        "cohort-left": _l("Sidste dag på holdet %(title)s"),
        "cohort-waiting": _l("Venter på en plads på holdet %(title)s"),
    },
    lambda cohort_id: url_for("cohorts.detail", cohort_id=cohort_id),
    Action.RECORD_EFFORTS,
)
