"""Files made to take a machine, small and large. Made where they are needed: none of them is kept.

Each is named with what the reader of the page is told (`Why`).
"""

import io
import struct
import zipfile
from collections.abc import Callable, Mapping

from openpyxl import Workbook

from portal.workspaces.imports import refusals, workbooks
from portal.workspaces.imports.refusals import Why

_OPEN = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
_HEADINGS = b'<row r="1"><c r="A1" t="inlineStr"><is><t>Navn</t></is></c></row>'
SHEET = "xl/worksheets/sheet1.xml"
BILLION_LAUGHS = b"<!DOCTYPE l [<!ENTITY a 'lol'>" + b"".join(
    b"<!ENTITY %c '%s'>" % (name, b"&%c;" % (name - 1) * 10) for name in range(ord("b"), ord("k"))
)


def sheet(inside: bytes = b"", after: bytes = b"") -> bytes:
    return _OPEN + _HEADINGS + inside + b"</sheetData>" + after + b"</worksheet>"


def cell(text: bytes) -> bytes:
    return b'<row r="2"><c t="inlineStr"><is><t>' + text + b"</t></is></c></row>"


def workbook(changed: Mapping[str, bytes]) -> bytes:
    """An ordinary workbook in which these parts are others."""
    book, content = Workbook(), io.BytesIO()
    book.active.append(["Navn"])
    book.save(content)
    with zipfile.ZipFile(content) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    return zipped({**parts, **changed})


