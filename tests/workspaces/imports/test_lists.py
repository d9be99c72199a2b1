"""What parts several things in one cell is decided once."""

import pytest

from portal.base.terms import Industry
from portal.workspaces.imports import cells

TASKS = cells.levelled(1, 4, 2)


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("gulvvask, opvask, støvsugning:3", (("gulvvask", 2), ("opvask", 2), ("støvsugning", 3))),
        ("gulvvask; opvask; støvsugning:3", (("gulvvask", 2), ("opvask", 2), ("støvsugning", 3))),
        ("gulvvask|opvask\nstøvsugning:3", (("gulvvask", 2), ("opvask", 2), ("støvsugning", 3))),
        ("gulvvask/opvask", (("gulvvask", 2), ("opvask", 2))),
        ("gulvvask, opvask og støvsugning:3", (("gulvvask", 2), ("opvask", 2), ("støvsugning", 3))),
        ("gulvvask og opvask", (("gulvvask", 2), ("opvask", 2))),
        ("skære og klargøre grøntsager:3", (("skære og klargøre grøntsager", 3),)),
        ("opvask, skære og klargøre grøntsager", (("opvask", 2), ("skære og klargøre grøntsager", 2))),
        ("supper, saucer og gryderetter:3", (("supper, saucer og gryderetter", 3),)),
        ("bøje og binde stål;", (("bøje og binde stål", 2),)),
        ("• gulvvask:3 • opvask", (("gulvvask", 3), ("opvask", 2))),
        ("•\tgulvvask\n•\topvask", (("gulvvask", 2), ("opvask", 2))),
        ("- gulvvask\n- opvask", (("gulvvask", 2), ("opvask", 2))),
        ("1. gulvvask 2. opvask", (("gulvvask", 2), ("opvask", 2))),
        ("1) gulvvask:3\n2) opvask", (("gulvvask", 3), ("opvask", 2))),
        ("gulvvask+opvask", (("gulvvask", 2), ("opvask", 2))),
        ("gulvvask – opvask", (("gulvvask", 2), ("opvask", 2))),
        ("gulvvask:3 - opvask:1", (("gulvvask", 3), ("opvask", 1))),
        ("gulvvask. opvask.", (("gulvvask", 2), ("opvask", 2))),
        ("gulvvask\topvask", (("gulvvask", 2), ("opvask", 2))),
        ("gulvvask，opvask؛ støvsugning", (("gulvvask", 2), ("opvask", 2), ("støvsugning", 2))),
        ("a) gulvvask b) opvask", (("gulvvask", 2), ("opvask", 2))),
        ('["gulvvask", "opvask"]', (("gulvvask", 2), ("opvask", 2))),
        ("gulvvask (3), opvask=1", (("gulvvask", 3), ("opvask", 1))),
        ("gulvvask 3, opvask：1", (("gulvvask", 3), ("opvask", 1))),
        ("gulvvask,", (("gulvvask", 2),)),
        ("arbejde i “det grønne”;", (("arbejde i “det grønne”", 2),)),
        ("Danskuddannelse 3;", (("Danskuddannelse 3", 2),)),
        ("hjælpe på vej 3 - ved søen;", (("hjælpe på vej 3 - ved søen", 2),)),
    ],
)
def test_tasks_are_told_apart(cell: str, found: object) -> None:
    assert TASKS(cell) == found


@pytest.mark.parametrize("cell", ["gulvvask:3 opvask:2", "gulvvask : 3 opvask : 2"])
def test_two_levels_in_one_thing_are_two_things(cell: str) -> None:
    with pytest.raises(cells.CellError, match="skriv ; imellem"):
        TASKS(cell)


@pytest.mark.parametrize(
    "cell",
    [
        "bøje og binde stål",
        "gulvvask, bøje og binde stål:3",
        "gulvvask eller opvask",
        "gulvvask opvask",
        "gulvvask opvask støvsugning:3",
    ],
)
def test_what_may_be_one_or_two_is_asked(cell: str) -> None:
    with pytest.raises(cells.CellError, match="én ting eller flere"):
        TASKS(cell)


def test_a_level_alone_is_no_task() -> None:
    with pytest.raises(cells.CellError, match="trin uden en opgave"):
        TASKS("gulvvask, 3, opvask, 2")


def test_of_cards_every_skill_needs_its_level() -> None:
    with pytest.raises(cells.CellError, match="“gulvvask”"):
        cells.levelled(0, 4, None)("gulvvask, opvask, støvsugning:3")


@pytest.mark.parametrize(
    "cell", ["Pleje og omsorg, Rengøring", "Pleje og omsorg; Rengøring", "Pleje og omsorg/Rengøring"]
)
def test_words_of_a_table_are_told_apart(cell: str) -> None:
    assert cells.several_of(Industry)(cell) == (Industry.PLEJE, Industry.RENGOERING)


def test_a_synonym_may_hold_commas() -> None:
    assert cells.labels("vask, tørring og strygning;storvask") == ("vask, tørring og strygning", "storvask")
