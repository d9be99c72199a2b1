"""A figure and what is behind it, as a leader sees them, in the shapes of the doors."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from portal.api.v1.paging import cut
from portal.api.v1.shapes import FigureLineShape, FigureLinesShape, FigurePartShape, FigureShape, PageAsked
from portal.base.database import db
from portal.ledger.goals import lists
from portal.ledger.goals.figures import Figure
from portal.ledger.goals.lists import ListKind
from portal.ledger.goals.models import FrozenFigure, FrozenLine, Goal
from portal.ledger.goals.table import OpenedGoal
from portal.web.measures import Lines


def figure_shape(figure: Figure) -> FigureShape:
    goal = figure.goal
    return FigureShape(
        id=goal.id,
        measure=goal.measure,
        measure_in_words=str(goal.measure.label),
        group=goal.group.name if goal.group else None,
        first_on=goal.first_on,
        last_on=goal.last_on,
        aim=goal.aim,
        target=goal.target,
        unit=goal.unit,
        sentence=goal.sentence,
        source=goal.source,
        ended_on=goal.ended_on,
        value=_number(figure.value),
        counted_on=figure.on,
        is_frozen=figure.frozen is not None,
        is_part_of_period=figure.part_of_period,
        known=figure.tally.known if figure.tally else None,
        lines=figure.tally.lines if figure.tally else None,
        standing=figure.standing,
        why_none=figure.why_none,
    )


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def lines_behind(page: OpenedGoal, among: Sequence[Goal], today: date, asked: PageAsked) -> FigureLinesShape:
    """The list that a leader's page of the figure shows; of people never one by one."""
    figure, lines = page.row.figure, page.lines
    kind = lists.kind_of(figure, sees_cards=False)
    if kind is ListKind.PARTS:
        told = lists.by_form(figure, lines, among, today)
        return _behind("parts", parts=[FigurePartShape(form=one.label, amount=one.amount) for one in told])
    if kind is ListKind.OUTSIDE:
        return _behind("outside", sources=_sources(figure.frozen, lines))
    if kind is ListKind.FROZEN_EMPLOYERS and figure.frozen is not None:
        rows, onward = _frozen_lines(figure.frozen, asked)
    elif kind is ListKind.EMPLOYERS and lines is not None:
        rows, onward = _live_lines(lines, asked)
    else:
        return _behind("none")
    return _behind("employers", employers=[_line(row) for row in rows], onward=onward)


def _behind(
    kind: Any,
    *,
    employers: Sequence[FigureLineShape] = (),
    parts: Sequence[FigurePartShape] = (),
    sources: Sequence[str] = (),
    onward: str | None = None,
) -> FigureLinesShape:
    return FigureLinesShape(
        kind=kind, employers=list(employers), parts=list(parts), sources=list(sources), next=onward
    )


def _sources(frozen: FrozenFigure | None, lines: Lines | None) -> list[str]:
    if frozen is not None:
        return lists.frozen_notes(frozen)
    return [text for notes in lines.notes.values() for text in notes] if lines is not None else []


def _line(row: Any) -> FigureLineShape:
    return FigureLineShape(
        employer_id=row.subject_id,
        name=row.name,
        cvr=row.cvr,
        on=row.on,
        amount=row.amount,
        out_of=row.out_of,
        is_known=bool(row.known),
    )


def _live_lines(lines: Lines, asked: PageAsked) -> tuple[Sequence[Any], str | None]:
    """All lines of the page's employers, so that no page divides those of one."""
    records = lists.of_employers(lines)
    line, listed = records.selected_columns, records.order_by(None).subquery()
    ids = sa.select(listed.c.subject_id).where(listed.c.subject_id > asked.after).distinct()
    wanted = records.where(line.subject_id.in_(ids.order_by(listed.c.subject_id).limit(asked.limit + 1)))
    rows = db.session.execute(wanted.order_by(None).order_by(line.subject_id, line.on)).all()
    page, onward = cut(
        list(dict.fromkeys(row.subject_id for row in rows)), asked, lambda employer_id: employer_id
    )
    return [row for row in rows if row.subject_id in page], onward


def _frozen_lines(figure: FrozenFigure, asked: PageAsked) -> tuple[Sequence[Any], str | None]:
    """A frozen line is a record with a number of its own."""
    statement = lists.frozen_employers(figure).add_columns(FrozenLine.id.label("line_id"))
    wanted = statement.where(FrozenLine.id > asked.after).order_by(FrozenLine.id).limit(asked.limit + 1)
    return cut(db.session.execute(wanted).all(), asked, lambda line: int(line.line_id))
