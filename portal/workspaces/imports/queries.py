"""Reads of imports: an upload is its uploader's alone, and gone after an hour."""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from portal.base.database import db
from portal.base.folding import case_key
from portal.loop.citizens.models import Citizen
from portal.shared.accounts.models import User
from portal.shared.skills import queries as vocabulary
from portal.shared.skills.models import JobTitle, Skill
from portal.workspaces.imports.kinds import TITLE
from portal.workspaces.imports.models import ImportFile, kinds_for


def citizens_named(municipality_id: int | None, texts: Collection[str]) -> set[int]:
    """The citizens whose cases stand among the texts; who is new has no page yet to see it on."""
    statement = sa.select(Citizen.case_reference, Citizen.case_key, Citizen.id).where(
        Citizen.municipality_id == municipality_id
    )
    keys = {case_key(text) for text in texts if len(text) <= LONGEST_CASE}
    return {
        citizen_id
        for case, key, citizen_id in db.session.execute(statement)
        if case in texts or (key is not None and key in keys)
    }


LONGEST_CASE: Final = 60
"""Signs: nothing longer is a case number, with all blanks that may stand in it."""


WORD_COLUMNS: Final[list[tuple[str, Callable[[Skill | JobTitle], Any]]]] = [
    ("sector", lambda word: word.area.label),
    ("category", lambda word: word.category.label if isinstance(word, Skill) else TITLE),
    ("canonical_da", lambda word: word.name),
    ("synonyms_da", lambda word: ";".join(_labels(word))),
    ("english", lambda word: word.english),
    ("broader", lambda word: ";".join(one.name for one in word.broader) if isinstance(word, Skill) else ""),
    ("ladder", lambda word: word.ladder.label if isinstance(word, Skill) else ""),
    ("pictogram", lambda word: word.pictogram if isinstance(word, Skill) else ""),
    ("tasks", lambda word: ";".join(_tasks(word))),
]
"""A file of words as the import takes it: brought in again it changes nothing."""


def _labels(word: Skill | JobTitle) -> list[str]:
    return [one.label for one in word.synonyms] if isinstance(word, Skill) else word.synonyms


def _tasks(word: Skill | JobTitle) -> list[str]:
    tasks = word.tasks if isinstance(word, JobTitle) else []
    return [f"{task.skill.name}:{task.level}" for task in tasks]


def words() -> list[Skill | JobTitle]:
    """The whole vocabulary: the skills, and after them the titles."""
    return [*db.session.scalars(vocabulary.vocabulary()), *vocabulary.titles()]


def upload_for(user: User, import_id: int, *, at: datetime) -> ImportFile:
    """Raises NoResultFound for a stranger's file, for one that has expired, and for one she may no longer bring in."""
    statement = sa.select(ImportFile).where(
        ImportFile.id == import_id,
        ImportFile.user_id == user.id,
        ImportFile.municipality_id.is_not_distinct_from(user.municipality_id),
        ImportFile.kind.in_(kinds_for(user)),
        ImportFile.expires_at > at,
    )
    return db.session.scalars(statement).one()