def zipped(parts: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return content.getvalue()


def of_sheet(inside: bytes = b"", after: bytes = b"") -> bytes:
    return workbook({SHEET: sheet(inside, after)})


def lying(content: bytes, name: str, size: int) -> bytes:
    """The same file, in whose directory the part is said to unpack to `size` bytes."""
    changed = bytearray(content)
    place = changed.rindex(b"PK\x01\x02", 0, changed.rindex(name.encode()))
    changed[place + 24 : place + 28] = struct.pack("<I", size)
    return bytes(changed)


def overlapping() -> bytes:
    """Many parts of the directory that all lie on the same bytes."""
    whole = bytearray(zipped({"xl/a.xml": b" " * 1_000_000}))
    start = whole.index(b"PK\x01\x02")
    entry, end = (
        bytes(whole[start : whole.index(b"PK\x05\x06")]),
        bytearray(whole[whole.index(b"PK\x05\x06") :]),
    )
    entries = b"".join(
        entry.replace(b"xl/a.xml", b"xl/%c.xml" % name) for name in range(0x30, 0x7B) if name != 0x2F
    )
    count = len(entries) // len(entry)
    end[8:12] = struct.pack("<HH", count, count)
    end[12:16] = struct.pack("<I", len(entries))
    return bytes(whole[:start]) + entries + bytes(end)


def rows(number: int) -> bytes:
    return b"".join(b'<row r="%d" s="1" customFormat="1"/>' % line for line in range(2, number + 2))


SMALL: Mapping[str, tuple[Why, Callable[[], bytes]]] = {
    "empty rows over the limit": (Why.ROWS_SEEN, lambda: of_sheet(b"<row/>" * refusals.MAX_ROWS_SEEN)),
    "one row again and again": (Why.ROWS_SEEN, lambda: of_sheet(b'<row r="1"/>' * refusals.MAX_ROWS_SEEN)),
    "a row far down": (Why.ROWS_SEEN, lambda: of_sheet(b'<row r="999999999999"><c r="A1"><v>1</v></c></row>')),
    "rows with a prefix": (
        Why.ROWS_SEEN,
        lambda: workbook({SHEET: b'<x:w xmlns:x="a">' + b"<x:row/>" * (refusals.MAX_ROWS_SEEN + 1) + b"</x:w>"}),
    ),
    "empty cells over the limit": (
        Why.CELLS_SEEN,
        lambda: of_sheet(b"<row>" + b"<c/>" * (workbooks.MAX_CELLS_SEEN + 1) + b"</row>"),
    ),
    "more columns than headings can have": (
        Why.COLUMNS,
        lambda: workbook({SHEET: _OPEN + b"<row>" + b"<c><v>1</v></c>" * 16_384 + b"</row></sheetData></worksheet>"}),
    ),
    "a long cell": (Why.CELL, lambda: of_sheet(cell(b"x" * (refusals.MAX_CELL + 1)))),
    "a long heading": (Why.HEADING, lambda: ("x" * (refusals.MAX_HEADING + 1)).encode()),
    "much text": (Why.UNPACKED, lambda: b"Navn\n" + (b"x" * 9_000 + b"\n") * 570),
    "an external entity": (
        Why.ENTITIES,
        lambda: workbook(
            {SHEET: b'<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/hostname">]>' + sheet(cell(b"&x;"))}
        ),
    ),
    "billion laughs": (
        Why.ENTITIES,
        lambda: workbook({"xl/sharedStrings.xml": BILLION_LAUGHS + b"]><sst><si><t>&j;</t></si></sst>"}),
    ),
    "an entity in the list of parts": (
        Why.ENTITIES,
        lambda: workbook({"[Content_Types].xml": BILLION_LAUGHS + b"]><Types>&j;</Types>"}),
    ),
    "an external definition": (
        Why.ENTITIES,
        lambda: workbook({"xl/styles.xml": b'<!DOCTYPE s SYSTEM "http://example.org/x.dtd"><styleSheet/>'}),
    ),
    "an entity in two-byte letters": (
        Why.ENTITIES,
        lambda: workbook({SHEET: "<!DOCTYPE w [<!ENTITY x 'y'>]><w>&x;</w>".encode("utf-16")}),
    ),
    "deep": (Why.UNPACKED, lambda: of_sheet(b"<a>" * 1_000)),
    "many attributes": (
        Why.UNPACKED,
        lambda: of_sheet(b"<row " + b" ".join(b'a%d="1"' % number for number in range(200)) + b"/>"),
    ),
    "macros": (Why.MACROS, lambda: workbook({"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"})),
    "a binary workbook": (Why.OTHER_BOOK, lambda: zipped({"xl/workbook.bin": b"\x00"})),
    "a LibreOffice sheet": (
        Why.OTHER_BOOK,
        lambda: zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<a/>"}),
    ),
    "an old workbook": (Why.OLD_EXCEL, lambda: b"\xd0\xcf\x11\xe0" + bytes(100)),
    "a workbook with a password": (
        Why.PROTECTED,
        lambda: b"\xd0\xcf\x11\xe0" + bytes(100) + "EncryptedPackage".encode("utf-16-le"),
    ),
    "many parts": (
        Why.UNPACKED,
        lambda: zipped({f"{number}.xml": b"<a/>" for number in range(workbooks.MAX_PARTS + 1)}),
    ),
    "a bomb that says so": (
        Why.UNPACKED,
        lambda: workbook({"xl/theme/theme1.xml": b" " * (workbooks.MAX_UNPACKED_BYTES + 1)}),
    ),
    "a bomb that hides it": (
        Why.DAMAGED,
        lambda: lying(workbook({SHEET: sheet(b" " * 30_000_000)}), SHEET, 1_000),
    ),
    "parts on top of each other": (Why.UNPACKED, overlapping),
    "packed in an unusual way": (
        Why.DAMAGED,
        lambda: zipped({"xl/workbook.xml": b" " * 1_000_000}, zipfile.ZIP_LZMA),
    ),
    "a file in a file": (Why.NO_WORKBOOK, lambda: zipped({"a.zip": zipped({"b.zip": zipped({"c": b"c"})})})),
    "half a file": (Why.DAMAGED, lambda: of_sheet()[:2_000]),
    "no XML": (Why.NO_WORKBOOK, lambda: workbook({SHEET: b"\x00\x01\x02"})),
    "a number of a million digits": (
        Why.NO_WORKBOOK,
        lambda: of_sheet(b"<row><c><v>" + b"9" * 1_000_000 + b"</v></c></row>"),
    ),
    "zeros": (Why.NO_TEXT, lambda: b"Navn;Tal\n\x00;1\n"),
    "a picture": (Why.NO_TEXT, lambda: b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"),
    "one endless quote": (Why.LINE, lambda: b'Navn\n"' + b'""' * 100_000),
    "nothing but quotes": (Why.LINE, lambda: b'"' * 1_000_000),
    "one endless line": (Why.COLUMNS, lambda: b"a;" * 100_000),
    "nothing but line ends": (Why.ROWS_SEEN, lambda: b"Navn\n" + b"\n" * (refusals.MAX_ROWS_SEEN + 1)),
    "nothing but separators": (Why.EMPTY, lambda: b";" * 1_000_000),
    "larger than a file may be": (Why.BYTES, lambda: b"a" * (refusals.MAX_BYTES + 1)),
}  # fmt: skip

LARGE: Mapping[str, Callable[[], bytes]] = {
    "a million empty formatted rows": lambda: of_sheet(rows(1_000_000)),
    "nine million rows": lambda: of_sheet(b"<row/>" * 9_000_000),
    "two million empty cells": lambda: of_sheet(b'<row r="2">' + b'<c s="1"/>' * 2_000_000 + b"</row>"),
    "a cell of fifty million letters": lambda: of_sheet(cell(b"x" * 50_000_000)),
    "half a million merged ranges": lambda: of_sheet(
        after=b"<mergeCells>" + b'<mergeCell ref="A1:XFD1048576"/>' * 500_000 + b"</mergeCells>"
    ),
    "a hundred thousand conditional formats": lambda: of_sheet(
        after=b'<conditionalFormatting sqref="A1:XFD1048576"><cfRule type="expression" priority="1">'
        b"<formula>1</formula></cfRule></conditionalFormatting>" * 100_000
    ),
    "an attribute of twenty million letters": lambda: of_sheet(b"<row " + b"x" * 20_000_000 + b'="1"/>'),
    "a million attributes": lambda: of_sheet(
        b"<row " + b" ".join(b'a%d="1"' % number for number in range(1_000_000)) + b"/>"
    ),
    "a million styles": lambda: workbook(
        {
            "xl/styles.xml": b"<styleSheet><cellXfs>"
            + b'<xf numFmtId="0"/>' * 1_000_000
            + b"</cellXfs></styleSheet>"
        }
    ),
    "seven hundred thousand strings": lambda: workbook(
        {
            "xl/sharedStrings.xml": b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
            + b"<si><t>a</t></si>" * 700_000
            + b"</sst>"
        }
    ),
    "five megabytes of quotes": lambda: b'Navn\n"' + b'""' * 2_400_000,
}
"""What costs seconds: an answer within ten, whatever it is."""
