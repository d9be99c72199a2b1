"""CSV as Danish Excel writes it: three encodings, three delimiters. Runs in a child process."""

import csv
import io
import re
from collections.abc import Iterator

from portal.workspaces.imports import sheets
from portal.workspaces.imports.refusals import MAX_CELL, Refused, Why

_OLD_EXCEL_START = b"\xd0\xcf\x11\xe0"
_PROTECTED = "EncryptedPackage".encode("utf-16-le")
"""How a workbook with a password is told from an old one: both are the same kind of container."""
_DELIMITERS = ";,\t"


def read(content: bytes) -> bytes:
    """What `sheets.answer` makes of the file."""
    return sheets.answer(lines_of(content))


def lines_of(content: bytes) -> Iterator[sheets.Line]:
    if not content.strip():
        raise Refused(Why.EMPTY)
    if content.startswith(_OLD_EXCEL_START):
        raise Refused(Why.PROTECTED if _PROTECTED in content else Why.OLD_EXCEL)
    yield from _csv_lines(_decoded(content))


def _decoded(content: bytes) -> str:
    """UTF-8 with or without its mark, else Windows-1252, which Danish Excel writes as "CSV"."""
    unicode_text = content.startswith((b"\xff\xfe", b"\xfe\xff"))  # as Excel's "Unicode-tekst" begins
    for encoding in ("utf-16",) if unicode_text else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:  # a picture, a program: no spreadsheet writes it
            break
        return text
    raise Refused(Why.NO_TEXT)


def _csv_lines(text: str) -> Iterator[sheets.Line]:
    delimiter, skipped = _delimiter(text)
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    line = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise Refused(Why.LINE, line=line) from None
        if line > skipped:
            yield line, [cell.strip() for cell in cells]
        line = reader.line_num + 1


def _delimiter(text: str) -> tuple[str, int]:
    """What separates the cells, and how many lines to skip: Excel's own "sep=;" says it outright."""
    first = text.lstrip("\r\n").split("\n", 1)[0].rstrip("\r")
    told = re.fullmatch(r"sep=(.)", first.strip('"'), re.IGNORECASE)
    if told:
        return told.group(1), text[: text.index(first)].count("\n") + 1
    outside_quotes = re.sub(r'"[^"]*"', "", first)
    return max(_DELIMITERS, key=outside_quotes.count), 0
