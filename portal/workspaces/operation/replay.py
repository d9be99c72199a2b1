"""Erasing again, after an old database came back, whom the journal says was erased."""

from datetime import datetime

from portal.base.database import overwrite_deleted, transaction
from portal.base.journal import Contents, Journal, check_continues
from portal.loop.citizens import entries, services


def replay(journal: Journal, *, at: datetime) -> int:
    """How many were erased again. What the database kept before there was a file counts as well.

    Raises JournalUnfit, JournalUnwritable: then nothing was changed.
    """
    with transaction():
        entries.carry_over(journal, at=at)
        if continued(journal) is None:
            return 0
        contents = journal.read_uncut()
        again = services.reapply_erasures(contents=contents, keys=journal.keys, at=at)
        entries.note_position(contents.position, at=at)
    overwrite_deleted()
    return again


def continued(journal: Journal) -> Contents | None:
    """The journal, which has gone on from where this database knew it; None when there never was one."""
    known = entries.known_position()
    if known is None and not journal.exists():
        return None
    contents = journal.read()
    if known is not None:
        check_continues(contents, known)
    return contents
