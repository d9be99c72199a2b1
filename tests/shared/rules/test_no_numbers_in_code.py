"""The law's modules hold no number of the law: each comes from a dated row."""

import ast
import re
from pathlib import Path

import pytest

import portal.shared.rules

LAW = Path(portal.shared.rules.__file__).parent / "law"
HARMLESS = {0, 1}
"""Nothing, and one of something: the day after, the first of a list."""


@pytest.mark.parametrize("module", sorted(LAW.glob("*.py")), ids=lambda path: path.stem)
def test_a_module_of_the_law_holds_no_number(module: Path) -> None:
    numbers = {
        node.value
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, int | float)
        and not isinstance(node.value, bool)
    }

    assert numbers <= HARMLESS


def test_no_sentence_of_the_law_says_a_number() -> None:
    """What a reader is told is the number in force, not the one in somebody's memory."""
    for module in LAW.glob("*.py"):
        tree = ast.parse(module.read_text(encoding="utf-8"))
        said = [
            argument.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("_", "_l")
            for argument in node.args
            if isinstance(argument, ast.Constant)
        ]
        for sentence in said:
            told = {int(digits) for digits in re.findall(r"\d+", sentence)}
            assert told <= HARMLESS, (module.name, sentence)
