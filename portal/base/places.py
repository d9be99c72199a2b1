"""Where a Danish postcode lies and how far two of them are apart, as the crow flies.

Pure but for one data file, read once; its source and licence (ODbL) stand in portal/data/README.md.
"""

import csv
import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_POSTCODES_FILE = Path(__file__).parent.parent / "data" / "postcodes_dk.csv"
_EARTH_RADIUS_KM = 6371.0


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
    return _haversine_km(place_a, place_b)


def _haversine_km(a: Place, b: Place) -> float:
    lat_a, lat_b = math.radians(a.latitude), math.radians(b.latitude)
    half_lat = (lat_b - lat_a) / 2
    half_lon = math.radians(b.longitude - a.longitude) / 2
    h = math.sin(half_lat) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin(half_lon) ** 2
    return 2 * _EARTH_RADIUS_KM * math.asin(math.sqrt(min(1.0, h)))
