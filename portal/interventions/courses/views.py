"""Pages of the catalogue: courses with what they teach, and their runs."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, flash, redirect, url_for
from flask_babel import gettext as _
from flask_login import current_user

from portal.base import clock
from portal.base.alphabet import alphabetical
from portal.base.database import transaction
from portal.base.errors import DomainError, StaleVersion
from portal.base.terms import SKILL_LEVELS, Industry
from portal.interventions.courses import lifting, queries, services
from portal.interventions.courses.forms import CourseForm, RunForm
from portal.interventions.courses.models import Course, CourseRun
from portal.interventions.target_groups.members import masked
from portal.web.htmx import leave_to, render_page
from portal.web.listing import Sorts, read_listing, table_file, wanted_rows, wants_file
from portal.web.permissions import Action, requires

bp = Blueprint("courses", __name__, url_prefix="/courses")

COURSE_SORTS = Sorts(
    {
        "name": [alphabetical(Course.name), Course.id],
        "provider": [alphabetical(Course.provider), Course.id],
        "created": [Course.created_at, Course.id],
    },
    default="name",
)


@bp.get("/")
@requires(Action.READ_EFFORTS)
def index() -> Response:
    """The municipality's courses, and those a neighbour shares, with the next run."""
    listing = read_listing(COURSE_SORTS, filters=("industry", "state"))
    wanted = {"words": listing.q, **listing.filters}
    statement = queries.course_list(current_user, clock.today(), **wanted)
    counted = statement.with_only_columns(Course.id)
    rows = wanted_rows(listing, statement, COURSE_SORTS, counted=counted)
    if wants_file():
        return table_file("kurser", _course_columns(), rows)
    return render_page(
        "courses/index.html",
        fragment="course_list",
        listing=listing,
        levels=SKILL_LEVELS,
        industries=Industry.choices(),
        states=[(queries.ARCHIVED, _("Arkiverede")), (queries.ALL, _("Alle"))],
    )


def _course_columns() -> list[tuple[Any, Any]]:
    return [
        (_("Kursus"), lambda row: row.Course.name),
        (_("Fag"), lambda row: row.Course.industry.label if row.Course.industry else _("Alle fag")),
        (_("Hvem holder det"), lambda row: row.Course.provider),
        (_("Kommune"), lambda row: row.home),
        (_("Det lærer man"), lambda row: taught_in_words(row.Course)),
        (_("Bevis"), lambda row: row.Course.certificate),
        (_("Næste start"), lambda row: row.next_day),
        (_("Ledige pladser"), _free_in_words),
        (_("Arkiveret"), lambda row: row.Course.archived_at),
    ]


def _free_in_words(row: Any) -> str:
    """Seats less those that are free would tell how few are on it."""
    if current_user.may(Action.RECORD_EFFORTS):
        return str(row.free)
    return _("Ja") if row.free else _("Nej")


def taught_in_words(course: Course) -> str:
    return ", ".join(f"{line.skill.name} ({SKILL_LEVELS[line.level]})" for line in course.skills)


@bp.get("/<int:course_id>")
@requires(Action.READ_EFFORTS)
def detail(course_id: int) -> Response:
    """What a course teaches, and its runs."""
    course = queries.course_for(current_user, course_id, clock.today())
    runs = queries.runs_of_course(current_user, course, clock.today())
    if wants_file():
        return table_file("kursusforloeb", _run_columns(), runs)
    return render_page(
        "courses/detail.html",
        fragment="content",
        course=course,
        runs=runs,
        levels=SKILL_LEVELS,
        in_words=number_in_words(),
        is_ours=course.municipality_id == current_user.municipality_id,
        today=clock.today(),
    )


def number_in_words() -> Callable[[int], str]:
    """How many people, for who may see who they are; others are told of no number below five."""
    return str if current_user.may(Action.RECORD_EFFORTS) else masked


