"""What is forgotten of journeys: those of people whom the municipality has not helped for long.

Figures that are frozen stay what they are. Source: docs/rules.md#situations
"""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from dateutil.relativedelta import relativedelta

from portal.base.clock import danish_day
from portal.base.database import db
from portal.interventions.pathways.models import Journey, JourneySkill, JourneyStep
from portal.interventions.target_groups.forgetting import YEARS
from portal.loop.citizens.models import Citizen
from portal.shared.accounts.queries import municipalities
from portal.shared.rules.queries import value_on


def forget_journeys(at: datetime, _settings: Mapping[str, Any]) -> Mapping[str, int]:
    """Of citizens who have been passive for the years of their municipality's row."""
    gone: Counter[str] = Counter()
    for municipality in municipalities():
        years = int(value_on(YEARS, danish_day(at), municipality.id))
        citizens = sa.select(Citizen.id).where(
            Citizen.municipality_id == municipality.id,
            Citizen.passive_since < at - relativedelta(years=years),
        )
        journeys = sa.select(Journey.id).where(Journey.citizen_id.in_(citizens))
        steps = sa.select(JourneyStep.id).where(JourneyStep.journey_id.in_(journeys))
        gone += Counter(
            {
                JourneySkill.__tablename__: _delete(
                    sa.delete(JourneySkill).where(JourneySkill.step_id.in_(steps))
                ),
                JourneyStep.__tablename__: _delete(
                    sa.delete(JourneyStep).where(JourneyStep.journey_id.in_(journeys))
                ),
                Journey.__tablename__: _delete(sa.delete(Journey).where(Journey.citizen_id.in_(citizens))),
            }
        )
    return {table.__tablename__: gone[table.__tablename__] for table in (Journey, JourneyStep, JourneySkill)}


def _delete(statement: sa.Delete) -> int:
    result: Any = db.session.execute(statement.execution_options(synchronize_session=False))
    return int(result.rowcount)
