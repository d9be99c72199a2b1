"""Whose the parts of a text are: a concept's own, several concepts', others' alone or nobody's.

Pure, and only the lexicon's. Spelling says how alike a text and a wording are; what a person sees besides is that the
odd word of "vask af fade" belongs to another task, and that "bækken" belongs to one alone. Compiled by numba:
docs/adr/009-compiled-loops.md.
"""

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from portal.batch.compiled import compiled_in_place
from portal.lexicon.loops import AskedTexts, Floats, FoundGuesses, Numbers, Tables

OWNERSHIP: Final = (
    "parts of others", "parts its own alone", "parts of nobody", "best wording by parts", "its label covered",
    "its text covered", "margin of best wording by parts",
)  # fmt: skip


class PartsDesk(NamedTuple):
    """What is worked out about one text at a time, of each part of the vocabulary."""

    shares: npt.NDArray[np.float64]
    """What it is worth to the text (0-1)."""
    marks: Numbers
    """The wording it was last seen in."""


def whose(asked: AskedTexts, tables: Tables, found: FoundGuesses) -> Floats:
    """A row of `OWNERSHIP` for each guess."""
    figures = np.zeros((len(found.places), len(OWNERSHIP)), np.float32)
    parts = tables.kinship.rarity.shape
    tell_whose(asked, tables, found, PartsDesk(np.zeros(parts), np.full(parts, -1, np.int64)), figures)
    return figures


# What follows is compiled.


@compiled_in_place
def _take_in(parts: Any, kinship: Any, desk: Any) -> Any:  # pragma: no cover - compiled
    """Note what each part of the vocabulary is worth to the text; what the known parts weigh."""
    known = 0.0
    for at in range(len(parts)):
        part = parts[at]
        known += kinship.rarity[part]
        for stands in range(kinship.stands_for.starts[part], kinship.stands_for.starts[part + 1]):
            other = kinship.stands_for.items[stands]
            desk.shares[other] = max(desk.shares[other], kinship.shares[stands])
    return known


@compiled_in_place
def _let_go(parts: Any, kinship: Any, desk: Any) -> Any:  # pragma: no cover - compiled
    """Undo `_take_in`."""
    for at in range(len(parts)):
        part = parts[at]
        for stands in range(kinship.stands_for.starts[part], kinship.stands_for.starts[part + 1]):
            desk.shares[kinship.stands_for.items[stands]] = 0


@compiled_in_place
def _is_among(number: Any, items: Any, start: Any, end: Any) -> Any:  # pragma: no cover - compiled
    """Whether the number is among ascending items."""
    while start < end:
        middle = (start + end) // 2
        if items[middle] == number:
            return True
        if items[middle] < number:
            start = middle + 1
        else:
            end = middle
    return False


@compiled_in_place
def _others_and_own(parts: Any, concept: Any, kinship: Any) -> Any:  # pragma: no cover - compiled
    """What the parts weigh that only other concepts have, and those that this one alone has."""
    others = alone = 0.0
    for at in range(len(parts)):
        part = parts[at]
        start, end = kinship.owners.starts[part], kinship.owners.starts[part + 1]
        if not _is_among(concept, kinship.owners.items, start, end):
            others += kinship.rarity[part]
        elif end == start + 1:
            alone += kinship.rarity[part]
    return others, alone


@compiled_in_place
def _seen_from_row(row: Any, kinship: Any, desk: Any) -> Any:  # pragma: no cover - compiled
    """What the parts of a wording weigh, and how much of that the text stands for."""
    whole = covered = 0.0
    for at in range(kinship.row_parts.starts[row], kinship.row_parts.starts[row + 1]):
        part = kinship.row_parts.items[at]
        desk.marks[part] = row
        whole += kinship.rarity[part]
        covered += kinship.rarity[part] * desk.shares[part]
    return whole, covered


@compiled_in_place
def _seen_from_text(parts: Any, row: Any, kinship: Any, desk: Any) -> Any:  # pragma: no cover - compiled
    """How much of the text's weight the marked wording stands for."""
    covered = 0.0
    for at in range(len(parts)):
        part = parts[at]
        share = 0.0
        for stands in range(kinship.stands_for.starts[part], kinship.stands_for.starts[part + 1]):
            if desk.marks[kinship.stands_for.items[stands]] == row:
                share = max(share, kinship.shares[stands])
        covered += kinship.rarity[part] * share
    return covered


@compiled_in_place
def _fill_best(
    parts: Any, weight: Any, rows: Any, kinship: Any, desk: Any, said: Any
) -> Any:  # pragma: no cover - compiled
    """Of the concept's wording that shares most with the text: how much, of both, of itself, of the text."""
    for row in range(rows[0], rows[1]):
        whole, of_row = _seen_from_row(row, kinship, desk)
        if of_row > 0:
            of_text = _seen_from_text(parts, row, kinship, desk)
            both = np.float32((of_row + of_text) / (whole + weight))
            if both > said[3]:
                said[3], said[4], said[5] = both, of_row / whole, of_text / weight


@compiled_in_place
def _fill_margins(figures: Any) -> Any:  # pragma: no cover - compiled
    """How far each guess is ahead of the best other one."""
    best = second = np.float32(0)
    for guess in range(len(figures)):
        if figures[guess, 3] > best:
            best, second = figures[guess, 3], best
        elif figures[guess, 3] > second:
            second = figures[guess, 3]
    for guess in range(len(figures)):
        own = figures[guess, 3]
        figures[guess, 6] = own - (second if own == best else best)


@compiled_in_place
def tell_whose(
    asked: Any, tables: Any, found: Any, desk: Any, figures: Any
) -> Any:  # pragma: no cover - compiled
    """See `whose`."""
    for text in range(len(found.starts) - 1):
        parts = asked.parts.items[asked.parts.starts[text] : asked.parts.starts[text + 1]]
        weight = max(asked.weights[text], 1e-9)
        known = _take_in(parts, tables.kinship, desk)
        for guess in range(found.starts[text], found.starts[text + 1]):
            concept = found.places[guess]
            others, alone = _others_and_own(parts, concept, tables.kinship)
            said = figures[guess]
            said[0], said[1], said[2] = others / weight, alone / weight, 1 - known / weight
            rows = tables.starts[concept : concept + 2]
            _fill_best(parts, weight, rows, tables.kinship, desk, said)
        _fill_margins(figures[found.starts[text] : found.starts[text + 1]])
        _let_go(parts, tables.kinship, desk)
