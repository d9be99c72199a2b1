"""Freezing a goal's figure when its time is over: the figure, its rule in words, and the list it is the sum of.

It is never counted again. A line about a person says what she added, in which quarter and form, and nothing of whom;
who she is stands beside it while she is here. Source: docs/rules.md#frozen-figures
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from random import SystemRandom
from typing import Any, Final

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

from portal.base.clock import danish_day
from portal.base.database import db
from portal.base.errors import DomainError
from portal.base.quarters import quarter_of
from portal.base.terms import GoalUnit, PlacementForm
from portal.ledger.goals import figures, queries
from portal.ledger.goals.measures import spec_of
from portal.ledger.goals.models import FrozenFigure, FrozenLine, FrozenLinePerson, Goal, GoalChange, GoalStep
from portal.ledger.goals.tally import NOTHING, Tally, counted, erased_parts, lists_of
from portal.loop.employers.models import Employer
from portal.shared.accounts.models import Municipality, User
from portal.shared.audit import services as audit
from portal.shared.rules.book import RuleBook
from portal.shared.rules.queries import rule_book
from portal.web.measures import Ask, Lines, Subject
from portal.web.presentation import da_date

WAIT: Final = "goals-frozen-after-days"
"""The rule that says how many days after its last one a goal is counted for good."""

_CHANCE: Final = SystemRandom()

_log = logging.getLogger(__name__)


class TimeNotOver(DomainError):
    message = _l("Målets sidste dag er ikke forbi. Tallet kan låses dagen efter.")


class AlreadyFrozen(DomainError):
    message = _l("Tallet er allerede låst.")


class NoFigureToFreeze(DomainError):
    message = _l("Målet har ikke noget tal, der kan låses.")


@dataclass(frozen=True)
class LedgerLine:
    """One line of a list, as it is kept."""

    quarter_on: date
    form: PlacementForm | None
    amount: int
    out_of: int | None
    is_known: bool
    citizen_id: int | None = field(default=None, compare=False)
    """Of a person who is here."""
    employer_id: int | None = None
    on: date | None = None
    """Of an employer's line."""
    notes: tuple[str, ...] = field(default=(), compare=False)
    """What it rests on, of an employer or a figure from outside."""

    @property
    def tally(self) -> Tally:
        unknown = 0 if self.is_known or self.out_of is None else self.out_of
        return Tally(1, self.amount, self.out_of, int(self.is_known), unknown)


def freeze_goal(goal: Goal, *, note: str, by: User | None, at: datetime) -> FrozenFigure:
    """Count a goal as of its last day for good.

    Raises TimeNotOver, AlreadyFrozen or NoFigureToFreeze.
    """
    db.session.flush()
    db.session.refresh(goal, with_for_update={"of": Goal})  # a correction waits, or was first
    if (refusal := hindrance(goal, danish_day(at))) is not None:
        raise refusal
    ask = figures.ask_of(goal, goal.last_on)
    lists = lists_of([ask])[ask]
    lines = _in_no_order(lines_of(ask, lists))
    figure = _figure(goal, lines, by=by, at=at, note=note)
    is_unwritten = counted(goal.measure).is_from_outside and not lines
    if is_unwritten or (goal.unit is GoalUnit.PERCENT and not figure.out_of):
        raise NoFigureToFreeze
    _store(figure, lines)
    db.session.add(
        GoalChange(
            goal_id=goal.id, step=GoalStep.FROZEN, at=at, by_id=by.id if by else None, note=figure.note
        )
    )
    audit.record("goal-frozen", subject=goal, by=by, at=at)
    db.session.flush()
    return figure


def hindrance(goal: Goal, today: date) -> DomainError | None:
    """Why the figure cannot be frozen today, as far as that can be said without counting it."""
    if today <= goal.last_on:
        return TimeNotOver()
    if goal.id in queries.frozen_of([goal]):
        return AlreadyFrozen()
    municipality = db.session.get_one(Municipality, goal.municipality_id)
    if figures.no_data(municipality, goal, goal.last_on) is not None:
        return NoFigureToFreeze()
    return None


def lines_of(ask: Ask, lists: Lines) -> list[LedgerLine]:
    """What answers a question today: the list, and what erased people were as lines of nobody."""
    subject = counted(ask.measure).subject
    rows: Any = db.session.execute(lists.records.order_by(None))
    read = [_line(row, subject, lists) for row in rows]
    return read + [
        line for quarter, form, tally in erased_parts(ask) for line in _apart(quarter, form, tally)
    ]


def _line(row: Any, subject: Subject, lists: Lines) -> LedgerLine:
    line = LedgerLine(
        quarter_on=quarter_of(row.on),
        form=PlacementForm(row.form) if row.form else None,
        amount=row.amount,
        out_of=row.out_of,
        is_known=bool(row.known),
    )
    if subject is Subject.CITIZENS:
        return replace(line, citizen_id=row.subject_id)
    noted = replace(line, notes=tuple(lists.notes.get(row.subject_id, ())))
    return noted if subject is Subject.OUTSIDE else replace(noted, employer_id=row.subject_id, on=row.on)


def _apart(quarter: date, form: PlacementForm | None, sums: Tally) -> Iterator[LedgerLine]:
    """Sums as lines again: which line had how much is forgotten, all of them together have as much as before."""
    known, unknown = max(sums.known, 0), max(sums.lines - sums.known, 0)
    whole = None if sums.out_of is None else sums.out_of - sums.unknown_out_of
    left = sums
    for is_known, count, amount, out_of in (
        (True, known, sums.amount, whole),
        (False, unknown, 0 if known else sums.amount, None if whole is None else sums.unknown_out_of),
    ):
        amounts, wholes = _shares(amount, count), [None] * count if out_of is None else _shares(out_of, count)
        for one, all_of_it in zip(amounts, wholes, strict=True):
            line = LedgerLine(quarter, form, one, all_of_it, is_known)
            left -= line.tally
            yield line
    if left.amount or left.out_of:
        yield LedgerLine(quarter, form, left.amount, left.out_of, is_known=True)


