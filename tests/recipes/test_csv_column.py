"""A new column of an imported file is named where files are described; a card's column is a line of its field."""

from pathlib import Path

import pytest

from tests.support.recipes import Edit, tell

RECIPE = (
    Edit(
        "portal/workspaces/imports/kinds.py",
        "    visible_to_neighbours: bool\n",
        "    working_times: str\n",
    ),
    Edit(
        "portal/workspaces/imports/kinds.py",
        '        Column(\n            "visible_to_neighbours",\n',
        '        Column("working_times", "Mødetider", cells.text(60), ("Arbejdstid",), needed=False, default=""),\n',
    ),
)
"""What CONTRIBUTING.md says of openings: the row's field, under the name that `OpeningDetails` has, and its column."""

OF_A_CARD = (
    Edit(
        "portal/loop/cards/fields.py",
        """\
            kind=OneOf(DanishExam, nothing=_l("Ingen, eller ved ikke")),
            matched=None,
            opened_by=SharedField.DANISH,
            form=(FormPart.DANISH, 3),
            page=_COURSE_ON_PAGE,
            paper=Layout.OWN_PLACE,
            csv=None,
""",
        """\
            kind=OneOf(DanishExam, nothing=_l("Ingen, eller ved ikke")),
            matched=None,
            opened_by=SharedField.DANISH,
            form=(FormPart.DANISH, 3),
            page=_COURSE_ON_PAGE,
            paper=Layout.OWN_PLACE,
            csv=CsvColumn("danish_exam", "Danskprøve", ("Prøve i dansk",), None, "Prøve i Dansk 2 (ca. B1)"),
""",
        instead=True,
    ),
)
"""And of a card's field."""


@pytest.mark.slow
def test_a_new_column_is_one_file(tmp_path: Path) -> None:
    assert len({edit.path for edit in RECIPE}) == len({edit.path for edit in OF_A_CARD}) == 1

    tell("tests.recipes.csv_column_story", RECIPE + OF_A_CARD, tmp_path)
