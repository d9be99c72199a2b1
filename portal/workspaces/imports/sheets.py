"""Lines of cells in, the table of a file out, whichever format they came from. Runs in a child process.

`reader.py` is the other side of that process, so this knows no kinds, no database and no gettext: a refusal is a word
that `reader.py` has a sentence for. Limits are checked while the lines come, for what is *seen* and not only for what
is kept, because a small file can hold a very large one.
"""

import json
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from portal.workspaces.imports.refusals import (
    MAX_CELL,
    MAX_COLUMNS,
    MAX_HEADING,
    MAX_ROWS,
    MAX_ROWS_SEEN,
    MAX_TEXT,
    Refused,
    Why,
)


class SheetLine(NamedTuple):
    """A line of the file, by its number as an editor or Excel shows it."""

    number: int
    cells: list[str]
    marks: dict[int, str] = {}
    """What cells are (`CellMark`), by their place from 0."""


def answer(lines: Iterator[SheetLine], about: Mapping[str, object]) -> bytes:
    """The table as JSON, `{"headings": [...], "rows": [[line, [cell, ...], marks], ...]}`, or `{"refused": ..., ...}`.

    `about` says how it was read, and is asked when all lines have come.
    """
    try:
        found = {**_table(lines), **about}
    except Refused as refusal:
        found = {"refused": refusal.why.value, "facts": refusal.facts}
    return json.dumps(found).encode()


def _table(lines: Iterator[SheetLine]) -> dict[str, object]:
    headings: list[str] | None = None
    rows: list[tuple[object, ...]] = []
    text = 0
    for seen, (line, cells, marks) in enumerate(lines):
        if seen == MAX_ROWS_SEEN:
            raise Refused(Why.ROWS_SEEN)
        kept = _trimmed(cells)
        if not kept and not marks:
            continue
        text += _measured(line, kept)
        if text > MAX_TEXT:
            raise Refused(Why.UNPACKED)
        if headings is None:
            headings = _checked_headings(kept)
        elif len(rows) == MAX_ROWS:
            raise Refused(Why.ROWS)
        else:
            rows.append((line, kept[: MAX_COLUMNS + 1], marks))
    if headings is None:
        raise Refused(Why.EMPTY)
    return {"headings": headings, "rows": rows}


def _measured(line: int, cells: list[str]) -> int:
    for place, cell in enumerate(cells, start=1):
        if len(cell) > MAX_CELL:
            raise Refused(Why.CELL, line=line, column=place)
    return sum(map(len, cells))


def _checked_headings(headings: list[str]) -> list[str]:
    if len(headings) > MAX_COLUMNS:
        raise Refused(Why.COLUMNS)
    for heading in headings:
        if len(heading) > MAX_HEADING:
            raise Refused(Why.HEADING, name=heading[:60])
    return headings


def _trimmed(cells: list[str]) -> list[str]:
    """Without the empty cells at the end that Excel adds."""
    end = len(cells)
    while end and not cells[end - 1]:
        end -= 1
    return cells[:end]
