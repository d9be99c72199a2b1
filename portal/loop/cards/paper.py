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

from portal.base.terms import PartOfDay, Weekday
from portal.loop.cards.fields import CARD_FIELDS
from portal.loop.cards.wording import LocalizedText, Text
from portal.web.paper.typesetting import (
    breakable_url,
    clean,
    long_date,
    qr_svg,
    short_date,
    typeset,
    ymd,
)

_HIGHEST_LEVEL = 4


class Translation(Protocol):
    """A phrase in the second language; `reviewed_by` is empty while nobody who speaks it has read it."""

    @property
    def reviewed_by(self) -> str: ...
    def form(self, values: Mapping[str, str]) -> str: ...


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
    seen_by: Text = ""
    seen_on: date | None = None
    key: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.level <= _HIGHEST_LEVEL:
            raise ValueError(f"level must be 0-{_HIGHEST_LEVEL}, got {self.level}")


@dataclass(frozen=True)
class SkillGroupOnPaper:
    label: Text
    skills: tuple[SkillOnPaper, ...]


@dataclass(frozen=True)
class LanguageOnPaper:
    language: Text
    speaking: Text = ""
    reading: Text = ""
    course: str = ""
    """Course and exam, or for another language how well it is spoken."""

    @property
    def is_known(self) -> bool:
        return any(
            text.danish if isinstance(text, LocalizedText) else text
            for text in (self.speaking, self.reading, self.course)
        )


@dataclass(frozen=True)
class CertificateOnPaper:
    name: str
    valid_until: date | None = None


@dataclass(frozen=True)
class LineOnPaper:
    """A labelled line under "Hvornår og hvor"; without values it does not appear."""

    label: LocalizedText
    values: tuple[Text, ...]


@dataclass(frozen=True)
class TriedPlaceOnPaper:
    place: str
    when: str = ""
    form: str = ""


@dataclass(frozen=True)
class StepOnPaper:
    """A step of her way towards a job, e.g. "2. De første opgaver", and where she is with it."""

    what: str
    state: LocalizedText


@dataclass(frozen=True)
class TitleOnPaper:
    """A job title that the card reaches: how many of its tasks the card has, and what is missing."""

    name: LocalizedText
    held: int
    total: int
    level_short: tuple[LocalizedText, ...] = ()
    missing: tuple[LocalizedText, ...] = ()


