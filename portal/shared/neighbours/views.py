"""Pages of agreements between municipalities: written by whoever runs the portal, read by those they are about."""

from typing import Any

from flask import Blueprint, Response, flash, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from portal.base import clock
from portal.base.database import db, transaction
from portal.base.errors import DomainError
from portal.shared.accounts.models import Municipality
from portal.shared.accounts.queries import municipalities
from portal.shared.neighbours import queries, services
from portal.shared.neighbours.forms import AgreementForm, EndAgreementForm
from portal.shared.neighbours.models import NeighbourAgreement
from portal.web.htmx import leave_to, render_page
from portal.web.listing import Sorts, fill, read_listing
from portal.web.permissions import Action, requires

bp = Blueprint("neighbours", __name__, url_prefix="/neighbours")

SORTS = Sorts(
    {"from": [NeighbourAgreement.starts_on, NeighbourAgreement.id]}, default="from", descending=True
)


@bp.get("/")
@requires(Action.READ_NEIGHBOURS)
def index() -> Response:
    listing = fill(read_listing(SORTS), queries.agreements_seen_by(current_user), SORTS)
    return render_page(
        "neighbours/index.html", fragment="agreement_list", listing=listing, today=clock.today()
    )


@bp.route("/new", methods=["GET", "POST"])
@requires(Action.MANAGE_NEIGHBOURS)
def new() -> Any:
    form = AgreementForm(municipalities=municipalities(), today=clock.today())
    if request.method == "GET":
        return _new_page(form)
    if not form.validate():
        return _new_page(form, status=422)
    try:
        with transaction():
            services.agree(
                db.session.get_one(Municipality, form.first_id.data),
                db.session.get_one(Municipality, form.second_id.data),
                starts_on=form.starts_on.data,
                by=current_user,
                at=clock.now(),
                today=clock.today(),
            )
    except DomainError as refusal:
        return _new_page(form, status=409, refusal=refusal)
    flash(_("Aftalen er skrevet ind."), "success")
    return leave_to(url_for("neighbours.index"))


def _new_page(form: AgreementForm, *, status: int = 200, refusal: DomainError | None = None) -> Response:
    return render_page(
        "neighbours/new.html", fragment="new_agreement", status=status, form=form, refusal=refusal
    )


@bp.route("/<int:agreement_id>/end", methods=["GET", "POST"])
@requires(Action.MANAGE_NEIGHBOURS)
def end(agreement_id: int) -> Any:
    agreement, today = queries.agreement_for(current_user, agreement_id), clock.today()
    if agreement.closed_from is not None and agreement.closed_from <= today:
        raise services.AgreementIsOver
    form = EndAgreementForm(first_day=agreement.starts_on, today=today)
    if request.method == "GET":
        return _end_page(agreement, form)
    if not form.validate():
        return _end_page(agreement, form, status=422)
    with transaction():
        services.end_agreement(agreement, form.closed_from.data, by=current_user, at=clock.now(), today=today)
    flash(_("Aftalen slutter den dag, du valgte."), "success")
    return leave_to(url_for("neighbours.index"))


def _end_page(agreement: NeighbourAgreement, form: EndAgreementForm, *, status: int = 200) -> Response:
    return render_page(
        "neighbours/end.html", fragment="end_agreement", status=status, agreement=agreement, form=form
    )
