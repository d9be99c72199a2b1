"""The numbers of the law as dated rows in hand: what holds on a day, and what would hold with a change. No database.

The rows without an owner are every municipality's. A municipality may have rows of its own beside them, and is judged
by the stricter of the two on each day. Source: docs/rules.md#own-rows
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final, Protocol

from flask_babel import lazy_gettext as _l

from portal.base.errors import DomainError
from portal.shared.rules.certainty import Certainty, marked
from portal.shared.rules.strictness import stricter
from portal.shared.rules.units import in_words
from portal.web.presentation import da_date

_DAY: Final = timedelta(days=1)


class RuleMissing(DomainError):
    """No number is in force for the key on the day. `key` names it for the log."""

    message = _l(
        "Portalen mangler et tal fra lovens regler for den dag. "
        "Den, der driver portalen, kan indlæse reglerne fra sin forside."
    )
    advice = _l("På forsiden står, hvad der mangler, og hvem der gør det.")

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
    certainty: Certainty = Certainty.READ
    unit: str = ""
    owner: Owner | None = None
    """None: the law's, which is every municipality's."""
    words: str = ""
    """The lines of a list; "" for a number."""
    took_over: bool = False
    """The row before it ended only because this one begins."""
    took_until: date | None = None
    """The last day that the row before it had until then."""
    goes_on: bool = False
    """After a pause: the same number as before it."""

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or self.valid_to >= day)

    def is_for(self, municipality_id: int | None) -> bool:
        return self.owner is None or self.owner.id == municipality_id

    def follows(self, other: "DatedNumber") -> bool:
        """Whether they are numbers of one rule and one owner, so that one takes over from the other."""
        return (self.key, self.owner) == (other.key, other.owner)

    def begins_with(self, other: "DatedNumber") -> bool:
        return self.follows(other) and self.valid_from == other.valid_from

    def is_cut_by(self, new: "DatedNumber") -> bool:
        """Whether it would go on into the days of a new number of its line."""
        return self.valid_from < new.valid_from and self.holds_on(new.valid_from)

    def beside(self, new: "DatedNumber") -> Iterator["DatedNumber"]:
        """What is left of it before and after the days of a new number; another line's is left as it is."""
        last = new.valid_to or date.max
        if not self.follows(new) or self.valid_from > last or (self.valid_to or date.max) < new.valid_from:
            yield self
            return
        if self.valid_from < new.valid_from:
            yield replace(self, valid_to=new.valid_from - _DAY)
        if last < (self.valid_to or date.max):
            yield replace(self, valid_from=last + _DAY, took_over=False, took_until=None, goes_on=True)


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
    return marked(row.reference, row.certainty)


@dataclass(frozen=True)
class RuleBook:
    """All dated numbers, of the law and of every municipality. Each day of a placement is judged by its own."""

    rows: tuple[DatedNumber, ...]
    _known: dict[tuple[date, int | None], "Numbers"] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """Days that were asked about: a list asks of the same few for every line."""

    def on(self, day: date, municipality_id: int | None) -> Numbers:
        """What the municipality is judged by; None: the law alone, for what is no municipality's."""
        asked = (day, municipality_id)
        if asked not in self._known:
            self._known[asked] = Numbers(day, (row for row in self.rows if row.is_for(municipality_id)))
        return self._known[asked]

    def changes(
        self, keys: Collection[str] | None, municipality_id: int | None, *, after: date, until: date
    ) -> list[date]:
        """The days on which a number of the keys, or of any, may be another than the day before."""
        rows = [row for row in self.rows if (keys is None or row.key in keys) and row.is_for(municipality_id)]
        ends = {row.valid_to + _DAY for row in rows if row.valid_to is not None and row.valid_to < until}
        return sorted(one for one in {row.valid_from for row in rows} | ends if after < one <= until)

    def with_number(self, new: DatedNumber) -> "RuleBook":
        """The book as it would be: on the number's days no other of its line holds, and around them all go on."""
        if new.valid_to is not None and new.valid_to < new.valid_from:
            return RuleBook((*self.rows, new))  # it has no days
        cut = next((row for row in self.rows if row.follows(new) and row.is_cut_by(new)), None)
        if cut is not None:
            new = replace(new, took_over=True, took_until=cut.valid_to)
        return RuleBook((*(part for row in self.rows for part in row.beside(new)), new))

    def without(self, gone: DatedNumber) -> "RuleBook":
        """The book as it would be without a number that has not begun: what it took over from goes on in its place."""
        taken = next((row for row in self.rows if row.begins_with(gone)), gone)
        rest = [row for row in self.rows if not row.begins_with(gone)]
        before = next(
            (row for row in rest if row.follows(taken) and row.valid_to == _day_before(taken)), None
        )
        if before is None or not taken.took_over:
            return RuleBook(tuple(rest))
        after = min(
            (row for row in rest if row.follows(taken) and row.valid_from > taken.valid_from),
            key=lambda row: row.valid_from,
            default=None,
        )
        resumed, healed = resumption(taken, before, after)
        return RuleBook(
            tuple(
                replace(row, valid_to=resumed) if row is before else row
                for row in rest
                if not (healed and row is after)
            )
        )


class RowInTime(Protocol):
    """A row in hand or in the table."""

    @property
    def valid_from(self) -> Any: ...

    @property
    def valid_to(self) -> Any: ...

    @property
    def value(self) -> Any: ...

    @property
    def words(self) -> Any: ...

    @property
    def goes_on(self) -> Any: ...

    @property
    def took_until(self) -> Any: ...


def resumption(taken: RowInTime, before: RowInTime, after: RowInTime | None) -> tuple[date | None, bool]:
    """Until when the row before goes on when the one that took over from it is gone; and whether the row after is
    its own other half, which then is not needed: the pause between the two has healed."""
    if after is None:
        return taken.took_until, False
    if after.goes_on and _day_before(after) == taken.valid_to and _same(before, after):
        return after.valid_to, True
    until: date | None = taken.took_until
    latest = _day_before(after)
    return (latest if until is None else min(until, latest)), False


def _same(one: RowInTime, other: RowInTime) -> bool:
    return bool((one.value, one.words) == (other.value, other.words))


def _day_before(row: RowInTime) -> date:
    first: date = row.valid_from
    return first - _DAY
