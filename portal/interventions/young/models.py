"""Tables of the yearly count and of the yes of parents."""

from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.base.database import db
from portal.base.terms import LabelledEnum
from portal.loop.citizens.models import Citizen
from portal.shared.accounts.models import Municipality, User


class YoungPlaceKind(LabelledEnum):
    """Where young people are counted."""

    RECEPTION_CLASS = "reception_class", _l("Modtageklasse")
    YOUTH_UNIT = "youth_unit", _l("Ungeenhed")
    HOUSING_AREA = "housing_area", _l("Boligområde")


class ParentsYesVia(LabelledEnum):
    """How a parent said yes."""

    PAPER = "paper", _l("På papir")
    PHONE = "phone", _l("I telefonen")
    MEETING = "meeting", _l("På et møde")


class YoungPlace(db.Model):  # type: ignore[name-defined]
    """A class, a unit or an area in the municipality's own words."""

    __tablename__ = "young_places"
    __table_args__ = (
        sa.UniqueConstraint("municipality_id", "kind", "name"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    municipality_id: Mapped[int] = mapped_column(sa.ForeignKey("municipalities.id"))
    kind: Mapped[YoungPlaceKind]
    name: Mapped[str] = mapped_column(sa.String(80))

    municipality: Mapped[Municipality] = relationship()


class YoungTally(db.Model):  # type: ignore[name-defined]
    """How many young people of a place had a job beside school in a year. A correction is a new row."""

    __tablename__ = "young_tallies"
    __table_args__ = (
        sa.CheckConstraint(
            "has_job >= 0 AND wants_job >= 0 AND wants_none >= 0 AND unknown >= 0", name="numbers"
        ),
        sa.CheckConstraint("replaced_at IS NULL OR replaced_at >= recorded_at", name="replaced_afterwards"),
        sa.Index(
            "uq_young_tallies_one_standing",
            "place_id",
            "year",
            unique=True,
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(sa.ForeignKey("young_places.id"), index=True)
    year: Mapped[int]
    counted_on: Mapped[date]
    """A day of the year."""
    has_job: Mapped[int]
    wants_job: Mapped[int]
    wants_none: Mapped[int]
    unknown: Mapped[int]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    replaced_at: Mapped[datetime | None]

    place: Mapped[YoungPlace] = relationship()
    recorded_by: Mapped[User] = relationship()

    @property
    def known(self) -> int:
        return self.has_job + self.wants_job + self.wants_none

    @property
    def total(self) -> int:
        return self.known + self.unknown


class ParentsYes(db.Model):  # type: ignore[name-defined]
    """A parent with custody said yes to that employers may see the card. It holds until she is of age."""

    __tablename__ = "parents_yes"
    __table_args__ = (
        sa.CheckConstraint(
            "withdrawn_at IS NULL OR withdrawn_at >= recorded_at", name="withdrawn_afterwards"
        ),
        sa.Index(
            "uq_parents_yes_one_standing",
            "citizen_id",
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    citizen_id: Mapped[int] = mapped_column(sa.ForeignKey("citizens.id"), index=True)
    said_on: Mapped[date]
    via: Mapped[ParentsYesVia]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))

    citizen: Mapped[Citizen] = relationship()
    recorded_by: Mapped[User] = relationship(foreign_keys=[recorded_by_id])
