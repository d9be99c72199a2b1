"""The database: base class, constraint names, column types, and the one way to write: `transaction()`.

SQLite runs in WAL mode. A deferred transaction that reads first and writes later fails at once with "database is
locked" when another writer was faster, so every write transaction starts with BEGIN IMMEDIATE and waits its turn.
"""

import enum
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import has_app_context
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, registry
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator

from portal.base import clock, garbage, gauges
from portal.base.alphabet import alphabet_key
from portal.base.errors import AlreadySubmitted, OnlyShownAgain, StaleVersion
from portal.base.folding import folded_text
from portal.base.private_files import private_database
from portal.base.terms import LabelledEnum
from portal.base.texts import refuse_broken_lines

MAX_ID = 2**31 - 1
"""The largest key both databases can hold; a URL or form with a larger one names nothing."""

CONSTRAINT_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: stored as naive UTC on both databases, handed out with its zone."""

    impl = sa.DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


def named_enum(members: type[enum.Enum], name: str | None = None) -> sa.Enum:
    """Text with a CHECK on the members' values; two columns of one enum in a table need names of their own."""
    return sa.Enum(
        members,
        name=name,
        native_enum=False,
        create_constraint=True,
        validate_strings=True,
        length=40,
        values_callable=lambda found: [member.value for member in found],
    )


class Base(DeclarativeBase):
    # `registry=`, not `type_annotation_map=`: the latter breaks Flask-SQLAlchemy 3.1 (its issue 1361)
    registry = registry(
        metadata=sa.MetaData(naming_convention=CONSTRAINT_NAMES),
        type_annotation_map={
            datetime: UtcDateTime(),
            LabelledEnum: named_enum(enum.Enum),
            dict[str, Any]: sa.JSON(),
            list[str]: sa.JSON(),
            list[tuple[int, float]]: sa.JSON(),
        },
    )


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})

event.listen(db.session, "before_flush", refuse_broken_lines)

_writing: ContextVar[bool] = ContextVar("writing", default=False)


class Submission(db.Model):  # type: ignore[name-defined]
    """One rendered form that was carried out; its id is unique, so a double click is one action."""

    __tablename__ = "submissions"

    form_id: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    user_id: Mapped[int | None] = mapped_column(index=True)
    at: Mapped[datetime]
    location: Mapped[str | None] = mapped_column(sa.String(500))
    """Where the first answer led; the repeat is sent there too."""


@event.listens_for(Engine, "do_connect")
def _keep_to_ourselves(dialect: Dialect, record: Any, arguments: Any, options: Any) -> None:
    """SQLite would make its file with the umask's mode, which most often lets everybody read it."""
    name = str(arguments[0]) if dialect.name == "sqlite" and arguments else ""
    if name and not name.startswith((":memory:", "file:")):
        private_database(Path(name))


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, record: Any) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None  # the driver must not begin on its own; _begin does
    for pragma in (
        "journal_mode=WAL",
        "foreign_keys=ON",
        "synchronous=FULL",  # an acknowledged write survives a power cut
        "secure_delete=ON",  # erased personal data is overwritten, not only unlinked
        "temp_store=MEMORY",
        "cache_size=-16000",  # 16 MB
    ):
        connection.execute(f"PRAGMA {pragma}")
    # SQLite's own lower() knows only ASCII: a search for "øre" must find "Øre"
    connection.create_function("lower", 1, _lower, deterministic=True)
    connection.create_function("folded", 1, _folded, deterministic=True)
    connection.create_function("alphabet_key", 1, _alphabet_key, deterministic=True)
    connection.create_function("danish_day", 1, _danish_day, deterministic=True)


def _lower(text: Any) -> Any:
    return text.lower() if isinstance(text, str) else text


def _folded(text: Any) -> Any:
    return None if text is None else folded_text(str(text))


def _alphabet_key(text: Any) -> Any:
    return None if text is None else alphabet_key(str(text))


def _danish_day(moment: str | None) -> str | None:
    """SQLite knows no time zones; offsets are whole hours, so a day is worked out once for each hour."""
    return None if moment is None else _day_of_hour(moment[:13])


@lru_cache(maxsize=10_000)
def _day_of_hour(hour: str) -> str:
    return clock.danish_day(datetime.fromisoformat(f"{hour}:00:00+00:00")).isoformat()


class danish_day(FunctionElement[date]):  # noqa: N801 - named as SQL's functions are
    """The calendar day in Denmark that a stored moment falls on, worked out by the database."""

    type = sa.Date()
    inherit_cache = True


@compiles(danish_day)
def _on_sqlite(element: danish_day, compiler: Any, **options: Any) -> str:
    return f"danish_day({compiler.process(element.clauses, **options)})"


@compiles(danish_day, "postgresql")
def _on_postgresql(element: danish_day, compiler: Any, **options: Any) -> str:
    moment = compiler.process(element.clauses, **options)
    return f"CAST(({moment}) AT TIME ZONE 'UTC' AT TIME ZONE '{clock.DANISH_TIME.key}' AS DATE)"


class days_between(FunctionElement[int]):  # noqa: N801
    """How many days the second day lies after the first; 0 for the same. Of no day there is no number."""

    type = sa.Integer()
    inherit_cache = True


@compiles(days_between)
def _days_on_sqlite(element: days_between, compiler: Any, **options: Any) -> str:
    first, last = (compiler.process(one, **options) for one in element.clauses)
    return f"CAST(julianday({last}) - julianday({first}) AS INTEGER)"


