"""Talks about a job are forgotten of people whom the municipality has not helped for long.

Source: docs/rules.md#situations
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from dateutil.relativedelta import relativedelta

from portal.base.clock import danish_day
from portal.base.database import db
from portal.interventions.aftercare.models import JobTalk
from portal.loop.citizens.models import Citizen
from portal.shared.accounts.queries import municipalities
from portal.shared.rules.queries import value_on

YEARS: Final = "situation-years"


def forget_talks(at: datetime, _settings: Mapping[str, Any]) -> Mapping[str, int]:
    """Of citizens who have been passive for the years of their municipality's row."""
    gone = 0
    for municipality in municipalities():
        years = int(value_on(YEARS, danish_day(at), municipality.id))
        theirs = sa.select(Citizen.id).where(
            Citizen.municipality_id == municipality.id,
            Citizen.passive_since < at - relativedelta(years=years),
        )
        result: Any = db.session.execute(
            sa.delete(JobTalk)
            .where(JobTalk.citizen_id.in_(theirs))
            .execution_options(synchronize_session=False)
        )
        gone += result.rowcount
    return {JobTalk.__tablename__: gone}
