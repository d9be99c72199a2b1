"""Commands of assessment sheets: open, fill in from either side, agree, close, comment, withdraw.

Closing the last one ends the placement. What is closed becomes dated evidence on the card: seen at the workplace
where it took part, else the word of the consultant only. Source: docs/rules.md#assessment
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.base import events
from portal.base.clock import danish_day
from portal.base.database import db
from portal.base.errors import DomainError
from portal.base.taking_back import TooLateToTakeBack
from portal.base.terms import Party, TaskKind
from portal.loop.assessments import confirming, queries, taking_back
from portal.loop.assessments.models import (
    Assessment,
    AssessmentAspect,
    AssessmentKind,
    AssessmentLine,
    TurnedOut,
)
from portal.loop.cards import services as cards
from portal.loop.cards.services import Observed
from portal.loop.employers import services as employers
from portal.loop.employers.people_queries import addresses_of
from portal.loop.openings.models import Opening
from portal.loop.placements import changes
from portal.loop.placements.models import Outcome, Placement, PlacementStatus
from portal.loop.placements.queries import is_known, visible_placements
from portal.loop.placements.services import end_placement
from portal.loop.placements.settled import ConfirmedHow
from portal.loop.placements.steps import WrongStep
from portal.shared.accounts.models import User
from portal.shared.audit import services as audit
from portal.web.permissions import Scope
from portal.web.rooms import Anew


class SheetAlreadyOpen(DomainError):
    """`sheet` is the one that is open."""

    message = _l("Der er allerede et åbent ark for forløbet. Luk det, før du laver et nyt.")

    def __init__(self, sheet: Assessment) -> None:
        super().__init__()
        self.sheet = sheet


class SheetOver(DomainError):
    message = _l(
        "Arket er lukket, så der er ikke mere at svare på. Ring til konsulenten, hvis noget er forkert."
    )


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


class AnswerIsTheWorkplaces(DomainError):
    """Somebody of the municipality, the citizen or another employer is signed in where the workplace answers."""

    message = _l(
        "Linket er arbejdspladsens. Er arket udfyldt på papir, så tast koderne ind. "
        "Dine egne svar skriver du på arket."
    )


class WorkplaceAnsweredItself(DomainError):
    """Paper came back for what the workplace has already answered by its link. `sheet` is the one it answered."""

    message = _l(
        "Arbejdspladsen har selv svaret på arket med linket, og det svar gælder. Skal det rettes, så bed "
        "arbejdspladsen rette det med linket."
    )

    def __init__(self, sheet: Assessment) -> None:
        super().__init__()
        self.sheet = sheet


class EndOutsidePeriod(DomainError):
    message = _l("Slutdagen skal ligge mellem forløbets første dag og i dag.")


class TalkOutsidePeriod(DomainError):
    message = _l("Samtalen skal ligge mellem forløbets første dag og i dag.")


@dataclass(frozen=True)
class TaskRating:
    """What one side says of one task. `level` 0-4, None: nothing; 0 is "not tried", which says nothing of her."""

    level: int | None
    note: str = ""


@dataclass(frozen=True)
class AspectRating:
    """Whether an aspect of what was settled became so, and in what way."""

    turned_out: TurnedOut
    words: str = ""


NOTHING_SAID: Final[Mapping[str, AspectRating]] = {}


def open_sheet(placement: Placement, kind: AssessmentKind, *, by: User, at: datetime) -> Assessment:
    """A sheet with the tasks agreed at the start. The last one may be opened while a midway one is unfinished.

    Raises WrongStep unless the placement is running, SheetAlreadyOpen.
    """
    _lock_running(placement)
    earlier = queries.sheets_of(placement)
    if kind not in kinds_to_open(placement, earlier):
        raise SheetAlreadyOpen(_standing(earlier, kind))
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


def kinds_to_open(placement: Placement, sheets: Sequence[Assessment]) -> list[AssessmentKind]:
    """Which kinds of sheet the placement has room for: one open of each, and no midway one beside the last."""
    if placement.status is not PlacementStatus.RUNNING:
        return []
    open_kinds = {sheet.kind for sheet in sheets if sheet.is_open}
    if not open_kinds:
        return list(AssessmentKind)
    return [] if AssessmentKind.END in open_kinds else [AssessmentKind.END]


def _standing(sheets: Sequence[Assessment], kind: AssessmentKind) -> Assessment:
    """The open sheet of the kind, or the last one that is open."""
    return max(
        (sheet for sheet in sheets if sheet.is_open), key=lambda sheet: (sheet.kind is kind, sheet.number)
    )


def agreed_tasks(opening: Opening) -> list[tuple[str, int | None]]:
    """Each task of the opening once, with its concept, in the order of the opening."""
    found: dict[str, tuple[str, int | None]] = {}
    for kind in TaskKind:
        for task in opening.tasks_of(kind):
            found.setdefault(task.text.casefold(), (task.text, task.skill_id))
    return list(found.values())


def may_answer_for_workplace(sheet: Assessment, by: User | None) -> bool:
    """Whoever holds the link, but of those who are signed in only the employer of the placement."""
    if by is None:
        return True
    theirs = visible_placements(by).where(Placement.id == sheet.placement_id)
    return by.scope is Scope.EMPLOYER and db.session.scalar(theirs) is not None


LINK_LIFETIME = timedelta(days=30)
"""A sheet is filled in within weeks; a later link is made by opening the page again, or asked for by its owner."""


def link_anew(about: tuple[int | str, ...], at: datetime) -> Anew:
    """The link to a sheet that is still open. Raises SheetOver."""
    sheet = db.session.get(Assessment, int(about[0]))
    if sheet is None or not sheet.is_open or not is_known(sheet.placement, danish_day(at)):
        raise SheetOver
    employer, ends_at = sheet.placement.opening.employer, at + LINK_LIFETIME
    addresses = addresses_of(employer.id)
    return Anew("assessments.workplace", "link", sheet, employer.municipality, ends_at, addresses)


def answer_as_workplace(  # noqa: PLR0913 - what it says, whose name stands there, and how it came
    sheet: Assessment,
    answers: Mapping[int, TaskRating],
    aspects: Mapping[str, AspectRating] = NOTHING_SAID,
    *,
    name: str,
    on_paper: bool,
    by: User | None,
    at: datetime,
) -> None:
    """Write down what the workplace says, by line id; `by` is the consultant when it came on paper, or its own user.

    `aspects`: how what was settled turned out, by its name. Lines and aspects not named keep what they have.
    Raises SheetClosed, AnswerIsTheWorkplaces, WorkplaceAnsweredItself.
    """
    if not on_paper and not may_answer_for_workplace(sheet, by):
        raise AnswerIsTheWorkplaces
    _lock_open(sheet)
    if on_paper and sheet.is_the_workplaces_own:
        raise WorkplaceAnsweredItself(sheet)
    if on_paper:
        sheet.answer_before = None
    else:
        taking_back.remember(sheet)
    before = confirming.contents_of(sheet)
    for line in _named(sheet, answers):
        line.employer_level, line.employer_note = answers[line.id].level, answers[line.id].note.strip()
        line.agreed_level = None
    _say_how_it_turned_out(sheet, aspects, Party.EMPLOYER)
    confirming.ask_anew(sheet, before)
    sheet.answered_by, sheet.answered_at, sheet.on_paper = name.strip() or sheet.answered_by, at, on_paper
    _record("assessment-answered-on-paper" if on_paper else "assessment-answered", sheet, by=by, at=at)
    how = ConfirmedHow.PAPER if on_paper else ConfirmedHow.PAGE if by else ConfirmedHow.LINK
    confirming.confirm(sheet, Party.EMPLOYER, how=how, said_by=sheet.answered_by, by=by, at=at)


def take_back_as_workplace(sheet: Assessment, *, by: User | None, at: datetime) -> None:
    """What the workplace said last by its link is undone within the hour; what it had said before stands again.

    Raises AnswerIsTheWorkplaces, SheetClosed, TooLateToTakeBack.
    """
    if not may_answer_for_workplace(sheet, by):
        raise AnswerIsTheWorkplaces
    _lock_open(sheet)
    if sheet.answer_before is None or taking_back.answer_open_until(sheet, at) is None:
        raise TooLateToTakeBack
    taking_back.put_back(sheet, sheet.answer_before)
    _record("assessment-answer-taken-back", sheet, by=by, at=at)


def answer_as_consultant(
    sheet: Assessment,
    answers: Mapping[int, TaskRating],
    agreed: Mapping[int, int | None],
    aspects: Mapping[str, AspectRating] = NOTHING_SAID,
    *,
    by: User,
    at: datetime,
) -> None:
    """Write down what the consultant says, and the level agreed on where the two differed.

    `aspects`: how what was settled turned out, by its name; those not named keep what they have. Raises SheetClosed.
    """
    _lock_open(sheet)
    before = confirming.contents_of(sheet)
    for line in _named(sheet, answers):
        line.consultant_level, line.consultant_note = answers[line.id].level, answers[line.id].note.strip()
        line.agreed_level = agreed.get(line.id)
    _say_how_it_turned_out(sheet, aspects, Party.CONSULTANT)
    confirming.ask_anew(sheet, before)
    _record("assessment-filled", sheet, by=by, at=at)


def _say_how_it_turned_out(sheet: Assessment, said: Mapping[str, AspectRating], party: Party) -> None:
    """The two write it together: what one says takes the place of what the other did."""
    if sheet.kind is not AssessmentKind.END:
        return
    for name, rating in said.items():
        standing, words = sheet.aspect_of(name), rating.words.strip()
        if standing is None:
            standing = AssessmentAspect(aspect=name)
            sheet.aspects.append(standing)
        elif (standing.turned_out, standing.words) == (rating.turned_out, words):
            continue
        standing.turned_out, standing.words, standing.said_by_party = rating.turned_out, words, party


def close_midway(sheet: Assessment, *, assessed_on: date, by: User, at: datetime) -> None:
    """Nobody changes it any more, and what it says becomes evidence on the card.

    Raises WrongStep when the placement is over, SheetClosed, TalkOutsidePeriod, NothingAssessed, NotAgreed.
    """
    _lock_running(sheet.placement)
    _lock_open(sheet)
    if not _has_happened(assessed_on, sheet.placement, at=at):
        raise TalkOutsidePeriod
    if all(line.level is None for line in sheet.lines):
        raise NothingAssessed
    _close(sheet, assessed_on=assessed_on, by=by, at=at)


def confirm_sheet(  # noqa: PLR0913 - whose yes, how it came, and what is recorded of it
    sheet: Assessment,
    party: Party,
    *,
    how: ConfirmedHow,
    seen: int,
    said_by: str = "",
    said_on: date | None = None,
    by: User,
    at: datetime,
) -> None:
    """One party says yes to what counts on an open sheet. Raises SheetClosed, and as `confirming.confirm`."""
    _lock_open(sheet)
    confirming.confirm(sheet, party, how=how, seen=seen, said_by=said_by, said_on=said_on, by=by, at=at)


def close_and_end(  # noqa: PLR0913 - how it ended, and why it may end so
    sheet: Assessment,
    *,
    outcome: Outcome,
    ended_on: date,
    alone_because: str = "",
    stop_reason: str = "",
    by: User,
    at: datetime,
) -> None:
    """End the placement with its last sheet, which becomes evidence on the card; the place stays taken.

    A sheet without an answer ends it all the same: it may have broken off before anything was tried. A midway sheet
    that is still open is closed with it and leaves nothing on the card. `alone_because`: why it is closed without a
    yes of the citizen or the workplace. A last day after the agreed one is an extension, of which the law is asked:
    `stop_reason` says why a stop of it may be passed.
    Raises WrongStep, SheetClosed, NotAgreed, ClosedAlone, EndOutsidePeriod, StaleVersion, StopsStand, StopIsFinal.
    Source: docs/rules.md#assessment, #capacity, #changes
    """
    placement = sheet.placement
    _lock_running(placement)
    _lock_open(sheet)
    if not _has_happened(ended_on, placement, at=at):
        raise EndOutsidePeriod
    if (missing := confirming.unconfirmed(sheet)) and not alone_because.strip():
        raise confirming.ClosedAlone(missing)
    sheet.alone_because = alone_because.strip() if missing else ""
    confirming.confirm(sheet, Party.CONSULTANT, how=ConfirmedHow.PAGE, by=by, at=at)
    if ended_on > placement.ends_on:
        changes.extend_to_its_end(placement, ended_on, stop_reason=stop_reason, by=by, at=at)
    end_placement(placement, outcome=outcome, ended_on=ended_on, at=at)
    if placement.form.traits.counts_in_ratio and ended_on < placement.ends_on:
        employers.release_place(placement.id, ends_on=ended_on)
    _close(sheet, assessed_on=ended_on, by=by, at=at)
    for unfinished in queries.open_sheets(placement.id):
        _lapse(unfinished, on=ended_on, by=by, at=at)
    audit.record("placement-ended", subject=placement, by=by, at=at, citizen_id=placement.card.citizen_id)
    events.placement_ended.send(placement, by=by, at=at)


def _has_happened(day: date, placement: Placement, *, at: datetime) -> bool:
    return placement.starts_on <= day <= danish_day(at)


def _close(sheet: Assessment, *, assessed_on: date, by: User, at: datetime) -> None:
    if sheet.differing:
        raise NotAgreed([line.task_text for line in sheet.differing])
    sheet.closed_at, sheet.closed_by_id, sheet.assessed_on = at, by.id, assessed_on
    sheet.answer_before = None
    _record("assessment-closed", sheet, by=by, at=at)
    _put_on_card(sheet, assessed_on, by=by, at=at)


def _lapse(sheet: Assessment, *, on: date, by: User, at: datetime) -> None:
    _lock_open(sheet)
    sheet.closed_at, sheet.closed_by_id, sheet.assessed_on, sheet.lapsed = at, by.id, on, True
    sheet.answer_before = None
    _record("assessment-lapsed", sheet, by=by, at=at)


def _put_on_card(sheet: Assessment, assessed_on: date, *, by: User, at: datetime) -> None:
    """All lines as one change, so that the card is matched anew once."""
    placement = sheet.placement
    seen = [
        Observed(
            line.task_text,
            line.skill_id,
            line.level or 0,
            by_workplace=line.seen_by_workplace,
            note=line.employer_note if line.seen_by_workplace else line.consultant_note,
        )
        for line in sheet.counting
    ]
    if seen:
        cards.add_observed(
            placement.card,
            seen,
            seen_on=assessed_on,
            seen_at=placement.opening.workplace.name,
            placement_id=placement.id,
            assessment_id=sheet.id,
            by=by,
            at=at,
        )


def withdraw_sheet(sheet: Assessment, *, because: str, by: User, at: datetime) -> None:
    """Take it off the card again, which is matched anew; the sheet stays, marked. Raises NotClosedYet."""
    _lock(sheet)
    if sheet.closed_at is None or sheet.withdrawn_at is not None or sheet.lapsed:
        raise NotClosedYet
    sheet.withdrawn_at, sheet.withdrawn_because = at, because.strip()
    _record("assessment-withdrawn", sheet, by=by, at=at)
    cards.withdraw_observed(sheet.placement.card, assessment_id=sheet.id, by=by, at=at)


def comment_as_citizen(sheet: Assessment, words: str, *, by: User, at: datetime) -> None:
    """Her own words beside what others saw; an empty text takes them back. Raises NotClosedYet."""
    if sheet.closed_at is None:
        raise NotClosedYet
    sheet.citizen_comment, sheet.commented_at = words.strip(), at
    _record("assessment-commented", sheet, by=by, at=at)


def _lock_running(placement: Placement) -> None:
    """Hold the placement, so that it does not end meanwhile. Raises WrongStep unless it is running."""
    db.session.refresh(placement, with_for_update={"of": Placement})
    if placement.status is not PlacementStatus.RUNNING:
        raise WrongStep(placement.status)


def _lock_open(sheet: Assessment) -> None:
    """Read the sheet anew and hold it: somebody may just have answered or closed it. Raises SheetClosed."""
    _lock(sheet)
    if not sheet.is_open:
        raise SheetClosed


def _lock(sheet: Assessment) -> None:
    db.session.refresh(sheet, with_for_update={"of": Assessment})
    lines = sa.select(AssessmentLine).where(AssessmentLine.assessment_id == sheet.id)
    db.session.scalars(lines.execution_options(populate_existing=True)).all()
    db.session.refresh(sheet, ["confirmations", "aspects"])
    aspects = sa.select(AssessmentAspect).where(AssessmentAspect.assessment_id == sheet.id)
    db.session.scalars(aspects.execution_options(populate_existing=True)).all()


def _named(sheet: Assessment, answers: Mapping[int, TaskRating]) -> list[AssessmentLine]:
    return [line for line in sheet.lines if line.id in answers]


def _record(action: str, sheet: Assessment, *, by: User | None, at: datetime) -> None:
    sheet.version = (sheet.version or 0) + 1
    db.session.flush()
    citizen_id = sheet.placement.card.citizen_id
    audit.record(action, subject=sheet, by=by, at=at, citizen_id=citizen_id)
    db.session.flush()
