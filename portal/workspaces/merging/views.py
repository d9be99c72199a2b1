"""Pages of a merge: whom with, the two side by side, and the yes."""

from typing import Any

from flask import Blueprint, Response, flash, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.exceptions import NotFound

from portal.base import clock
from portal.base.database import check_version, transaction
from portal.base.errors import DomainError, StaleVersion
from portal.loop.citizens.models import Citizen
from portal.loop.citizens.queries import citizen_for
from portal.shared.audit.viewing import record_view
from portal.web.htmx import leave_to, render_page
from portal.web.permissions import Action, requires
from portal.workspaces.merging import queries, services
from portal.workspaces.merging.forms import FindForm, MergeForm

bp = Blueprint("merging", __name__, url_prefix="/citizens/<int:citizen_id>/merge")


@bp.route("/", methods=["GET", "POST"])
@requires(Action.MANAGE_CITIZENS)
def index(citizen_id: int) -> Any:
    """Who the other may be: those who look like her, or a number that somebody knows."""
    citizen = citizen_for(current_user, citizen_id)
    form = FindForm()
    if not form.is_submitted():
        return _index_page(citizen, form)
    if not form.validate():
        return _index_page(citizen, form, status=422)
    other_id = queries.by_number(current_user, form.number.data or "")
    if other_id is None or other_id == citizen_id:
        form.number.errors = [_("Ingen anden borger i kommunen har det nummer.")]
        return _index_page(citizen, form, status=422)
    return leave_to(url_for("merging.merge", citizen_id=citizen_id, gone_id=other_id))


def _index_page(citizen: Citizen, form: FindForm, *, status: int = 200) -> Response:
    alike = queries.lookalikes(citizen)
    people = [citizen.id, *(one.citizen_id for one in alike)]
    record_view(
        "citizens-listed",
        current_user.municipality,
        citizen_id=None,
        purpose=_("Liste over borgere"),
        people=people,
    )
    return render_page(
        "merging/index.html", fragment="content", status=status, citizen=citizen, form=form, alike=alike
    )


@bp.route("/<int:gone_id>", methods=["GET", "POST"])
@requires(Action.MANAGE_CITIZENS)
def merge(citizen_id: int, gone_id: int) -> Any:
    """`citizen_id` stays; `gone_id` becomes another way to her."""
    kept, gone = citizen_for(current_user, citizen_id), citizen_for(current_user, gone_id)
    if kept.id == gone.id:
        raise NotFound
    form = MergeForm().offer(kept, gone)
    if not form.is_submitted():
        return _merge_page(kept, gone, form)
    if not form.validate():
        return _merge_page(kept, gone, form, status=422)
    try:
        with transaction():
            for citizen, seen in zip((kept, gone), form.seen_versions, strict=True):
                check_version(citizen, seen)
            services.merge(kept, gone, form.choice, by=current_user, at=clock.now())
    except DomainError as refusal:
        kept, gone = citizen_for(current_user, citizen_id), citizen_for(current_user, gone_id)
        if isinstance(refusal, StaleVersion):
            form.accept(kept, gone)
        return _merge_page(kept, gone, form, status=409, refusal=refusal)
    _look(citizen_id)
    flash(_("De to er nu én borger. Begges historie står her."), "success")
    return leave_to(url_for("citizens.detail", citizen_id=citizen_id))


def _look(citizen_id: int) -> None:
    """Her own log says that the two were made one, in her language."""
    citizen = citizen_for(current_user, citizen_id)
    purpose = _("Sammenlægning af dine to sager")
    record_view("citizen-read", citizen, citizen_id=citizen_id, purpose=purpose)


def _merge_page(
    kept: Citizen, gone: Citizen, form: MergeForm, *, status: int = 200, refusal: DomainError | None = None
) -> Response:
    for citizen in (kept, gone):
        record_view("citizen-read", citizen, citizen_id=citizen.id, purpose=_("Opslag på din sag"))
    return render_page(
        "merging/merge.html",
        fragment="content",
        status=status,
        kept=kept,
        gone=gone,
        form=form,
        refusal=refusal.message if refusal else None,
        rows=queries.what_each_has(kept, gone),
        numbers=queries.card_numbers(kept, gone),
    )
