"""What somebody chooses about her own front page, and the address of her calendar."""

from datetime import datetime
from typing import Any

from portal.base import events
from portal.base.database import db
from portal.shared.accounts.models import User
from portal.shared.accounts.secrets import new_secret, secret_hash
from portal.shared.audit import services as audit
from portal.web.whose import Whose
from portal.workspaces.home.models import CalendarAddress, DeskChoice


def choose_lines(user: User, whose: Whose) -> None:
    """Her own work, her team's or everybody's; the choice stays until she makes another."""
    desk = db.session.get(DeskChoice, user.id)
    if desk is None:
        desk = DeskChoice(user_id=user.id)
        db.session.add(desk)
    desk.whose = whose
    db.session.flush()


def make_calendar_address(user: User, *, at: datetime) -> str:
    """The secret of a new address; one from before opens nothing any more."""
    secret = new_secret()
    withdraw_calendar_address(user, at=at)
    db.session.add(CalendarAddress(user_id=user.id, secret_hash=secret_hash(secret), made_at=at))
    audit.record("calendar-address-made", subject=user, by=user, at=at)
    db.session.flush()
    return secret


def withdraw_calendar_address(user: User, *, at: datetime) -> None:
    address = db.session.get(CalendarAddress, user.id)
    if address is not None:
        close_calendar_address(address, by=user, at=at)


def close_calendar_address(address: CalendarAddress, *, by: User | None, at: datetime) -> None:
    """It opens nothing any more, nor when an older backup comes back. By nobody when her account is closed."""
    events.access_ending.send(address, at=at)
    db.session.delete(address)
    audit.record("calendar-address-withdrawn", subject=db.session.get(User, address.user_id), by=by, at=at)
    db.session.flush()


def clear_desk(closing: Any, *, at: datetime, **_more: Any) -> None:
    """Hears `events.access_ending`: whoever signs in no more has no days, not even once she is let in again."""
    if not isinstance(closing, User):
        return
    address = db.session.get(CalendarAddress, closing.id)
    if address is not None:
        close_calendar_address(address, by=None, at=at)
    desk = db.session.get(DeskChoice, closing.id)
    if desk is not None:
        db.session.delete(desk)
        db.session.flush()
