"""Reads of the phrases that wait for a curator: own words without a skill, and words whose writer chose one."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import reduce
from operator import add
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.exc import NoResultFound

from portal.base.cpr_numbers import contains_cpr
from portal.base.database import db
from portal.lexicon import ASK_AT, OFFERED_FROM
from portal.loop.cards.models import Certificate, CompetenceCard, SkillEvidence
from portal.loop.openings.models import Opening, OpeningStatus, OpeningTask
from portal.shared.accounts.models import User
from portal.shared.skills import queries as skills
from portal.shared.skills.models import Skill, SkillSynonym
from portal.shared.skills.services import ALTERNATIVES
from portal.web.searching import found
from portal.workspaces.curation.models import DismissedPhrase

MOST_GUESSES: Final = 3
"""Skills offered for a phrase in the list; its own page offers more."""

_SEEN: Final = (OpeningStatus.PUBLISHED, OpeningStatus.PAUSED, OpeningStatus.FILLED, OpeningStatus.EXPIRED)
"""A draft is nobody's but its writer's."""

_NO_ID: Final = sa.cast(sa.null(), sa.Integer)


class PhraseSource(StrEnum):
    """Where a phrase stands; with the row's id it names the phrase, whose words stay out of addresses and logs."""

    EVIDENCE = "evidence"
    CERTIFICATE = "certificate"
    TASK = "task"


class PhraseTab(StrEnum):
    """Which phrases are listed."""

    WAITING = ""
    CHOSEN = "chosen"
    DISMISSED = "dismissed"


@dataclass(frozen=True)
class SkillGuess:
    """A skill that a phrase may be another word for. `chosen_by` is how many writers said so."""

    skill_id: int
    name: str
    chosen_by: int = 0


@dataclass(frozen=True)
class WrittenPhrase:
    """What stands in somebody's words, folded together over all who wrote the same."""

    kind: PhraseSource
    row_id: int
    text: str
    folded: str
    cards: int
    openings: int
    asked: int
    """How often a writer was asked what it means: questions that nobody gets once it is a word of the vocabulary."""
    writers: int
    """On how many cards, and by how many employers, it is written."""
    denied: bool
    """Whether it says what somebody can not do; then nothing is guessed."""
    guesses: tuple[SkillGuess, ...]


def phrases(
    user: User, *, words: str = "", tab: str = PhraseTab.WAITING, only: str | None = None
) -> sa.Select[Any]:
    """The phrases of the user's municipality, one row each, or `only` one; an unknown tab finds nothing."""
    written = _written(user)
    column = written.c
    dismissed = _dismissed(user.municipality_id)
    cards = sa.func.count(column.card_id.distinct())
    openings = sa.func.count(column.opening_id.distinct())
    asked = sa.func.sum(sa.case((column.was_asked, 1), else_=0))
    statement = (
        sa.select(
            column.folded,
            sa.func.max(column.text).label("text"),
            cards.label("cards"),
            openings.label("openings"),
            (cards + openings).label("places"),
            asked.label("asked"),
            (cards + sa.func.count(column.employer_id.distinct())).label("writers"),
            *(sa.func.min(column[kind.value]).label(kind.value) for kind in PhraseSource),
        )
        .where(
            column.folded.not_in(sa.select(SkillSynonym.folded)),
            column.folded.not_in(sa.select(Skill.folded)),
        )
        .where(
            column.folded.in_(dismissed) if tab == PhraseTab.DISMISSED else column.folded.not_in(dismissed)
        )
        .group_by(column.folded)
    )
    if tab == PhraseTab.CHOSEN:
        statement = statement.having(sa.func.count(column.skill_id) > 0)
    elif tab not in set(PhraseTab):
        statement = statement.where(sa.false())
    if only is not None:
        statement = statement.where(column.folded == only)
    if words:
        statement = statement.where(found(words, column.folded))
    # A list is put in order by expressions of its columns, which PostgreSQL knows only by what they were counted from.
    return sa.select(statement.subquery("phrases"))


