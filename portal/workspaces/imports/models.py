"""The table of imports, and the kinds of files."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped, mapped_column

from portal.base.database import db
from portal.base.terms import LabelledEnum


class ImportKind(LabelledEnum):
    """What a file holds. The vocabulary is everybody's, so it is loaded by command only."""

    EMPLOYERS = "employers", _l("Virksomheder")
    OPENINGS = "openings", _l("Åbninger")
    CARDS = "cards", _l("Borgere med kompetencekort")
    VOCABULARY = "vocabulary", _l("Ordliste")


UPLOAD_KINDS = (ImportKind.EMPLOYERS, ImportKind.OPENINGS, ImportKind.CARDS)


class ImportFile(db.Model):  # type: ignore[name-defined]
    """A file between its preview and the yes to it. Personal data: removed at the yes, or when it expires."""

    __tablename__ = "import_files"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"), index=True)
    municipality_id: Mapped[int] = mapped_column(sa.ForeignKey("municipalities.id"))
    kind: Mapped[ImportKind]
    filename: Mapped[str] = mapped_column(sa.String(120))
    parsed: Mapped[dict[str, Any]]
    """The file as it was read (`UploadedTable.as_json`): nobody reads the file itself a second time."""
    uploaded_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
