"""The worker: claims one mail, commits, sends it, records what became of it. Any number may run at once.

The claim is committed before the first byte leaves, and the outcome after the last reply. Whoever dies between the
two leaves a mail in `sending`; when its lease is over it is `uvis`, for a person (docs/adr/013-outbox.md).
"""

import atexit
import logging
import os
import secrets
import socket
import threading
import time
from typing import Final

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from portal.base import clock, garbage
from portal.base.database import db, transaction
from portal.base.errors import DomainError
from portal.shared.outbox import letters, queries, services
from portal.shared.outbox.models import Mail, MailState
from portal.shared.outbox.transport import (
    DeliveryUnknown,
    MailTransport,
    PermanentFailure,
    TemporaryFailure,
    transport_of,
)
from portal.web.rooms import Chore

STOP_SECONDS: Final = 15
"""How long an ordinary stop waits for the mail under way."""

_log = logging.getLogger(__name__)


class Worker:
    """One sender of mails. `chores` are carried out between the mails."""

    def __init__(self, app: Flask, chores: tuple[Chore, ...] = ()) -> None:
        self._app = app
        self._chores = chores
        self._next_chores = 0.0
        self.at_a_mail = threading.Lock()
        """Held from a mail's claim until its outcome is written."""
        self.name = f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"

    def run(self, stopped: threading.Event) -> None:
        """Until it is stopped. A database that is away is asked again later; one strange mail holds up no other."""
        while not stopped.is_set():
            try:
                self.work_off(stopped)
            except Exception:
                _log.exception("the mail worker tripped and goes on")
            stopped.wait(self._app.config["MAIL_POLL"].total_seconds())

    def work_off(self, stopped: threading.Event | None = None) -> int:
        """The chores when they are due, and all mails that are. Returns how many mails it took."""
        taken = 0
        with self._app.app_context():
            try:
                self._do_chores()
                transport = transport_of(self._app.config)
                while transport is not None and self._takes_another(transport, stopped):
                    taken += 1
            finally:
                db.session.remove()
        garbage.collect()
        return taken

    def _do_chores(self) -> None:
        if queries.has_lost(clock.now()):
            with transaction():
                services.give_up_lost(at=clock.now())
        if time.monotonic() < self._next_chores:
            return
        self._next_chores = time.monotonic() + self._app.config["CHORES_EVERY"].total_seconds()
        for chore in self._chores:
            try:
                with transaction():
                    chore(clock.now())
            except (SQLAlchemyError, DomainError, OSError):
                _log.exception("a chore failed and is tried again later")
                db.session.rollback()

    def _takes_another(self, transport: MailTransport, stopped: threading.Event | None) -> bool:
        with self.at_a_mail:
            return not (stopped and stopped.is_set()) and self._take(transport)

    def _take(self, transport: MailTransport) -> bool:
        """Send the next mail; False when none is due, which is found out without the lock that writing takes."""
        if not queries.has_due(clock.now()):
            return False
        lease = self._app.config["MAIL_LEASE"]
        with transaction():
            mail = services.claim_next(worker=self.name, at=clock.now(), lease=lease)
        if mail is None:
            return False
        if mail.state is MailState.SENDING:
            self._send(mail, transport)
        return True

    def _send(self, mail: Mail, transport: MailTransport) -> None:
        try:
            transport.send(letters.message(mail, at=clock.now()))
        except (TemporaryFailure, OSError) as problem:
            with transaction():
                services.put_off(mail.id, worker=self.name, at=clock.now(), error=str(problem))
        except (PermanentFailure, ValueError, LookupError) as problem:
            with transaction():
                services.mark_failed(mail.id, worker=self.name, error=str(problem))
        except DeliveryUnknown as problem:
            with transaction():
                services.mark_uvis(mail.id, worker=self.name, error=str(problem))
        else:
            with transaction():
                services.mark_sent(mail.id, worker=self.name, at=clock.now())


class Inside:
    """A worker as a thread of the web server: begun at a process's first request, ended with the process."""

    def __init__(self, app: Flask, chores: tuple[Chore, ...] = ()) -> None:
        self._app = app
        self._chores = chores
        self._start = threading.Lock()
        self._process: int | None = None
        self._stopped = threading.Event()
        self._worker: Worker | None = None
        self._thread: threading.Thread | None = None

    def ensure(self) -> None:
        """A thread does not survive a fork, so each process begins its own."""
        if self._process == os.getpid():
            return
        with self._start:
            if self._process != os.getpid():
                self._stopped = threading.Event()
                self._worker = Worker(self._app, self._chores)
                self._thread = threading.Thread(
                    target=self._worker.run, args=(self._stopped,), name="mail-worker", daemon=True
                )
                self._thread.start()
                atexit.register(self.stop)
                self._process = os.getpid()

    def stop(self) -> None:
        """Let the mail under way arrive, and take no other. A chore is not waited for: the database undoes it."""
        self._stopped.set()
        if (
            self._worker is not None
            and self._process == os.getpid()
            and self._worker.at_a_mail.acquire(timeout=STOP_SECONDS)
        ):
            self._worker.at_a_mail.release()
