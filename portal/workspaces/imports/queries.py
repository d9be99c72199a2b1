"""Reads of imports: an upload is its uploader's alone, and gone after an hour."""

from datetime import datetime

import sqlalchemy as sa

from portal.base.database import db
from portal.shared.accounts.models import User
from portal.workspaces.imports.models import ImportFile


def upload_for(user: User, import_id: int, *, at: datetime) -> ImportFile:
    """Raises NoResultFound for a stranger's file, and for one that has expired."""
    statement = sa.select(ImportFile).where(
        ImportFile.id == import_id,
        ImportFile.user_id == user.id,
        ImportFile.municipality_id == user.municipality_id,
        ImportFile.expires_at > at,
    )
    return db.session.scalars(statement).one()
