"""Pages of home."""

from typing import Any

from flask import Blueprint, current_app, jsonify, render_template
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError

from portal.home import queries
from portal.permissions import Action, requires

bp = Blueprint("home", __name__)


@bp.get("/")
@requires(Action.PUBLIC)
def index() -> Any:
    if not current_user.is_authenticated:
        return render_template("home/landing.html")
    return render_template("home/index.html")


@bp.get("/healthz")
@requires(Action.PUBLIC)
def healthz() -> Any:
    """For the watchman of the server: 503 when the portal cannot do its work."""
    try:
        current, wanted = queries.schema_state()
    except (SQLAlchemyError, OSError):
        current_app.logger.exception("the database does not answer")
        return jsonify(status="unavailable", database="unavailable"), 503
    ready = current == wanted
    body = {
        "status": "ok" if ready else "schema",
        "database": "ok",
        "schema": current,
        "schema_wanted": wanted,
    }
    return jsonify(body), 200 if ready else 503


@bp.get("/was")
@requires(Action.PUBLIC)
def was() -> Any:
    return render_template("home/was.html")


@bp.get("/privatliv")
@requires(Action.PUBLIC)
def privacy() -> Any:
    return render_template("home/privacy.html")
