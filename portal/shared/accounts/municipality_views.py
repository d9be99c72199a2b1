"""Pages of the municipalities that use the portal: for who runs it, and its own for its administrator."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from portal.base import clock
from portal.base.database import transaction
from portal.base.errors import StaleVersion
from portal.shared.accounts import queries, services
from portal.shared.accounts.forms import MunicipalityForm
from portal.shared.accounts.models import Municipality
from portal.web.htmx import render_page
from portal.web.permissions import Action, requires

bp = Blueprint("municipalities", __name__, url_prefix="/municipalities")


@bp.get("")
@requires(Action.MANAGE_MUNICIPALITIES)
def index() -> Response:
    """Each with how many may make its users, so that one without an administrator is seen."""
    return render_page(
        "municipalities/index.html",
        fragment="municipality_list",
        municipalities=queries.municipalities(),
        administrators=queries.administrators_by_municipality(),
    )


@bp.route("/new", methods=["GET", "POST"])
@requires(Action.MANAGE_MUNICIPALITIES)
def new() -> Any:
    form = MunicipalityForm(by=current_user)
    if request.method != "POST":
        return _form_page(form)
    if not form.validate():
        return _form_page(form, status=422)
    try:
        with transaction():
            made = services.create_municipality(**form.details(), by=current_user, at=clock.now())
    except services.MunicipalityExists as error:
        form.name.errors = [str(error.message)]
        return _form_page(form, status=409)
    flash(_("%(name)s er oprettet. Opret nu dens første administrator.", name=made.name), "success")
    return redirect(url_for("users.new"), 303)


@bp.route("/<int:municipality_id>/edit", methods=["GET", "POST"])
@requires(Action.TEND_MUNICIPALITY)
def edit(municipality_id: int) -> Any:
    """What stands in every mail and at every page's foot."""
    found = queries.municipality_for(current_user, municipality_id)
    form = MunicipalityForm(by=current_user, obj=found)
    if request.method != "POST":
        return _edit_page(found, form)
    if not form.validate():
        return _edit_page(found, form, status=422)
    try:
        with transaction():
            services.change_municipality(
                found, seen_version=form.seen_version, by=current_user, at=clock.now(), **form.details()
            )
    except StaleVersion as stale:
        form.accept_version(found.version)
        return _edit_page(found, form, status=409, stale=stale)
    except services.MunicipalityExists as error:
        form.name.errors = [str(error.message)]
        return _edit_page(found, form, status=409)
    flash(_("Oplysningerne er gemt."), "success")
    return redirect(url_for("municipalities.edit", municipality_id=found.id), 303)


def _edit_page(
    found: Municipality, form: MunicipalityForm, *, status: int = 200, stale: StaleVersion | None = None
) -> Any:
    return render_template(
        "municipalities/edit.html", municipality=found, form=form, stale=stale and stale.message
    ), status


def _form_page(form: MunicipalityForm, *, status: int = 200) -> Any:
    return render_template("municipalities/new.html", form=form), status
