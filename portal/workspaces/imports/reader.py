"""A file in, its table out, or a sentence that says why not. The reading itself happens in a child process that may
be killed (`csv_files.py`, `workbooks.py`), and never while a transaction is open. Knows no kinds.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.base.child import Bound, Bounds, ChildFailed, ChildWork, Queue
from portal.base.database import refuse_inside_transaction
from portal.base.errors import DomainError
from portal.matching import fold
from portal.workspaces.imports.refusals import MAX_BYTES, MAX_CELL, MAX_COLUMNS, Why

ON_A_PAGE = Bounds(wall_seconds=6, cpu_seconds=5, memory_mb=400, answer_mb=20, nice=10)
"""Somebody waits, and with the time in the queue it must not be more than ten seconds."""

BY_COMMAND = replace(ON_A_PAGE, wall_seconds=120, cpu_seconds=100)

_QUEUE = Queue(at_once=1, waiting=4, seconds=3)
_ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06")


def _works(format_module: str) -> Mapping[Bounds, ChildWork]:
    function = f"portal.workspaces.imports.{format_module}:read"
    return {bounds: ChildWork(function, bounds, _QUEUE) for bounds in (ON_A_PAGE, BY_COMMAND)}


_WORKBOOKS, _CSV_FILES = _works("workbooks"), _works("csv_files")


class UnreadableFile(DomainError):
    """The file as a whole cannot be used; the message says why and what to do."""


@dataclass(frozen=True)
class Row:
    """One row below the headings. `line` is the line in the file, as an editor or Excel shows it."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class UploadedTable:
    headings: tuple[str, ...]
    rows: tuple[Row, ...]

    def as_json(self) -> dict[str, Any]:
        return {"headings": list(self.headings), "rows": [[row.line, list(row.cells)] for row in self.rows]}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "UploadedTable":
        return cls(tuple(kept["headings"]), tuple(Row(line, tuple(cells)) for line, cells in kept["rows"]))


SENTENCES: Mapping[Why, LazyString] = {
    Why.EMPTY: _l("Filen er tom."),
    Why.BYTES: _l("Filen er for stor. Den må højst fylde 5 MB."),
    Why.OLD_EXCEL: _l("Det er en gammel Excel-fil (.xls). Gem den som .xlsx eller CSV, og prøv igen."),
    Why.OTHER_BOOK: _l(
        "Den slags regneark kan portalen ikke læse. Gem det som .xlsx eller CSV, og prøv igen."
    ),
    Why.PROTECTED: _l("Filen er låst med en adgangskode. Gem den uden adgangskode, og prøv igen."),
    Why.MACROS: _l(
        "Filen har makroer, og dem tager portalen ikke imod. Gem den som .xlsx uden makroer, og prøv igen."
    ),
    Why.DAMAGED: _l("Filen er beskadiget. Gem den igen som .xlsx eller CSV, og prøv igen."),
    Why.NO_WORKBOOK: _l("Filen kan ikke læses som Excel. Gem den igen som .xlsx eller CSV, og prøv igen."),
    Why.ENTITIES: _l(
        "Filen indeholder noget, som et regneark ikke har (XML-definitioner). Gem den igen fra Excel, og prøv igen."
    ),
    Why.NO_TEXT: _l("Filen kan ikke læses som tekst. Gem den som “CSV UTF-8” eller som .xlsx, og prøv igen."),
    Why.LINE: _l("Linje %(line)s kan ikke læses. Mangler der et anførselstegn?"),
    Why.CELL: _l("Linje %(line)s har et felt med over %(cell)s tegn. Kort det af, og prøv igen."),
    Why.HEADING: _l("Overskriften “%(name)s” er for lang. Første linje i filen skal være overskrifter."),
    Why.COLUMNS: _l("Filen har for mange kolonner. Den må højst have %(columns)s."),
    Why.ROWS: _l("Filen har for mange rækker. Del den op, så hver fil højst har 5.000."),
    Why.ROWS_SEEN: _l(
        "Arket har over 50.000 rækker, når de tomme tælles med. Slet de tomme rækker under dine data, og gem igen."
    ),
    Why.CELLS_SEEN: _l(
        "Arket har alt for mange felter, når de tomme tælles med. Kopiér dine data til et nyt ark, og gem det."
    ),
    Why.UNPACKED: _l("Filen er for stor, når den pakkes ud. Del den op i mindre filer."),
    Why.SLOW: _l(
        "Det tager for lang tid at læse filen. Kopiér dine data til et nyt ark, eller gem dem som CSV, og prøv igen."
    ),
    Why.BUSY: _l("Portalen er ved at læse andre filer. Vent lidt, og prøv igen."),
    Why.DIED: _l("Filen kunne ikke læses til ende. Gem den som CSV, og prøv igen."),
}

_BY_BOUND: Mapping[Bound, Why] = {
    Bound.QUEUE: Why.BUSY,
    Bound.TIME: Why.SLOW,
    Bound.MEMORY: Why.UNPACKED,
    Bound.SIZE: Why.UNPACKED,
    Bound.DEATH: Why.DIED,
}


def fold_heading(text: str) -> str:
    """Headings are compared without case, spaces and punctuation: "P-nummer" is "p nummer" is "PNUMMER"."""
    return fold(text).replace(" ", "")


def read_table(content: bytes, *, bounds: Bounds = ON_A_PAGE) -> UploadedTable:
    """The table of the file, whichever of the two formats it is. Raises UnreadableFile.

    Raises RuntimeError inside a transaction: a file can take seconds, and all others would wait for the lock.
    """
    refuse_inside_transaction("a file is read")
    if len(content) > MAX_BYTES:
        raise _unreadable(Why.BYTES)
    works = _WORKBOOKS if content.startswith(_ZIP_STARTS) else _CSV_FILES
    try:
        found = json.loads(works[bounds].run(content))
    except ChildFailed as failure:
        raise _unreadable(_BY_BOUND[failure.bound]) from failure
    if "refused" in found:
        raise _unreadable(Why(found["refused"]), **found["facts"])
    table = UploadedTable.from_json(found)
    _check_headings(table.headings)
    return table


def _unreadable(why: Why, **facts: object) -> UnreadableFile:
    return UnreadableFile(str(SENTENCES[why]) % {"cell": MAX_CELL, "columns": MAX_COLUMNS, **facts})


def _check_headings(headings: Sequence[str]) -> None:
    seen: set[str] = set()
    for heading in headings:
        folded = fold_heading(heading)
        if folded and folded in seen:
            raise UnreadableFile(_l("Overskriften “%(name)s” står der to gange.", name=heading[:60]))
        seen.add(folded)
