"""CPR numbers in free text, however they are set apart, and ten digits that are said to be something else. Pure.

Numbers without the check sum are valid too, so the date decides. Source: docs/rules.md#cpr
"""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from typing import Final

_APART: Final = r"[-./_ \t]"
_TEN_DIGITS: Final = re.compile(
    rf"(?<!\d)(?=(\d(?:{_APART}?\d){{5}}[-./_\s]{{0,3}}\d(?:{_APART}?\d){{3}})(?!\d))"
)
_LONG_YEAR: Final = re.compile(
    r"(?<!\d)(\d\d)([-./_ ]?)(\d\d)\2(?:(?:19|20)(\d\d)(?:\2|-)|19(\d\d)[-./_\s]{1,3})(\d{4})(?!\d)"
)
"""The day with the whole year: 01-01-1990-1234. Behind a day of this century a blank parts it from an hour."""
_USUAL: Final = re.compile(r"(\d\d)([-./_ \t]?)(\d\d)\2(\d\d)[-./_\s]{0,3}\d{4}")
"""The day in its three parts and the four digits together. Other shapes must stand alone among numbers."""
_WITH_HYPHEN: Final = re.compile(r"\d{6}\s?-\s?\d{4}")
"""As CPR numbers are written and nothing else: only a word just before it says otherwise."""

_MORE_DIGITS_BEFORE: Final = re.compile(rf"\d{_APART}$")
_MORE_DIGITS_AFTER: Final = re.compile(rf"(?:{_APART}|,)\d")
_MONEY_AFTER: Final = re.compile(r"\s?(?:kr\b|kroner\b|dkk\b|euro\b|€|,-)", re.IGNORECASE)
_NO_NUMBER_OF_A_PERSON: Final = tuple(
    re.compile(shape)
    for shape in (
        r"(?:[01]\d|2[0-4])[.](?:[0-5]\d)\s?-\s?(?:[01]\d|2[0-4])[.](?:[0-5]\d)[ ./-]{1,3}\d\d",  # clock times
        r"\d\d([-./])\d\d\1(?:19|20)\d\d(?!\1)[-./ ]\d\d",  # a day and a number
        r"(?:19|20)\d\d([-./])\d\d\1\d\d(?!\1)[-./ ]\d\d",
        r"\d\d[. ]\d{3}\s?-\s?\d\d[. ]\d{3}",  # from one amount to another
    )
)

_PERSON: Final = r"cpr\w*|c\.p\.r\.?|personnum\w*|person-?nr|fødselsn\w*|fødselsd\w*|født\w*|f\.(?=\s*\d)"
_THING: Final = (
    r"(?:p|cvr|se)[- ]?(?:nr|num\w*|enhed\w*)|p|cvr|produktionsenhed\w*|konto\w*|bankkonto\w*|reg|regn\w*|reg-nr"
    r"|registrering\w*|tlf|tl(?=\.)|telefon\w*|mobil\w*|phone|fax|faktura\w*|ordre\w*|ean\w*|gln|iban|varen\w*"
    r"|kunden\w*|medlemsn\w*|aftalen\w*|journaln\w*|serien\w*|lotn\w*|stregkode\w*|giro\w*|fik|bestillings?n\w*"
    r"|rekvisitions?n\w*|løbenum\w*|fragt\w*|pakken\w*|track\w*|isbn|reference\w*|ref(?=\.)|kreditorn\w*"
    r"|leverandørn\w*|licens\w*|policen\w*|matrikel\w*|måler\w*"
)
_CUE: Final = re.compile(rf"(?<!\w)(?:(?P<person>{_PERSON})|(?:{_THING})(?!\w)[.:]?)", re.IGNORECASE)
_NEW_SENTENCE: Final = re.compile(r"\n|[.!?;]\s+[A-ZÆØÅ]|[!?;]")
_BESIDE: Final = re.compile(
    r"(?:[\s:.#,()/-]|\b(?:nr|no|nummer|numre|nummeret|numrene|er|til|på|og|konto\w*|i)\b|\b\d{3,4}\b(?=\s))*",
    re.IGNORECASE,
)
_ABROAD: Final = re.compile(r"\+\s?$")
_PHONE_IN_PAIRS: Final = re.compile(r"45(?: \d\d){4}|45 \d{8}|45 \d{4} \d{4}")

