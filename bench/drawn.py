"""Who answers "mente du ...?" in T2: drawn once with a seed and kept in a file, so that it is the same everywhere.

The file is tab-separated with a head line: side (openings, citizens), id, place (of the text among hers, from 0). It
names the texts whose writer answers if asked, two in three; whether she is asked depends on the lexicon of the day.
"""

import csv
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

ANSWERED: Final = 2 / 3
"""Employers answer a question for two tasks in three; nothing is known of citizens."""

COLUMNS: Final = ("side", "id", "place")


class Place(NamedTuple):
    """A text of an opening or a citizen."""

    side: str
    id: str
    place: int


Side = Sequence[dict[str, Any]]


def places(openings: Side, citizens: Side) -> Iterator[Place]:
    """Every text there is, in the order of the data."""
    for side, those in (("openings", openings), ("citizens", citizens)):
        for one in those:
            yield from (Place(side, one["id"], place) for place in range(len(one["skills"])))


def drawn(file: Path | None, seed: int, openings: Side, citizens: Side) -> frozenset[Place]:
    """The texts whose writer answers: those the file names, or drawn anew and written there where there is none."""
    if file is not None and file.exists():
        return read(file, frozenset(places(openings, citizens)))
    chance = random.Random(seed)
    found = [place for place in places(openings, citizens) if chance.random() < ANSWERED]
    if file is not None:
        with file.open("w", encoding="utf-8", newline="") as opened:
            csv.writer(opened, delimiter="\t", lineterminator="\n").writerows([COLUMNS, *found])
    return frozenset(found)


def read(file: Path, known: frozenset[Place]) -> frozenset[Place]:
    """Exits with a sentence where the file was drawn from other data."""
    with file.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened, delimiter="\t"))
    try:
        found = frozenset(Place(row["side"], row["id"], int(row["place"])) for row in rows)
    except (KeyError, TypeError, ValueError):
        raise SystemExit(f"{file}: expected the columns {', '.join(COLUMNS)}") from None
    if strangers := sorted(found - known):
        raise SystemExit(f"{file}: drawn from other data, which has {strangers[0]}")
    return found
