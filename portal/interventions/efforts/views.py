"""The page where efforts are switched on, and the parts that lower rooms' pages load beside their records."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, url_for
from flask_babel import gettext as _
from flask_login import current_user

from portal.base import clock
from portal.base.database import db, transaction
from portal.base.terms import Effort
from portal.interventions.efforts.forms import EffortsForm
from portal.interventions.efforts.services import switch_efforts
from portal.loop.citizens.queries import citizen_for
from portal.loop.employers.queries import employer_for, own_employer
from portal.loop.matches.queries import match_for
from portal.loop.placements.queries import placement_for
from portal.shared.accounts.models import Municipality
from portal.shared.audit.viewing import record_view
from portal.web import error_pages
from portal.web.htmx import render_page
from portal.web.permissions import Action, requires
from portal.web.rooms import Beside, rooms

bp = Blueprint("efforts", __name__, url_prefix="/efforts")


@bp.get("/")
@requires(Action.READ_EFFORTS)
def index() -> Response:
    """The efforts that the municipality uses, with the way into each."""
    open_here = [room for room in rooms() if room.effort and room.front and current_user.uses(room.effort)]
    return render_page(
        "efforts/index.html",
        fragment="content",
        fronts=[(room.effort, url_for(room.front)) for room in open_here if room.front],
    )


@bp.route("/switch", methods=["GET", "POST"])
@requires(Action.SWITCH_EFFORTS)
def switch() -> Any:
    """Which efforts the municipality uses, and a form to change it."""
    form = EffortsForm()
    if not form.is_submitted():
        return _switch_page(EffortsForm(formdata=None, data={"efforts": current_user.municipality.efforts}))
    if not form.validate():
        return _switch_page(form, status=422)
    with transaction():
        switch_efforts(current_user.municipality, form.wanted, by=current_user, at=clock.now())
    flash(_("Indsatserne er gemt."), "success")
    return redirect(url_for("efforts.index"), 303)


def _switch_page(form: EffortsForm, status: int = 200) -> Response:
    return render_page(
        "efforts/switch.html",
        fragment="content",
        status=status,
        form=form,
        efforts=Effort,
        chosen=form.efforts.data,
    )


# --- Beside a record ---------------------------------------------------------------------------------------


@bp.get("/citizens/<int:citizen_id>")
@requires(Action.READ_CITIZENS)
def of_citizen(citizen_id: int) -> Response:
    """What is done for a citizen."""
    citizen = citizen_for(current_user, citizen_id)
    record_view("citizen-read", citizen, citizen_id=citizen.id, purpose=_("Opslag på din sag"))
    return _beside(Beside.CITIZEN, citizen, back=url_for("citizens.detail", citizen_id=citizen_id))


@bp.get("/placements/<int:placement_id>")
@requires(Action.READ_PLACEMENTS)
def of_placement(placement_id: int) -> Response:
    """What a placement is part of, as its reader may see it."""
    placement = placement_for(current_user, placement_id)
    return _beside(Beside.PLACEMENT, placement, back=url_for("placements.detail", placement_id=placement_id))


@bp.get("/matches/<int:match_id>")
@requires(Action.REVIEW_MATCH)
def of_match(match_id: int) -> Response:
    """What would help a suggestion."""
    match = match_for(current_user, match_id)
    return _beside(Beside.MATCH, match, back=url_for("reviews.detail", match_id=match_id))


@bp.get("/employers/<int:employer_id>")
@requires(Action.READ_EMPLOYERS)
def of_employer(employer_id: int) -> Response:
    """What an employer takes part in."""
    employer = employer_for(current_user, employer_id)
    return _beside(Beside.EMPLOYER, employer, back=url_for("employers.detail", employer_id=employer_id))


@bp.get("/employer")
@requires(Action.READ_OWN_EMPLOYER)
def of_own_employer() -> Response:
    """What the reader's own employer takes part in."""
    employer = own_employer(current_user)
    if employer is None:
        return error_pages.answer(404)
    return _beside(Beside.EMPLOYER, employer, back=url_for("employers.own"))


def _beside(beside: Beside, record: Any, *, back: str) -> Response:
    home = db.session.get_one(Municipality, record.municipality_id)
    return render_page(
        "efforts/beside.html",
        fragment="panels",
        panels=rooms().shown_beside(beside, record, current_user, home=home),
        beside=beside,
        back=back,
    )
