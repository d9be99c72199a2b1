"""What Målstatus says: the table of all goals, then each goal with its course, its rule and its list.

The words are those of the goals' pages; lists of people are added up by form, and small numbers are hidden.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import get_template_attribute
from flask_babel import gettext as _

from portal.base.alphabet import alphabetical
from portal.base.database import db
from portal.ledger.goals import figures, lists, queries
from portal.ledger.goals.divided import rows_told
from portal.ledger.goals.figures import Figure
from portal.ledger.goals.lists import AmountByForm
from portal.ledger.goals.models import Goal
from portal.ledger.goals.table import GoalRow, rows_of
from portal.ledger.goals.tally import lists_of
from portal.shared.accounts.models import Municipality
from portal.web.measures import Lines, Subject


@dataclass(frozen=True)
class EmployerLine:
    """An employer behind a figure."""

    name: str
    cvr: str
    on: date
    rests_on: tuple[str, ...]


@dataclass(frozen=True)
class StatusBlock:
    """One goal with all that Målstatus says of it."""

    row: GoalRow
    rule: str
    employers: tuple[EmployerLine, ...]
    parts: tuple[AmountByForm, ...]
    """Of people: by form, small numbers hidden."""

    @property
    def figure(self) -> Figure:
        return self.row.figure


@dataclass(frozen=True)
class GoalStatus:
    """The goals that go on and those that ended in the last year, as of a day."""

    on: date
    blocks: tuple[StatusBlock, ...]
    without: tuple[Figure, ...]


def status_of(municipality: Municipality, asked: date, today: date) -> GoalStatus:
    """All of a municipality's goals whose time it is as of the day, and the last frozen ones of the year before."""
    among = queries.goals_of(municipality.id)
    goals = sorted((goal for goal in among if _is_told(goal, asked)), key=lambda goal: goal.last_on < asked)
    rows = rows_told(rows_of(municipality, goals, asked, today, among=among), among, today)
    told = [row for row in rows if row.figure.opens]
    asks = {row.goal.id: figures.ask_of(row.goal, row.figure.on) for row in told if row.figure.frozen is None}
    behind = lists_of(list(dict.fromkeys(asks.values())))
    blocks = [
        _block(row, behind[asks[row.goal.id]] if row.goal.id in asks else None, among, today) for row in told
    ]
    return GoalStatus(asked, tuple(blocks), tuple(row.figure for row in rows if not row.figure.opens))


def _is_told(goal: Goal, asked: date) -> bool:
    """A committee looks at what goes on, and at what was decided a year ago."""
    if goal.ended_on is not None and goal.ended_on <= asked:
        return False
    return goal.first_on <= asked and goal.last_on.year >= asked.year - 1


def _block(row: GoalRow, behind: Lines | None, among: Sequence[Goal], today: date) -> StatusBlock:
    figure = row.figure
    if figure.spec.counted is not None and figure.spec.counted.subject is Subject.CITIZENS:
        parts = tuple(lists.by_form(figure, behind, among, today))
        return StatusBlock(row, _rule(figure), (), parts)
    if figure.frozen is not None:
        kept: Any = db.session.execute(lists.frozen_employers(figure.frozen)).all()
        employers = [EmployerLine(one.name, one.cvr, one.on, tuple(one.notes)) for one in kept if one.cvr]
    else:
        employers = _employers(behind) if behind is not None else []
    return StatusBlock(row, _rule(figure), tuple(employers), ())


def _rule(figure: Figure) -> str:
    if figure.frozen is not None:
        return figure.frozen.rule
    return figure.spec.counted.rule_for(figure.goal.rule_terms) if figure.spec.counted is not None else ""


def _employers(lines: Lines) -> list[EmployerLine]:
    records = lists.of_employers(lines)
    columns = records.selected_columns
    rows: Any = db.session.execute(records.order_by(alphabetical(columns.name), columns.on))
    return [
        EmployerLine(row.name, row.cvr, row.on, tuple(lines.notes.get(row.subject_id, ()))) for row in rows
    ]


def said(macro: str, thing: Any) -> str:
    """The words of the goals' pages (templates/goals/words.html), as text."""
    return " ".join(get_template_attribute("goals/words.html", macro)(thing).striptags().split())


def state(figure: Figure) -> str:
    return _("Låst") if figure.frozen is not None else _("Foreløbigt")
