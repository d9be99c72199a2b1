"""Reads of the audit table."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Row

from portal.audit.models import AuditEntry
from portal.database import db


def entries() -> sa.Select[tuple[AuditEntry]]:
    """All lines, for the administrator's list."""
    return sa.select(AuditEntry)


def looks_at_citizen(citizen_id: int, *, limit: int = 100) -> list[Row[tuple[datetime, str | None, str | None]]]:
    """When, which unit and why somebody looked at the citizen; newest first, never who."""
    statement = (
        sa.select(AuditEntry.at, AuditEntry.actor_unit, AuditEntry.purpose)
        .where(AuditEntry.citizen_id == citizen_id, AuditEntry.is_look, AuditEntry.actor_role != "citizen")
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
        .limit(limit)
    )
    return list(db.session.execute(statement).all())


def actions() -> list[Any]:
    """The kinds of lines there are, for a filter."""
    return list(db.session.scalars(sa.select(AuditEntry.action).distinct().order_by(AuditEntry.action)))
