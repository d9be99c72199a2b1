"""What a row does to what is stored, and what each kind's writer can do."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from flask_babel import lazy_gettext as _l

from portal.base.terms import LabelledEnum
from portal.shared.accounts.models import User
from portal.workspaces.imports.kinds import UnderstoodRow


class RowEffect(LabelledEnum):
    """What a row does to what is stored."""

    NEW = "new", _l("Ny")
    CHANGED = "changed", _l("Ændret")
    UNCHANGED = "unchanged", _l("Uændret")


class RowRefused(Exception):
    """The row makes sense by itself but not beside what is stored; `key` says in which column to look."""

    def __init__(self, key: str, reason: str) -> None:
        super().__init__(reason)
        self.key = key
        self.reason = reason


Answers = Mapping[int, int | None]
"""By line of the file who its person is: the citizen's key, or None for somebody else than all who look like her."""


class Writer(Protocol):
    """One kind's way into the database."""

    def load(self) -> None:
        """Read what is stored about the rows; again after a row was rolled back."""

    def compare(self, understood: UnderstoodRow) -> RowEffect:
        """What the row would change. Raises RowRefused."""

    def write(self, understood: UnderstoodRow, *, by: User | None, at: datetime) -> None:
        """Make the change. Raises the rooms' DomainErrors."""

    def finish(self, *, changed: int, at: datetime) -> None:
        """Once, after the last row."""
