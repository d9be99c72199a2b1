"""Small numbers hidden so that they cannot be found by subtraction.

A number from 1 to 4 is hidden together with others, so that the sum that is shown fits another number as well: with the
smallest ones that are not 0, and with 0 where there are no such. Source: docs/rules.md#small-numbers
"""

from collections.abc import Hashable, Mapping, Sequence
from typing import Final, TypeVar

from portal.base.terms import FEWEST_PEOPLE

Key = TypeVar("Key", bound=Hashable)

FEWEST: Final = FEWEST_PEOPLE
"""The smallest number of people that is shown in a breakdown."""


def is_few(count: int) -> bool:
    return 0 < count < FEWEST


def masked(parts: Mapping[Key, int]) -> dict[Key, int | None]:
    """The parts of a sum that is shown; None: hidden. The hidden ones come to FEWEST or more, or to all there is."""
    return masked_cells(parts, [list(parts)])


def masked_cells(cells: Mapping[Key, int], lines: Sequence[Sequence[Key]]) -> dict[Key, int | None]:
    """Cells of several sums that are shown, each over the cells of a line: in every line as in `masked`."""
    hidden: set[Key] = set()
    before = -1
    while len(hidden) != before:
        before = len(hidden)
        for line in lines:
            hidden |= _hidden({key: cells[key] for key in line}, hidden.intersection(line))
    return {key: None if key in hidden else count for key, count in cells.items()}


def _hidden(parts: Mapping[Key, int], already: set[Key]) -> set[Key]:
    hidden = already | {key for key, count in parts.items() if is_few(count)}
    rest = sorted((key for key in parts if key not in hidden), key=lambda key: (parts[key] == 0, parts[key]))
    while hidden and rest and (len(hidden) == 1 or sum(parts[key] for key in hidden) < FEWEST):
        hidden.add(rest.pop(0))
    return hidden
