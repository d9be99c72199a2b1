"""What cards do when a citizen is set passive or active, and when a word of the vocabulary changes its meaning."""

from datetime import datetime
from typing import Any

from portal.base import events
from portal.loop.cards import queries, services
from portal.loop.citizens.models import Citizen
from portal.shared.skills.models import Skill


def connect() -> None:
    """Subscribe to the signals of `portal.base.events`."""
    events.citizen_passive.connect(_rest)
    events.citizen_active.connect(_take_part)
    events.vocabulary_changed.connect(_relink)


def _rest(citizen: Citizen, *, at: datetime, **_more: Any) -> None:
    card = queries.card_of(citizen)
    if card is not None:
        services.set_active(card, False, at=at)


def _take_part(citizen: Citizen, *, at: datetime, **_more: Any) -> None:
    card = queries.card_of(citizen)
    if card is not None:
        services.set_active(card, True, at=at)
        events.card_changed.send(card, at=at)


def _relink(skill: Skill, *, change: events.WordingsMoved, at: datetime) -> events.Renewal:
    return services.relink(skill, change, at=at)
