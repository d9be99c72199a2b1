"""CONTRIBUTING.md is true: what it names is there, and each recipe is the edits that its tests try."""

import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from tests.support.recipes import ROOT, Edit

TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
RECIPES = {
    name: (int(files), section)
    for name, files, section in re.findall(
        r"^### ([^\n]+) \((?:its folder and )?(\d) files?\)\n(.+?)(?=^###|\Z)", TEXT, re.M | re.S
    )
}
DEMANDED = {
    "A placement form": 3,
    "A card field": 5,
    "A role": 3,
    "A legal rule": 2,
    "A goal kind": 2,
    "A language": 1,
    "A trade": 1,
    "A room": 1,
    "A refusal reason": 1,
    "A CSV column": 1,
}
"""How many files a change may touch at most."""

PLACEHOLDER = re.compile(r"<[^>]+>")
WITH_OWN_PROOF = {"A room"}
"""Its toy is made in the test's own process: nothing is edited."""


def modules(section: str) -> list[ModuleType]:
    named = re.findall(r"`(tests/(?:recipes/)?test_\w+)\.py`", section.partition("Tried by")[2])
    return [importlib.import_module(name.replace("/", ".")) for name in named]


def edits(value: object) -> Iterator[Edit]:
    if isinstance(value, tuple):
        yield from (one for one in value if isinstance(one, Edit))


def recipe_of(module: ModuleType) -> list[Edit]:
    return list(edits(module.recipe() if hasattr(module, "recipe") else module.RECIPE))


def is_named(path: str, section: str) -> bool:
    """As it is, or with a placeholder where the newcomer puts her own name."""
    return any(
        re.fullmatch("[^/]+".join(map(re.escape, PLACEHOLDER.split(said))), path)
        for said in re.findall(r"`([^`]+)`", section)
    )


def test_every_recipe_stands_there_and_costs_no_more_than_it_may() -> None:
    assert set(RECIPES) == set(DEMANDED)
    assert {name: files for name, (files, _section) in RECIPES.items() if files > DEMANDED[name]} == {}


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_is_tried_by_the_tests_it_names(name: str) -> None:
    files, section = RECIPES[name]
    tried = modules(section)
    assert tried

    if name not in WITH_OWN_PROOF:
        recipe = {edit.path for edit in recipe_of(tried[0]) if "/translations/" not in edit.path}
        assert len(recipe) == files
        others = {edit.path for value in vars(tried[0]).values() for edit in edits(value)}
        assert [path for path in recipe | others if not is_named(path, section)] == []


def test_every_recipes_test_is_named() -> None:
    said = {module.__name__ for _files, section in RECIPES.values() for module in modules(section)}

    assert {f"tests.recipes.{file.stem}" for file in (ROOT / "tests" / "recipes").glob("test_*.py")} <= said


@pytest.mark.parametrize("document", ["CONTRIBUTING.md", "README.md", "docs/architecture.md"])
def test_every_path_that_is_named_is_there(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:portal|tests|docs|tools|bench|\.ci)/[^` *]*)`", text))

    assert len(named) > 3
    assert [path for path in named if not (ROOT / path.partition("::")[0]).exists() and "<" not in path] == []


def test_the_one_test_of_the_text_is_a_test() -> None:
    for path, name in re.findall(r'"(tests/\S+)::(\w+)"', TEXT):
        assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8")


def test_the_reader_is_led_there() -> None:
    onward = (ROOT / "README.md").read_text(encoding="utf-8").partition("## Where to read next")[2]

    assert {"`CONTRIBUTING.md`", "`docs/architecture.md`"} <= set(re.findall(r"`[^`]+`", onward))
    assert Path(ROOT / "docs" / "testing.md").exists()
