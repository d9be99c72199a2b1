"""The competence card on paper: values in, one tagged A4 PDF out. Knows neither HTTP nor the database.

On purpose there is no field for CPR number, nationality, religion, health, family, benefit or residence.
Source: docs/adr/005-card-on-paper.md
"""

import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

import segno
import typst
from babel.dates import format_date
from flask_babel import gettext as _

_ROOM = Path(__file__).parent
_FONTS = _ROOM / "fonts"
_TEMPLATE = _ROOM / "typst" / "card.typ"
_HIGHEST_LEVEL = 4

_BREAK_HERE = "\u200b"  # zero-width space: lets a line break where a word has no natural place
_LONGEST_UNBROKEN_WORD = 20
_MISSING = "[…]"
_MISSING_SIGN = "\ue000"  # private use: no citizen writes it, and our typeface lacks it
_CPR_LIKE = re.compile(r"(?<!\d)(0[1-9]|[12]\d|3[01])(0[1-9]|1[0-2])\d\d[ -]?\d{4}(?!\d)")


@dataclass(frozen=True)
class SkillOnPaper:
    """One line of the card: what the citizen can, how well (0-4), and who saw it."""

    phrase: str
    level: int
    level_label: str
    own_words: str = ""
    seen_by: str = ""
    seen_on: date | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.level <= _HIGHEST_LEVEL:
            raise ValueError(f"level must be 0-{_HIGHEST_LEVEL}, got {self.level}")


@dataclass(frozen=True)
class SkillGroupOnPaper:
    label: str
    skills: tuple[SkillOnPaper, ...]


@dataclass(frozen=True)
class LanguageOnPaper:
    language: str
    speaking: str = ""
    reading: str = ""


@dataclass(frozen=True)
class CertificateOnPaper:
    name: str
    valid_until: date | None = None


@dataclass(frozen=True)
class TriedPlaceOnPaper:
    place: str
    when: str = ""
    form: str = ""


@dataclass(frozen=True)
class CardOnPaper:
    """Everything the printed card shows; empty texts and empty groups simply do not appear."""

    first_name: str
    number: str
    printed_on: date
    valid_until: date
    url: str
    unit_name: str
    unit_phone: str = ""
    goal: str = ""
    next_step: str = ""
    groups: tuple[SkillGroupOnPaper, ...] = ()
    languages: tuple[LanguageOnPaper, ...] = ()
    certificates: tuple[CertificateOnPaper, ...] = ()
    hours: str = ""
    shifts: str = ""
    travel_range: str = ""
    places_tried: tuple[TriedPlaceOnPaper, ...] = ()


def render_card(card: CardOnPaper) -> bytes:
    """The card as PDF/UA-1: one page when it can be read there, more when it is long.

    The same card gives the same bytes. Letters our typeface lacks are left out and marked.
    """
    printed_at = datetime(card.printed_on.year, card.printed_on.month, card.printed_on.day, tzinfo=UTC)
    pdf = _compiler().compile(
        format="pdf",
        sys_inputs={"card": json.dumps(_as_data(card))},
        pdf_standards="ua-1",
        timestamp=printed_at,
    )
    if not isinstance(pdf, bytes):
        raise TypeError("the PDF of a card is one file")
    return pdf