def _dismissed(municipality_id: int | None) -> sa.Select[Any]:
    return sa.select(DismissedPhrase.folded).where(DismissedPhrase.municipality_id == municipality_id)


def _written(user: User) -> sa.CTE:
    """Every row of the municipality in own words, or with a skill that its writer chose."""
    rows: list[sa.Select[Any]] = []
    for chosen in (False, True):  # apart, so that each reads nothing but its part of the index
        for kind, model in ((PhraseSource.EVIDENCE, SkillEvidence), (PhraseSource.CERTIFICATE, Certificate)):
            rows.append(
                _rows(kind, model, chosen)
                .add_columns(model.card_id, _NO_ID.label("opening_id"), _NO_ID.label("employer_id"))
                .join(CompetenceCard, model.card_id == CompetenceCard.id)
                .where(CompetenceCard.municipality_id == user.municipality_id)
            )
        rows.append(
            _rows(PhraseSource.TASK, OpeningTask, chosen)
            .add_columns(_NO_ID.label("card_id"), OpeningTask.opening_id, Opening.employer_id)
            .join(Opening, OpeningTask.opening_id == Opening.id)
            .where(Opening.municipality_id == user.municipality_id, Opening.status.in_(_SEEN))
        )
    return sa.union_all(*rows).cte("written")


def _rows(kind: PhraseSource, model: Any, chosen: bool) -> sa.Select[Any]:
    ids = [model.id.label(one.value) if one is kind else _NO_ID.label(one.value) for one in PhraseSource]
    unclear = model.skill_id.is_not(None) if chosen else model.skill_id.is_(None)
    asked = sa.true() if chosen else _was_asked(model)
    return sa.select(model.folded, model.text, model.skill_id, asked.label("was_asked"), *ids).where(
        model.chosen.is_(chosen), unclear, model.folded != ""
    )


def _was_asked(model: Any) -> sa.ColumnElement[bool]:
    """Whether what stands in own words was first asked about, as the lexicon weighs what is worth a question."""
    likely = [sa.func.coalesce(model.guesses[(rank, 1)].as_float(), 0.0) for rank in range(ALTERNATIVES)]
    offered = [sa.case((one >= OFFERED_FROM, one), else_=0.0) for one in likely]
    return reduce(add, offered) >= ASK_AT


def phrase_for(user: User, kind: str, row_id: int) -> WrittenPhrase:
    """The phrase that stands in one row, dismissed or not. Raises NoResultFound for a stranger's."""
    written = _written(user)
    folded = db.session.scalars(
        sa.select(written.c.folded).where(written.c[PhraseSource(kind)] == row_id)
    ).one()
    tab = PhraseTab.WAITING if dismissed_phrase(user, folded) is None else PhraseTab.DISMISSED
    row = db.session.execute(phrases(user, tab=tab, only=folded)).one()
    for phrase in describe(user, [row], guesses=5):
        return phrase
    raise NoResultFound


def writers_of(user: User, folded: Sequence[str]) -> set[int]:
    """The citizens on whose cards the phrases stand: their own words are shown to the curator."""
    written = _written(user).c
    statement = (
        sa.select(CompetenceCard.citizen_id)
        .join(written.card_id.table, written.card_id == CompetenceCard.id)
        .where(written.folded.in_(folded))
    )
    return set(db.session.scalars(statement))


def dismissed_phrase(user: User, folded: str) -> DismissedPhrase | None:
    """The municipality's dismissal of the phrase, if there is one."""
    statement = sa.select(DismissedPhrase).where(
        DismissedPhrase.municipality_id == user.municipality_id, DismissedPhrase.folded == folded
    )
    return db.session.scalar(statement)


