"""Pages on which a placement is changed: one for each way, and one to take a change back."""

from typing import Any

from flask import Response, abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from portal.base import clock
from portal.base.database import transaction
from portal.base.errors import DomainError, StaleVersion
from portal.loop.placements import changes, follow_ups, queries
from portal.loop.placements.change_forms import CHANGES, ChangeForm
from portal.loop.placements.findings import findings_of_change
from portal.loop.placements.models import Placement, PlacementStatus
from portal.loop.placements.pages import bp as bp
from portal.loop.placements.views import look_at
from portal.shared.rules.findings import StopsStand, not_ok, stops
from portal.web.htmx import leave_to, render_page
from portal.web.permissions import Action, requires


@bp.route("/<int:placement_id>/change/<change_kind>", methods=["GET", "POST"])
@requires(Action.MANAGE_PLACEMENTS)
def change(placement_id: int, change_kind: str) -> Response:
    """Agree something else; what the rules say of it stands beside the form before it is put in force."""
    form = _form(placement_id, change_kind)
    if not form.is_submitted():
        return _show(form, change_kind)
    if not form.validate():
        return _show(form, change_kind, status=422)
    try:
        with transaction():
            changes.change_placement(
                form.placement, form.wish(), seen_version=form.seen_version, by=current_user, at=clock.now()
            )
    except StopsStand as stopped:
        if form.stop_reason.name in request.form:  # asked for, and left empty
            form.stop_reason.errors = [_("Skriv grunden.")]
        return _again(placement_id, change_kind, form, stopped)
    except DomainError as refusal:
        return _again(placement_id, change_kind, form, refusal)
    flash(_("Ændringen er gemt. Virksomheden får besked."), "success")
    return leave_to(url_for("placements.detail", placement_id=placement_id))


@bp.post("/<int:placement_id>/change/<change_kind>/judged")
@requires(Action.MANAGE_PLACEMENTS)
def judge_change(placement_id: int, change_kind: str) -> Response:
    """What the rules say of a change while it is being written; nothing is kept, and nobody is named."""
    form = _form(placement_id, change_kind)
    judged = _judged(form)
    return render_page("placements/change_judged.html", fragment="judged_change", form=form, **judged)


@bp.post("/<int:placement_id>/changes/<int:change_id>/withdraw")
@requires(Action.MANAGE_PLACEMENTS)
def withdraw_change(placement_id: int, change_id: int) -> Any:
    placement = queries.placement_for(current_user, placement_id)
    one = next((one for one in placement.changes if one.id == change_id), None)
    if one is None:
        abort(404)
    with transaction():
        changes.withdraw_change(one, by=current_user, at=clock.now())
    flash(_("Ændringen er taget tilbage. Virksomheden får besked."), "success")
    return redirect(url_for("placements.detail", placement_id=placement_id), 303)


def _form(placement_id: int, change_kind: str) -> ChangeForm:
    if change_kind not in CHANGES:
        abort(404)
    placement = queries.placement_for(current_user, placement_id)
    return CHANGES[change_kind](placement=placement, today=clock.today())


def _again(placement_id: int, change_kind: str, form: ChangeForm, refusal: DomainError) -> Response:
    """As it was typed, with what stands now."""
    form.placement = queries.placement_for(current_user, placement_id)
    if isinstance(refusal, StaleVersion):
        form.accept_version(form.placement.version)
    return _show(form, change_kind, status=409, refusal=refusal)


def _judged(form: ChangeForm) -> dict[str, Any]:
    """What the rules say of what is written so far, or stops it as it is now, and which talks would be called off."""
    new = form.read() if form.is_submitted() else None
    agreed = (new or form.now).within_its_days()
    found, standing = findings_of_change(form.placement, agreed, on=clock.today())
    return {
        "is_read": new is not None,
        "findings": not_ok(found if new is not None else standing),
        "standing": [one for one in stops(standing) if one.can_be_passed],
        "talks": follow_ups.outside(form.placement, agreed.starts_on, agreed.ends_on)
        if new is not None
        else [],
    }


def _show(
    form: ChangeForm, change_kind: str, *, status: int = 200, refusal: DomainError | None = None
) -> Response:
    placement: Placement = form.placement
    look_at(placement)
    judged = {} if form.errors else _judged(form)
    return render_page(
        "placements/change.html",
        fragment="change_form",
        status=status,
        placement=placement,
        form=form,
        change_kind=change_kind,
        refusal=refusal,
        is_open=placement.status in (PlacementStatus.PLANNED, PlacementStatus.RUNNING),
        **{"is_read": False, "findings": [], "standing": [], "talks": [], **judged},
    )
