"""What machines ask the portal itself: how it is, and whom to tell of a hole in it."""

import hmac
from datetime import UTC, datetime, time
from typing import Any

from flask import Blueprint, Response, abort, current_app, request
from prometheus_client import CONTENT_TYPE_LATEST

from portal.web.permissions import Action, requires
from portal.workspaces.operation import metrics

bp = Blueprint("operation", __name__)


@bp.get("/metrics")
@requires(Action.PUBLIC)
def numbers() -> Any:
    """Only with the token; without one in the settings there is no such page."""
    token = current_app.config["PORTAL_METRICS_TOKEN"]
    if not token:
        abort(404)
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not hmac.compare_digest(given.encode(), token.encode()):
        return Response("", 401, {"WWW-Authenticate": "Bearer"}, mimetype="text/plain")
    return Response(metrics.in_text(), content_type=CONTENT_TYPE_LATEST)


@bp.get("/.well-known/security.txt")
@requires(Action.PUBLIC)
def security_txt() -> Any:
    """Whom to tell of a hole, as RFC 9116 asks for; without a contact in the settings there is no such page."""
    contact, last_day = (
        current_app.config["PORTAL_SECURITY_CONTACT"],
        current_app.config["PORTAL_SECURITY_EXPIRES"],
    )
    if not contact:
        abort(404)
    expires = datetime.combine(last_day, time.max, UTC)
    lines = (
        f"Contact: {contact}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: da, en",
        f"Canonical: {current_app.config['PORTAL_BASE_URL']}/.well-known/security.txt",
    )
    return Response("".join(f"{line}\n" for line in lines), mimetype="text/plain")
