"""`python3 app.py` as a new user starts it: on an empty folder, again on what is there, and refused."""

import os
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from portal.demo.accounts import DEMO_ACCOUNTS, DEMO_PASSWORD
from tools import ROOT

pytestmark = pytest.mark.slow

SAFE_PRODUCTION = {
    "PORTAL_ENV": "production",
    "PORTAL_SECRET_KEY": "k" * 40,
    "PORTAL_BASE_URL": "https://portal.example",
    "PORTAL_PROXIES": "1",
}
# On a machine busy with other tests: a first start migrates and loads the demo, and a stop may find it compiling.
STOP_SECONDS = 60
FIRST_START_SECONDS = 240


def environment(folder: Path, **settings: str) -> dict[str, str]:
    """The machine's own, without what the developer may have set for the portal."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("PORTAL_", "FLASK_"))}
    return {**plain, "PORTAL_DATABASE_URL": f"sqlite:///{folder / 'portal.sqlite'}", **settings}


def free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


@contextmanager
def started(folder: Path, port: str) -> Iterator[str]:
    """What the start printed, once it answers."""
    output = folder / "output.txt"
    begun = time.monotonic()
    with output.open("w") as file:
        server = subprocess.Popen(
            [sys.executable, "app.py"],
            cwd=ROOT,
            env=environment(folder, PORTAL_PORT=port),
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    try:
        while not _answers(port):
            assert server.poll() is None, output.read_text()
            assert time.monotonic() - begun < FIRST_START_SECONDS, output.read_text()
            time.sleep(0.05)
        yield output.read_text()
    finally:
        server.terminate()
        server.wait(timeout=STOP_SECONDS)


def _answers(port: str) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=20) as answer:
            return answer.status == 200
    except OSError:
        return False


def refused(folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "app.py"],
        cwd=ROOT,
        env=environment(folder, **settings),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=FIRST_START_SECONDS,
    )


@pytest.fixture(scope="module")
def first_start(tmp_path_factory) -> tuple[Path, str]:
    """The folder it filled and what it printed."""
    folder, port = tmp_path_factory.mktemp("door"), free_port()
    with started(folder, port) as printed:
        pass
    assert f"http://127.0.0.1:{port}" in printed
    return folder, printed


def accounts(folder: Path) -> list[tuple[int, str]]:
    with closing(sqlite3.connect(folder / "portal.sqlite")) as connection:
        return connection.execute("SELECT id, email FROM users ORDER BY id").fetchall()


def test_the_first_start_loads_the_demo_and_prints_who_can_log_in(first_start):
    folder, printed = first_start

    assert DEMO_PASSWORD in printed
    assert all(email in printed for email, _ in DEMO_ACCOUNTS)
    assert {email for email, _ in DEMO_ACCOUNTS} <= {email for _, email in accounts(folder)}


def test_the_second_start_keeps_what_is_there(first_start):
    folder, _ = first_start
    before = accounts(folder)

    with started(folder, free_port()) as printed:
        assert "Traceback" not in printed

    assert accounts(folder) == before


def test_a_taken_port_is_told_with_a_way_out(tmp_path):
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        answer = refused(tmp_path, PORTAL_PORT=str(holder.getsockname()[1]))

    assert answer.returncode == 2
    assert "PORTAL_PORT=" in answer.stderr
    assert "Traceback" not in answer.stderr
    assert not (tmp_path / "portal.sqlite").exists()


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"PORTAL_SECRET_KEY": ""}, "PORTAL_SECRET_KEY"),
        ({"PORTAL_BASE_URL": ""}, "PORTAL_BASE_URL"),
        ({"FLASK_DEBUG": "1"}, "FLASK_DEBUG"),
        ({}, "demo"),
    ],
)
def test_an_unsafe_production_start_is_refused_in_one_line(first_start, changed, named):
    folder, _ = first_start

    answer = refused(folder, **{**SAFE_PRODUCTION, "PORTAL_PORT": free_port(), **changed})

    assert answer.returncode == 2
    assert named in answer.stderr
    assert len(answer.stderr.splitlines()) == 1
