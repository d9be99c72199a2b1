"""Which spells of one person may run on the same day, and which contradict each other. One table, with the reasons."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.base.terms import SpellKind

TWO_AT_ONCE: Final = frozenset({SpellKind.ORDINARY_WORK, SpellKind.ACTIVITY, SpellKind.LEISURE_JOB})
"""What somebody may have two of: small jobs, and what placements write. Days are counted once."""

_TWICE: Final = _l("Der står allerede en periode af samme slags i de dage.")

CONTRADICTIONS: Final[dict[frozenset[SpellKind], LazyString]] = {
    frozenset({SpellKind.SELF_SUPPORTING, SpellKind.PUBLICLY_SUPPORTED}): _l(
        "Man er enten selvforsørgende eller offentligt forsørget."
    ),
    frozenset({SpellKind.NOT_AVAILABLE, SpellKind.ACTIVITY}): _l(
        "Den, der er i en aktivitet, er til rådighed for den."
    ),
    **{frozenset({kind}): _TWICE for kind in SpellKind if kind not in TWO_AT_ONCE},
}
"""Pairs that cannot be true on one day, and why; a set of one is two of the same kind.

All other pairs happen: work with a supplement to live on, school beside work, a job one is away from for a while.
"""


@dataclass(frozen=True)
class SpellDays:
    """Days of one kind, as they stand or are about to be written; no `until_on`: no end is known."""

    kind: SpellKind
    from_on: date
    until_on: date | None

    def overlaps(self, other: "SpellDays") -> bool:
        """Whether the two share a day."""
        return self.from_on <= (other.until_on or date.max) and other.from_on <= (self.until_on or date.max)


def contradictions(wanted: SpellDays, standing: Sequence[SpellDays]) -> list[tuple[SpellDays, LazyString]]:
    """What of the standing cannot be true beside the wanted, in their order, and why."""
    return [
        (other, CONTRADICTIONS[pair])
        for other in standing
        if (pair := frozenset({wanted.kind, other.kind})) in CONTRADICTIONS and wanted.overlaps(other)
    ]
