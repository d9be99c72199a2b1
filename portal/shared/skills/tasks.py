"""The everyday tasks that are asked about when a card is made: 36 a trade, each pointing at one skill.

Kept as a file, not as rows: a task goes with its pictogram (static/pictograms) and its translations.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from portal.base.terms import Industry

FILE = Path(__file__).parent / "data" / "tasks.csv"


@dataclass(frozen=True, slots=True)
class AskedTask:
    """One task as it is asked about. `key` is stored with answers, so it never changes its meaning."""

    industry: Industry
    key: str
    phrase: str
    """Everyday Danish, beginning in lower case: "vaske gulv"."""
    skill: str
    """The name of a skill in the vocabulary."""
    pictogram: str

    @property
    def title(self) -> str:
        return self.phrase[:1].upper() + self.phrase[1:]


@cache
def tasks() -> Mapping[str, AskedTask]:
    """Key -> task, in the order of asking: everyday things and what is also done at home come first."""
    with FILE.open(encoding="utf-8", newline="") as file:
        read = [
            AskedTask(Industry(row["industry"]), row["key"], row["danish"], row["skill"], row["pictogram"])
            for row in csv.DictReader(file)
        ]
    return MappingProxyType({task.key: task for task in read})


@cache
def tasks_of(industry: Industry) -> tuple[AskedTask, ...]:
    return tuple(task for task in tasks().values() if task.industry is industry)
