"""A consultant's days as a calendar file that her own calendar fetches. It names nobody and says no words of anybody's.

A line keeps its UID, so that a moved day replaces the old one, and what is done is gone the next time.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Final

from icalendar import Calendar, Event

from portal.base import events
from portal.base.clock import DANISH_TIME, danish_day
from portal.base.database import db
from portal.shared.accounts.models import User
from portal.shared.accounts.secrets import secret_hash
from portal.web.agenda import AgendaAsk, AgendaLine, agenda_lines
from portal.web.permissions import Action
from portal.web.rooms import rooms
from portal.workspaces.home.models import CalendarAddress

DAYS_BACK: Final = 14
DAYS_AHEAD: Final = 120
MOST_OF_A_KIND: Final = 200
AN_HOUR: Final = timedelta(hours=1)


def owner_of_address(secret: str) -> User | None:
    """Whose days the address opens; None for one that was withdrawn, and for who works here no more."""
    address = db.session.query(CalendarAddress).filter_by(secret_hash=secret_hash(secret)).one_or_none()
    user = db.session.get(User, address.user_id) if address else None
    return user if user and user.is_active and user.may(Action.REVIEW_MATCH) else None


def days_of(user: User, at: datetime) -> list[AgendaLine]:
    """Her own, and those of the colleagues whose cases she looks after today."""
    today = danish_day(at)
    ask = AgendaAsk(
        reader=user,
        today=today,
        first=today - timedelta(days=DAYS_BACK),
        last=today + timedelta(days=DAYS_AHEAD),
        owners=events.works_for(user, today),
    )
    kinds = [kind for kind in rooms().agenda(user.uses) if kind.in_calendar]
    return agenda_lines(kinds, ask, most=MOST_OF_A_KIND)


def calendar_of(
    lines: Iterable[AgendaLine], *, host: str, at: datetime, address_of: Callable[[AgendaLine], str]
) -> str:
    calendar = Calendar()
    calendar.add("prodid", "-//Det gode match//DA")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for line in lines:
        calendar.add_component(_event(line, uid=f"{line.key}@{host}", at=at, url=address_of(line)))
    return calendar.to_ical().decode()


def _event(line: AgendaLine, *, uid: str, at: datetime, url: str) -> Event:
    """A whole day, or an hour from where it begins."""
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", at)
    if line.begins_at is None:
        event.add("dtstart", line.day)
        event.add("dtend", line.day + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
    else:
        begins = datetime.combine(line.day, line.begins_at, DANISH_TIME)
        event.add("dtstart", begins)
        event.add("dtend", begins + AN_HOUR)
    event.add("summary", f"{line.kind.label}: {line.code}" if line.code else str(line.kind.label))
    event.add("url", url)
    return event
