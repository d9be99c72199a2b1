"""One application per engine and worker, and the same small world before every test.

SQLite: the file is replaced by a copy of the template. PostgreSQL: what a test left is deleted and the world's
rows put back, which is faster than a new database.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade

from portal.application import MIGRATIONS, create_app
from portal.base.database import db

VOCABULARY = ("skills", "skill_synonyms", "job_titles", "vocabulary_versions")
"""Tables that few tests touch: put back only when their version rows or counts differ."""

SETTINGS: dict[str, Any] = {
    "TESTING": False,  # errors are answered as in production
    "SECRET_KEY": "only for tests, and long enough for production",
    "PORTAL_HTMX": "local",
    "PORTAL_BASE_URL": "http://localhost:5000",
    "ARGON2_MEMORY_KIB": 64,
    "ARGON2_ROUNDS": 1,
    "PORTAL_MAIL_WORKER": "alone",  # a test sends mails when it means to
}


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
        with self.app.app_context():
            if kept.template is not None:
                self._copy(kept.template)
            else:
                self._put_back(kept.rows)

    def _copy(self, template: Path) -> None:
        path = Path(str(db.engine.url.database))
        db.engine.dispose()
        for suffix in ("-wal", "-shm"):
            Path(f"{path}{suffix}").unlink(missing_ok=True)
        shutil.copyfile(template, path)

    def _put_back(self, rows: dict[str, list[dict[str, Any]]]) -> None:
        tables = db.metadata.sorted_tables
        with db.engine.begin() as connection:
            connection.execute(
                sa.text("SET session_replication_role = replica")
            )  # no triggers, no key checks
            counts = connection.execute(
                sa.union_all(
                    *(
                        sa.select(
                            sa.literal(t.name), sa.select(sa.func.count()).select_from(t).scalar_subquery()
                        )
                        for t in tables
                    )
                )
            )
            found: dict[str, int] = dict(list(counts))
            changed = any(found[name] != len(rows[name]) for name in VOCABULARY if name in found)
            for table in tables:
                keep = table.name in VOCABULARY and not changed
                if keep or (not found[table.name] and not rows[table.name]):
                    continue
                connection.execute(sa.delete(table))
                if rows[table.name]:
                    connection.execute(sa.insert(table), rows[table.name])
            connection.execute(sa.text("SET session_replication_role = DEFAULT"))


@contextmanager
def stage(url: str, engine_name: str, folder: Path, build: Callable[[], None]) -> Iterator[Stage]:
    """Migrate an empty database, let `build` make the world, and remember it."""
    app = create_app({**SETTINGS, "SQLALCHEMY_DATABASE_URI": url})
    made = Stage(app, engine_name, folder)
    with app.app_context():
        upgrade(directory=MIGRATIONS)
        build()
        made.world = made.keep("world")
        if engine_name != "sqlite":
            _leave_room_for_ids()
    yield made
    with app.app_context():
        db.engine.dispose()


def _all_rows() -> dict[str, list[dict[str, Any]]]:
    with db.engine.connect() as connection:
        return {
            table.name: [dict(row) for row in connection.execute(sa.select(table)).mappings()]
            for table in db.metadata.sorted_tables
        }


def _leave_room_for_ids() -> None:
    """Sequences go on after the world's rows; they are not reset between tests."""
    with db.engine.begin() as connection:
        for table in db.metadata.sorted_tables:
            if "id" in table.c and isinstance(table.c.id.type, sa.Integer):
                connection.execute(
                    sa.text(f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), 1000)")
                )
