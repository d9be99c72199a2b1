"""A file in, rows with line numbers out: CSV as Danish Excel writes it, and XLSX. Pure: knows no kinds and no database.

Every limit is checked before the content is unpacked, because a small file can hold a very large one.
"""

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from portal.base.errors import DomainError
from portal.matching import fold

MAX_BYTES = 5 * 1024 * 1024
MAX_ROWS = 5_000
MAX_COLUMNS = 60
MAX_UNPACKED_BYTES = 60 * 1024 * 1024
"""An XLSX of 5,000 rows and 60 columns unpacks to far less; a zip bomb to far more."""
MAX_PARTS = 500
"""Files inside the XLSX."""

_ZIP_START = b"PK\x03\x04"
_OLD_EXCEL_START = b"\xd0\xcf\x11\xe0"
_DELIMITERS = ";,\t"


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


def fold_heading(text: str) -> str:
    """Headings are compared without case, spaces and punctuation: "P-nummer" is "p nummer" is "PNUMMER"."""
    return fold(text).replace(" ", "")


def read_table(content: bytes) -> UploadedTable:
    """The table of the file, whichever of the two formats it is. Raises UnreadableFile."""
    if not content.strip():
        raise UnreadableFile(_("Filen er tom."))
    if len(content) > MAX_BYTES:
        raise UnreadableFile(_("Filen er for stor. Den må højst fylde 5 MB."))
    if content.startswith(_OLD_EXCEL_START):
        raise UnreadableFile(
            _("Det er en gammel Excel-fil (.xls). Gem den som .xlsx eller CSV, og prøv igen.")
        )
    lines = _xlsx_lines(content) if content.startswith(_ZIP_START) else _csv_lines(_decoded(content))
    return _table(lines)


def _table(lines: Iterator[tuple[int, list[str]]]) -> UploadedTable:
    filled = ((line, cells) for line, cells in lines if any(cells))
    first = next(filled, None)
    if first is None:
        raise UnreadableFile(_("Filen er tom."))
    headings = _trimmed(first[1])
    _check_headings(headings)
    rows: list[Row] = []
    for line, cells in filled:
        if len(rows) == MAX_ROWS:
            raise UnreadableFile(
                _("Filen har for mange rækker. Del den op, så hver fil højst har %(limit)s.", limit="5.000")
            )
        rows.append(Row(line, tuple(_trimmed(cells))))
    return UploadedTable(tuple(headings), tuple(rows))


def _check_headings(headings: list[str]) -> None:
    if len(headings) > MAX_COLUMNS:
        raise UnreadableFile(
            _("Filen har for mange kolonner. Den må højst have %(limit)s.", limit=MAX_COLUMNS)
        )
    seen: set[str] = set()
    for heading in headings:
        folded = fold_heading(heading)
        if folded and folded in seen:
            raise UnreadableFile(_("Overskriften “%(name)s” står der to gange.", name=heading[:60]))
        seen.add(folded)


def _trimmed(cells: list[str]) -> list[str]:
    """Without the empty cells at the end that Excel adds."""
    end = len(cells)
    while end and not cells[end - 1]:
        end -= 1
    return cells[:end]


def _decoded(content: bytes) -> str:
    """UTF-8 with or without its mark, else Windows-1252, which Danish Excel writes as "CSV"."""
    unicode_text = content.startswith((b"\xff\xfe", b"\xfe\xff"))  # as Excel's "Unicode-tekst" begins
    for encoding in ("utf-16",) if unicode_text else ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableFile(
        _("Filen kan ikke læses som tekst. Gem den som “CSV UTF-8” eller som .xlsx, og prøv igen.")
    )


def _csv_lines(text: str) -> Iterator[tuple[int, list[str]]]:
    delimiter, skipped = _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    line = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise UnreadableFile(
                _("Linje %(line)s kan ikke læses. Mangler der et anførselstegn?", line=line)
            ) from error
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


def _xlsx_lines(content: bytes) -> Iterator[tuple[int, list[str]]]:
    from openpyxl import load_workbook  # here: it is slow to import, and few requests read a workbook
    from openpyxl.utils.exceptions import InvalidFileException

    _check_unpacked_size(content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # styles and extensions that do not matter here
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            sheet = book.worksheets[0]
            sheet.reset_dimensions()  # the size that the file claims may be wrong
            for line, cells in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS + 1, values_only=True), start=1):
                yield line, [cell_text(value) for value in cells]
    except UnreadableFile:
        raise
    except (
        InvalidFileException,
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        IndexError,
        TypeError,
        SyntaxError,
        OSError,
    ) as error:
        raise UnreadableFile(
            _("Filen kan ikke læses som Excel. Gem den igen som .xlsx eller CSV, og prøv igen.")
        ) from error


def _check_unpacked_size(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise UnreadableFile(
            _("Filen er beskadiget. Gem den igen som .xlsx eller CSV, og prøv igen.")
        ) from error
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
        raise UnreadableFile(_("Filen er for stor, når den pakkes ud. Del den op i mindre filer."))


def cell_text(value: Any) -> str:
    """A cell of a workbook as it would stand in a Danish CSV file."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".").replace(".", ",")
    if isinstance(value, datetime):
        return value.strftime("%d-%m-%Y")
    if isinstance(value, date):
        return value.strftime("%d-%m-%Y")
    return str(value).strip()
