"""An XLSX in, its first sheet line by line out. Runs in a child process only: what it holds is a stranger's.

Every part is looked through before openpyxl sees it: nothing declares entities, nothing is deeper, wider or longer than
a spreadsheet is. openpyxl then reads a copy that holds those parts alone, so there is no way past the guard.
"""

import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from xml.parsers import expat

from openpyxl import load_workbook

from portal.workspaces.imports import sheets
from portal.workspaces.imports.layout import MOST_NAMED, SheetLayout, remarks
from portal.workspaces.imports.refusals import MAX_COLUMNS, MAX_ROWS_SEEN, CellMark, Refused, Why

MAX_UNPACKED_BYTES = 60 * 1024 * 1024
"""An XLSX of 5,000 rows and 60 columns unpacks to far less; a zip bomb to far more."""
MAX_PARTS = 500
"""Files inside the XLSX."""
MAX_CELLS_SEEN = 400_000
MAX_ELEMENTS = 1_500_000
MAX_DEPTH = 40
MAX_ATTRIBUTES = 100

_CHUNK = 1 << 16
_LOST_DIGITS = 1e15
"""From here on a spreadsheet keeps no longer every digit."""
_LIKE_THOUSANDS = re.compile(r"-?[1-9]\d{0,2},\d{3}")
_ZEROS = re.compile("0{2,40}")
_CARRIAGE_RETURN = re.compile("_x000[dD]_\n?")
"""How a workbook that Excel did not write keeps the end of a line inside a cell."""
_IN_QUOTES = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_CURRENCY = re.compile(r"kr|dkk|eur|usd|[€£$](?!-)", re.IGNORECASE)
_READABLE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1
_BINARY_BOOK = "xl/workbook.bin"
_LIBRE_OFFICE = b"application/vnd.oasis.opendocument"


def read(content: bytes) -> bytes:
    """What `sheets.answer` makes of the file."""
    about: dict[str, object] = {}
    return sheets.answer(lines_of(content, about), about)


def lines_of(content: bytes, about: dict[str, object]) -> Iterator[sheets.SheetLine]:
    """The lines of the first sheet that is shown; `about` tells what else is in the file."""
    guard = _Guard()
    copy = _looked_through(content, guard)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # styles and extensions that do not matter here
            book = load_workbook(copy, read_only=True, data_only=True, keep_links=False)
            sheet = next((one for one in book.worksheets if one.sheet_state == "visible"), book.worksheets[0])
            parts = guard.sheets
            layout = parts.get(sheet._worksheet_path, SheetLayout())
            about["remarks"] = remarks(book.worksheets, sheet, parts, guard.comments)
            sheet.reset_dimensions()  # the size that the file claims may be wrong
            rows = sheet.iter_rows(max_col=MAX_COLUMNS + 1)
            for number, cells in enumerate(rows, start=1):
                if number in layout.formula_rows or any(cell.value is not None for cell in cells):
                    texts = [_shown(cell) for cell in cells]
                    yield sheets.SheetLine(number, texts, marks(number, cells, layout))
                else:  # of these a sheet can have very many
                    yield sheets.SheetLine(number, [])
    except (Refused, MemoryError):
        raise
    except Exception as error:  # openpyxl raises anything at a file that is not as it should be
        raise Refused(Why.NO_WORKBOOK) from error


def _looked_through(content: bytes, guard: "_Guard") -> io.BytesIO:
    """A copy with the XML parts alone, each of them examined."""
    copy = io.BytesIO()
    try:
        with (
            zipfile.ZipFile(io.BytesIO(content)) as archive,
            zipfile.ZipFile(copy, "w", zipfile.ZIP_STORED) as kept,
        ):
            parts = archive.infolist()
            _check_directory(archive, parts)
            for part in parts:
                if part.filename.lower().endswith((".xml", ".rels")):
                    with archive.open(part) as file:
                        kept.writestr(part.filename, guard.passed(part.filename, file))
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError, NotImplementedError) as error:
        raise Refused(Why.DAMAGED) from error
    except expat.ExpatError as error:
        raise Refused(Why.NO_WORKBOOK) from error
    return copy


