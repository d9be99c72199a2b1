"""The group-commit writer: read lines and last-seen marks of many requests in one transaction.

Logging every look makes every read a write. On SQLite one writer thread per process takes whatever has queued up
while the last commit ran, writes it in one transaction, and wakes the requests that wait for it. On PostgreSQL,
which has no single write lock, each request writes directly through the same interface.
"""

import os
import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Executable
from sqlalchemy.engine import Connection, Engine

from portal.base.database import writing
from portal.shared.audit.models import AuditEntry, AuditPerson

Rows = Sequence[dict[str, Any]]
Statement = tuple[Executable | Callable[[Connection, Rows], None], Rows]
"""A Core statement and its parameter rows, or what stores the rows."""

WAIT_SECONDS = 15.0
"""How long a request waits for its lines: longer than the database's own wait for the lock."""

LARGEST_GROUP = 500


class GroupCommitWriter:
    """Writes statements durably; `write` returns when they are committed and raises when they are not."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._queue: queue.SimpleQueue[tuple[Sequence[Statement], Future[None]]] = queue.SimpleQueue()
        self._start = threading.Lock()
        self._process: int | None = None

    def write(self, statements: Sequence[Statement], *, wait: float = WAIT_SECONDS) -> None:
        """Raises the database's error, or TimeoutError, when the lines could not be stored."""
        if not statements:
            return
        if self._engine.dialect.name != "sqlite":
            self._commit([statements])
            return
        self._ensure_thread()
        done: Future[None] = Future()
        self._queue.put((statements, done))
        done.result(timeout=wait)

    def _ensure_thread(self) -> None:
        if self._process == os.getpid():
            return
        with self._start:
            if self._process != os.getpid():  # first use in this process: threads do not survive a fork
                self._queue = queue.SimpleQueue()
                threading.Thread(target=self._run, name="group-commit", daemon=True).start()
                self._process = os.getpid()

    def _run(self) -> None:
        while True:
            group = [self._queue.get()]
            while len(group) < LARGEST_GROUP:
                try:
                    group.append(self._queue.get_nowait())
                except queue.Empty:
                    break
            self._settle(group)

    def _settle(self, group: list[tuple[Sequence[Statement], Future[None]]]) -> None:
        try:
            self._commit([statements for statements, _ in group])
        except Exception as error:
            if len(group) == 1:
                group[0][1].set_exception(error)
            else:  # one bad line must not take the others down
                for request in group:
                    self._settle([request])
        else:
            for _, done in group:
                done.set_result(None)

    def _commit(self, requests: Sequence[Sequence[Statement]]) -> None:
        merged: dict[Any, list[dict[str, Any]]] = {}
        for statements in requests:
            for statement, rows in statements:
                merged.setdefault(statement, []).extend(rows)
        with writing(), self._engine.begin() as connection:
            for statement, rows in merged.items():
                if isinstance(statement, Executable):
                    connection.execute(statement, rows)
                else:
                    statement(connection, rows)


_INSERT_LINES = sa.insert(AuditEntry)
_INSERT_PEOPLE = sa.insert(AuditPerson)


def store_looks(connection: Connection, lines: Rows) -> None:
    """Insert lines of looks with the `people` of each: those about one or nobody in one statement."""
    plain = [line for line in lines if not line["people"]]
    if plain:
        connection.execute(_INSERT_LINES, [_columns(line) for line in plain])
    named: list[dict[str, Any]] = []
    for line in lines:
        if line["people"]:
            (entry_id,) = connection.execute(_INSERT_LINES, _columns(line)).inserted_primary_key or (None,)
            named += [{"entry_id": entry_id, "citizen_id": citizen_id} for citizen_id in line["people"]]
    if named:
        connection.execute(_INSERT_PEOPLE, named)


def _columns(line: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in line.items() if name != "people"}
