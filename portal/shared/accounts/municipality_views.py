"""Pages of the municipalities that use the portal, for who runs it."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from portal.base import clock
from portal.base.database import transaction
from portal.shared.accounts import queries, services
from portal.shared.accounts.forms import MunicipalityForm
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
    form = MunicipalityForm()
    if request.method == "GET":
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


def _form_page(form: MunicipalityForm, *, status: int = 200) -> Any:
    return render_template("municipalities/new.html", form=form), status
