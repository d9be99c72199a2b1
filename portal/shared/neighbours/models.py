"""The table of agreements between municipalities."""

from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.base.alphabet import alphabet_key
from portal.base.database import db
from portal.shared.accounts.models import Municipality


class NeighbourAgreement(db.Model):  # type: ignore[name-defined]
    """Two municipalities see each other's shared openings from a day on; the one with the lower id stands first."""

    __tablename__ = "neighbour_agreements"
    __table_args__ = (
        sa.CheckConstraint("first_id < second_id", name="a_pair_stands_one_way"),
        sa.CheckConstraint("closed_from IS NULL OR closed_from >= starts_on", name="closed_after_start"),
        sa.Index(
            "uq_neighbour_agreements_open",
            "first_id",
            "second_id",
            unique=True,
            sqlite_where=sa.text("closed_from IS NULL"),
            postgresql_where=sa.text("closed_from IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    first_id: Mapped[int] = mapped_column(sa.ForeignKey("municipalities.id"))
    second_id: Mapped[int] = mapped_column(sa.ForeignKey("municipalities.id"), index=True)
    starts_on: Mapped[date]
    closed_from: Mapped[date | None]
    """The first day on which they no longer see each other's; None while it stands."""

    first: Mapped[Municipality] = relationship(foreign_keys=[first_id], lazy="joined")
    second: Mapped[Municipality] = relationship(foreign_keys=[second_id], lazy="joined")

    @property
    def names(self) -> str:
        return " – ".join(sorted((self.first.name, self.second.name), key=alphabet_key))

    @property
    def last_day(self) -> date | None:
        """The last day of the agreement; None while it stands."""
        return self.closed_from - timedelta(days=1) if self.closed_from else None

    def holds_on(self, day: date) -> bool:
        return self.starts_on <= day and (self.closed_from is None or day < self.closed_from)


class NeighbourRequest(db.Model):  # type: ignore[name-defined]
    """One municipality asks another to be neighbours. Gone when answered or taken back; the log keeps it."""

    __tablename__ = "neighbour_requests"
    __table_args__ = (
        sa.CheckConstraint("asker_id <> asked_id", name="two_municipalities"),
        sa.UniqueConstraint("asker_id", "asked_id"),
        {"sqlite_autoincrement": True},  # a page that is open names the row: none is given twice
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    asker_id: Mapped[int] = mapped_column(sa.ForeignKey("municipalities.id"))
    asked_id: Mapped[int] = mapped_column(sa.ForeignKey("municipalities.id"), index=True)
    starts_on: Mapped[date]
    asked_at: Mapped[datetime]

    asker: Mapped[Municipality] = relationship(foreign_keys=[asker_id], lazy="joined")
    asked: Mapped[Municipality] = relationship(foreign_keys=[asked_id], lazy="joined")
