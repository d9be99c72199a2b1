"""Several things in one cell: "gulvvask, opvask, støvsugning:3". What parts them is decided here, once.

A semicolon, an upright stroke, a line break or a bullet always parts, and so do the numbers of a numbered list. Without
any of these a comma and a slash do, and "og" does between two things that are known; but "skære og klargøre grøntsager"
is one thing, and what nobody can tell is refused.
"""

import csv
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final

from portal.matching import fold
from portal.shared import skills

Known = Callable[[str], bool]

_SURE: Final = re.compile(r"[;|¦؛；、，\t\n•▪●◦‣]")
_NUMBERED: Final = re.compile(r"\s*(?:1[.)]|a\))\s")
_NUMBER: Final = re.compile(r"(?:^|\s)(?:\d{1,2}[.)]|[a-z]\))\s+")
_BULLET: Final = re.compile(r"^[·*–-]\s+")
_LINE_NUMBER: Final = re.compile(r"^(\d{1,2})[.)]\s+")
"""What a word processor puts before each line of a list; "9. klasse" alone is no line of one."""
_USUAL: Final = re.compile(r"(?<!\d),|,(?!\d)|(?<!\d)/|/(?!\d)")
_LIKE_AND: Final = re.compile(r"\s+[–—·-]\s+|\.\s+")
"""What parts two things that are known, and stands inside one that is not: "gulvvask - opvask"."""
_AROUND_ALL: Final = re.compile(r"\s*\[(.*)\]\s*", re.DOTALL)
_IN_QUOTES: Final = re.compile('["“”„«](.*)["“”»]')
_AND: Final = re.compile(r"\s+(?:og|samt|&|plus)\s+|\s*\+\s*", re.IGNORECASE)
_OR: Final = re.compile(r"\s+eller\s+", re.IGNORECASE)
_LEVEL: Final = re.compile(r"\s*:\s*\d*\s*$")
_VOCABULARY: Final = ("skills.csv", "titles.csv")


class OneOrSeveral(ValueError):
    """Nobody can tell whether it is one thing; `args` hold it."""


def parted(cell: str, known: Known) -> list[str]:
    """The things of the cell. Raises OneOrSeveral."""
    cell = _AROUND_ALL.sub(r"\1", cell)
    if _SURE.search(cell) or _NUMBERED.match(cell):
        return surely_parted(cell)
    if known(_LEVEL.sub("", cell)):
        return [cell.strip(" ,/")]
    found: list[str] = []
    for part in filter(None, map(_bare, _USUAL.split(cell))):
        for one in _by_signs(part, known):
            found += _by_and(one, known)
    return found


def _bare(part: str) -> str:
    part = part.strip()
    quoted = _IN_QUOTES.fullmatch(part)
    return quoted[1].strip() if quoted else part


def _by_signs(part: str, known: Known) -> list[str]:
    """Parted at dashes and full stops, where every one is known. Raises OneOrSeveral of known words without any."""
    bare = _LEVEL.sub("", part)
    if known(bare):
        return [part]
    parts = [one for one in _LIKE_AND.split(part.rstrip(".")) if one]
    if len(parts) > 1 and all(known(_LEVEL.sub("", one)) for one in parts):
        return parts
    words = bare.split()
    if len(words) > 1 and all(map(known, words)):
        raise OneOrSeveral(part)
    return [part]


def surely_parted(cell: str) -> list[str]:
    """The same where a thing may hold commas: only what always parts."""
    if _NUMBERED.match(cell) and not _SURE.search(cell):
        cell = _NUMBER.sub(";", cell)
    parts = [_BULLET.sub("", part.strip()) for part in _SURE.split(cell)]
    numbers = [found[1] for found in map(_LINE_NUMBER.match, parts) if found]
    if numbers == [str(number) for number in range(1, len(parts) + 1)]:
        parts = [_LINE_NUMBER.sub("", part) for part in parts]
    return [part for part in map(_bare, parts) if part]


def _by_and(part: str, known: Known) -> list[str]:
    halves = _AND.split(part)
    if known(_LEVEL.sub("", part)):
        return [part]
    if _OR.search(part):
        raise OneOrSeveral(part)
    if len(halves) == 1:
        return [part]
    if all(known(_LEVEL.sub("", half)) for half in halves):
        return halves
    raise OneOrSeveral(part)


def in_vocabulary(words: str) -> bool:
    """Whether the words are a skill, a title or a synonym of the vocabulary that the portal comes with."""
    return fold(words) in _vocabulary()


@cache
def _vocabulary() -> frozenset[str]:
    folder = Path(skills.__file__).parent / "data"
    words: set[str] = set()
    for name in _VOCABULARY:
        with (folder / name).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                words |= {row["canonical_da"], *re.split("[;|]", row.get("synonyms_da") or "")}
    return frozenset(map(fold, words))