@compiles(days_between, "postgresql")
def _days_on_postgresql(element: days_between, compiler: Any, **options: Any) -> str:
    first, last = (compiler.process(one, **options) for one in element.clauses)
    return f"(CAST({last} AS DATE) - CAST({first} AS DATE))"


class earliest(FunctionElement[date]):  # noqa: N801
    """The first of some days. None may be NULL: one database answers NULL then, the other leaves it out."""

    type = sa.Date()
    inherit_cache = True


class latest(FunctionElement[date]):  # noqa: N801
    """The last of some days. None may be NULL, as for `earliest`."""

    type = sa.Date()
    inherit_cache = True


@compiles(earliest)
def _earliest_on_sqlite(element: earliest, compiler: Any, **options: Any) -> str:
    return f"min({compiler.process(element.clauses, **options)})"


@compiles(earliest, "postgresql")
def _earliest_on_postgresql(element: earliest, compiler: Any, **options: Any) -> str:
    return f"least({compiler.process(element.clauses, **options)})"


@compiles(latest)
def _latest_on_sqlite(element: latest, compiler: Any, **options: Any) -> str:
    return f"max({compiler.process(element.clauses, **options)})"


@compiles(latest, "postgresql")
def _latest_on_postgresql(element: latest, compiler: Any, **options: Any) -> str:
    return f"greatest({compiler.process(element.clauses, **options)})"


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    if not _writing.get():
        connection.exec_driver_sql("BEGIN")
        return
    with gauges.waiting_for_the_lock():
        connection.exec_driver_sql("BEGIN IMMEDIATE")


@contextmanager
def writing() -> Iterator[None]:
    """Transactions begun inside take the write lock at once. For code with its own connection."""
    token = _writing.set(True)
    try:
        yield
    finally:
        _writing.reset(token)


def is_writing() -> bool:
    """Whether this request holds, or is about to take, the lock that all other writers wait for."""
    return _writing.get()


def end_reading() -> None:
    """End the read transaction before something slow: what was read stays at hand, the connection goes back."""
    session = db.session
    if _writing.get() or session.new or session.dirty or session.deleted:
        raise RuntimeError("something is about to be written; nothing slow may be waited for now")
    session.commit()


def refuse_inside_transaction(what: str) -> None:
    """Raises RuntimeError where `what`, which may be slow, would keep a transaction open, reading or writing."""
    if _writing.get() or (has_app_context() and db.session.registry.has() and db.session().in_transaction()):
        raise RuntimeError(f"{what} inside a transaction: end_reading() first, and write afterwards")


@contextmanager
def transaction() -> Iterator[None]:
    """One request, one write transaction: commit at the end, or roll back and re-raise.

    What was read before is read anew inside, because it may be stale by the time the lock is ours.
    Raises AlreadySubmitted when the request's form was carried out before, and OnlyShownAgain when the form is to be
    shown and not carried out.
    """
    if _writing.get():
        raise RuntimeError("a transaction is already open; services flush, views open transactions")
    session = db.session
    if session.info.get("only_shown_again"):
        raise OnlyShownAgain
    if session.info.get("reads_only"):
        raise RuntimeError("a request that only reads stores nothing: GET and HEAD change nothing")
    session.rollback()
    with writing():
        try:
            _claim_form()
            yield
            session.commit()
            _remember_claim()
        except BaseException:
            session.rollback()
            raise
    garbage.collect_overdue()


@contextmanager
def without_the_lock() -> Iterator[None]:
    """For a chore: store what it has done, and let others write while something slow is read and worked out.

    Only reads inside; what is written afterwards is a transaction of its own that the chore's end commits.
    """
    if not _writing.get():
        raise RuntimeError("no transaction is open whose lock could be given back")
    db.session.commit()
    token = _writing.set(False)
    try:
        yield
    finally:
        db.session.rollback()
        _writing.reset(token)


def _claim_form() -> None:
    claim = db.session.info.get("form_claim")
    if claim is None or has_claimed(claim["form_id"]):
        return
    db.session.add(Submission(**claim))
    try:
        db.session.flush()
    except IntegrityError as error:
        raise AlreadySubmitted from error


def has_claimed(form_id: str) -> bool:
    """Whether this request is the one that carried out the form."""
    return bool(db.session.info.get("claimed_form_id") == form_id)


def _remember_claim() -> None:
    """A request that goes on in further transactions is still the one that carried out its form."""
    claim = db.session.info.get("form_claim")
    if claim is not None:
        db.session.info["claimed_form_id"] = claim["form_id"]


def version_by(*values: object) -> int:
    """For a record that counts no versions: a number that is another when what its form changes is. Never 0."""
    return 1 + zlib.crc32(repr(values).encode()) % (MAX_ID - 1)


def check_version(record: Any, seen: int | None) -> None:
    """Raises StaleVersion when `record.version` moved since the form was rendered with `seen`."""
    if seen is not None and record.version != seen:
        raise StaleVersion


def overwrite_deleted() -> bool:
    """After erasing personal data: empty SQLite's log, which still holds the old pages, into the file.

    The file itself is overwritten by `secure_delete`. Returns False when readers held the log open for too long;
    the next call catches up. PostgreSQL has no such log in reach of the application: docs/rules.md#erasure.
    """
    if db.engine.dialect.name != "sqlite":
        return True
    db.session.rollback()
    connection = db.engine.raw_connection()
    try:
        (busy, *_pages) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        connection.close()
    return not busy
