"""The audit: its lines, whom they are about, the seals that chain them, and what is left of closed months."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.base.database import db


class AuditEntry(db.Model):  # type: ignore[name-defined]
    """One write or one look. `subject_type` and `subject_id` name the record; `citizen_id` whom it is about.

    Every value is part of the line's hash (chain.py), but for None and False: so a new column is nullable or a flag,
    and no column is ever dropped or filled in afterwards.
    """

    __tablename__ = "audit_entries"
    __table_args__ = (
        sa.Index("ix_audit_entries_citizen", "citizen_id", "at"),
        sa.Index("ix_audit_entries_subject", "subject_type", "subject_id"),
        sa.Index("ix_audit_entries_action", "action", "at"),
        sa.Index("ix_audit_entries_role", "actor_role", "at"),
        sa.Index("ix_audit_entries_municipality", "municipality_id", "at"),
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
    municipality_id: Mapped[int | None]
    """Whose administrators read it: the record's municipality, else the citizen's, else the actor's."""
    purpose: Mapped[str | None] = mapped_column(sa.String(120))
    request_id: Mapped[str | None] = mapped_column(sa.String(36), index=True)
    change: Mapped[str | None] = mapped_column(sa.Text)
    """What it was and what it became, in words, where somebody must be able to hold the two together."""
    by_link: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    """Shown to whoever had the link. The actor is who was signed in then; else the unit is whom it was made for."""


class AuditPerson(db.Model):  # type: ignore[name-defined]
    """One of the many whom a line is about: a list, an export, a pack of papers."""

    __tablename__ = "audit_people"
    __table_args__ = (
        sa.Index("ix_audit_people_citizen", "citizen_id", "entry_id"),
        {"sqlite_with_rowid": False},
    )

    entry_id: Mapped[int] = mapped_column(sa.ForeignKey("audit_entries.id"), primary_key=True)
    citizen_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """No foreign key: the line stays when she is erased, and says only this number."""


class AuditSeal(db.Model):  # type: ignore[name-defined]
    """One link of the chain: what a stored line was when it was sealed (chain.py)."""

    __tablename__ = "audit_seals"
    __table_args__ = (
        sa.CheckConstraint("(mac IS NULL) = (key_id IS NULL)", name="mac_names_its_key"),
        sa.CheckConstraint("seq > 0", name="seq_begins_at_one"),
    )

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entry_id: Mapped[int] = mapped_column(unique=True)
    """No foreign key: a line that is gone all the same must be missed."""
    hash: Mapped[str] = mapped_column(sa.String(64))
    """SHA-256 of the hash before and the line with its people."""
    sealed_at: Mapped[datetime]
    key_id: Mapped[str | None] = mapped_column(sa.String(16))
    mac: Mapped[str | None] = mapped_column(sa.String(64))
    """The portal's signature under the whole chain so far; the last of each sealing has one."""


class AuditClosedMonth(db.Model):  # type: ignore[name-defined]
    """What is left of a month whose lines were deleted by retention, and at once the permission to delete them."""

    __tablename__ = "audit_closed_months"
    __table_args__ = (
        sa.CheckConstraint("(mac IS NULL) = (key_id IS NULL)", name="mac_names_its_key"),
        sa.CheckConstraint("lines > 0", name="lines_were_there"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    first_on: Mapped[date] = mapped_column(unique=True)
    until: Mapped[datetime]
    """The moment after the month, in Denmark: every line that went is older."""
    lines: Mapped[int]
    last_seq: Mapped[int] = mapped_column(unique=True)
    last_hash: Mapped[str] = mapped_column(sa.String(64))
    """What the first line that is left follows."""
    closed_at: Mapped[datetime]
    key_id: Mapped[str | None] = mapped_column(sa.String(16))
    mac: Mapped[str | None] = mapped_column(sa.String(64))
