"""Tables of citizens."""

from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.base.database import db
from portal.base.terms import LabelledEnum, Language
from portal.shared.accounts.models import Municipality, User
from portal.shared.rules.checks import Born


class CitizenStatus(LabelledEnum):
    ACTIVE = "active", _l("Aktiv")
    PASSIVE = "passive", _l("Passiv")


class Citizen(db.Model):  # type: ignore[name-defined]
    """A person in the municipality's effort. `born` serves the age limits of law only, never the matcher."""

    __tablename__ = "citizens"
    __table_args__ = (
        sa.UniqueConstraint("municipality_id", "case_reference"),
        sa.CheckConstraint(
            "(status = 'passive') = (passive_since IS NOT NULL)", name="passive_since_follows_status"
        ),
        sa.CheckConstraint("born_on IS NULL OR birth_year IS NULL", name="one_birth"),
        sa.CheckConstraint("birth_year BETWEEN 1900 AND 2100", name="birth_year_range"),
        sa.Index("ix_citizens_by_name", "municipality_id", "last_name", "first_name", "id"),
        {"sqlite_autoincrement": True},  # an erased person's id is never given to another
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    municipality_id: Mapped[int] = mapped_column(sa.ForeignKey("municipalities.id"))
    case_reference: Mapped[str] = mapped_column(sa.String(40))
    """The case system's own key, e.g. "26/10431"; never a CPR number."""
    first_name: Mapped[str] = mapped_column(sa.String(80))
    last_name: Mapped[str] = mapped_column(sa.String(80))
    born_on: Mapped[date | None]
    birth_year: Mapped[int | None]
    """Where the day is not known."""
    phone: Mapped[str | None] = mapped_column(sa.String(20))
    language: Mapped[Language | None]
    """The language she chose for her own page and beside Danish on paper; the matcher never sees it."""
    consultant_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"), unique=True)
    status: Mapped[CitizenStatus] = mapped_column(default=CitizenStatus.ACTIVE)
    passive_since: Mapped[datetime | None]
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    municipality: Mapped[Municipality] = relationship()
    consultant: Mapped[User | None] = relationship(foreign_keys=[consultant_id])
    user: Mapped[User | None] = relationship(foreign_keys=[user_id])

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def born(self) -> Born | None:
        if self.born_on is not None:
            return Born.on(self.born_on)
        return None if self.birth_year is None else Born.in_year(self.birth_year)


class Erasure(db.Model):  # type: ignore[name-defined]
    """Who was erased before the journal was a file; entries.py carries the rows over and empties the table."""

    __tablename__ = "erasures"

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    at: Mapped[datetime]
