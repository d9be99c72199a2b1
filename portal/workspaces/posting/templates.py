"""What a post of a given title usually asks for: its trade, and tasks of the trade's list. A proposal, no more.

A file, as the tasks themselves: a title is the vocabulary's, a task its key in skills/data/tasks.csv.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from portal.base.terms import Industry, TaskKind

FILE = Path(__file__).parent / "data" / "templates.csv"


@dataclass(frozen=True, slots=True)
class Template:
    """`tasks` is key of a task -> how much it usually matters."""

    title: str
    industry: Industry
    tasks: Mapping[str, TaskKind]

    @property
    def name(self) -> str:
        return self.title[:1].upper() + self.title[1:]


@cache
def templates() -> Mapping[str, Template]:
    """Title -> template, in the order of the file: by trade."""
    with FILE.open(encoding="utf-8", newline="") as file:
        read = [
            Template(row["title"], Industry(row["industry"]), MappingProxyType(_tasks(row)))
            for row in csv.DictReader(file)
        ]
    return MappingProxyType({template.title: template for template in read})


def _tasks(row: dict[str, str]) -> dict[str, TaskKind]:
    return {key: kind for kind in TaskKind for key in row[kind.value].split(";") if key}
