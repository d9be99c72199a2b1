"""Pages of places: whom to take in, and one person's place until she goes on to something."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from portal.base import clock
from portal.base.database import transaction
from portal.base.errors import DomainError
from portal.interventions.cohorts import places, queries
from portal.interventions.cohorts.forms import EnrolForm, EnrolmentForm
from portal.interventions.cohorts.models import Cohort, CohortEnrolment, EnrolmentState
from portal.interventions.target_groups.members import candidates
from portal.loop.citizens.models import Citizen
from portal.shared.audit.viewing import record_view
from portal.web.htmx import leave_to, render_page
from portal.web.listing import Sorts, read_listing, wanted_rows
from portal.web.permissions import Action, requires

bp = Blueprint("cohort_places", __name__, url_prefix="/cohorts")

CANDIDATE_SORTS = Sorts({"name": [Citizen.sort_name, Citizen.id]}, default="name")


@bp.route("/<int:cohort_id>/enrol", methods=["GET", "POST"])
@requires(Action.RECORD_EFFORTS)
def enrol(cohort_id: int) -> Response:
    """Several at once, from the target group's members or from a search; a place each while there are any."""
    cohort = queries.cohort_for(current_user, cohort_id)
    first = min(max(cohort.first_on, clock.today()), cohort.last_on)
    form = EnrolForm(data={"from_on": first, "state": EnrolmentState.PLACED})
    if not form.is_submitted():
        return _enrol_page(cohort, form)
    if not form.validate():
        return _enrol_page(cohort, form, status=422)
    people = candidates(current_user, form.citizens.data or ())
    if not people:
        return _enrol_page(cohort, form, status=409, refusal=places.NobodyOfYours())
    try:
        with transaction():
            for citizen in people:
                places.enrol(cohort, citizen, form.details, by=current_user, at=clock.now())
    except DomainError as error:
        return _enrol_page(cohort, form, status=409, refusal=error)
    flash(ngettext("%(num)s borger er skrevet på.", "%(num)s borgere er skrevet på.", len(people)), "success")
    return leave_to(url_for("cohorts.detail", cohort_id=cohort_id))


def _enrol_page(
    cohort: Cohort, form: EnrolForm, *, status: int = 200, refusal: DomainError | None = None
) -> Response:
    listing = read_listing(CANDIDATE_SORTS, filters=("all",))
    everybody = bool(listing.filters["all"])
    statement = queries.candidate_list(
        current_user, cohort, clock.today(), words=listing.q, everybody=everybody
    )
    rows = wanted_rows(listing, statement, CANDIDATE_SORTS)
    there = queries.enrolments(cohort.id)
    waiting = [one for one in there if one.state is EnrolmentState.WAITING]
    shown = {one.id for one in rows} | {one.citizen_id for one in waiting}
    record_view("cohort-read", cohort, citizen_id=None, purpose=_("Liste over borgere"), people=shown)
    placed = [one for one in there if one.state is EnrolmentState.PLACED and one.until_on is None]
    return render_page(
        "cohorts/enrol.html",
        fragment="candidate_list",
        status=status,
        cohort=cohort,
        form=form,
        listing=listing,
        ticked=set(form.citizens.data or ()),
        free=max(cohort.capacity - len(placed), 0),
        waiting=waiting,
        refusal=refusal,
    )


@bp.route("/<int:cohort_id>/places/<int:enrolment_id>", methods=["GET", "POST"])
@requires(Action.RECORD_EFFORTS)
def place(cohort_id: int, enrolment_id: int) -> Response:
    """Give the place she waited for, correct, or end it and say what she went on to."""
    row = queries.enrolment_for(current_user, cohort_id, enrolment_id)
    form = EnrolmentForm(obj=row)
    if not form.is_submitted():
        return _place_page(row, form)
    if not form.validate():
        return _place_page(row, form, status=422)
    try:
        with transaction():
            places.correct_enrolment(row, form.details, by=current_user, at=clock.now())
    except DomainError as error:
        return _place_page(row, form, status=409, refusal=error)
    flash(_("Pladsen til %(name)s er gemt.", name=row.citizen.name), "success")
    return leave_to(url_for("cohorts.detail", cohort_id=cohort_id))


def _place_page(
    row: CohortEnrolment, form: EnrolmentForm, *, status: int = 200, refusal: DomainError | None = None
) -> Response:
    record_view("cohort-read", row.citizen, citizen_id=row.citizen_id, purpose=_("Opslag på din sag"))
    return render_page(
        "cohorts/place.html",
        fragment="content",
        status=status,
        row=row,
        form=form,
        refusal=refusal.message if refusal else None,
    )


@bp.post("/<int:cohort_id>/places/<int:enrolment_id>/remove")
@requires(Action.RECORD_EFFORTS)
def remove(cohort_id: int, enrolment_id: int) -> Any:
    row = queries.enrolment_for(current_user, cohort_id, enrolment_id)
    try:
        with transaction():
            places.remove_enrolment(row, by=current_user, at=clock.now())
    except DomainError as error:
        row = queries.enrolment_for(current_user, cohort_id, enrolment_id)
        return _place_page(row, EnrolmentForm(formdata=None, obj=row), status=409, refusal=error)
    flash(_("Borgeren er taget af holdet."), "success")
    return redirect(url_for("cohorts.detail", cohort_id=cohort_id), 303)
