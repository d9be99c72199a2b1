"""A new field of the card is its column, its value and its description; a column of the file is one line of that."""

from pathlib import Path

import pytest

from tests.support.recipes import Edit, tell

pytestmark = pytest.mark.slow

RECIPE = (
    Edit(
        "portal/loop/cards/models.py",
        '    goal: Mapped[str] = mapped_column(sa.String(500), default="")\n',
        "    has_bicycle: Mapped[bool | None]\n",
    ),
    Edit(
        "portal/loop/cards/services.py",
        '    goal: str = ""\n',
        "    has_bicycle: bool | None = None\n",
    ),
    Edit(
        "portal/loop/cards/fields.py",
        """\
        CardField(
            column="is_active",
""",
        """\
        CardField(
            column="has_bicycle",
            label=_l("Har cykel"),
            under_heading=None,
            unit=None,
            kind=YesNo(_l("ja"), _l("nej")),
            matched=None,
            opened_by=SharedField.RANGE,
            form=(FormPart.WHEN_AND_WHERE, 4),
            page=line_of_its_own(PagePart.WHEN_AND_WHERE),
            paper=PaperLine(None, None, ""),
            csv=CsvColumn("has_bicycle", "Cykel", (), None, "ja"),
            in_europass=False,
        ),
""",
    ),
)
"""What CONTRIBUTING.md says: the column, its value in `CardDetails`, and the description."""


def test_a_new_field_is_three_files(tmp_path: Path) -> None:
    assert len({edit.path for edit in RECIPE}) <= 3

    tell("tests.recipes.card_field_story", RECIPE, tmp_path)
