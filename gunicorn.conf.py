"""Settings for `gunicorn 'app:app'`; the command line and GUNICORN_CMD_ARGS override them."""

import gc
import os
import sys
from typing import Any

from portal.base import heap
from portal.config import ConfigurationError, load_configuration

bind = f"{os.environ.get('PORTAL_HOST', '127.0.0.1')}:{os.environ.get('PORTAL_PORT', '5000')}"
worker_class = "gthread"  # an idle browser then holds a connection, not a worker
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))  # processes; about one per core
threads = 64  # per process; a hundred half-sent requests must not stop the portal
timeout = 30  # seconds without a sign of life before a worker is replaced
graceful_timeout = 20  # seconds an ordinary stop waits for running requests
control_socket_disable = True  # nobody steers the portal through a socket in the home folder


def on_starting(_server: Any) -> None:
    """Refuses once and in plain words, where a worker would do so in a traceback."""
    heap.keep_small()  # workers inherit it
    try:
        load_configuration()
    except ConfigurationError as refusal:
        print(refusal, file=sys.stderr)  # noqa: T201 - there is no logger before there is an app
        sys.exit(2)


def post_worker_init(_worker: Any) -> None:
    """What stands after start-up stays: without this a full collection walks it all and holds a page up by 0.1 s."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(
        20_000, 20, 5
    )  # what an evicted statement leaves is a circle: only a full collection frees it
