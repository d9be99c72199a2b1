"""What of a card cannot stand twice when two cards become one: the kept card's own words stay."""

from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from portal.base.database import db
from portal.loop.cards.fields import CARD_FIELDS
from portal.loop.cards.models import CardLanguage, CardVersion, CompetenceCard, TaskAnswer, WishedWork

TOGETHER: Final = (
    ("hours_min", "hours_max"),
    ("danish_course", "danish_module", "danish_exam"),
    ("postcode", "range_km"),
    ("shifts_yes", "shifts_no"),
)
"""Columns that are one answer: taken from one card, never half from each."""
_SINCE: Final = ("created_at", "shown_to_her_at", "counts_from_at")


def take_what_is_unsaid(kept: CompetenceCard, gone: CompetenceCard) -> None:
    """What the kept card does not say, the other's word stands for; and since the first of the two she has had one."""
    paired = {column for answer in TOGETHER for column in answer}
    for answer in (*TOGETHER, *((column,) for column in CARD_FIELDS if column not in paired)):
        if not any(_is_said(kept, column) for column in answer):
            for column in answer:
                setattr(kept, column, getattr(gone, column))
    for column in _SINCE:
        known = [moment for moment in (getattr(kept, column), getattr(gone, column)) if moment is not None]
        setattr(kept, column, min(known, default=None))
    db.session.flush()


def _is_said(card: CompetenceCard, column: str) -> bool:
    return bool(CARD_FIELDS[column].kind.in_words(getattr(card, column)))


def join_languages(kept_id: int, gone_id: int, _at: datetime) -> None:
    _drop_known(CardLanguage, CardLanguage.name, kept_id, gone_id)


def join_wishes(kept_id: int, gone_id: int, _at: datetime) -> None:
    _drop_known(WishedWork, WishedWork.title_id, kept_id, gone_id)
    _drop_known(WishedWork, WishedWork.skill_id, kept_id, gone_id)


def join_task_answers(kept_id: int, gone_id: int, _at: datetime) -> None:
    _drop_known(TaskAnswer, TaskAnswer.task_key, kept_id, gone_id)


def _drop_known(model: Any, key: Any, kept_id: int, gone_id: int) -> None:
    known = sa.select(key).where(model.card_id == kept_id, key.is_not(None))
    db.session.execute(
        sa.delete(model)
        .where(model.card_id == gone_id, key.in_(known))
        .execution_options(synchronize_session=False)
    )


def shift(kept_id: int, gone_id: int) -> int:
    """By how much the other card's versions are counted on, so that none of them is two."""
    versions = sa.select(sa.func.max(CompetenceCard.version)).where(CompetenceCard.id.in_([kept_id, gone_id]))
    return db.session.scalar(versions) or 0


def join_versions(kept_id: int, gone_id: int, _at: datetime) -> None:
    """Both histories stand on: the other's versions after the kept card's, each with its day."""
    db.session.execute(
        sa.update(CardVersion)
        .where(CardVersion.card_id == gone_id)
        .values(version=CardVersion.version + shift(kept_id, gone_id))
        .execution_options(synchronize_session=False)
    )
