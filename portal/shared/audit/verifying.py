"""Whether the log is whole: every seal, line and signature held against each other."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from portal.base.database import db
from portal.base.keys import Key
from portal.base.terms import LabelledEnum
from portal.shared.audit import chain
from portal.shared.audit.kept_head import Head
from portal.shared.audit.models import AuditClosedMonth, AuditEntry, AuditSeal

PIECE: Final = 2_000
"""Seals that are read at once."""

LONG_UNSEALED: Final = timedelta(hours=1)
"""The worker seals every minute or so (CHORES_EVERY): lines that wait longer say that it does not run."""

_LINE: Final = AuditEntry.__table__
_SEAL: Final = AuditSeal.__table__


class Fault(LabelledEnum):
    """What can be wrong with the chain."""

    CHANGED = "changed", _l("en linje er ændret, efter at den blev forseglet")
    """The line, or whom it is about, is not what was sealed."""
    MISSING = "missing", _l("en linje mangler, og dens måned er ikke lukket")
    """The line is gone, and its month is not closed."""
    SEALS_GONE = "seals-gone", _l("segl mangler midt i kæden")
    """Seals are gone out of the middle of the chain."""
    SIGNATURE = "signature", _l("kæden er ikke skrevet under med portalens nøgle")
    """Sealed by somebody who does not have the portal's key, or had another."""
    HEAD = "head", _l("kæden går ikke gennem det hoved, der er gemt et andet sted")
    """The chain does not run through the head that was kept elsewhere: its end was cut off or written anew."""
    CLOSING = "closing", _l("en måned er lukket uden portalens nøgle")
    """A month was closed by somebody who does not have the portal's key."""


@dataclass(frozen=True)
class Break:
    """Where the chain does not hold."""

    fault: Fault
    seq: int
    entry_id: int | None = None


BEGINNING: Final = Head(0, chain.GENESIS)


@dataclass
class Verification:
    """What the log was found to be."""

    sealed: int = 0
    closed: int = 0
    """Lines of closed months, which were deleted by retention."""
    head: Head = BEGINNING
    first: Break | None = None
    counts: dict[Fault, int] = field(default_factory=dict)
    unsealed: int = 0
    oldest_unsealed: datetime | None = None

    @property
    def whole(self) -> bool:
        return self.first is None

    def is_late(self, at: datetime) -> bool:
        """Whether lines have waited for their seal for too long."""
        return self.oldest_unsealed is not None and at - self.oldest_unsealed > LONG_UNSEALED

    def note(self, fault: Fault, seq: int, entry_id: int | None = None) -> None:
        self.counts[fault] = self.counts.get(fault, 0) + 1
        if self.first is None or seq < self.first.seq:
            self.first = Break(fault, seq, entry_id)


def verify(*kept: Head | None) -> Verification:
    """Read the whole chain. `kept` are heads from outside the database that it must run through, if there are any."""
    heads = {one.seq: one.hash for one in kept if one is not None}
    found, known = Verification(), chain.known_keys()
    _check_closed_months(found, known)
    signed_to = _read(found, known, heads)
    if signed_to < found.head.seq and Fault.SIGNATURE not in found.counts:
        found.note(Fault.SIGNATURE, signed_to + 1)
    for seq in sorted(heads):
        if seq > found.head.seq:
            found.note(Fault.HEAD, seq)
    _count_unsealed(found)
    return found


def verify_up_to(seq: int) -> Verification:
    """Read the beginning of the chain: what is about to be deleted must be what was sealed."""
    found = Verification()
    _read(found, chain.known_keys(), {}, up_to=seq)
    return found


def _read(
    found: Verification, known: Mapping[str, Key], heads: Mapping[int, str], up_to: int | None = None
) -> int:
    """Go through the seals one by one; returns how far the chain is signed."""
    found.head = chain.start()
    signed_to = found.head.seq
    if heads.get(found.head.seq, found.head.hash) != found.head.hash:
        found.note(Fault.HEAD, found.head.seq)
    while piece := _piece_after(found.head.seq, up_to):
        people = chain.people_of([row["entry_id"] for row in piece])
        for row in piece:
            signed_to = _check(found, row, people.get(row["entry_id"], []), known, signed_to)
            if heads.get(row["seq"], row["hash"]) != row["hash"]:
                found.note(Fault.HEAD, row["seq"])
    return signed_to


def _piece_after(seq: int, up_to: int | None) -> list[Mapping[str, Any]]:
    columns = (_SEAL.c.seq, _SEAL.c.entry_id, _SEAL.c.hash, _SEAL.c.key_id, _SEAL.c.mac)
    statement = (
        sa.select(*columns, *(column.label(f"line_{column.name}") for column in _LINE.c))
        .outerjoin_from(_SEAL, _LINE, _LINE.c.id == _SEAL.c.entry_id)
        .where(_SEAL.c.seq > seq)
        .order_by(_SEAL.c.seq)
        .limit(PIECE)
    )
    if up_to is not None:
        statement = statement.where(_SEAL.c.seq <= up_to)
    return [dict(row) for row in db.session.execute(statement).mappings()]


def _check(
    found: Verification, row: Mapping[str, Any], people: list[int], known: Mapping[str, Key], signed_to: int
) -> int:
    """Hold one seal against its line; returns how far the chain is signed."""
    seq, before = row["seq"], found.head
    line = {column.name: row[f"line_{column.name}"] for column in _LINE.c}
    if seq != before.seq + 1:
        found.note(Fault.SEALS_GONE, before.seq + 1)
    elif line["id"] is None:
        found.note(Fault.MISSING, seq, row["entry_id"])
    elif chain.next_hash(before.hash, line, people) != row["hash"]:
        found.note(Fault.CHANGED, seq, row["entry_id"])
    found.sealed += 1
    found.head = Head(seq, row["hash"])
    key = known.get(row["key_id"] or "")
    if key is None:  # a line between two signatures, or a key that was changed since: the next one covers it
        return signed_to
    if row["mac"] != chain.signature(key, chain.signed_words(seq, row["hash"])):
        found.note(Fault.SIGNATURE, seq)
        return signed_to
    return seq


def _check_closed_months(found: Verification, known: Mapping[str, Key]) -> None:
    """Nothing that comes later signs a closed month again, so a key that nobody knows signs none."""
    before = 0
    for month in db.session.scalars(sa.select(AuditClosedMonth).order_by(AuditClosedMonth.last_seq)):
        found.closed += month.lines
        key = known.get(month.key_id or "")
        if key is None or month.mac != chain.signature(key, chain.closing_words(month)):
            found.note(Fault.CLOSING, month.last_seq)
        elif month.last_seq - before != month.lines:
            found.note(Fault.SEALS_GONE, before + 1)
        before = month.last_seq


def _count_unsealed(found: Verification) -> None:
    sealed = sa.select(_SEAL.c.seq).where(_SEAL.c.entry_id == _LINE.c.id)
    statement = sa.select(sa.func.count(), sa.func.min(AuditEntry.at)).select_from(AuditEntry)
    found.unsealed, found.oldest_unsealed = db.session.execute(statement.where(~sealed.exists())).one()
