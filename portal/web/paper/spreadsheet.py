"""One workbook written by openpyxl. Runs in a child process (`workbooks.py` is its other side), which ends.

Every text is written as text: a spreadsheet that ran what somebody wrote as a formula would run a stranger's.
"""

import json
import zipfile
from datetime import date
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

FORMATS = {"number": "#,##0", "decimal": "#,##0.0", "percent": '0.0"%"', "date": "DD-MM-YYYY"}
WIDEST, NARROWEST = 60, 8
HEAD = PatternFill("solid", fgColor="12395B")


def write(job: bytes) -> bytes:
    """`{"title", "on", "sheets": [{"name", "lead", "columns": [{"heading", "kind"}], "rows"}]}` as XLSX.

    A cell is null, text, or a number; of kind `date` an ISO date. The same job gives the same bytes.
    """
    asked = json.loads(job)
    book = Workbook()
    book.remove(book.active)
    book.properties.title = asked["title"]
    book.properties.creator = asked["creator"]
    for sheet in asked["sheets"]:
        _sheet(book.create_sheet(sheet["name"]), sheet)
    content = BytesIO()
    book.save(content)
    return _without_clock(content)


def _sheet(page: Worksheet, sheet: dict[str, Any]) -> None:
    _text(page, 1, 1, sheet["lead"]).font = Font(bold=True, size=12)
    first = 3
    for at, column in enumerate(sheet["columns"], start=1):
        cell = _text(page, first, at, column["heading"])
        cell.font, cell.fill = Font(bold=True, color="FFFFFF"), HEAD
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    for down, row in enumerate(sheet["rows"], start=first + 1):
        for at, (value, column) in enumerate(zip(row, sheet["columns"], strict=True), start=1):
            _put(page, down, at, value, column["kind"])
    for at, column in enumerate(sheet["columns"], start=1):
        said = [column["heading"], *(str(row[at - 1] or "") for row in sheet["rows"])]
        width = min(WIDEST, max(NARROWEST, max(map(len, said)) + 2))
        page.column_dimensions[get_column_letter(at)].width = width
    page.freeze_panes = page.cell(first + 1, 1)
    last = get_column_letter(len(sheet["columns"]))
    page.auto_filter.ref = f"A{first}:{last}{first + len(sheet['rows'])}"
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", page.PAPERSIZE_A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.print_title_rows = f"{first}:{first}"


def _put(page: Worksheet, row: int, column: int, value: Any, kind: str) -> None:
    if value is None:
        return
    if isinstance(value, str) and kind != "date":
        _text(page, row, column, value).alignment = Alignment(wrap_text=True, vertical="top")
        return
    cell = page.cell(row, column, date.fromisoformat(value) if kind == "date" else value)
    cell.number_format = FORMATS.get(kind, "General")
    cell.alignment = Alignment(vertical="top")


def _text(page: Worksheet, row: int, column: int, text: str) -> Any:
    cell = page.cell(row, column)
    cell.value = text
    cell.data_type = "s"
    return cell


def _without_clock(content: BytesIO) -> bytes:
    """The parts with one fixed time, so that the same figures are the same file."""
    kept = BytesIO()
    with zipfile.ZipFile(content) as written, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as copy:
        for part in written.infolist():
            copy.writestr(
                zipfile.ZipInfo(part.filename, (1980, 1, 1, 0, 0, 0)),
                written.read(part),
                zipfile.ZIP_DEFLATED,
            )
    return kept.getvalue()
