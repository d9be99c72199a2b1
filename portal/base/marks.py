"""What the portal notes about itself: when its worker last lived, its last backup, how far the journal had come."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from portal.base.database import db


class MarkName(StrEnum):
    """What is noted, and what its text says."""

    JOURNAL = "journal"
    """Installation, lines and head of the journal after the last erasure of this database."""
    WORKER = "worker"
    """Who sent mails and did the chores last."""
    BACKUP = "backup"
    """The folder of the last backup."""
    VERIFIED = "backup-verified"
    """The folder of the last backup that was restored into a copy and compared."""
    RESTORED = "restored"
    """When the backup was made that this database comes from."""
    EXPIRED = "openings-expired"
    """How many openings the last night closed."""
    PURGED = "purged"
    """How many rows the last night forgot."""
    MONTHS_CLOSED = "months-closed"
    """How many months of the log the last night deleted."""


class OperationMark(db.Model):  # type: ignore[name-defined]
    """The last of its name."""

    __tablename__ = "marks"

    name: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    text: Mapped[str] = mapped_column(sa.String(400))
    at: Mapped[datetime]


def note(name: MarkName, text: str, *, at: datetime) -> None:
    """In place of what was noted before."""
    dialect = sqlite if db.session.get_bind().dialect.name == "sqlite" else postgresql
    new = {"text": text[:400], "at": at}
    statement = dialect.insert(OperationMark).values(name=name.value, **new)
    db.session.execute(statement.on_conflict_do_update(index_elements=["name"], set_=new))


def all_noted() -> list[OperationMark]:
    return list(
        db.session.scalars(
            sa.select(OperationMark).order_by(OperationMark.name).execution_options(populate_existing=True)
        )
    )


def noted(name: MarkName) -> OperationMark | None:
    return db.session.scalars(
        sa.select(OperationMark)
        .where(OperationMark.name == name.value)
        .execution_options(populate_existing=True)
    ).one_or_none()
