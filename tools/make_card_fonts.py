"""Make portal/cards/fonts/: IBM Plex Sans, cut down to the letters a printed card can need.

Run by hand when the typeface changes; the portal only reads the resulting files:

    pip install fonttools brotli
    npm pack @ibm/plex-sans@1.1.0 && tar xzf ibm-plex-sans-1.1.0.tgz
    python tools/make_card_fonts.py package

Latin with the accents of Europe and Vietnam, and Cyrillic, because many citizens write Ukrainian. The licence
reserves the name "Plex" for the unchanged fonts, so the cut ones carry another. coverage.txt tells paper.py,
which has no font library at run time, which letters can be printed.
"""

import shutil
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

OUTPUT = Path(__file__).resolve().parent.parent / "portal" / "cards" / "fonts"
FAMILY = "Kompetencekort Sans"
STYLES = ("Regular", "SemiBold", "Italic")
WANTED = [
    *range(0x20, 0x7F),
    *range(0xA0, 0x180),
    *range(0x218, 0x21C),
    *range(0x400, 0x460),
    *range(0x490, 0x494),
    *range(0x1E80, 0x1E86),
    *range(0x1EA0, 0x1EFA),
    0x1E9E,
    *range(0x2010, 0x2016),
    *range(0x2018, 0x201F),
    *(0x2020, 0x2022, 0x2026, 0x2030, 0x2032, 0x2033, 0x2039, 0x203A, 0x20AC, 0x2116, 0x2122),
    *(0x2190, 0x2191, 0x2192, 0x2193, 0x2212, 0x2248, 0x2260, 0x2264, 0x2265),
]
FEATURES = ["kern", "liga", "mark", "mkmk", "ccmp", "locl", "tnum", "lnum"]


def cut(font: TTFont) -> None:
    options = subset.Options(layout_features=FEATURES, name_IDs=["*"], notdef_outline=True, hinting=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=WANTED)
    subsetter.subset(font)


def rename(font: TTFont, style: str) -> None:
    spaced = style.replace("SemiBold", "Semibold")
    names = {1: FAMILY, 2: spaced, 3: f"{FAMILY} {spaced}", 4: f"{FAMILY} {spaced}", 16: FAMILY, 17: spaced}
    names[6] = f"{FAMILY.replace(' ', '')}-{style}"
    table = font["name"]
    table.names = [record for record in table.names if record.nameID in (0, 5, 13, 14)]
    for name_id, text in names.items():
        table.setName(text, name_id, 3, 1, 0x409)


def ranges(points: Iterable[int]) -> Iterator[str]:
    start = previous = None
    for point in [*sorted(points), None]:
        if previous is not None and point != previous + 1:
            yield f"{start:04X}-{previous:04X}"
            start = None
        start = point if start is None else start
        previous = point


def main(package: Path) -> None:
    OUTPUT.mkdir(parents=True, exist_ok=True)
    covered: set[int] | None = None
    for style in STYLES:
        font = TTFont(package / "fonts" / "complete" / "woff2" / f"IBMPlexSans-{style}.woff2")
        font.flavor = None
        cut(font)
        rename(font, style)
        font.save(OUTPUT / f"KompetencekortSans-{style}.ttf")
        covered = set(font.getBestCmap()) & (covered or set(font.getBestCmap()))
    (OUTPUT / "coverage.txt").write_text("\n".join(ranges(covered or ())) + "\n", encoding="ascii")
    shutil.copyfile(package / "LICENSE.txt", OUTPUT / "OFL.txt")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
