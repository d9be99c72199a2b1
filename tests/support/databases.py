"""One application per engine and worker, and the same small world before every test.

SQLite: the file is replaced by a copy of the template. PostgreSQL: the rows of the tables a test wrote to are deleted
and the world's put back, which is faster than a new database.
"""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from jinja2 import FileSystemBytecodeCache

from portal.application import create_app
from portal.base.database import db
from portal.shared.skills import queries as skills
from portal.shared.skills.queries import Book

SETTINGS: dict[str, Any] = {
    "TESTING": False,  # errors are answered as in production
    "SECRET_KEY": "only for tests, and long enough for production",
    "PORTAL_HTMX": "local",
    "PORTAL_BASE_URL": "http://localhost:5000",
    "ARGON2_MEMORY_KIB": 64,
    "ARGON2_ROUNDS": 1,
    "PORTAL_MAIL_WORKER": "alone",  # a test sends mails when it means to
}


COMPILED = "PORTAL_TEST_COMPILED"
"""Names the folder where a run's workers share compiled templates, which are half of a page's first answer."""


def portal_on(url: str, **settings: Any) -> Flask:
    """The application on a database, as tests want it."""
    app = create_app({**SETTINGS, "SQLALCHEMY_DATABASE_URI": url, **settings})
    if folder := os.environ.get(COMPILED):
        app.jinja_env.bytecode_cache = FileSystemBytecodeCache(folder)
    return app


@dataclass
class Kept:
    """What a database held at one moment: a file on SQLite, all rows on PostgreSQL."""

    template: Path | None = None
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


@dataclass
class Stage:
    """An application on its own database, and how to put the world back."""

    app: Flask
    engine_name: str
    folder: Path
    world: Kept = field(default_factory=Kept)

    def __post_init__(self) -> None:
        self._written = Written()
        self._stands: dict[str, list[dict[str, Any]]] = {}
        self._vocabulary: Book | None = None

    def watch_writes(self) -> None:
        """What is written from now on is put back by the next `reset`."""
        self._written.watch(db.engine)
        self._stands = self.world.rows

    def keep(self, name: str) -> Kept:
        """What stands now, for `reset`; nothing may be open."""
        db.session.remove()
        if self.engine_name != "sqlite":
            return Kept(rows=_all_rows())
        with db.engine.begin() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("BEGIN")
        db.engine.dispose()
        template = self.folder / f"{name}.sqlite"
        shutil.copyfile(str(db.engine.url.database), template)
        return Kept(template=template)

    def reset(self, to: Kept | None = None) -> None:
        """To what was kept, else to the world before every test."""
        kept = to or self.world
        journal = self.app.config["JOURNAL"].file
        for file in (journal, *journal.parent.glob("audit-*.head")):
            file.unlink(missing_ok=True)
        with self.app.app_context():
            if kept.template is not None:
                self._copy(kept.template)
            else:
                self._put_back(kept.rows)
            if kept is self.world:
                self._know_its_vocabulary()

    def _know_its_vocabulary(self) -> None:
        """A portal remembers one edition, of one database: the last test's is seldom the next one's."""
        if self._vocabulary is None:
            self._vocabulary = skills.book()
            db.session.remove()
        skills._book = self._vocabulary  # asked for by its edition, as ever

    def _copy(self, template: Path) -> None:
        path = Path(str(db.engine.url.database))
        db.engine.dispose()
        for suffix in ("-wal", "-shm"):
            Path(f"{path}{suffix}").unlink(missing_ok=True)
        shutil.copyfile(template, path)

    def _put_back(self, rows: dict[str, list[dict[str, Any]]]) -> None:
        touched = self._written.and_what_hangs_on_them()
        with db.engine.begin() as connection:
            connection.execute(_NO_KEY_CHECKS)
            for table in db.metadata.sorted_tables:
                if self._stands is rows and table.name not in touched:
                    continue
                connection.execute(sa.delete(table))
                if rows[table.name]:
                    connection.execute(sa.insert(table), rows[table.name])
            connection.execute(_KEY_CHECKS)
        self._stands = rows
        self._written.clear()


class Written:
    """The tables that statements of this process wrote to."""

    _VERBS = re.compile(
        r"\b(?:INSERT INTO|UPDATE|DELETE FROM|TRUNCATE(?: TABLE)?)\s+(?:ONLY\s+)?\"?(\w+)", re.IGNORECASE
    )

    def __init__(self) -> None:
        self._tables: set[str] = set()

    def watch(self, engine: sa.Engine) -> None:
        sa.event.listen(engine, "before_cursor_execute", self._note)

    def clear(self) -> None:
        self._tables.clear()

    def and_what_hangs_on_them(self) -> set[str]:
        """With the tables whose rows change when a row they point to is deleted."""
        found = set(self._tables)
        for table in db.metadata.sorted_tables:  # each behind those it points to
            if any(key.ondelete and key.column.table.name in found for key in table.foreign_keys):
                found.add(table.name)
        return found

    def _note(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        self._tables.update(self._VERBS.findall(statement))


_NO_KEY_CHECKS = sa.text("SET session_replication_role = replica")  # nor triggers
_KEY_CHECKS = sa.text("SET session_replication_role = DEFAULT")


@contextmanager
def stage_on(url: str, engine_name: str, folder: Path, template: Path | None) -> Iterator[Stage]:
    """An application on a copy of the world; `template` is the file it was copied from, on SQLite."""
    made = Stage(portal_on(url), engine_name, folder)
    with made.app.app_context():
        if template is not None:
            made.world = Kept(template=template)
        else:
            made.world = Kept(rows=_all_rows())
            made.watch_writes()
    yield made
    with made.app.app_context():
        db.engine.dispose()


def _all_rows() -> dict[str, list[dict[str, Any]]]:
    with db.engine.connect() as connection:
        return {
            table.name: [dict(row) for row in connection.execute(sa.select(table)).mappings()]
            for table in db.metadata.sorted_tables
        }


def leave_room_for_ids() -> None:
    """Sequences go on after the world's rows; they are not reset between tests."""
    with db.engine.begin() as connection:
        for table in db.metadata.sorted_tables:
            if "id" in table.c and isinstance(table.c.id.type, sa.Integer):
                connection.execute(
                    sa.text(f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), 10000)")
                )
