"""The page "Min kalender", and the file behind its secret address."""

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, flash, redirect, url_for
from flask_babel import gettext as _
from flask_login import current_user

from portal.base import clock
from portal.base.database import db, transaction
from portal.web import error_pages, submissions
from portal.web.downloads import download
from portal.web.htmx import render_page
from portal.web.permissions import Action, requires
from portal.workspaces.home import services
from portal.workspaces.home.calendar import calendar_of, days_of, owner_of_address
from portal.workspaces.home.models import CalendarAddress

bp = Blueprint("calendars", __name__, url_prefix="/calendar")


@bp.get("/")
@requires(Action.REVIEW_MATCH)
def index() -> Response:
    return _page()


def _page(secret: str | None = None) -> Response:
    made = db.session.get(CalendarAddress, current_user.id)
    base = current_app.config["PORTAL_BASE_URL"]
    return render_page(
        "home/calendar.html",
        fragment="content",
        made=made,
        address=base + url_for("calendars.file", calendar_secret=secret) if secret else None,
    )


@bp.post("/make")
@requires(Action.REVIEW_MATCH)
def make() -> Response:
    """The page is the answer itself: the secret is stored nowhere, so it can be shown only now."""
    with transaction():
        secret = services.make_calendar_address(current_user, at=clock.now())
    submissions.show_once(url_for("calendars.index"))
    return _page(secret)


@bp.post("/withdraw")
@requires(Action.REVIEW_MATCH)
def withdraw() -> Any:
    with transaction():
        services.withdraw_calendar_address(current_user, at=clock.now())
    flash(_("Adressen er lukket."), "success")
    return redirect(url_for("calendars.index"), 303)


@bp.get("/<calendar_secret>/dage.ics")
@requires(Action.PUBLIC)
def file(calendar_secret: str) -> Any:
    """Her days, to whatever calendar has the address: card numbers, no names."""
    owner = owner_of_address(calendar_secret)
    if owner is None:
        return error_pages.answer(404)
    base, now = current_app.config["PORTAL_BASE_URL"], clock.now()
    content = calendar_of(
        days_of(owner, now),
        host=urlsplit(base).hostname or "localhost",
        at=now,
        address_of=lambda line: base + line.url,
    )
    return download("dage.ics", content, "text/calendar")
