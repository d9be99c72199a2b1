"""The order in which names stand in every list: the Danish alphabet, with æ, ø and å last and aa as å.

Case, accents and the signs inside names make no difference. `alphabetical` is the same in SQL, on both engines; a
column that holds the key itself (`Citizen.sort_name`) needs it no more.
"""

import unicodedata
from typing import Any, Final

from sqlalchemy import String, func, literal_column
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from portal.base.folding import quoted, without_marks, without_marks_in_postgresql

_AFTER_Z: Final = ("æäÆÄǽǼ", "øöØÖœŒǿǾ", "åÅ")
"""The last three letters, each with what other languages write for it. The signs after z in ASCII stand for them."""
_LAST: Final = {
    letter: chr(ord("z") + 1 + place) for place, letters in enumerate(_AFTER_Z) for letter in letters
}
_ONE_LETTER: Final = {**_LAST, **dict(zip("üÜłŁđĐðÐı", "yylldDdDi", strict=True))}
_TWO_LETTERS: Final = {"ß": "ss", "þ": "th", "Þ": "th"}
_AS_BLANK: Final = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
_LEFT_OUT: Final = ".'`\u2018\u2019\u02bb\u02bc\u00ad\u200b\u200c\u200d\u2060\ufeff"
_SIGNS: Final = dict.fromkeys(_AS_BLANK, " ") | dict.fromkeys(_LEFT_OUT, "")
_LETTERS: Final = str.maketrans({**_ONE_LETTER, **_TWO_LETTERS, **_SIGNS})
_DOUBLE_A: Final = ("aa", _LAST["å"])


def alphabet_key(text: str) -> str:
    """What a name is sorted by."""
    told = text if text.isascii() else without_marks(_composed(text))
    return told.translate(_LETTERS).lower().replace(*_DOUBLE_A)


def _composed(text: str) -> str:
    """With the letters of the alphabet as such, before their rings and dots are taken for accents."""
    return unicodedata.normalize("NFC", text).translate(_LETTERS)


class alphabetical(FunctionElement[str]):  # noqa: N801 - named as SQL's functions are
    """`alphabet_key` of a column, worked out by the database: what a list by name is ordered by."""

    type = String()
    inherit_cache = True


@compiles(alphabetical)
def _on_sqlite(element: alphabetical, compiler: Any, **options: Any) -> str:
    return f"alphabet_key({compiler.process(element.clauses, **options)})"


@compiles(alphabetical, "postgresql")
def _on_postgresql(element: alphabetical, compiler: Any, **options: Any) -> str:
    (text,) = element.clauses
    composed = _translated(func.normalize(text, literal_column("NFC")))
    bare = without_marks_in_postgresql(composed)
    told = func.replace(func.lower(_translated(bare)), *map(quoted, _DOUBLE_A))
    return f'{compiler.process(told, **options)} COLLATE "C"'


def _translated(text: Any) -> Any:
    """What PostgreSQL's translate has no letter for falls away: those stand last."""
    letters = {**_ONE_LETTER, **dict.fromkeys(_AS_BLANK, " ")}
    told = func.translate(text, quoted("".join(letters) + _LEFT_OUT), quoted("".join(letters.values())))
    for letter, written in _TWO_LETTERS.items():
        told = func.replace(told, quoted(letter), quoted(written))
    return told
