"""Reads of the vocabulary. The lexicon is built once per version and process."""

import threading
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from portal.database import db
from portal.lexicon import Lexicon
from portal.listing import contains
from portal.skills.models import JobTitle, Skill, SkillCategory, SkillSynonym, VocabularyVersion
from portal.terms import SkillArea


class _Edition(NamedTuple):
    """What tells one state of the vocabulary from another, also between databases of one process."""

    database: str
    version: int
    at: datetime | None
    skills: int
    last_skill: int
    last_synonym: int


class Book(NamedTuple):
    """The vocabulary of one edition as texts are understood with it. `names` is skill id -> name."""

    edition: _Edition
    lexicon: Lexicon
    names: dict[int, str]
    conditions: frozenset[int]


_book: Book | None = None
_building = threading.Lock()


def vocabulary_version() -> int:
    """The version that suggestions are kept with; 0 before the first words."""
    return db.session.scalar(sa.select(sa.func.max(VocabularyVersion.id))) or 0


def lexicon() -> Lexicon:
    """All wordings of the present version."""
    return book().lexicon


def names() -> dict[int, str]:
    """Skill id -> its name, in the present version."""
    return book().names


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
    skills = db.session.execute(sa.select(Skill.id, Skill.name, Skill.category).order_by(Skill.id)).all()
    synonyms = db.session.execute(
        sa.select(SkillSynonym.label, SkillSynonym.skill_id).order_by(SkillSynonym.id)
    )
    labels = [(row.name, row.id) for row in skills]
    labels += [(row.label, row.skill_id) for row in synonyms]
    conditions = {row.id for row in skills if row.category is SkillCategory.STILLINGSBETINGELSE}
    names = {row.id: row.name for row in skills}
    return Book(edition, Lexicon(labels), names, frozenset(conditions))


def skill(skill_id: int) -> Skill:
    """Raises NoResultFound."""
    return db.session.scalars(sa.select(Skill).where(Skill.id == skill_id)).one()


def ids_of(skill_names: Iterable[str]) -> dict[str, int]:
    """Name -> id of the skills that the vocabulary has."""
    rows = db.session.execute(sa.select(Skill.name, Skill.id).where(Skill.name.in_(set(skill_names))))
    return {row.name: row.id for row in rows}


def skills_for_openings() -> list[Skill]:
    """Everything an employer may ask for, by area and name."""
    return list(db.session.scalars(_ordered()))


def skills_for_cards(*, with_languages: bool = False) -> list[Skill]:
    """What may stand on a card: no conditions of the opening; languages that hint at origin only when asked for."""
    conditions = Skill.category != SkillCategory.STILLINGSBETINGELSE
    statement = _ordered().where(conditions).options(selectinload(Skill.synonyms))
    found = db.session.scalars(statement)
    return [skill for skill in found if with_languages or not skill.is_other_language]


def _ordered() -> sa.Select[Skill]:
    return sa.select(Skill).order_by(Skill.area, Skill.name, Skill.id)


def phrases() -> list[str]:
    """The names of all skills, for a list of proposals beside a text field."""
    return sorted(names().values())


def vocabulary(*, words: str = "", area: str = "", category: str = "") -> sa.Select[Skill]:
    """The list of the vocabulary, each skill with its synonyms; unknown filter values find nothing."""
    statement = _ordered().options(selectinload(Skill.synonyms))
    if area:
        statement = statement.where(Skill.area == area if area in set(SkillArea) else sa.false())
    if category:
        statement = statement.where(
            Skill.category == category if category in set(SkillCategory) else sa.false()
        )
    if words:
        by_synonym = sa.select(SkillSynonym.skill_id).where(contains(SkillSynonym.label, words))
        statement = statement.where(
            sa.or_(contains(Skill.name, words), contains(Skill.english, words), Skill.id.in_(by_synonym))
        )
    return statement


def titles() -> list[JobTitle]:
    """The job titles, by area and name."""
    return list(db.session.scalars(sa.select(JobTitle).order_by(JobTitle.area, JobTitle.name)))
