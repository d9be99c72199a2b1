"""Pages of tasks."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.exceptions import NotFound

from portal.base import clock
from portal.base.alphabet import alphabetical
from portal.base.database import transaction
from portal.base.errors import StaleVersion
from portal.loop.citizens.queries import citizen_for
from portal.loop.employers.queries import employer_for
from portal.loop.placements.queries import placement_for
from portal.shared.accounts.models import User
from portal.shared.accounts.queries import consultants
from portal.shared.audit.viewing import record_view
from portal.web.htmx import leave_to, render_page
from portal.web.listing import Sorts, read_listing, table_file, wanted_rows, wants_file
from portal.web.local_paths import safe_local_path
from portal.web.permissions import Action, requires
from portal.web.whose import Whose, narrower_choices
from portal.workspaces.tasks import queries, services
from portal.workspaces.tasks.forms import TaskForm
from portal.workspaces.tasks.models import DeskTask, TaskSubject
from portal.workspaces.tasks.services import TaskAbout

bp = Blueprint("tasks", __name__, url_prefix="/tasks")

SORTS = Sorts(
    {
        "due": [DeskTask.due_on, DeskTask.id],
        "title": [alphabetical(DeskTask.title), DeskTask.id],
        "owner": [alphabetical(User.name), DeskTask.due_on, DeskTask.id],
    },
    default="due",
)


@bp.get("/")
@requires(Action.MANAGE_CITIZENS)
def index() -> Response:
    """The reader's own open tasks first; all of the municipality's by the filter."""
    today = clock.today()
    listing = read_listing(SORTS, filters=("whose", "state", "about"))
    statement = queries.task_list(current_user, today, words=listing.q, **listing.filters)
    rows = wanted_rows(listing, statement, SORTS)
    _look("tasks-exported" if wants_file() else "tasks-listed", rows)
    if wants_file():
        return table_file("opgaver", _columns(), rows)
    return render_page(
        "tasks/index.html",
        fragment="task_list",
        listing=listing,
        today=today,
        people=[
            *narrower_choices(current_user)[1:],
            (Whose.ALL, Whose.ALL.label),
            *((one.id, one.name) for one in _colleagues()),
        ],
        states=[
            (queries.LATE, _("Over tiden")),
            (queries.DONE, _("Gjort")),
            (queries.ALL, _("Alle")),
        ],
        subjects=TaskSubject.choices(),
    )


def _columns() -> list[tuple[Any, Any]]:
    return [
        (_("Dag"), lambda task: task.due_on),
        (_("Opgave"), lambda task: task.title),
        (_("Borger"), lambda task: task.person.name if task.person else ""),
        (_("Virksomhed"), lambda task: task.firm.name if task.firm else ""),
        (_("Hvem gør det"), lambda task: task.owner.name),
        (_("Gjort"), lambda task: task.done_at),
        (_("Gjort af"), lambda task: task.done_by.name if task.done_by else ""),
    ]


def _look(action: str, tasks: Iterable[DeskTask]) -> None:
    record_view(
        action,
        current_user.municipality,
        citizen_id=None,
        purpose=_("Liste over borgere"),
        people=sorted({task.person.id for task in tasks if task.person}),
    )


def _colleagues() -> list[User]:
    return consultants(current_user.municipality_id)


# --- One task --------------------------------------------------------------------------------------------------


@bp.route("/new", methods=["GET", "POST"])
@requires(Action.MANAGE_CITIZENS)
def new() -> Response:
    """About the record that the address names, if any."""
    about = _about()
    form = TaskForm(
        colleagues=_colleagues(),
        today=clock.today(),
        data={"owner_id": current_user.id, "due_on": clock.today()},
    )
    if not form.is_submitted():
        return _form_page(form, about)
    if not form.validate():
        return _form_page(form, about, status=422)
    with transaction():
        services.make_task(form.details, about, by=current_user, at=clock.now())
    flash(_("Opgaven er skrevet."), "success")
    return leave_to(_home_of(about))


def _about() -> TaskAbout:
    """A stranger's record is not found."""
    wanted = {name: _key_asked_for(name) for name in ("citizen", "employer", "placement")}
    if wanted["citizen"] is not None:
        citizen = citizen_for(current_user, wanted["citizen"])
        record_view("citizen-read", citizen, citizen_id=citizen.id, purpose=_("Opslag på din sag"))
        return TaskAbout(citizen=citizen)
    if wanted["employer"] is not None:
        return TaskAbout(employer=employer_for(current_user, wanted["employer"]))
    if wanted["placement"] is not None:
        placement = placement_for(current_user, wanted["placement"], with_talks=False)
        record_view(
            "placement-read",
            placement,
            citizen_id=placement.card.citizen_id,
            purpose=_("Planlægning og opfølgning på et forløb"),
        )
        return TaskAbout(placement=placement)
    return TaskAbout()


