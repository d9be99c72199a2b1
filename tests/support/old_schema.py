"""Rows as they stood before a migration, and what it makes of them, on either engine."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask_migrate import upgrade

from portal.application import MIGRATIONS, create_app
from portal.base.database import db
from tests.support.databases import SETTINGS
from tests.support.postgres import shared_cluster

AT = datetime(2026, 4, 1, 9)
ON_BOTH_ENGINES = pytest.mark.parametrize(
    "old_database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True
)

Rows = Mapping[str, Sequence[Mapping[str, Any]]]
"""By the name of the table."""


@pytest.fixture
def old_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty one."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/old.sqlite"
        return
    with shared_cluster(request.getfixturevalue("meeting_place")) as cluster:
        name = f"old_{request.getfixturevalue('worker_id')}"
        yield cluster.create_database(name)
        cluster.drop_database(name)


@contextmanager
def carried_over(address: str, rows: Rows, *, from_: str, to: str) -> Iterator[sa.Connection]:
    """The rows of the schema `from_` after the migrations up to `to`; upgrade and downgrade work in it."""
    app = create_app({**SETTINGS, "SQLALCHEMY_DATABASE_URI": address})
    with app.app_context():
        upgrade(directory=MIGRATIONS, revision=from_)
        with db.engine.connect() as connection:
            leave_out_the_rest(connection)
            for table, wanted in rows.items():
                for row in wanted:
                    put(connection, table, row)
            connection.commit()
            connection.invalidate()  # with its setting
        upgrade(directory=MIGRATIONS, revision=to)
        with db.engine.connect() as connection:
            yield connection
        db.session.remove()
        db.engine.dispose()


def put(connection: sa.Connection, table: str, row: Mapping[str, Any]) -> None:
    """Insert the row with something in every other column that must hold something."""
    known = sa.Table(table, sa.MetaData(), autoload_with=connection, resolve_fks=False)
    needed = [column for column in known.columns if not column.nullable and column.server_default is None]
    filled = {column.name: _nothing(column.type) for column in needed if not column.primary_key}
    connection.execute(known.insert().values({**filled, **row}))


def _nothing(kind: sa.types.TypeEngine[object]) -> object:
    if isinstance(kind, sa.JSON):
        return []
    return {datetime: AT, date: AT.date(), str: "", bool: False}.get(kind.python_type, 1)


def leave_out_the_rest(connection: sa.Connection) -> None:
    """Let rows refer to what is not there."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET session_replication_role = replica")
    else:
        connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]
