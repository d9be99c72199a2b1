"""The table of who looks after whose cases."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.base.database import db
from portal.shared.accounts.models import User


class CaseCover(db.Model):  # type: ignore[name-defined]
    """One consultant looks after another's cases. Why is never written."""

    __tablename__ = "case_covers"
    __table_args__ = (
        sa.CheckConstraint("until_on IS NULL OR until_on >= from_on", name="period"),
        sa.CheckConstraint("away_id <> stand_in_id", name="somebody_else"),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_by_id IS NULL)", name="ended_by_somebody"),
        sa.Index("ix_case_covers_municipality", "municipality_id", "until_on"),
        {"sqlite_autoincrement": True},  # the audit holds ids: none is given twice
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    municipality_id: Mapped[int] = mapped_column(sa.ForeignKey("municipalities.id"))
    away_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    """Whose cases they are."""
    stand_in_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    """The last day; None: for good."""
    made_at: Mapped[datetime]
    made_by_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    ended_at: Mapped[datetime | None]
    """When she took them back before that day."""
    ended_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))

    away: Mapped[User] = relationship(foreign_keys=[away_id])
    stand_in: Mapped[User] = relationship(foreign_keys=[stand_in_id])

    @property
    def is_for_good(self) -> bool:
        return self.until_on is None
