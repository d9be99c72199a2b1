"""After an old database came back: erasing again whom the journal says was erased, and ending again what ended."""

from dataclasses import dataclass
from datetime import datetime

from portal.base.database import overwrite_deleted, transaction
from portal.base.journal import Contents, Journal, check_continues
from portal.loop.citizens import entries, services
from portal.workspaces.operation import endings


@dataclass(frozen=True)
class Replayed:
    """How many were erased again, and how many consents and accesses ended again."""

    erased: int = 0
    ended: int = 0


def replay(journal: Journal, *, at: datetime) -> Replayed:
    """What the database kept before there was a file counts as well.

    Raises JournalUnfit, JournalUnwritable: then nothing was changed.
    """
    with transaction():
        entries.carry_over(journal, at=at)
        if continued(journal) is None:
            return Replayed()
        contents = journal.read_uncut()
        erased = services.reapply_erasures(contents=contents, keys=journal.keys, at=at)
        ended = endings.end_again(contents, journal.keys, at=at)
        entries.note_position(contents.position, at=at)
    overwrite_deleted()
    return Replayed(erased, ended)


def continued(journal: Journal) -> Contents | None:
    """The journal, which has gone on from where this database knew it; None when there never was one."""
    known = entries.known_position()
    if known is None and not journal.exists():
        return None
    contents = journal.read()
    if known is not None:
        check_continues(contents, known)
    return contents
