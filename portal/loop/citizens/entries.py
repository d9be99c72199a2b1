"""A citizen's line in the journal of erasures: written before the commit, settled after it, found by a restore."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from portal.base.database import db
from portal.base.journal import (
    CARRIED,
    DONE,
    ERASING,
    KEPT,
    ROW,
    Contents,
    Journal,
    JournalLine,
    Position,
    mark_of,
    secrets_of,
)
from portal.base.keys import BEFORE_PURPOSES, KeyPurpose, Keyring, keyed_hash
from portal.base.marks import MarkName, note, noted
from portal.loop.citizens.merging import earlier_rows
from portal.loop.citizens.models import Citizen, Erasure

ABOUT: Final = "citizen"
EARLIER: Final = "earlier"
"""Of the rows of hers that became one with the last, divided by spaces."""
CASE: Final = "case"
"""Her case in her municipality: all that was kept before the journal was a file."""

UNDECIDED_FOR: Final = timedelta(hours=1)
"""No transaction lasts that long: an erasure that is not to be seen by then was not committed."""


def row_mark(citizen: Citizen, secret: str) -> str:
    """What the journal keeps of a person."""
    return mark_of(ABOUT, citizen.id, citizen.created_at, secret)


def marks_of(citizen: Citizen, secret: str) -> dict[str, str]:
    """The same with the rows that became one with hers: a backup from before that has each of them still."""
    marks = {ROW: row_mark(citizen, secret)}
    earlier = [mark_of(ABOUT, *row, secret) for row in earlier_rows(citizen.id)]
    return {**marks, EARLIER: " ".join(earlier)} if earlier else marks


def case_mark(citizen: Citizen, secret: str) -> str:
    return keyed_hash(secret, f"{citizen.municipality_id}:{citizen.case_reference}")


def enter(marks: Mapping[str, str], *, journal: Journal, at: datetime) -> int:
    """Write on the disk who is about to be erased; the number of the line. Raises JournalUnfit, JournalUnwritable."""
    generation = journal.keys.signing(KeyPurpose.JOURNAL).generation
    line = JournalLine(0, ERASING, at, ABOUT, marks, generation)
    position = journal.append(line, known=known_position())
    note_position(position, at=at)
    return position.lines


def note_done(number: int, *, journal: Journal, at: datetime) -> None:
    """The erasure was committed."""
    journal.append(JournalLine(0, DONE, at, settles=number))


def known_position() -> Position | None:
    """How far the journal had come at this database's last erasure: it may have gone on since, never back."""
    mark = noted(MarkName.JOURNAL)
    if mark is None:
        return None
    installation, lines, head = mark.text.split()
    return Position(installation, int(lines), head)


def note_position(position: Position, *, at: datetime) -> None:
    note(MarkName.JOURNAL, f"{position.installation} {position.lines} {position.head}", at=at)


def settle(journal: Journal, *, at: datetime) -> int:
    """Tell the journal what became of erasures that a process left open when it died. Returns how many."""
    if not journal.exists():
        return 0
    with journal.held() as (descriptor, contents):
        if contents is None:
            return 0
        open_ones = [line for line in contents.unsettled() if line.at <= at - UNDECIDED_FOR]
        if not open_ones:
            return 0
        alive = _rows_found(open_ones, journal.keys)
        outcomes = [
            JournalLine(0, KEPT if line.number in alive else DONE, at, settles=line.number)
            for line in open_ones
        ]
        journal.write_held(descriptor, contents, *outcomes)
    return len(outcomes)


def carry_over(journal: Journal, *, at: datetime) -> int:
    """Move what the table `erasures` kept before there was a file. Returns how many rows."""
    rows = list(db.session.scalars(sa.select(Erasure).order_by(Erasure.id)))
    if not rows:
        return 0
    known = {line.marks.get(CASE) for line in journal.read().lines} if journal.exists() else set()
    new = [
        JournalLine(0, CARRIED, row.at, ABOUT, {CASE: row.subject_hash}, BEFORE_PURPOSES)
        for row in rows
        if row.subject_hash not in known
    ]
    if new:
        note_position(journal.append(*new, known=known_position()), at=at)
    db.session.execute(sa.delete(Erasure))
    return len(rows)


def citizens_to_erase_again(contents: Contents, keys: Keyring) -> list[Citizen]:
    """Citizens who were erased and are here all the same: a backup brought them back.

    Somebody who was created anew after her erasure is not among them. Raises KeyUnknown.
    """
    lines = [line for line in contents.in_force() if line.about == ABOUT]
    rows = {line.marks[ROW] for line in lines if ROW in line.marks}
    rows.update(mark for line in lines for mark in line.marks.get(EARLIER, "").split())
    cases = {line.marks[CASE]: line.at for line in lines if CASE in line.marks}
    secrets = secrets_of(lines, keys)
    return [citizen for citizen in _everybody() if _is_among(citizen, secrets, rows, cases)]


def _is_among(
    citizen: Citizen, secrets: Iterable[str], rows: set[str], cases: Mapping[str, datetime]
) -> bool:
    for secret in secrets:
        if row_mark(citizen, secret) in rows:
            return True
        erased_at = cases.get(case_mark(citizen, secret))
        if erased_at is not None and citizen.created_at <= erased_at:
            return True
    return False


def _rows_found(lines: Iterable[JournalLine], keys: Keyring) -> set[int]:
    """The numbers of the lines whose person is there."""
    wanted = {line.marks[ROW]: line.number for line in lines}
    secrets = secrets_of(lines, keys)
    marks = (row_mark(citizen, secret) for citizen in _everybody() for secret in secrets)
    return {wanted[mark] for mark in marks if mark in wanted}


def _everybody() -> Iterable[Citizen]:
    return db.session.scalars(sa.select(Citizen).order_by(Citizen.id)).yield_per(1000)
