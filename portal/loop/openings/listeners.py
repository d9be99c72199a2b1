"""What openings do when a word of the vocabulary changes its meaning."""

from datetime import datetime

from portal.base import events
from portal.loop.openings import services
from portal.shared.skills.models import Skill


def connect() -> None:
    """Subscribe to the signals of `portal.base.events`."""
    events.vocabulary_changed.connect(_relink)


def _relink(skill: Skill, *, change: events.WordingsMoved, at: datetime) -> events.Renewal:
    return services.relink(skill, change, at=at)
