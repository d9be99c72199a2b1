"""Pages of follow-ups: a day is agreed, moved, called off, and what was said is noted."""

from typing import Any

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from portal.base import clock
from portal.base.database import transaction
from portal.base.errors import StaleVersion
from portal.loop.placements import follow_ups, queries
from portal.loop.placements.forms import FollowUpForm, HeldForm, MoveFollowUpForm
from portal.loop.placements.models import FollowUp
from portal.loop.placements.pages import bp as bp
from portal.loop.placements.views import look_at, show_detail
from portal.web.htmx import leave_to, render_page
from portal.web.permissions import Action, requires


@bp.post("/<int:placement_id>/follow-ups")
@requires(Action.MANAGE_PLACEMENTS)
def add_follow_up(placement_id: int) -> Any:
    placement = queries.placement_for(current_user, placement_id)
    form = FollowUpForm(days=follow_ups.days_for(placement))
    if not form.validate():
        return show_detail(placement, follow_up_form=form, status=422)
    with transaction():
        follow_ups.add_follow_up(placement, due_on=form.due_on.data, by=current_user, at=clock.now())
    flash(_("Opfølgningen er aftalt."), "success")
    return redirect(url_for("placements.detail", placement_id=placement_id), 303)


@bp.route("/<int:placement_id>/follow-ups/<int:follow_up_id>", methods=["GET", "POST"])
@requires(Action.MANAGE_PLACEMENTS)
def hold_follow_up(placement_id: int, follow_up_id: int) -> Response:
    """Note what was said."""
    follow_up = queries.follow_up_for(current_user, placement_id, follow_up_id)
    today = clock.today()
    suggested = {"held_on": today} if request.method != "POST" else None
    form = HeldForm(today=today, first=follow_up.placement.starts_on, data=suggested)
    if request.method == "POST" and form.validate():
        with transaction():
            follow_ups.hold_follow_up(
                follow_up, held_on=form.held_on.data, note=form.note.data, by=current_user, at=clock.now()
            )
        flash(_("Opfølgningen er noteret."), "success")
        return leave_to(url_for("placements.detail", placement_id=placement_id))
    placement = queries.placement_for(current_user, placement_id)
    look_at(placement)
    return render_page(
        "placements/follow_up.html",
        fragment="follow_up_form",
        status=422 if request.method == "POST" else 200,
        placement=placement,
        follow_up=follow_up,
        form=form,
    )


@bp.route("/<int:placement_id>/follow-ups/<int:follow_up_id>/move", methods=["GET", "POST"])
@requires(Action.MANAGE_PLACEMENTS)
def move_follow_up(placement_id: int, follow_up_id: int) -> Response:
    """Agree another day; the old one stays in the history."""
    follow_up = queries.follow_up_for(current_user, placement_id, follow_up_id)
    form = MoveFollowUpForm(days=follow_ups.days_for(follow_up.placement), obj=follow_up)
    if not form.is_submitted():
        return _show_move(follow_up, form)
    if not form.validate():
        return _show_move(follow_up, form, status=422)
    try:
        with transaction():
            follow_ups.move_follow_up(
                follow_up,
                due_on=form.due_on.data,
                seen_version=form.seen_version,
                reason=form.reason.data or "",
                by=current_user,
                at=clock.now(),
            )
    except StaleVersion as stale:
        again = queries.follow_up_for(current_user, placement_id, follow_up_id)
        form.accept_version(again.version)
        return _show_move(again, form, status=409, stale=stale)
    flash(_("Opfølgningen er flyttet."), "success")
    return leave_to(url_for("placements.detail", placement_id=placement_id))


def _show_move(
    follow_up: FollowUp, form: MoveFollowUpForm, *, status: int = 200, stale: StaleVersion | None = None
) -> Response:
    placement = queries.placement_for(current_user, follow_up.placement_id)
    look_at(placement)
    first, last = follow_ups.days_for(placement)
    return render_page(
        "placements/move_follow_up.html",
        fragment="move_follow_up_form",
        status=status,
        placement=placement,
        follow_up=follow_up,
        form=form,
        stale=stale,
        first=first,
        last=last,
    )


@bp.post("/<int:placement_id>/follow-ups/<int:follow_up_id>/cancel")
@requires(Action.MANAGE_PLACEMENTS)
def cancel_follow_up(placement_id: int, follow_up_id: int) -> Any:
    follow_up = queries.follow_up_for(current_user, placement_id, follow_up_id)
    with transaction():
        follow_ups.cancel_follow_up(follow_up, by=current_user, at=clock.now())
    flash(_("Opfølgningen er aflyst."), "success")
    return redirect(url_for("placements.detail", placement_id=placement_id), 303)
