"""What each rule means for somebody who plans, and what the portal has not been able to read. Plain Danish, from files.

The words stand beside the key and not in the rows: a number changes with the law, and what it is about does not.
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from portal.web.searching import text_holds

_DATA: Final = Path(__file__).parent / "data"


def meaning(key: str) -> str:
    """One or two sentences; "" for a rule that the portal does not ship."""
    return _meanings().get(key, "")


def keys_meaning(words: str) -> list[str]:
    """The keys whose meaning holds the words."""
    return [key for key, said in _meanings().items() if text_holds(said, words)]


@cache
def _meanings() -> dict[str, str]:
    with (_DATA / "meanings.csv").open(encoding="utf-8", newline="") as file:
        return {row["key"]: row["meaning"] for row in csv.DictReader(file)}


@dataclass(frozen=True)
class NotFound:
    """Something that was looked for in vain, what that means here, and what the municipality can do."""

    subject: str
    missing: str
    do: str


@cache
def not_found() -> tuple[NotFound, ...]:
    with (_DATA / "not_found.csv").open(encoding="utf-8", newline="") as file:
        return tuple(NotFound(**row) for row in csv.DictReader(file))
