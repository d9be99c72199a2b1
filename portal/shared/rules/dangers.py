"""What tasks hint at that somebody under 18 may not do, or not alone. Pure."""

import csv
import re
from collections.abc import Iterable
from enum import StrEnum, auto
from functools import cache
from pathlib import Path

from portal.shared.rules.book import Numbers

DANGERS_FILE = Path(__file__).parent / "data" / "dangers.csv"


class Danger(StrEnum):
    """What a young person may not do, or not alone."""

    ALCOHOL = auto()
    CHEMICALS = auto()
    MACHINES = auto()
    ALONE = auto()
    LIFTS = auto()


def dangers_in(texts: Iterable[str], _numbers: Numbers) -> frozenset[Danger]:
    """What the words of the tasks hint at; a person still reads them."""
    text = " ".join(texts)
    return frozenset(danger for danger, words in _danger_words() if words.search(text))


@cache
def _danger_words() -> tuple[tuple[Danger, re.Pattern[str]], ...]:
    with DANGERS_FILE.open(encoding="utf-8", newline="") as file:
        return tuple(
            (Danger(row["danger"]), re.compile(rf"\b(?:{row['pattern']})", re.IGNORECASE))
            for row in csv.DictReader(file)
        )