_FIRST_OF_ADDED_DAYS: Final = (60, 40)
"""What is added to the day in the numbers given to somebody who has no CPR number yet."""


def contains_cpr(text: str) -> bool:
    """Whether the text holds six digits that are a date, followed by four, however they are set apart."""
    return next(_found(text), None) is not None


def cpr_spans(text: str) -> list[tuple[int, int]]:
    """Where the CPR numbers of the text stand, text[start:end], in order and apart."""
    spans: list[tuple[int, int]] = []
    for start, end in sorted(_found(text)):
        if not spans or start >= spans[-1][1]:
            spans.append((start, end))
    return spans


def _found(text: str) -> Iterator[tuple[int, int]]:
    if sum(map(str.isdigit, text)) < len("ddmmyyxxxx"):
        return  # nearly every text
    plain, places = _plain(text)
    for hit in _TEN_DIGITS.finditer(plain):
        start, end = hit.span(1)
        if _is_cpr(plain, start, end):
            yield places[start], places[end - 1] + 1
    for hit in _LONG_YEAR.finditer(plain):
        if _is_date(hit[1], hit[3], hit[4] or hit[5]) and not _is_said_to_be_else(plain, *hit.span(), hit[0]):
            yield places[hit.start()], places[hit.end() - 1] + 1


def _plain(text: str) -> tuple[str, list[int]]:
    """The text with ordinary digits, dashes and blanks, without signs nobody sees; and where each stood."""
    signs: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        plain = _plain_sign(sign)
        signs.append(plain)
        places += [place] * len(plain)
    return "".join(signs), places


def _plain_sign(sign: str) -> str:
    if sign.isascii():
        return sign
    digit = unicodedata.digit(sign, None)
    if digit is not None:
        return str(digit)
    kind = unicodedata.category(sign)
    if kind == "Cf":
        return ""
    if kind == "Pd" or sign in "\u2212\u2043\u02d7\u00af\u203e":
        return "-"
    if sign in "\u00b7\u2022\u2219\u22c5\u2024\u30fb":
        return "."
    if kind == "Pc":
        return "_"
    return " " if kind == "Zs" else sign


def _is_cpr(plain: str, start: int, end: int) -> bool:
    shape = plain[start:end]
    digits = re.sub(r"\D", "", shape)
    if not _is_date(digits[:2], digits[2:4], digits[4:6]):
        return False
    if _is_said_to_be_else(plain, start, end, shape):
        return False
    if _USUAL.fullmatch(shape):
        return True
    return not (
        "\n" in shape
        or _MORE_DIGITS_BEFORE.search(plain, max(0, start - 2), start)
        or _MORE_DIGITS_AFTER.match(plain, end)
        or _MONEY_AFTER.match(plain, end)
        or any(other.fullmatch(shape) for other in _NO_NUMBER_OF_A_PERSON)
    )


def _is_date(day: str, month: str, year: str) -> bool:
    for added in (0, *_FIRST_OF_ADDED_DAYS):
        try:
            date(2000 + int(year), int(month), int(day) - added)
        except ValueError:
            continue
        return True
    return False


def _is_said_to_be_else(plain: str, start: int, end: int, shape: str) -> bool:
    """A word before it in the sentence says that the number is a firm's, an account's or a phone's."""
    if _PHONE_IN_PAIRS.fullmatch(shape):
        return True
    if _ABROAD.search(plain, max(0, start - 3), start) and not _WITH_HYPHEN.fullmatch(shape):
        return True
    cues = list(_CUE.finditer(plain, max(0, start - 120), start))
    if not cues or cues[-1]["person"]:
        return False
    between = plain[cues[-1].end() : start]
    if _NEW_SENTENCE.search(between):
        return False
    if _WITH_HYPHEN.fullmatch(shape):
        return _BESIDE.fullmatch(between) is not None
    return len(re.findall(r"[^\W\d]+", between)) <= 6
