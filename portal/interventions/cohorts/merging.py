"""What of groups cannot stand twice when two citizens become one: what stands of the one who stays counts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.base.database import db
from portal.interventions.cohorts.models import CohortAttendance, CohortEnrolment, LanguageHours, TeamGoal
from portal.interventions.target_groups.queries import standing


def _rows(table: Any, citizen_id: int) -> Sequence[Any]:
    statement = sa.select(table).where(table.citizen_id == citizen_id, standing(table)).order_by(table.id)
    return db.session.scalars(statement).all()


def _retire(table: Any, kept_id: int, gone_id: int, at: datetime, *key: str) -> None:
    """Of both standing rows with the same key the one who goes loses hers."""
    taken = {tuple(getattr(row, name) for name in key) for row in _rows(table, kept_id)}
    for row in _rows(table, gone_id):
        if tuple(getattr(row, name) for name in key) in taken:
            row.replaced_at = at
    db.session.flush()


def join_enrolments(kept_id: int, gone_id: int, at: datetime) -> None:
    """Of two stays on one group that share days the kept citizen's stands: she had one place, not two."""
    kept = _rows(CohortEnrolment, kept_id)
    for row in _rows(CohortEnrolment, gone_id):
        if any(one.cohort_id == row.cohort_id and _share_days(one, row) for one in kept):
            row.replaced_at = at
    db.session.flush()


def _share_days(one: CohortEnrolment, other: CohortEnrolment) -> bool:
    until, others_until = one.until_on, other.until_on
    return (others_until is None or one.from_on <= others_until) and (until is None or other.from_on <= until)


def join_attendance(kept_id: int, gone_id: int, at: datetime) -> None:
    _retire(CohortAttendance, kept_id, gone_id, at, "session_id")


def join_team_goals(kept_id: int, gone_id: int, at: datetime) -> None:
    _retire(TeamGoal, kept_id, gone_id, at)


def join_hours(kept_id: int, gone_id: int, at: datetime) -> None:
    _retire(LanguageHours, kept_id, gone_id, at, "month_on")
