"""Reads of matches, and which pairs are worth comparing at all."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, Final, Protocol

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.base.database import db
from portal.base.terms import Industry, TaskKind
from portal.loop.cards.models import Certificate, CompetenceCard, SkillEvidence
from portal.loop.matches.models import GivenAnswer, Match, MatchStatus
from portal.loop.openings.models import Opening, OpeningTask
from portal.loop.openings.queries import published_for
from portal.matching import Relations
from portal.shared.accounts.models import User
from portal.shared.neighbours.queries import neighbour_ids
from portal.shared.skills.queries import relations
from portal.web.permissions import Action, Scope


def matches_seen_by(user: User) -> sa.Select[Match]:
    """The matches of the user's own municipality: the card's municipality reviews, nobody else reads."""
    if user.scope_of(Action.READ_MATCHES) is not Scope.MUNICIPALITY:
        return sa.select(Match).where(sa.false())
    return sa.select(Match).where(Match.municipality_id == user.municipality_id)


def with_both_sides(statement: sa.Select[Match]) -> sa.Select[Match]:
    """Loads opening, employer and card in the same statement."""
    return statement.options(
        joinedload(Match.opening).options(joinedload(Opening.employer), joinedload(Opening.workplace)),
        joinedload(Match.card, innerjoin=True),
    )


def match_for(user: User, match_id: int) -> Match:
    """Raises NoResultFound for another municipality's match."""
    return db.session.scalars(with_both_sides(matches_seen_by(user)).where(Match.id == match_id)).one()


def matches_of_opening(user: User, opening_id: int) -> sa.Select[Match]:
    return with_both_sides(matches_seen_by(user).where(Match.opening_id == opening_id))


def matches_of_card(user: User, card_id: int) -> sa.Select[Match]:
    return with_both_sides(matches_seen_by(user).where(Match.card_id == card_id))


MOST_AT_A_GLANCE: Final = 3
"""Suggestions on the page of an opening or a card: what is read without scrolling; the rest is one link away."""


def best(statement: sa.Select[Match]) -> Sequence[Match]:
    """The first few of a list of matches."""
    best_first = statement.order_by(*(column.desc() for column in Match.standing()))
    return db.session.scalars(best_first.limit(MOST_AT_A_GLANCE)).all()


def how_many(statement: sa.Select[Match]) -> int:
    ids = statement.with_only_columns(Match.id).order_by(None)
    return db.session.scalar(sa.select(sa.func.count()).select_from(ids.subquery())) or 0


def open_elsewhere(opening_id: int, municipality_id: int | None) -> int:
    """How many open suggestions to the opening other municipalities review: the number is all one may know."""
    statement = sa.select(sa.func.count(Match.id)).where(
        Match.opening_id == opening_id,
        Match.status == MatchStatus.OPEN,
        Match.municipality_id != municipality_id,
    )
    return db.session.scalar(statement) or 0


def task_of(opening_id: int, task_id: int) -> OpeningTask | None:
    """The task, if the opening still has it."""
    statement = sa.select(OpeningTask).where(OpeningTask.id == task_id, OpeningTask.opening_id == opening_id)
    return db.session.scalar(statement)


def last_answers(match_ids: Sequence[int]) -> dict[int, GivenAnswer]:
    """By match: the last answer given to its questions that was not taken back."""
    if not match_ids:
        return {}
    standing = (
        sa.select(sa.func.max(GivenAnswer.id))
        .where(GivenAnswer.match_id.in_(match_ids), GivenAnswer.taken_back_at.is_(None))
        .group_by(GivenAnswer.match_id)
    )
    statement = sa.select(GivenAnswer).where(GivenAnswer.id.in_(standing)).order_by(GivenAnswer.id)
    found = db.session.scalars(statement.options(joinedload(GivenAnswer.answered_by)))
    return {answer.match_id: answer for answer in found}


# --- Candidates: a coarse sieve in SQL; what it lets through, the matcher judges ------------------------------


