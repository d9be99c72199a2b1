"""Reads of notes, scoped to the reader: she who sees the citizen sees her notes."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from portal.base.database import db
from portal.loop.citizens.models import Citizen
from portal.loop.citizens.queries import citizens_seen_by
from portal.loop.notes.models import CitizenNote
from portal.shared.accounts.models import User
from portal.web.timeline import happened


def notes_seen_by(user: User) -> sa.Select[CitizenNote]:
    """A consultant sees those of her municipality's citizens, a citizen her own."""
    seen = citizens_seen_by(user).with_only_columns(Citizen.id)
    return sa.select(CitizenNote).where(CitizenNote.citizen_id.in_(seen))


def note_for(user: User, note_id: int, *, lock: bool = False) -> CitizenNote:
    """With citizen and author. Raises NoResultFound. `lock`: nobody else writes it until the transaction ends."""
    statement = (
        notes_seen_by(user)
        .join(CitizenNote.citizen)
        .where(CitizenNote.id == note_id)
        .options(contains_eager(CitizenNote.citizen), joinedload(CitizenNote.written_by))
    )
    if lock:
        statement = statement.with_for_update(of=CitizenNote)
    return db.session.scalars(statement).one()


def notes_about(citizen_id: int) -> Sequence[CitizenNote]:
    """The newest first, with those that are struck out."""
    statement = sa.select(CitizenNote).where(CitizenNote.citizen_id == citizen_id)
    return db.session.scalars(statement.order_by(CitizenNote.said_on.desc(), CitizenNote.id.desc())).all()


def note_lines(citizen_id: int) -> Sequence[sa.Select[Any]]:
    """What notes say in her timeline."""
    hers, struck = CitizenNote.citizen_id == citizen_id, CitizenNote.struck_at.is_not(None)
    return (
        happened("note", CitizenNote.said_on, CitizenNote.id, CitizenNote.text).where(hers, ~struck),
        happened("struck-note", CitizenNote.said_on, CitizenNote.id, CitizenNote.text).where(hers, struck),
    )
