"""docs/rules.md is what the rows and the code say: run `python -m tools.rules` after a change."""

import re

import pytest
from flask import Flask

from portal.shared.rules.services import reference_rules
from portal.shared.rules.units import in_words
from tools import rules

DOCUMENT = rules.FILE.read_text(encoding="utf-8")


def test_the_tables_are_what_the_rows_and_the_code_say(app: Flask) -> None:
    assert rules.written(DOCUMENT) == DOCUMENT


def test_every_row_stands_in_the_document_with_its_number(app: Flask) -> None:
    lines = {line for line in DOCUMENT.splitlines() if line.startswith("| `")}

    assert [
        row.key
        for row in reference_rules()
        if not any(
            line.startswith(f"| `{row.key}` ")
            and f"| {in_words(row.value, row.unit)} | {row.valid_from.isoformat()} -" in line
            for line in lines
        )
    ] == []


def test_every_rule_is_held_by_code_or_says_why_not() -> None:
    held = {number for one in rules.holders() for number in one.rules}

    assert held - set(rules.WHAT) == set()
    assert set(rules.WHAT) - held == set(rules.NOT_HELD)


@pytest.mark.parametrize(
    ("docstring", "numbers"),
    [
        ("R1: whether everybody fits.", {1}),
        ("R4-R6, R24 and R28: how long.", {4, 5, 6, 24, 28}),
        ("R8, the period: a public employer.", {8}),
        ("R10. The sentence does not say.", {10}),
        ("A rule such as R10.", set()),
    ],
)
def test_a_docstring_names_the_rules_it_begins_with(docstring: str, numbers: set[int]) -> None:
    assert rules.numbers_in(docstring) == numbers


def test_a_document_without_its_marks_is_refused(app: Flask) -> None:
    with pytest.raises(SystemExit, match="no marks for rules"):
        rules.written("# Rules")


def test_a_source_in_the_code_is_a_section_of_the_document() -> None:
    """A section that is renamed takes its references with it."""
    sections = set(re.findall(r"^## ([\w-]+)$", DOCUMENT, re.MULTILINE))
    named = {
        (path.name, section)
        for folder in ("portal", "tests", "tools")
        for path in (rules.ROOT / folder).rglob("*.py")
        for section in re.findall(r"docs/rules\.md#([\w-]+)", path.read_text(encoding="utf-8"))
    }

    assert {one for one in named if one[1] not in sections} == set()
