"""Commands of saved filters."""

from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from portal.base.database import db
from portal.base.errors import DomainError
from portal.shared.accounts.models import User
from portal.workspaces.saved_filters.models import SavedFilter
from portal.workspaces.saved_filters.queries import filters_of

MOST_OF_A_LIST: Final = 20


class TooManyFilters(DomainError):
    message = _l("Du har allerede 20 gemte filtre her. Slet et først.")


def save_filter(user: User, *, address: str, name: str, query: str, at: datetime) -> SavedFilter:
    """One of the same name is replaced. Raises TooManyFilters."""
    saved = filters_of(user, address)
    known = next((one for one in saved if one.name == name), None)
    if known is not None:
        known.query, known.made_at = query, at
        db.session.flush()
        return known
    if len(saved) >= MOST_OF_A_LIST:
        raise TooManyFilters
    made = SavedFilter(user_id=user.id, address=address, name=name, query=query, made_at=at)
    db.session.add(made)
    db.session.flush()
    return made


def forget_filters(closing: Any, **_more: Any) -> None:
    """Hears `events.access_ending`: whoever signs in no more opens no list."""
    if isinstance(closing, User):
        db.session.execute(sa.delete(SavedFilter).where(SavedFilter.user_id == closing.id))


def delete_filter(saved: SavedFilter) -> None:
    db.session.delete(saved)
    db.session.flush()
