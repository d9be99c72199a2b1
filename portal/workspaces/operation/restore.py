"""A backup becomes the portal's database again: whoever was erased since is erased in it before anybody sees it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from flask import current_app
from flask_babel import gettext as _

from portal.base.database import overwrite_deleted, transaction
from portal.base.journal import Journal, check_continues
from portal.base.marks import MarkName, note
from portal.base.private_files import private_folder
from portal.loop.citizens import entries
from portal.shared.accounts import services as accounts
from portal.shared.outbox import services as outbox
from portal.workspaces.operation import backup, dumps, manifest
from portal.workspaces.operation.dumps import FILE_NAMES, SQLITE
from portal.workspaces.operation.elsewhere import portal_on
from portal.workspaces.operation.manifest import Manifest
from portal.workspaces.operation.replay import replay
from portal.workspaces.operation.trouble import OperationRefused


@dataclass(frozen=True)
class Restored:
    """What was done: how many were erased again, and how many mails wait for a person's answer."""

    manifest: Manifest
    erased_again: int
    in_journal: int
    doubted_mails: int


def restore(folder: Path, url: str, *, at: datetime) -> Restored:
    """Into the database at `url`, which must hold nothing.

    Everything is checked before it is touched, and what fails afterwards leaves it empty again.
    Raises OperationRefused, JournalUnfit.
    """
    journal: Journal = current_app.config["JOURNAL"]
    found = manifest.read(folder, current_app.config["KEYS"])
    manifest.check_files(found, folder)
    contents = journal.read()
    check_continues(contents, found.journal)
    if dumps.engine_of(url) != found.engine:
        raise OperationRefused(
            _("Backuppen er fra en anden slags database (%(engine)s).", engine=found.engine)
        )
    _refuse_live(url)
    with _workplace(url) as work:
        dumps.load(folder / FILE_NAMES[found.engine], work)
        backup.compare(found, work)
        with portal_on(work):
            return _made_safe(found, journal, at=at)


@contextmanager
def _workplace(url: str) -> Iterator[str]:
    """Where the backup is loaded and made safe; the database at `url` only when all went well, and else nothing."""
    work = url
    if dumps.engine_of(url) == SQLITE:
        path = Path(str(sa.make_url(url).database))
        work = f"sqlite:///{path.with_name(path.name + '.restoring')}"
        private_folder(path.parent)
    dumps.empty(work)
    try:
        yield work
    except BaseException:
        dumps.empty(work)
        raise
    if work != url:
        dumps.empty(url)
        path.with_name(path.name + ".restoring").rename(path)


def _made_safe(found: Manifest, journal: Journal, *, at: datetime) -> Restored:
    """Who was erased is erased, who was signed in is not, and no mail that was sent meanwhile is sent again."""
    again = replay(journal, at=at)
    with transaction():
        accounts.end_everybodys_sessions(at=at)
        doubted = outbox.doubt_unsent(at=at)
        note(MarkName.RESTORED, found.made_at.isoformat(), at=at)
    contents = journal.read()
    left = entries.citizens_to_erase_again(contents, journal.keys)
    if left:
        raise OperationRefused(
            _("%(count)s slettede personer er der stadig. Intet er gendannet.", count=len(left))
        )
    overwrite_deleted()
    return Restored(found, again, len(contents.in_force()), doubted)


def _refuse_live(url: str) -> None:
    """A database with rows in it is somebody's."""
    if dumps.engine_of(url) == SQLITE and not Path(str(sa.make_url(url).database)).exists():
        return
    with portal_on(url):
        rows = {name: count for name, count in dumps.row_counts().items() if name != "alembic_version"}
    if any(rows.values()):
        raise OperationRefused(
            _(
                "Der står allerede noget i databasen (%(count)s rækker). Gendan i en tom med --into, eller flyt den "
                "gamle væk først.",
                count=sum(rows.values()),
            )
        )