def candidate_cards(opening: Opening, *, on: date) -> sa.Select[CompetenceCard]:
    """Active cards within reach of the opening with a skill like one of its tasks, or something in free words."""
    places: list[Any] = [CompetenceCard.municipality_id == opening.municipality_id]
    if opening.visible_to_neighbours:
        places.append(CompetenceCard.municipality_id.in_(neighbour_ids(opening.municipality_id, on=on)))
    return sa.select(CompetenceCard).where(
        CompetenceCard.is_active,
        sa.or_(*places),
        CompetenceCard.id.in_(_cards_sharing(opening)),
        wishes_for(opening.industry),
    )


def _cards_sharing(opening: Opening) -> sa.CompoundSelect[int]:
    asked = {task.skill_id for task in opening.tasks if task.kind is not TaskKind.LEARN}
    asked |= related_to_asked(asked, relations())
    evidence, certificates = sa.select(SkillEvidence.card_id), sa.select(Certificate.card_id)
    if None not in asked:  # a task in free words may be met by any skill
        evidence = evidence.where(_one_of(SkillEvidence.skill_id, asked))
        certificates = certificates.where(_one_of(Certificate.skill_id, asked))
    return sa.union(evidence, certificates)


def _one_of(column: Any, skill_ids: Collection[Any]) -> sa.ColumnElement[bool]:
    return sa.or_(column.in_(skill_ids), column.is_(None))


def related_to_asked(asked: Collection[int | None], related: Relations) -> set[int]:
    """The skills that count for something where one of these is asked for."""
    return {held for wanted, held in related if wanted in asked}


def related_to_held(held: Collection[int | None], related: Relations) -> set[int]:
    """The skills that one of these counts for where they are asked for."""
    return {wanted for wanted, one in related if one in held}


class Asked(Protocol):
    """What of an opening a card's columns can be held against, stored or still being written."""

    @property
    def industry(self) -> Industry: ...
    @property
    def hours_per_week(self) -> float | None: ...
    @property
    def danish_speaking(self) -> int: ...
    @property
    def danish_reading(self) -> int: ...
    @property
    def shifts(self) -> Collection[str]: ...


def unmet_conditions(asked: Asked) -> dict[str, sa.ColumnElement[bool]]:
    """Name of a hard condition -> whether a card is known not to meet it. All but the distance."""
    card = CompetenceCard
    refused = sa.cast(card.shifts_no, sa.Text)
    unmet: dict[str, sa.ColumnElement[bool]] = {
        "industry": sa.not_(wishes_for(asked.industry)),
        "danish_speaking": card.danish_speaking < asked.danish_speaking,
        "danish_reading": card.danish_reading < asked.danish_reading,
    }
    if asked.hours_per_week is not None:
        unmet["hours"] = sa.or_(card.hours_min > asked.hours_per_week, card.hours_max < asked.hours_per_week)
    return unmet | {f"shift_{shift}": refused.like(f'%"{shift}"%') for shift in sorted(asked.shifts)}


def wishes_for(industry: Industry) -> sa.ColumnElement[bool]:
    """Nothing wished for is not known, so it excludes nothing."""
    wishes = sa.cast(CompetenceCard.wishes, sa.Text)
    return sa.or_(wishes == "[]", wishes.like(f'%"{industry.value}"%'))


def candidate_openings(card: CompetenceCard, *, on: date) -> sa.Select[Opening]:
    """What may be suggested in the card's municipality and asks for a skill like one of its own, or in free words."""
    held = set(db.session.scalars(_skills_of(card)))
    statement = published_for(card.municipality_id, on=on)
    if card.wishes:
        statement = statement.where(Opening.industry.in_([Industry(wish) for wish in card.wishes]))
    if None not in held:  # free words on the card may fit any task
        statement = statement.where(Opening.id.in_(_openings_sharing(held)))
    return statement


def _skills_of(card: CompetenceCard) -> sa.CompoundSelect[int | None]:
    return sa.union(
        sa.select(SkillEvidence.skill_id).where(SkillEvidence.card_id == card.id),
        sa.select(Certificate.skill_id).where(Certificate.card_id == card.id),
    )


def _openings_sharing(held: set[int | None]) -> sa.Select[int]:
    return sa.select(OpeningTask.opening_id).where(
        OpeningTask.kind != TaskKind.LEARN,
        _one_of(OpeningTask.skill_id, held | related_to_held(held, relations())),
    )
