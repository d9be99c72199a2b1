"""Another system, as the tests send it to a door."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from portal.base.database import db
from tests.client import PortalClient, PortalResponse


class System:
    """It has a token, or none, and reads JSON."""

    def __init__(self, app: Flask, secret: str | None) -> None:
        self._client = PortalClient(app)
        self._secret = secret

    def get(self, path: str, *, case: str | None = None, **options: Any) -> PortalResponse:
        headers = dict(options.pop("headers", {}))
        if self._secret is not None:
            headers.setdefault("Authorization", f"Bearer {self._secret}")
        if case is not None:
            headers["Case-Number"] = case
        return self._client.get(
            path if path.startswith("/api") else f"/api/v1{path}", headers=headers, **options
        )

    def items(self, path: str, **options: Any) -> list[dict[str, Any]]:
        """All records of all pages."""
        found: list[dict[str, Any]] = []
        onward: str | None = path
        while onward:
            answer = self.get(onward, **options)
            assert answer.status_code == 200, answer.get_data(as_text=True)
            found += answer.get_json()["items"]
            onward = answer.get_json()["next"]
        return found


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The address at which the application answers, on loopback, for as long as the block lasts."""
    db.session.rollback()
    server = make_server("127.0.0.1", 0, app, request_handler=_Silent)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Silent(WSGIRequestHandler):
    def log_request(self, *_anything: Any) -> None:
        pass
