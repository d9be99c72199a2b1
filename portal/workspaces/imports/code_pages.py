"""Which code page a text was written in, and whether it was read in a wrong one on its way. Also in a child process.

Danish tells them apart: in the right code page æ, ø and å stand inside words, in a wrong one signs that no word has.
Knows no settings and no database.
"""

import codecs
import html
import math
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final, NamedTuple
from urllib.parse import unquote

UTF8, UTF16, WINDOWS, MAC, DOS = "utf-8", "utf-16", "cp1252", "mac_roman", "cp850"
"""The Nordic code page of DOS (865) has the Danish letters of 850."""
_CENTRAL_EUROPE: Final = "cp1250"
_ABROAD: Final = (_CENTRAL_EUROPE, "cp437")
"""Code pages of machines that are set up for other countries: nobody writes Danish in them, but UTF-8 is read so."""

MOST_TURNS: Final = 3
"""How often a text is known to have been encoded one time too many."""

_ITS_BYTE: Final = "its-byte"
_WRONG: Final = -1
"""What a text weighs at most that was read in a wrong code page: one sign alone can be meant."""
_SAMPLE_WORDS: Final = 3_000
_SAMPLES_SHOWN: Final = 3
_NOT_ASCII: Final = re.compile(r"[^\x00-\x7f]")
_APART: Final = frozenset(' \t\r\n;,"|')
_REACH: Final = 30
"""Signs before and behind that belong to a word; a file can be one long word."""
_DANISH_SMALL, _DANISH_LARGE = "æøå", "ÆØÅ"
_FOREIGN: Final = frozenset("éèêëüöäáàâóòôíìîúùñçßãõðþýšžğşıčćđłńśżźőűřěůť")
_OUTSIDE_WORDS: Final = frozenset("–—…“”‘’„«»€£§°½¼¾²³µ·•×®©™\u00a0\u00ad\u200b\u202f\ufeff")
_LOST: Final = "\ufffd"
_LOST_AS_QUESTION: Final = re.compile(r"(?:^|[^\W\d_])\?[a-zæøå]")
_ESCAPED: Final = re.compile(
    r"&(?:[A-Za-z]{2,8}|#\d{2,4}|#x[0-9A-Fa-f]{2,4});|(?:[%=]C3[%=][89AB][0-9A-F])|\\[ux](?:00)?[c-fC-F][0-9a-fA-F]"
    r"|\+A[A-Z][A-Za-z0-9+/]-"
    r"|(?<=[A-Za-zæøå])[%=](?:[CE][56]|[DF]8)(?=[a-zæøå]|$)|(?<!\S)[%=](?:C[56]|D8|E[56]|F8)(?=[a-zæøå]{2})"
)
"""A letter as programs write it among themselves: of web pages, addresses, mails, code and UTF-7."""
_ASCII_BUT_LOST: Final = re.compile(rf"\?|{_ESCAPED.pattern}")
_IS_ADDRESS: Final = re.compile(r"[/=@]|www\.", re.IGNORECASE)
_BLANKS: Final = re.compile("[ \t\r\n]+")
"""Not all that Python takes for one: some stand for the second half of a letter."""
_UNSEEN: Final = re.compile("[\u0080-\u009f]")


class WrongReading(NamedTuple):
    """A text of one code page that was read as if it were another's."""

    written: str
    read_as: str


_TURNS: Final = tuple(
    WrongReading(written, read_as)
    for written in (UTF8, MAC, DOS, WINDOWS)
    for read_as in (WINDOWS, MAC, DOS, *(_ABROAD if written == UTF8 else ()))
    if written != read_as
)


class Decoded(NamedTuple):
    """A text with the code page it was taken for, and the words that told."""

    text: str
    code_page: str
    turns: tuple[WrongReading, ...]
    """How it had been misread before; the text is mended."""
    samples: tuple[str, ...]


