"""The chain over the audit's lines: sealing what is stored, the head to keep elsewhere, and what follows what.

Lines are sealed after they are committed, some at a time: a chain that each writer had to lengthen itself would put
all of them in one queue. A seal holds SHA-256 of the hash before and the line with its people, so whoever changes one
line must write all later seals anew; the last seal of each sealing is signed with a key that is not in the database.
docs/adr/019-sealed-audit.md says what that stops and what it does not.
"""

import hashlib
import hmac
import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import sqlalchemy as sa
from flask import current_app

from portal.base.database import db
from portal.base.keys import Key, KeyPurpose, Keyring
from portal.shared.audit import kept_head
from portal.shared.audit.kept_head import Head
from portal.shared.audit.models import AuditClosedMonth, AuditEntry, AuditPerson, AuditSeal

GENESIS: Final = "0" * 64
"""What the very first line follows."""

AT_ONCE: Final = 2_000
"""Lines of one sealing: a fifth of a second of the write lock when each is a list of many."""

LATE: Final = 10_000
"""On PostgreSQL a line may be committed after lines with larger ids: so far back the ordinary sealing looks."""

_ONE_SEALS: Final = 7_401_964_381
"""PostgreSQL's advisory lock: of several workers one seals, and the others have nothing to do."""

_LINE: Final = AuditEntry.__table__
_SEAL: Final = AuditSeal.__table__

_log: Final = logging.getLogger(__name__)


def signing_key() -> Key:
    """The key that seals are signed with now."""
    return _ring().signing(KeyPurpose.AUDIT)


def known_keys() -> dict[str, Key]:
    """Every key that the chain was ever signed with, by what a seal says of it: an audit's key never ends."""
    return {key.fingerprint: key for key in _ring().generations(KeyPurpose.AUDIT) if key.secret}


def _ring() -> Keyring:
    ring: Keyring = current_app.config["KEYS"]
    return ring


def signature(key: Key, words: str) -> str:
    return hmac.new(key.secret.encode(), words.encode(), hashlib.sha256).hexdigest()


def next_hash(before: str, line: Mapping[str, Any], people: Iterable[int]) -> str:
    """The hash of a line that follows `before`.

    None and False are left out, so that a column that came later changes no older line's hash.
    """
    said = {name: _plain(value) for name, value in line.items() if value is not None and value is not False}
    text = json.dumps([said, sorted(people)], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(f"{before}{text}".encode()).hexdigest()


def _plain(value: Any) -> Any:
    return value.astimezone(UTC).replace(tzinfo=None).isoformat() if isinstance(value, datetime) else value


def signed_words(seq: int, hash_: str) -> str:
    """What a seal's signature stands under."""
    return f"seal:{seq}:{hash_}"


def closing_words(month: AuditClosedMonth) -> str:
    """What the signature of a closed month stands under."""
    return f"month:{month.first_on}:{month.lines}:{month.last_seq}:{month.last_hash}"


def start() -> Head:
    """What the first line that is still there follows: the beginning, or the last closed month."""
    statement = sa.select(AuditClosedMonth.last_seq, AuditClosedMonth.last_hash)
    closed = db.session.execute(statement.order_by(AuditClosedMonth.last_seq.desc()).limit(1)).first()
    return Head(*closed) if closed else Head(0, GENESIS)


def head() -> Head:
    """The end of the chain as it is stored; `seal` first, if lines of the last minutes are to be under it."""
    statement = sa.select(AuditSeal.seq, AuditSeal.hash).order_by(AuditSeal.seq.desc()).limit(1)
    last = db.session.execute(statement).first()
    return Head(*last) if last else start()


def seal(at: datetime, *, everything: bool = False) -> int:
    """Chain the stored lines that have no seal yet, the oldest first; returns how many, at most AT_ONCE.

    Call again until it returns 0. `everything` looks at all lines, and not only among the last. A chain that does not
    run through the head that was kept is left as it is: the portal's signature would make it true.
    """
    if not _alone():
        return 0
    if not runs_through_kept_head():
        _log.error(
            "the log does not run through the head that was kept: nothing is sealed (flask audit verify)"
        )
        return 0
    before = head()
    _keep(before)
    lines = _unsealed(before, everything=everything)
    if not lines:
        return 0
    people = people_of([line["id"] for line in lines])
    seals: list[dict[str, Any]] = []
    hash_ = before.hash
    for seq, line in enumerate(lines, before.seq + 1):
        hash_ = next_hash(hash_, line, people.get(line["id"], ()))
        seals.append({"seq": seq, "entry_id": line["id"], "hash": hash_, "sealed_at": at})
    key = signing_key()
    last = seals.pop() | {
        "key_id": key.fingerprint,
        "mac": signature(key, signed_words(before.seq + len(lines), hash_)),
    }
    if seals:
        db.session.execute(sa.insert(AuditSeal), seals)
    db.session.execute(sa.insert(AuditSeal), [last])
    return len(lines)


def runs_through_kept_head() -> bool:
    """Whether what was the end of the chain at an earlier sealing is still in it, or in a closed month."""
    kept, first = kept_head.kept_head(), start()
    if kept is None or kept.seq < first.seq:
        return True
    if kept.seq == first.seq:
        return kept == first
    return kept.hash == db.session.scalar(sa.select(_SEAL.c.hash).where(_SEAL.c.seq == kept.seq))


def _keep(committed: Head) -> None:
    """Where it cannot be written the log is sealed all the same, and the older head stands."""
    if committed.seq == 0 or committed == kept_head.kept_head():
        return
    try:
        kept_head.keep(committed)
    except OSError:
        _log.exception("the head of the log could not be kept outside the database")


def _alone() -> bool:
    """SQLite's write lock is held already."""
    if db.engine.dialect.name == "sqlite":
        return True
    return bool(db.session.scalar(sa.select(sa.func.pg_try_advisory_xact_lock(_ONE_SEALS))))


def _unsealed(before: Head, *, everything: bool) -> list[dict[str, Any]]:
    sealed = sa.select(_SEAL.c.seq).where(_SEAL.c.entry_id == _LINE.c.id)
    statement = sa.select(_LINE).where(~sealed.exists()).order_by(_LINE.c.id).limit(AT_ONCE)
    if not everything:
        newest = db.session.scalar(sa.select(_SEAL.c.entry_id).where(_SEAL.c.seq == before.seq)) or 0
        statement = statement.where(_LINE.c.id > newest - LATE)
    return [dict(row) for row in db.session.execute(statement).mappings()]


def people_of(entry_ids: Sequence[int]) -> dict[int, list[int]]:
    """The many whom each of the lines is about; a line about one or none is not there."""
    found: dict[int, list[int]] = {}
    if not entry_ids:
        return found
    statement = sa.select(AuditPerson.entry_id, AuditPerson.citizen_id).where(
        AuditPerson.entry_id.between(min(entry_ids), max(entry_ids))
    )
    for entry_id, citizen_id in db.session.execute(statement):
        found.setdefault(entry_id, []).append(citizen_id)
    return found