def _check_directory(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> None:
    """What the file says of itself; `_Guard` counts what is really there."""
    names = [part.filename for part in parts]
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
        raise Refused(Why.UNPACKED)
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise Refused(Why.PROTECTED)
    if len(set(names)) < len(names) or any(part.compress_type not in _READABLE for part in parts):
        raise Refused(Why.DAMAGED)
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise Refused(Why.MACROS)
    if _BINARY_BOOK in names or ("mimetype" in names and archive.read("mimetype").startswith(_LIBRE_OFFICE)):
        raise Refused(Why.OTHER_BOOK)


class _Guard:
    """Reads every part once as XML and counts, over all of them, what a reader would have to work through."""

    def __init__(self) -> None:
        self._unpacked = self._elements = self._rows = self._cells = self._depth = 0
        self.sheets: dict[str, SheetLayout] = {}
        self.comments: list[str] = []
        self._layout: SheetLayout | None = None

    def passed(self, name: str, file: Any) -> bytes:
        """The part, unpacked. Raises Refused as soon as a limit is passed, before the rest is unpacked."""
        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = self._doctype  # without it there are no entities at all
        parser.StartElementHandler = self._begun
        parser.EndElementHandler = self._ended
        parser.buffer_text = True
        self._depth = 0
        self._layout = SheetLayout(parser) if "worksheets/" in name else None
        if self._layout is not None:
            self.sheets[name] = self._layout
        chunks = []
        while chunk := file.read(_CHUNK):
            self._unpacked += len(chunk)
            if self._unpacked > MAX_UNPACKED_BYTES:
                raise Refused(Why.UNPACKED)
            parser.Parse(chunk)
            chunks.append(chunk)
        parser.Parse(b"", True)
        return b"".join(chunks)

    def _doctype(self, *_declared: object) -> None:
        raise Refused(Why.ENTITIES)

    def _begun(self, name: str, attributes: Mapping[str, str]) -> None:
        self._elements += 1
        self._depth += 1
        if self._elements > MAX_ELEMENTS or self._depth > MAX_DEPTH or len(attributes) > MAX_ATTRIBUTES:
            raise Refused(Why.UNPACKED)
        local = name.rpartition(":")[2]
        if local == "row":
            self._rows += 1
            if self._rows > MAX_ROWS_SEEN:
                raise Refused(Why.ROWS_SEEN)
        elif local == "c":
            self._cells += 1
            if self._cells > MAX_CELLS_SEEN:
                raise Refused(Why.CELLS_SEEN)
        if self._layout is not None:
            self._layout.begun(local, attributes)
        elif local == "comment" and len(self.comments) < MOST_NAMED:
            self.comments.append(attributes.get("ref", "")[:10])

    def _ended(self, name: str) -> None:
        self._depth -= 1
        if self._layout is not None:
            self._layout.ended(name.rpartition(":")[2])


def marks(number: int, cells: Any, layout: SheetLayout) -> dict[int, str]:
    """What the cells of a line are, by their place."""
    found = {}
    covered = layout.covered(number)
    for place, cell in enumerate(cells):
        told = _kind(cell)
        if (number, place) in layout.formulas:
            told += (CellMark.FORMULA if (number, place) in layout.with_value else CellMark.NO_VALUE).value
        elif cell.value is None and any(place in columns for columns in covered):
            told += CellMark.COVERED.value
        if told:
            found[place] = told
    return found


def _kind(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "e":
        return CellMark.ERROR.value
    if isinstance(value, bool):
        return CellMark.BOOLEAN.value
    if isinstance(value, datetime):
        return (CellMark.MOMENT if value.time() != time() else CellMark.DATE).value
    if isinstance(value, date):
        return CellMark.DATE.value
    if isinstance(value, time | timedelta):
        return CellMark.TIME.value
    return _kind_of_number(cell.number_format) if isinstance(value, int | float) else ""


def _kind_of_number(style: str | None) -> str:
    plain = _IN_QUOTES.sub("", style or "")
    if "%" in plain:
        return CellMark.PERCENT.value
    return (CellMark.MONEY if _CURRENCY.search(style or "") else CellMark.NUMBER).value


def _shown(cell: Any) -> str:
    """What stands there, with the zeros before a number that its format shows."""
    text = cell_text(cell.value)
    if text.isdigit() and cell.data_type == "n" and _ZEROS.fullmatch(cell.number_format or ""):
        return text.zfill(len(cell.number_format))
    return text


def cell_text(value: Any) -> str:
    """A cell of a workbook as it would stand in a Danish CSV file."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if isinstance(value, float) and abs(value) < _LOST_DIGITS:
        text = f"{value:.6f}".rstrip("0").rstrip(".").replace(".", ",")
        return text + "0" if _LIKE_THOUSANDS.fullmatch(text) else text
    if isinstance(value, datetime):
        return value.strftime("%d-%m-%Y")
    if isinstance(value, date):
        return value.strftime("%d-%m-%Y")
    return _CARRIAGE_RETURN.sub("\n", str(value)).strip()
