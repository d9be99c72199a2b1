"""A placement's days as a calendar file: its first and last day and its follow-ups. It names nobody.

A day keeps its UID, and its SEQUENCE rises with every change, so a new file replaces what a calendar holds of an older
one; what will not take place stands in it as cancelled.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from icalendar import Alarm, Calendar, Event

from portal.loop.placements.models import (
    ChangeKind,
    FollowUp,
    Placement,
    PlacementChange,
    PlacementStatus,
)


@dataclass(frozen=True)
class _Day:
    name: str
    on: date
    title: str
    sequence: int
    """How many times it may have changed; 0 in the first file."""
    is_off: bool
    until: date | None = None
    """The last of several days."""


def calendar_of(placement: Placement, *, host: str, at: datetime) -> str:
    """The whole placement, whatever was changed in it since the last file."""
    days = list(_days(placement))
    calendar = Calendar()
    calendar.add("prodid", "-//Det gode match//DA")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if all(day.is_off for day in days) else "PUBLISH")
    for day in days:
        uid = f"placement-{placement.id}-{day.name}@{host}"
        calendar.add_component(_event(placement, day, uid=uid, at=at))
    return calendar.to_ical().decode()


def _days(placement: Placement) -> Iterator[_Day]:
    """Its last day is the real one as soon as it is known. A talk that was held is history, no day of the calendar."""
    is_off, changes = placement.status is PlacementStatus.CANCELLED, placement.version - 1
    last = placement.ended_on or placement.ends_on
    yield _Day("start", placement.starts_on, _("Første dag"), changes, is_off)
    yield _Day("end", last, _("Sidste dag, og fælles vurdering"), changes, is_off)
    for pause in (one for one in placement.changes if one.kind is ChangeKind.PAUSED):
        yield _pause(placement, pause, changes, is_off)
    for talk in placement.follow_ups:
        if talk.held_on is None:
            yield _follow_up(talk)


def _pause(placement: Placement, pause: PlacementChange, changes: int, is_off: bool) -> _Day:
    """As long as it is now; one that was taken back, or never came, stands as cancelled."""
    first, last = next(one for one in pause.after["pauses"] if one not in pause.before["pauses"])
    now = next((one for one in placement.pauses if one[0] == first), None)
    lasts = date.fromisoformat(now[1] if now else last)
    return _Day(
        f"pause-{pause.id}",
        date.fromisoformat(first),
        _("Pause"),
        changes,
        is_off or now is None or pause.withdrawn_at is not None,
        lasts,
    )


def _follow_up(talk: FollowUp) -> _Day:
    return _Day(f"follow-up-{talk.id}", talk.due_on, _("Opfølgning"), talk.version - 1, not talk.is_open)


def _event(placement: Placement, day: _Day, *, uid: str, at: datetime) -> Event:
    """Whole days, with a reminder on the morning before."""
    opening = placement.opening
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", at)
    event.add("sequence", day.sequence)
    event.add("dtstart", day.on)
    event.add("dtend", (day.until or day.on) + timedelta(days=1))
    event.add("summary", f"{day.title}: {opening.title}")
    place = opening.workplace
    event.add("location", f"{place.name}, {place.address}, {place.postcode}")
    event.add("transp", "TRANSPARENT")
    if day.is_off:
        event.add("status", "CANCELLED")
        return event
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", day.title)
    alarm.add("trigger", timedelta(hours=-16))
    event.add_component(alarm)
    return event
