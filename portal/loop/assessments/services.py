"""Commands of assessment sheets: open, fill in from either side, agree, close, comment, withdraw.

What is closed becomes dated evidence on the card. Source: docs/rules.md#assessment
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.base.clock import DANISH_TIME
from portal.base.database import db
from portal.base.errors import DomainError
from portal.base.terms import TaskKind
from portal.loop.assessments import queries
from portal.loop.assessments.models import Assessment, AssessmentKind, AssessmentLine
from portal.loop.cards import services as cards
from portal.loop.cards.services import Observed
from portal.loop.openings.models import Opening
from portal.loop.placements.models import Outcome, Placement, PlacementStatus
from portal.loop.placements.services import AssessedTask, WrongStep, end_placement
from portal.shared.accounts.models import User
from portal.shared.audit import services as audit


class SheetAlreadyOpen(DomainError):
    message = _l("Der er allerede et åbent ark for forløbet. Luk det, før du laver et nyt.")


class SheetClosed(DomainError):
    message = _l("Arket er lukket. Svarene kan ikke ændres; konsulenten kan trække hele vurderingen tilbage.")


class NotAgreed(DomainError):
    """The two said different levels of the same task. `tasks` are their texts."""

    def __init__(self, tasks: Sequence[str]) -> None:
        self.tasks = tuple(tasks)
        super().__init__(
            _(
                "I har svaret forskelligt om: %(tasks)s. Vælg det niveau, I er enige om.",
                tasks=", ".join(tasks),
            )
        )


class NothingAssessed(DomainError):
    message = _l("Der er ikke svaret på nogen opgave endnu.")


class NotClosedYet(DomainError):
    message = _l("Kun en lukket vurdering kan kommenteres eller trækkes tilbage.")


@dataclass(frozen=True)
class Answer:
    """What one side says of one task. `level` 0-4, None: nothing; 0 is "not tried", which says nothing of her."""

    level: int | None
    note: str = ""


def open_sheet(placement: Placement, kind: AssessmentKind, *, by: User, at: datetime) -> Assessment:
    """A sheet with the tasks agreed at the start. Raises WrongStep unless it is running, SheetAlreadyOpen."""
    if placement.status is not PlacementStatus.RUNNING:
        raise WrongStep(placement.status)
    earlier = queries.sheets_of(placement)
    if any(sheet.is_open for sheet in earlier):
        raise SheetAlreadyOpen
    sheet = Assessment(
        placement_id=placement.id,
        kind=kind,
        number=len(earlier) + 1,
        opened_at=at,
        opened_by_id=by.id,
        lines=[
            AssessmentLine(skill_id=skill_id, task_text=text)
            for text, skill_id in agreed_tasks(placement.opening)
        ],
    )
    db.session.add(sheet)
    db.session.flush()
    _record("assessment-opened", sheet, by=by, at=at)
    return sheet


def agreed_tasks(opening: Opening) -> list[tuple[str, int | None]]:
    """Each task of the opening once, with its concept, in the order of the opening."""
    found: dict[str, tuple[str, int | None]] = {}
    for kind in TaskKind:
        for task in opening.tasks_of(kind):
            found.setdefault(task.text.casefold(), (task.text, task.skill_id))
    return list(found.values())


def answer_as_workplace(
    sheet: Assessment,
    answers: Mapping[int, Answer],
    *,
    name: str,
    on_paper: bool,
    by: User | None,
    at: datetime,
) -> None:
    """Write down what the workplace says, by line id; `by` is the consultant when it came on paper.

    Raises SheetClosed. Lines not named keep what they have.
    """
    _refuse_closed(sheet)
    for line in _named(sheet, answers):
        line.employer_level, line.employer_note = answers[line.id].level, answers[line.id].note.strip()
        line.agreed_level = None
    sheet.answered_by, sheet.answered_at, sheet.on_paper = name.strip() or sheet.answered_by, at, on_paper
    _record("assessment-answered-on-paper" if on_paper else "assessment-answered", sheet, by=by, at=at)


def answer_as_consultant(
    sheet: Assessment,
    answers: Mapping[int, Answer],
    agreed: Mapping[int, int | None],
    *,
    by: User,
    at: datetime,
) -> None:
    """Write down what the consultant says, and the level agreed on where the two differed. Raises SheetClosed."""
    _refuse_closed(sheet)
    for line in _named(sheet, answers):
        line.consultant_level, line.consultant_note = answers[line.id].level, answers[line.id].note.strip()
        line.agreed_level = agreed.get(line.id)
    _record("assessment-filled", sheet, by=by, at=at)


def close_midway(sheet: Assessment, *, assessed_on: date, by: User, at: datetime) -> None:
    """Nobody changes it any more, and what it says becomes evidence on the card.

    Raises SheetClosed, NothingAssessed, NotAgreed.
    """
    _close(sheet, assessed_on=assessed_on, by=by, at=at)
    _put_on_card(sheet, by=by, at=at)


def close_and_end(sheet: Assessment, *, outcome: Outcome, ended_on: date, by: User, at: datetime) -> None:
    """End the placement with what the sheet says, which becomes evidence on the card.

    Raises SheetClosed, NothingAssessed, NotAgreed, and what end_placement raises.
    """
    _close(sheet, assessed_on=ended_on, by=by, at=at)
    tasks = [
        AssessedTask(line.task_text, line.skill_id, line.level or 0, line.employer_note)
        for line in sheet.lines
    ]
    end_placement(sheet.placement, outcome=outcome, ended_on=ended_on, assessments=tasks, by=by, at=at)


def _close(sheet: Assessment, *, assessed_on: date, by: User, at: datetime) -> None:
    _refuse_closed(sheet)
    if all(line.level is None for line in sheet.lines):
        raise NothingAssessed
    if sheet.differing:
        raise NotAgreed([line.task_text for line in sheet.differing])
    sheet.closed_at, sheet.closed_by_id, sheet.assessed_on = at, by.id, assessed_on
    _record("assessment-closed", sheet, by=by, at=at)


def _put_on_card(sheet: Assessment, *, by: User, at: datetime) -> None:
    placement = sheet.placement
    seen = [
        Observed(line.task_text, line.skill_id, line.level, line.employer_note)
        for line in sheet.lines
        if line.level  # 0 is "not tried": no statement about what she can
    ]
    cards.add_observed(
        placement.card,
        seen,
        seen_on=sheet.assessed_on or at.astimezone(DANISH_TIME).date(),
        seen_at=placement.opening.workplace.name,
        placement_id=placement.id,
        assessment_id=sheet.id,
        by=by,
        at=at,
    )


def withdraw_sheet(sheet: Assessment, *, because: str, by: User, at: datetime) -> None:
    """Take it off the card again, which is matched anew; the sheet stays, marked. Raises NotClosedYet."""
    if sheet.closed_at is None or sheet.withdrawn_at is not None:
        raise NotClosedYet
    sheet.withdrawn_at, sheet.withdrawn_because = at, because.strip()
    _record("assessment-withdrawn", sheet, by=by, at=at)
    cards.withdraw_observed(
        sheet.placement.card,
        placement_id=sheet.placement_id,
        assessment_id=sheet.id if sheet.kind is AssessmentKind.MIDWAY else None,
        by=by,
        at=at,
    )


def comment_as_citizen(sheet: Assessment, words: str, *, by: User, at: datetime) -> None:
    """Her own words beside what others saw; an empty text takes them back. Raises NotClosedYet."""
    if sheet.closed_at is None:
        raise NotClosedYet
    sheet.citizen_comment, sheet.commented_at = words.strip(), at
    _record("assessment-commented", sheet, by=by, at=at)


def _refuse_closed(sheet: Assessment) -> None:
    if not sheet.is_open:
        raise SheetClosed


def _named(sheet: Assessment, answers: Mapping[int, Answer]) -> list[AssessmentLine]:
    return [line for line in sheet.lines if line.id in answers]


def _record(action: str, sheet: Assessment, *, by: User | None, at: datetime) -> None:
    sheet.version = (sheet.version or 0) + 1
    db.session.flush()
    citizen_id = sheet.placement.card.citizen_id
    audit.record(action, subject=sheet, by=by, at=at, citizen_id=citizen_id)
    db.session.flush()
