"""The table of imports, and the kinds of files."""

from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped, mapped_column

from portal.base.database import db
from portal.base.terms import Effort, LabelledEnum
from portal.shared.accounts.models import User
from portal.web.permissions import Action


class ImportKind(LabelledEnum):
    """What a file holds. The vocabulary is everybody's, the rest a municipality's."""

    EMPLOYERS = "employers", _l("Virksomheder")
    OPENINGS = "openings", _l("Åbninger")
    CARDS = "cards", _l("Borgere med kompetencekort")
    MEMBERSHIPS = "memberships", _l("Medlemmer af målgrupper")
    SPELLS = "spells", _l("Borgeres perioder")
    LANGUAGE_HOURS = "language_hours", _l("Timer på sprogskolen")
    VOCABULARY = "vocabulary", _l("Ordliste")


NEEDS: Final = {
    ImportKind.EMPLOYERS: Action.MANAGE_EMPLOYERS,
    ImportKind.OPENINGS: Action.REGISTER_OPENING,
    ImportKind.CARDS: Action.MANAGE_CITIZENS,
    ImportKind.MEMBERSHIPS: Action.RECORD_SITUATIONS,
    ImportKind.SPELLS: Action.RECORD_SITUATIONS,
    ImportKind.LANGUAGE_HOURS: Action.RECORD_EFFORTS,
    ImportKind.VOCABULARY: Action.IMPORT_VOCABULARY,
}
"""Who brings in a file may do the same by hand."""


PART_OF: Final = {ImportKind.LANGUAGE_HOURS: Effort.COHORTS}

ABOUT_CITIZENS: Final = frozenset(
    {ImportKind.CARDS, ImportKind.MEMBERSHIPS, ImportKind.SPELLS, ImportKind.LANGUAGE_HOURS}
)
"""Whoever is shown a line of such a file has looked at somebody."""


def kinds_for(user: User) -> list[ImportKind]:
    """What the user's files may hold: nothing of an effort that her municipality does not use."""
    return [kind for kind, action in NEEDS.items() if user.may(action) and user.uses(PART_OF.get(kind))]


class ImportFile(db.Model):  # type: ignore[name-defined]
    """A file between its preview and the yes to it. Personal data: removed at the yes, or when it expires."""

    __tablename__ = "import_files"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"), index=True)
    municipality_id: Mapped[int | None] = mapped_column(sa.ForeignKey("municipalities.id"))
    """None: a file of the installation's, words for all."""
    kind: Mapped[ImportKind]
    filename: Mapped[str] = mapped_column(sa.String(120))
    parsed: Mapped[dict[str, Any]]
    """The file as it was read (`UploadedTable.as_json`): nobody reads the file itself a second time."""
    uploaded_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
