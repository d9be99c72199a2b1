"""The packages that the portal ships, read from `data/packages.toml`."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from portal.base.terms import Industry
from portal.interventions.pathways.models import StepKind

FILE: Final = Path(__file__).parent / "data" / "packages.toml"


@dataclass(frozen=True)
class ShippedStep:
    name: str
    kind: StepKind
    weeks: int
    asks: str
    skills: dict[str, int]
    """The vocabulary's name -> the level to reach."""


@dataclass(frozen=True)
class ShippedPackage:
    key: str
    name: str
    industry: Industry
    about: str
    steps: tuple[ShippedStep, ...]

    @property
    def weeks(self) -> int:
        return sum(step.weeks for step in self.steps)


@cache
def shipped_packages() -> dict[str, ShippedPackage]:
    """By their keys, in the order of the file."""
    read = tomllib.loads(FILE.read_text("utf-8"))
    packages = [
        ShippedPackage(
            key=one["key"],
            name=one["name"],
            industry=Industry(one["industry"]),
            about=one["about"],
            steps=tuple(ShippedStep(**{**step, "kind": StepKind(step["kind"])}) for step in one["step"]),
        )
        for one in read["package"]
    ]
    return {package.key: package for package in packages}
