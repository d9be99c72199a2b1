"""What a placement rests on, as a consultant said it: kept beside it, and never an employer's to read."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.base.database import db
from portal.loop.placements.models import Placement
from portal.shared.accounts.models import User
from portal.shared.rules.law.case import Act, Grounds, Premises, Readiness, YoungWork
from portal.shared.rules.school_weeks import school_free_weeks


class PlacementGrounds(db.Model):  # type: ignore[name-defined]
    """The act and the group that lengths follow from, and what the rules ask of work for somebody under 18."""

    __tablename__ = "placement_grounds"

    placement_id: Mapped[int] = mapped_column(sa.ForeignKey("placements.id"), primary_key=True)
    act: Mapped[Act | None]
    readiness: Mapped[Readiness | None]
    arrived_on: Mapped[date | None]
    is_within_course: Mapped[bool] = mapped_column(default=False)
    is_outside_ratio: Mapped[bool] = mapped_column(default=False)
    """Only that the ratio does not count it: why is the case's to know."""
    young: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    """The answers about work under 18 that were given, by the names of YoungWork; the weeks as they were written."""
    stated_at: Mapped[datetime]
    stated_by_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))

    placement: Mapped[Placement] = relationship(back_populates="grounds")
    stated_by: Mapped[User] = relationship()

    @property
    def in_law(self) -> Grounds:
        return Grounds(
            act=self.act,
            readiness=self.readiness,
            arrived_on=self.arrived_on,
            is_within_course=self.is_within_course,
            is_outside_ratio=self.is_outside_ratio,
        )


def young_work(answers: dict[str, Any]) -> YoungWork:
    """The stored answers as the rules read them."""
    known = dict(answers)
    weeks = school_free_weeks(known.pop("free_weeks", ""))
    premises = known.pop("premises", None)
    return YoungWork(free_weeks=weeks, premises=Premises(premises) if premises else None, **known)
