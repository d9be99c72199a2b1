"""One folding for all that is searched and compared: the same letters for what people spell in several ways.

Case, accents, composed and decomposed letters, hyphens, apostrophes and dots make no difference, nor do å and aa,
ø, ö and oe, æ, ä and ae, ü and ue. `folded` is the same in SQL, on both engines. What a wording means is another
question, and has a folding of its own (`portal.matching.fold`). In which order names stand is `alphabet.py`'s to say.
"""

import re
import unicodedata
from collections.abc import Iterable
from itertools import pairwise
from typing import Any, Final

from sqlalchemy import String, func, literal_column
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

_MARK: Final = "[\u0300-\u036f\u064b-\u065f]"
_ONE_LETTER: Final = dict(zip("øØłŁđĐðÐıςىیکةۀە", "oollddddiσييكههه", strict=True))
"""The last of them are of Arabic letters that keyboards of other languages write in another way."""
_TWO_LETTERS: Final = {"æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe", "ß": "ss", "þ": "th", "Þ": "th"}
_DASHES: Final = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
_UNSEEN: Final = "\u00ad\u0640\u200b\u200c\u200d\u2060\ufeff"
"""Also the stroke that makes an Arabic word longer."""
_LEFT_OUT: Final = _DASHES + ".'`\u2018\u2019\u02bb\u02bc" + _UNSEEN
_WRITTEN_OUT: Final = (("aa", "a"), ("ae", "a"), ("oe", "o"), ("ue", "u"))
_LETTERS: Final = str.maketrans({**_ONE_LETTER, **_TWO_LETTERS, **dict.fromkeys(_LEFT_OUT, "")})
_NOT_WORD: Final = re.compile(r"[\W_]+")
_SAID_OF_NUMBERS: Final = re.compile(r"(?=.)(?:dk|cvr|p|tlf|telefon|mobil|k|kort|sags?)?(?:nr|nummer)?")
"""What people write before a number, folded as words are: it may not stand with the number in the table."""
_SAID_OF_COMPANY_NUMBERS: Final = re.compile(r"(?:dk|cvr|p|penhed)?(?:nr|nummer)?(?:dk)?(\d+)")
_AND: Final = "og"

Spellings = tuple[str, ...]
"""A word as it was written and, where that is another, with å, æ, ø and ü for aa, ae, oe and ue."""


def without_marks(text: str) -> str:
    """Its letters without accents and vowel signs, each in the form that most write."""
    return re.sub(_MARK, "", unicodedata.normalize("NFKD", text))


def folded_text(text: str) -> str:
    """What a text is searched in: its letters folded, and once more with aa, ae, oe and ue as one letter each.

    Both, because "kontoelev" must be found by "elev" and "Soerensen" by "Sørensen".
    """
    plain = _plain(text)
    loose = _loose(plain)
    return plain if loose == plain else f"{plain} {loose}"


def search_words(text: str) -> list[Spellings]:
    """The words of a search, each in its spellings; nothing of signs alone, and no "og": it is an "&"."""
    bare = without_marks(text)
    words = [_plain(word) for word in _NOT_WORD.sub(" ", bare).split()]
    words = [word for word in words if word != _AND] or words[:1]
    return [(word,) if _loose(word) == word else (word, _loose(word)) for word in dict.fromkeys(words)]


def run_together(text: str) -> str | None:
    """A search for initials or an "H&M", without its blanks: its letters alone would be looked for where words begin.

    None of words that are longer.
    """
    words = _NOT_WORD.sub(" ", without_marks(text)).split()
    return "".join(_plain(text).split()) if len(words) > 1 and any(len(word) == 1 for word in words) else None


def name_words(*names: str) -> list[str]:
    """The words of a name in one spelling and one order, whatever the order they were written in."""
    return sorted(_NOT_WORD.sub(" ", _loose(_plain(_joined(" ".join(names))))).split())


def index_words(text: str, *, is_name: bool = False) -> set[str]:
    """The words that a text is kept under for a search by their beginnings: each part of what its signs divide, and
    what blanks divide with its signs left out. Of a name also two words in one: "Al Sayed" is "alsayed" too.

    In one spelling each: a beginning of one way to write å, æ, ø or ü is also a beginning of the other.
    """
    parts = _index_parts(text)
    whole = [number_key(_loose(_plain(word))) for word in text.split()]
    pairs = [one + other for one, other in pairwise(parts)] if is_name else []
    words = {word for word in (*parts, *whole, *pairs) if word}
    return {word for word in words if len(word) > 1 or not any(word != one[:1] for one in words - {word})}


def index_terms(text: str) -> list[Spellings]:
    """The words of a search among `index_words`, each with what it may stand for: itself, itself and its neighbours in
    one, and with figures in blocks the whole number, which of a telephone is without Denmark's code.

    What is only said of a number, as in "CVR-nr. 12345678", may stand for the number; an "og" is an "&", and no word.
    """
    parts = [word for one in _index_parts(text) for word in _apart(one)]
    parts = [word for word in parts if word != _AND] or parts[:1]
    ways = [_ways(parts, place) for place in range(len(parts))]
    # The letter of a number, as in "K 1001", says nothing that the number with it does not.
    terms = [
        way
        for place, way in enumerate(ways)
        if len(parts[place]) > 1 or not "".join(parts[place + 1 : place + 2]).isdigit()
    ]
    return list(dict.fromkeys(terms))