MOST_TITLES: Final = 6
"""On the back page, the best first; the document sets as many of them as there is room for."""


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
    availability: tuple[LineOnPaper, ...] = ()
    week: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Value of terms.Weekday -> values of terms.PartOfDay; empty: not known."""
    places_tried: tuple[TriedPlaceOnPaper, ...] = ()
    way: tuple[StepOnPaper, ...] = ()
    """The steps of her way, the first first."""
    words_of_the_trade: tuple[LocalizedText, ...] = ()
    """For the back page; only printed with a second language."""
    usable_as: tuple[TitleOnPaper, ...] = ()
    """For the back page, the best reached first."""


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
        printed[0]["title"]["da"]
        if len(cards) == 1
        else _("Kompetencekort, %(number)s i alt", number=len(cards))
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

    def both(self, text: Text) -> Both:
        """The text in both languages. The Danish is cleaned here."""
        said = text if isinstance(text, LocalizedText) else LocalizedText(text)
        found = self.second.translate(said.kind, said.key) if self.second and said.kind else None
        hidden = found is not None and not found.reviewed_by and self.second and self.second.only_reviewed
        if found is None or hidden:
            return {"da": clean(said.danish), "other": "", "mark": False}
        values = {name: self._value(value) for name, value in said.values.items()}
        self.unreviewed |= not found.reviewed_by
        other = clean(found.form(values).format(**values))
        return {"da": clean(said.danish), "other": other, "mark": not found.reviewed_by}

    def _value(self, value: "str | tuple[LocalizedText, ...]") -> str:
        if isinstance(value, str):
            return value
        return ", ".join(both["other"] or both["da"] for both in map(self.both, value))

    def card(self, card: CardOnPaper) -> dict[str, Any]:
        number = clean(card.number)
        facts = [
            LocalizedText(_("Kort nr. %(number)s", number=number), "heading", "number", {"number": number}),
            _on_day(_("Udskrevet %(date)s", date=long_date(card.printed_on)), "printed_on", card.printed_on),
            _on_day(
                _("Gælder til %(date)s", date=long_date(card.valid_until)), "valid_until", card.valid_until
            ),
        ]
        data = {
            "title": self.both(_title(card)),
            "facts": [self.both(fact) for fact in facts],
            "unit_name": clean(card.unit_name),
            "footer": _footer(card),
            "url": card.url,
            "url_text": breakable_url(card.url),
            "qr": qr_svg(card.url),
            "goal": self._own_words(card.goal),
            "next_step": self._own_words(card.next_step),
            "groups": [self._group(group) for group in card.groups if group.skills],
            "languages": [self._language(line) for line in card.languages],
            "availability": self._availability(card),
            "week": self._week(card.week),
            "certificates": [_certificate(line) for line in card.certificates],
            "places": [_place(line) for line in card.places_tried],
            "way": [{"what": clean(step.what), "state": self.both(step.state)} for step in card.way],
            "ladder": [
                self.both(LocalizedText(label, "level", str(level))) for level, label in enumerate(_ladder())
            ],
            "words_of_the_trade": [self.both(word) for word in card.words_of_the_trade],
            "usable_as": [self._title(title) for title in card.usable_as[:MOST_TITLES]],
            "words": {name: self.both(text) for name, text in _words().items()},
            "signers": [self.both(text) for text in _signers()],
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
        return {"label": self.both(group.label), "skills": [self._skill(line) for line in group.skills]}

    def _skill(self, line: SkillOnPaper) -> dict[str, Any]:
        return {
            "phrase": self.both(LocalizedText(line.phrase, "skill" if line.key else "", line.key)),
            "own_words": self._own_words(line.own_words),
            "level": line.level,
            "level_label": clean(line.level_label),
            "seen_by": self.both(line.seen_by)["da"],
            "seen_on": short_date(line.seen_on) if line.seen_on else "",
        }

    def _title(self, title: TitleOnPaper) -> dict[str, Any]:
        counted = {"done": str(title.held), "total": str(title.total)}
        return {
            "name": self.both(title.name),
            "count": self.both(
                LocalizedText(
                    _("%(done)s af %(total)s opgaver står på kortet", **counted),
                    "heading",
                    "tasks_on_card",
                    counted,
                )
            ),
            "level_short": [self.both(task) for task in title.level_short],
            "missing": [self.both(task) for task in title.missing],
        }

    def _language(self, line: LanguageOnPaper) -> dict[str, Any]:
        levels = (("speaking", _("taler"), line.speaking), ("reading", _("læser"), line.reading))
        return {
            "language": self.both(line.language),
            "levels": [
                {"label": self.both(LocalizedText(label, "heading", key)), "value": self.both(level)}
                for key, label, level in levels
                if self.both(level)["da"]
            ],
            "course": clean(line.course),
        }

    def _week(self, week: Mapping[str, tuple[str, ...]]) -> dict[str, Any] | None:
        """Days as columns, parts of the day as rows, True where she can work."""
        if not week:
            return None
        return {
            "days": [
                self.both(LocalizedText(str(day.label)[:2].lower(), "weekday_short", day.name.lower()))
                for day in Weekday
            ],
            "parts": [
                {
                    "label": self.both(LocalizedText(str(part.label), "daypart", part.value)),
                    "can": [part.value in week.get(day.value, ()) for day in Weekday],
                }
                for part in PartOfDay
            ],
        }

    def _availability(self, card: CardOnPaper) -> list[dict[str, Any]]:
        return [
            {"label": self.both(line.label), "values": values}
            for line in card.availability
            if (values := [both for text in line.values if (both := self.both(text))["da"]])
        ]


def _on_day(danish: str, key: str, day: date) -> LocalizedText:
    return LocalizedText(danish, "heading", key, {"date": short_date(day)})


def _title(card: CardOnPaper) -> LocalizedText:
    name = clean(card.first_name)
    if not name:
        return LocalizedText(_("Kompetencekort"), "heading", "card")
    return LocalizedText(_("Kompetencekort for %(name)s", name=name), "heading", "card_of", {"name": name})


def _footer(card: CardOnPaper) -> str:
    contact = ", ".join(filter(None, (clean(card.unit_name), _phone(card.unit_phone))))
    return " · ".join(
        filter(None, (contact, _("Kortet viser, hvad jeg kan i praksis, og hvem der har set det.")))
    )


def _phone(phone: str) -> str:
    return _("tlf. %(phone)s", phone=clean(phone)) if phone.strip() else ""


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


def _signers() -> list[LocalizedText]:
    return [
        LocalizedText(_("Borger"), "heading", "citizen"),
        LocalizedText(_("Virksomhed"), "heading", "employer"),
        LocalizedText(_("Konsulent"), "heading", "consultant"),
    ]


def _words() -> dict[str, LocalizedText]:
    """The headings, by the name the document knows them under."""
    star = {"mark": "*"}
    return {
        "goal": LocalizedText(str(CARD_FIELDS["goal"].title), "heading", "goal"),
        "next_step": LocalizedText(str(CARD_FIELDS["next_step"].title), "heading", "next_step"),
        "skills": LocalizedText(_("Det kan jeg"), "heading", "skills"),
        "no_skills": LocalizedText(
            _("Der er endnu ingen opgaver på kortet. Skriv dem her, når I taler sammen."), "note", "no_skills"
        ),
        "ladder": LocalizedText(_("Niveauer"), "heading", "levels"),
        "skill": LocalizedText(_("Opgave og mine egne ord"), "heading", "task_and_own_words"),
        "skill_short": LocalizedText(_("Opgave"), "heading", "task"),
        "level": LocalizedText(_("Niveau"), "heading", "level"),
        "seen": LocalizedText(_("Set af"), "heading", "seen_by"),
        "seen_on": LocalizedText(_("Dato"), "heading", "date"),
        "languages": LocalizedText(_("Sprog"), "heading", "languages"),
        "availability": LocalizedText(_("Hvornår og hvor"), "heading", "availability"),
        "week": LocalizedText(_("Dage og timer"), "heading", "days_and_hours"),
        "yes": LocalizedText(_("ja"), "page", "yes"),
        "certificates": LocalizedText(_("Beviser"), "heading", "certificates"),
        "way": LocalizedText(_("Min vej mod job"), "page", "my_way"),
        "places": LocalizedText(_("Her har jeg prøvet at arbejde"), "heading", "places_tried"),
        "signatures": LocalizedText(_("Vi har talt om kortet"), "heading", "signatures"),
        "date_and_name": LocalizedText(_("dato og underskrift"), "heading", "date_and_signature"),
        "qr_alt": LocalizedText(_("QR-kode, der åbner kortet i portalen")),
        "unreviewed": LocalizedText(
            _("* Oversættelsen er ikke gennemset. Er du i tvivl, gælder den danske tekst."),
            "note", "not_reviewed", star,
        ),
        "danish_word": LocalizedText(_("På dansk"), "heading", "in_my_language"),
        "trade_words": LocalizedText(_("30 ord fra faget"), "heading", "word_list"),
        "usable": LocalizedText(_("Her kan kortet bruges"), "heading", "where_usable"),
        "no_promise": LocalizedText(
            _(
                "Vi har holdt kortet op mod de opgaver, stillinger plejer at have. Det er ikke et løfte om et job."
            ),
            "note",
            "no_promise",
        ),
        "level_short": LocalizedText(_("Niveauet mangler lidt"), "heading", "level_short"),
        "missing": LocalizedText(_("Står ikke på kortet endnu"), "heading", "not_on_card"),
        "page": LocalizedText(_("Side")),
        "of": LocalizedText(_("af")),
    }  # fmt: skip
