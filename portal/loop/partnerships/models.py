"""The tables of partnerships. What a day is counted by is never changed in place: another row takes over."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.base.database import db
from portal.loop.employers.models import Employer
from portal.shared.accounts.models import Municipality, User


class Partnership(db.Model):  # type: ignore[name-defined]
    """A signed agreement between a municipality and an employer."""

    __tablename__ = "partnerships"
    __table_args__ = (
        sa.UniqueConstraint("employer_id", "municipality_id", "signed_on"),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= signed_on", name="period"),
        sa.CheckConstraint("(ends_on IS NULL) = (end_recorded_at IS NULL)", name="end_is_recorded"),
        sa.Index("ix_partnerships_municipality", "municipality_id", "signed_on"),
        sa.Index(
            "uq_partnerships_one_open",
            "employer_id",
            "municipality_id",
            unique=True,
            sqlite_where=sa.text("ends_on IS NULL"),
            postgresql_where=sa.text("ends_on IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    employer_id: Mapped[int] = mapped_column(sa.ForeignKey("employers.id"), index=True)
    municipality_id: Mapped[int] = mapped_column(sa.ForeignKey("municipalities.id"))
    signed_on: Mapped[date]
    ends_on: Mapped[date | None]
    """The last day in force; None while it runs."""
    end_recorded_at: Mapped[datetime | None]
    """When the last day was written: before it, the agreement was known to run."""
    note: Mapped[str] = mapped_column(sa.String(500), default="")
    created_at: Mapped[datetime]
    """When it was written, which may be long after it was signed."""
    version: Mapped[int] = mapped_column(default=1)

    employer: Mapped[Employer] = relationship()
    municipality: Mapped[Municipality] = relationship()
    namings: Mapped[list["PartnershipConsultant"]] = relationship(
        back_populates="partnership", order_by="[PartnershipConsultant.from_on, PartnershipConsultant.id]"
    )
    """All that was ever written of who looks after it, also what another row has replaced."""

    @property
    def consultants(self) -> list["PartnershipConsultant"]:
        """Who looks after it and when, as it stands now; the first first."""
        return [named for named in self.namings if named.replaced_at is None]


class PartnershipConsultant(db.Model):  # type: ignore[name-defined]
    """Who looked after the partnership, and when, so that a past day can be counted as it was, and as it was known."""

    __tablename__ = "partnership_consultants"
    __table_args__ = (
        sa.CheckConstraint("until_on IS NULL OR until_on >= from_on", name="period"),
        sa.CheckConstraint("replaced_at IS NULL OR replaced_at >= recorded_at", name="replaced_afterwards"),
        sa.Index(
            "uq_partnership_consultants_standing",
            "partnership_id",
            "from_on",
            unique=True,
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(sa.ForeignKey("partnerships.id"), index=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"), index=True)
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    recorded_at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]
    """When another row took its place; None: it stands."""

    partnership: Mapped[Partnership] = relationship(back_populates="namings")
    user: Mapped[User] = relationship()
