"""Databases made once for a run and copied by every worker and test: the schema, the small world, the demo.

SQLite: a file that is copied. PostgreSQL: a database that new ones are made from. Whoever needs a template first makes
it while the others wait; it gets its name only when it is whole.
"""

import contextlib
import fcntl
import itertools
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import time_machine
from flask import Flask
from flask_migrate import upgrade

from portal.application import MIGRATIONS, create_app
from portal.base.database import db
from portal.demo.bulk import Size
from portal.demo.large import load_large
from portal.demo.loader import load_demo
from tests import factories
from tests.support.databases import SETTINGS, leave_room_for_ids, portal_on
from tests.support.postgres import Cluster


def _build_world() -> None:
    factories.build_world()
    if db.engine.name == "postgresql":
        leave_room_for_ids()


def _load_demo() -> None:
    load_demo(factories.NOW)


MANY = Size(citizens=10_000, openings=300, employers=60, matches=10_000, audit=10_000)


def _grow() -> None:
    load_large(factories.NOW, MANY)


CONTENTS: dict[str, Callable[[], None]] = {
    "world": _build_world,
    "demo": _load_demo,
    "grown": _grow,
}
"""What stands in each template beside the schema, or beside what it begins with."""

BEGINS_WITH = {"grown": "demo"}
"""The template that another is a copy of at first: the demo takes half a minute to load."""


def migrated(url: str, fill: Callable[[], None] = lambda: None) -> None:
    """Build the schema in an empty database, or bring it up to date, and `fill` it as of the tests' moment."""
    app = create_app({**SETTINGS, "SQLALCHEMY_DATABASE_URI": url})
    # The clock stands still here alone: what lasts longer than a test would stop it in the browsers' tests
    with app.app_context(), time_machine.travel(factories.NOW, tick=False):
        upgrade(directory=MIGRATIONS)
        fill()
        db.session.remove()
        db.engine.dispose()


class Templates:
    """The templates of one engine, as one worker sees them."""

    def __init__(self, meeting_place: Path) -> None:
        self._meeting_place = meeting_place
        self._numbers = itertools.count(1)
        meeting_place.mkdir(parents=True, exist_ok=True)

    @contextlib.contextmanager
    def app_on_copy(self, name: str) -> Iterator[Flask]:
        """An application on a fresh copy, gone afterwards."""
        with self.copy(name) as url:
            app = portal_on(url)
            yield app
            with app.app_context():
                db.session.remove()
                db.engine.dispose()

    @contextlib.contextmanager
    def copy(self, name: str) -> Iterator[str]:
        """The URL of a fresh copy, gone afterwards."""
        raise NotImplementedError

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        with (self._meeting_place / "templates.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


class SqliteTemplates(Templates):
    def __init__(self, meeting_place: Path, folder: Path) -> None:
        super().__init__(meeting_place)
        self._folder = folder

    @contextlib.contextmanager
    def copy(self, name: str) -> Iterator[str]:
        path = self._folder / f"{name}-{next(self._numbers)}.sqlite"
        shutil.copyfile(self.file(name), path)
        yield f"sqlite:///{path}"
        for suffix in ("", "-wal", "-shm"):
            Path(f"{path}{suffix}").unlink(missing_ok=True)

    def file(self, name: str) -> Path:
        """The template itself, to be copied and never opened."""
        made = self._meeting_place / f"{name}.sqlite"
        begun = self.file(BEGINS_WITH[name]) if name in BEGINS_WITH else None
        with self._alone():
            if not made.exists():
                draft = self._meeting_place / f"{name}-draft.sqlite"
                draft.unlink(missing_ok=True)
                if begun is not None:
                    shutil.copyfile(begun, draft)
                migrated(f"sqlite:///{draft}", CONTENTS[name])
                with contextlib.closing(sqlite3.connect(draft)) as connection:
                    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                draft.rename(made)
        return made


class PostgresqlTemplates(Templates):
    def __init__(self, meeting_place: Path, worker: str, cluster: Cluster) -> None:
        super().__init__(meeting_place)
        self._worker, self._cluster = worker, cluster

    @contextlib.contextmanager
    def copy(self, name: str) -> Iterator[str]:
        self._make(name)
        copied = f"{name}_{self._worker}_{next(self._numbers)}"
        with self._alone():  # a template must not be in use by another while it is copied
            self._cluster.copy_database(f"template_{name}", copied)
        yield self._cluster.url(copied)
        self._cluster.drop_database(copied)

    def _make(self, name: str) -> None:
        begun = BEGINS_WITH.get(name)
        if begun is not None:
            self._make(begun)
        with self._alone():
            if not self._cluster.has_database(f"template_{name}"):
                draft = self._cluster.create_database("draft", f"template_{begun}" if begun else "template0")
                migrated(draft, CONTENTS[name])
                self._cluster.rename_database("draft", f"template_{name}")
