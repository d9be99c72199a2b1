"""Settings for `gunicorn 'app:app'`; the command line and GUNICORN_CMD_ARGS override them."""

import logging
import os
import socket
import struct
import sys
from pathlib import Path
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

from portal.base import garbage, heap
from portal.base.private_files import private_folder
from portal.config import INSTANCE, ConfigurationError, load_configuration
from portal.lexicon.warming import warm_up_meanwhile


class PatientWorker(ThreadWorker):
    """Threads, so that an idle browser holds a connection and no worker; and each says goodbye to its own client.

    Gunicorn 27 does so in the loop that takes new connections in, and waits two seconds there for a client that keeps
    its end open: a hundred of those, and nobody else came in for three minutes.
    """

    def handle(self, conn: TConn) -> Any:
        goes_on = super().handle(conn)
        if goes_on is False:
            conn.close(graceful=True)
            conn.close = _is_closed
        return goes_on


def _is_closed(graceful: bool = False) -> None:
    """What the loop finds to do for such a connection."""


if os.environ.get("PORTAL_METRICS_TOKEN"):
    # Each process counts for itself, in a file here; whichever is asked adds them up.
    os.environ.setdefault(
        "PROMETHEUS_MULTIPROC_DIR", str(INSTANCE / "metrics" / os.environ.get("PORTAL_PORT", "5000"))
    )

worker_class = PatientWorker
bind = f"{os.environ.get('PORTAL_HOST', '127.0.0.1')}:{os.environ.get('PORTAL_PORT', '5000')}"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))  # processes; about one per core
threads = 150  # per process: a half-sent request holds one, and a hundred may come to one process
timeout = 30  # seconds without a sign of life before a worker is replaced
graceful_timeout = 20  # seconds an ordinary stop waits for running requests
half_sent_seconds = 15  # without a byte of a request that has begun; gunicorn itself would wait for ever
# Where somebody asks for an access log: no address, for it has names that were searched for, and links that open pages.
access_log_format = '%(h)s %(t)s "%(m)s" %(s)s %(b)s %(M)s'
control_socket_disable = True  # nobody steers the portal through a socket in the home folder


def on_starting(_server: Any) -> None:
    """Refuses once and in plain words, where a worker would do so in a traceback."""
    heap.keep_small()  # workers inherit it
    try:
        load_configuration()
    except ConfigurationError as refusal:
        print(refusal, file=sys.stderr)  # noqa: T201 - there is no logger before there is an app
        sys.exit(2)
    if folder := os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        for left in private_folder(Path(folder)).glob("*.db"):  # what a server before this one counted
            left.unlink()


def post_fork(_server: Any, worker: Any) -> None:
    """Connections inherit it from the socket they come in by: whoever begins a request and falls silent is let go."""
    patience = struct.pack("ll", half_sent_seconds, 0)
    for listener in worker.sockets:
        listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, patience)
    logging.getLogger("gunicorn.error").addFilter(_is_no_silence)


def _is_no_silence(record: logging.LogRecord) -> bool:
    """A traceback for each would let anybody fill the disk by keeping silent."""
    return record.msg != "Socket error processing request." or "BlockingIOError" not in (
        record.exc_text or ""
    )


def post_worker_init(_worker: Any) -> None:
    """What stands after start-up stays: without this a full collection walks it all and holds a page up by 0.1 s."""
    garbage.look_only_when_told()
    warm_up_meanwhile()


def post_request(_worker: Any, _request: Any, _environ: Any, _response: Any) -> None:
    """The answer has been sent: nobody waits."""
    garbage.collect()
