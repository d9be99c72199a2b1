"""Reads of the consultant's desk: whose cases, which question, and which case comes next."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from math import ceil
from typing import Any, Final

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import contains_eager, joinedload

from portal.base import events
from portal.base.database import db
from portal.loop.cards.models import CompetenceCard
from portal.loop.citizens.models import Citizen
from portal.loop.matches.models import Match, MatchStatus
from portal.loop.matches.queries import matches_seen_by, with_both_sides
from portal.loop.reviews.models import UNDO_FOR, Answer, Decision, PutOff, Review, UndoneDecision
from portal.shared.accounts.models import User

_NOTHING: Final = "nothing"
_SUBJECTS: Final = {
    "task": _l("En opgave"),
    "shift": _l("Arbejdstider"),
    "hours": _l("Timer"),
    "distance": _l("Vejen dertil"),
    "danish": _l("Dansk"),
    "industry": _l("Fag"),
}
QUESTIONS: Final = [*_SUBJECTS.items(), (_NOTHING, _l("Intet at spørge om"))]
"""What a suggestion's question is about, for a filter."""


def of_citizens_looked_after(user: User, by: frozenset[int]) -> sa.Select[int]:
    """Keys of the cards of those whose consultant is one of the users."""
    return (
        sa.select(CompetenceCard.id)
        .join(CompetenceCard.citizen)
        .where(Citizen.municipality_id == user.municipality_id, Citizen.consultant_id.in_(sorted(by)))
    )


def asks_about(subject: str) -> sa.ColumnElement[bool]:
    """Whether the suggestion's one question is about the subject; an unknown subject finds nothing."""
    asked: Any = Match.result["question"]
    kind, key = asked["kind"].as_string(), asked["key"].as_string()
    if subject == _NOTHING:
        nothing: sa.ColumnElement[bool] = kind.is_(None)
        return nothing
    if subject not in _SUBJECTS:
        return sa.false()
    if subject == "task":
        return sa.and_(kind == "task")
    return sa.and_(
        kind == "condition", sa.or_(key == subject, key.startswith(f"{subject}_", autoescape=True))
    )


def next_after(
    statement: sa.Select[Any], match: Match, columns: Sequence[Any], descending: bool
) -> int | None:
    """The key of the case that follows in the list, the match itself left out; after the last one, the first."""
    keys = statement.with_only_columns(Match.id).where(Match.id != match.id).order_by(None)
    keys = keys.order_by(*(column.desc() if descending else column.asc() for column in columns)).limit(1)
    place, own = sa.tuple_(*columns), sa.tuple_(*(sa.literal(getattr(match, one.key)) for one in columns))
    later = db.session.scalar(keys.where(place < own if descending else place > own))
    return later if later is not None else db.session.scalar(keys)


def case_for(user: User, match_id: int) -> tuple[Match, PutOff | None, bool]:
    """A match with both sides and whose card it is, until when it is put off, and whether the reader has a team.

    Raises NoResultFound.
    """
    statement = (
        with_both_sides(matches_seen_by(user))
        .add_columns(PutOff, events.has_team(user))
        .outerjoin(PutOff, PutOff.match_id == Match.id)
        .where(Match.id == match_id)
        .options(
            joinedload(Match.card, innerjoin=True).joinedload(CompetenceCard.citizen),
            joinedload(PutOff.set_by),
        )
    )
    match, away, has_team = db.session.execute(statement).one()
    return match, away, has_team


def put_offs_of(matches: Sequence[Match]) -> dict[int, PutOff]:
    """Until when those of them that are put off are, and by whom, by match id."""
    ids = [match.id for match in matches]
    statement = sa.select(PutOff).where(PutOff.match_id.in_(ids)).options(joinedload(PutOff.set_by))
    return {one.match_id: one for one in db.session.scalars(statement.order_by(PutOff.match_id))}


def some_open(user: User, ids: Sequence[int]) -> list[Match]:
    """Those of the matches that the user may decide and nobody has, the best first."""
    statement = with_both_sides(matches_seen_by(user)).where(
        Match.id.in_(ids), Match.status == MatchStatus.OPEN
    )
    named = statement.options(joinedload(Match.card, innerjoin=True).joinedload(CompetenceCard.citizen))
    return list(db.session.scalars(named.order_by(Match.sure.desc(), Match.id)))


@dataclass(frozen=True)
class Undoable:
    """What the reader did a moment ago in one go, and for how many seconds it can be undone."""

    decision: Decision | None
    """None: put off."""
    match_ids: list[int]
    seconds_left: int
    review_ids: list[int] = field(default_factory=list)


def undoable(user: User, at: datetime) -> list[Undoable]:
    """The latest first."""
    since = at - UNDO_FOR
    decided = (
        sa.select(Review)
        .where(
            Review.decided_by_id == user.id,
            Review.decided_at > since,
            Review.citizen_answer == Answer.PENDING,
        )
        .order_by(Review.decided_at.desc(), Review.id)
    )
    away = (
        sa.select(PutOff)
        .where(PutOff.set_by_id == user.id, PutOff.set_at > since)
        .order_by(PutOff.set_at.desc(), PutOff.match_id)
    )
    found = [
        (
            moment,
            Undoable(decision, [one.match_id for one in rows], _left(moment, at), [one.id for one in rows]),
        )
        for (moment, decision), rows in _together(
            db.session.scalars(decided), lambda one: (one.decided_at, one.decision)
        )
    ]
    found += [
        (moment, Undoable(None, [one.match_id for one in rows], _left(moment, at)))
        for moment, rows in _together(db.session.scalars(away), lambda one: one.set_at)
    ]
    return [one for _moment, one in sorted(found, key=lambda pair: pair[0], reverse=True)]


def _together(rows: Iterable[Any], key: Callable[[Any], Any]) -> list[tuple[Any, list[Any]]]:
    return [(moment, list(group)) for moment, group in groupby(rows, key)]


def _left(moment: datetime, at: datetime) -> int:
    return ceil((moment + UNDO_FOR - at).total_seconds())


def reviews_to_undo(user: User, ids: Sequence[int]) -> list[Review]:
    """Those of the reviews that the user may see."""
    statement = (
        sa.select(Review)
        .join(Review.match)
        .where(Review.id.in_(ids), Match.municipality_id == user.municipality_id)
        .options(contains_eager(Review.match).joinedload(Match.card))
    )
    return list(db.session.scalars(statement.order_by(Review.id)))


def undone_of(match: Match) -> list[UndoneDecision]:
    """What was decided of it and undone at once, the first first."""
    statement = sa.select(UndoneDecision).where(UndoneDecision.match_id == match.id)
    return list(
        db.session.scalars(
            statement.options(joinedload(UndoneDecision.decided_by)).order_by(UndoneDecision.id)
        )
    )