def decoded(content: bytes, chosen: str = "") -> Decoded | None:
    """The text; None when it is none. With a `chosen` code page even what looks like none is one."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _as_chosen(content, UTF16)
    sixteen = _utf16_without_mark(content)
    if sixteen:
        return _as_chosen(content, sixteen)
    text = _decode(content, "utf-8-sig")
    if text is not None:
        return _mended(text, UTF8)
    found = [(page, one) for page in (WINDOWS, MAC, DOS) if (one := _decode(content, page)) is not None]
    if not found:
        return None
    weights = {page: plausibility(_sample(text)) for page, text in found}
    page, text = found[0]
    if page != WINDOWS or weights[page] < 0:  # what most write, as long as nothing speaks against it
        page, text = max(found, key=lambda each: weights[each[0]])
        if page != WINDOWS and weights[page] <= 0:
            return _as_chosen(content, MAC) if chosen else None  # which has a sign for every byte
    return _mended(text, page)


def reread(text: str, taken_for: str, turns: Sequence[WrongReading], chosen: str) -> str:
    """A text that was read in one code page as its bytes are in another; what has no sign there is seen to be lost."""
    for turn in reversed(turns):
        text = text.encode(turn.written).decode(turn.read_as, _ITS_BYTE)
    return _encoded(text, taken_for).decode(chosen, _ITS_BYTE if chosen == WINDOWS else "replace")


def _as_chosen(content: bytes, page: str) -> Decoded | None:
    text = _decode(content, page)
    return None if text is None else Decoded(text.removeprefix("\ufeff"), page, (), samples(text))


def _decode(content: bytes, page: str) -> str | None:
    try:
        text = content.decode(page)
    except UnicodeDecodeError:
        return None
    return None if "\x00" in text else text  # a picture, a program: no spreadsheet writes it


def _utf16_without_mark(content: bytes) -> str:
    """Every second byte of Danish text is then empty."""
    head = content[:2000]
    if len(head) < 8 or head.count(0) < len(head) // 3:
        return ""
    return "utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be"


def _mended(text: str, page: str) -> Decoded:
    """Undo what made it worse, as long as that makes it better; a text that is mended in part only is left."""
    turns: list[WrongReading] = []
    while len(turns) < MOST_TURNS:
        turn = _best_turn(_sample(text), at_least=0)
        whole = undone(text, turn) if turn else None
        if turn is None or whole is None:
            break
        turns.append(turn)
        text = whole
    return Decoded(text, page, tuple(turns), samples(text))


def _best_turn(text: str, at_least: float = -math.inf) -> WrongReading | None:
    """What makes it better, if anything: that all of it is UTF-8 read as something else is no accident."""
    found = list(_undone_all(text))
    twice = [each for each in found if each[0].written == UTF8]
    best = max(twice or found, key=lambda each: plausibility(each[1]), default=None)
    if best is None:
        return None
    before, after = plausibility(text), plausibility(best[1])
    is_better = after > max(before, at_least) and before <= _WRONG
    return best[0] if twice or is_better else None


def _undone_all(text: str) -> Iterator[tuple[WrongReading, str]]:
    for turn in _TURNS:
        found = undone(text, turn)
        if found is not None and found != text:
            yield turn, found


def undone(text: str, turn: WrongReading) -> str | None:
    """The text as it was before it was misread; None when it cannot have been."""
    try:
        return _encoded(text, turn.read_as).decode(turn.written)
    except (UnicodeEncodeError, UnicodeDecodeError):
        return None


def _encoded(text: str, page: str) -> bytes:
    """As browsers do: what a code page of Windows has no sign for stands for its own byte."""
    return text.encode(page, _ITS_BYTE if page in (WINDOWS, _CENTRAL_EUROPE) else "strict")


def _its_byte(error: UnicodeError) -> tuple[bytes | str, int]:
    if isinstance(error, UnicodeEncodeError):
        return error.object[error.start : error.end].encode("latin-1"), error.end
    if isinstance(error, UnicodeDecodeError):
        return error.object[error.start : error.end].decode("latin-1"), error.end
    raise error


codecs.register_error(_ITS_BYTE, _its_byte)


def _words(text: str) -> Iterator[str]:
    """The words with signs beyond ASCII, in one pass over the text."""
    end = 0
    for found in _NOT_ASCII.finditer(text):
        if found.start() < end:
            continue
        begin, end = found.start(), found.end()
        earliest, latest = max(0, begin - _REACH), min(len(text), end + _REACH)
        while begin > earliest and text[begin - 1] not in _APART:
            begin -= 1
        while end < latest and text[end] not in _APART:
            end += 1
        yield text[begin:end]


def _sample(text: str) -> str:
    """The words that can tell."""
    return " ".join(islice(_words(text), _SAMPLE_WORDS))


def samples(text: str) -> tuple[str, ...]:
    """Two or three words for a reader to judge by."""
    words = (re.sub(r"^\W+|\W+$", "", word) for word in islice(_words(text), _SAMPLE_WORDS))
    told = (word for word in words if any(sign > "\x7f" and sign.isalpha() for sign in word))
    return tuple(dict.fromkeys(islice(told, 50)))[:_SAMPLES_SHOWN]


def plausibility(text: str) -> float:
    """How much of it can be Danish: letters where letters stand speak for it, signs inside words against."""
    return sum(
        _weight(text[place - 1] if place else " ", sign, text[place + 1] if place + 1 < len(text) else " ")
        for place, sign in enumerate(text)
        if sign > "\x7f"
    )


def _weight(before: str, sign: str, after: str) -> float:
    if sign == _LOST or "\x80" <= sign <= "\x9f":
        return -5
    if sign.isalpha() and sign not in "µªºˆ":
        return _letter_weight(before, sign, after)
    if sign in "’´" and before.isalpha() and after.isalpha():
        return 1
    inside = before.isalpha() and after.isalpha()
    return 0.2 if sign in _OUTSIDE_WORDS and not inside and not (sign in "½¼¾" and before.isalpha()) else -2


def _letter_weight(before: str, sign: str, after: str) -> float:
    if sign.isupper() and before.islower():
        return -2
    if sign in _DANISH_SMALL or sign in _DANISH_LARGE:
        return 2
    if sign.lower() in _FOREIGN:
        return 0.5
    return -0.5 if sign < "\u0250" or not (before > "\x7f" or after > "\x7f") else 0.3


def broken(text: str) -> str | None:
    """A word that can only be broken encoding, for whoever must mend it; None: there is none."""
    if text.isascii() and not _ASCII_BUT_LOST.search(text):
        return None
    for word in _BLANKS.split(text):
        if _is_broken(word):
            return word
    return None


def repaired(word: str) -> str | None:
    """What the word may have been, if it can be told."""
    if _ESCAPED.search(word):
        return _unescaped(word)
    for _turn in range(MOST_TURNS):
        turn = _best_turn(word)
        word = (undone(word, turn) or "") if turn else ""
        if not word:
            return None
        if not _is_broken(word):
            return word
    return None


def _unescaped(word: str) -> str | None:
    found = html.unescape(word)
    if found == word:
        found = _unquoted(word.replace("\\u00", "\\x"))
    if "\\x" in found:
        found = re.sub(r"\\x([0-9a-fA-F]{2})", lambda code: chr(int(code[1], 16)), found)
    return None if _is_broken(found) else found


def _unquoted(word: str) -> str:
    """Of addresses and mails: %C3%B8 and =C3=B8 of UTF-8, %F8 and =F8 of Windows."""
    coded = re.sub(r"=(?=[0-9A-F]{2})", "%", word)
    found = unquote(coded)
    return unquote(coded, WINDOWS) if _LOST in found else found


def _is_broken(word: str) -> bool:
    if _LOST in word or _UNSEEN.search(word):
        return True
    if _ESCAPED.search(word) and "://" not in word and "www." not in word:
        return True
    if _LOST_AS_QUESTION.search(word) and not _IS_ADDRESS.search(word):
        return True
    if word.isascii():
        return False
    return _is_twice(word) or _mixes_alphabets(word) or any(shape.search(word) for shape in _MISREAD)


def _mixes_alphabets(word: str) -> bool:
    """A Latin word with a few letters of another alphabet inside: Danish read in a Russian or Greek code page."""
    others = len(_CYRILLIC_OR_GREEK.findall(word))
    return 0 < others < len(_LATIN.findall(word)) and _BOTH_ALPHABETS.search(word) is not None


def _is_twice(word: str) -> bool:
    """Whether some of its signs are UTF-8 read as single signs: that two letters make a third so is no accident."""
    return any(
        _run_is_twice(run[0]) and not _stands_well(word, run)
        for run in re.finditer(r"[^\x00-\x7f]{2,}", word)
    )


def _stands_well(word: str, run: re.Match[str]) -> bool:
    """Whether the signs are as Danish has them: “Åse in quotes is by accident a letter of another alphabet."""
    around = f" {word} "
    return (
        sum(
            _weight(around[place], around[place + 1], around[place + 2])
            for place in range(run.start(), run.end())
        )
        > 0
    )


def _run_is_twice(run: str) -> bool:
    for page in (WINDOWS, MAC, DOS, *_ABROAD):
        found = undone(run, WrongReading(UTF8, page))
        if found is not None and any(sign.isalpha() or sign in _OUTSIDE_WORDS for sign in found):
            return True
    return False


_SMALL: Final = "a-zæøå"
_CONSONANT: Final = "[b-df-hj-np-tv-xzB-DF-HJ-NP-TV-XZ]"
_LATIN: Final = re.compile("[A-Za-z\u00c0-\u024f]")
_CYRILLIC_OR_GREEK: Final = re.compile("[\u0370-\u04ff]")
_BOTH_ALPHABETS: Final = re.compile(
    "[A-Za-z][\u0370-\u03a8\u03aa-\u03bb\u03bd-\u04ff]|[\u0400-\u04ff][A-Za-z]"
)
"""Not the ohm and the micro of units."""
_MISREAD: Final = tuple(
    re.compile(shape)
    for shape in (
        rf"[A-Za-zæøå][¾¿®¯Œ›†°µÕÊÂ¥ù┐╛][{_SMALL}]",  # æ, ø and å of one code page in the middle of a word
        rf"{_CONSONANT}‘(?!(?:[tsdm]|re|ll|ve)\b){_CONSONANT}",  # æ; between others it is written for an apostrophe
        r"[A-ZÆØÅ][®¯][A-ZÆØÅ]",  # the same in capitals
        r"^[®¯][A-Za-zæøå]{2}",
        r"â€|[ÂÃ][\u00a0-\u00bf€‚„…†‡‰‹‘’“”•–—›™]",  # signs, not letters, that are UTF-8 read as Windows-1252
        rf"[{_SMALL}][¾¿Œ›†](?=$|[.,;:!?)])",  # and at its end
        rf"[{_SMALL}][\u2500-\u25ff]",
        rf"^[¾¿›†][{_SMALL}]{{2}}",
    )
)