def _shares(whole: int, count: int) -> list[int]:
    """Whole numbers that differ by one at most and add up."""
    return [whole // count + (number < whole % count) for number in range(count)]


def _in_no_order(lines: list[LedgerLine]) -> list[LedgerLine]:
    """By what they say, and among those that say the same by chance: nothing follows from a line's place."""
    _CHANCE.shuffle(lines)
    return sorted(lines, key=_what_it_says)


def _what_it_says(line: LedgerLine) -> tuple[Any, ...]:
    return (
        line.quarter_on,
        line.form or "",
        not line.is_known,
        line.amount,
        line.out_of or 0,
        line.on or date.min,
        line.employer_id or 0,
        line.notes,
    )


def _figure(
    goal: Goal, lines: Sequence[LedgerLine], *, by: User | None, at: datetime, note: str
) -> FrozenFigure:
    sums = total(lines)
    return FrozenFigure(
        goal_id=goal.id,
        municipality_id=goal.municipality_id,
        on=goal.last_on,
        lines=sums.lines,
        amount=sums.amount,
        out_of=sums.out_of,
        known=sums.known,
        unknown_out_of=sums.unknown_out_of,
        linked=sum(line.citizen_id is not None for line in lines),
        rule=rule_in_words(goal),
        frozen_at=at,
        frozen_by_id=by.id if by else None,
        note=note.strip(),
    )


def total(lines: Iterable[LedgerLine]) -> Tally:
    return sum((line.tally for line in lines), NOTHING)


def _store(figure: FrozenFigure, lines: Sequence[LedgerLine]) -> None:
    db.session.add(figure)
    try:
        db.session.flush()
    except IntegrityError as error:
        raise AlreadyFrozen from error
    if not lines:
        return
    firms = _firms({line.employer_id for line in lines if line.employer_id is not None})
    keys: Any = db.session.scalars(
        sa.insert(FrozenLine).returning(FrozenLine.id, sort_by_parameter_order=True),
        [_kept(figure.id, line, firms) for line in lines],
    )
    people = [
        {"line_id": key, "citizen_id": line.citizen_id}
        for key, line in zip(keys, lines, strict=True)
        if line.citizen_id is not None
    ]
    if people:
        db.session.execute(sa.insert(FrozenLinePerson), people)


def _firms(ids: set[int]) -> dict[int, tuple[str, str]]:
    """CVR number and name of each, as of now."""
    found = sa.select(Employer.id, Employer.cvr, Employer.name).where(Employer.id.in_(ids))
    return {key: (cvr, name) for key, cvr, name in db.session.execute(found)} if ids else {}


def _kept(figure_id: int, line: LedgerLine, firms: dict[int, tuple[str, str]]) -> dict[str, Any]:
    cvr, name = firms[line.employer_id] if line.employer_id is not None else (None, None)
    return {
        "figure_id": figure_id,
        "amount": line.amount,
        "out_of": line.out_of,
        "is_known": line.is_known,
        "quarter_on": line.quarter_on,
        "form": line.form,
        "cvr": cvr,
        "employer_name": name,
        "on": line.on,
        "notes": list(line.notes),
    }


def rule_in_words(goal: Goal) -> str:
    """How the goal is counted, with its numbers and choices, its group and its time."""
    how = counted(goal.measure)
    parts = [
        how.rule_for(goal.rule_terms),
        *([_("Målgruppe: %(name)s.", name=goal.group.name)] if goal.group is not None else []),
        _("Talt den %(day)s.", day=da_date(goal.last_on))
        if how.is_standing
        else _("Fra %(first)s til %(last)s.", first=da_date(goal.first_on), last=da_date(goal.last_on)),
    ]
    return " ".join(parts)


def day_of_freezing(goal: Goal) -> date:
    """The day on which the portal freezes the goal's figure by itself."""
    return _due_on(goal, rule_book(WAIT))


def _due_on(goal: Goal, book: RuleBook) -> date:
    """The municipality's rule of the goal's last day decides."""
    wait = book.on(goal.last_on, goal.municipality_id).whole(WAIT)
    return goal.last_on + timedelta(days=wait)


def freeze_due(at: datetime) -> int:
    """Freeze every figure whose counting day has come. Returns how many; run it as often as you like.

    A goal that cannot be counted is told to the log and holds up none of the others.
    """
    today, book = danish_day(at), rule_book(WAIT)
    return sum(
        _freeze_one(goal, at=at)
        for goal in _unfrozen(before=today)
        if _due_on(goal, book) <= today and spec_of(goal.measure).counted is not None
    )


def _unfrozen(*, before: date) -> list[Goal]:
    there = sa.select(FrozenFigure.goal_id)
    statement = sa.select(Goal).where(Goal.last_on < before, Goal.id.not_in(there)).order_by(Goal.id)
    return list(db.session.scalars(statement))


def _freeze_one(goal: Goal, *, at: datetime) -> bool:
    number = goal.id
    try:
        with db.session.begin_nested():
            freeze_goal(goal, note="", by=None, at=at)
    except (AlreadyFrozen, NoFigureToFreeze):
        return False
    except Exception:
        _log.exception("goal %s could not be counted and is tried again later", number)
        return False
    return True
