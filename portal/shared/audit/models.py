"""The audit table."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.base.database import db


class AuditEntry(db.Model):  # type: ignore[name-defined]
    """One write or one look. `subject_type` and `subject_id` name the record; `citizen_id` whom it is about."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        sa.Index("ix_audit_entries_citizen", "citizen_id", "at"),
        sa.Index("ix_audit_entries_subject", "subject_type", "subject_id"),
        sa.Index("ix_audit_entries_action", "action", "at"),
        sa.Index("ix_audit_entries_role", "actor_role", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    action: Mapped[str] = mapped_column(sa.String(60))
    is_look: Mapped[bool] = mapped_column(default=False)
    actor_id: Mapped[int | None] = mapped_column(index=True)
    """The user; None for the system itself (command line, demo)."""
    actor_role: Mapped[str | None] = mapped_column(sa.String(20))
    actor_unit: Mapped[str | None] = mapped_column(sa.String(120))
    """The employer or municipal unit, which the citizen may see; never the employee."""
    subject_type: Mapped[str] = mapped_column(sa.String(40))
    subject_id: Mapped[int | None]
    citizen_id: Mapped[int | None]
    purpose: Mapped[str | None] = mapped_column(sa.String(120))
    request_id: Mapped[str | None] = mapped_column(sa.String(36), index=True)
