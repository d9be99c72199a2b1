"""The table of partnerships."""

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
    note: Mapped[str] = mapped_column(sa.String(500), default="")
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    employer: Mapped[Employer] = relationship()
    municipality: Mapped[Municipality] = relationship()
    consultants: Mapped[list["PartnershipConsultant"]] = relationship(
        back_populates="partnership", order_by="PartnershipConsultant.from_on"
    )


class PartnershipConsultant(db.Model):  # type: ignore[name-defined]
    """Who looked after the partnership, and when, so that a past day can be counted as it was."""

    __tablename__ = "partnership_consultants"
    __table_args__ = (sa.CheckConstraint("until_on IS NULL OR until_on >= from_on", name="period"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(sa.ForeignKey("partnerships.id"), index=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"), index=True)
    from_on: Mapped[date]
    until_on: Mapped[date | None]

    partnership: Mapped[Partnership] = relationship(back_populates="consultants")
    user: Mapped[User] = relationship()
