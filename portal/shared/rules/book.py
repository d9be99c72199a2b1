"""The numbers of the law as dated rows in hand: what holds on a day, and what would hold with a change. No database."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from flask_babel import lazy_gettext as _l

from portal.base.errors import DomainError


class RuleMissing(DomainError):
    """No number is in force for the key on the day. `key` names it for the log."""

    message = _l("Der mangler et tal i regelsættet for den dag. Bed administratoren om at rette det.")

    def __init__(self, key: str) -> None:
        super().__init__()
        self.key = key


@dataclass(frozen=True)
class DatedNumber:
    """One number with the days it holds and where the law says so."""

    key: str
    value: Decimal
    valid_from: date
    valid_to: date | None
    """The last day in force; None while it stands."""
    reference: str
    is_verified: bool = True

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or self.valid_to >= day)


class Numbers:
    """What holds on one day, by key."""

    def __init__(self, on: date, rows: Iterable[DatedNumber]) -> None:
        self.on = on
        self._rows = {row.key: row for row in rows if row.holds_on(on)}

    def __getitem__(self, key: str) -> Decimal:
        """Raises RuleMissing."""
        return self._row(key).value

    def __contains__(self, key: str) -> bool:
        return key in self._rows

    def whole(self, key: str) -> int:
        """A number of things or days. Raises RuleMissing."""
        return int(self[key])

    def reference(self, key: str) -> str:
        """Where it stands, and whether anybody has read it there. Raises RuleMissing."""
        row = self._row(key)
        return row.reference if row.is_verified else str(_l("%(act)s (ikke efterprøvet)", act=row.reference))

    def _row(self, key: str) -> DatedNumber:
        if key not in self._rows:
            raise RuleMissing(key)
        return self._rows[key]


@dataclass(frozen=True)
class RuleBook:
    """All dated numbers. A placement is judged by those of the day it starts."""

    rows: tuple[DatedNumber, ...]

    def on(self, day: date) -> Numbers:
        return Numbers(day, self.rows)

    def with_number(self, new: DatedNumber) -> "RuleBook":
        """The book as it would be: a number that starts on the same day is replaced, the one before ends."""
        kept = [row for row in self.rows if (row.key, row.valid_from) != (new.key, new.valid_from)]
        return RuleBook((*(_ended(row, new) for row in kept), new))

    def without(self, key: str, valid_from: date) -> "RuleBook":
        """The book as it would be without a number that has not begun: the one before goes on in its place."""
        gone = next(row for row in self.rows if (row.key, row.valid_from) == (key, valid_from))
        rest = [row for row in self.rows if row is not gone]
        return RuleBook(tuple(_resumed(row, gone) for row in rest))


def _resumed(row: DatedNumber, gone: DatedNumber) -> DatedNumber:
    """The row, going on if it ended only because the number that is gone took over."""
    if row.key == gone.key and row.valid_to == gone.valid_from - timedelta(days=1):
        return replace(row, valid_to=gone.valid_to)
    return row


def _ended(row: DatedNumber, new: DatedNumber) -> DatedNumber:
    """The row, ended the day before the new number takes over from it."""
    if row.key == new.key and row.valid_from < new.valid_from and row.holds_on(new.valid_from):
        return replace(row, valid_to=new.valid_from - timedelta(days=1))
    return row
