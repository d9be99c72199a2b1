"""Why a file cannot be read, and the limits that say so: what both sides of the child process know."""

from enum import Enum

MAX_BYTES = 5 * 1024 * 1024
MAX_ROWS = 5_000
MAX_ROWS_SEEN = 50_000
"""Rows of the file, also those without content: Excel keeps what was once formatted."""
MAX_COLUMNS = 60
MAX_CELL = 10_000
"""Characters: five times the longest text that the portal keeps."""
MAX_HEADING = 120
MAX_TEXT = 5_000_000
"""Characters of all cells together."""


class Why(Enum):
    """What is wrong with a file as a whole."""

    EMPTY = "empty"
    BYTES = "bytes"
    OLD_EXCEL = "old_excel"
    OTHER_BOOK = "other_book"
    PROTECTED = "protected"
    MACROS = "macros"
    DAMAGED = "damaged"
    NO_WORKBOOK = "no_workbook"
    ENTITIES = "entities"
    NO_TEXT = "no_text"
    LINE = "line"
    CELL = "cell"
    HEADING = "heading"
    COLUMNS = "columns"
    ROWS = "rows"
    ROWS_SEEN = "rows_seen"
    CELLS_SEEN = "cells_seen"
    UNPACKED = "unpacked"
    SLOW = "slow"
    BUSY = "busy"
    DIED = "died"


class CellMark(Enum):
    """What a cell of a workbook is, beside what stands in it; one letter, because there are many cells."""

    DATE = "d"
    MOMENT = "D"
    """A date with an hour."""
    TIME = "t"
    ERROR = "e"
    NO_VALUE = "v"
    """A formula whose result was not stored."""
    FORMULA = "f"
    """A formula whose stored result is read."""
    PERCENT = "p"
    MONEY = "m"
    BOOLEAN = "b"
    NUMBER = "n"
    COVERED = "c"
    """Merged with another, where its content stands."""


class FileRemark(Enum):
    """What a reader must know of a file that can be read."""

    OTHER_SHEETS = "other_sheets"
    HIDDEN_SHEETS = "hidden_sheets"
    HIDDEN_ROWS = "hidden_rows"
    HIDDEN_COLUMNS = "hidden_columns"
    FILTER = "filter"
    COMMENTS = "comments"


class Refused(Exception):
    """The file as a whole cannot be used."""

    def __init__(self, why: Why, **facts: object) -> None:
        super().__init__(why.value)
        self.why = why
        self.facts = facts
