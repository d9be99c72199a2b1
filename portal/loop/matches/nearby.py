"""Reads of what nearly fits: pairs that exactly one hard condition keeps apart, and what giving way would bring."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import Row
from sqlalchemy.orm import joinedload

from portal import matching
from portal.base.database import db
from portal.base.terms import TaskKind
from portal.loop.cards.models import Certificate, CompetenceCard, SkillEvidence
from portal.loop.cards.queries import card_inputs
from portal.loop.matches import queries
from portal.loop.matches.weights import all_in_force
from portal.loop.openings.models import Opening, OpeningTask
from portal.loop.openings.queries import opening_input, published_for
from portal.matching import Relations, Suggestion
from portal.shared.skills.queries import relations

NEAREST: Final = 150
"""Cards or openings looked at closely for one page: those that share most of the tasks; some 30 ms of work."""


def near_cards(opening: Opening, municipality_id: int, *, on: date) -> list[Suggestion]:
    """The municipality's cards that exactly one condition keeps out of the opening, best first."""
    related = relations()
    nearest = _nearest_cards(opening, municipality_id, related)
    cards = card_inputs(sa.select(CompetenceCard).where(CompetenceCard.id.in_(nearest)), on=on)
    weights = all_in_force([municipality_id])[municipality_id].weights
    found = matching.near_misses(opening_input(opening), cards, NEAREST, related, weights)
    return [one for one in found if one.sure]


def near_openings(
    card: CompetenceCard, seen: matching.Card, openings: Iterable[Opening], related: Relations
) -> list[Suggestion]:
    """Those of the openings that exactly one condition keeps the card out of, best first.

    `seen` is the card as the matcher sees it.
    """
    weights = all_in_force([card.municipality_id])[card.municipality_id].weights
    pairs = [(opening_input(opening), [seen]) for opening in openings]
    return near_by_card(pairs, related, weights)[card.id]


def near_by_card(
    pairs: Iterable[tuple[matching.Opening, Sequence[matching.Card]]],
    related: Relations,
    weights: matching.Weights,
) -> dict[int, list[Suggestion]]:
    """The near misses of each card, best first, when each opening is compared with the cards beside it."""
    found: dict[int, list[Suggestion]] = defaultdict(list)
    for opening, cards in pairs:
        for one in matching.near_misses(opening, cards, len(cards), related, weights):
            if one.sure:
                found[one.card_id].append(one)
    for near in found.values():
        near.sort(key=lambda one: (-(one.sure or 0), -(one.possible or 0), one.opening_id))
    return found


def cards_among(card_ids: Sequence[int]) -> dict[int, Row[Any, Any, Any]]:
    """Number and citizen of cards by key, for those who may read the cards."""
    columns = (CompetenceCard.id, CompetenceCard.number, CompetenceCard.citizen_id)
    rows = db.session.execute(sa.select(*columns).where(CompetenceCard.id.in_(card_ids)))
    return {row.id: row for row in rows}


# --- The nearest: most of the tasks that must be done first, then most of all tasks ------------------------------


def _nearest_cards(opening: Opening, municipality_id: int, related: Relations) -> Sequence[int]:
    """Cards that two conditions keep out are no near misses; what SQL can see of them is left out here."""
    counted = [task for task in opening.tasks if task.kind is not TaskKind.LEARN]
    asked = {task.skill_id for task in counted if task.skill_id is not None}
    active = sa.and_(CompetenceCard.is_active, CompetenceCard.municipality_id == municipality_id)
    in_the_way = _in_the_way(opening)
    if not asked:  # nothing but free words: the latest cards are as good as any
        latest = sa.select(CompetenceCard.id).where(active, in_the_way <= 1)
        newest_first = latest.order_by(CompetenceCard.updated_at.desc(), CompetenceCard.id)
        return db.session.scalars(newest_first.limit(NEAREST)).all()
    musts = {task.skill_id for task in counted if task.kind is TaskKind.MUST} & asked
    telling = asked | queries.related_to_asked(asked, related)
    held = sa.union_all(
        sa.select(SkillEvidence.card_id, SkillEvidence.skill_id).where(
            SkillEvidence.skill_id.in_(telling), SkillEvidence.level > 0
        ),
        sa.select(Certificate.card_id, Certificate.skill_id).where(Certificate.skill_id.in_(telling)),
    ).subquery()
    statement = (
        sa.select(CompetenceCard.id)
        .join(held, held.c.card_id == CompetenceCard.id)
        .where(active, in_the_way <= 1)
        .group_by(CompetenceCard.id)
        .order_by(
            *_most_shared(held.c.skill_id, held.c.skill_id.in_(musts), held.c.skill_id.in_(asked)),
            in_the_way.desc(),
            CompetenceCard.id,
        )
    )
    return db.session.scalars(statement.limit(NEAREST)).all()


def _most_shared(
    skill_id: Any, is_must: sa.ColumnElement[bool], is_same: sa.ColumnElement[bool]
) -> list[sa.ColumnElement[Any]]:
    """What is only related comes last."""
    musts = sa.func.count(sa.distinct(sa.case((sa.and_(is_must, is_same), skill_id))))
    return [musts.desc(), sa.func.count(sa.distinct(sa.case((is_same, skill_id)))).desc()]


def _in_the_way(opening: Opening) -> sa.ColumnElement[int]:
    """How many conditions keep a card out, as far as columns tell: all but the distance."""
    zero: sa.ColumnElement[int] = sa.literal(0)
    return sum((sa.case((fail, 1), else_=0) for fail in queries.unmet_conditions(opening).values()), zero)


def nearest_openings(card: CompetenceCard, related: Relations, *, on: date) -> Sequence[Opening]:
    """With their employers and tasks."""
    published = published_for(card.municipality_id, on=on).with_only_columns(Opening.id).order_by(None)
    skills = sa.union(
        sa.select(SkillEvidence.skill_id).where(SkillEvidence.card_id == card.id, SkillEvidence.level > 0),
        sa.select(Certificate.skill_id).where(Certificate.card_id == card.id),
    )
    held = {one for one in db.session.scalars(skills) if one is not None}
    statement = (
        sa.select(OpeningTask.opening_id)
        .where(
            OpeningTask.opening_id.in_(published),
            OpeningTask.kind != TaskKind.LEARN,
            OpeningTask.skill_id.in_(held | queries.related_to_held(held, related)),
        )
        .group_by(OpeningTask.opening_id)
        .order_by(
            *_most_shared(
                OpeningTask.skill_id, OpeningTask.kind == TaskKind.MUST, OpeningTask.skill_id.in_(held)
            ),
            OpeningTask.opening_id,
        )
    )
    nearest = sa.select(Opening).where(Opening.id.in_(statement.limit(NEAREST))).order_by(Opening.id)
    whole = nearest.options(joinedload(Opening.employer), joinedload(Opening.tasks))
    return db.session.scalars(whole).unique().all()