def _run_columns() -> list[tuple[Any, Any]]:
    in_words = number_in_words()
    return [
        (_("Første dag"), lambda row: row.CourseRun.first_day),
        (_("Sidste dag"), lambda row: row.CourseRun.last_day),
        (_("Dage og tider"), lambda row: row.CourseRun.times),
        (_("Sted"), lambda row: row.CourseRun.place),
        (_("Pladser"), lambda row: row.CourseRun.seats),
        (_("Optaget"), lambda row: in_words(row.taken)),
        (_("Ønsker"), lambda row: in_words(row.wished)),
        (_("Hvem betaler"), lambda row: row.CourseRun.cost_bearer.label),
        (_("Delt med nabokommuner"), lambda row: row.CourseRun.shared_with_neighbours),
        (_("Aflyst"), lambda row: row.CourseRun.cancelled_at),
    ]


@bp.route("/new", methods=["GET", "POST"])
@requires(Action.RECORD_EFFORTS)
def new() -> Response:
    form = CourseForm()
    if not form.is_submitted():
        return _form_page(CourseForm.of(None), None)
    if not form.validate():
        return _form_page(form, None, status=422)
    try:
        with transaction():
            course = services.create_course(
                current_user.municipality_id, form.details, by=current_user, at=clock.now()
            )
    except DomainError as error:
        return _form_page(form, None, status=409, refusal=_beside_a_field(form, error))
    flash(_("Kurset er oprettet. Skriv nu, hvornår det bliver holdt."), "success")
    return leave_to(url_for("courses.detail", course_id=course.id))


@bp.route("/<int:course_id>/edit", methods=["GET", "POST"])
@requires(Action.RECORD_EFFORTS)
def edit(course_id: int) -> Response:
    course = queries.own_course_for(current_user, course_id, clock.today())
    form = CourseForm()
    if not form.is_submitted():
        return _form_page(CourseForm.of(course), course)
    if not form.validate():
        return _form_page(form, course, status=422)
    try:
        with transaction():
            services.edit_course(
                course, form.details, seen_version=form.seen_version, by=current_user, at=clock.now()
            )
    except StaleVersion as error:
        form.accept_version(course.version)
        return _form_page(form, course, status=409, refusal=error)
    except DomainError as error:
        return _form_page(form, course, status=409, refusal=_beside_a_field(form, error))
    flash(_("Kurset er gemt."), "success")
    return leave_to(url_for("courses.detail", course_id=course_id))


def _beside_a_field(form: CourseForm, error: DomainError) -> DomainError | None:
    """Put what was refused where it can be mended; None when it stands there."""
    if not isinstance(error, services.CourseNameTaken):
        return error
    form.name.errors = [*form.name.errors, str(error.message)]
    return None


def _form_page(
    form: CourseForm, course: Course | None, *, status: int = 200, refusal: DomainError | None = None
) -> Response:
    return render_page(
        "courses/form.html",
        fragment="content",
        status=status,
        form=form,
        course=course,
        refusal=refusal.message if refusal else None,
    )


@bp.post("/<int:course_id>/archive")
@requires(Action.RECORD_EFFORTS)
def archive(course_id: int) -> Any:
    course = queries.own_course_for(current_user, course_id, clock.today())
    with transaction():
        services.archive_course(course, by=current_user, at=clock.now())
    flash(_("Kurset er arkiveret. Det, der er bestået, tæller stadig."), "success")
    return redirect(url_for("courses.detail", course_id=course_id), 303)


@bp.post("/<int:course_id>/reopen")
@requires(Action.RECORD_EFFORTS)
def reopen(course_id: int) -> Any:
    course = queries.own_course_for(current_user, course_id, clock.today())
    with transaction():
        services.reopen_course(course, by=current_user, at=clock.now())
    flash(_("Kurset er i brug igen."), "success")
    return redirect(url_for("courses.detail", course_id=course_id), 303)


# --- Runs ------------------------------------------------------------------------------------------------------


