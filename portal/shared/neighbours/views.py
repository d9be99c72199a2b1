"""Pages of agreements between municipalities: by both sides' yes, or written in by whoever runs the portal."""

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
from portal.shared.neighbours.forms import AgreementForm, AskForm, EndAgreementForm
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
        "neighbours/index.html",
        fragment="agreement_list",
        listing=listing,
        today=clock.today(),
        requests=list(db.session.scalars(queries.requests_seen_by(current_user))),
    )


@bp.route("/ask", methods=["GET", "POST"])
@requires(Action.AGREE_WITH_NEIGHBOURS)
def ask() -> Any:
    """The first yes; the other municipality's administrator gives the second."""
    home = current_user.municipality
    others = [one for one in municipalities() if one.id != home.id]
    form = AskForm(others=others, today=clock.today())
    if request.method != "POST":
        return _ask_page(form, others)
    if not form.validate():
        return _ask_page(form, others, status=422)
    try:
        with transaction():
            services.ask(
                home,
                db.session.get_one(Municipality, form.asked_id.data),
                starts_on=form.starts_on.data,
                by=current_user,
                at=clock.now(),
                today=clock.today(),
            )
    except DomainError as refusal:
        return _ask_page(form, others, status=409, refusal=refusal)
    flash(_("I har spurgt. Aftalen gælder, når den anden kommune har sagt ja."), "success")
    return leave_to(url_for("neighbours.index"))


def _ask_page(
    form: AskForm, others: list[Municipality], *, status: int = 200, refusal: DomainError | None = None
) -> Response:
    return render_page(
        "neighbours/ask.html",
        fragment="ask_neighbour",
        status=status,
        form=form,
        others=others,
        refusal=refusal,
    )


@bp.post("/requests/<int:neighbour_request_id>/accept")
@requires(Action.AGREE_WITH_NEIGHBOURS)
def accept(neighbour_request_id: int) -> Any:
    with transaction():
        asked = queries.request_to(current_user, neighbour_request_id)
        services.accept(asked, by=current_user, at=clock.now(), today=clock.today())
    flash(_("I er nu nabokommuner i portalen."), "success")
    return leave_to(url_for("neighbours.index"))


@bp.post("/requests/<int:neighbour_request_id>/drop")
@requires(Action.AGREE_WITH_NEIGHBOURS)
def drop(neighbour_request_id: int) -> Any:
    """A no from the one that was asked, or taken back by the one that asked."""
    with transaction():
        asked = queries.request_for(current_user, neighbour_request_id)
        services.drop_request(asked, by=current_user, at=clock.now())
    flash(_("Der bliver ingen aftale. I kan altid spørge igen."), "success")
    return leave_to(url_for("neighbours.index"))


@bp.route("/new", methods=["GET", "POST"])
@requires(Action.MANAGE_NEIGHBOURS)
def new() -> Any:
    form = AgreementForm(municipalities=municipalities(), today=clock.today())
    if request.method != "POST":
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
    if request.method != "POST":
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
