"""The pictures of tasks that the portal has, by their names in static/pictograms."""

from functools import cache
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parents[2] / "static" / "pictograms"


@cache
def pictograms() -> frozenset[str]:
    return frozenset(picture.stem for picture in FOLDER.glob("*.svg"))
