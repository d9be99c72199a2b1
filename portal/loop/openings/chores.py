"""What the mail worker does for openings every few minutes."""

from datetime import datetime

from portal.base.clock import DANISH_TIME
from portal.base.database import transaction
from portal.loop.openings import services


def tell_of_expiry(at: datetime) -> int:
    """Mail the firms whose openings soon expire; however often it runs, each mail is written once."""
    with transaction():
        return services.tell_of_expiry(at=at, today=at.astimezone(DANISH_TIME).date())
