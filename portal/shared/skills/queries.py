"""Reads of the vocabulary. The lexicon is built once per version and process."""

import threading
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Row
from sqlalchemy.orm import selectinload

from portal.base.alphabet import alphabet_key, alphabetical
from portal.base.database import db
from portal.base.terms import SkillArea
from portal.lexicon import OFFERED_FROM, Lexicon, fold
from portal.shared.skills.models import (
    JobTitle,
    JobTitleTask,
    Skill,
    SkillCategory,
    SkillLadder,
    SkillSynonym,
    VocabularyVersion,
    skill_relations,
)
from portal.shared.skills.relations import likeness
from portal.web import searching


class _Edition(NamedTuple):
    """What tells one state of the vocabulary from another, also between databases of one process."""

    database: str
    version: int
    at: datetime | None
    skills: int
    last_skill: int
    last_synonym: int


class SkillWording(NamedTuple):
    """One way to write a skill, and its comparable form."""

    folded: str
    label: str
    skill_id: int


class SkillSuggestion(NamedTuple):
    """A skill to write, by its name. `wording` is the synonym that matched, or empty."""

    name: str
    wording: str


class Book(NamedTuple):
    """The vocabulary of one edition as texts are understood with it. `names` is skill id -> name."""

    edition: _Edition
    lexicon: Lexicon
    wordings: list["SkillWording"]
    names: dict[int, str]
    conditions: frozenset[int]
    kept_off_cards: frozenset[int]
    certificates: frozenset[int]
    relations: Mapping[tuple[int, int], float]
    usual_tasks: list[Row[Any]]
    """Every task of every job title, title by title, each title's in its order: what it is and how well it is asked."""
    tasks_of_titles: Mapping[int, tuple[int, ...]]
    """Title id -> the ids of its tasks."""


_book: Book | None = None
_building = threading.Lock()


def vocabulary_version() -> int:
    """The version that suggestions are kept with; 0 before the first words."""
    return db.session.scalar(sa.select(sa.func.max(VocabularyVersion.id))) or 0


def names() -> dict[int, str]:
    """Skill id -> its name, in the present version."""
    return book().names


def relations() -> Mapping[tuple[int, int], float]:
    """What a skill that somebody holds is worth where another is asked for: (asked, held) -> 0-1."""
    return book().relations


def book() -> Book:
    """The present edition."""
    global _book
    edition = _edition()
    found = _book
    if found is None or found.edition != edition:
        with _building:
            found = _book
            if found is None or found.edition != edition:
                found = _book = _build(edition)
    return found


def _edition() -> _Edition:
    latest = sa.select(VocabularyVersion.at).order_by(VocabularyVersion.id.desc()).limit(1).scalar_subquery()
    row = db.session.execute(
        sa.select(
            sa.select(sa.func.max(VocabularyVersion.id)).scalar_subquery(),
            latest,
            sa.select(sa.func.count(Skill.id)).scalar_subquery(),
            sa.select(sa.func.max(Skill.id)).scalar_subquery(),
            sa.select(sa.func.max(SkillSynonym.id)).scalar_subquery(),
        )
    ).one()
    version, at, count, last_skill, last_synonym = row
    return _Edition(str(db.engine.url), version or 0, at, count, last_skill or 0, last_synonym or 0)


def _build(edition: _Edition) -> Book:
    skills = list(db.session.scalars(sa.select(Skill).order_by(Skill.id)))
    labels = [(skill.name, skill.id) for skill in skills]
    # rows, not entities: eight thousand of those would take more memory than the lexicon
    synonyms = sa.select(SkillSynonym.label, SkillSynonym.skill_id).order_by(SkillSynonym.id)
    labels += [(label, skill_id) for label, skill_id in db.session.execute(synonyms)]
    conditions = {skill.id for skill in skills if skill.category is SkillCategory.STILLINGSBETINGELSE}
    usual = _usual_tasks()
    by_title: dict[int, tuple[int, ...]] = {}
    for row in usual:
        by_title[row.id] = (*by_title.get(row.id, ()), row.skill_id)
    return Book(
        edition=edition,
        lexicon=_lexicon(tuple(labels), frozenset(skill.id for skill in skills if _is_exact(skill))),
        wordings=[SkillWording(fold(label), label, skill_id) for label, skill_id in labels],
        names={skill.id: skill.name for skill in skills},
        conditions=frozenset(conditions),
        kept_off_cards=frozenset(conditions | {skill.id for skill in skills if skill.is_other_language}),
        certificates=frozenset(skill.id for skill in skills if skill.ladder is SkillLadder.BEVIS),
        relations=MappingProxyType(likeness(broader_ids())),
        usual_tasks=usual,
        tasks_of_titles=MappingProxyType(by_title),
    )


