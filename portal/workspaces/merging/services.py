"""One citizen of two: every room points its rows to the one who stays, and nothing of either history is lost.

Which rows that are, the foreign keys say; how a room joins what cannot stand twice, it says in its `room.py`
(`Room.merges`). With two cards the kept one gets all that stands on the other: one person has one card, and an
employer sees one number. A merge cannot be undone; what was joined is told by `merged_citizens`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from portal.base import events
from portal.base.database import Submission, db
from portal.base.errors import DomainError
from portal.loop.cards import services as cards
from portal.loop.cards.merging import take_what_is_unsaid
from portal.loop.cards.models import CompetenceCard
from portal.loop.citizens.models import Citizen, CitizenStatus, MergedCitizen
from portal.shared.accounts.models import AccessToken, User, UserSession
from portal.shared.audit import services as audit
from portal.shared.outbox import services as outbox
from portal.web.rooms import Joining, rooms

DETAILS: Final = {
    "name": ("first_name", "last_name"),
    "born": ("born_on", "birth_year"),
    "case": ("case_reference",),
    "phone": ("phone",),
    "language": ("language",),
    "consultant": ("consultant_id",),
}
"""What somebody chooses between, and the columns it stands in."""

_OF_A_LOGIN: Final = (UserSession, AccessToken, Submission)


class NotTwo(DomainError):
    message = _l("Det er den samme borger to gange. Vælg to forskellige.")


@dataclass(frozen=True)
class Choice:
    """Which of DETAILS are taken from the one who goes, and why the two are one."""

    from_gone: frozenset[str]
    reason: str


def merge(kept: Citizen, gone: Citizen, choice: Choice, *, by: User, at: datetime) -> None:
    """Raises NotTwo, and what a room cannot join."""
    if kept.id == gone.id or kept.municipality_id != gone.municipality_id:
        raise NotTwo
    told = {column: getattr(gone, column) for name in choice.from_gone for column in DETAILS[name]}
    told |= {"version": kept.version + 1, "user_id": kept.user_id or gone.user_id, **_standing(kept, gone)}
    kept_card, gone_card = _card_of(kept), _card_of(gone)
    both = kept_card is not None and gone_card is not None
    gone_id = gone.id
    _note(kept, gone, gone_card if both else None, choice, by=by, at=at)
    _join_logins(kept.user_id, gone.user_id)
    point_to("citizens", kept.id, gone.id, at, but=CompetenceCard.__tablename__ if both else None)
    versions = _join_cards(kept_card, gone_card, at) if kept_card and gone_card else None
    drop_row(Citizen, gone)
    db.session.expire_all()
    for column, value in told.items():
        setattr(kept, column, value)
    if kept.user is not None:
        kept.user.name = kept.name
    audit.record("citizens-merged", subject=kept, by=by, at=at, citizen_id=kept.id)
    card = kept_card or gone_card
    if card is not None:
        is_active = kept.status is CitizenStatus.ACTIVE
        cards.take_joined(card, versions, is_active=is_active, by=by, at=at)
    db.session.flush()
    events.citizens_merged.send(kept, gone_id=gone_id, at=at)


def _standing(kept: Citizen, gone: Citizen) -> dict[str, Any]:
    """Whoever is helped under one of the numbers is helped; of two whom nobody helps any more, since the later day."""
    if CitizenStatus.ACTIVE in (kept.status, gone.status):
        return {"status": CitizenStatus.ACTIVE, "passive_since": None}
    return {"passive_since": max(one.passive_since for one in (kept, gone) if one.passive_since is not None)}


def _card_of(citizen: Citizen) -> CompetenceCard | None:
    return db.session.scalar(sa.select(CompetenceCard).where(CompetenceCard.citizen_id == citizen.id))


def _join_cards(kept: CompetenceCard, gone: CompetenceCard, at: datetime) -> int:
    """Everything that stands on the one stands on the other; how many versions there are then."""
    versions = max(kept.version, gone.version) + gone.version
    take_what_is_unsaid(kept, gone)
    point_to("competence_cards", kept.id, gone.id, at)
    drop_row(CompetenceCard, gone)
    return versions


def _note(
    kept: Citizen, gone: Citizen, gone_card: CompetenceCard | None, choice: Choice, *, by: User, at: datetime
) -> None:
    db.session.add(
        MergedCitizen(
            citizen_id=kept.id,
            old_id=gone.id,
            old_card_id=gone_card.id if gone_card else None,
            old_card_number=gone_card.number if gone_card else None,
            old_created_at=gone.created_at,
            case_key=kept.case_key if "case" in choice.from_gone else gone.case_key,
            reason=choice.reason,
            merged_at=at,
            merged_by_id=by.id,
        )
    )
    db.session.flush()


def point_to(target: str, kept_id: int, gone_id: int, at: datetime, *, but: str | None = None) -> None:
    """Everything that leads to the one leads to the other: first what cannot stand twice, then the rest."""
    mine = [one for one in rooms().merges if one.target == target and one.table != but]
    for one in mine:
        if one.join is not None:
            one.join(kept_id, gone_id, at)
    db.session.flush()
    for one in mine:
        _move(one, kept_id, gone_id)
    outbox.move_about(target, gone_id, kept_id)


def _move(one: Joining, kept_id: int, gone_id: int) -> None:
    column = db.metadata.tables[one.table].c[one.column]
    db.session.execute(sa.update(column.table).where(column == gone_id).values({column: kept_id}))


def _join_logins(kept_id: int | None, gone_id: int | None) -> None:
    """Of two logins the kept citizen's stays: the other's sessions end, its codes open nothing, what she did stays."""
    if gone_id is None:
        return
    db.session.execute(sa.update(Citizen).where(Citizen.user_id == gone_id).values(user_id=None))
    if kept_id is None:
        return
    for table in _OF_A_LOGIN:
        db.session.execute(sa.delete(table).where(table.user_id == gone_id))
    for table_ in db.metadata.sorted_tables:
        for key in table_.foreign_keys:
            if key.column.table.name == User.__tablename__ and not table_.name.startswith("audit"):
                _take_over(key.parent, kept_id, gone_id)
    db.session.execute(sa.delete(User).where(User.id == gone_id))


def _take_over(column: sa.Column[Any], kept_id: int, gone_id: int) -> None:
    """Where she did nothing, nothing is asked to change: some tables refuse even that."""
    table: Any = column.table
    if db.session.scalar(sa.select(sa.exists().where(column == gone_id))):
        db.session.execute(sa.update(table).where(column == gone_id).values({column: kept_id}))


def drop_row(model: Any, row: Any) -> None:
    """By statement: nothing that was read of it before may take its rows along."""
    db.session.expunge(row)
    db.session.execute(
        sa.delete(model).where(model.id == row.id).execution_options(synchronize_session=False)
    )
