"""The page on which a placement goes on in another form: a plan, held against the law with what is used already."""

from dataclasses import fields
from datetime import timedelta
from typing import Any

from flask import Response, flash, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from portal.base import clock
from portal.base.database import transaction
from portal.base.errors import DomainError
from portal.loop.placements import going_on, queries
from portal.loop.placements.findings import UNASKED, findings_of_going_on
from portal.loop.placements.forms import YOUNG_FIELDS, PlanForm
from portal.loop.placements.models import Placement, PlacementStatus
from portal.loop.placements.pages import bp as bp
from portal.loop.placements.views import look_at, terms_to_judge, terms_written
from portal.shared.rules.findings import not_ok
from portal.shared.rules.law.case import Grounds
from portal.web.htmx import leave_to, render_page
from portal.web.permissions import Action, requires


@bp.route("/<int:placement_id>/go-on", methods=["GET", "POST"])
@requires(Action.MANAGE_PLACEMENTS)
def go_on(placement_id: int) -> Response:
    """Plan the next form of the same thread."""
    placement = queries.placement_for(current_user, placement_id, with_talks=False)
    form = _form(placement, is_suggested=request.method != "POST")
    if request.method != "POST":
        return _show(placement, form)
    if not form.validate():
        return _show(placement, form, status=422)
    try:
        with transaction():
            new = going_on.go_on(
                placement,
                terms_written(form),
                young=form.young(),
                stop_reason=form.stop_reason.data or "",
                by=current_user,
                at=clock.now(),
            )
    except DomainError as refusal:
        again = queries.placement_for(current_user, placement_id, with_talks=False)
        return _show(again, form, status=409, refusal=refusal)
    flash(_("Det næste forløb er planlagt. Alle tre skal sige, hvad de forventer af det."), "success")
    return leave_to(url_for("placements.detail", placement_id=new.id))


@bp.post("/<int:placement_id>/go-on/judged")
@requires(Action.MANAGE_PLACEMENTS)
def judge_going_on(placement_id: int) -> Response:
    """What the rules say of it while it is being written; nothing is kept, and nobody is named."""
    placement = queries.placement_for(current_user, placement_id, with_talks=False)
    form = _form(placement, is_suggested=False)
    form.read()
    return render_page(
        "placements/judged.html", fragment="judged_plan", form=form, **_judged(placement, form)
    )


def _form(placement: Placement, *, is_suggested: bool) -> PlanForm:
    """With what is known of the one before it."""
    grounds = placement.grounds.in_law if placement.grounds else UNASKED
    known = {one.name: getattr(grounds, one.name) for one in fields(Grounds)}
    if is_suggested:
        starts_on = max(placement.ends_on, clock.today()) + timedelta(days=1)
        known |= {
            "form": placement.form,
            "hours_per_week": placement.hours_at_end,
            "starts_on": starts_on,
            "ends_on": starts_on + (placement.ends_on - placement.starts_on),  # as long again
        }
    form = PlanForm(asks_of_young=queries.may_be_young(placement.review, clock.today()), data=known)
    del form.first_follow_up_on
    return form


def _judged(placement: Placement, form: PlanForm) -> dict[str, Any]:
    unread = form.unread()
    if unread:
        return {"findings": [], "unread": unread}
    found = findings_of_going_on(placement, terms_to_judge(form), on=clock.today())
    return {"findings": not_ok(found), "unread": []}


def _show(
    placement: Placement, form: PlanForm, *, status: int = 200, refusal: DomainError | None = None
) -> Response:
    look_at(placement)
    return render_page(
        "placements/go_on.html",
        fragment="go_on_form",
        status=status,
        placement=placement,
        form=form,
        refusal=refusal,
        is_running=placement.status is PlacementStatus.RUNNING,
        young_fields=[name for name in YOUNG_FIELDS if name in form],
        **_judged(placement, form),
    )
