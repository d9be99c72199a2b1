"""Erasing a person through all rooms: every row that leads to her goes (citizens/footprint.py), or nothing.

Mails in whose text she stands go as well. Kept without a person: the employer's occupied places (the ratio of that
time) and the lines of the audit (ids only). Kept as it was typed: what others wrote of themselves and their openings.
Source: docs/rules.md#erasure
"""

from datetime import datetime
from functools import partial
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from portal.base import events
from portal.base.database import db
from portal.base.errors import DomainError
from portal.loop.cards.models import CompetenceCard
from portal.loop.citizens.footprint import rows_about
from portal.loop.citizens.models import Citizen
from portal.loop.citizens.traces import is_named, words_of_hers_alone
from portal.loop.placements.models import Placement, PlacementStatus
from portal.shared.outbox.services import drop_about, drop_naming
from portal.web.rooms import Room

_OPEN = (PlacementStatus.PLANNED, PlacementStatus.RUNNING)


class PlacementStillOpen(DomainError):
    message = _l(
        "Borgeren har et forløb, som er planlagt eller i gang. Aflys eller afslut det, før borgeren slettes."
    )


def erase_upper_rooms(citizen: Citizen, *, at: datetime, again: bool = False, **_more: Any) -> None:
    """Raises PlacementStillOpen, unless a restored backup is being cleaned `again`."""
    cards = sa.select(CompetenceCard.id).where(CompetenceCard.citizen_id == citizen.id)
    placements = sa.select(Placement.id).where(Placement.card_id.in_(cards))
    open_one = placements.where(Placement.status.in_(_OPEN)).limit(1)
    if not again and db.session.scalar(open_one) is not None:
        raise PlacementStillOpen
    db.session.flush()
    words = words_of_hers_alone(citizen)
    drop_naming(partial(is_named, words))
    for table, hers in reversed(rows_about(citizen.id).items()):
        if table.name == Citizen.__tablename__:
            continue  # the step that erases her deletes her own row last
        if "id" in table.c:
            drop_about(table.name, sa.select(table.c.id).where(hers))
        db.session.execute(sa.delete(table).where(hers))


room = Room(hears=((events.citizen_erasing, erase_upper_rooms),))
