"""A placement's days as a calendar file: its first and last day and the follow-ups to come. It names nobody."""

from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from icalendar import Alarm, Calendar, Event

from portal.loop.placements.models import FollowUp, Placement, PlacementStatus


def calendar_of(placement: Placement, *, host: str, at: datetime) -> str:
    """The whole placement. The same day has the same UID every time, so a new file replaces the old one's.

    One that is called off takes its days out of the calendar again.
    """
    days = [
        ("start", placement.starts_on, _("Første dag")),
        ("end", placement.ends_on, _("Sidste dag, og fælles vurdering")),
        *((f"follow-up-{one.id}", one.due_on, _("Opfølgning")) for one in _to_come(placement)),
    ]
    calendar = Calendar()
    calendar.add("prodid", "-//Det gode match//DA")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if _is_off(placement) else "PUBLISH")
    for name, day, title in days:
        uid = f"placement-{placement.id}-{name}@{host}"
        calendar.add_component(_event(placement, day, title, uid=uid, at=at))
    return calendar.to_ical().decode()


def _is_off(placement: Placement) -> bool:
    return placement.status is PlacementStatus.CANCELLED


def _to_come(placement: Placement) -> list[FollowUp]:
    return [follow_up for follow_up in placement.follow_ups if follow_up.held_on is None]


def _event(placement: Placement, day: date, title: str, *, uid: str, at: datetime) -> Event:
    """A whole day, with a reminder on the morning before."""
    opening = placement.opening
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", at)
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", f"{title}: {opening.title}")
    place = opening.workplace
    event.add("location", f"{place.name}, {place.address}, {place.postcode}")
    event.add("transp", "TRANSPARENT")
    if _is_off(placement):
        event.add("status", "CANCELLED")
        event.add("sequence", 1)
        return event
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", timedelta(hours=-16))
    event.add_component(alarm)
    return event
