"""Cells that a spreadsheet changed, or that are not what they seem, are said with their address; nothing is guessed."""

import io
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

import pytest
from flask import Flask
from openpyxl import Workbook
from openpyxl.comments import Comment

from portal.workspaces.imports.kinds import Checked, check
from portal.workspaces.imports.models import ImportKind
from portal.workspaces.imports.reader import UploadedTable, read_table
from portal.workspaces.imports.services import examine
from portal.workspaces.imports.workbooks import cell_text
from tests.factories import make_citizen

HEADINGS = ["Sagsnummer", "Fornavn", "Efternavn", "Fødselsdato", "Timer", "Mål"]
ROW = ["26/1", "Bo", "Bæk", "14-12-1986", "20", "Kokke"]


def checked(change: Callable[[Any], object], book: Workbook | None = None) -> Checked:
    """The file with one row, after something was done to its sheet."""
    book = book or Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADINGS)
    sheet.append(ROW)
    change(sheet)
    content = io.BytesIO()
    book.save(content)
    table = read_table(content.getvalue())
    return check(ImportKind.CARDS, UploadedTable.from_json(table.as_json()))


def put(address: str, value: object, style: str | None = None) -> Callable[[Any], None]:
    def change(sheet: Any) -> None:
        sheet[address] = value
        if style:
            sheet[address].number_format = style

    return change


@pytest.mark.parametrize(
    ("change", "where", "said"),
    [
        (put("A2", date(2026, 3, 12)), "Sagsnummer, A2", "Cellen er en dato (12-03-2026)"),
        (put("F2", datetime(2026, 3, 12, 8)), "Mål, F2", "Cellen er en dato"),
        (put("E2", date(2026, 3, 12)), "Timer, E2", "Cellen er en dato"),
        (put("E2", time(20, 30)), "Timer, E2", "klokkeslæt"),
        (put("E2", "=10+10"), "Timer, E2", "resultat er ikke gemt"),
        (put("A2", "=1+1"), "Sagsnummer, A2", "resultat er ikke gemt"),
        (put("F2", '=HYPERLINK("http://x";"Kokke")'), "Mål, F2", "resultat er ikke gemt"),  # at the row's end
        (put("B2", "#N/A"), "Fornavn, B2", "#N/A"),
        (put("E2", "#DIV/0!"), "Timer, E2", "#DIV/0!"),
        (put("B2", True), "Fornavn, B2", "sand eller falsk"),
        (put("E2", 0.5, "0%"), "Timer, E2", "procent"),
        (put("E2", 20, '#,##0.00 "kr."'), "Timer, E2", "beløb"),
        (put("E2", 20, "[$€-2] #,##0.00"), "Timer, E2", "beløb"),
        (put("A2", 1.5), "Sagsnummer, A2", "Cellen er et tal (1,5)"),
        (put("A2", 12345678901234567890), "Sagsnummer, A2", "Cellen er et tal"),
        (put("A2", "1,23E+11"), "Sagsnummer, A2", "forkortet"),
        (put("B2", "BjÃ¸rn"), "Fornavn, B2", "“Bjørn”"),
        (put("E2", "tyve"), "Timer, E2", "Skriv et tal, fx 20."),
        (put("D2", 46370), "Fødselsdato, D2", "Vi kan ikke læse datoen"),
        (put("D2", "31-02-1986"), "Fødselsdato, D2", "31. februar findes ikke"),
        (lambda sheet: sheet.merge_cells("B2:C2"), "Efternavn, C2", "flettet"),
    ],
)
def test_a_cell_that_is_something_else_is_refused_with_its_address(
    change: Callable[[Any], object], where: str, said: str
) -> None:
    [error] = checked(change).errors

    assert error.where == where
    assert said in error.reason


