"""deploy/nginx.conf, run by a real nginx: what it lets in, what it says, and what it keeps to itself."""

import contextlib
import re
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from portal.config import DEFAULTS
from tests.support import nginx
from tests.support.live import ROOT, environment, free_port
from tests.support.nginx import NAME, SITE, Front

MB = 1024 * 1024
PATIENCE_SECONDS = 3.0
"""For one answer on a busy machine."""
HALF_SENT = 100
HALVES = {
    "half a header": f"GET /login HTTP/1.1\r\nHost: {NAME}\r\nX-Slow: ",
    "half a line": "GET /lo",
    "half a body": f"POST /login HTTP/1.1\r\nHost: {NAME}\r\nContent-Length: 500\r\n"
    "Content-Type: application/x-www-form-urlencoded\r\n\r\nemail=karin",
}


class _Echo(BaseHTTPRequestHandler):
    """Answers with the headers it was asked with."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        said = str(self.headers).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def log_request(self, code: Any = "-", size: Any = "-") -> None:
        pass


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    """Before a server that tells what reached it."""
    echo = ThreadingHTTPServer(("127.0.0.1", 0), _Echo)
    threading.Thread(target=echo.serve_forever, daemon=True).start()
    with nginx.running(nginx.write_site(tmp_path_factory.mktemp("nginx"), echo.server_port)) as made:
        yield made
    echo.shutdown()


def test_the_configuration_is_one(tmp_path: Path) -> None:
    nginx.write_site(tmp_path / "nginx", 5000)

    assert "warn" not in nginx.check(tmp_path / "nginx")


def test_it_takes_no_larger_request_than_the_portal() -> None:
    [megabytes] = re.findall(r"client_max_body_size (\d+)m;", SITE.read_text())

    assert int(megabytes) * MB == DEFAULTS["MAX_CONTENT_LENGTH"]


def test_who_came_is_what_nginx_saw_and_not_what_the_visitor_says(front: Front) -> None:
    told = front.ask("/", headers={"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "http"}).text

    assert re.findall(r"X-Forwarded-For: (.*)", told) == ["127.0.0.2"]
    assert re.findall(r"X-Forwarded-Proto: (.*)", told) == ["https"]
    assert re.findall(r"^Host: (.*)", told, re.MULTILINE) == [NAME]


def test_what_is_too_large_stops_here(front: Front) -> None:
    assert front.ask("/", method="POST", body=b"x" * (6 * MB + 1)).status == 413
    assert front.ask("/", method="POST", body=b"x" * (6 * MB)).status == 200


def test_another_name_gets_no_certificate_and_no_answer(front: Front) -> None:
    with pytest.raises(ssl.SSLError, match=r"(?i)unrecognized.name"):
        front.line(name="198-51-100-7.example")


@pytest.mark.parametrize(("name", "answer"), [(NAME, b"301"), ("other.example", b"")])
def test_without_tls_there_is_only_the_way_to_it(front: Front, name: str, answer: bytes) -> None:
    with socket.create_connection(("127.0.0.1", front.plain_port), timeout=10) as line:
        line.sendall(f"GET /login?q=1 HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n\r\n".encode())
        said = b"".join(iter(lambda: line.recv(65536), b""))

    assert said.split(b" ")[1:2] == ([answer] if answer else [])
    assert (f"Location: https://{NAME}/login?q=1".encode() in said) is bool(answer)


def test_many_tries_at_the_door_wait_and_other_pages_do_not(front: Front) -> None:
    answers = [front.ask("/login", method="POST").status for _try in range(50)]

    assert answers[:30] == [200] * 30
    assert answers[-1] == 429
    assert front.ask("/").status == 200


def test_no_person_stands_in_its_logs_whatever_goes_wrong(tmp_path: Path) -> None:
    """Nobody answers behind it, a body is too large, there is no room for another: each would be a line of its own."""
    with nginx.running(nginx.write_site(tmp_path / "nginx", free_port())) as front:
        searched = "/citizens/?q=Zarifa+Haddad"
        away = front.ask(searched)
        large = front.ask(searched, method="POST", body=b"x" * 7 * MB)
        (front.folder / "bodies").rename(front.folder / "gone")
        no_room = front.ask(searched, method="POST", body=b"x" * 5 * MB)

    assert (away.status, large.status, no_room.status) == (503, 413, 500)
    assert "Portalen er lukket et øjeblik" in away.text
    assert away.headers["Retry-After"] == "120"
    assert "signal" in front.logged(), "its own log is there"
    assert [word for word in ("Zarifa", "citizens", "127.0.0.2") if word in front.logged()] == []


@pytest.fixture
def narrow_portal(tmp_path: Path) -> Iterator[int]:
    """A portal with one process of two threads: two requests hold it up."""
    port, settings = free_port(), environment(tmp_path / "narrow.sqlite", PORTAL_MAIL_WORKER="alone")
    settings |= {"PORTAL_PORT": str(port), "GUNICORN_CMD_ARGS": "--workers=1 --threads=2"}
    flask = [sys.executable, "-m", "flask", "--app", "app"]
    subprocess.run([*flask, "db", "upgrade"], cwd=ROOT, env=settings, check=True, capture_output=True)
    with (tmp_path / "portal.log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "app:app"], cwd=ROOT, env=settings, stdout=log, stderr=log
        )
    try:
        _wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait(30)


def _wait_for(port: int) -> None:
    for _moment in range(300):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=20) as line:
            line.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
            if b" 200 " in line.recv(65536):
                return
        time.sleep(0.2)
    raise AssertionError("the portal does not answer")


@pytest.mark.drill
def test_V13_2_a_hundred_half_sent_requests_reach_no_thread_behind_nginx(
    narrow_portal: int, tmp_path: Path
) -> None:
    with nginx.running(nginx.write_site(tmp_path / "nginx", narrow_portal)) as front:
        for half in HALVES.values():
            with contextlib.ExitStack() as stack:
                for number in range(HALF_SENT):
                    client = stack.enter_context(front.line(source=f"127.0.0.{10 + number % 10}"))
                    client.sendall(half.encode())
                time.sleep(1)
                for _visitor in range(20):
                    began = time.monotonic()
                    assert front.ask("/").status == 200  # not /login, which nginx itself slows down
                    assert time.monotonic() - began < PATIENCE_SECONDS


@pytest.mark.drill
def test_without_nginx_the_same_two_threads_are_held_up(narrow_portal: int) -> None:
    """Or the drill above would prove nothing."""
    with contextlib.ExitStack() as stack:
        for _thread in range(4):
            client = stack.enter_context(socket.create_connection(("127.0.0.1", narrow_portal)))
            client.sendall(HALVES["half a body"].encode())
        time.sleep(1)
        visitor = stack.enter_context(socket.create_connection(("127.0.0.1", narrow_portal)))
        visitor.sendall(b"GET /login HTTP/1.0\r\n\r\n")
        visitor.settimeout(PATIENCE_SECONDS)
        with pytest.raises(TimeoutError):
            visitor.recv(1)
