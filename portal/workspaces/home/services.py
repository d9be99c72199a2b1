"""What somebody chooses about her own front page, and the address of her calendar."""

from datetime import datetime

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
        db.session.delete(address)
        audit.record("calendar-address-withdrawn", subject=user, by=user, at=at)
        db.session.flush()
