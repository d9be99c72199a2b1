"""Commands of drafts: begin, save a step, begin as a copy, put up, throw away."""

from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from portal.base.database import db
from portal.base.errors import DomainError
from portal.loop.employers.models import Workplace
from portal.loop.openings.models import Opening, OpeningTask
from portal.loop.openings.services import create_opening, publish_opening
from portal.shared.accounts.models import User
from portal.shared.audit import services as audit
from portal.shared.skills.tasks import AskedTask, tasks_of
from portal.workspaces.posting.draft_answers import DraftAnswers
from portal.workspaces.posting.models import OpeningDraft, Step


class EmployerNotApproved(DomainError):
    message = _l("Kommunen har ikke godkendt jer endnu. Kladden er gemt og kan slås op bagefter.")


class WorkplaceNotChosen(DomainError):
    message = _l("Vælg et arbejdssted under Stilling, før pladsen slås op.")


class StepsMissing(DomainError):
    """`steps` have not been answered."""

    def __init__(self, steps: list[Step]) -> None:
        names = ", ".join(str(step.label) for step in steps)
        super().__init__(_l("Udfyld først: %(names)s.", names=names))
        self.steps = steps


def begin_draft(*, by: User, at: datetime, answers: dict[str, Any] | None = None) -> OpeningDraft:
    draft = OpeningDraft(user_id=by.id, answers=answers or {}, begun_at=at, changed_at=at)
    db.session.add(draft)
    audit.record("draft-begun", subject=draft, by=by, at=at)
    return draft


def save_step(draft: OpeningDraft, step: Step, answers: dict[str, Any], *, at: datetime) -> None:
    """Keep what was answered on one screen; the log says only that the draft was begun."""
    draft.answers = {**draft.answers, step.value: answers}
    draft.changed_at = at
    draft.version += 1
    db.session.flush()


def discard_draft(draft: OpeningDraft, *, by: User, at: datetime) -> None:
    audit.record("draft-discarded", subject=draft, by=by, at=at)
    db.session.delete(draft)
    db.session.flush()


def forget_drafts(*, before: datetime) -> int:
    """Those that nobody has gone on with since then. Returns how many."""
    left = sa.delete(OpeningDraft).where(OpeningDraft.changed_at < before)
    return len(db.session.scalars(left.returning(OpeningDraft.id)).all())


def publish_draft(
    draft: OpeningDraft,
    written: DraftAnswers,
    workplace: Workplace | None,
    *,
    by: User,
    at: datetime,
    today: date,
) -> Opening:
    """Make the draft an opening and put it up.

    Raises StepsMissing, and what create_opening and publish_opening raise. Whoever has no workplace to choose
    waits for approval: the view says so with EmployerNotApproved.
    """
    if draft.missing:
        raise StepsMissing(draft.missing)
    if workplace is None:
        raise WorkplaceNotChosen
    opening = create_opening(workplace, written.details(), written.tasks, by=by, at=at)
    publish_opening(opening, by=by, at=at, today=today)
    db.session.delete(draft)
    db.session.flush()
    return opening


def begin_copy(opening: Opening, *, by: User, at: datetime, today: date) -> OpeningDraft:
    """A draft that says the same, from today on when the old period has begun."""
    draft = begin_draft(by=by, at=at, answers=_answers_of(opening, today))
    audit.record("opening-copied", subject=opening, by=by, at=at)
    return draft


def _answers_of(opening: Opening, today: date) -> dict[str, Any]:
    moved_by = max(today - opening.starts_on, timedelta(0))
    ticked, own = _split(opening)
    return {
        Step.JOB: {
            "template": "",
            "title": opening.title,
            "industry": opening.industry.value,
            "workplace_id": opening.workplace_id,
        },
        Step.FORM: {"placement_form": opening.form.value},
        Step.TASKS: {listed.key: task.kind.value for listed, task in ticked},
        Step.MORE: {"lines": [_line_of(task) for task in own]},
        Step.TIME: {
            "places": opening.places,
            "hours_per_week": opening.hours_per_week,
            "weekdays": opening.weekdays,
            "working_times": opening.working_times,
            "shifts": opening.shifts,
            "starts_on": (opening.starts_on + moved_by).isoformat(),
            "ends_on": (opening.ends_on + moved_by).isoformat() if opening.ends_on else None,
            "postcode": opening.postcode if opening.postcode != opening.workplace.postcode else None,
        },
        Step.DANISH: {
            "danish_speaking": opening.danish_speaking,
            "danish_reading": opening.danish_reading,
            "danish_use": opening.danish_use,
            "tasks": [],
        },
        Step.TERMS: {
            "conditions": opening.condition_ids,
            "description": opening.description,
            "visible_to_neighbours": opening.visible_to_neighbours,
        },
    }


def _split(opening: Opening) -> tuple[list[tuple[AskedTask, OpeningTask]], list[OpeningTask]]:
    """The tasks that stand just so in the trade's list, and those with words or levels of their own."""
    listed = {task.phrase: task for task in tasks_of(opening.industry)}
    ticked, own = [], []
    for task in opening.tasks:
        found = listed.pop(task.text, None)
        if found is not None and task.level == task.kind.usual_level:
            ticked.append((found, task))
        else:
            own.append(task)
    return ticked, own


def _line_of(task: OpeningTask) -> dict[str, Any]:
    meant = str(task.skill_id) if task.chosen else ""
    return {
        "text": task.text,
        "kind": task.kind.value,
        "level": task.level,
        "skill_id": task.skill_id if task.chosen else None,
        "own_words": False,
        "asked": task.text if task.chosen else "",
        "meant": meant,
    }
