"""Tables of what somebody has chosen about her own front page, and of her calendar outside the portal."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, synonym

from portal.base.database import db
from portal.web.whose import Whose


class DeskChoice(db.Model):  # type: ignore[name-defined]
    """One consultant's choices."""

    __tablename__ = "desk_choices"

    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"), primary_key=True)
    whose: Mapped[Whose] = mapped_column(default=Whose.MINE, server_default=Whose.MINE.value)
    """Whose work the day holds; who has chosen nothing sees her own."""


class CalendarAddress(db.Model):  # type: ignore[name-defined]
    """The secret address at which somebody's own calendar finds her days. Only the hash of the secret is stored."""

    __tablename__ = "calendar_addresses"

    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"), primary_key=True)
    secret_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    made_at: Mapped[datetime]

    id = synonym("user_id")
    """As the journal of what ended calls the key of every row."""
