"""What a list finds, and what a cell of its file may hold."""

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.base.database import db, transaction
from portal.loop.employers.models import Employer
from portal.web.listing import contains, safe_cell
from tests import factories


@pytest.mark.parametrize(
    ("words", "found"), [("100 % rent", True), ("0 % r", True), ("1%t", False), ("1__ % rent", False)]
)
def test_signs_that_mean_anything_to_a_database_mean_themselves(app: Flask, words: str, found: bool) -> None:
    employer = factories.make_employer("100 % rent")
    with transaction():
        matched = db.session.scalars(sa.select(Employer.id).where(contains(Employer.name, words))).all()

    assert (employer.id in matched) is found


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_that_a_spreadsheet_would_run_is_quoted(start):
    assert safe_cell(f"{start}1+1") == f"'{start}1+1"


@pytest.mark.parametrize(
    ("value", "text"), [(None, ""), (True, "ja"), (2.5, "2,5"), (-3, "-3"), ("a=1", "a=1"), ("a\x00b", "ab")]
)
def test_any_other_cell_is_its_plain_text(value, text):
    assert safe_cell(value) == text
