"""What a day at the desk is made of: each room declares its lines in `room.py`, whoever shows a day collects them.

All lines of all rooms are one statement (UNION ALL), so a page costs the same however many rooms speak.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any, Final

import sqlalchemy as sa
from flask import url_for
from flask_babel import LazyString

from portal.base.database import db

_UNOWNED: Final = 0
"""Stands for nobody: both engines give every column of the union one type."""


@dataclass(frozen=True)
class AgendaAsk:
    """Whose lines are asked for, and of which days."""

    reader: Any
    today: date
    last: date
    """The last day; all that is late is asked for too."""
    first: date | None = None
    """The first day; None: from the beginning."""
    owners: frozenset[int] | None = None
    """Users whose work it is; None: everybody's in the reader's municipality, and what is nobody's."""

    def whose(self, owner_id: Any) -> sa.ColumnElement[bool]:
        """The condition on the column that says whose a line is."""
        condition: sa.ColumnElement[bool] = (
            sa.true() if self.owners is None else owner_id.in_(sorted(self.owners))
        )
        return condition

    def within(self, day: Any) -> sa.ColumnElement[bool]:
        """The condition on the column that holds the line's day."""
        condition: sa.ColumnElement[bool] = day <= self.last
        return condition if self.first is None else sa.and_(day >= self.first, condition)


@dataclass(frozen=True)
class AgendaPress:
    """The button that does what a line says, where one press is enough. `page` takes the record's number as `arg`."""

    label: LazyString
    page: str
    arg: str


@dataclass(frozen=True)
class AgendaKind:
    """One kind of line: its label, its rows (made with `agenda_row`), and the page they lead to."""

    key: str
    label: LazyString
    rows: Callable[[AgendaAsk], sa.Select[Any]]
    """Scoped to the reader, without order."""
    page: str
    args: Mapping[str, str] = field(default_factory=dict)
    """The page's arguments, each with what of the line fills it: "record_id" or "parent_id"."""
    one_press: AgendaPress | None = None
    in_calendar: bool = False
    """Whether a calendar outside the portal gets it: its label, its day and its code, never its words."""
    late_label: LazyString | None = None
    """What it is called once its day is over."""


@dataclass(frozen=True)
class AgendaLine:
    """One thing to do or to know of on a day."""

    kind: AgendaKind
    day: date
    begins_at: time | None
    who: str
    """The person or the firm; "" where it is about nobody."""
    code: str
    """What stands for `who` where nobody may be named: her card's number, or the firm as it is."""
    what: str
    record_id: int
    owner_id: int | None
    citizen_id: int | None
    parent_id: int

    @property
    def url(self) -> str:
        return url_for(
            self.kind.page, **{name: getattr(self, column) for name, column in self.kind.args.items()}
        )

    def is_late(self, today: date) -> bool:
        return self.day < today

    def label(self, today: date) -> str:
        late = self.kind.late_label if self.is_late(today) else None
        return str(late or self.kind.label)

    @property
    def key(self) -> str:
        """What tells it from every other line, for a calendar."""
        return f"{self.kind.key}-{self.record_id}"


def agenda_row(  # noqa: PLR0913
    *,
    day: Any,
    record_id: Any,
    begins_at: Any = None,
    what: Any = "",
    who: Any = "",
    code: Any = "",
    owner_id: Any = None,
    citizen_id: Any = None,
    parent_id: Any = None,
) -> sa.Select[Any]:
    """A select of the columns that every line has; to it come the joins and conditions of its room."""
    return sa.select(
        sa.type_coerce(day, sa.Date).label("day"),
        (sa.cast(sa.null(), sa.Time) if begins_at is None else begins_at).label("begins_at"),
        _text(who).label("who"),
        _text(code).label("code"),
        _text(what).label("what"),
        _number(record_id).label("record_id"),
        _number(owner_id).label("owner_id"),
        _number(citizen_id).label("citizen_id"),
        _number(parent_id).label("parent_id"),
    )


def _number(value: Any) -> Any:
    return sa.func.coalesce(value, _UNOWNED) if value is not None else sa.literal(_UNOWNED, sa.Integer)


def _text(value: Any) -> Any:
    return sa.literal(value, sa.String) if isinstance(value, str) else sa.type_coerce(value, sa.String)


def agenda_lines(kinds: Sequence[AgendaKind], ask: AgendaAsk, *, most: int) -> list[AgendaLine]:
    """The first `most` of each kind by day, all in one statement."""
    if not kinds:
        return []
    rows = db.session.execute(_united(kinds, ask, most)).all()
    return [
        AgendaLine(
            kind=kinds[row.place],
            day=row.day,
            begins_at=row.begins_at,
            who=row.who,
            code=row.code,
            what=row.what,
            record_id=row.record_id,
            owner_id=row.owner_id or None,
            citizen_id=row.citizen_id or None,
            parent_id=row.parent_id,
        )
        for row in rows
    ]


_COLUMNS: Final[tuple[sa.ColumnElement[Any], ...]] = (
    *(
        sa.literal_column(str(column.key), column.type)
        for column in agenda_row(day=sa.null(), record_id=_UNOWNED).selected_columns
    ),
    sa.literal_column("place", sa.Integer),
)
"""What `agenda_row` gives, by its names: the columns of each branch need not be drawn up again for every page."""


def _united(kinds: Sequence[AgendaKind], ask: AgendaAsk, most: int) -> sa.Select[Any]:
    branches = []
    for place, kind in enumerate(kinds):
        rows = kind.rows(ask).add_columns(sa.literal(place, sa.Integer).label("place"))
        branches.append(
            sa.select(*_COLUMNS).select_from(rows.order_by("day", "record_id").limit(most).subquery())
        )
    order = sa.text("day, place, begins_at, record_id")
    return sa.select(*_COLUMNS).select_from(sa.union_all(*branches).subquery()).order_by(order)


def shown_citizens(lines: Iterable[AgendaLine]) -> list[int]:
    """Whom the lines name, for the log."""
    return sorted({line.citizen_id for line in lines if line.citizen_id is not None})
