"""A file in, its table out, or a sentence that says why not. The reading itself happens in a child process that may
be killed (`csv_files.py`, `workbooks.py`), and never while a transaction is open. Knows no kinds.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.base.child import Bound, Bounds, ChildFailed, ChildWork, Queue
from portal.base.database import refuse_inside_transaction
from portal.base.errors import DomainError
from portal.matching import fold
from portal.workspaces.imports.code_pages import UTF16, WrongReading, reread, samples
from portal.workspaces.imports.refusals import MAX_BYTES, MAX_CELL, MAX_COLUMNS, FileRemark, Why

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
    marks: Mapping[int, str] = field(default_factory=dict)
    """What cells of a workbook are (`CellMark`), by their place from 0."""

    def mark(self, place: int) -> str:
        return self.marks.get(place, "")


@dataclass(frozen=True)
class TakenFor:
    """The code page that a text was taken for, and by which words."""

    page: str
    turns: tuple[WrongReading, ...]
    """How it had been misread before it came here; it is mended."""
    samples: tuple[str, ...]


@dataclass(frozen=True)
class Noted:
    """Something about a workbook that whoever sent it must know."""

    remark: FileRemark
    sheet: str
    names: tuple[str, ...]
    count: int
    """Of more than are named."""

    def __str__(self) -> str:
        names = ", ".join(self.names) + ("…" if self.count > len(self.names) else "")
        return str(REMARKS[self.remark]) % {"sheet": self.sheet, "names": names}


@dataclass(frozen=True)
class UploadedTable:
    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    code: TakenFor | None = None
    """None: a workbook, which says itself."""
    notes: tuple[Noted, ...] = ()
    first: "UploadedTable | None" = None
    """As it was read before somebody chose another code page: nothing is lost by a wrong choice."""

    @property
    def may_be_reread(self) -> bool:
        """Whether another code page could be meant: nothing else looks like UTF-16."""
        return self.code is not None and not self.code.page.startswith(UTF16)

    @property
    def chosen_page(self) -> str:
        """The code page that somebody chose; empty where it was found out."""
        return self.code_page if self.first else ""

    @property
    def code_page(self) -> str:
        return self.code.page if self.code else ""

    def in_code_page(self, chosen: str) -> "UploadedTable":
        """The same file read in the code page that somebody chose; without a choice as it was read first."""
        first = self.first or self
        code = first.code
        if not chosen or code is None or not first.may_be_reread:
            return first
        if chosen == code.page and not code.turns:
            return first
        headings = tuple(reread(one, code.page, code.turns, chosen) for one in first.headings)
        rows = tuple(
            replace(row, cells=tuple(reread(cell, code.page, code.turns, chosen) for cell in row.cells))
            for row in first.rows
        )
        told = samples("\n".join(["\n".join(headings), *("\n".join(row.cells) for row in rows)]))
        return replace(first, headings=headings, rows=rows, code=TakenFor(chosen, (), told), first=first)

    def as_json(self) -> dict[str, Any]:
        table = self.first or self
        code = table.code
        return {
            "headings": list(table.headings),
            "rows": [[row.line, list(row.cells), dict(row.marks)] for row in table.rows],
            "code": None if code is None else [code.page, list(map(list, code.turns)), list(code.samples)],
            "remarks": [
                [note.remark.value, note.sheet, list(note.names), note.count] for note in table.notes
            ],
            "chosen": self.chosen_page,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "UploadedTable":
        return cls(
            tuple(kept["headings"]),
            tuple(_row(*row) for row in kept["rows"]),
            _taken_for(kept.get("code")),
            tuple(
                Noted(FileRemark(remark), sheet, tuple(names), count)
                for remark, sheet, names, count in kept.get("remarks", ())
            ),
        ).in_code_page(kept.get("chosen", ""))


def _row(line: int, cells: Sequence[str], marks: Mapping[str, str] | None = None) -> Row:
    """JSON has only texts for keys, and files of an earlier version have no marks."""
    return Row(line, tuple(cells), {int(place): told for place, told in (marks or {}).items()})


def _taken_for(code: Sequence[Any] | None) -> TakenFor | None:
    if code is None:
        return None
    turns = [] if isinstance(code[1], int) else code[1]  # of an upload from before this version
    return TakenFor(code[0], tuple(WrongReading(*turn) for turn in turns), tuple(code[2]))


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
    Why.CELL: _l(
        "Linje %(line)s, kolonne %(column)s har et felt med over %(cell)s tegn. Kort det af, og prøv igen."
    ),
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

REMARKS: Mapping[FileRemark, LazyString] = {
    FileRemark.OTHER_SHEETS: _l("Kun arket “%(sheet)s” er læst. Filen har også: %(names)s."),
    FileRemark.HIDDEN_SHEETS: _l("Skjulte ark er ikke læst: %(names)s."),
    FileRemark.HIDDEN_ROWS: _l("Skjulte rækker er læst med: %(names)s."),
    FileRemark.HIDDEN_COLUMNS: _l("Skjulte kolonner er læst med: %(names)s."),
    FileRemark.FILTER: _l("Arket har et filter. Også de rækker, det skjuler, er læst med."),
    FileRemark.COMMENTS: _l("Kommentarer er ikke læst: %(names)s."),
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


def read_table(content: bytes, *, bounds: Bounds = ON_A_PAGE, code_page: str = "") -> UploadedTable:
    """The table of the file, whichever of the two formats it is. Raises UnreadableFile.

    `code_page` is somebody's own choice for a text, against what would be found out.

    Raises RuntimeError inside a transaction: a file can take seconds, and all others would wait for the lock.
    """
    refuse_inside_transaction("a file is read")
    if len(content) > MAX_BYTES:
        raise _unreadable(Why.BYTES)
    is_workbook = content.startswith(_ZIP_STARTS)
    works, job = (_WORKBOOKS, content) if is_workbook else (_CSV_FILES, f"{code_page}\n".encode() + content)
    try:
        found = json.loads(works[bounds].run(job))
    except ChildFailed as failure:
        raise _unreadable(_BY_BOUND[failure.bound]) from failure
    if "refused" in found:
        raise _unreadable(Why(found["refused"]), **found["facts"])
    table = UploadedTable.from_json(found).in_code_page(code_page)
    check_headings(table.headings)
    return table


def _unreadable(why: Why, **facts: object) -> UnreadableFile:
    return UnreadableFile(str(SENTENCES[why]) % {"cell": MAX_CELL, "columns": MAX_COLUMNS, **facts})


def check_headings(headings: Sequence[str]) -> None:
    seen: set[str] = set()
    for heading in headings:
        folded = fold_heading(heading)
        if folded and folded in seen:
            raise UnreadableFile(_l("Overskriften “%(name)s” står der to gange.", name=heading[:60]))
        seen.add(folded)
