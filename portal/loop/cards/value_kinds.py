"""What a field of the card can hold, and so how a value is kept, compared and said in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask_babel import LazyString

from portal.base.places import find_place
from portal.base.terms import LabelledEnum, Shift
from portal.base.typed_numbers import PEOPLE, Unit
from portal.loop.cards.wording import week_text


class ValueKind:
    """Forms and imports add their own side, by class: `forms.UNBOUND` and `imports.kinds.PARSERS`."""

    def stored(self, value: Any) -> Any:
        """The value as its column keeps it."""
        return value

    def differ(self, before: Any, after: Any) -> bool:
        """Whether a version says something else. Empty and missing both mean "not known"; 0 and False are known."""
        return _known(before) != _known(after)

    def in_words(self, value: Any) -> str:
        """The value in Danish; empty when it is not known."""
        return "" if _known(value) is None else self.said(value)

    def said(self, value: Any) -> str:
        """A known value in Danish."""
        return str(value)

    def shared(self, value: Any) -> str:
        """The value as an employer reads it."""
        return self.in_words(value)


def _known(value: Any) -> Any:
    return None if value is None or value in ("", [], {}) else value


def _label(terms: type[LabelledEnum], value: str) -> str:
    """An old version may hold a term that is no more: it is said as it was kept."""
    return next((str(term.label) for term in terms if term.value == value), str(value))


@dataclass(frozen=True)
class FreeText(ValueKind):
    """What somebody wrote in their own words."""

    longest: int
    lines: int

    def stored(self, value: str | None) -> str:
        return value or ""


@dataclass(frozen=True)
class Ladder(ValueKind):
    """A rung from 0 up."""

    rungs: Mapping[int, LazyString]

    def said(self, value: int) -> str:
        return str(self.rungs.get(value, value))


@dataclass(frozen=True)
class OneOf(ValueKind):
    """One term; `nothing` is what the form calls none of them."""

    terms: type[LabelledEnum]
    nothing: LazyString

    def said(self, value: str) -> str:
        return _label(self.terms, value)


@dataclass(frozen=True)
class SeveralOf(ValueKind):
    """Any number of terms."""

    terms: type[LabelledEnum]

    def stored(self, value: Sequence[str]) -> list[str]:
        return [str(one) for one in value]

    def said(self, value: Sequence[str]) -> str:
        return ", ".join(_label(self.terms, one) for one in value)


@dataclass(frozen=True)
class NumberChoice(ValueKind):
    """A whole number chosen among a few."""

    least: int
    most: int


@dataclass(frozen=True)
class WholeNumber(ValueKind):
    """A whole number that is written, of what."""

    least: int
    most: int
    unit: Unit = PEOPLE


@dataclass(frozen=True)
class WeeklyHours(ValueKind):
    """Hours a week, with a decimal comma."""

    least: int
    most: int

    def said(self, value: float) -> str:
        return f"{value:g}".replace(".", ",")


@dataclass(frozen=True)
class HomePostcode(ValueKind):
    """Where she lives, no closer than the town."""

    def stored(self, value: str | None) -> str | None:
        return value or None

    def shared(self, value: str | None) -> str:
        place = find_place(value or "")
        return f"{place.postcode} {place.town}" if place else ""


@dataclass(frozen=True)
class WeekGrid(ValueKind):
    """Parts of the day in which she can work, by weekday."""

    def stored(self, value: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
        return {str(day): [str(part) for part in parts] for day, parts in value.items() if parts}

    def said(self, value: Mapping[str, list[str]]) -> str:
        return week_text(value)


@dataclass(frozen=True)
class Shifts(ValueKind):
    """The shifts she said yes (`can`) or no to: two columns that share one question a shift."""

    can: bool

    def stored(self, value: Sequence[str]) -> list[str]:
        return _SHIFTS.stored(value)

    def said(self, value: Sequence[str]) -> str:
        return _SHIFTS.said(value)


_SHIFTS: Final = SeveralOf(Shift)


@dataclass(frozen=True)
class YesNo(ValueKind):
    """Yes, no or not known, with the words of each."""

    yes: LazyString
    no: LazyString

    def said(self, value: bool) -> str:
        return str(self.yes if value else self.no)
