"""Reads of saved filters: each sees her own."""

from collections.abc import Sequence

import sqlalchemy as sa

from portal.base.alphabet import alphabetical
from portal.base.database import db
from portal.shared.accounts.models import User
from portal.workspaces.saved_filters.models import SavedFilter


def filters_of(user: User, address: str) -> Sequence[SavedFilter]:
    """Those of one list, by name."""
    statement = sa.select(SavedFilter).where(SavedFilter.user_id == user.id, SavedFilter.address == address)
    return db.session.scalars(statement.order_by(alphabetical(SavedFilter.name), SavedFilter.id)).all()


def saved_filter_for(user: User, saved_filter_id: int) -> SavedFilter:
    """Raises NoResultFound for another's."""
    statement = sa.select(SavedFilter).where(
        SavedFilter.id == saved_filter_id, SavedFilter.user_id == user.id
    )
    return db.session.scalars(statement).one()
