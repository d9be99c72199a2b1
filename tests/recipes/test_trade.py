"""A new trade is one line; its tasks, words, skills and titles are rows, and what is not written yet is said so."""

import ast
from pathlib import Path

import pytest

from portal.base.terms import Industry, SkillArea
from tests.support.recipes import ROOT, Edit, tell

RECIPE = (
    Edit(
        "portal/base/terms.py",
        '    RENGOERING = "rengoering", _l("Rengøring")\n',
        '    BUTIK = "butik", _l("Butik og lager"), ("butik", "lager")\n',
    ),
)
"""What CONTRIBUTING.md says: the line, with what imported lists may call it."""

ROWS = (
    Edit(
        "portal/shared/skills/data/skills.csv",
        "køkken,faglig,grydevask og håndopvask,",
        "butik,faglig,fylde varer op på hylder,stille varer frem i butikken,Shelf stacking\n",
    ),
    Edit(
        "portal/shared/skills/data/titles.csv",
        "køkken,stilling,køkkenassistent,",
        "butik,stilling,butiksmedhjælper,medhjælper i butik,Shop assistant\n",
    ),
    Edit(
        "portal/shared/skills/data/tasks.csv",
        "koekken,cut-vegetables,",
        "butik,fill-shelves,fylde varer op på hylder,fylde varer op på hylder,pack-trolley\n",
    ),
    Edit("portal/shared/skills/data/trade_words.csv", "koekken.pande,", "butik.vare,en vare\n"),
    Edit(
        "portal/workspaces/posting/data/templates.csv",
        "køkkenassistent,koekken,",
        "butiksmedhjælper,butik,fill-shelves,,\n",
    ),
)
"""The data that a trade lives on, as far as somebody has written it."""

KNOW_MEMBERS = ("portal/base/terms.py", "portal/demo/")


@pytest.mark.slow
def test_a_new_trade_is_one_line_and_says_what_it_still_lacks(tmp_path: Path) -> None:
    assert len({edit.path for edit in RECIPE}) == 1

    tell("tests.recipes.trade_without_rows_story", RECIPE, tmp_path)


@pytest.mark.slow
def test_a_trades_tasks_words_skills_and_titles_are_rows(tmp_path: Path) -> None:
    assert all(edit.path.endswith(".csv") for edit in ROWS)

    tell("tests.recipes.trade_story", RECIPE + ROWS, tmp_path)


def test_a_trade_is_never_asked_for_its_name() -> None:
    named = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in (ROOT / "portal").rglob("*.py")
        if "migrations" not in path.parts and not str(path.relative_to(ROOT)).startswith(KNOW_MEMBERS)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.Attribute) and node.attr in Industry.__members__)
        or (isinstance(node, ast.Constant) and node.value in set(Industry))
    ]

    assert named == []


def test_every_trade_is_an_area_of_skills_under_its_own_name() -> None:
    shared = [area for area in SkillArea if area.name not in Industry.__members__]

    assert shared == [SkillArea.FAELLES]
    for trade in Industry:
        area = SkillArea[trade.name]
        assert (area.value, area.label, area.names_in_files) == (
            trade.value,
            trade.label,
            trade.names_in_files,
        )
