"""What is forgotten of mentors and their agreements. Source: docs/rules.md#situations"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from dateutil.relativedelta import relativedelta

from portal.base.clock import danish_day
from portal.base.database import db
from portal.interventions.mentoring.models import Mentor, MentorAgreement
from portal.loop.citizens.models import Citizen
from portal.shared.accounts.queries import municipalities
from portal.shared.rules.queries import value_on

YEARS: Final = "situation-years"


def forget_agreements(at: datetime, _settings: Mapping[str, Any]) -> Mapping[str, int]:
    """Of citizens who have been passive for the years of their municipality's row; then mentors nothing counts on."""
    gone = 0
    for municipality in municipalities():
        years = int(value_on(YEARS, danish_day(at), municipality.id))
        theirs = sa.select(Citizen.id).where(
            Citizen.municipality_id == municipality.id,
            Citizen.passive_since < at - relativedelta(years=years),
        )
        gone += _delete(sa.delete(MentorAgreement).where(MentorAgreement.citizen_id.in_(theirs)))
    unused = ~sa.exists().where(MentorAgreement.mentor_id == Mentor.id)
    archived = _delete(sa.delete(Mentor).where(Mentor.archived_at.is_not(None), unused))
    return {MentorAgreement.__tablename__: gone, Mentor.__tablename__: archived}


def _delete(statement: sa.Delete) -> int:
    result: Any = db.session.execute(statement.execution_options(synchronize_session=False))
    return int(result.rowcount)
