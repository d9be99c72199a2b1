"""The day and the week of a consultant: what is late, what is today's, what comes; from the rooms' own lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Final

import sqlalchemy as sa

from portal.base.database import db
from portal.shared.accounts.models import User
from portal.web.agenda import AgendaAsk, AgendaLine, agenda_lines
from portal.web.rooms import rooms
from portal.web.whose import Whose
from portal.workspaces.home.models import DeskChoice
from portal.workspaces.teams.queries import members_of

MOST_OF_A_KIND: Final = 50
"""Lines of one kind on a page; the list of the room has the rest."""
WEEKS_AHEAD: Final = 8


@dataclass(frozen=True)
class AgendaDay:
    """A day with its lines, in the order of the rooms."""

    day: date
    lines: Sequence[AgendaLine]


@dataclass(frozen=True)
class Agenda:
    """What is late, and the days that are shown."""

    today: date
    first: date
    last: date
    late: Sequence[AgendaLine]
    days: Sequence[AgendaDay]
    is_cut: bool
    """There is more of some kind than is shown."""

    @property
    def lines(self) -> list[AgendaLine]:
        return [*self.late, *(line for day in self.days for line in day.lines)]

    @property
    def earlier(self) -> date | None:
        """The Monday of the week before; None where it is over."""
        before = self.first - timedelta(days=7)
        return max(before, monday_of(self.today)) if self.first > monday_of(self.today) else None

    @property
    def later(self) -> date | None:
        after = self.first + timedelta(days=7)
        return after if after <= monday_of(self.today) + timedelta(weeks=WEEKS_AHEAD) else None


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def week_wanted(text: str, today: date) -> date:
    """The Monday of the week that the address asks for, within what is shown; else of this one."""
    this = monday_of(today)
    try:
        wanted = monday_of(date.fromisoformat(text))
    except ValueError:
        return this
    return wanted if this <= wanted <= this + timedelta(weeks=WEEKS_AHEAD) else this


def whose_day(user: User) -> tuple[Whose, dict[int, str]]:
    """As she last chose, and what those on her team are called; a team that is none any more is she alone."""
    of_her = sa.select(sa.literal(user.id).label("id")).subquery()
    member = members_of(user).with_only_columns(User.id, User.name).subquery()
    rows = db.session.execute(
        sa.select(DeskChoice.whose, member.c.id, member.c.name)
        .select_from(of_her)
        .outerjoin(DeskChoice, DeskChoice.user_id == of_her.c.id)
        .outerjoin(member, sa.true())
    ).all()
    team = {row.id: row.name for row in rows if row.id is not None}
    chosen = rows[0].whose or Whose.MINE
    return Whose.MINE if chosen is Whose.TEAM and not team else chosen, team


def agenda_of(user: User, today: date, *, owners: frozenset[int] | None, week: date | None = None) -> Agenda:
    """Of a week by its Monday, or of today alone. What is late belongs to this week and to today."""
    first = today if week is None else week
    last = today if week is None else week + timedelta(days=6)
    is_now = first <= today
    ask = AgendaAsk(reader=user, today=today, first=None if is_now else first, last=last, owners=owners)
    lines = agenda_lines(rooms().agenda(user.uses), ask, most=MOST_OF_A_KIND)
    shown = [line for line in lines if not line.is_late(today)]
    days = [AgendaDay(day, list(of_day)) for day, of_day in groupby(shown, key=lambda line: line.day)]
    kinds = [line.kind.key for line in lines]
    return Agenda(
        today=today,
        first=first,
        last=last,
        late=[line for line in lines if line.is_late(today)],
        days=days,
        is_cut=any(kinds.count(key) >= MOST_OF_A_KIND for key in set(kinds)),
    )