def describe(user: User, rows: Sequence[Any], *, guesses: int = MOST_GUESSES) -> list[WrittenPhrase]:
    """The rows of `phrases` with what they may mean; none that looks like a CPR number."""
    shown = [row for row in rows if not contains_cpr(row.text)]
    chosen = _chosen(user, [row.folded for row in shown])
    book = skills.book()
    found = []
    for row, lookup in zip(shown, book.lexicon.look_up([row.text for row in shown]), strict=True):
        by_writers = [
            SkillGuess(skill_id, book.names[skill_id], count) for skill_id, count in chosen[row.folded]
        ]
        named = {guess.skill_id for guess in by_writers}
        likely = [
            SkillGuess(hit.concept, book.names[hit.concept])
            for hit in lookup.hits
            if hit.concept not in named and hit.probability >= OFFERED_FROM
        ]
        kind = next(kind for kind in PhraseSource if getattr(row, kind.value) is not None)
        place = getattr(row, kind.value)
        best = () if lookup.negated else (*by_writers, *likely)[:guesses]
        found.append(
            WrittenPhrase(
                kind,
                place,
                row.text,
                row.folded,
                row.cards,
                row.openings,
                row.asked,
                row.writers,
                lookup.negated,
                best,
            )
        )
    return found


def _chosen(user: User, folded: Sequence[str]) -> dict[str, list[tuple[int, int]]]:
    """By phrase the skills that its writers chose, the most frequent first."""
    column = _written(user).c
    count = sa.func.count()
    statement = (
        sa.select(column.folded, column.skill_id, count)
        .where(column.folded.in_(folded), column.skill_id.is_not(None))
        .group_by(column.folded, column.skill_id)
        .order_by(count.desc(), column.skill_id)
    )
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for phrase, skill_id, times in db.session.execute(statement):
        found[phrase].append((skill_id, times))
    return found


OWNERS_OF_CARDS: Final = 2
"""So many people must have said the same of their own words before others are understood by it."""


def confirmed(folded: Collection[str], municipality_id: int) -> dict[str, int]:
    """Of the wordings those whose writers chose a skill when asked, and none of them another: wording -> skill id.

    Nothing is kept for it: it is read where the answers stand, and gone with the last of them. What stands on one
    card alone is her own words, and tells nobody anything; an opening is written for others. What a curator has set
    aside is asked about again: she does not agree.
    """
    rows = _chosen_words(folded, municipality_id).subquery()
    employers, cards = (sa.func.count(owner.distinct()) for owner in (rows.c.employer_id, rows.c.card_id))
    statement = (
        sa.select(rows.c.folded, rows.c.skill_id)
        .where(rows.c.folded.not_in(_dismissed(municipality_id)))
        .group_by(rows.c.folded, rows.c.skill_id)
        .having(sa.or_(employers > 0, cards >= OWNERS_OF_CARDS))
    )
    found: dict[str, set[int]] = defaultdict(set)
    for phrase, skill_id in db.session.execute(statement):
        found[phrase].add(skill_id)
    return {phrase: skills_said.pop() for phrase, skills_said in found.items() if len(skills_said) == 1}


def _chosen_words(folded: Collection[str], municipality_id: int) -> sa.CompoundSelect[Any]:
    on_cards = [
        _chosen_of(model, folded)
        .add_columns(_NO_ID.label("employer_id"), model.card_id)
        .join(CompetenceCard, model.card_id == CompetenceCard.id)
        .where(CompetenceCard.municipality_id == municipality_id)
        for model in (SkillEvidence, Certificate)
    ]
    in_openings = (
        _chosen_of(OpeningTask, folded)
        .add_columns(Opening.employer_id, _NO_ID.label("card_id"))
        .join(Opening, OpeningTask.opening_id == Opening.id)
        .where(Opening.municipality_id == municipality_id)
    )
    return sa.union_all(in_openings, *on_cards)


def _chosen_of(model: Any, folded: Collection[str]) -> sa.Select[Any]:
    return sa.select(model.folded, model.skill_id).where(
        model.folded.in_(folded), model.chosen.is_(True), model.skill_id.is_not(None)
    )
