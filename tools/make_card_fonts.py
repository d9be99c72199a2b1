"""Make portal/web/paper/fonts/: three typefaces, cut down to the letters a printed card can need.

Two of them also go to portal/static/fonts/ in the format of browsers, for pages in her language: few phones have
Ethiopic letters.

Run by hand when a typeface changes; the portal only reads the resulting files:

    pip install fonttools brotli
    npm pack @ibm/plex-sans@1.1.0 vazirmatn@33.0.3 @fontsource/noto-sans-ethiopic@5.3.0
    for each archive: mkdir NAME && tar xzf ARCHIVE -C NAME
    python tools/make_card_fonts.py plex/package vazirmatn/package ethiopic/package

IBM Plex Sans has Latin with the accents of Europe and Vietnam, and Cyrillic for Ukrainian; Vazirmatn has Arabic and
Persian; Noto Sans Ethiopic has Tigrinya. The licence reserves the name "Plex" for the unchanged fonts, so the cut
ones carry another. coverage.txt tells typesetting.py, which has no font library at run time, which letters
can be printed.
"""

import shutil
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

OUTPUT = Path(__file__).resolve().parent.parent / "portal" / "web" / "paper" / "fonts"
SCREEN = OUTPUT.parents[2] / "static" / "fonts"
ON_SCREEN = ("NotoSansEthiopic", "Vazirmatn-NL")
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
ETHIOPIC = [*range(0x1200, 0x1380), *range(0x1380, 0x139A), 0x135D, 0x135E, 0x135F]
JOINERS = {0xAD, 0x200C, 0x200D}  # the other format characters turn text round where nobody sees it
FEATURES = ["kern", "liga", "mark", "mkmk", "ccmp", "locl", "tnum", "lnum"]


def cut(font: TTFont, wanted: list[int]) -> None:
    options = subset.Options(layout_features=FEATURES, name_IDs=["*"], notdef_outline=True, hinting=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=wanted)
    subsetter.subset(font)


def to_screen() -> None:
    """What was printed with, packed for browsers, beside its licences."""
    SCREEN.mkdir(exist_ok=True)
    for name in ON_SCREEN:
        for weight in ("Regular", "SemiBold"):
            font = TTFont(OUTPUT / f"{name}-{weight}.ttf")
            font.flavor = "woff2"
            font.save(SCREEN / f"{name}-{weight}.woff2")
        shutil.copy(OUTPUT / f"OFL-{name.removesuffix('-NL')}.txt", SCREEN)


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


def make_latin(package: Path) -> set[int]:
    covered: set[int] | None = None
    for style in STYLES:
        font = TTFont(package / "fonts" / "complete" / "woff2" / f"IBMPlexSans-{style}.woff2")
        font.flavor = None
        cut(font, WANTED)
        rename(font, style)
        font.save(OUTPUT / f"KompetencekortSans-{style}.ttf")
        covered = set(font.getBestCmap()) & (covered or set(font.getBestCmap()))
    shutil.copyfile(package / "LICENSE.txt", OUTPUT / "OFL.txt")
    return covered or set()


def make_arabic(package: Path) -> set[int]:
    """Its files without Latin letters, unchanged: the Latin on a card is always Plex."""
    covered: set[int] = set()
    for style in ("Regular", "SemiBold"):
        source = package / "misc" / "Non-Latin" / "fonts" / "ttf" / f"Vazirmatn-NL-{style}.ttf"
        shutil.copyfile(source, OUTPUT / source.name)
        covered = set(TTFont(source).getBestCmap())
    shutil.copyfile(package / "OFL.txt", OUTPUT / "OFL-Vazirmatn.txt")
    return covered


def make_ethiopic(package: Path) -> set[int]:
    covered: set[int] = set()
    for style, weight in (("Regular", 400), ("SemiBold", 600)):
        font = TTFont(package / "files" / f"noto-sans-ethiopic-ethiopic-{weight}-normal.woff2")
        font.flavor = None
        cut(font, ETHIOPIC)
        font.save(OUTPUT / f"NotoSansEthiopic-{style}.ttf")
        covered = set(font.getBestCmap())
    shutil.copyfile(package / "LICENSE", OUTPUT / "OFL-NotoSansEthiopic.txt")
    return covered


def main(plex: Path, vazirmatn: Path, ethiopic: Path) -> None:
    OUTPUT.mkdir(parents=True, exist_ok=True)
    covered = make_latin(plex) | make_arabic(vazirmatn) | make_ethiopic(ethiopic)
    covered = {point for point in covered if point in JOINERS or unicodedata.category(chr(point)) != "Cf"}
    (OUTPUT / "coverage.txt").write_text("\n".join(ranges(covered)) + "\n", encoding="ascii")
    to_screen()


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
