"""Which way each rule is stricter: what a municipality may do of its own. Pure.

The way stands beside the key in data/rules.csv. A limit is stricter the lower it is, a demand the higher, and a yes
stricter than a no. Nowhere: what the law alone decides. That is who has a right to something, how a thing is counted,
where one group ends and the next begins, and what another authority does. Source: docs/rules.md#own-rows
"""

import csv
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path

REFERENCE_FILE = Path(__file__).parent / "data" / "rules.csv"
LISTS = Path(__file__).parent / "data" / "words"


class Stricter(StrEnum):
    """Which way a number may be moved by one municipality for itself."""

    LOWER = "lower"
    HIGHER = "higher"
    NOWHERE = "nowhere"

    def is_stricter(self, value: Decimal, *, than: Decimal) -> bool:
        """The same number is not stricter."""
        if self is Stricter.NOWHERE:
            return False
        return value < than if self is Stricter.LOWER else value > than


def stricter(key: str) -> Stricter:
    """The way of a rule. One that the reference no longer has is nobody's to change but the law's."""
    return _ways().get(key, Stricter.NOWHERE)


@cache
def _ways() -> dict[str, Stricter]:
    return {row["key"]: Stricter(row["stricter"]) for row in reference_rows()}


def reference_rows() -> list[dict[str, str]]:
    """The rows of the reference file, in its order."""
    with REFERENCE_FILE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def shipped_words(key: str, valid_from: str = "") -> str:
    """The lines of a list as the portal ships it: those from the day where a file has its name, else the key's."""
    dated = LISTS / f"{key}.{valid_from}.txt"
    return (dated if dated.exists() else LISTS / f"{key}.txt").read_text(encoding="utf-8")
