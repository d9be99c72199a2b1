"""`python3 app.py`: brings the database to head, fills an empty one with the demo, and serves.

The port is taken first: a second start on the same port says so at once and leaves the database alone.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
from typing import TYPE_CHECKING

from portal.application import create_app
from portal.cli import prepare_database
from portal.config import ConfigurationError
from portal.lexicon.warming import warm_up_meanwhile

if TYPE_CHECKING:
    from flask import Flask


class PortTaken(Exception):
    """The address cannot be listened on; the message says how to choose another."""


def serve() -> int:
    try:
        app = create_app()
        host, port = app.config["PORTAL_HOST"], app.config["PORTAL_PORT"]
        listener = _take_port(host, port)
        prepare_database(app)
    except (ConfigurationError, PortTaken) as refusal:
        print(refusal, file=sys.stderr)
        return 2
    if app.config["PORTAL_ENV"] == "production":
        listener.close()
        return _hand_over_to_gunicorn(host, port)
    _serve_in_this_process(app, listener)
    return 0


def _take_port(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(128)
    except OSError as problem:
        listener.close()
        raise PortTaken(
            f"Kan ikke lytte på {host}:{port} ({problem.strerror}).\n"
            "Vælg en anden port, fx: PORTAL_PORT=5001 python3 app.py"
        ) from problem
    return listener


def _hand_over_to_gunicorn(host: str, port: int) -> int:
    """The development server is not made for production; gunicorn reads gunicorn.conf.py for the rest."""
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    os.execv(sys.executable, [sys.executable, "-m", "gunicorn", "--bind", address, "app:app"])


def _serve_in_this_process(app: Flask, listener: socket.socket) -> None:
    from werkzeug.serving import WSGIRequestHandler, make_server

    class QuietHandler(WSGIRequestHandler):
        """A line for each request would hide the address and the accounts; the audit knows who did what."""

        protocol_version = "HTTP/1.1"

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            pass

    host, port = listener.getsockname()[:2]
    server = make_server(host, port, app, threaded=True, request_handler=QuietHandler, fd=listener.fileno())
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    warm_up_meanwhile()
    _print_welcome(app)
    server.serve_forever()  # until Ctrl+C or a polite kill
    print("\nPortalen er stoppet.")


def _print_welcome(app: Flask) -> None:
    from portal.demo.accounts import DEMO_ACCOUNTS, DEMO_PASSWORD

    host = app.config["PORTAL_HOST"]
    shown = f"[{host}]" if ":" in host else host
    print(f"Det gode match: http://{shown}:{app.config['PORTAL_PORT']}   (stop med Ctrl+C)")
    print(f"\nDemobrugere, alle med adgangskoden {DEMO_PASSWORD}:")
    for email, role in DEMO_ACCOUNTS:
        print(f"  {email:<22} {role}")
    sys.stdout.flush()
