"""What cards do when a citizen is set passive or active: the card follows her out of and into the matching."""

from datetime import datetime
from typing import Any

from portal import events
from portal.cards import queries, services
from portal.citizens.models import Citizen


def connect() -> None:
    """Subscribe to the signals of `portal.events`."""
    events.citizen_passive.connect(_rest)
    events.citizen_active.connect(_take_part)


def _rest(citizen: Citizen, *, at: datetime, **_more: Any) -> None:
    card = queries.card_of(citizen)
    if card is not None:
        services.set_active(card, False, at=at)


def _take_part(citizen: Citizen, *, at: datetime, **_more: Any) -> None:
    card = queries.card_of(citizen)
    if card is not None:
        services.set_active(card, True, at=at)
        events.card_changed.send(card, at=at)
