"""Saved filters of a list: a page of their own, which each list loads above its rows."""

from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, Response, current_app, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from portal.base import clock
from portal.base.database import transaction
from portal.web import error_pages
from portal.web.htmx import leave_to, render_page
from portal.web.listing import clean_text
from portal.web.local_paths import safe_local_path
from portal.web.permissions import Action, requires
from portal.workspaces.saved_filters import queries, services
from portal.workspaces.saved_filters.forms import SavedFilterForm
from portal.workspaces.saved_filters.models import ADDRESS_LENGTH, QUERY_LENGTH

bp = Blueprint("saved_filters", __name__, url_prefix="/filters")

_NEVER_KEPT = frozenset({"q", "page", "format", "filters"})
"""Words of a search may name somebody; the rest is about one look."""


@bp.route("/", methods=["GET", "POST"])
@requires(Action.REVIEW_MATCH)
def index() -> Response:
    """Those of the list that the address names, and a field that keeps what is chosen on it now."""
    address, chosen = _list_address(), _chosen()
    if address is None:
        return error_pages.answer(404)
    form = SavedFilterForm()
    if not form.is_submitted():
        return _page(form, address, chosen)
    if not form.validate():
        return _page(form, address, chosen, status=422)
    try:
        with transaction():
            saved = services.save_filter(
                current_user, address=address, name=form.name.data or "", query=chosen, at=clock.now()
            )
    except services.TooManyFilters as error:
        form.name.errors = [str(error.message)]
        return _page(form, address, chosen, status=409)
    flash(_("Filteret er gemt: %(name)s.", name=saved.name), "success")
    return leave_to(saved.url)


def _page(form: SavedFilterForm, address: str, chosen: str, *, status: int = 200) -> Response:
    return render_page(
        "saved_filters/index.html",
        fragment="saved_filters",
        status=status,
        form=form,
        address=address,
        chosen=chosen,
        saved=queries.filters_of(current_user, address),
    )


def _list_address() -> str | None:
    """The list's path; None for what is no page of the portal."""
    address = safe_local_path(request.args.get("list"))
    if address is None or "?" in address or len(address) > ADDRESS_LENGTH:
        return None
    try:
        current_app.url_map.bind("").match(address, method="GET")
    except (HTTPException, RequestRedirect):
        return None
    return address


def _chosen() -> str:
    """What is chosen on the list now, without what is never kept; "" for nothing."""
    pairs = parse_qsl(request.args.get("now", "")[: 2 * QUERY_LENGTH])
    said = [(clean_text(name), clean_text(value)) for name, value in pairs]
    query = urlencode([(name, value) for name, value in said if name not in _NEVER_KEPT])
    return query if len(query) <= QUERY_LENGTH else ""


@bp.post("/<int:saved_filter_id>/delete")
@requires(Action.REVIEW_MATCH)
def delete(saved_filter_id: int) -> Any:
    saved = queries.saved_filter_for(current_user, saved_filter_id)
    address = saved.address
    with transaction():
        services.delete_filter(saved)
    flash(_("Filteret er slettet."), "success")
    return redirect(url_for("saved_filters.index", list=address), 303)
