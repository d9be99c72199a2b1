"""A whole database in one file, and back: SQLite by its online backup, PostgreSQL by pg_dump and pg_restore."""

import os
import secrets
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

import psycopg
import sqlalchemy as sa
from flask_babel import gettext as _
from psycopg import sql
from sqlalchemy.exc import ArgumentError

from portal.base.database import db
from portal.base.private_files import private_file
from portal.workspaces.operation.trouble import OperationRefused

SQLITE, POSTGRESQL = "sqlite", "postgresql"
FILE_NAMES: Final = {SQLITE: "database.sqlite", POSTGRESQL: "database.dump"}

SCRATCH: Final = "scratch-"
"""How a copy begins that is looked at and thrown away; on PostgreSQL `_check_` stands in its name."""

PAGES_AT_ONCE: Final = 2_000
PROGRAMS: Final = Path("/usr/lib/postgresql")
"""Where Debian keeps the programs of each version of PostgreSQL."""

HIDDEN: Final = "portal_restoring"
"""A schema that does not exist: where connections look for tables while a restore is under way."""

_SCHEMAS_OF_PEOPLE: Final = (
    "SELECT nspname FROM pg_namespace "
    "WHERE nspname <> 'information_schema' AND NOT starts_with(nspname, 'pg_')"
)
"""A dump holds every one of them, also what an extension or an administrator made beside the portal's own."""

Progress = Callable[[int, int], None]
"""How much is done, of how much."""


def engine_of(url: str) -> str:
    """Raises OperationRefused for a database that cannot be kept."""
    try:
        name = sa.make_url(url).get_backend_name()
    except ArgumentError as problem:
        raise OperationRefused(
            _("Det er ikke en SQLAlchemy-URL, som fx sqlite:////srv/portal/ny.sqlite.")
        ) from problem
    if name not in FILE_NAMES or (name == SQLITE and not sa.make_url(url).database):
        raise OperationRefused(_("Kun en SQLite-fil og PostgreSQL kan kopieres."))
    return name


def dump_sqlite(source: str, target: Path, *, progress: Progress) -> None:
    """One moment of a database that others go on writing to."""
    private_file(target)
    with closing(sqlite3.connect(source, timeout=30)) as reader, closing(sqlite3.connect(target)) as copy:
        reader.execute("BEGIN")
        reader.execute(
            "SELECT count(*) FROM sqlite_master"
        ).fetchone()  # from here on the moment stands still
        reader.backup(
            copy,
            pages=PAGES_AT_ONCE,
            progress=lambda _status, left, everything: progress(everything - left, everything),
        )
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, which needs no other beside it


def dump_postgresql(url: str, target: Path, *, snapshot: str) -> None:
    """The moment that a transaction has exported."""
    private_file(target)
    _run("pg_dump", ["-Fc", f"--snapshot={snapshot}", f"--file={target}"], url)


def load(file: Path, url: str) -> None:
    """Into an empty database. Raises OperationRefused with PostgreSQL's own words."""
    if engine_of(url) == SQLITE:
        path = Path(str(sa.make_url(url).database))
        private_file(path)
        with file.open("rb") as source, path.open("wb") as target:
            shutil.copyfileobj(source, target)
        return
    options = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
    _run("pg_restore", [*options, f"--dbname={sa.make_url(url).database}", str(file)], url)


def unsound(url: str) -> str:
    """What SQLite itself finds wrong with the file; empty when nothing is. PostgreSQL checks while it loads."""
    if engine_of(url) != SQLITE:
        return ""
    with closing(sqlite3.connect(str(sa.make_url(url).database))) as connection:
        try:
            said = connection.execute("PRAGMA integrity_check").fetchone()[0]
            orphans = connection.execute("PRAGMA foreign_key_check").fetchall()
        except sqlite3.DatabaseError as problem:
            return str(problem)
    if said != "ok":
        return str(said)
    return _("%(count)s rækker peger på noget, der ikke findes", count=len(orphans)) if orphans else ""


def row_counts() -> dict[str, int]:
    """Of every table of the database that `db` is, as the session sees it now."""
    connection = db.session.connection()
    names = sorted(sa.inspect(connection).get_table_names())
    return {
        name: connection.execute(sa.select(sa.func.count()).select_from(sa.table(name))).scalar_one()
        for name in names
    }


def empty(url: str) -> None:
    """Take away whatever stands in the database. Only for one that held nothing before."""
    if engine_of(url) == SQLITE:
        path = Path(str(sa.make_url(url).database))
        for ending in ("", "-wal", "-shm", "-journal"):
            path.with_name(path.name + ending).unlink(missing_ok=True)
        return
    with _connected(url) as connection:
        for (schema,) in connection.execute(_SCHEMAS_OF_PEOPLE).fetchall():
            connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(str(schema))))
        connection.execute("CREATE SCHEMA public")


