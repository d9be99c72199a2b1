"""Where a Danish postcode lies and how far two of them are apart, as the crow flies.

Pure but for one data file, read once; its source and licence (ODbL) stand in portal/data/README.md.
"""

import csv
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask_babel import gettext as _

from portal import matching
from portal.base.typed import NotRead, as_read, quoted

_POSTCODES_FILE = Path(__file__).parent.parent / "data" / "postcodes_dk.csv"
_POSTCODE = re.compile(
    r"(?:(?:postnr|postnummer)[.: ]*)?(?:DK[- ]?)?(\d{4})(?:[ ,]+\D{1,40}\d?)?", re.ASCII | re.IGNORECASE
)
"""With what people write before and behind it: "DK-2100 København Ø", "1620 København V 2"."""


@dataclass(frozen=True)
class Place:
    """A postcode and its town; the point is the town's, or the middle of the postcode's area."""

    postcode: str
    town: str
    latitude: float
    longitude: float

    @property
    def point(self) -> tuple[float, float]:
        return self.latitude, self.longitude


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


def point_of(postcode: str | None) -> tuple[float, float] | None:
    """Latitude and longitude of a postcode; None when it is unknown or not said."""
    place = find_place(postcode) if postcode else None
    return place.point if place else None


def is_danish_postcode(text: str) -> bool:
    """True for a postcode that holds addresses; post-box and company postcodes (such as 0800) do not."""
    return find_place(text) is not None


def read_postcode(text: str) -> str:
    """The four digits, with or without the country before and the town behind. Raises NotRead."""
    found = _POSTCODE.fullmatch(as_read(text).rstrip(".,;"))
    if found is None:
        raise NotRead(
            _("“%(typed)s” er ikke et postnummer. Et postnummer har 4 cifre, fx 3300.", typed=quoted(text))
        )
    if not is_danish_postcode(found[1]):
        raise NotRead(_("Vi kender ikke postnummer %(postcode)s.", postcode=found[1]))
    return found[1]


@lru_cache(maxsize=20_000)
def distance_km(a: str, b: str) -> float | None:
    """Straight line between two postcodes; None when either is unknown, which is not the same as far away."""
    point_a, point_b = point_of(a), point_of(b)
    if point_a is None or point_b is None:
        return None
    return matching.distance_km(point_a, point_b)
