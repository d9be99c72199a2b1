"""The table of calls."""

from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.base.database import db
from portal.base.terms import LabelledEnum
from portal.loop.reviews.models import Review
from portal.shared.accounts.models import User


class CallReason(LabelledEnum):
    ASKED = "asked", _l("Virksomheden vil ringes op")
    SILENT = "silent", _l("Virksomheden har ikke svaret")
    UNREACHABLE = "unreachable", _l("Virksomheden kan ikke få mails")


class Call(db.Model):  # type: ignore[name-defined]
    """An employer that a consultant is to phone about a proposal. One of each reason for a proposal."""

    __tablename__ = "calls"
    __table_args__ = (
        sa.UniqueConstraint("review_id", "reason"),
        sa.CheckConstraint("(done_at IS NULL) = (done_by_id IS NULL)", name="done_by_somebody"),
        {"sqlite_autoincrement": True},  # the audit names calls by id: none is given twice
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(sa.ForeignKey("reviews.id"))
    reason: Mapped[CallReason]
    created_at: Mapped[datetime] = mapped_column(index=True)
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))

    review: Mapped[Review] = relationship()
    done_by: Mapped[User | None] = relationship(foreign_keys=[done_by_id])
