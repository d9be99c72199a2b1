"""The table of words that records are found by."""

from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.base.database import db
from portal.web.finding import FindKind

LONGEST_WORD: Final = 60
"""Letters that are kept of one word, and sought of one: nobody types more to tell two apart."""

BY_BYTES: Final = sa.String(LONGEST_WORD).with_variant(sa.String(LONGEST_WORD, collation="C"), "postgresql")
"""Words that begin alike stand together in the index; SQLite compares bytes by itself."""


class SearchWord(db.Model):  # type: ignore[name-defined]
    """A word in its one spelling (`base/folding.py`), and the record that is found by it."""

    __tablename__ = "search_words"
    __table_args__ = (sa.Index("ix_search_words_by_record", "kind", "record_id", "word"),)

    kind: Mapped[FindKind] = mapped_column(primary_key=True)
    word: Mapped[str] = mapped_column(BY_BYTES, primary_key=True)
    record_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    citizen_id: Mapped[int | None] = mapped_column(sa.ForeignKey("citizens.id"), index=True)
    """Whose record it is: her words go with her. None: it is about nobody."""
