"""Tables as a workbook with formats: sheets in, XLSX out, written in a child process (`spreadsheet.py`)."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, auto
from fractions import Fraction
from typing import Any, Final

from portal.base.child import Bounds, ChildWork, Life, Queue
from portal.base.texts import one_line, visible

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_NAME: Final = 31
"""Of a sheet; Excel opens no file with a longer one."""
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")

_WRITER = ChildWork(
    "portal.web.paper.spreadsheet:write",
    Bounds(wall_seconds=60, cpu_seconds=60, memory_mb=1_000, answer_mb=50),
    Queue(at_once=1, waiting=4, seconds=20),
    Life(jobs_each=50, retire_mb=200, idle_seconds=60),
)


class CellKind(StrEnum):
    """How a column's cells are written."""

    TEXT = auto()
    PLAIN = auto()  # a number as it is: a year has no thousands
    NUMBER = auto()
    DECIMAL = auto()
    PERCENT = auto()
    DATE = auto()


@dataclass(frozen=True)
class SheetColumn:
    heading: str
    kind: CellKind = CellKind.TEXT


@dataclass(frozen=True)
class Sheet:
    """One table with a name of its own and a sentence above it."""

    name: str
    lead: str
    columns: Sequence[SheetColumn]
    rows: Sequence[Sequence[Any]]


def workbook(title: str, sheets: Iterable[Sheet], *, creator: str) -> bytes:
    """The sheets as XLSX. Raises ChildFailed, answered with 503, when the writer is busy or was killed."""
    names: set[str] = set()
    asked = {
        "title": _clean(title),
        "creator": _clean(creator),
        "sheets": [_as_json(sheet, _name(sheet.name, names)) for sheet in sheets],
    }
    return _WRITER.run(json.dumps(asked).encode())


def _as_json(sheet: Sheet, name: str) -> dict[str, Any]:
    return {
        "name": name,
        "lead": _clean(sheet.lead),
        "columns": [{"heading": _clean(one.heading), "kind": one.kind.value} for one in sheet.columns],
        "rows": [[_cell(value) for value in row] for row in sheet.rows],
    }


def _cell(value: Any) -> Any:
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float | Fraction) or hasattr(value, "as_tuple"):
        return float(value)
    return _clean(str(value))


def _clean(text: str) -> str:
    return visible(one_line(str(text)))


def _name(wanted: str, taken: set[str]) -> str:
    """One that Excel takes, and that no other sheet has."""
    stem = _NOT_IN_NAMES.sub(" ", _clean(wanted)).strip()[:LONGEST_NAME] or "Ark"
    name, number = stem, 1
    while name.lower() in taken:
        number += 1
        tail = f" {number}"
        name = stem[: LONGEST_NAME - len(tail)] + tail
    taken.add(name.lower())
    return name
