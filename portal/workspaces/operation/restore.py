"""A backup becomes the portal's database again: whoever was erased since is erased in it before anybody sees it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import psycopg
import sqlalchemy as sa
from flask import current_app
from flask_babel import gettext as _
from sqlalchemy.exc import SQLAlchemyError

from portal.base.database import db, overwrite_deleted, transaction
from portal.base.journal import Contents, Journal, JournalUnfit, Position, check_continues
from portal.base.marks import MarkName, note
from portal.base.private_files import folder_of_others
from portal.loop.citizens import entries
from portal.shared.accounts import services as accounts
from portal.shared.audit.kept_head import keep
from portal.shared.outbox import services as outbox
from portal.workspaces.operation import backup, dumps, manifest
from portal.workspaces.operation.dumps import FILE_NAMES, SQLITE
from portal.workspaces.operation.elsewhere import portal_on
from portal.workspaces.operation.manifest import Manifest
from portal.workspaces.operation.replay import Replayed, replay
from portal.workspaces.operation.trouble import OperationRefused

RESTORING: Final = ".restoring"
"""How a file's name ends whose restore is under way."""


@dataclass(frozen=True)
class Restored:
    """What was done: how many were erased again, and how many mails wait for a person's answer."""

    manifest: Manifest
    again: Replayed
    in_journal: int
    last_erased_at: datetime | None
    doubted_mails: int


def restore(folder: Path, url: str, *, at: datetime) -> Restored:
    """Into the database at `url`, which must hold nothing.

    Everything is checked before it is touched, and what fails afterwards leaves it empty again.
    Raises OperationRefused, JournalUnfit.
    """
    journal: Journal = current_app.config["JOURNAL"]
    found = manifest.read(folder, current_app.config["KEYS"])
    manifest.check_files(found, folder)
    contents = journal.read_uncut()
    check_continues(contents, found.journal)
    _ask_the_witnesses(contents, folder, journal)
    if dumps.engine_of(url) != found.engine:
        raise OperationRefused(
            _("Backuppen er fra en anden slags database (%(engine)s).", engine=found.engine)
        )
    _refuse_live(url)
    with _workplace(url) as work:
        dumps.load(folder / FILE_NAMES[found.engine], work)
        backup.compare(found, work)
        with portal_on(work):
            done = _made_safe(found, journal, at=at)
    keep(found.audit, url=sa.make_url(url))
    return done


def _ask_the_witnesses(contents: Contents, folder: Path, journal: Journal) -> None:
    """An old backup knows little of the journal: newer ones beside it, and the portal's own database, know more.

    Raises OperationRefused when the journal was longer once, or went on otherwise.
    """
    witnesses = [(name, other.journal) for name, other in manifest.beside(folder, journal.keys)]
    if own := _own_position():
        witnesses.append((_("portalens database"), own))
    for name, known in witnesses:
        if known.installation != contents.position.installation:
            continue
        try:
            check_continues(contents, known)
        except JournalUnfit as unfit:
            raise OperationRefused(
                _("%(unfit)s Det ved %(witness)s.", unfit=unfit.message, witness=name)
            ) from unfit


def _own_position() -> Position | None:
    """As far as the database in use knows the journal; None where there is none yet."""
    url = db.engine.url
    if url.get_backend_name() == SQLITE and not Path(str(url.database)).exists():
        return None
    try:
        return entries.known_position()
    except SQLAlchemyError:
        return None
    finally:
        db.session.rollback()


@contextmanager
def _workplace(url: str) -> Iterator[str]:
    """Where the backup is loaded and made safe; the database at `url` only when all went well, and else nothing."""
    work = url
    if dumps.engine_of(url) == SQLITE:
        path = Path(str(sa.make_url(url).database))
        work = f"sqlite:///{path.with_name(path.name + RESTORING)}"
        folder_of_others(path.parent)
    else:
        work = dumps.hide(url)
    dumps.empty(work)
    try:
        yield work
    except BaseException:
        dumps.empty(work)
        raise
    finally:
        if dumps.engine_of(url) != SQLITE:
            dumps.show(url)
    if dumps.engine_of(url) == SQLITE:
        dumps.empty(url)
        path.with_name(path.name + RESTORING).rename(path)


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
    in_force = contents.in_force()
    last = max((line.at for line in in_force), default=None)
    return Restored(found, again, len(in_force), last, doubted)


def _refuse_live(url: str) -> None:
    """A database with rows in it is somebody's."""
    try:
        if _is_nothing_yet(url):
            return
        with portal_on(url):
            rows = {name: count for name, count in dumps.row_counts().items() if name != "alembic_version"}
    except (SQLAlchemyError, psycopg.Error) as problem:
        raise OperationRefused(
            _(
                "Der kan ikke gendannes i %(database)s: %(problem)s.",
                database=sa.make_url(url).render_as_string(),
                problem=getattr(problem, "orig", problem),
            )
        ) from problem
    if any(rows.values()):
        raise OperationRefused(
            _(
                "Der står allerede noget i databasen (%(count)s rækker). Gendan i en tom med --into, eller flyt den "
                "gamle væk først.",
                count=sum(rows.values()),
            )
        )


def _is_nothing_yet(url: str) -> bool:
    """No file, or a restore that was killed: that holds nothing which the backup does not."""
    if dumps.engine_of(url) != SQLITE:
        return dumps.is_hidden(url)
    path = Path(str(sa.make_url(url).database))
    log = path.with_name(f"{path.name}-wal")
    if path.exists():
        return False
    if log.exists() and log.stat().st_size:
        raise OperationRefused(
            _(
                "%(log)s er der endnu: den gamle databases sidste ændringer står i den. Flyt den hen til databasen.",
                log=log,
            )
        )
    return True
