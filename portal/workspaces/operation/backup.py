"""A backup: one folder with the database of one moment and a manifest; and trying whether it can be used."""

import fcntl
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from flask import current_app
from flask_babel import gettext as _
from flask_migrate import upgrade
from sqlalchemy.exc import OperationalError

from portal import __version__
from portal.base.database import db, transaction
from portal.base.journal import Journal, JournalKeyWrong, Position
from portal.base.keys import KeyPurpose
from portal.base.marks import MarkName, note, noted
from portal.base.private_files import folder_of_others, onto_the_disk, private_file, private_folder
from portal.loop.citizens import entries
from portal.shared.audit import chain
from portal.shared.audit.commands import seal_all
from portal.shared.audit.kept_head import Head
from portal.shared.audit.verifying import verify as verify_chain
from portal.workspaces.home.queries import MIGRATIONS, schema_state, wanted_revision
from portal.workspaces.operation import dumps, manifest
from portal.workspaces.operation.dumps import FILE_NAMES, POSTGRESQL, Progress
from portal.workspaces.operation.elsewhere import portal_on
from portal.workspaces.operation.manifest import Manifest
from portal.workspaces.operation.replay import continued
from portal.workspaces.operation.trouble import BackupFailed, OperationRefused, no_space

HALF = "half-"
"""How the name of a folder begins that is not whole yet."""


def make(folder: Path, *, at: datetime, progress: Progress) -> Path:
    """A new backup in `folder`, while the portal runs; returns its own folder.

    Raises BackupFailed, OperationRefused, JournalUnfit; then there is no new folder.
    """
    _refuse_other_schema()
    try:
        position = _journal_ready(at)
        with _alone_in(folder_of_others(folder), HALF):
            made = _made(folder, position, at=at, progress=progress)
        with transaction():
            note(MarkName.BACKUP, str(made.resolve()), at=at)
    except (OSError, sqlite3.OperationalError, OperationalError) as problem:
        raise BackupFailed(no_space(getattr(problem, "orig", problem))) from problem
    return made


def _refuse_other_schema() -> None:
    current, wanted = schema_state()
    if current != wanted:
        raise OperationRefused(_("Databasen er ikke opdateret: kør flask db upgrade først."))


def _journal_ready(at: datetime) -> Position:
    """What a restore of this backup must find: a backup that no journal fits could never be restored."""
    journal: Journal = current_app.config["JOURNAL"]
    with transaction():
        entries.carry_over(journal, at=at)
        contents = continued(journal)
        position = contents.position if contents else journal.begin(at=at)
        entries.note_position(position, at=at)
    seal_all()
    return position


def _made(folder: Path, position: Position, *, at: datetime, progress: Progress) -> Path:
    half = folder / f"{HALF}{at:%Y%m%dT%H%M%S}"
    half.mkdir(mode=0o700)
    try:
        written = _dump(half, position, at=at, progress=progress)
        key = current_app.config["KEYS"].signing(KeyPurpose.JOURNAL)
        private_file(half / manifest.NAME)
        written.write(half, key)
        for file in half.iterdir():
            onto_the_disk(file)
        whole = _free_name(folder, at)
        half.rename(whole)
        onto_the_disk(folder)
    except BaseException:
        shutil.rmtree(half, ignore_errors=True)
        raise
    return whole


def _dump(half: Path, position: Position, *, at: datetime, progress: Progress) -> Manifest:
    url = db.engine.url.render_as_string(hide_password=False)
    engine = dumps.engine_of(url)
    file = half / FILE_NAMES[engine]
    db.session.rollback()
    if engine == POSTGRESQL:
        connection = db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        snapshot = connection.execute(sa.text("SELECT pg_export_snapshot()")).scalar_one()
        rows, head = dumps.row_counts(), chain.head()
        dumps.dump_postgresql(url, file, snapshot=snapshot)
        db.session.rollback()
    else:
        dumps.dump_sqlite(str(db.engine.url.database), file, progress=progress)
        rows, head = _looked_at(file)
    return Manifest(
        made_at=at,
        portal=__version__,
        engine=engine,
        schema=wanted_revision() or "",
        files={file.name: manifest.sha256(file)},
        rows=rows,
        audit=head,
        journal=position,
    )


