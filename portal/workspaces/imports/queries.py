"""Reads of imports: an upload is its uploader's alone, and gone after an hour."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from portal.base.database import db
from portal.loop.citizens.models import Citizen
from portal.shared.accounts.models import User
from portal.workspaces.imports.models import ImportFile


def citizens_named(municipality_id: int | None, texts: Collection[str]) -> set[int]:
    """The citizens whose cases stand among the texts; who is new has no page yet to see it on."""
    statement = sa.select(Citizen.case_reference, Citizen.id).where(
        Citizen.municipality_id == municipality_id
    )
    return {citizen_id for case, citizen_id in db.session.execute(statement) if case in texts}


def upload_for(user: User, import_id: int, *, at: datetime) -> ImportFile:
    """Raises NoResultFound for a stranger's file, and for one that has expired."""
    statement = sa.select(ImportFile).where(
        ImportFile.id == import_id,
        ImportFile.user_id == user.id,
        ImportFile.municipality_id == user.municipality_id,
        ImportFile.expires_at > at,
    )
    return db.session.scalars(statement).one()
