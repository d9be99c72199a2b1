"""What is forgotten of people whom the municipality has not helped for long: places, attendance, hours, goals.

Figures that are frozen stay what they are. Source: docs/rules.md#situations
"""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from dateutil.relativedelta import relativedelta

from portal.base.clock import danish_day
from portal.base.database import db
from portal.interventions.cohorts.models import CohortAttendance, CohortEnrolment, LanguageHours, TeamGoal
from portal.interventions.target_groups.forgetting import YEARS
from portal.loop.citizens.models import Citizen
from portal.shared.accounts.queries import municipalities
from portal.shared.rules.queries import value_on

TABLES: Final[tuple[Any, ...]] = (CohortAttendance, CohortEnrolment, LanguageHours, TeamGoal)


def forget_cohorts(at: datetime, _settings: Mapping[str, Any]) -> Mapping[str, int]:
    """Of citizens who have been passive for the years of their municipality's row."""
    gone: Counter[str] = Counter()
    for municipality in municipalities():
        years = int(value_on(YEARS, danish_day(at), municipality.id))
        theirs = sa.select(Citizen.id).where(
            Citizen.municipality_id == municipality.id,
            Citizen.passive_since < at - relativedelta(years=years),
        )
        for table in TABLES:
            result: Any = db.session.execute(
                sa.delete(table)
                .where(table.citizen_id.in_(theirs))
                .execution_options(synchronize_session=False)
            )
            gone[table.__tablename__] += result.rowcount
    return gone
