"""Where a Danish postcode lies and how far two of them are apart, as the crow flies.

Pure but for one data file, read once; its source and licence (ODbL) stand in portal/data/README.md.
"""

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from portal import matching

_POSTCODES_FILE = Path(__file__).parent.parent / "data" / "postcodes_dk.csv"


@dataclass(frozen=True)
class Place:
    """A postcode and its town; the point is the town's, or the middle of the postcode's area."""

    postcode: str
    town: str
    latitude: float
    longitude: float


@lru_cache(maxsize=1)
def _places() -> dict[str, Place]:
    with _POSTCODES_FILE.open(encoding="utf-8", newline="") as file:
        return {
            row["postcode"]: Place(
                row["postcode"], row["town"], float(row["latitude"]), float(row["longitude"])
            )
            for row in csv.DictReader(file)
        }


def find_place(postcode: str) -> Place | None:
    """The place of a postcode, or None when nobody lives or works there."""
    return _places().get(postcode.strip())


def is_danish_postcode(text: str) -> bool:
    """True for a postcode that holds addresses; post-box and company postcodes (such as 0800) do not."""
    return find_place(text) is not None


@lru_cache(maxsize=20_000)
def distance_km(a: str, b: str) -> float | None:
    """Straight line between two postcodes; None when either is unknown, which is not the same as far away."""
    place_a, place_b = find_place(a), find_place(b)
    if place_a is None or place_b is None:
        return None
    return matching.distance_km((place_a.latitude, place_a.longitude), (place_b.latitude, place_b.longitude))