def _compiler() -> typst.Compiler:
    """A new one for every card, because a compiler keeps the last card's data."""
    return typst.Compiler(input=_TEMPLATE, root=_TEMPLATE.parent, font_paths=_fonts())


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """Ours alone: a card must look the same on every machine."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[_FONTS])


def _as_data(card: CardOnPaper) -> dict[str, Any]:
    number_line = _("Kort nr. %(number)s", number=_clean(card.number))
    return {
        "title": _title(card),
        "number_line": number_line,
        "facts": (
            number_line,
            _("Udskrevet %(date)s", date=_long_date(card.printed_on)),
            _("Gælder til %(date)s", date=_long_date(card.valid_until)),
        ),
        "printed_ymd": {
            "year": card.printed_on.year,
            "month": card.printed_on.month,
            "day": card.printed_on.day,
        },
        "unit_name": _clean(card.unit_name),
        "footer": _footer(card),
        "url": card.url,
        "url_text": _breakable_url(card.url),
        "qr": _qr_svg(card.url),
        "goal": _clean(card.goal),
        "next_step": _clean(card.next_step),
        "groups": [_group(group) for group in card.groups if group.skills],
        "languages": [_language(line) for line in card.languages],
        "availability": _availability(card),
        "certificates": [_certificate(line) for line in card.certificates],
        "places": [_place(line) for line in card.places_tried],
        "ladder": _ladder(),
        "words": _words(),
    }


def _title(card: CardOnPaper) -> str:
    name = _clean(card.first_name)
    return _("Kompetencekort for %(name)s", name=name) if name else _("Kompetencekort")


def _footer(card: CardOnPaper) -> str:
    contact = ", ".join(filter(None, (_clean(card.unit_name), _phone(card.unit_phone))))
    return " · ".join(
        filter(None, (contact, _("Kortet viser, hvad jeg kan i praksis, og hvem der har set det.")))
    )


def _phone(phone: str) -> str:
    return _("tlf. %(phone)s", phone=_clean(phone)) if phone.strip() else ""


def _group(group: SkillGroupOnPaper) -> dict[str, Any]:
    return {"label": _clean(group.label), "skills": [_skill(line) for line in group.skills]}


def _skill(line: SkillOnPaper) -> dict[str, Any]:
    return {
        "phrase": _clean(line.phrase),
        "own_words": _clean(line.own_words),
        "level": line.level,
        "level_label": _clean(line.level_label),
        "seen_by": _clean(line.seen_by),
        "seen_on": _short_date(line.seen_on) if line.seen_on else "",
    }


def _language(line: LanguageOnPaper) -> dict[str, str]:
    speaking, reading = _clean(line.speaking), _clean(line.reading)
    levels = (
        _("taler: %(level)s", level=speaking) if speaking else "",
        _("læser: %(level)s", level=reading) if reading else "",
    )
    return {"language": _clean(line.language), "levels": " · ".join(filter(None, levels))}


def _availability(card: CardOnPaper) -> list[dict[str, str]]:
    lines = (
        (_("Timer"), _clean(card.hours)),
        (_("Tidspunkter"), _clean(card.shifts)),
        (_("Afstand"), _clean(card.travel_range)),
    )
    return [{"label": label, "value": value} for label, value in lines if value]


def _certificate(line: CertificateOnPaper) -> str:
    if line.valid_until is None:
        return _clean(line.name)
    return _("%(name)s (gælder til %(date)s)", name=_clean(line.name), date=_short_date(line.valid_until))


def _place(line: TriedPlaceOnPaper) -> dict[str, str]:
    what = ", ".join(filter(None, (_clean(line.place), _clean(line.form))))
    when = _clean(line.when)
    return {"what": what + ("," if when else ""), "when": when}


def _ladder() -> list[str]:
    return [
        _("ikke afprøvet"),
        _("med hjælp"),
        _("efter instruktion"),
        _("selvstændigt"),
        _("kan vise andre"),
    ]


def _words() -> dict[str, Any]:
    return {
        "goal": _("Mit mål"),
        "next_step": _("Mit næste skridt"),
        "skills": _("Det kan jeg"),
        "no_skills": _("Der er endnu ingen opgaver på kortet. Skriv dem her, når I taler sammen."),
        "ladder": _("Niveauer:"),
        "skill": _("Opgave og mine egne ord"),
        "level": _("Niveau"),
        "seen": _("Set af"),
        "seen_on": _("Dato"),
        "languages": _("Sprog"),
        "availability": _("Hvornår og hvor"),
        "certificates": _("Beviser"),
        "places": _("Her har jeg prøvet at arbejde"),
        "signatures": _("Vi har talt om kortet"),
        "signers": [_("Borger"), _("Virksomhed"), _("Konsulent")],
        "date_and_name": _("dato og underskrift"),
        "qr_alt": _("QR-kode, der åbner kortet i portalen"),
        "page": _("Side"),
        "of": _("af"),
    }


def _long_date(day: date) -> str:
    return format_date(day, "d. MMMM y", locale="da")


def _short_date(day: date) -> str:
    return format_date(day, "dd.MM.y", locale="da")


def _qr_svg(url: str) -> str:
    """Quartile error correction: a folded or stained card can still be scanned."""
    image = BytesIO()
    segno.make(url, error="q", micro=False).save(image, kind="svg", border=2, dark="#000", light="#fff")
    return image.getvalue().decode()


def _breakable_url(url: str) -> str:
    return re.sub(r"(?<=[/?&=._-])(?=\w)", _BREAK_HERE, url)


def _clean(text: str) -> str:
    """One line of printable text without CPR-like numbers, in which every line can break."""
    known = _printable(" ".join(unicodedata.normalize("NFC", text).split()))
    safe = _CPR_LIKE.sub(_MISSING, known)
    return " ".join(_breakable(word) for word in safe.split())


def _printable(text: str) -> str:
    """Drops signs we lack (emoji, control characters); a lacking letter leaves a mark, so that nobody
    reads half a sentence as the whole."""
    coverage = _coverage()
    kept = "".join(sign if ord(sign) in coverage else _substitute(sign) for sign in text)
    return re.sub(rf"{_MISSING_SIGN}(\s*{_MISSING_SIGN})*", _MISSING, kept)


def _substitute(sign: str) -> str:
    return _MISSING_SIGN if unicodedata.category(sign).startswith(("L", "N")) else ""


def _breakable(word: str) -> str:
    if len(word) <= _LONGEST_UNBROKEN_WORD:
        return word
    parts: Iterable[str] = (
        word[i : i + _LONGEST_UNBROKEN_WORD] for i in range(0, len(word), _LONGEST_UNBROKEN_WORD)
    )
    return _BREAK_HERE.join(parts)


@lru_cache(maxsize=1)
def _coverage() -> frozenset[int]:
    """The code points our typeface can print, as tools/make_card_fonts.py wrote them down."""
    ranges = (line.split("-") for line in (_FONTS / "coverage.txt").read_text(encoding="ascii").split())
    return frozenset(point for first, last in ranges for point in range(int(first, 16), int(last, 16) + 1))
