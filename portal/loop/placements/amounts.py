"""Amounts written in words, so that two texts can be held against each other: 8 uger, tre måneder. Pure."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import Final

_WORDS: Final = {
    "halv": 0.5, "halvt": 0.5, "halve": 0.5, "halvanden": 1.5, "halvandet": 1.5, "en": 1, "et": 1, "én": 1, "ét": 1,
    "to": 2, "tre": 3, "fire": 4, "fem": 5, "seks": 6, "syv": 7, "otte": 8, "ni": 9, "ti": 10, "elleve": 11, "tolv": 12,
    "tretten": 13, "fjorten": 14, "femten": 15, "seksten": 16, "sytten": 17, "atten": 18, "nitten": 19, "tyve": 20,
    "femogtyve": 25, "seksogtyve": 26, "tredive": 30, "syvogtredive": 37, "fyrre": 40,
}  # fmt: skip
_ONE: Final = frozenset({"en", "et", "én", "ét"})
"""An article as often as a number: a number only where a unit follows."""
_NUMBER: Final = r"\d+\s?½|½|\d+/\d+|\d+(?:[.,]\d+)?|" + "|".join(sorted(_WORDS, key=len, reverse=True))
_UNIT: Final = r"[^\W\d_]+"
_AMOUNT: Final = re.compile(
    rf"(?<![\w,.])(?P<number>{_NUMBER})(?![\d\w])(?:\s*(?:-|–|til|eller|og|/)\s*(?P<to>{_NUMBER})(?![\d\w]))?"
    rf"[\s.-]*(?P<unit>{_UNIT})?(?P<rate>\s*(?:om|i|pr\.?|per)\s+(?:uge|måned|dag)[^\W\d_]*|\s+(?:ugentlig|daglig|månedlig)[^\W\d_]*)?",
    re.IGNORECASE,
)
_LENGTHS: Final[Mapping[str, float]] = {
    "dag": 1 / 7, "dage": 1 / 7, "uge": 1, "uger": 1, "ugers": 1, "måned": 52 / 12, "måneder": 52 / 12,
    "måneders": 52 / 12, "md": 52 / 12, "mdr": 52 / 12, "mdrs": 52 / 12, "år": 52, "års": 52,
}  # fmt: skip
"""Weeks in each unit of time."""
_A_HALF: Final = re.compile(r"\be[nt]\s+(halv[te]?\b)")
_HOURS: Final = "tim"
_ALIKE: Final = 0.05
"""Three months and thirteen weeks are the same: what differs by less than this part is not said to differ."""

LENGTH: Final = "length"


def amounts_in(text: str) -> dict[str, frozenset[float]]:
    """What is said of each kind: lengths in weeks, other numbers by the word that follows them."""
    found: dict[str, set[float]] = defaultdict(set)
    for hit in _AMOUNT.finditer(_A_HALF.sub(r"\1", text.casefold())):
        kind, factor = _kind(hit)
        found[kind] |= {number * factor for number in _numbers(hit)}
    return {kind: frozenset(numbers) for kind, numbers in found.items() if numbers}


def _kind(hit: re.Match[str]) -> tuple[str, float]:
    unit, rate = hit["unit"] or "", (hit["rate"] or "").split()
    if unit in _LENGTHS and not rate:
        return LENGTH, _LENGTHS[unit]
    name, each = unit.rstrip("erst"), rate[-1][:3] if rate else ""
    if name == _HOURS and each == "uge":
        return _HOURS, 1  # hours are agreed by the week, whether one says so or not
    return f"{name} {each}".strip(), 1


def _numbers(hit: re.Match[str]) -> Iterator[float]:
    """Without a unit that is known a lone "en" is no number."""
    if hit["number"] in _ONE and hit["unit"] not in _LENGTHS and not hit["to"]:
        return
    for written in (hit["number"], hit["to"]):
        if written:
            yield _value(written)


def _value(written: str) -> float:
    if written in _WORDS:
        return _WORDS[written]
    if written.endswith("½"):
        return float(written[:-1].strip() or 0) + 0.5
    if "/" in written:
        above, below = map(float, written.split("/"))
        return above / (below or 1)
    return float(written.replace(",", "."))


def differ(texts: Collection[str]) -> bool:
    """Whether two of the texts say different amounts of the same kind."""
    said = [amounts_in(text) for text in texts if text]
    pairs = ((one, other) for place, one in enumerate(said) for other in said[place + 1 :])
    return any(
        not _alike(one[kind], other[kind]) for one, other in pairs for kind in one.keys() & other.keys()
    )


def _alike(some: frozenset[float], others: frozenset[float]) -> bool:
    def are_met(these: frozenset[float], by: frozenset[float]) -> bool:
        return all(any(abs(one - other) <= _ALIKE * max(one, other) for other in by) for one in these)

    return are_met(some, others) and are_met(others, some)