@lru_cache(1)  # fifty megabytes each
def _lexicon(labels: tuple[tuple[str, int], ...], exact_only: frozenset[int]) -> Lexicon:
    """The same for the same words: a new version of the vocabulary often changes something else."""
    return Lexicon(labels, exact_only=exact_only)


_EXACT: Final = frozenset(
    {SkillCategory.CERTIFIKAT, SkillCategory.SPROGLIG, SkillCategory.STILLINGSBETINGELSE}
)


def _is_exact(skill: Skill) -> bool:
    """Whether it is had or not: what only looks like it is asked about, never taken."""
    return skill.category in _EXACT or skill.ladder is SkillLadder.BEVIS


def broader_ids() -> dict[int, list[int]]:
    """Skill id -> the ids of what it is a kind of; without those that are a kind of nothing."""
    found: dict[int, list[int]] = {}
    ordered = sa.select(skill_relations).order_by(skill_relations.c.skill_id, skill_relations.c.broader_id)
    for row in db.session.execute(ordered):
        found.setdefault(row.skill_id, []).append(row.broader_id)
    return found


def skill(skill_id: int) -> Skill:
    """With its synonyms. Raises NoResultFound."""
    statement = sa.select(Skill).where(Skill.id == skill_id).options(selectinload(Skill.synonyms))
    return db.session.scalars(statement).one()


def synonym_of(skill: Skill, synonym_id: int) -> SkillSynonym:
    """Raises NoResultFound for another skill's wording."""
    statement = sa.select(SkillSynonym).where(
        SkillSynonym.id == synonym_id, SkillSynonym.skill_id == skill.id
    )
    return db.session.scalars(statement).one()


def found(words: str) -> list[Skill]:
    """The first skills that a curator's search finds."""
    return list(db.session.scalars(vocabulary(words=words).limit(MOST_FOUND)))


def versions(*, words: str = "") -> sa.Select[VocabularyVersion]:
    """The history of the vocabulary."""
    statement = sa.select(VocabularyVersion)
    return statement.where(searching.found(words, VocabularyVersion.note)) if words else statement


def names_of(categories: Iterable[SkillCategory]) -> dict[int, str]:
    """Skill id -> its name, of the skills of these kinds."""
    rows = db.session.execute(sa.select(Skill.id, Skill.name).where(Skill.category.in_(set(categories))))
    return {row.id: row.name for row in rows}


def ids_of(skill_names: Iterable[str]) -> dict[str, int]:
    """Name -> id of the skills that the vocabulary has."""
    rows = db.session.execute(sa.select(Skill.name, Skill.id).where(Skill.name.in_(set(skill_names))))
    return {row.name: row.id for row in rows}


def skills_by_name(names: Iterable[str]) -> dict[str, Skill]:
    """Those of the names that are the vocabulary's own, with what is known of them."""
    statement = _ordered().where(Skill.name.in_(set(names))).options(selectinload(Skill.synonyms))
    return {skill.name: skill for skill in db.session.scalars(statement)}


def _ordered() -> sa.Select[Skill]:
    return sa.select(Skill).order_by(Skill.area, alphabetical(Skill.name), Skill.id)


MOST_FOUND: Final = 20
"""Skills of one search on a curator's page."""

SUGGESTED_FROM: Final = 2
"""Letters; after fewer, everything would be suggested."""

GUESSED_FROM: Final = 4
"""Letters; what is shorter is the beginning of a word, not a word misspelled."""

MOST_SUGGESTIONS: Final = 8


