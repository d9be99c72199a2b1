"""The table of notes."""

from datetime import date, datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.base.database import db, version_by
from portal.loop.citizens.models import Citizen
from portal.shared.accounts.models import User

NOTE_TEXT_LENGTH: Final = 500
STRIKE_REASON_LENGTH: Final = 200

CORRECTED_FOR: Final = timedelta(days=1)
"""How long its author may correct or delete a note, from when it was first written."""


class CitizenNote(db.Model):  # type: ignore[name-defined]
    """What was said and agreed with a citizen on a day. She reads it on her own page."""

    __tablename__ = "citizen_notes"
    __table_args__ = (
        sa.CheckConstraint("text <> ''", name="says_something"),
        sa.CheckConstraint("(struck_at IS NULL) = (struck_by_id IS NULL)", name="struck_by_somebody"),
        sa.CheckConstraint("(struck_at IS NULL) = (struck_because = '')", name="struck_for_a_reason"),
        sa.Index("ix_citizen_notes_citizen", "citizen_id", "said_on"),
        {"sqlite_autoincrement": True},  # the log names the row
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    citizen_id: Mapped[int] = mapped_column(sa.ForeignKey("citizens.id"))
    said_on: Mapped[date]
    """The day that it is about."""
    text: Mapped[str] = mapped_column(sa.String(NOTE_TEXT_LENGTH))
    written_at: Mapped[datetime]
    written_by_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    corrected_at: Mapped[datetime | None]
    struck_at: Mapped[datetime | None]
    struck_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    struck_because: Mapped[str] = mapped_column(
        sa.String(STRIKE_REASON_LENGTH), default="", server_default=""
    )

    citizen: Mapped[Citizen] = relationship()
    written_by: Mapped[User] = relationship(foreign_keys=[written_by_id])

    @property
    def version(self) -> int:
        """Of what its author corrects."""
        return version_by(self.text, self.said_on)

    def may_be_corrected(self, by: User, at: datetime) -> bool:
        """By its author, within a day."""
        is_hers = self.written_by_id == by.id and self.struck_at is None
        return is_hers and at < self.written_at + CORRECTED_FOR

    def may_be_struck(self, by: User, at: datetime) -> bool:
        """When nobody may correct it any more, or it is a colleague's."""
        return self.struck_at is None and not self.may_be_corrected(by, at)
