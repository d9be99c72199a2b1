"""What a cell of an exported list may hold."""

import pytest

from portal.web.listing import safe_cell


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_that_a_spreadsheet_would_run_is_quoted(start):
    assert safe_cell(f"{start}1+1") == f"'{start}1+1"


@pytest.mark.parametrize(
    ("value", "text"), [(None, ""), (True, "ja"), (2.5, "2,5"), (-3, "-3"), ("a=1", "a=1"), ("a\x00b", "ab")]
)
def test_any_other_cell_is_its_plain_text(value, text):
    assert safe_cell(value) == text
