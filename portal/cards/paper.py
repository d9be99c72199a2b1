"""The competence card on paper: values in, one tagged A4 PDF out. Knows neither HTTP nor the database.

On purpose there is no field for CPR number, nationality, religion, health, family, benefit or residence.
Source: docs/adr/005-card-on-paper.md
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from portal.paper.typesetting import (
    breakable_url,
    clean,
    long_date,
    qr_svg,
    short_date,
    typeset,
    ymd,
)

_HIGHEST_LEVEL = 4


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
    return typeset("card", _as_data(card), on=card.printed_on)


def _as_data(card: CardOnPaper) -> dict[str, Any]:
    number_line = _("Kort nr. %(number)s", number=clean(card.number))
    return {
        "title": _title(card),
        "number_line": number_line,
        "facts": (
            number_line,
            _("Udskrevet %(date)s", date=long_date(card.printed_on)),
            _("Gælder til %(date)s", date=long_date(card.valid_until)),
        ),
        "printed_ymd": ymd(card.printed_on),
        "unit_name": clean(card.unit_name),
        "footer": _footer(card),
        "url": card.url,
        "url_text": breakable_url(card.url),
        "qr": qr_svg(card.url),
        "goal": clean(card.goal),
        "next_step": clean(card.next_step),
        "groups": [_group(group) for group in card.groups if group.skills],
        "languages": [_language(line) for line in card.languages],
        "availability": _availability(card),
        "certificates": [_certificate(line) for line in card.certificates],
        "places": [_place(line) for line in card.places_tried],
        "ladder": _ladder(),
        "words": _words(),
    }


def _title(card: CardOnPaper) -> str:
    name = clean(card.first_name)
    return _("Kompetencekort for %(name)s", name=name) if name else _("Kompetencekort")


def _footer(card: CardOnPaper) -> str:
    contact = ", ".join(filter(None, (clean(card.unit_name), _phone(card.unit_phone))))
    return " · ".join(
        filter(None, (contact, _("Kortet viser, hvad jeg kan i praksis, og hvem der har set det.")))
    )


def _phone(phone: str) -> str:
    return _("tlf. %(phone)s", phone=clean(phone)) if phone.strip() else ""


def _group(group: SkillGroupOnPaper) -> dict[str, Any]:
    return {"label": clean(group.label), "skills": [_skill(line) for line in group.skills]}


def _skill(line: SkillOnPaper) -> dict[str, Any]:
    return {
        "phrase": clean(line.phrase),
        "own_words": clean(line.own_words),
        "level": line.level,
        "level_label": clean(line.level_label),
        "seen_by": clean(line.seen_by),
        "seen_on": short_date(line.seen_on) if line.seen_on else "",
    }


def _language(line: LanguageOnPaper) -> dict[str, str]:
    speaking, reading = clean(line.speaking), clean(line.reading)
    levels = (
        _("taler: %(level)s", level=speaking) if speaking else "",
        _("læser: %(level)s", level=reading) if reading else "",
    )
    return {"language": clean(line.language), "levels": " · ".join(filter(None, levels))}


def _availability(card: CardOnPaper) -> list[dict[str, str]]:
    lines = (
        (_("Timer"), clean(card.hours)),
        (_("Tidspunkter"), clean(card.shifts)),
        (_("Afstand"), clean(card.travel_range)),
    )
    return [{"label": label, "value": value} for label, value in lines if value]


def _certificate(line: CertificateOnPaper) -> str:
    if line.valid_until is None:
        return clean(line.name)
    return _("%(name)s (gælder til %(date)s)", name=clean(line.name), date=short_date(line.valid_until))


def _place(line: TriedPlaceOnPaper) -> dict[str, str]:
    what = ", ".join(filter(None, (clean(line.place), clean(line.form))))
    when = clean(line.when)
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
