"""What every paper is made with: text that can be printed, and one press for every document (`press.py`).

Everything people wrote reaches a document as data, never as markup. Source: docs/adr/005-card-on-paper.md
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

import segno
from babel.dates import format_date

from portal.base.child import Bounds, ChildWork, Life, Queue

DOCUMENTS = Path(__file__).parent / "documents"
_COVERAGE = Path(__file__).parent / "fonts" / "coverage.txt"
PACK_BYTES = 100_000
"""A job of a sheet or a few is far smaller; one of forty cards is larger."""

_PRESS = "portal.web.paper.press:press"
_SHEETS = ChildWork(
    _PRESS,
    Bounds(wall_seconds=30, cpu_seconds=40, memory_mb=1_000, answer_mb=50),
    Queue(at_once=2, waiting=8, seconds=10),
    Life(jobs_each=200, retire_mb=200, idle_seconds=120),
)
"""Warm, because a new one costs a sheet a tenth of a second; replaced when it has grown."""
_PACKS = ChildWork(
    _PRESS,
    Bounds(wall_seconds=90, cpu_seconds=150, memory_mb=4_000, answer_mb=200),
    Queue(at_once=1, waiting=2, seconds=20),
)
"""One pack fills a child, so each has its own, and one is set at a time: two would need two gigabytes."""

BREAK_HERE = "\u200b"  # zero-width space: lets a line break where a word has no natural place
_LONGEST_UNBROKEN_WORD = 20
_MISSING = "[…]"
_MISSING_SIGN = "\ue000"  # private use: no citizen writes it, and our typefaces lack it
_CPR_LIKE = re.compile(r"(?<!\d)(0[1-9]|[12]\d|3[01])(0[1-9]|1[0-2])\d\d[ -]?\d{4}(?!\d)")


def typeset(document: str, data: Mapping[str, Any], *, on: date) -> bytes:
    """`documents/<document>.typ` filled with the data (JSON in `sys.inputs.data`), as PDF/UA-1.

    The same data gives the same bytes. Raises ChildFailed, answered with 503, when the press is busy or was killed.
    """
    template = str(DOCUMENTS / f"{document}.typ")
    job = json.dumps({"template": template, "data": json.dumps(data), "on": on.isoformat()}).encode()
    return (_PACKS if len(job) > PACK_BYTES else _SHEETS).run(job)


def long_date(day: date) -> str:
    return format_date(day, "d. MMMM y", locale="da")


def short_date(day: date) -> str:
    return format_date(day, "dd.MM.y", locale="da")


def ymd(day: date) -> dict[str, int]:
    """A date as a document takes it."""
    return {"year": day.year, "month": day.month, "day": day.day}


def qr_svg(url: str) -> str:
    """Quartile error correction: a folded or stained sheet can still be scanned."""
    image = BytesIO()
    segno.make(url, error="q", micro=False).save(image, kind="svg", border=2, dark="#000", light="#fff")
    return image.getvalue().decode()


def qr_inline(url: str, *, scale: int = 4) -> str:
    """The same code as an element of a page; says nothing to who cannot see it: the address stands beside it.

    `scale` is how many px a square of it is: a long text has many squares, and a telephone's page is narrow.
    """
    return str(segno.make(url, error="q", micro=False).svg_inline(scale=scale, border=2, svgclass="qr-code"))


def breakable_url(url: str) -> str:
    return re.sub(r"(?<=[/?&=._-])(?=\w)", BREAK_HERE, url)


def clean(text: str) -> str:
    """One line of printable text without CPR-like numbers, in which every line can break."""
    known = _printable(" ".join(unicodedata.normalize("NFC", text).split()))
    safe = _CPR_LIKE.sub(_MISSING, known)
    return " ".join(_breakable(word) for word in safe.split())


def _printable(text: str) -> str:
    """Drops signs we lack (emoji, control characters); a lacking letter leaves a mark, so that nobody
    reads half a sentence as the whole."""
    letters = coverage()
    kept = "".join(sign if ord(sign) in letters else _substitute(sign) for sign in text)
    return re.sub(rf"{_MISSING_SIGN}(\s*{_MISSING_SIGN})*", _MISSING, kept)


def _substitute(sign: str) -> str:
    return _MISSING_SIGN if unicodedata.category(sign).startswith(("L", "N")) else ""


def _breakable(word: str) -> str:
    if len(word) <= _LONGEST_UNBROKEN_WORD:
        return word
    parts: Iterable[str] = (
        word[i : i + _LONGEST_UNBROKEN_WORD] for i in range(0, len(word), _LONGEST_UNBROKEN_WORD)
    )
    return BREAK_HERE.join(parts)


@lru_cache(maxsize=1)
def coverage() -> frozenset[int]:
    """The code points our typefaces can print, as tools/make_card_fonts.py wrote them down."""
    ranges = (line.split("-") for line in _COVERAGE.read_text(encoding="ascii").split())
    return frozenset(point for first, last in ranges for point in range(int(first, 16), int(last, 16) + 1))
