"""The table of who is on whose team."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.base.database import db


class TeamMember(db.Model):  # type: ignore[name-defined]
    """One colleague whom a consultant has chosen for her own team."""

    __tablename__ = "team_members"
    __table_args__ = (sa.CheckConstraint("user_id <> member_id", name="somebody_else"),)

    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"), primary_key=True)
    """Whose team it is."""
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"), primary_key=True, index=True)
