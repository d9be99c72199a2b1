"""A leader's quarter: what came, what is late, and which goals moved. Numbers alone, nobody's name."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from portal.base import quarters
from portal.base.clock import danish_midnight
from portal.base.database import db
from portal.ledger.goals.divided import shown_to_leader
from portal.ledger.goals.figures import Figure, current, figures_of
from portal.ledger.goals.masking import is_few
from portal.ledger.goals.queries import goals_of
from portal.loop.citizens.models import Citizen
from portal.loop.employers.models import Employer, EmployerRegistration, RegistrationStatus
from portal.loop.matches.models import Match
from portal.loop.openings.models import Opening
from portal.loop.openings.queries import unanswered
from portal.loop.placements.models import Outcome, Placement, PlacementStatus
from portal.loop.reviews.models import Decision, Review
from portal.shared.accounts.models import User


@dataclass(frozen=True)
class Came:
    """One number of the quarter beside the same of the quarter before; None: so few that it is not told."""

    title: str
    now: int | None
    before: int | None


@dataclass(frozen=True)
class Moved:
    """A goal whose figure is another than when the quarter began."""

    figure: Figure
    was: Decimal


@dataclass(frozen=True)
class Quarter:
    first: date
    last: date
    """Today, of a quarter that goes on."""
    came: list[Came]
    moved: list[Moved]
    still: list[Figure]
    """Goals whose figure is what it was."""

    @property
    def number(self) -> int:
        return quarters.number(self.first)


@dataclass(frozen=True)
class Late:
    """What should have been done by now: numbers of records."""

    answers: int
    placements: int
    registrations: int

    @property
    def is_nothing(self) -> bool:
        return not (self.answers or self.placements or self.registrations)


def quarter_of(user: User, first: date, today: date) -> Quarter:
    """The quarter that begins on `first`, as far as it has come."""
    last = min(quarters.quarter_end(first), today)
    moved, still = _goals(user, first, last, today)
    return Quarter(first, last, _came(user.municipality_id, first), moved, still)


def first_days(today: date) -> list[date]:
    """The quarters that can be chosen: this one and the one before."""
    this = quarters.quarter_of(today)
    return [this, quarters.quarter_of(this - timedelta(days=1))]


def late_now(user: User, today: date, at: datetime) -> Late:
    home = user.municipality_id
    over = sa.select(Placement.id).where(
        Placement.municipality_id == home,
        Placement.status == PlacementStatus.RUNNING,
        Placement.ends_on < today,
    )
    waiting = sa.select(EmployerRegistration.id).where(
        EmployerRegistration.municipality_id == home,
        EmployerRegistration.status == RegistrationStatus.PENDING,
    )
    overdue = unanswered(user, today=today).where(Opening.answer_due_at < at)
    statement = sa.select(_number(overdue), _number(over), _number(waiting))
    answers, placements, registrations = db.session.execute(statement).one()
    return Late(answers, placements, registrations)


def _came(home: int | None, first: date) -> list[Came]:
    """In one statement for both quarters."""
    spans = (first, quarters.next_quarter(first)), (quarters.quarter_of(first - timedelta(days=1)), first)
    found = db.session.execute(
        sa.select(*(_number(of) for span in spans for of in _events(home, *span)))
    ).one()
    half = len(found) // 2
    return [
        Came(title, _told(now, about_citizens), _told(before, about_citizens))
        for (title, about_citizens), now, before in zip(_titles(), found[:half], found[half:], strict=True)
    ]


def _titles() -> list[tuple[str, bool]]:
    """Of `_events`, each with whether it counts citizens."""
    return [
        (_("Nye virksomheder"), False),
        (_("Åbninger slået op"), False),
        (_("Nye borgere"), True),
        (_("Forslag, konsulenten godkendte"), False),
        (_("Forløb, der begyndte"), False),
        (_("Ansat efter et forløb"), True),
    ]


def _events(home: int | None, first: date, end: date) -> list[sa.Select[Any]]:
    """What came from the first day until the day before `end`."""
    since, until = danish_midnight(first), danish_midnight(end)

    def within(column: Any) -> sa.ColumnElement[bool]:
        return sa.and_(column >= since, column < until)

    hired = Placement.outcome == Outcome.HIRED
    return [
        sa.select(Employer.id).where(Employer.municipality_id == home, within(Employer.approved_at)),
        sa.select(Opening.id).where(Opening.municipality_id == home, within(Opening.published_at)),
        sa.select(Citizen.id).where(Citizen.municipality_id == home, within(Citizen.created_at)),
        sa.select(Review.id)
        .join(Match, Match.id == Review.match_id)
        .where(
            Match.municipality_id == home, Review.decision == Decision.APPROVED, within(Review.decided_at)
        ),
        sa.select(Placement.id).where(
            Placement.municipality_id == home,
            Placement.started_at.is_not(None),
            Placement.starts_on >= first,
            Placement.starts_on < end,
        ),
        sa.select(Placement.id).where(
            Placement.municipality_id == home, hired, Placement.ended_on >= first, Placement.ended_on < end
        ),
    ]


def _number(of: sa.Select[Any]) -> sa.ScalarSelect[int]:
    return sa.select(sa.func.count()).select_from(of.order_by(None).subquery()).scalar_subquery()


def _told(count: int, about_citizens: bool) -> int | None:
    return None if about_citizens and is_few(count) else count


def _goals(user: User, first: date, last: date, today: date) -> tuple[list[Moved], list[Figure]]:
    """Goals whose time it was, by whether their figure moved since the day before the quarter."""
    among = goals_of(user.municipality_id or 0)
    goals = [goal for goal in current(among, last) if goal.first_on <= last]
    home = user.municipality
    assert home is not None  # whoever sets goals works in a municipality
    earlier = figures_of(home, goals, first - timedelta(days=1))
    before = {figure.goal.id: shown_to_leader(figure, among, today) for figure in earlier}
    moved, still = [], []
    for counted in figures_of(home, goals, last):
        figure = shown_to_leader(counted, among, today)
        was = before[figure.goal.id].value
        if figure.value is not None and was is not None and was != figure.value:
            moved.append(Moved(figure, was))
        else:
            still.append(figure)
    return moved, still
