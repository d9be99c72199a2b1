"""Who answers in T2: the same wherever the file goes, and never read for other data."""

from pathlib import Path

import pytest

from bench.drawn import Place, drawn
from bench.matching_quality import Meaning, answered
from portal.lexicon import Hit, Lookup
from portal.shared.skills.services import ALTERNATIVES


def people(count: int) -> list[dict]:
    return [
        {"id": f"p{number}", "skills": [{"text": "gulvvask"}, {"text": "opvask"}]} for number in range(count)
    ]


def test_what_was_drawn_once_is_the_same_with_another_seed_and_without_the_first_file(tmp_path: Path) -> None:
    file = tmp_path / "draw.tsv"

    first = drawn(file, 1, people(50), people(100))

    assert drawn(file, 2, people(50), people(100)) == first
    assert drawn(None, 1, people(50), people(100)) == first
    assert drawn(None, 2, people(50), people(100)) != first


def test_two_in_three_answer_on_either_side() -> None:
    found = drawn(None, 1, people(500), people(500))

    for side in ("openings", "citizens"):
        assert 0.6 < sum(place.side == side for place in found) / 1000 < 0.73


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("side\tid\tplace\nopenings\tp9\t0\n", "drawn from other data"),
        ("side\tid\tplace\nopenings\tp0\t2\n", "drawn from other data"),
        ("side\tid\tplace\nopenings\tp0\tx\n", "expected the columns side, id, place"),
        ("id\tplace\np0\t0\n", "expected the columns side, id, place"),
    ],
)
def test_a_file_of_other_data_or_another_form_is_refused(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "draw.tsv"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(SystemExit, match=said):
        drawn(file, 1, people(2), people(2))


def test_a_file_is_read_as_it_stands(tmp_path: Path) -> None:
    file = tmp_path / "draw.tsv"
    file.write_text("side\tid\tplace\ncitizens\tp1\t1\n", encoding="utf-8")

    assert drawn(file, 1, people(2), people(2)) == {Place("citizens", "p1", 1)}


def looked_up(*chances: float, negated: bool = False) -> Lookup:
    return Lookup("vask", tuple(Hit(number, one, "vask") for number, one in enumerate(chances)), negated)


@pytest.mark.parametrize(
    ("lookup", "right", "stored"),
    [
        (looked_up(0.5, 0.2), 1, Meaning(1)),  # offered and taken
        (looked_up(0.5, 0.2), 9, Meaning(None)),  # not among those offered: her words alone
        (looked_up(0.5, *[0.01] * ALTERNATIVES), ALTERNATIVES, Meaning(None)),  # guessed, but not offered
        (looked_up(0.1), 0, Meaning(None, guesses=((0, 0.1),))),  # nobody asks
        (looked_up(0.95), 9, Meaning(0, 0.95)),  # taken without asking, though wrong
        (looked_up(0.95, negated=True), 0, Meaning(None)),
    ],
)
def test_an_answer_stores_the_right_one_only_where_it_was_offered(
    lookup: Lookup, right: int, stored: Meaning
) -> None:
    assert answered(lookup, right) == stored