@pytest.mark.parametrize(
    ("change", "key", "value"),
    [
        (put("D2", date(1986, 12, 14)), "born", date(1986, 12, 14)),
        (put("D2", 1986), "born", 1986),
        (put("E2", 25.5), "hours", (None, 25.5)),
        (put("E2", "25,5 timer om ugen"), "hours", (None, 25.5)),
        (put("A2", 123, "00000000"), "case_reference", "00000123"),
        (put("A2", "26\u200b/\u00ad1"), "case_reference", "26/1"),
        (put("B2", "\u200eBo\u00a0Jens "), "first_name", "Bo Jens"),
    ],
)
def test_what_can_be_read_is_read(change: Callable[[Any], object], key: str, value: object) -> None:
    found = checked(change)

    assert found.errors == ()
    assert found.rows[0].row[key] == value


def test_numbers_as_case_numbers_are_looked_after() -> None:
    found = checked(put("A2", 2610431))

    assert found.rows[0].row.case_reference == "2610431"
    assert "A2" in found.warnings[0]
    assert "nuller" in found.warnings[0]


def test_what_is_hidden_or_left_out_is_said() -> None:
    book = Workbook()

    def change(sheet: Any) -> None:
        sheet.append(["26/2", "Eva", "Lind"])
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["F"].hidden = True
        sheet.auto_filter.ref = "A1:F3"
        sheet["B2"].comment = Comment("Ring først", "Karin")
        book.create_sheet("Gamle")["A1"] = "x"
        hidden = book.create_sheet("Regler")
        hidden["A1"] = "x"
        hidden.sheet_state = "hidden"
        book.create_sheet("Tomt")

    found = checked(change, book)
    told = " ".join(map(str, found.table.notes))

    assert len(found.rows) == 2
    for words in (
        "Gamle",
        "Skjulte ark er ikke læst: Regler",
        "rækker er læst med: 3",
        "kolonner er læst med: F",
    ):
        assert words in told
    assert "filter" in told
    assert "Kommentarer er ikke læst: B2" in told
    assert "Tomt" not in told


def test_the_first_sheet_that_is_shown_is_read() -> None:
    book = Workbook()
    shown = book.create_sheet("Borgere")
    for row in (HEADINGS, ROW):
        shown.append(row)
    book.worksheets[0].sheet_state = "hidden"
    content = io.BytesIO()
    book.active = 1
    book.save(content)

    assert read_table(content.getvalue()).headings == tuple(HEADINGS)


@pytest.mark.parametrize(
    ("change", "where", "said"),
    [
        (put("D2", "14-12-2099"), "Fødselsdato, D2", "fremtiden"),
        (put("B2", "Amina"), "Fornavn, B2", "Er det den samme?"),
    ],
)
def test_what_does_not_fit_what_is_stored_has_its_address_too(
    app: Flask, change: Callable[[Any], object], where: str, said: str
) -> None:
    citizen = make_citizen("Amina", last_name="Bæk", born_on=date(1986, 12, 14), case_reference="26/77")

    [error] = examine(
        checked(change), municipality_id=citizen.municipality_id, today=date(2026, 11, 2)
    ).errors

    assert error.where == where
    assert said in error.reason


def test_a_month_that_a_workbook_keeps_as_a_day_is_read() -> None:
    """Who types 10-2026 in Excel gets the first of October, shown as okt-26."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Sagsnummer", "Måned", "Planlagt", "Fremmødt"])
    sheet.append(["26/1", date(2026, 10, 1), 40, 30])
    content = io.BytesIO()
    book.save(content)

    understood = check(ImportKind.LANGUAGE_HOURS, read_table(content.getvalue()))

    assert understood.errors == ()
    assert [one.row.month_on for one in understood.rows] == [date(2026, 10, 1)]


def test_lines_inside_a_cell_are_read_as_excel_keeps_them() -> None:
    assert cell_text("gulvvask_x000D_\nopvask_x000d_støvsugning") == "gulvvask\nopvask\nstøvsugning"
