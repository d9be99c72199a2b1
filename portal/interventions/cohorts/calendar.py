"""A citizen's sessions as a calendar file. It names nobody; a session keeps its UID, so that a new file replaces it."""

from collections.abc import Sequence
from datetime import datetime

from icalendar import Calendar, Event

from portal.base.clock import DANISH_TIME
from portal.interventions.cohorts.models import CohortSession


def calendar_of(sessions: Sequence[CohortSession], *, host: str, at: datetime) -> str:
    """What is called off stands in it as cancelled."""
    calendar = Calendar()
    calendar.add("prodid", "-//Det gode match//DA")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for session in sessions:
        calendar.add_component(_event(session, uid=f"session-{session.id}@{host}", at=at))
    return calendar.to_ical().decode()


def _event(session: CohortSession, *, uid: str, at: datetime) -> Event:
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", at)
    event.add("sequence", session.version - 1)
    event.add("dtstart", datetime.combine(session.on_day, session.begins_at, DANISH_TIME))
    event.add("dtend", datetime.combine(session.on_day, session.ends_at, DANISH_TIME))
    event.add("summary", session.cohort.name)
    if session.cohort.place:
        event.add("location", session.cohort.place)
    if session.is_cancelled:
        event.add("status", "CANCELLED")
    return event
