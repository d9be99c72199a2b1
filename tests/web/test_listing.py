"""What a list finds, and what a cell of its file may hold."""

from datetime import date, datetime
from io import BytesIO
from operator import itemgetter

import pytest
import sqlalchemy as sa
from flask import Flask
from openpyxl import load_workbook

from portal.base.database import db, transaction
from portal.loop.employers.models import Employer
from portal.web.listing import safe_cell, table_file
from portal.web.paper.workbooks import XLSX
from portal.web.searching import found
from tests import factories


@pytest.mark.parametrize(
    ("words", "is_found"),
    [("100 % rent", True), ("0 % r", True), ("1%z", False), ("1_9 % rent", False), ("%", True), ("_", False)],
)
def test_signs_that_mean_anything_to_a_database_mean_themselves(
    app: Flask, words: str, is_found: bool
) -> None:
    employer = factories.make_employer("100 % rent")
    with transaction():
        matched = db.session.scalars(sa.select(Employer.id).where(found(words, Employer.name))).all()

    assert (employer.id in matched) is is_found


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_that_a_spreadsheet_would_run_is_quoted(start):
    assert safe_cell(f"{start}1+1") == f"'{start}1+1"


@pytest.mark.parametrize(
    ("value", "text"), [(None, ""), (True, "ja"), (2.5, "2,5"), (-3, "-3"), ("a=1", "a=1"), ("a\x00b", "ab")]
)
def test_any_other_cell_is_its_plain_text(value, text):
    assert safe_cell(value) == text


def test_a_list_is_a_workbook_with_numbers_and_days_that_can_be_sorted(karin, client_for) -> None:
    factories.make_employer("=1+1")

    answer = client_for(karin).get("/employers/?format=xlsx")

    assert answer.mimetype == XLSX
    assert 'filename="virksomheder.xlsx"' in answer.headers["Content-Disposition"]
    sheet = load_workbook(BytesIO(answer.data)).active
    head, row = list(sheet.iter_rows(min_row=3, max_row=4, values_only=True))
    assert "=1+1" in row, "as text, and without the mark that a file of text needs"
    assert sheet.cell(4, row.index("=1+1") + 1).data_type == "s"
    assert len(head) == len(row)


def test_what_a_column_holds_decides_how_it_is_written(app: Flask) -> None:
    columns = [(str(at), itemgetter(at)) for at in range(4)]
    rows = [(2026, date(2026, 12, 1), 2.5, "+45"), (3, None, 1, True)]
    with app.test_request_context("/?format=xlsx"):
        answer = table_file("tal", columns, rows)

    sheet = load_workbook(BytesIO(answer.data)).active
    assert [cell.value for cell in sheet[4]] == [2026, datetime(2026, 12, 1), 2.5, "+45"]
    assert [cell.value for cell in sheet[5]] == [3, None, 1, "ja"]
    assert sheet["A4"].number_format == "General", "a year has no thousands"
