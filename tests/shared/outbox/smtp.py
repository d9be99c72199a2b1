"""A mail server in the test's own process: keeps what it took, and refuses or breaks off when told to."""

import contextlib
import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

Happens = Callable[[str, str], str | None]
"""Called with the step ("hello", "mail", "to", "data", "text", "taken", "answered") and what was said; an answer
replaces the usual one, and BREAK closes the line. At "text" the mail has come but is not kept yet, at "taken" it is."""

BREAK = ""
USUAL = {
    "hello": "250 hello",
    "mail": "250 ok",
    "to": "250 ok",
    "data": "354 go on",
    "text": None,
    "taken": "250 ok",
}


@dataclass
class Post:
    """What the server took."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    happens: Happens = lambda step, said: None

    def ids(self) -> list[str]:
        return [str(mail["Message-ID"]) for mail in self.mails]


class _Line(socketserver.StreamRequestHandler):
    server: Any

    def handle(self) -> None:
        with contextlib.suppress(ConnectionError, BrokenPipeError):
            self._say("220 test")
            while line := self.rfile.readline():
                if not self._answer(line.decode().strip()):
                    return

    def _answer(self, said: str) -> bool:
        word = said.split(" ", 1)[0].split(":")[0].upper()
        step = {"EHLO": "hello", "HELO": "hello", "MAIL": "mail", "RCPT": "to", "DATA": "data"}.get(word)
        if step is None:
            return self._say("250 ok")
        if not self._step(step, said):
            return False
        return self._text() if step == "data" and self.went_on else True

    def _step(self, step: str, said: str) -> bool:
        told = self.server.post.happens(step, said)
        answer = told if told is not None else USUAL[step]
        self.went_on = told is None
        return answer is None or (answer != BREAK and self._say(answer))

    def _text(self) -> bool:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        if not line or not self._step("text", ""):
            return False
        if not self.went_on:  # refused: not kept
            return True
        self.server.post.mails.append(message_from_bytes(b"".join(lines), policy=default))
        if not self._step("taken", ""):
            return False
        self.server.post.happens("answered", "")
        return True

    def _say(self, words: str) -> bool:
        self.wfile.write(f"{words}\r\n".encode())
        return True


@contextlib.contextmanager
def mail_server() -> Iterator[Post]:
    post = Post()
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Line) as server:
        server.daemon_threads = True
        server.post = post  # type: ignore[attr-defined]
        post.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield post
        finally:
            server.shutdown()
            thread.join()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
