"""The demo's data files: what a reader does not understand is told with its place, and what they point at is there."""

import csv
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest

from portal.base.terms import Industry
from portal.demo.reading import BadDataFile, read_document, read_table
from portal.demo.script import Script, read_script
from portal.workspaces.imports import reference


@dataclass(frozen=True)
class Shelf:
    """A row of the invented table."""

    name: str
    trades: tuple[Industry, ...]
    boards: int
    height: Decimal | None
    is_full: bool = False
    weight: float = 1.0


@dataclass(frozen=True)
class Store:
    """The invented document."""

    shelf: tuple[Shelf, ...]
    labels: dict[Industry, str]


def table(folder: Path, text: str) -> tuple[Shelf, ...]:
    file = folder / "shelves.csv"
    file.write_text(text, encoding="utf-8")
    return read_table(file, Shelf)


def document(folder: Path, text: str) -> Store:
    file = folder / "store.toml"
    file.write_text(text, encoding="utf-8")
    return read_document(file, Store)


def test_a_row_is_read_by_the_types_of_its_class(tmp_path):
    rows = table(
        tmp_path,
        "name,trades,boards,height,is_full,weight\nTin,koekken;pleje,4,1.50,yes,2\nEmpty,pleje,0,,,\n",
    )

    assert rows == (
        Shelf("Tin", (Industry.KOEKKEN, Industry.PLEJE), 4, Decimal("1.50"), is_full=True, weight=2.0),
        Shelf("Empty", (Industry.PLEJE,), 0, None),
    )


def test_a_document_is_read_into_its_parts(tmp_path):
    store = document(
        tmp_path,
        '[labels]\nkoekken = "Tins"\n[[shelf]]\nname = "Tin"\ntrades = ["koekken"]\nboards = 4\nweight = 2\n',
    )

    assert store == Store(
        shelf=(Shelf("Tin", (Industry.KOEKKEN,), 4, None, weight=2.0),), labels={Industry.KOEKKEN: "Tins"}
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name,trades,bords\nTin,pleje,4\n", "shelves.csv: line 2: bords is none of name, trades, boards"),
        ("name,trades\nTin,pleje\n", "shelves.csv: line 2: boards is missing"),
        ("name,trades,boards\nTin,pleje,4\n,pleje,4\n", "shelves.csv: line 3: name is missing"),
        ("name,trades,boards\nTin,pleje,four\n", "shelves.csv: line 2: boards: 'four' is no int"),
        ("name,trades,boards\nTin,pleje;fiskeri,4\n", "line 2: trades 2: 'fiskeri' is no Industry"),
        ("name,trades,boards,height\nTin,pleje,4,high\n", "line 2: height: 'high' is no Decimal"),
        ("name,trades,boards,is_full\nTin,pleje,4,maybe\n", "line 2: is_full: 'maybe' is no bool"),
        ("name,trades,boards\nTin,pleje,4,5\n", "line 2: a cell beyond the last column is none of"),
    ],
)
def test_a_mistake_in_a_table_is_told_with_its_line(tmp_path, text, said):
    with pytest.raises(BadDataFile) as caught:
        table(tmp_path, text)

    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("shelf = []\n[lables]\n", "store.toml: lables is none of shelf, labels"),
        ("shelf = []\n", "store.toml: labels is missing"),
        (
            "labels = {}\n[[shelf]]\nname = 'A'\ntrades = ['pleje']\n",
            "store.toml: shelf 1: boards is missing",
        ),
        ("labels = {}\nshelf = [{ name = 7 }]\n", "store.toml: shelf 1: name: 7 is no str"),
        ("labels = {}\nshelf = [{ boards = true }]\n", "store.toml: shelf 1: boards: True is no int"),
        ("labels = {}\nshelf = ['A']\n", "store.toml: shelf 1: 'A' is no table"),
        ("labels = {}\nshelf = 3\n", "store.toml: shelf: 3 is no list"),
        ("shelf = []\n[labels]\nfiskeri = 'Fish'\n", "store.toml: labels: 'fiskeri' is no Industry"),
        ("shelf = []\nlabels = 'none'\n", "store.toml: labels: 'none' is no table"),
        ("shelf = [\n", "store.toml: "),
    ],
)
def test_a_mistake_in_a_document_is_told_with_its_place(tmp_path, text, said):
    with pytest.raises(BadDataFile) as caught:
        document(tmp_path, text)

    assert said in str(caught.value)


@pytest.fixture(scope="module")
def script() -> Script:
    return read_script()


def test_what_the_script_points_at_is_in_the_script(script):
    """Whom no opening finds would be passed over in silence."""
    employers = {one.key for one in script.employers}
    workplaces = {(one.employer, one.name) for one in script.workplaces}
    people = {one.key for one in script.people if one.key}
    named = {review.person for opening in script.openings for review in opening.review if review.person}

    assert named | {told.person for told in script.told_tasks} <= people
    assert {one.employer for one in (*script.openings, *script.agreements)} <= employers
    assert {one.employer for one in script.workplaces} == employers
    assert {(one.employer, one.workplace) for one in script.openings if one.workplace} <= workplaces
    assert {one.profile for one in script.people} == set(script.profiles)


def test_what_is_no_skill_is_in_the_employers_own_words_on_purpose(script):
    with (reference.FOLDER / reference.SKILLS).open(encoding="utf-8", newline="") as file:
        skills = {row["canonical_da"] for row in csv.DictReader(file)}
    asked = {task for one in script.openings for task in (*one.must, *one.nice, *one.learn)}

    assert asked - skills == {"lave kaffe til møder", "vande planter", "folde servietter"}
    assert set(script.chosen_skills.values()) <= skills