def any_begins(text: str, terms: Iterable[Spellings]) -> bool:
    """Whether one of the terms is the beginning of a word of the name."""
    words = index_words(text, is_name=True)
    return any(word.startswith(way) for term in terms for way in term for word in words)


def _apart(word: str) -> list[str]:
    """A number and what is said of it, written in one: "DK12345678"."""
    said = word.rstrip("0123456789")
    is_apart = len(said) > 1 and said != word and _SAID_OF_NUMBERS.fullmatch(said)
    return [said, word[len(said) :]] if is_apart else [word]


def _ways(parts: list[str], place: int) -> Spellings:
    word = parts[place]
    around = ["".join(parts[max(0, place - back) : place + 1]) for back in (1, 2)]
    around.append("".join(parts[place : place + 2]))
    number = _number_at(parts, place)
    return tuple(dict.fromkeys(filter(None, (word, *around, number, phone_key(number)))))


def _number_at(parts: list[str], place: int) -> str:
    """The figures that stand together where the word is one, or after what is only said of a number; else ""."""
    while place + 1 < len(parts) and _SAID_OF_NUMBERS.fullmatch(parts[place]):
        place += 1
    if not parts[place].isdigit():
        return ""
    first = last = place
    while first > 0 and parts[first - 1].isdigit():
        first -= 1
    while last + 1 < len(parts) and parts[last + 1].isdigit():
        last += 1
    return "".join(parts[first : last + 1])


def _index_parts(text: str) -> list[str]:
    return [_loose(_plain(word)) for word in _NOT_WORD.sub(" ", without_marks(text)).split()]


def number_key(text: str) -> str:
    """A number without case, blanks and signs."""
    return _NOT_WORD.sub("", _plain(text))


def company_number_key(text: str) -> str:
    """A CVR or P-number as it is typed over a list, without what is said of it: "DK 12 34 56 78"."""
    key = number_key(text)
    found = _SAID_OF_COMPANY_NUMBERS.fullmatch(key)
    return found[1] if found else key


def case_key(text: str) -> str:
    """A case number as it is compared: case, blanks and which signs divide it make no difference.

    That two numbers stand apart does: 1/23 is not 12/3.
    """
    bare = without_marks(text).lower()
    parts = _NOT_WORD.sub(" ", re.sub(f"[{_UNSEEN}]", "", bare)).split()
    return re.sub(r"(?<!\d) | (?!\d)", "", " ".join(parts)).replace(" ", "/")


def phone_key(text: str | None) -> str | None:
    """The digits of a telephone number without Denmark's code; None of nothing."""
    digits = "".join(re.findall(r"\d", unicodedata.normalize("NFKC", text or "")))
    return re.sub(r"^(?:00)?45(?=\d{8}$)", "", digits) or None


def _joined(text: str) -> str:
    """Without the hyphens inside names: El-Sayed is El Sayed, and Elsayed is not."""
    return re.sub(f"[{_DASHES}]", " ", text)


def _plain(text: str) -> str:
    if text.isascii():
        return text.lower().translate(_LETTERS)
    bare = without_marks(text)
    return bare.lower().translate(_LETTERS)


def _loose(plain: str) -> str:
    for letters, letter in _WRITTEN_OUT:
        plain = plain.replace(letters, letter)
    return plain


class folded(FunctionElement[str]):  # noqa: N801 - named as SQL's functions are
    """`folded_text` of a column, worked out by the database."""

    type = String()
    inherit_cache = True


@compiles(folded)
def _on_sqlite(element: folded, compiler: Any, **options: Any) -> str:
    return f"folded({compiler.process(element.clauses, **options)})"


@compiles(folded, "postgresql")
def _on_postgresql(element: folded, compiler: Any, **options: Any) -> str:
    (text,) = element.clauses
    bare = without_marks_in_postgresql(text)
    letters = "".join(_ONE_LETTER), "".join(_ONE_LETTER.values())
    plain: Any = func.translate(func.lower(bare), quoted(letters[0] + _LEFT_OUT), quoted(letters[1]))
    for letter, written in _TWO_LETTERS.items():
        plain = func.replace(plain, quoted(letter), quoted(written))
    loose = plain
    for written, letter in _WRITTEN_OUT:
        loose = func.replace(loose, quoted(written), quoted(letter))
    return str(compiler.process(plain.concat(quoted(" ")).concat(loose), **options))


def without_marks_in_postgresql(text: Any) -> Any:
    """`without_marks` of an expression."""
    apart = func.normalize(text, literal_column("NFKD"))
    return func.regexp_replace(apart, quoted(_MARK), quoted(""), quoted("g"))


def quoted(signs: str) -> Any:
    """A literal of the statement: signs that no user wrote."""
    return literal_column("'" + signs.replace("'", "''") + "'")
