"""The table of goals."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.base.database import db
from portal.base.terms import GoalUnit, Measure


class Goal(db.Model):  # type: ignore[name-defined]
    """A target for one year, with the sentence of the plan it comes from."""

    __tablename__ = "goals"
    __table_args__ = (
        sa.UniqueConstraint("municipality_id", "measure", "year"),
        sa.CheckConstraint("target BETWEEN 1 AND 100000", name="target_range"),
        sa.CheckConstraint("year BETWEEN 2000 AND 2100", name="year_range"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    municipality_id: Mapped[int] = mapped_column(sa.ForeignKey("municipalities.id"), index=True)
    measure: Mapped[Measure]
    year: Mapped[int]
    target: Mapped[int]
    unit: Mapped[GoalUnit]
    sentence: Mapped[str] = mapped_column(sa.String(500))
    source: Mapped[str] = mapped_column(sa.String(200))
    set_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    set_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
