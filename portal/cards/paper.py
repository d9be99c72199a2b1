"""The competence card on paper: values in, one tagged A4 PDF out. Knows neither HTTP nor the database.

In Danish, or in Danish and a second language side by side: Danish at the left edge, the other at the right.
On purpose there is no field for CPR number, nationality, religion, health, family, benefit or residence.
Source: docs/adr/005-card-on-paper.md
"""

import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Protocol

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
from portal.terms import PartOfDay, Weekday

_HIGHEST_LEVEL = 4


class Translation(Protocol):
    """A phrase in the second language; `reviewed_by` is empty while nobody who speaks it has read it."""

    @property
    def text(self) -> str: ...
    @property
    def reviewed_by(self) -> str: ...


@dataclass(frozen=True)
class SecondLanguage:
    """The language beside Danish. `translate(kind, key)` gives None for what has no translation."""

    code: str
    direction: str
    translate: Callable[[str, str], Translation | None]
    only_reviewed: bool = False
    """Leaves out what nobody has reviewed instead of marking it."""


@dataclass(frozen=True)
class SkillOnPaper:
    """One line of the card: what the citizen can, how well (0-4), and who saw it.

    `key` is the vocabulary's phrase, under which the translation is found; own words have none.
    """

    phrase: str
    level: int
    level_label: str
    own_words: str = ""
    seen_by: str = ""
    seen_on: date | None = None
    key: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.level <= _HIGHEST_LEVEL:
            raise ValueError(f"level must be 0-{_HIGHEST_LEVEL}, got {self.level}")


@dataclass(frozen=True)
class SkillGroupOnPaper:
    label: str
    skills: tuple[SkillOnPaper, ...]
    key: str = ""


