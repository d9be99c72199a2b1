"""Commands of tasks: make, change, do, take back, remove."""

from dataclasses import dataclass
from datetime import date, datetime

from portal.base.database import check_version, db
from portal.loop.citizens.models import Citizen
from portal.loop.employers.models import Employer
from portal.loop.placements.models import Placement
from portal.shared.accounts.models import User
from portal.shared.audit import services as audit
from portal.workspaces.tasks.models import DeskTask


@dataclass(frozen=True)
class TaskDetails:
    """What the form asks of a task."""

    title: str
    due_on: date
    owner: User


@dataclass(frozen=True)
class TaskAbout:
    """The one record that a task is about; all None: none."""

    citizen: Citizen | None = None
    employer: Employer | None = None
    placement: Placement | None = None


def make_task(details: TaskDetails, about: TaskAbout, *, by: User, at: datetime) -> DeskTask:
    task = DeskTask(
        municipality_id=by.municipality_id,
        title=details.title,
        due_on=details.due_on,
        owner=details.owner,
        citizen=about.citizen,
        employer=about.employer,
        placement=about.placement,
        made_at=at,
        made_by=by,
    )
    db.session.add(task)
    _record("task-made", task, by=by, at=at)
    return task


def change_task(task: DeskTask, details: TaskDetails, *, seen_version: int, by: User, at: datetime) -> None:
    """Other words, another day, or somebody else's. Raises StaleVersion."""
    _hold(task)
    check_version(task, seen_version)
    given = details.owner.id != task.owner_id
    task.title, task.due_on, task.owner = details.title, details.due_on, details.owner
    task.version += 1
    _record("task-given" if given else "task-changed", task, by=by, at=at)


def finish_task(task: DeskTask, *, by: User, at: datetime) -> None:
    """Say that it is done; who was first stands."""
    _hold(task)
    if not task.is_done:
        task.done_at, task.done_by = at, by
        task.version += 1
        _record("task-done", task, by=by, at=at)


def reopen_task(task: DeskTask, *, by: User, at: datetime) -> None:
    """It was not done after all."""
    _hold(task)
    if task.is_done:
        task.done_at = task.done_by = None
        task.version += 1
        _record("task-reopened", task, by=by, at=at)


def remove_task(task: DeskTask, *, by: User, at: datetime) -> None:
    """One that was made by mistake leaves nothing but the lines of the log."""
    _record("task-removed", task, by=by, at=at)
    db.session.delete(task)


def _hold(task: DeskTask) -> None:
    """Whoever changes the same task waits here, and then reads what the other wrote."""
    db.session.refresh(task, with_for_update={"of": DeskTask})


def _record(action: str, task: DeskTask, *, by: User, at: datetime) -> None:
    db.session.flush()
    person = task.person
    audit.record(action, subject=task, by=by, at=at, citizen_id=person.id if person else None)
