"""The list of everyday tasks and its pictograms: data that people write, so every slip is found here."""

import csv
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

import portal
from portal.base.terms import Industry
from portal.shared.skills import tasks

PICTOGRAMS = Path(portal.__file__).parent / "static" / "pictograms"
SVG = "{http://www.w3.org/2000/svg}"
STYLE = {
    "id": "p",
    "fill": "none",
    "stroke": "currentColor",
    "stroke-width": "2.5",
    "stroke-linecap": "round",
    "stroke-linejoin": "round",
}
SHAPES = {
    "path": {"d"},
    "circle": {"cx", "cy", "r"},
    "ellipse": {"cx", "cy", "rx", "ry"},
    "rect": {"x", "y", "width", "height", "rx"},
}

ALL = list(tasks.tasks().values())
DRAWN = sorted({task.pictogram for task in ALL})


def vocabulary() -> dict[str, dict[str, str]]:
    with (tasks.FILE.parent / "skills.csv").open(encoding="utf-8") as file:
        return {row["canonical_da"]: row for row in csv.DictReader(file)}


@pytest.mark.parametrize("industry", Industry)
def test_each_trade_asks_about_thirty_to_forty_tasks(industry):
    assert 30 <= len(tasks.tasks_of(industry)) <= 40


def test_a_key_names_one_task():
    with tasks.FILE.open(encoding="utf-8") as file:
        keys = [row["key"] for row in csv.DictReader(file)]

    assert len(keys) == len(set(keys))
    assert [key for key in keys if not re.fullmatch(r"[a-z]+(-[a-z]+)*", key) or len(key) > 40] == []


def test_every_task_points_at_a_skill_that_may_stand_on_a_card():
    skills = vocabulary()

    assert [task.key for task in ALL if task.skill not in skills] == []
    kinds = {skills[task.skill]["category"] for task in ALL}
    assert kinds <= {"faglig", "personlig", "uformel"}


@pytest.mark.parametrize("hint", ["børneopdragelse", "omsorg for syge eller ældre i familien", "medicin"])
def test_no_task_asks_about_family_or_medicine(hint):
    assert [task.key for task in ALL if hint in task.skill or hint in task.phrase] == []


def test_a_phrase_fits_its_line_on_the_card():
    assert [
        task.key for task in ALL if not 3 <= len(task.phrase) <= 80 or task.phrase != task.phrase.strip()
    ] == []


def test_every_pictogram_is_used_and_every_task_has_one():
    assert sorted(file.stem for file in PICTOGRAMS.iterdir()) == DRAWN


@pytest.mark.parametrize("name", DRAWN)
def test_a_pictogram_is_lines_in_the_one_style(name):
    root = ElementTree.parse(PICTOGRAMS / f"{name}.svg").getroot()

    assert (root.tag, root.attrib) == (f"{SVG}svg", {"viewBox": "0 0 48 48"})
    (group,) = root
    assert (group.tag, group.attrib) == (f"{SVG}g", STYLE)
    assert len(group) > 1
    for shape in group:
        allowed = SHAPES[shape.tag.removeprefix(SVG)]
        assert set(shape.attrib) == allowed
        assert len(shape) == 0
        assert not shape.text


def test_no_two_pictograms_are_the_same_drawing():
    drawings = [(PICTOGRAMS / f"{name}.svg").read_bytes() for name in DRAWN]

    assert len(set(drawings)) == len(drawings)