@dataclass(frozen=True)
class LanguageOnPaper:
    language: str
    speaking: str = ""
    reading: str = ""
    course: str = ""
    """Course and exam, or for another language how well it is spoken."""


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
    week: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Value of terms.Weekday -> values of terms.PartOfDay; empty: not known."""
    places_tried: tuple[TriedPlaceOnPaper, ...] = ()
    words_of_the_trade: tuple[str, ...] = ()
    """Danish words for the back page; only printed with a second language."""


def render_card(card: CardOnPaper, second: SecondLanguage | None = None) -> bytes:
    """The card as PDF/UA-1: one page when it can be read there, more when it is long.

    The same card gives the same bytes. Letters our typefaces lack are left out and marked.
    """
    return render_cards([card], second)


def render_cards(cards: Sequence[CardOnPaper], second: SecondLanguage | None = None) -> bytes:
    """Several cards in one file, each from a page 1 of its own. Raises ValueError without cards."""
    if not cards:
        raise ValueError("no cards to print")
    printed = [card_data(card, second) for card in cards]
    title = (
        printed[0]["title"] if len(cards) == 1 else _("Kompetencekort, %(number)s i alt", number=len(cards))
    )
    data = {"title": title, "author": printed[0]["unit_name"], "cards": printed}
    return typeset("cards", data | {"printed_ymd": ymd(cards[0].printed_on)}, on=cards[0].printed_on)


def card_data(card: CardOnPaper, second: SecondLanguage | None = None) -> dict[str, Any]:
    """What `documents/card.typ` sets: plain values, for a document that holds cards among other things."""
    return _Printer(second).card(card)


Both = dict[str, Any]
"""One text in both languages: da, other (empty: none), mark (True: nobody has reviewed it)."""

_WITH_THEIR_OWN_LETTERS: Final = {
    "ARABIC": ("ar", "rtl"),
    "ETHIOPIC": ("ti", "ltr"),
    "CYRILLIC": ("uk", "ltr"),
}
"""Script -> the language a text in it is taken for when the card has no second language, and its direction."""


@dataclass
class _Printer:
    """Turns one card into data and remembers whether anything on it was not reviewed."""

    second: SecondLanguage | None
    unreviewed: bool = field(default=False)

    def both(self, danish: str, kind: str, key: str) -> Both:
        found = self.second.translate(kind, key) if self.second and key else None
        if found is None or (not found.reviewed_by and self.second and self.second.only_reviewed):
            return {"da": danish, "other": "", "mark": False}
        self.unreviewed |= not found.reviewed_by
        return {"da": danish, "other": clean(found.text), "mark": not found.reviewed_by}

    def card(self, card: CardOnPaper) -> dict[str, Any]:
        number_line = _("Kort nr. %(number)s", number=clean(card.number))
        data = {
            "title": _title(card),
            "title_other": self.both("", "heading", "title"),
            "number_line": number_line,
            "facts": (
                number_line,
                _("Udskrevet %(date)s", date=long_date(card.printed_on)),
                _("Gælder til %(date)s", date=long_date(card.valid_until)),
            ),
            "facts_other": [
                {**self.both("", "heading", "printed"), "value": short_date(card.printed_on)},
                {**self.both("", "heading", "valid_until"), "value": short_date(card.valid_until)},
            ],
            "unit_name": clean(card.unit_name),
            "footer": _footer(card),
            "url": card.url,
            "url_text": breakable_url(card.url),
            "qr": qr_svg(card.url),
            "goal": self._own_words(card.goal),
            "next_step": self._own_words(card.next_step),
            "groups": [self._group(group) for group in card.groups if group.skills],
            "languages": [_language(line) for line in card.languages],
            "availability": self._availability(card),
            "week": self._week(card.week),
            "certificates": [_certificate(line) for line in card.certificates],
            "places": [_place(line) for line in card.places_tried],
            "ladder": [self.both(label, "level", str(level)) for level, label in enumerate(_ladder())],
            "words_of_the_trade": [self.both(clean(word), "word", word) for word in card.words_of_the_trade],
            "words": {key: self.both(danish, "heading", key) for key, danish in _words().items()},
            "signers": [self.both(danish, "heading", key) for key, danish in _signers()],
            "second": {"lang": self.second.code, "dir": self.second.direction} if self.second else None,
        }
        return {**data, "unreviewed": self.unreviewed}

    def _own_words(self, text: str) -> dict[str, Any]:
        """What somebody wrote, in the language it is written in: never translated, and marked when not Danish."""
        language, direction = self._language_of(text)
        note = "" if language == "da" else _("på borgerens eget sprog")
        return {"text": clean(text), "lang": language, "dir": direction, "note": note}

    def _language_of(self, text: str) -> tuple[str, str]:
        """Known by its letters; a text in Latin ones is taken for Danish."""
        scripts = Counter(unicodedata.name(sign, "").split(" ")[0] for sign in text if sign.isalpha())
        script = scripts.most_common(1)[0][0] if scripts else ""
        language, direction = _WITH_THEIR_OWN_LETTERS.get(script, ("da", "ltr"))
        if self.second and language != "da" and self.second.direction == direction:
            return self.second.code, direction
        return language, direction

    def _group(self, group: SkillGroupOnPaper) -> dict[str, Any]:
        return {
            "label": self.both(clean(group.label), "heading", group.key),
            "skills": [self._skill(line) for line in group.skills],
        }

    def _skill(self, line: SkillOnPaper) -> dict[str, Any]:
        return {
            "phrase": self.both(clean(line.phrase), "skill", line.key),
            "own_words": self._own_words(line.own_words),
            "level": line.level,
            "level_label": clean(line.level_label),
            "seen_by": clean(line.seen_by),
            "seen_on": short_date(line.seen_on) if line.seen_on else "",
        }

    def _week(self, week: Mapping[str, tuple[str, ...]]) -> dict[str, Any] | None:
        """Days as columns, parts of the day as rows, True where she can work."""
        if not week:
            return None
        return {
            "days": [self.both(str(day.label)[:3].lower(), "weekday", day.value) for day in Weekday],
            "parts": [
                {
                    "label": self.both(str(part.label), "part_of_day", part.value),
                    "can": [part.value in week.get(day.value, ()) for day in Weekday],
                }
                for part in PartOfDay
            ],
        }

    def _availability(self, card: CardOnPaper) -> list[dict[str, Any]]:
        lines = (
            ("hours", _("Timer"), clean(card.hours)),
            ("shifts", _("Tidspunkter"), clean(card.shifts)),
            ("range", _("Afstand"), clean(card.travel_range)),
        )
        return [
            {"label": self.both(label, "heading", key), "value": value}
            for key, label, value in lines
            if value
        ]


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


def _language(line: LanguageOnPaper) -> dict[str, str]:
    speaking, reading = clean(line.speaking), clean(line.reading)
    levels = (
        _("taler: %(level)s", level=speaking) if speaking else "",
        _("læser: %(level)s", level=reading) if reading else "",
        clean(line.course),
    )
    return {"language": clean(line.language), "levels": " · ".join(filter(None, levels))}


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


def _signers() -> list[tuple[str, str]]:
    return [("citizen", _("Borger")), ("employer", _("Virksomhed")), ("consultant", _("Konsulent"))]


def _words() -> dict[str, str]:
    """Heading by key; the same key finds its translation."""
    return {
        "goal": _("Mit mål"),
        "next_step": _("Mit næste skridt"),
        "skills": _("Det kan jeg"),
        "no_skills": _("Der er endnu ingen opgaver på kortet. Skriv dem her, når I taler sammen."),
        "ladder": _("Niveauer:"),
        "skill": _("Opgave og mine egne ord"),
        "skill_short": _("Opgave"),
        "level": _("Niveau"),
        "seen": _("Set af"),
        "seen_on": _("Dato"),
        "languages": _("Sprog"),
        "availability": _("Hvornår og hvor"),
        "certificates": _("Beviser"),
        "places": _("Her har jeg prøvet at arbejde"),
        "signatures": _("Vi har talt om kortet"),
        "date_and_name": _("dato og underskrift"),
        "qr_alt": _("QR-kode, der åbner kortet i portalen"),
        "unreviewed": _("Oversættelsen er ikke gennemset af en, der taler sproget."),
        "danish_word": _("På dansk"),
        "week": _("Ugen"),
        "yes": _("ja"),
        "trade_words": _("Ord på arbejdspladsen"),
        "page": _("Side"),
        "of": _("af"),
    }
