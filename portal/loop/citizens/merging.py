"""What of this room's rows cannot stand twice when two citizens become one, and where the one who went is found."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from portal.base.database import db
from portal.base.folding import case_key
from portal.loop.citizens.models import Citizen, FirstTalk, MergedCitizen, ToldApart


def join_first_talks(kept_id: int, gone_id: int, at: datetime) -> None:
    """Of two standing first talks the earlier was the first."""
    standing = db.session.scalars(
        sa.select(FirstTalk)
        .where(FirstTalk.citizen_id.in_([kept_id, gone_id]), FirstTalk.replaced_at.is_(None))
        .order_by(FirstTalk.held_at, FirstTalk.id)
    ).all()
    for later in standing[1:]:
        later.replaced_at = at


def join_told_apart(kept_id: int, gone_id: int, _at: datetime) -> None:
    """Whoever is another than the one is another than both; the two themselves are one after all."""
    of_either = sa.or_(
        ToldApart.citizen_id.in_([kept_id, gone_id]), ToldApart.other_id.in_([kept_id, gone_id])
    )
    first_told: dict[int, ToldApart] = {}
    for row in db.session.scalars(sa.select(ToldApart).where(of_either).order_by(ToldApart.id)).all():
        other = row.other_id if row.citizen_id in (kept_id, gone_id) else row.citizen_id
        first_told.setdefault(other, row)
        db.session.delete(row)
    db.session.flush()  # before another takes its place: both may have been told apart from the same one
    for other, row in first_told.items():
        if other not in (kept_id, gone_id):
            first, second = sorted((kept_id, other))
            db.session.add(
                ToldApart(citizen_id=first, other_id=second, told_at=row.told_at, told_by_id=row.told_by_id)
            )
    db.session.flush()


def kept_of(old_id: int) -> int | None:
    """Whom somebody became one with."""
    statement = sa.select(MergedCitizen.citizen_id).where(MergedCitizen.old_id == old_id)
    return db.session.scalar(statement)


def kept_card_of(old_card_id: int) -> int | None:
    """Whose the card is whose rows stand on hers now."""
    statement = sa.select(MergedCitizen.citizen_id).where(MergedCitizen.old_card_id == old_card_id)
    return db.session.scalar(statement)


def old_numbers(citizen_id: int) -> sa.Select[int]:
    """Under which numbers she stood in the log before."""
    return sa.select(MergedCitizen.old_id).where(MergedCitizen.citizen_id == citizen_id)


def earlier_rows(citizen_id: int) -> list[tuple[int, datetime]]:
    """Under which numbers she stood before, and when each row was made, where that was kept."""
    statement = sa.select(MergedCitizen.old_id, MergedCitizen.old_created_at).where(
        MergedCitizen.citizen_id == citizen_id
    )
    return [(old_id, made_at) for old_id, made_at in db.session.execute(statement) if made_at is not None]


def by_old_cases(municipality_id: int, keys: Collection[str]) -> dict[str, Citizen]:
    """The same of many folded numbers of a municipality."""
    rows = db.session.execute(
        sa.select(MergedCitizen.case_key, Citizen)
        .join(Citizen, Citizen.id == MergedCitizen.citizen_id)
        .where(Citizen.municipality_id == municipality_id, MergedCitizen.case_key.in_(keys))
    )
    return {key: citizen for key, citizen in rows if key is not None}


def by_old_case(case_reference: str) -> sa.Select[int]:
    """Who had the case number before she became one with another."""
    return sa.select(MergedCitizen.citizen_id).where(MergedCitizen.case_key == case_key(case_reference))
