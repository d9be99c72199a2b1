"""Closing old months: their lines are deleted whole, and the chain goes on from their last hash.

The row of a closed month is the permission: the database lets lines go that it covers, and takes no such row for a
month younger than half a year, in front of an unsealed line, or over one that stands already (migration 025).
"""

from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from portal.base.clock import danish_day, danish_midnight
from portal.base.database import db
from portal.base.errors import DomainError
from portal.shared.audit import chain, services
from portal.shared.audit.models import AuditClosedMonth, AuditEntry, AuditPerson, AuditSeal
from portal.shared.audit.verifying import verify_up_to


class LogNotWhole(DomainError):
    """A line of the month is not what was sealed: it stays until somebody has looked."""

    message = _l("Loggen er ikke hel, så ingen måned er lukket. Se flask audit verify.")


def months_before(day: date, months: int) -> date:
    """The first day of the month that lies so many months before the one of `day`."""
    number = day.year * 12 + day.month - 1 - months
    return date(number // 12, number % 12 + 1, 1)


def close_next_month(*, before: date, at: datetime) -> AuditClosedMonth | None:
    """Close the oldest month that ends by `before`, the first of a month; None when there is none.

    What was written within it but stored behind a younger line (two requests at midnight) goes with the next month.
    Call in a transaction of its own for each month. Raises LogNotWhole: lines whose day was changed would go as old.
    """
    month = _oldest_month()
    if month is None or month >= before:
        return None
    until = danish_midnight(months_before(month, -1))
    last = _last_seal_of(until)
    if last is None:
        return None
    if not chain.runs_through_kept_head() or not verify_up_to(last.seq).whole:
        raise LogNotWhole
    key = chain.signing_key()
    first = chain.start()
    closed = AuditClosedMonth(
        first_on=month,
        until=until,
        lines=last.seq - first.seq,
        last_seq=last.seq,
        last_hash=last.hash,
        closed_at=at,
        key_id=key.fingerprint,
    )
    closed.mac = chain.signature(key, chain.closing_words(closed))
    db.session.add(closed)
    db.session.flush()
    _delete_up_to(last.seq)
    services.record("audit-month-closed", subject=closed, by=None, at=at)
    return closed


def _oldest_month() -> date | None:
    """Of the first sealed line, but never one that was closed before."""
    statement = (
        sa.select(AuditEntry.at)
        .join(AuditSeal, AuditSeal.entry_id == AuditEntry.id)
        .order_by(AuditSeal.seq)
        .limit(1)
    )
    first = db.session.scalar(statement)
    if first is None:
        return None
    month = danish_day(first).replace(day=1)
    last_closed = db.session.scalar(sa.select(sa.func.max(AuditClosedMonth.first_on)))
    return max(month, months_before(last_closed, -1)) if last_closed else month


def _last_seal_of(until: datetime) -> AuditSeal | None:
    """The last seal before the first line that is younger."""
    younger = (
        sa.select(sa.func.min(AuditSeal.seq))
        .join(AuditEntry, AuditEntry.id == AuditSeal.entry_id)
        .where(AuditEntry.at >= until)
    )
    statement = sa.select(AuditSeal).order_by(AuditSeal.seq.desc()).limit(1)
    first_younger = db.session.scalar(younger)
    if first_younger is not None:
        statement = statement.where(AuditSeal.seq < first_younger)
    return db.session.scalar(statement)


def _delete_up_to(seq: int) -> None:
    covered = sa.select(AuditSeal.entry_id).where(AuditSeal.seq <= seq)
    db.session.execute(sa.delete(AuditPerson).where(AuditPerson.entry_id.in_(covered)))
    db.session.execute(sa.delete(AuditEntry).where(AuditEntry.id.in_(covered)))
    db.session.execute(sa.delete(AuditSeal).where(AuditSeal.seq <= seq))