@bp.route("/<int:course_id>/runs/new", methods=["GET", "POST"])
@requires(Action.RECORD_EFFORTS)
def new_run(course_id: int) -> Response:
    course = queries.own_course_for(current_user, course_id, clock.today())
    form = RunForm()
    if not form.is_submitted():
        return _run_form_page(form, course, None)
    if not form.validate():
        return _run_form_page(form, course, None, status=422)
    try:
        with transaction():
            run = services.create_run(course, form.details, by=current_user, at=clock.now())
    except DomainError as error:
        return _run_form_page(form, course, None, status=409, refusal=error)
    flash(_("Kursusforløbet er oprettet."), "success")
    return leave_to(url_for("course_seats.run", run_id=run.id))


@bp.route("/runs/<int:run_id>/edit", methods=["GET", "POST"])
@requires(Action.RECORD_EFFORTS)
def edit_run(run_id: int) -> Response:
    run = queries.own_run_for(current_user, run_id, clock.today())
    form = RunForm(obj=run)
    if not form.is_submitted():
        return _run_form_page(form, run.course, run)
    if not form.validate():
        return _run_form_page(form, run.course, run, status=422)
    try:
        with transaction():
            services.edit_run(
                run, form.details, seen_version=form.seen_version, by=current_user, at=clock.now()
            )
    except StaleVersion as error:
        form.accept_version(run.version)
        return _run_form_page(form, run.course, run, status=409, refusal=error)
    except DomainError as error:
        return _run_form_page(form, run.course, run, status=409, refusal=error)
    flash(_("Kursusforløbet er gemt."), "success")
    return leave_to(url_for("course_seats.run", run_id=run_id))


def _run_form_page(
    form: RunForm,
    course: Course,
    run: CourseRun | None,
    *,
    status: int = 200,
    refusal: DomainError | None = None,
) -> Response:
    if isinstance(refusal, services.RunEndsBeforeItBegins):
        form.last_day.errors = [*form.last_day.errors, str(refusal.message)]
        refusal = None
    elif isinstance(refusal, services.FewerSeatsThanTaken):
        form.seats.errors = [*form.seats.errors, str(refusal.message)]
        refusal = None
    return render_page(
        "courses/run_form.html",
        fragment="content",
        status=status,
        form=form,
        course=course,
        run=run,
        refusal=refusal.message if refusal else None,
    )


@bp.post("/runs/<int:run_id>/cancel")
@requires(Action.RECORD_EFFORTS)
def cancel_run(run_id: int) -> Any:
    run = queries.own_run_for(current_user, run_id, clock.today())
    with transaction():
        services.cancel_run(run, by=current_user, at=clock.now())
    flash(_("Forløbet er aflyst. Sig det til dem, der havde en plads."), "success")
    return redirect(url_for("course_seats.run", run_id=run_id), 303)


# --- What the courses would lift ---------------------------------------------------------------------------------


@bp.get("/lifts")
@requires(Action.READ_EFFORTS)
def lifts() -> Response:
    """Which courses would bring most people over the bar, and which skills no course teaches; as it was counted."""
    home = current_user.municipality_id
    found, count = queries.lifts_of(home), queries.count_of(home)
    in_words = number_in_words()
    if wants_file():
        return table_file("kurser-der-loefter", _lift_columns(in_words), found)
    return render_page(
        "courses/lifts.html",
        fragment="content",
        of_courses=[one for one in found if one.course_id is not None],
        of_skills=[one for one in found if one.skill_id is not None],
        count=count,
        in_words=in_words,
    )


def _lift_columns(in_words: Callable[[int], str]) -> list[tuple[Any, Any]]:
    return [
        (_("Kursus"), lambda one: one.course.name if one.course else ""),
        (_("Færdighed uden kursus"), lambda one: one.skill.name if one.skill else ""),
        (_("Borgere, der kommer over grænsen"), lambda one: in_words(one.people)),
        (_("Ledige pladser, det gælder"), lambda one: one.places),
    ]


@bp.post("/lifts/recount")
@requires(Action.RECORD_EFFORTS)
def recount() -> Any:
    """Counted by the next round of chores, not while somebody waits."""
    with transaction():
        lifting.request_count(current_user.municipality_id, by=current_user, at=clock.now())
    flash(_("Kurserne bliver talt igen om lidt."), "success")
    return redirect(url_for("courses.lifts"), 303)
