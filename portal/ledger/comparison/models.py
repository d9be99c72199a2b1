"""Tables of the comparison: figures from outside, which municipalities are like ours, and who shares with whom."""

from datetime import date, datetime
from decimal import Decimal
from typing import Self

import sqlalchemy as sa
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.base.database import db
from portal.base.quarters import number, quarter_of
from portal.base.terms import GoalUnit, LabelledEnum, Measure
from portal.shared.accounts.models import Municipality, User

PLACE_LENGTH = 80


class OutsideTopic(LabelledEnum):
    """What figures from outside are about, when no goal counts it: the label, and the unit."""

    unit: GoalUnit

    EMPLOYERS = "employers", _l("Virksomheder i kommunen med mindst 1 ansat"), GoalUnit.COUNT
    COOPERATION_RATE = "cooperation_rate", _l("Samarbejdsgrad efter jobindsats.dk"), GoalUnit.PERCENT

    def __new__(cls, value: str, label: LazyString | None = None, unit: GoalUnit = GoalUnit.COUNT) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        if label is not None:  # None: a look-up by value
            member.label, member.names_in_files, member.unit = label, (), unit
        return member


class OutsideFigure(db.Model):  # type: ignore[name-defined]
    """A figure that the portal does not count: what it is about, whose, for which time, and where it comes from."""

    __tablename__ = "outside_figures"
    __table_args__ = (
        sa.CheckConstraint("(measure IS NULL) = (topic IS NOT NULL)", name="about_one_thing"),
        sa.CheckConstraint("last_on >= first_on", name="period"),
        sa.CheckConstraint("value >= 0", name="value_not_negative"),
        sa.CheckConstraint("unit <> 'percent' OR value <= 100", name="at_most_all"),
        sa.CheckConstraint("replaced_at IS NULL OR replaced_at >= recorded_at", name="replaced_afterwards"),
        *(
            sa.Index(
                f"uq_outside_figures_{subject}",
                "municipality_id",
                subject,
                "place",
                "first_on",
                "last_on",
                unique=True,
                sqlite_where=sa.text(f"replaced_at IS NULL AND {subject} IS NOT NULL"),
                postgresql_where=sa.text(f"replaced_at IS NULL AND {subject} IS NOT NULL"),
            )
            for subject in ("measure", "topic")
        ),
        {"sqlite_autoincrement": True},  # the audit holds ids: none is given twice
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    municipality_id: Mapped[int] = mapped_column(sa.ForeignKey("municipalities.id"))
    """On whose page it stands."""
    measure: Mapped[Measure | None]
    topic: Mapped[OutsideTopic | None]
    place: Mapped[str] = mapped_column(sa.String(PLACE_LENGTH), default="")
    """Which municipality it is about; empty: the one on whose page it stands."""
    first_on: Mapped[date]
    last_on: Mapped[date]
    """A year's last day, or a quarter's."""
    value: Mapped[Decimal] = mapped_column(sa.Numeric(12, 2))
    unit: Mapped[GoalUnit]
    source: Mapped[str] = mapped_column(sa.String(200))
    method: Mapped[str] = mapped_column(sa.String(500), default="")
    """How they counted, in the source's words."""
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    replaced_at: Mapped[datetime | None]
    """When another row took its place, or it was taken out; None: it stands."""
    replaced_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    replaced_because: Mapped[str] = mapped_column(sa.String(300), default="")

    municipality: Mapped[Municipality] = relationship()
    recorded_by: Mapped[User | None] = relationship(foreign_keys=[recorded_by_id])
    replaced_by: Mapped[User | None] = relationship(foreign_keys=[replaced_by_id])

    @property
    def subject(self) -> Measure | OutsideTopic:
        found = self.measure or self.topic
        assert found is not None
        return found

    @property
    def is_own(self) -> bool:
        return not self.place

    @property
    def is_standing(self) -> bool:
        return self.replaced_at is None

    @property
    def year(self) -> int:
        return self.last_on.year

    @property
    def quarter(self) -> int | None:
        """1 to 4; None for a whole year."""
        return number(quarter_of(self.last_on)) if quarter_of(self.last_on) == self.first_on else None


class Likeness(db.Model):  # type: ignore[name-defined]
    """A municipality that ours is compared with, in one thing."""

    __tablename__ = "likenesses"
    __table_args__ = (
        sa.CheckConstraint("(measure IS NULL) = (topic IS NOT NULL)", name="about_one_thing"),
        sa.CheckConstraint("place <> ''", name="has_place"),
        *(
            sa.Index(
                f"uq_likenesses_{subject}",
                "municipality_id",
                subject,
                "place",
                unique=True,
                sqlite_where=sa.text(f"{subject} IS NOT NULL"),
                postgresql_where=sa.text(f"{subject} IS NOT NULL"),
            )
            for subject in ("measure", "topic")
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    municipality_id: Mapped[int] = mapped_column(sa.ForeignKey("municipalities.id"))
    measure: Mapped[Measure | None]
    topic: Mapped[OutsideTopic | None]
    place: Mapped[str] = mapped_column(sa.String(PLACE_LENGTH))
    chosen_at: Mapped[datetime]
    chosen_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))

    @property
    def subject(self) -> Measure | OutsideTopic:
        found = self.measure or self.topic
        assert found is not None
        return found


class FigureSharing(db.Model):  # type: ignore[name-defined]
    """One side's yes to showing her figures to another municipality. They see each other's while both have one."""

    __tablename__ = "figure_sharings"
    __table_args__ = (
        sa.CheckConstraint("municipality_id <> with_id", name="two_municipalities"),
        sa.CheckConstraint("closed_from IS NULL OR closed_from >= from_on", name="closed_after_start"),
        sa.Index(
            "uq_figure_sharings_open",
            "municipality_id",
            "with_id",
            unique=True,
            sqlite_where=sa.text("closed_from IS NULL"),
            postgresql_where=sa.text("closed_from IS NULL"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    municipality_id: Mapped[int] = mapped_column(sa.ForeignKey("municipalities.id"))
    with_id: Mapped[int] = mapped_column(sa.ForeignKey("municipalities.id"), index=True)
    from_on: Mapped[date]
    closed_from: Mapped[date | None]
    """The first day on which the other no longer sees them; None while it stands."""
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    closed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))

    other: Mapped[Municipality] = relationship(foreign_keys=[with_id])
