"""The table of imports, and the kinds of files."""

from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped, mapped_column

from portal.base.database import db
from portal.base.terms import LabelledEnum
from portal.shared.accounts.models import User
from portal.web.permissions import Action


class ImportKind(LabelledEnum):
    """What a file holds. The vocabulary is everybody's, the rest a municipality's."""

    EMPLOYERS = "employers", _l("Virksomheder")
    OPENINGS = "openings", _l("Åbninger")
    CARDS = "cards", _l("Borgere med kompetencekort")
    VOCABULARY = "vocabulary", _l("Ordliste")


NEEDS: Final = {
    ImportKind.EMPLOYERS: Action.MANAGE_EMPLOYERS,
    ImportKind.OPENINGS: Action.REGISTER_OPENING,
    ImportKind.CARDS: Action.MANAGE_CITIZENS,
    ImportKind.VOCABULARY: Action.IMPORT_VOCABULARY,
}
"""Who brings in a file may do the same by hand."""


def kinds_for(user: User) -> list[ImportKind]:
    """What the user's files may hold."""
    return [kind for kind, action in NEEDS.items() if user.may(action)]


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
