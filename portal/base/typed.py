"""What people type and paste, before anybody asks what it means: the signs as they are read, without those unseen.

`typed_days.py`, `typed_numbers.py` and `typed_clock.py` read days, numbers and times out of it.
"""

import re
import unicodedata
from typing import Final

SHOWN: Final = 40
"""Characters of what was typed that a message repeats."""

_BLANKS: Final = re.compile(r"\s+")
_FULL_WIDTH: Final = range(0xFF01, 0xFF5F)
_TO_ASCII: Final = 0xFF01 - 0x21
_SAME: Final = {"−": "-", "⁄": "/", "∕": "/", "٫": ",", "。": ".", "’": "'"}
"""Signs that are written for another: the minus, two strokes of a fraction, the Arabic decimal sign and others."""


class NotRead(ValueError):
    """What stands there cannot be read as what is asked for; the text is the Danish reason."""


def as_read(text: str) -> str:
    """One line as a reader sees it: no unseen signs, one kind of blank, of dash and of digit; case stays."""
    return _BLANKS.sub(" ", "".join(map(_sign, unicodedata.normalize("NFC", text)))).strip()


def _sign(sign: str) -> str:
    if sign in _SAME:
        return _SAME[sign]
    if ord(sign) in _FULL_WIDTH:
        return chr(ord(sign) - _TO_ASCII)
    kind = unicodedata.category(sign)
    if kind == "Nd":  # not "No": a raised 2 is no 2
        return str(unicodedata.decimal(sign))
    return {"Cf": "", "Zs": " ", "Zl": " ", "Zp": " ", "Pd": "-"}.get(kind, sign)


def quoted(text: str) -> str:
    """What was typed, as a message repeats it."""
    text = as_read(text)
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
