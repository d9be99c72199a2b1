"""How a mail leaves: by SMTP, or in development as a file. What went wrong is told apart by what may be done next."""

import smtplib
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any, Protocol

from portal.base.private_files import private_file, private_folder

_TEMPORARY = range(400, 500)

WIRE = SMTP.clone(max_line_length=998)
"""Lines as long as the protocol allows: an address in a header that is folded or encoded is no address any more."""


class TemporaryFailure(Exception):
    """It was not taken, and may be later."""


class PermanentFailure(Exception):
    """It was refused for good."""


class DeliveryUnknown(Exception):
    """The line broke after the text had gone: it may have been taken."""


class MailTransport(Protocol):
    def send(self, written: EmailMessage) -> None:
        """Hand it over. Raises TemporaryFailure, PermanentFailure, DeliveryUnknown."""


@dataclass(frozen=True)
class Folder:
    """Development: every mail is a file, to be opened with a mail program."""

    path: Path

    def send(self, written: EmailMessage) -> None:
        private_folder(self.path)
        name = str(written["Message-ID"]).strip("<>").partition("@")[0]
        half = private_file(self.path / f".{name}.half")
        half.write_bytes(written.as_bytes(policy=WIRE))
        half.rename(self.path / f"{name}.eml")


@dataclass(frozen=True)
class Smtp:
    """A mail server. `security`: "starttls", "tls" or "none"."""

    host: str
    port: int
    security: str = "starttls"
    user: str = ""
    password: str = ""
    timeout_seconds: float = 30

    def knock(self) -> None:
        """Sign in and leave, to see whether it can be done. Raises TemporaryFailure."""
        self._reached().close()

    def send(self, written: EmailMessage) -> None:
        server = self._reached()
        try:
            self._envelope(server, written)
            self._text(server, written)
        finally:
            server.close()  # no QUIT: once the text is taken nothing may make it look untaken

    def _reached(self) -> smtplib.SMTP:
        try:
            return self._connect()
        except (OSError, smtplib.SMTPException) as problem:
            raise TemporaryFailure(_words(problem)) from problem

    def _connect(self) -> smtplib.SMTP:
        """Signed in. A wrong password or certificate is put right by the administrator: later."""
        server: smtplib.SMTP
        safe = ssl.create_default_context()
        if self.security == "tls":
            server = smtplib.SMTP_SSL(self.host, self.port, timeout=self.timeout_seconds, context=safe)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=self.timeout_seconds)
        try:
            if self.security == "starttls":
                server.starttls(context=safe)
            if self.user:
                server.login(self.user, self.password)
        except BaseException:
            server.close()
            raise
        return server

    def _envelope(self, server: smtplib.SMTP, written: EmailMessage) -> None:
        sender, recipient = written["From"].addresses[0].addr_spec, str(written["To"])
        try:
            server.ehlo_or_helo_if_needed()
            _require(server.mail(sender))
            _require(server.rcpt(recipient))
        except (OSError, smtplib.SMTPException) as problem:
            raise TemporaryFailure(_words(problem)) from problem

    def _text(self, server: smtplib.SMTP, written: EmailMessage) -> None:
        reply: tuple[int, bytes | str]
        try:
            reply = server.data(written.as_bytes(policy=WIRE))
        except smtplib.SMTPDataError as refusal:  # DATA itself was refused: no text has gone
            reply = (refusal.smtp_code, refusal.smtp_error)
        except (OSError, smtplib.SMTPException) as problem:
            raise DeliveryUnknown(_words(problem)) from problem
        _require(reply)


def _require(reply: tuple[int, bytes | str]) -> None:
    """Raises unless the server said yes."""
    code, said = reply
    if code < 400:
        return
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    raise (TemporaryFailure if code in _TEMPORARY else PermanentFailure)(f"{code} {text}")


def _words(problem: Exception) -> str:
    return f"{type(problem).__name__}: {problem}"


def _folder(settings: Mapping[str, Any]) -> MailTransport:
    return Folder(Path(settings["PORTAL_MAIL_FOLDER"]))


def _smtp(settings: Mapping[str, Any]) -> MailTransport:
    return Smtp(
        host=settings["PORTAL_SMTP_HOST"],
        port=settings["PORTAL_SMTP_PORT"],
        security=settings["PORTAL_SMTP_SECURITY"],
        user=settings["PORTAL_SMTP_USER"],
        password=settings["PORTAL_SMTP_PASSWORD"],
        timeout_seconds=settings["SMTP_TIMEOUT"].total_seconds(),
    )


WAYS: dict[str, Callable[[Mapping[str, Any]], MailTransport]] = {"folder": _folder, "smtp": _smtp}
"""By PORTAL_MAIL; anything else sends nothing, and the mails wait."""


def transport_of(settings: Mapping[str, Any]) -> MailTransport | None:
    way = WAYS.get(settings["PORTAL_MAIL"])
    return way(settings) if way else None
