"""Tables of what the three settled on before the start."""

from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.base.database import db
from portal.base.terms import LabelledEnum, Party
from portal.loop.placements.models import ASPECTS, Placement


class ConfirmedHow(LabelledEnum):
    """How somebody said yes to the settled words."""

    PAGE = "page", _l("På siden")
    LINK = "link", _l("Med et link i en mail")
    CODE = "code", _l("Med koden på papiret")
    PHONE = "phone", _l("I telefonen")
    MEETING = "meeting", _l("På et møde")
    PAPER = "paper", _l("På papir")


class Settlement(db.Model):  # type: ignore[name-defined]
    """What the three go by, in words the consultant wrote; an aspect without words: all three said the same."""

    __tablename__ = "settlements"
    __table_args__ = {"sqlite_autoincrement": True}  # a printed code is never another's

    id: Mapped[int] = mapped_column(primary_key=True)
    placement_id: Mapped[int] = mapped_column(sa.ForeignKey("placements.id"), unique=True)
    purpose: Mapped[str] = mapped_column(sa.String(500), default="")
    time_frame: Mapped[str] = mapped_column(sa.String(300), default="")
    development: Mapped[str] = mapped_column(sa.String(500), default="")
    differing: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    """The aspects on which the three did not say the same, by name."""
    written_at: Mapped[datetime]
    written_by_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    version: Mapped[int] = mapped_column(default=1)

    placement: Mapped[Placement] = relationship(back_populates="settlement")
    confirmations: Mapped[list["SettlementConfirmation"]] = relationship(
        back_populates="settlement",
        cascade="all, delete-orphan",
        order_by="SettlementConfirmation.id",
        lazy="selectin",
    )

    @property
    def words(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in ASPECTS}

    def of(self, party: Party) -> "SettlementConfirmation | None":
        return next((one for one in self.confirmations if one.party is party), None)

    @property
    def unconfirmed(self) -> list[Party]:
        return [party for party in Party if self.of(party) is None]


class RecordedYes:
    """The columns of a yes that one party gave: who, how, when, and who wrote it down."""

    party: Mapped[Party]
    how: Mapped[ConfirmedHow]
    said_by: Mapped[str] = mapped_column(sa.String(120), default="")
    """Who said yes, where the consultant recorded it."""
    said_on: Mapped[date]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    """None: by the link, without an account."""


class SettlementConfirmation(RecordedYes, db.Model):  # type: ignore[name-defined]
    """One party's yes to the words as they stand: it goes when they change."""

    __tablename__ = "settlement_confirmations"
    __table_args__ = (sa.UniqueConstraint("settlement_id", "party"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    settlement_id: Mapped[int] = mapped_column(sa.ForeignKey("settlements.id"))

    settlement: Mapped[Settlement] = relationship(back_populates="confirmations")


# Here, so that a placement can be mapped by whoever does not know what was settled.
Placement.settlement = relationship(Settlement, back_populates="placement", uselist=False)