def suggestions(text: str, *, for_card: bool) -> list[SkillSuggestion]:
    """Skills to choose while somebody writes: wordings that begin so, then that have a word that does, then guesses.

    For a card without conditions, and without the languages that hint at origin.
    """
    present = book()
    typed = fold(text)
    if len(typed) < SUGGESTED_FROM:
        return []
    kept_off = present.kept_off_cards if for_card else frozenset()
    found: dict[int, str] = {}
    for wording in (*_beginning(present, typed), *_guessed(present, typed, text)):
        if wording.skill_id not in kept_off:
            found.setdefault(wording.skill_id, wording.label)
    return [
        SkillSuggestion(present.names[skill_id], "" if label == present.names[skill_id] else label)
        for skill_id, label in list(found.items())[:MOST_SUGGESTIONS]
    ]


def _beginning(present: Book, typed: str) -> list[SkillWording]:
    """Names stand before synonyms in the book, and so they do here."""
    first = [wording for wording in present.wordings if wording.folded.startswith(typed)]
    return first + [wording for wording in present.wordings if f" {typed}" in wording.folded]


def _guessed(present: Book, typed: str, text: str) -> list[SkillWording]:
    if len(typed) < GUESSED_FROM:
        return []
    [lookup] = present.lexicon.look_up([text])
    hits = () if lookup.negated else lookup.hits
    return [SkillWording(typed, hit.label, hit.concept) for hit in hits if hit.probability >= OFFERED_FROM]


SAID_BY_SHIFTS: Final = frozenset({"aftenarbejde", "tidligt morgenarbejde", "weekendarbejde", "nattevagt"})
"""Conditions that an opening states as working times (terms.Shift), which are matched."""


def conditions() -> list[tuple[int, str]]:
    """What a post may bring with it, as an opening's form offers it: key and name, by name."""
    present = book()
    named = [(skill_id, present.names[skill_id]) for skill_id in present.conditions]
    return sorted(
        (one for one in named if one[1] not in SAID_BY_SHIFTS), key=lambda one: alphabet_key(one[1])
    )


def phrases() -> list[str]:
    """The names of all skills, for a list of proposals beside a text field."""
    return sorted(names().values(), key=alphabet_key)


def phrases_for_cards() -> list[str]:
    """What may stand on a card: no conditions of the opening, and no languages, which hint at origin, but Danish."""
    present = book()
    told = (name for skill_id, name in present.names.items() if skill_id not in present.kept_off_cards)
    return sorted(told, key=alphabet_key)


def vocabulary(*, words: str = "", area: str = "", category: str = "") -> sa.Select[Skill]:
    """The list of the vocabulary, each skill with its synonyms and what it is a kind of.

    Unknown filter values find nothing.
    """
    statement = _ordered().options(selectinload(Skill.synonyms), selectinload(Skill.broader))
    if area:
        statement = statement.where(Skill.area == area if area in set(SkillArea) else sa.false())
    if category:
        statement = statement.where(
            Skill.category == category if category in set(SkillCategory) else sa.false()
        )
    if words:
        by_synonym = sa.select(SkillSynonym.skill_id).where(searching.found(words, SkillSynonym.label))
        named = searching.found(words, Skill.name, Skill.english)
        statement = statement.where(sa.or_(named, Skill.id.in_(by_synonym)))
    return statement


def _usual_tasks() -> list[Row[Any]]:
    title, task = JobTitle, JobTitleTask
    columns = (title.id, title.name, title.area, task.skill_id, Skill.name.label("task"), task.level)
    statement = (
        sa.select(*columns).join(task, task.title_id == title.id).join(Skill, Skill.id == task.skill_id)
    )
    return list(db.session.execute(statement.order_by(title.name, title.id, task.position)))


def titles() -> list[JobTitle]:
    """The job titles with their tasks, by area and name."""
    tasks = selectinload(JobTitle.tasks).joinedload(JobTitleTask.skill)
    statement = sa.select(JobTitle).order_by(JobTitle.area, alphabetical(JobTitle.name))
    return list(db.session.scalars(statement.options(tasks)))


def titles_named(texts: Iterable[str]) -> list[JobTitle]:
    """The job titles that the texts are, by any of their names: a title means tasks, and is none itself."""
    wanted = {fold(text) for text in texts} - {""}
    if not wanted:
        return []
    return [one for one in titles() if wanted & {fold(name) for name in (one.name, *one.synonyms)}]
