"""The faults that measure the suite can still be planted. Whether they are found, tools/plant_faults.py tells."""

import ast
from pathlib import Path

import pytest

from tools import ROOT
from tools.plant_faults import Edit, Fault, SnippetGone, read_faults

EVERY = read_faults()


def test_there_are_enough_of_them_and_many_were_chosen_blind():
    names = [fault.name for fault in EVERY]

    assert len(names) == len(set(names)) >= 30
    assert sum(fault.blind for fault in EVERY) >= 10


@pytest.mark.parametrize("fault", EVERY, ids=lambda fault: fault.name)
def test_the_fault_can_be_planted_and_the_code_still_reads(fault: Fault):
    for edit in fault.edits:
        text = (ROOT / edit.file).read_text(encoding="utf-8")
        changed = edit.applied(text)
        assert changed != text
        if edit.file.endswith(".py"):
            ast.parse(changed)
    assert all((ROOT / place).exists() for place in fault.tests)


def test_a_snippet_that_is_gone_is_an_error_and_nothing_is_written(tmp_path: Path):
    file = tmp_path / "code.py"
    file.write_text("a = 1\n")
    fault = Fault("x", "x", (), False, (Edit("code.py", "a = 1", "a = 2"), Edit("code.py", "b = 1", "b = 2")))

    with pytest.raises(SnippetGone, match="b = 1"), fault.planted(tmp_path):
        pytest.fail("planted all the same")

    assert file.read_text() == "a = 1\n"


def test_a_planted_fault_is_dug_up_again(tmp_path: Path):
    file = tmp_path / "code.py"
    file.write_text("a = 1\n")

    with Fault("x", "x", (), False, (Edit("code.py", "1", "2"),)).planted(tmp_path):
        assert file.read_text() == "a = 2\n"

    assert file.read_text() == "a = 1\n"
