"""What there is of one person: her groups, hours at the language school, the team's goal; and her own calendar."""

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, flash, url_for
from flask_babel import gettext as _
from flask_login import current_user

from portal.base import clock
from portal.base.database import transaction
from portal.base.errors import DomainError
from portal.base.terms import Effort
from portal.interventions.cohorts import language, queries
from portal.interventions.cohorts.calendar import calendar_of
from portal.interventions.cohorts.forms import LanguageHoursForm, TeamGoalForm
from portal.interventions.cohorts.models import EnrolmentState
from portal.loop.citizens.models import Citizen
from portal.loop.citizens.queries import citizen_for, citizen_of
from portal.shared.accounts.models import User
from portal.shared.audit.viewing import record_view
from portal.web import error_pages
from portal.web.downloads import download
from portal.web.htmx import leave_to, render_page
from portal.web.permissions import Action, requires

bp = Blueprint("cohort_people", __name__, url_prefix="/cohorts")


def beside_citizen(citizen: Citizen, reader: User) -> dict[str, Any] | None:
    """Her groups with attendance and exit, the team's goal, and her absence before and after, for a consultant."""
    if not reader.may(Action.RECORD_EFFORTS):
        return None
    enrolments = queries.enrolments_of(citizen.id)
    presence = queries.presence_of(citizen.id)
    return {
        "citizen": citizen,
        "enrolments": enrolments,
        "shares": {key: queries.share_present(told) for key, told in presence.items()},
        "goal": language.goal_of(citizen.id),
        "change": language.before_and_after(language.hours_of(citizen.id), enrolments),
    }


def hers(citizen: Citizen, reader: User) -> dict[str, Any] | None:
    """Her next session of each group, or that she waits; None where she is on none."""
    today = clock.today()
    on_it = [
        one
        for one in queries.enrolments_of(citizen.id)
        if (one.until_on is None or one.until_on >= today) and one.cohort.last_on >= today
    ]
    if not on_it:
        return None
    ahead = [one for one in queries.sessions_ahead_of(citizen.id, today) if one.is_planned]
    following = {one.cohort_id: one for one in reversed(ahead)}
    return {"rows": [(one, following.get(one.cohort_id)) for one in on_it]}


@bp.get("/citizens/<int:citizen_id>")
@requires(Action.RECORD_EFFORTS)
def detail(citizen_id: int) -> Response:
    """Hours at the language school with a picture of the absence, and the team's goal; each with a form."""
    return _page(citizen_for(current_user, citizen_id))


@bp.post("/citizens/<int:citizen_id>/hours")
@requires(Action.RECORD_EFFORTS)
def write_hours(citizen_id: int) -> Response:
    citizen = citizen_for(current_user, citizen_id)
    form = LanguageHoursForm()
    form.offer(language.months_to_type(clock.today()))
    if not form.validate():
        return _page(citizen, hours=form, status=422)
    try:
        with transaction():
            language.write_hours(citizen.id, form.details, by=current_user, at=clock.now())
    except DomainError as error:
        form.attended.errors = [*form.attended.errors, str(error.message)]
        return _page(citizen, hours=form, status=409)
    flash(_("Timerne er gemt."), "success")
    return leave_to(url_for("cohort_people.detail", citizen_id=citizen_id))


@bp.post("/citizens/<int:citizen_id>/goal")
@requires(Action.RECORD_EFFORTS)
def write_goal(citizen_id: int) -> Response:
    citizen = citizen_for(current_user, citizen_id)
    form = TeamGoalForm()
    if not form.validate():
        return _page(citizen, goal=form, status=422)
    try:
        with transaction():
            language.write_goal(citizen.id, form.details, seen_id=form.seen, by=current_user, at=clock.now())
    except DomainError as error:
        form.sentence.errors = [*form.sentence.errors, str(error.message)]
        return _page(citizen, goal=form, status=409)
    flash(_("Det fælles mål er gemt."), "success")
    return leave_to(url_for("cohort_people.detail", citizen_id=citizen_id))


def _page(
    citizen: Citizen,
    *,
    hours: LanguageHoursForm | None = None,
    goal: TeamGoalForm | None = None,
    status: int = 200,
) -> Response:
    record_view("cohort-read", citizen, citizen_id=citizen.id, purpose=_("Opslag på din sag"))
    stands, rows = language.goal_of(citizen.id), language.hours_of(citizen.id)
    enrolments = queries.enrolments_of(citizen.id)
    if hours is None:
        hours = LanguageHoursForm(formdata=None)
        hours.offer(language.months_to_type(clock.today()))
    return render_page(
        "cohorts/person.html",
        fragment="content",
        status=status,
        citizen=citizen,
        rows=rows,
        first=min((one.from_on for one in enrolments if one.state is EnrolmentState.PLACED), default=None),
        change=language.before_and_after(rows, enrolments),
        stands=stands,
        hours=hours,
        goal=goal or _goal_form(stands),
    )


def _goal_form(stands: Any) -> TeamGoalForm:
    form = TeamGoalForm(formdata=None, obj=stands)
    form.seen_id.data = str(stands.id) if stands else ""
    return form


@bp.get("/mine.ics")
@requires(Action.READ_OWN_PAGE)
def calendar() -> Any:
    """Her sessions from today on for her own calendar; the file names nobody."""
    citizen = citizen_of(current_user)
    if not citizen.municipality.uses(Effort.COHORTS):
        return error_pages.answer(404)
    sessions = queries.sessions_ahead_of(citizen.id, clock.today())
    host = urlsplit(current_app.config["PORTAL_BASE_URL"]).hostname or "localhost"
    return download("hold.ics", calendar_of(sessions, host=host, at=clock.now()), "text/calendar")