def _looked_at(file: Path) -> tuple[dict[str, int], Head]:
    """What stands in SQLite's copy, which is sound, and is left as one file."""
    copy = file.with_name("look.sqlite")
    dumps.load(file, f"sqlite:///{copy}")
    try:
        if problem := dumps.unsound(f"sqlite:///{copy}"):
            raise BackupFailed(_("Databasen er ødelagt: %(problem)s.", problem=problem))
        with portal_on(f"sqlite:///{copy}"):
            return dumps.row_counts(), chain.head()
    finally:
        dumps.empty(f"sqlite:///{copy}")


@contextmanager
def _alone_in(folder: Path, left_begins: str) -> Iterator[None]:
    """One backup or trial at a time; what a killed one left is taken away."""
    with private_file(folder / ".lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as problem:
            raise OperationRefused(_("Der bliver allerede lavet eller prøvet en backup.")) from problem
        for left in folder.glob(f"{left_begins}*"):
            if left.is_dir():
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink(missing_ok=True)
        yield


def _free_name(folder: Path, at: datetime) -> Path:
    name = f"portal-{at:%Y%m%dT%H%M%S}"
    found = sum(1 for one in folder.glob(f"{name}*"))
    return folder / (f"{name}-{found + 1}" if found else name)


def check(folder: Path, *, at: datetime) -> Manifest:
    """Restore into a copy that is thrown away, and compare. Raises OperationRefused, JournalUnfit."""
    found = manifest.read(folder, current_app.config["KEYS"])
    manifest.check_files(found, folder)
    url = db.engine.url.render_as_string(hide_password=False)
    if dumps.engine_of(url) != found.engine:
        raise OperationRefused(
            _("Backuppen er fra en anden slags database (%(engine)s).", engine=found.engine)
        )
    private_room = private_folder(Path(current_app.instance_path))
    if found.engine == POSTGRESQL:
        for left in dumps.copies_left(url):
            dumps.drop(url, left)
    with _alone_in(private_room, dumps.SCRATCH), dumps.scratch(url, private_room) as copy:
        dumps.load(folder / FILE_NAMES[found.engine], copy)
        compare(found, copy)
    with transaction():
        note(MarkName.VERIFIED, str(folder.resolve()), at=at)
    return found


def forget_before(moment: datetime, folder: Path) -> list[Path]:
    """Delete the backups in `folder` that were made before; returns which.

    Only what is a backup of this portal, by its manifest, and never the newest nor the last that was tried.
    """
    made = {}
    for file in folder.glob(f"*/{manifest.NAME}"):
        with suppress(OperationRefused, JournalKeyWrong):
            made[file.parent.resolve()] = manifest.read(file.parent, current_app.config["KEYS"]).made_at
    tried = noted(MarkName.VERIFIED)
    kept = {max(made, key=lambda one: made[one])} if made else set()
    if tried is not None:
        kept.add(Path(tried.text))
    gone = [one for one, made_at in sorted(made.items()) if made_at < moment and one not in kept]
    for one in gone:
        shutil.rmtree(one)
    return gone


def compare(found: Manifest, url: str) -> None:
    """The loaded database against its manifest, brought forward to this portal's schema. Raises OperationRefused."""
    if problem := dumps.unsound(url):
        raise OperationRefused(_("Databasen i backuppen er ødelagt: %(problem)s.", problem=problem))
    with portal_on(url):
        current, wanted = schema_state()
        if current != found.schema or dumps.row_counts() != dict(found.rows):
            raise OperationRefused(_("Der står noget andet i backuppen, end dens manifest siger."))
        db.session.remove()
        if current != wanted:
            bring_forward(current)
        verified = verify_chain(found.audit)
        if not verified.whole and verified.first is not None:
            raise OperationRefused(
                _("Loggen i backuppen er ikke hel: %(fault)s.", fault=verified.first.fault.label)
            )


def bring_forward(current: str | None) -> None:
    try:
        upgrade(directory=MIGRATIONS)
    except (Exception, SystemExit) as problem:  # alembic's errors are many; at some Flask-Migrate leaves
        raise OperationRefused(
            _(
                "Backuppens skema (%(schema)s) kan ikke bringes frem til denne portals. Er den fra en nyere?",
                schema=current,
            )
        ) from problem
