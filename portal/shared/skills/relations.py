"""Which skill is a kind of which: no skill is above itself, and what that is worth to the matcher.

Pure. A mapping of relations says for each skill what it is a kind of.
"""

from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from typing import Final, TypeVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.base.errors import DomainError

One = TypeVar("One", bound=Hashable)

HELD_IS_NARROWER: Final = 0.5
"""Who can clean hotel rooms can clean, but how much of it nobody has said."""

HELD_IS_BROADER: Final = 0.3
"""Who can clean may have cleaned hotel rooms; of what is broader still, too little can be told."""


class AboveItself(DomainError):
    message = _l("En færdighed kan ikke høre under sig selv.")


class RelationsInCircle(DomainError):
    """The skills would be above each other. `names` begins and ends with the same one."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(
            _("Så ville færdighederne høre under hinanden i ring: %(names)s.", names=" → ".join(names))
        )
        self.names = tuple(names)


def circle_through(start: One, broader: Mapping[One, Collection[One]]) -> list[One]:
    """The shortest way from a skill upwards and back to itself, with it at both ends; empty where there is none."""
    ways: list[list[One]] = [[start]]
    seen: set[One] = set()
    for way in ways:
        for above in broader.get(way[-1], ()):
            if above == start:
                return [*way, start]
            if above not in seen:
                seen.add(above)
                ways.append([*way, above])
    return []


def all_above(skill: One, broader: Mapping[One, Collection[One]]) -> Iterator[One]:
    """All that a skill is a kind of, directly or through others, each once."""
    found = list(dict.fromkeys(broader.get(skill, ())))
    for one in found:  # grows while it is walked
        yield one
        found += [above for above in broader.get(one, ()) if above not in found]


def likeness(broader: Mapping[int, Collection[int]]) -> dict[tuple[int, int], float]:
    """What a held skill is worth where another is asked for, as (asked, held) -> 0-1.

    Two kinds of one thing say nothing of each other.
    """
    worth: dict[tuple[int, int], float] = {}
    for skill, direct in broader.items():
        worth |= {(skill, above): HELD_IS_BROADER for above in direct}
        worth |= {(above, skill): HELD_IS_NARROWER for above in all_above(skill, broader)}
    return worth
