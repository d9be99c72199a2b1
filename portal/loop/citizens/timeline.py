"""A citizen's timeline: what all rooms say happened, the newest first, in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from portal.base.database import danish_day, db
from portal.loop.citizens.models import Citizen, FirstTalk
from portal.web.timeline import Chapter, happened


@dataclass(frozen=True)
class TimelineRow:
    """One line as it is stored: `what` happened is a code of the chapter's."""

    on_day: date
    what: str
    record_id: int
    title: str
    chapter: Chapter

    @property
    def sentence(self) -> str:
        return str(self.chapter.said[self.what]) % {"title": self.title}

    @property
    def address(self) -> str:
        return self.chapter.address(self.record_id)


@dataclass(frozen=True)
class TimelinePage:
    """Some rows, and how many there are in all."""

    rows: list[TimelineRow]
    total: int


def timeline_of(
    citizen_id: int, chapters: Sequence[Chapter], *, kind: str = "", limit: int, offset: int = 0
) -> TimelinePage:
    """The newest first; what is agreed for a day to come stands above. An unknown `kind` has no rows."""
    wanted = [chapter for chapter in chapters if kind in ("", chapter.kind.value)]
    if not wanted:
        return TimelinePage([], 0)
    lines = _union(citizen_id, wanted)
    statement = sa.select(lines, sa.func.count().over().label("total"))
    newest = statement.order_by(lines.c.on_day.desc(), lines.c.what, lines.c.record_id.desc())
    rows = db.session.execute(newest.limit(limit).offset(offset)).all()
    return TimelinePage([_row(row, wanted) for row in rows], rows[0].total if rows else 0)


def next_line(citizen_id: int, chapters: Sequence[Chapter], *, on: date) -> TimelineRow | None:
    """What comes first of all that is agreed for the day or later."""
    if not chapters:
        return None
    lines = _union(citizen_id, chapters)
    coming = sa.select(lines).where(lines.c.on_day >= on).order_by(lines.c.on_day, lines.c.record_id)
    row = db.session.execute(coming.limit(1)).first()
    return None if row is None else _row(row, chapters)


def _union(citizen_id: int, chapters: Sequence[Chapter]) -> sa.Subquery:
    return sa.union_all(*(line for chapter in chapters for line in chapter.lines(citizen_id))).subquery(
        "lines"
    )


def _row(row: Any, chapters: Sequence[Chapter]) -> TimelineRow:
    chapter = next(one for one in chapters if row.what in one.said)
    return TimelineRow(row.on_day, row.what, row.record_id, row.title, chapter)


def own_lines(citizen_id: int) -> Sequence[sa.Select[Any]]:
    """When she came, and the first talk with her."""
    hers = Citizen.id == citizen_id
    talked = (FirstTalk.citizen_id == citizen_id, FirstTalk.replaced_at.is_(None))
    return (
        happened("citizen-came", danish_day(Citizen.created_at), Citizen.id).where(hers),
        happened("first-talk", danish_day(FirstTalk.held_at), FirstTalk.citizen_id).where(*talked),
    )
