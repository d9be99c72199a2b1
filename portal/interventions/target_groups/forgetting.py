"""What is forgotten of people whom the municipality has not helped for long: groups, periods, steps and arrival.

Figures that are frozen stay what they are. Source: docs/rules.md#situations
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from dateutil.relativedelta import relativedelta

from portal.base.clock import danish_day
from portal.base.database import db
from portal.interventions.target_groups.models import Arrival, Membership, Spell, SpellProposal, StepPlacing
from portal.loop.citizens.models import Citizen
from portal.shared.accounts.queries import municipalities
from portal.shared.rules.queries import value_on

YEARS: Final = "situation-years"

TABLES: Final[tuple[Any, ...]] = (SpellProposal, Spell, Membership, StepPlacing, Arrival)
"""Each before what it points to."""


def forget_situations(at: datetime, _settings: Mapping[str, Any]) -> Mapping[str, int]:
    """Where they were."""
    return forget_of_the_long_passive(TABLES, at)


def forget_of_the_long_passive(tables: Iterable[Any], at: datetime) -> Mapping[str, int]:
    """Delete rows of citizens who have been passive for the years of their municipality's row. Returns how many."""
    gone: Counter[str] = Counter()
    for municipality in municipalities():
        years = int(value_on(YEARS, danish_day(at), municipality.id))
        theirs = sa.select(Citizen.id).where(
            Citizen.municipality_id == municipality.id,
            Citizen.passive_since < at - relativedelta(years=years),
        )
        for table in tables:
            result: Any = db.session.execute(
                sa.delete(table)
                .where(table.citizen_id.in_(theirs))
                .execution_options(synchronize_session=False)
            )
            gone[table.__tablename__] += result.rowcount
    return gone
