"""Pages of the municipality's own ladders."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, url_for
from flask_babel import gettext as _
from flask_login import current_user

from portal.base import clock
from portal.base.database import transaction
from portal.base.errors import DomainError, StaleVersion
from portal.base.quarters import last_quarter_end
from portal.interventions.target_groups import members, services
from portal.interventions.target_groups.forms import LadderForm
from portal.interventions.target_groups.models import WorkLadder
from portal.web.htmx import leave_to, render_page
from portal.web.permissions import Action, requires

bp = Blueprint("ladders", __name__, url_prefix="/ladders")


@bp.get("/")
@requires(Action.READ_TARGET_GROUPS)
def index() -> Response:
    """Each with its steps, and how many stand on them."""
    ladders, today = members.ladders_of(current_user), clock.today()
    sees_persons = current_user.may(Action.READ_SITUATIONS)
    on = today if sees_persons else last_quarter_end(today)
    counts = members.people_on_steps(ladders, on)
    return render_page(
        "target_groups/ladders.html",
        fragment="content",
        ladders=ladders,
        counts=counts,
        in_words=str if sees_persons else members.masked,
        counted_on=on,
    )


@bp.route("/new", methods=["GET", "POST"])
@requires(Action.MANAGE_TARGET_GROUPS)
def new() -> Response:
    form = LadderForm()
    if not form.is_submitted():
        return _form_page(LadderForm.of(None), None)
    if not form.validate():
        return _form_page(form, None, status=422)
    try:
        with transaction():
            services.create_ladder(
                current_user.municipality_id,
                form.name.data or "",
                form.details,
                by=current_user,
                at=clock.now(),
            )
    except DomainError as error:
        return _form_page(form, None, status=409, refusal=error)
    flash(_("Trappen er oprettet."), "success")
    return leave_to(url_for("ladders.index"))


@bp.route("/<int:ladder_id>/edit", methods=["GET", "POST"])
@requires(Action.MANAGE_TARGET_GROUPS)
def edit(ladder_id: int) -> Response:
    ladder = members.ladder_for(current_user, ladder_id)
    form = LadderForm()
    if not form.is_submitted():
        return _form_page(LadderForm.of(ladder), ladder)
    if not form.validate():
        return _form_page(form, ladder, status=422)
    try:
        with transaction():
            services.edit_ladder(
                ladder,
                form.name.data or "",
                form.details,
                seen=form.seen,
                by=current_user,
                at=clock.now(),
            )
    except StaleVersion as error:
        ladder = members.ladder_for(current_user, ladder_id)
        return _form_page(LadderForm.of(ladder), ladder, status=409, refusal=error)
    except DomainError as error:
        return _form_page(form, members.ladder_for(current_user, ladder_id), status=409, refusal=error)
    flash(_("Trappen er gemt."), "success")
    return leave_to(url_for("ladders.index"))


def _form_page(
    form: LadderForm, ladder: WorkLadder | None, *, status: int = 200, refusal: DomainError | None = None
) -> Response:
    return render_page(
        "target_groups/ladder.html",
        fragment="content",
        status=status,
        form=form,
        ladder=ladder,
        refusal=refusal.message if refusal else None,
    )


@bp.post("/<int:ladder_id>/archive")
@requires(Action.MANAGE_TARGET_GROUPS)
def archive(ladder_id: int) -> Any:
    ladder = members.ladder_for(current_user, ladder_id)
    with transaction():
        services.archive_ladder(ladder, by=current_user, at=clock.now())
    flash(_("Trappen er arkiveret. Hvor borgerne stod, er gemt."), "success")
    return redirect(url_for("ladders.index"), 303)


@bp.post("/<int:ladder_id>/reopen")
@requires(Action.MANAGE_TARGET_GROUPS)
def reopen(ladder_id: int) -> Any:
    ladder = members.ladder_for(current_user, ladder_id)
    with transaction():
        services.reopen_ladder(ladder, by=current_user, at=clock.now())
    flash(_("Trappen er i brug igen."), "success")
    return redirect(url_for("ladders.index"), 303)
