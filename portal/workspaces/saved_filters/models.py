"""The table of saved filters."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.base.database import db

NAME_LENGTH = 60
ADDRESS_LENGTH = 200
QUERY_LENGTH = 500


class SavedFilter(db.Model):  # type: ignore[name-defined]
    """What one user has chosen on one list. Words of a search may name a person: they are not kept."""

    __tablename__ = "saved_filters"
    __table_args__ = (sa.UniqueConstraint("user_id", "address", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    address: Mapped[str] = mapped_column(sa.String(ADDRESS_LENGTH))
    """The list's own path."""
    name: Mapped[str] = mapped_column(sa.String(NAME_LENGTH))
    query: Mapped[str] = mapped_column(sa.String(QUERY_LENGTH))
    made_at: Mapped[datetime]

    @property
    def url(self) -> str:
        return f"{self.address}?{self.query}"
