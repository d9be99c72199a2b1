"""CSV as Danish Excel writes it: several code pages, three delimiters. Runs in a child process."""

import csv
import io
import re
from collections.abc import Iterator

from portal.workspaces.imports import code_pages, sheets
from portal.workspaces.imports.refusals import MAX_CELL, Refused, Why

_OLD_EXCEL_START = b"\xd0\xcf\x11\xe0"
_PROTECTED = "EncryptedPackage".encode("utf-16-le")
"""How a workbook with a password is told from an old one: both are the same kind of container."""
_DELIMITERS = ";,\t"
_FOR_A_SPREADSHEET = re.compile(r"=\"([^\"]+)\"|'([\d=+@-].*)", re.DOTALL)
_BLANKS = " \t\r\n"
"""Others may be letters of another code page."""


def read(job: bytes) -> bytes:
    """What `sheets.answer` makes of the file. Its first line here is the code page that somebody chose, or empty."""
    code_page, _end, content = job.partition(b"\n")
    about: dict[str, object] = {}
    return sheets.answer(lines_of(content, code_page.decode("ascii"), about), about)


def lines_of(content: bytes, code_page: str, about: dict[str, object]) -> Iterator[sheets.SheetLine]:
    """The lines; `about` tells in which code page they were read, and by which words that was known."""
    if not content.strip():
        raise Refused(Why.EMPTY)
    if content.startswith(_OLD_EXCEL_START):
        raise Refused(Why.PROTECTED if _PROTECTED in content else Why.OLD_EXCEL)
    found = code_pages.decoded(content, code_page)
    if found is None:
        raise Refused(Why.NO_TEXT)
    about["code"] = [found.code_page, [list(turn) for turn in found.turns], list(found.samples)]
    yield from _csv_lines(found.text)


def _csv_lines(text: str) -> Iterator[sheets.SheetLine]:
    delimiter, skipped = _delimiter(text)
    csv.field_size_limit(MAX_CELL)
    # strict: a quote without its fellow would swallow the rows after it
    lines = io.StringIO(text, newline="")
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True, strict=True)
    line = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise Refused(Why.LINE, line=line) from None
        if line > skipped:
            yield sheets.SheetLine(line, [_as_shown(cell.strip(_BLANKS)) for cell in cells])
        line = reader.line_num + 1


def _as_shown(cell: str) -> str:
    """Without what programs write around a cell so that a spreadsheet takes it for text: ="26/1" and '26/1."""
    found = _FOR_A_SPREADSHEET.fullmatch(cell)
    return cell if found is None else found[1] or found[2]


def _delimiter(text: str) -> tuple[str, int]:
    """What separates the cells, and how many lines to skip: Excel's own "sep=;" says it outright."""
    first = text.lstrip("\r\n").split("\n", 1)[0].rstrip("\r")
    told = re.fullmatch(r"sep=(.)", first.strip('"'), re.IGNORECASE)
    if told:
        return told.group(1), text[: text.index(first)].count("\n") + 1
    outside_quotes = re.sub(r'"[^"]*"', "", first)
    return max(_DELIMITERS, key=outside_quotes.count), 0
