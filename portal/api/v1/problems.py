"""What a system is told when it gets nothing: `application/problem+json` (RFC 9457), in English with a Danish title."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec
from flask import Response, current_app, request
from flask_babel import gettext as _

from portal.api.v1.shapes import ParameterProblemShape, ProblemShape
from portal.web.error_pages import RETRY_AFTER_SECONDS

MIMETYPE: Final = "application/problem+json"
TYPES: Final = "urn:det-gode-match:problem:"

DETAILS: Final = {
    400: "The request could not be understood.",
    403: "This token may not read that.",
    404: "There is nothing here, or this token may not know of it.",
    405: "The doors are for reading: only GET is answered.",
    429: "Too many requests with this token in one minute.",
    500: "Something went wrong on our side. Nothing was changed.",
    503: "The portal is busy. Try again in a little while.",
}
KINDS: Final = {
    400: "bad-request",
    401: "no-token",
    403: "scope-missing",
    404: "not-found",
    405: "read-only",
    429: "too-many-requests",
    500: "our-fault",
    503: "busy",
}


class DoorClosed(Exception):
    """A system is told no, and why."""

    def __init__(
        self,
        status: int,
        title: str,
        detail: str | None = None,
        *,
        errors: Sequence[ParameterProblemShape] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status)
        self.status, self.title, self.detail, self.errors = status, title, detail, errors
        self.headers = dict(headers or {})


def refused(closed: DoorClosed) -> Response:
    """The answer to what a door refused."""
    answer = _problem(closed.status, closed.title, closed.detail, closed.errors)
    answer.headers.update(closed.headers)
    return answer


def told(status: int, title: str) -> Response:
    """The answer to whatever else went wrong beneath the doors: `error_pages.py` asks for it."""
    answer = _problem(status, title, None, ())
    if status == 503:
        answer.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    allowed = getattr(request.routing_exception, "valid_methods", None)
    if status == 405 and allowed:
        answer.headers["Allow"] = ", ".join(sorted(allowed))
    return answer


def _problem(
    status: int, title: str, detail: str | None, errors: Sequence[ParameterProblemShape]
) -> Response:
    problem = ProblemShape(
        type=TYPES + KINDS.get(status, "other"),
        title=title,
        status=status,
        detail=detail or DETAILS.get(status, "It could not be done."),
        errors=list(errors),
    )
    return current_app.response_class(msgspec.json.encode(problem), status, mimetype=MIMETYPE)


def bad_parameters(_request: Any, _answer: Any, error: Any, _instance: Any, adapter: Any) -> None:
    """SpecTree's hook before a view: what was asked for is no question. Raises DoorClosed."""
    if error is None:
        return
    errors = [
        ParameterProblemShape(parameter=".".join(found["loc"]) or None, detail=found["msg"])
        for found in adapter.validation_errors(error)
    ]
    raise DoorClosed(400, _("Det kunne ikke læses"), errors=errors)