def _key_asked_for(name: str) -> int | None:
    """None where the address names none. Raises NotFound for what no record's key can be."""
    text = request.args.get(name, "")
    if text and (number := queries.whole_number(text)) is not None:
        return number
    if text:
        raise NotFound
    return None


def _home_of(about: TaskAbout) -> str:
    """The page of the record, where the task now stands."""
    if about.citizen:
        return url_for("citizens.detail", citizen_id=about.citizen.id)
    if about.employer:
        return url_for("employers.detail", employer_id=about.employer.id)
    if about.placement:
        return url_for("placements.detail", placement_id=about.placement.id)
    return url_for("tasks.index")


@bp.route("/<int:task_id>/edit", methods=["GET", "POST"])
@requires(Action.MANAGE_CITIZENS)
def edit(task_id: int) -> Response:
    """Other words, another day, somebody else's."""
    task = queries.task_for(current_user, task_id)
    _look("tasks-listed", [task])
    people = _colleagues()
    if task.owner not in people:  # closed since: it stays hers until somebody takes it
        people = [*people, task.owner]
    form = TaskForm(obj=task, colleagues=people, today=clock.today())
    about = TaskAbout(task.citizen, task.employer, task.placement)
    if not form.is_submitted():
        return _form_page(form, about, task=task)
    if not form.validate():
        return _form_page(form, about, task=task, status=422)
    try:
        with transaction():
            services.change_task(
                task, form.details, seen_version=form.seen_version, by=current_user, at=clock.now()
            )
    except StaleVersion as error:
        form.accept_version(task.version)
        return _form_page(form, about, task=task, status=409, refusal=str(error.message))
    flash(_("Opgaven er gemt."), "success")
    return leave_to(url_for("tasks.index"))


def _form_page(
    form: TaskForm,
    about: TaskAbout,
    *,
    task: DeskTask | None = None,
    status: int = 200,
    refusal: str | None = None,
) -> Response:
    return render_page(
        "tasks/form.html",
        fragment="content",
        status=status,
        form=form,
        about=about,
        task=task,
        back=url_for("tasks.index") if task else _home_of(about),
        refusal=refusal,
    )


@bp.post("/<int:task_id>/done")
@requires(Action.MANAGE_CITIZENS)
def done(task_id: int) -> Any:
    task = queries.task_for(current_user, task_id)
    with transaction():
        services.finish_task(task, by=current_user, at=clock.now())
    flash(_("Gjort: %(title)s. Du kan tage det tilbage under Opgaver.", title=task.title), "success")
    return _back()


@bp.post("/<int:task_id>/reopen")
@requires(Action.MANAGE_CITIZENS)
def reopen(task_id: int) -> Any:
    task = queries.task_for(current_user, task_id)
    with transaction():
        services.reopen_task(task, by=current_user, at=clock.now())
    flash(_("Opgaven er åben igen."), "success")
    return _back()


@bp.post("/<int:task_id>/remove")
@requires(Action.MANAGE_CITIZENS)
def remove(task_id: int) -> Any:
    task = queries.task_for(current_user, task_id)
    with transaction():
        services.remove_task(task, by=current_user, at=clock.now())
    flash(_("Opgaven er slettet."), "success")
    return redirect(url_for("tasks.index"), 303)


def _back() -> Any:
    """To the page whose button was pressed."""
    return redirect(safe_local_path(request.form.get("back")) or url_for("tasks.index"), 303)


# --- Beside a record -------------------------------------------------------------------------------------------


def beside_citizen(citizen: Any, reader: Any) -> dict[str, Any]:
    """Her tasks, and those of her placements."""
    home = url_for("citizens.detail", citizen_id=citizen.id)
    return _shown(reader, queries.about_citizen(citizen.id), {"citizen": citizen.id}, home)


def beside_employer(employer: Any, reader: Any) -> dict[str, Any]:
    home = url_for("employers.detail", employer_id=employer.id)
    return _shown(reader, DeskTask.employer_id == employer.id, {"employer": employer.id}, home)


def beside_placement(placement: Any, reader: Any) -> dict[str, Any]:
    home = url_for("placements.detail", placement_id=placement.id)
    return _shown(reader, DeskTask.placement_id == placement.id, {"placement": placement.id}, home)


def _shown(reader: Any, condition: Any, about: dict[str, Any], home: str) -> dict[str, Any]:
    today: date = clock.today()
    beside = queries.open_tasks_about(reader, condition)
    return {"beside": beside, "today": today, "new_url": url_for("tasks.new", **about), "home": home}
