"""What is forgotten of notes. Source: docs/rules.md#situations"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from dateutil.relativedelta import relativedelta

from portal.base.clock import danish_day
from portal.base.database import db
from portal.loop.citizens.models import Citizen
from portal.loop.citizens.traces import take_her_out
from portal.loop.notes.models import CitizenNote
from portal.shared.accounts.queries import municipalities
from portal.shared.rules.queries import value_on

YEARS: Final = "situation-years"


def leave_her_out(citizen: Citizen, **_more: Any) -> None:
    """Hears `events.citizen_erasing`: her own notes go with her, and no note about another names her any more."""
    others = sa.select(Citizen.id).where(
        Citizen.municipality_id == citizen.municipality_id, Citizen.id != citizen.id
    )
    texts = [CitizenNote.text, CitizenNote.struck_because]
    take_her_out(citizen, texts, among=CitizenNote.citizen_id.in_(others))


def forget_notes(at: datetime, _settings: Mapping[str, Any]) -> Mapping[str, int]:
    """Of citizens who have been passive for the years of their municipality's row."""
    gone = 0
    for municipality in municipalities():
        years = int(value_on(YEARS, danish_day(at), municipality.id))
        theirs = sa.select(Citizen.id).where(
            Citizen.municipality_id == municipality.id,
            Citizen.passive_since < at - relativedelta(years=years),
        )
        result: Any = db.session.execute(
            sa.delete(CitizenNote)
            .where(CitizenNote.citizen_id.in_(theirs))
            .execution_options(synchronize_session=False)
        )
        gone += int(result.rowcount)
    return {CitizenNote.__tablename__: gone}
