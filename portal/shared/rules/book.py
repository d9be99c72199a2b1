"""The numbers of the law as dated rows in hand: what holds on a day, and what would hold with a change. No database.

The rows without an owner are every municipality's. A municipality may have rows of its own beside them, and is judged
by the stricter of the two on each day. Source: docs/rules.md#own-rows
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from flask_babel import lazy_gettext as _l

from portal.base.errors import DomainError
from portal.shared.rules.strictness import stricter
from portal.shared.rules.units import in_words
from portal.web.presentation import da_date


class RuleMissing(DomainError):
    """No number is in force for the key on the day. `key` names it for the log."""

    message = _l("Der mangler et tal i regelsættet for den dag. Bed administratoren om at rette det.")

    def __init__(self, key: str) -> None:
        super().__init__()
        self.key = key


@dataclass(frozen=True)
class Owner:
    """The municipality whose own row it is."""

    id: int
    name: str


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
    unit: str = ""
    owner: Owner | None = None
    """None: the law's, which is every municipality's."""
    words: str = ""
    """The lines of a list; "" for a number."""

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or self.valid_to >= day)

    def is_for(self, municipality_id: int | None) -> bool:
        return self.owner is None or self.owner.id == municipality_id

    def follows(self, other: "DatedNumber") -> bool:
        """Whether they are numbers of one rule and one owner, so that one takes over from the other."""
        return (self.key, self.owner) == (other.key, other.owner)

    def begins_with(self, other: "DatedNumber") -> bool:
        return self.follows(other) and self.valid_from == other.valid_from


class Numbers:
    """What holds on one day, by key, for whom the rows are."""

    def __init__(self, on: date, rows: Iterable[DatedNumber]) -> None:
        self.on = on
        holding = [row for row in rows if row.holds_on(on)]
        self._law = {row.key: row for row in holding if row.owner is None}
        self._own = {
            row.key: row
            for row in holding
            if row.owner is not None
            and row.key in self._law
            and stricter(row.key).is_stricter(row.value, than=self._law[row.key].value)
        }

    def __getitem__(self, key: str) -> Decimal:
        """Raises RuleMissing."""
        return self._row(key).value

    def __contains__(self, key: str) -> bool:
        return key in self._law

    def law(self, key: str) -> Decimal:
        """What the law says, whatever the municipality has decided of its own. Raises RuleMissing."""
        if key not in self._law:
            raise RuleMissing(key)
        return self._law[key].value

    def says(self, key: str) -> bool:
        """Whether a rule of yes or no says yes; where no row holds, nothing says so."""
        return key in self and self[key] != 0

    def words(self, key: str) -> str:
        """The lines of a list; "" where none holds."""
        return self._row(key).words if key in self else ""

    def whole(self, key: str) -> int:
        """A number of things or days. Raises RuleMissing."""
        return int(self[key])

    def in_words(self, key: str) -> str:
        """The number with its unit. Raises RuleMissing."""
        row = self._row(key)
        return in_words(row.value, row.unit)

    def reference(self, key: str, *judged_with: str) -> str:
        """Where it stands, and whether anybody has read it there; of the other keys only whose own number it is.

        Raises RuleMissing.
        """
        said = [self._said(key), *(self._said(other) for other in judged_with if other in self._own)]
        return "; ".join(dict.fromkeys(said))

    def own_words(self, key: str) -> str:
        """Whose own rule holds, from when, and what the law says; "" where the law's number holds."""
        own = self._own.get(key)
        if own is None or own.owner is None:
            return ""
        law = self._law[key]
        return str(
            _l(
                "%(municipality)s Kommunes egen regel fra %(day)s, loven siger %(number)s",
                municipality=own.owner.name,
                day=da_date(own.valid_from),
                number=in_words(law.value, law.unit),
            )
        )

    def _said(self, key: str) -> str:
        row = self._row(key)
        if key in self._own:
            return f"{self.own_words(key)} ({_reference(self._law[key])})"
        return _reference(row)

    def _row(self, key: str) -> DatedNumber:
        if key not in self._law:
            raise RuleMissing(key)
        return self._own.get(key, self._law[key])


def _reference(row: DatedNumber) -> str:
    return row.reference if row.is_verified else str(_l("%(act)s (ikke efterprøvet)", act=row.reference))


@dataclass(frozen=True)
class RuleBook:
    """All dated numbers, of the law and of every municipality. A placement is judged by those of the day it starts."""

    rows: tuple[DatedNumber, ...]

    def on(self, day: date, municipality_id: int | None) -> Numbers:
        """What the municipality is judged by; None: the law alone, for what is no municipality's."""
        return Numbers(day, (row for row in self.rows if row.is_for(municipality_id)))

    def changes(
        self, keys: Collection[str], municipality_id: int | None, *, after: date, until: date
    ) -> list[date]:
        """The days on which a number of the keys may be another than the day before."""
        day = timedelta(days=1)
        rows = [row for row in self.rows if row.key in keys and row.is_for(municipality_id)]
        ends = {row.valid_to + day for row in rows if row.valid_to is not None and row.valid_to < until}
        return sorted(one for one in {row.valid_from for row in rows} | ends if after < one <= until)

    def with_number(self, new: DatedNumber) -> "RuleBook":
        """The book as it would be: a number that starts on the same day is replaced, the one before ends."""
        kept = [row for row in self.rows if not row.begins_with(new)]
        return RuleBook((*(_ended(row, new) for row in kept), new))

    def without(self, gone: DatedNumber) -> "RuleBook":
        """The book as it would be without a number that has not begun: the one before goes on in its place."""
        rest = [row for row in self.rows if not row.begins_with(gone)]
        return RuleBook(tuple(_resumed(row, gone) for row in rest))


def _resumed(row: DatedNumber, gone: DatedNumber) -> DatedNumber:
    """The row, going on if it ended only because the number that is gone took over."""
    if row.follows(gone) and row.valid_to == gone.valid_from - timedelta(days=1):
        return replace(row, valid_to=gone.valid_to)
    return row


def _ended(row: DatedNumber, new: DatedNumber) -> DatedNumber:
    """The row, ended the day before the new number takes over from it."""
    if row.follows(new) and row.valid_from < new.valid_from and row.holds_on(new.valid_from):
        return replace(row, valid_to=new.valid_from - timedelta(days=1))
    return row
