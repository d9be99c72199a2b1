"""A real server on loopback with the demo municipality, for browsers and crawlers. SQLite; one copy per worker."""

import contextlib
import fcntl
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

_LOAD_DEMO = """
import sys
from portal.application import create_app
from portal.cli import prepare_database
prepare_database(create_app())
"""

_SERVE = """
import sys
from werkzeug.serving import make_server
from portal.application import create_app
make_server("127.0.0.1", int(sys.argv[1]), create_app(), threaded=True).serve_forever()
"""


JOURNAL = "erasures.journal"


def demo_database(meeting_place: Path) -> Path:
    """The demo municipality as a SQLite file, made once for all workers of a run."""
    meeting_place.mkdir(parents=True, exist_ok=True)
    made = meeting_place / "demo.sqlite"
    with (meeting_place / "demo.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            draft = meeting_place / "draft.sqlite"
            _run(_LOAD_DEMO, environment(draft))
            with contextlib.closing(sqlite3.connect(draft)) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            draft.rename(made)
    return made


def environment(database: Path, **more: str) -> dict[str, str]:
    """What a server or command of the portal reads, with its own database and the local htmx."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    settings = {
        "PORTAL_DATABASE_URL": f"sqlite:///{database}",
        "PORTAL_HTMX": "local",
        "PORTAL_MAIL_FOLDER": str(database.parent / "mail"),
        "PORTAL_KEYS": str(database.parent / "keys.json"),
        "PORTAL_JOURNAL": str(database.parent / JOURNAL),
    }
    return {**kept, **settings, "PYTHONPATH": str(ROOT), "PORTAL_SECRET_KEY": "only for tests " * 3, **more}


@contextlib.contextmanager
def live_server(template: Path, folder: Path, *, host: str = "127.0.0.1", **more: str) -> Iterator[str]:
    """The address of a server on its own copy of the demo database; `more` goes to its environment.

    `host` is what this machine is called in the address: a passkey is made for a name and for no number.
    """
    database = folder / "portal.sqlite"
    shutil.copyfile(template, database)
    if (
        erased := template.with_name(JOURNAL)
    ).exists():  # a database that knows of a journal erases nobody without it
        shutil.copyfile(erased, folder / JOURNAL)
    port = free_port()
    address = f"http://{host}:{port}"
    log = (folder / "server.log").open("w")
    server = subprocess.Popen(
        [sys.executable, "-c", _SERVE, str(port)],
        cwd=ROOT,
        env=environment(database, PORTAL_BASE_URL=address, **more),
        stdout=log,
        stderr=log,
    )
    try:
        wait_until_up(f"{address}/healthz", server)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=60)
        log.close()


SECONDS_UNTIL_UP = 120
"""So long a server may take on a machine that has much else to do; a quiet one needs three."""


def wait_until_up(url: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + SECONDS_UNTIL_UP
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise RuntimeError(f"the server ended with {server.returncode}")
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=30) as answer:
            if answer.status == 200:
                return
        time.sleep(0.1)
    raise RuntimeError("the server did not come up")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _run(code: str, env: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)
