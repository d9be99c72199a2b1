"""The table of dismissed phrases."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.base.database import db
from portal.shared.skills.models import FOLDED_LENGTH


class DismissedPhrase(db.Model):  # type: ignore[name-defined]
    """A phrase that is no task or skill in the eyes of the municipality; it waits for nobody any more."""

    __tablename__ = "dismissed_phrases"
    __table_args__ = (sa.UniqueConstraint("municipality_id", "folded"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    municipality_id: Mapped[int] = mapped_column(sa.ForeignKey("municipalities.id"))
    folded: Mapped[str] = mapped_column(sa.String(FOLDED_LENGTH))
    dismissed_at: Mapped[datetime]
