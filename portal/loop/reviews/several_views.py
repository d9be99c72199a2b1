"""Several suggestions at once: refused for one reason, or put off to one day. Nobody is approved in a bundle."""

from typing import Any

from flask import Response, redirect, request, url_for
from flask_login import current_user

from portal.base import clock
from portal.base.database import transaction
from portal.base.working_days import after_working_days
from portal.loop.matches.models import Match
from portal.loop.reviews import desk_queries, services, undoing
from portal.loop.reviews.desk_views import look_at_list, offer_undo, read_list
from portal.loop.reviews.forms import PutOffForm, RefuseForm
from portal.loop.reviews.undo_views import keys_sent
from portal.loop.reviews.views import bp
from portal.web.htmx import render_page
from portal.web.permissions import Action, requires


@bp.get("/several")
@requires(Action.REVIEW_MATCH)
def several() -> Any:
    """Which ones were ticked, and what can be done with all of them: the question before it happens."""
    return _several_page(_open_among(request.args.getlist("match")))


@bp.post("/several/refuse")
@requires(Action.REVIEW_MATCH)
def refuse_several() -> Any:
    matches = _sent()
    form = RefuseForm()
    if not form.validate():
        return _several_page(matches, refuse_form=form, status=422)
    at = clock.now()
    with transaction():
        for match in matches:
            services.refuse_match(
                match, reason=form.reason.data, words=form.words.data or "", by=current_user, at=at
            )
    return _to_list()


@bp.post("/several/put-off")
@requires(Action.REVIEW_MATCH)
def put_off_several() -> Any:
    matches = _sent()
    form = PutOffForm()
    if not form.validate():
        return _several_page(matches, put_off_form=form, status=422)
    with transaction():
        undoing.put_off(matches, until_on=form.until_on.data, by=current_user, at=clock.now())
    return _to_list()


def _open_among(values: list[str]) -> list[Match]:
    return desk_queries.some_open(current_user, keys_sent(values))


def _sent() -> list[Match]:
    """All or none: what the reader was told of is what happens. Raises SomeNoLongerOpen."""
    wanted = keys_sent(request.form.getlist("match"))
    matches = desk_queries.some_open(current_user, wanted)
    if not matches or len(matches) < len(wanted):
        raise undoing.SomeNoLongerOpen
    return matches


def _to_list() -> Any:
    offer_undo()
    return redirect(url_for("reviews.queue", **read_list().kept), 303)


def _several_page(
    matches: list[Match],
    *,
    refuse_form: RefuseForm | None = None,
    put_off_form: PutOffForm | None = None,
    status: int = 200,
) -> Response:
    look_at_list(matches)
    tomorrow = after_working_days(clock.today(), 1)
    return render_page(
        "reviews/several.html",
        fragment="several_matches",
        status=status,
        matches=matches,
        kept=read_list().kept,
        refuse_form=refuse_form or RefuseForm(formdata=None),
        put_off_form=put_off_form or PutOffForm(formdata=None, until_on=tomorrow),
    )
