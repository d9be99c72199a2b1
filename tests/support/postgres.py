"""A throw-away PostgreSQL cluster on loopback: made for one test run, shared by its workers, gone afterwards.

Everyone who uses the cluster holds the writing end of a named pipe. A guard process reads from it, and when
the last holder is gone, however it went, the guard stops the server and removes its files.
"""

import contextlib
import fcntl
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from tests.support.needs import require

_ROOT = Path(__file__).resolve().parents[2]
_SPEED_OVER_SAFETY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


@dataclass(frozen=True)
class Cluster:
    """A running server; `url("name")` addresses one of its databases."""

    port: int
    folder: Path
    programs: Path

    def url(self, database: str = "postgres") -> str:
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{database}"

    def create_database(self, name: str, template: str = "template0") -> str:
        """A database of that name, empty or as `template`, whatever stood there before; returns its URL."""
        self.drop_database(name)
        self.copy_database(template, name)
        return self.url(name)

    def drop_database(self, name: str) -> None:
        self._run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def copy_database(self, template: str, name: str) -> None:
        """Nobody may be connected to the template meanwhile."""
        command = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        self._run(command.format(sql.Identifier(name), sql.Identifier(template)))

    def rename_database(self, old: str, new: str) -> None:
        self._run(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(old), sql.Identifier(new)))

    def has_database(self, name: str) -> bool:
        with self._connected() as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,))
            return found.fetchone() is not None

    def start(self) -> None:
        log = self.folder / "server.log"
        _as_server_user([self._pg_ctl, "start", "-w", "-s", "-D", str(self.folder / "data"), "-l", str(log)])

    def crash(self) -> None:
        """Ends the server without a checkpoint; the next `start()` replays the log, as after a power cut."""
        _as_server_user(
            [self._pg_ctl, "stop", "-w", "-s", "-m", "immediate", "-D", str(self.folder / "data")]
        )

    @property
    def _pg_ctl(self) -> str:
        return str(self.programs / "pg_ctl")

    def _run(self, statement: sql.Composed) -> None:
        with self._connected() as connection:
            connection.execute(statement)

    def _connected(self) -> psycopg.Connection[Any]:
        return psycopg.connect(host="127.0.0.1", port=self.port, user="postgres", autocommit=True)


@contextlib.contextmanager
def throwaway_cluster(*, durable: bool = False) -> Iterator[Cluster]:
    """A cluster of one's own; `durable` keeps fsync on, for tests that crash the server."""
    with tempfile.TemporaryDirectory(prefix="portal-meeting-") as meeting_place:
        with shared_cluster(Path(meeting_place), durable=durable) as cluster:
            yield cluster
        with _locked(Path(meeting_place)):
            _remove(Path(meeting_place))


@contextlib.contextmanager
def shared_cluster(meeting_place: Path, *, durable: bool = False) -> Iterator[Cluster]:
    """One cluster for all pytest-xdist workers that name the same folder; each has databases of its own."""
    programs = require("postgresql").parent
    meeting_place.mkdir(parents=True, exist_ok=True)
    with _locked(meeting_place):
        if not _state_file(meeting_place).exists():
            _found_cluster(meeting_place, programs, durable=durable)
        cluster = _met_cluster(meeting_place)
        membership = os.open(_pipe(meeting_place), os.O_WRONLY)
    try:
        yield cluster
    finally:
        os.close(membership)


def _found_cluster(meeting_place: Path, programs: Path, *, durable: bool) -> None:
    cluster = Cluster(
        port=_free_port(), folder=Path(tempfile.mkdtemp(prefix="portal-postgres-")), programs=programs
    )
    try:
        _initialise(cluster, durable=durable)
        cluster.start()
    except BaseException:
        shutil.rmtree(cluster.folder, ignore_errors=True)
        raise
    state = {"port": cluster.port, "folder": str(cluster.folder), "programs": str(programs)}
    _state_file(meeting_place).write_text(json.dumps(state))
    _pipe(meeting_place).unlink(missing_ok=True)
    os.mkfifo(_pipe(meeting_place))
    subprocess.Popen(
        [sys.executable, "-m", "tests.support.postgres", str(meeting_place)],
        cwd=_ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # an interrupt at the terminal is for the tests, not for the guard
    )


def _initialise(cluster: Cluster, *, durable: bool) -> None:
    if _is_root():
        shutil.chown(cluster.folder, "postgres", "postgres")
    data = cluster.folder / "data"
    initdb = [
        str(cluster.programs / "initdb"),
        "-D",
        str(data),
        "-U",
        "postgres",
        "--auth=trust",
        "-E",
        "UTF8",
    ]
    _as_server_user([*initdb, "--locale=C.UTF-8", *([] if durable else ["--no-sync"])])
    settings = [f"port={cluster.port}", "listen_addresses='127.0.0.1'", "max_connections=200"]
    settings += [f"unix_socket_directories='{cluster.folder}'", *(() if durable else _SPEED_OVER_SAFETY)]
    with (data / "postgresql.conf").open("a") as configuration:
        configuration.write("\n".join(settings) + "\n")


def _met_cluster(meeting_place: Path) -> Cluster:
    state = json.loads(_state_file(meeting_place).read_text())
    return Cluster(port=state["port"], folder=Path(state["folder"]), programs=Path(state["programs"]))


def _guard(meeting_place: Path) -> None:
    """Waits until the last user of the cluster is gone, then leaves nothing behind."""
    while _pipe(meeting_place).exists():
        with _pipe(meeting_place).open("rb") as membership:
            membership.read()  # ends when nobody holds the other end
        with contextlib.suppress(FileNotFoundError), _locked(meeting_place):
            if not _somebody_waits(meeting_place):
                _remove(meeting_place)


def _somebody_waits(meeting_place: Path) -> bool:
    """Whether a worker came between the last one's leaving and the lock."""
    reader = os.open(_pipe(meeting_place), os.O_RDONLY | os.O_NONBLOCK)
    try:
        return os.read(reader, 1) != b""
    except BlockingIOError:  # a writer is there and has written nothing
        return True
    finally:
        os.close(reader)


def _remove(meeting_place: Path) -> None:
    if not _state_file(meeting_place).exists():
        return
    cluster = _met_cluster(meeting_place)
    with contextlib.suppress(RuntimeError):  # it may have been crashed on purpose
        cluster.crash()
    shutil.rmtree(cluster.folder, ignore_errors=True)
    _state_file(meeting_place).unlink()
    _pipe(meeting_place).unlink()


@contextlib.contextmanager
def _locked(meeting_place: Path) -> Iterator[None]:
    with (meeting_place / "cluster.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _state_file(meeting_place: Path) -> Path:
    return meeting_place / "cluster.json"


def _pipe(meeting_place: Path) -> Path:
    return meeting_place / "cluster.pipe"


def _as_server_user(command: list[str]) -> None:
    """PostgreSQL refuses to run as root; the Debian package brings the user `postgres`."""
    if _is_root():
        command = ["runuser", "-u", "postgres", "--", *command]
    # Into a file, not a pipe: the server inherits it, and a pipe would not close before the server ends.
    with tempfile.TemporaryFile("w+") as output:
        ended = subprocess.run(
            command, cwd="/", stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, check=False
        )
        if ended.returncode != 0:
            output.seek(0)
            raise RuntimeError(f"{' '.join(command)} ended with {ended.returncode}: {output.read()}")


def _is_root() -> bool:
    return os.geteuid() == 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    _guard(Path(sys.argv[1]))
