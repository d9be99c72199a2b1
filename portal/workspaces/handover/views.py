"""Pages of handing over."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, url_for
from flask_babel import gettext as _
from flask_login import current_user

from portal.base import clock
from portal.base.database import transaction
from portal.base.errors import DomainError
from portal.shared.accounts.queries import consultants
from portal.web.htmx import leave_to, render_page
from portal.web.permissions import Action, requires
from portal.workspaces.handover import queries, services
from portal.workspaces.handover.forms import HandoverForm

bp = Blueprint("handover", __name__, url_prefix="/handover")


@bp.route("/", methods=["GET", "POST"])
@requires(Action.MANAGE_CITIZENS)
def index() -> Response:
    """Who looks after whose cases; a form that is asked about once before anything goes over."""
    today = clock.today()
    form = HandoverForm(
        colleagues=consultants(current_user.municipality_id),
        left=queries.who_left_cases(current_user, today),
        today=today,
        data={"away_id": current_user.id, "from_on": today, "stand_in_id": 0},
    )
    if not form.is_submitted():
        return _page(form)
    if not form.validate():
        return _page(form, status=422)
    details = form.details
    if not form.confirmed.data:
        counts = queries.counts_of(details.away.id, today)
        return render_page(
            "handover/confirm.html", fragment="content", form=form, details=details, counts=counts
        )
    try:
        with transaction():
            services.hand_over(details, by=current_user, at=clock.now())
    except services.AlreadyCovered as error:
        return _page(form, status=409, refusal=error)
    flash(_("%(name)s har sagerne.", name=details.stand_in.name), "success")
    return leave_to(url_for("handover.index"))


def _page(form: HandoverForm, *, status: int = 200, refusal: DomainError | None = None) -> Response:
    today = clock.today()
    return render_page(
        "handover/index.html",
        fragment="content",
        status=status,
        form=form,
        covers=queries.standing_covers(current_user, today),
        today=today,
        refusal=refusal.message if refusal else None,
    )


@bp.post("/<int:cover_id>/end")
@requires(Action.MANAGE_CITIZENS)
def end(cover_id: int) -> Any:
    """The cases come back before the last day."""
    cover = queries.cover_for(current_user, cover_id)
    with transaction():
        services.take_back(cover, by=current_user, at=clock.now())
    flash(_("Sagerne er taget tilbage."), "success")
    return redirect(url_for("handover.index"), 303)
