"""Which of our skills are the same as one of ESCO's (data/esco.csv).

Only what somebody has looked up in ESCO and found to be the same stands there; all other skills go out under an
identifier of our own, which promises nothing.
"""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "data" / "esco.csv"


def esco_uri(skill: str) -> str | None:
    return _uris(FILE).get(skill)


@cache
def _uris(file: Path) -> Mapping[str, str]:
    with file.open(encoding="utf-8", newline="") as lines:
        return {row["skill"]: row["uri"] for row in csv.DictReader(lines)}
