"""One line of JSON for each request, without persons: which page by its pattern, how it went, and what it cost.

A line holds what FIELDS names and nothing else: no address, which has names that were searched for and links that open
pages; no number of a person or a record; and not where the visitor is. Its request id stands in the lines of the audit
as well, so whoever may read that can find out more.
"""

import logging
import sys
from collections.abc import MutableMapping
from io import TextIOWrapper
from logging.handlers import WatchedFileHandler
from pathlib import Path
from typing import Any, Final

import structlog
from flask import Flask, Response, current_app, got_request_exception, request

from portal.base import clock, gauges
from portal.base.database import db
from portal.base.private_files import private_file

FIELDS: Final = frozenset(
    {"at", "request", "method", "route", "status", "milliseconds", "statements", "role", "fault"}
)
LOGGER: Final = "portal.requests"
STANDARD_OUTPUT: Final = "-"
NOWHERE: Final = "no such page"
"""In place of the route, for an address that is no page: scanners invent any number of them."""

_METHODS: Final = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"})


def register(app: Flask) -> None:
    """Before all other hooks."""
    if app.config["PORTAL_REQUEST_LOG"]:
        app.extensions["request-log"] = _lines_to(app.config["PORTAL_REQUEST_LOG"])
    app.before_request(_begin)
    app.after_request(_end)
    got_request_exception.connect(_count_fault, app)


def note_reader(role: str) -> None:
    """Who asks, as far as the log may know: the role, never the person."""
    db.session.info["reader_role"] = role


def _lines_to(place: str) -> Any:
    handler = _handler(place)
    handler.setFormatter(logging.Formatter("%(message)s"))
    logger = logging.getLogger(LOGGER)
    for old in list(logger.handlers):
        logger.removeHandler(old)
        old.close()
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    return structlog.wrap_logger(
        logger,
        processors=[_only_what_may_stand_there, structlog.processors.JSONRenderer(ensure_ascii=False)],
        wrapper_class=structlog.stdlib.BoundLogger,
    )


def _handler(place: str) -> logging.Handler:
    if place == STANDARD_OUTPUT:
        return logging.StreamHandler(sys.stdout)
    return PrivateLog(place, encoding="utf-8")


class PrivateLog(WatchedFileHandler):
    """Opened anew when another program has moved it away, and closed to everybody else each time."""

    def _open(self) -> TextIOWrapper:
        private_file(Path(self.baseFilename))
        return super()._open()


def _only_what_may_stand_there(
    _logger: Any, _method: str, line: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Raises ValueError for a field that nobody has judged."""
    line.pop("event", None)
    if strange := set(line) - FIELDS:
        raise ValueError(f"the request log has no field {', '.join(sorted(strange))}")
    return line


def _begin() -> None:
    gauges.begin_cost()


def _end(response: Response) -> Response:
    cost = gauges.cost_so_far()
    if cost is None:
        return response
    route, method = _route(), _method()
    gauges.answers.labels(route, method, str(response.status_code)).inc()
    gauges.seconds_of_answers.observe(cost.milliseconds / 1000)
    log = current_app.extensions.get("request-log")
    if log is not None:
        info = db.session.info
        log.info(
            None,
            at=clock.now().isoformat(),
            request=info.get("request_id"),
            method=method,
            route=route,
            status=response.status_code,
            milliseconds=cost.milliseconds,
            statements=cost.statements,
            role=info.get("reader_role"),
            fault=info.get("fault"),
        )
    return response


def _count_fault(_app: Flask, exception: BaseException, **_rest: Any) -> None:
    note_fault(exception)


def note_fault(error: BaseException) -> None:
    """What made the answer a 5xx, by its kind alone: its words quote what tripped it."""
    kind = type(error).__qualname__
    gauges.faults.labels(kind).inc()
    db.session.info["fault"] = kind


def _route() -> str:
    return request.url_rule.rule if request.url_rule is not None else NOWHERE


def _method() -> str:
    """What was asked; a word that somebody made up may be anything."""
    asked = request.environ["REQUEST_METHOD"]
    return asked if asked in _METHODS else "other"
