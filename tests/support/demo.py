"""The demo municipality inside the test process, at the frozen moment; a fresh copy for every test, on both engines."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from flask import Flask
from flask_migrate import upgrade
from psycopg import sql

from portal.application import MIGRATIONS, create_app
from portal.base.database import db
from portal.demo.loader import load_demo
from tests.factories import NOW
from tests.support.databases import SETTINGS
from tests.support.postgres import Cluster


class DemoTemplate:
    """Made once for a worker and an engine; `copy` hands out an application on its own copy."""

    def __init__(self, folder: Path, cluster: Cluster | None, worker: str) -> None:
        self._folder, self._cluster, self._worker = folder, cluster, worker
        self._made = False

    @contextmanager
    def copy(self) -> Iterator[Flask]:
        if not self._made:
            self._make()
            self._made = True
        if self._cluster is None:
            url = f"sqlite:///{self._folder}/copy.sqlite"
            for suffix in ("", "-wal", "-shm"):
                Path(f"{self._folder}/copy.sqlite{suffix}").unlink(missing_ok=True)
            shutil.copyfile(self._folder / "demo.sqlite", self._folder / "copy.sqlite")
        else:
            url = self._copy_database()
        app = create_app({**SETTINGS, "SQLALCHEMY_DATABASE_URI": url})
        yield app
        with app.app_context():
            db.session.remove()
            db.engine.dispose()

    def _make(self) -> None:
        if self._cluster is None:
            url = f"sqlite:///{self._folder}/demo.sqlite"
        else:
            url = self._cluster.create_database(self._name("demo"))
        app = create_app({**SETTINGS, "SQLALCHEMY_DATABASE_URI": url})
        with app.app_context():
            upgrade(directory=MIGRATIONS)
            load_demo(NOW)
            db.session.remove()
            with db.engine.connect() as connection:
                if self._cluster is None:
                    connection.exec_driver_sql("COMMIT")
                    connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
                    connection.exec_driver_sql("BEGIN")
            db.engine.dispose()

    def _copy_database(self) -> str:
        assert self._cluster is not None
        name, template = self._name("copy"), self._name("demo")
        self._cluster.drop_database(name)
        command = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
            sql.Identifier(name), sql.Identifier(template)
        )
        with psycopg.connect(
            host="127.0.0.1", port=self._cluster.port, user="postgres", autocommit=True
        ) as connection:
            connection.execute(command)
        return self._cluster.url(name)

    def _name(self, what: str) -> str:
        return f"{what}_{self._worker}".replace("-", "_")
