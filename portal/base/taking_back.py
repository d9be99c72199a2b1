"""An answer can be taken back for an hour: a slip of the thumb, or a machine that presses buttons, decides nothing."""

from datetime import datetime, timedelta
from typing import Final

from flask_babel import lazy_gettext as _l

from portal.base.errors import DomainError

TAKE_BACK_FOR: Final = timedelta(hours=1)


class TooLateToTakeBack(DomainError):
    message = _l("Svaret kan ikke tages tilbage længere. Ring til kommunen, hvis det er forkert.")


def open_until(answered_at: datetime | None, at: datetime) -> datetime | None:
    """Until when an answer can be taken back; None when there is none, or its hour is over."""
    if answered_at is None or not answered_at <= at < answered_at + TAKE_BACK_FOR:
        return None
    return answered_at + TAKE_BACK_FOR
