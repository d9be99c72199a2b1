"""Files as Danish spreadsheets write them, and files that must be refused."""

import io
import zipfile
from datetime import date, datetime

import pytest
from openpyxl import Workbook

from portal.workspaces.imports import reader, refusals, workbooks
from portal.workspaces.imports.reader import Row, UnreadableFile, read_table

SEMICOLON = 'CVR;Navn;Årsværk\r\n13748136;"Bæk; Ø & Å";14,5\r\n'
COMMA = 'CVR,Navn,Årsværk\n13748136,"Bæk; Ø & Å","14,5"\n'
EXPECTED = (Row(2, ("13748136", "Bæk; Ø & Å", "14,5")),)


def workbook(rows: list[list[object]]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        SEMICOLON.encode("utf-8-sig"),
        SEMICOLON.encode(),
        SEMICOLON.encode("cp1252"),
        COMMA.encode("utf-8-sig"),
        COMMA.encode("cp1252"),
        SEMICOLON.replace(";", "\t").replace("Bæk\t", "Bæk;").encode("utf-16"),
        ("sep=;\r\n" + SEMICOLON).encode(),
        workbook([["CVR", "Navn", "Årsværk"], ["13748136", "Bæk; Ø & Å", 14.5]]),
    ],
    ids=[
        "semicolon-bom",
        "semicolon-utf8",
        "semicolon-1252",
        "comma-bom",
        "comma-1252",
        "unicode-text",
        "sep",
        "xlsx",
    ],
)
def test_every_dialect_gives_the_same_table(content):
    table = read_table(content)

    assert table.headings == ("CVR", "Navn", "Årsværk")
    assert [row.cells for row in table.rows] == [row.cells for row in EXPECTED]


def test_lines_are_counted_as_an_editor_shows_them():
    content = 'Navn;Tekst\nA;"to\nlinjer"\n\n;\nB;én\n'

    assert [row.line for row in read_table(content.encode()).rows] == [2, 6]


def test_sep_line_is_counted():
    assert read_table(b"sep=;\nNavn;Tal\nA;1\n").rows[0].line == 3


def test_empty_rows_and_columns_at_the_edges_are_no_rows():
    table = read_table(workbook([["Navn", None, None], [None], ["A"], [None, None]]))

    assert table.headings == ("Navn",)
    assert table.rows == (Row(3, ("A",)),)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "ja"),
        (3300, "3300"),
        (3300.0, "3300"),
        (14.5, "14,5"),
        (0.1 + 0.2, "0,3"),
        (date(2026, 12, 24), "24-12-2026"),
        (datetime(2026, 12, 24, 8), "24-12-2026"),
        ("  Bo ", "Bo"),
    ],
)
def test_cells_of_a_workbook_read_like_danish_text(value, text):
    assert workbooks.cell_text(value) == text


@pytest.mark.parametrize("one", ["P-nummer", "p nummer", "PNUMMER", " P.Nummer "])
def test_headings_are_compared_without_case_and_punctuation(one):
    assert reader.fold_heading(one) == reader.fold_heading("P-nummer")


def zip_bomb() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (workbooks.MAX_UNPACKED_BYTES + 1))
    return content.getvalue()


def many_parts() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for number in range(workbooks.MAX_PARTS + 1):
            archive.writestr(str(number), b"")
    return content.getvalue()


def no_workbook() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("hello.txt", b"hello")
    return content.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b" \r\n ",
        b";;\n;;\n",
        b"x" * (refusals.MAX_BYTES + 1),
        b"\xd0\xcf\x11\xe0" + b"\x00" * 100,
        b"PK\x03\x04 broken",
        b"Navn;navn\nA;B\n",
        b"Navn\n\x81\x8d\xff\x90\xf1\xa6\xb1\xf0\xfe\n",
        ";".join(f"K{n}" for n in range(refusals.MAX_COLUMNS + 1)).encode(),
        b"Navn\n" + b"A\n" * (refusals.MAX_ROWS + 1),
        b'Navn\n"' + b"x" * 200_000,
        zip_bomb(),
        many_parts(),
        no_workbook(),
    ],
    ids=[
        "empty", "blank", "only separators", "too large", "old Excel", "broken zip", "heading twice", "no text",
        "columns", "rows", "endless quote", "bomb", "parts", "no workbook",
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_in_words(content):
    with pytest.raises(UnreadableFile) as refusal:
        read_table(content)

    assert str(refusal.value.message)


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        ('A;"to\nB;tre\n', 2),
        ('A;to\nB;"tre\nC;"fire\n', 3),
        ('A;"to" og tre\nB;tre\n', 2),
        ('"A;to\nB;tre\n', 2),
    ],
)
def test_a_quote_without_its_fellow_swallows_no_rows(rows, line):
    with pytest.raises(UnreadableFile) as refusal:
        read_table(f"Navn;Tekst\n{rows}".encode())

    assert f"Linje {line} kan ikke læses" in str(refusal.value.message)


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ('="26/1"', "26/1"),
        ("'26/1", "26/1"),
        ("'+45 47784001", "+45 47784001"),
        ("'t Hooft", "'t Hooft"),
        ('5" rør', '5" rør'),
        (' "i citat"', "i citat"),
        ('"et ""ord"""', 'et "ord"'),
    ],
)
def test_what_programs_write_around_a_cell_is_not_in_it(cell, read):
    assert read_table(f"Navn;Tekst\nA;{cell}\n".encode()).rows[0].cells[1] == read
