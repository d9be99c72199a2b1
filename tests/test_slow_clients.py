"""Clients that never end, and no proxy before gunicorn.conf.py: others are answered, and who is silent is let go."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.support.live import free_port

ROOT = Path(__file__).parent.parent

HALF_SENT = 100
HALF_SENT_SECONDS = 15
"""Of gunicorn.conf.py."""
PATIENCE_SECONDS = 3.0
"""For one answer on a busy machine; without threads to spare it took a hundred."""

HALVES = {
    "half a header": b"GET /login HTTP/1.1\r\nHost: portal\r\nX-Slow: ",
    "half a line": b"GET /lo",
    "half a body": b"POST /login HTTP/1.1\r\nHost: portal\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: 500\r\n\r\nemail=karin",
    "an answer and no goodbye": b"GET /login HTTP/1.0\r\n\r\n",
}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Path]]:
    """The port, and the server's log."""
    folder = tmp_path_factory.mktemp("served")
    port, log = free_port(), folder / "log.txt"
    environment = {
        **os.environ,
        "PORTAL_PORT": str(port),
        "PORTAL_DATABASE_URL": f"sqlite:///{folder}/slow.sqlite",
        "PORTAL_MAIL_WORKER": "alone",
        "WEB_CONCURRENCY": "2",
    }
    flask = [sys.executable, "-m", "flask", "--app", "app"]
    subprocess.run([*flask, "db", "upgrade"], cwd=ROOT, env=environment, check=True, capture_output=True)
    with log.open("w") as written:
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "app:app"],
            cwd=ROOT,
            env=environment,
            stdout=written,
            stderr=written,
        )
        try:
            _wait_for(port)
            yield port, log
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(30)


def _wait_for(port: int) -> None:
    for _attempt in range(150):
        with contextlib.suppress(OSError):
            if ask(port) == 200:
                return
        time.sleep(0.2)
    raise AssertionError("the server does not answer")


def ask(port: int) -> int:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", "/login")
    status = connection.getresponse().status
    connection.close()
    return status


@pytest.mark.drill
@pytest.mark.parametrize("half", HALVES)
def test_V13_2_a_hundred_half_sent_requests_stop_nobody(served: tuple[int, Path], half: str) -> None:
    port, log = served
    with contextlib.ExitStack() as stack:
        silent = []
        for _one in range(HALF_SENT):
            client = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
            client.sendall(HALVES[half])
            silent.append(client)
        time.sleep(1)  # all of them are being read

        are_answered(port)
        time.sleep(HALF_SENT_SECONDS)  # now they are let go, all at once
        are_answered(port)
        for client in silent:
            client.settimeout(5)
            with contextlib.suppress(ConnectionResetError):
                while client.recv(65536):
                    pass  # until the server has closed it
        assert "Traceback" not in log.read_text()


def are_answered(port: int) -> None:
    for _visitor in range(20):
        began = time.monotonic()
        assert ask(port) == 200
        assert time.monotonic() - began < PATIENCE_SECONDS
