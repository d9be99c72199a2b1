"""Typst made ready: our typefaces, text that can be printed, and one compile for every document.

Everything people wrote reaches a document as data, never as markup. Source: docs/adr/005-card-on-paper.md
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

import segno
import typst
from babel.dates import format_date

DOCUMENTS = Path(__file__).parent / "documents"
_FONTS = Path(__file__).parent / "fonts"

BREAK_HERE = "\u200b"  # zero-width space: lets a line break where a word has no natural place
_LONGEST_UNBROKEN_WORD = 20
_MISSING = "[…]"
_MISSING_SIGN = "\ue000"  # private use: no citizen writes it, and our typefaces lack it
_CPR_LIKE = re.compile(r"(?<!\d)(0[1-9]|[12]\d|3[01])(0[1-9]|1[0-2])\d\d[ -]?\d{4}(?!\d)")


def typeset(document: str, data: Mapping[str, Any], *, on: date) -> bytes:
    """`documents/<document>.typ` filled with the data (JSON in `sys.inputs.data`), as PDF/UA-1.

    The same data gives the same bytes.
    """
    pdf = _compiler(DOCUMENTS / f"{document}.typ").compile(
        format="pdf",
        sys_inputs={"data": json.dumps(data)},
        pdf_standards="ua-1",
        timestamp=datetime(on.year, on.month, on.day, tzinfo=UTC),
    )
    if not isinstance(pdf, bytes):
        raise TypeError("a document is one file")
    return pdf


def _compiler(template: Path) -> typst.Compiler:
    """A new one for every document, because a compiler keeps the last one's data."""
    return typst.Compiler(input=template, root=template.parent, font_paths=_fonts())


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """Ours alone: a document must look the same on every machine."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[_FONTS])


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


def qr_inline(url: str) -> str:
    """The same code as an element of a page; says nothing to who cannot see it: the address stands beside it."""
    return str(segno.make(url, error="q", micro=False).svg_inline(scale=4, border=2, svgclass="qr-code"))


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
    ranges = (line.split("-") for line in (_FONTS / "coverage.txt").read_text(encoding="ascii").split())
    return frozenset(point for first, last in ranges for point in range(int(first, 16), int(last, 16) + 1))