@contextmanager
def scratch(url: str, folder: Path) -> Iterator[str]:
    """The URL of an empty database for a while: a file in `folder`, or one beside the portal's on its server."""
    if engine_of(url) == SQLITE:
        path = folder / f"{SCRATCH}{secrets.token_hex(4)}.sqlite"
        made = f"sqlite:///{path}"
        try:
            yield made
        finally:
            empty(made)
        return
    name = f"{_copies_of(url)}{secrets.token_hex(4)}"
    try:
        with _connected(url) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
    except psycopg.errors.InsufficientPrivilege as problem:
        raise OperationRefused(
            _("Databasens bruger må ikke oprette den kopi, der skal prøves i. Giv den CREATEDB.")
        ) from problem
    made = sa.make_url(url).set(database=name).render_as_string(hide_password=False)
    try:
        with _connected(made):  # whoever looks for copies that nobody works with lets this one be
            yield made
    finally:
        drop(url, name)


def drop(url: str, name: str) -> None:
    """A copy on PostgreSQL's server."""
    with _connected(url) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def copies_left(url: str) -> list[str]:
    """Copies of a PostgreSQL database that nobody works with: whoever made them was killed."""
    with _connected(url) as connection:
        rows = connection.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s) AND NOT EXISTS "
            "(SELECT 1 FROM pg_stat_activity WHERE pg_stat_activity.datname = pg_database.datname) ORDER BY 1",
            [_copies_of(url)],
        )
        return [str(name) for (name,) in rows]


def _copies_of(url: str) -> str:
    return f"{str(sa.make_url(url).database)[:40]}_check_"


def hide(url: str) -> str:
    """Close a PostgreSQL database whose restore is under way: only who uses the URL returned sees its tables.

    Killed in the middle, it would be whole to look at, with everybody in it who was erased since.
    """
    with _connected(url) as connection:
        connection.execute(_searching(url, sql.SQL("SET search_path = {}").format(sql.Identifier(HIDDEN))))
    options = {"options": "-csearch_path=public"}
    return sa.make_url(url).update_query_dict(options).render_as_string(hide_password=False)


def show(url: str) -> None:
    """What was hidden is the portal's database from the next connection on."""
    with _connected(url) as connection:
        connection.execute(_searching(url, sql.SQL("RESET search_path")))


def is_hidden(url: str) -> bool:
    with _connected(url) as connection:
        found = connection.execute(
            "SELECT 1 FROM pg_db_role_setting JOIN pg_database ON pg_database.oid = setdatabase "
            "WHERE datname = current_database() AND setrole = 0 AND %s = ANY (setconfig)",
            [f"search_path={HIDDEN}"],
        )
        return found.fetchone() is not None


def _searching(url: str, change: sql.Composable) -> sql.Composed:
    name = sql.Identifier(str(sa.make_url(url).database))
    return sql.SQL("ALTER DATABASE {} {}").format(name, change)


def _connected(url: str) -> psycopg.Connection[tuple[object, ...]]:
    plain = sa.make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(plain, autocommit=True)


def _run(program: str, arguments: list[str], url: str) -> None:
    found = program_path(program)
    if found is None:
        raise OperationRefused(
            _("Programmet %(program)s mangler: installer PostgreSQL's klientprogrammer.", program=program)
        )
    ended = subprocess.run(  # noqa: S603 - the program and its arguments are ours
        [found, "--no-password", *arguments],
        env={**os.environ, **_connection(url)},
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode:
        raise OperationRefused(f"{program}: {ended.stderr.strip()[-500:]}")


def program_path(program: str) -> str | None:
    """The newest that is installed: an older one refuses a newer server."""
    versions = sorted(PROGRAMS.glob(f"*/bin/{program}"), key=lambda path: path.parts[-3].zfill(4))
    return str(versions[-1]) if versions else shutil.which(program)


def _connection(url: str) -> dict[str, str]:
    """For libpq: in the environment, where no list of processes shows the password."""
    parts = sa.make_url(url)
    known = {
        "PGHOST": parts.host,
        "PGPORT": str(parts.port) if parts.port else None,
        "PGUSER": parts.username,
        "PGPASSWORD": parts.password,
        "PGDATABASE": parts.database,
    }
    options = {f"PG{name.upper()}": str(value) for name, value in parts.query.items()}
    return {**{name: str(value) for name, value in known.items() if value}, **options}
