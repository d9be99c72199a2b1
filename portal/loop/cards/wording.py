"""The facts of a card in words: in Danish, and as phrases that her language has too."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from flask_babel import LazyString
from flask_babel import gettext as _

from portal.base.places import find_place
from portal.base.terms import (
    DANISH_READING_LEVELS,
    DANISH_SPEAKING_LEVELS,
    Industry,
    PartOfDay,
    Shift,
    Transport,
    Weekday,
)
from portal.loop.cards.models import CompetenceCard
from portal.shared.skills.translations import PhraseKind, danish


@dataclass(frozen=True)
class LocalizedText:
    """A Danish text and the phrase it was made of, so that it can be said in another language too.

    `values` fill the phrase; those that are phrases themselves are translated first. No kind: Danish only.
    """

    danish: str
    kind: str = ""
    key: str = ""
    values: Mapping[str, "str | tuple[LocalizedText, ...]"] = field(default_factory=dict)


Text = str | LocalizedText


def speaking_said(card: CompetenceCard) -> LocalizedText:
    return _rung_said("speaking", DANISH_SPEAKING_LEVELS, card.danish_speaking)


def reading_said(card: CompetenceCard) -> LocalizedText:
    return _rung_said("reading", DANISH_READING_LEVELS, card.danish_reading)


def _rung_said(kind: str, rungs: Mapping[int, LazyString], rung: int | None) -> LocalizedText:
    return LocalizedText("") if rung is None else LocalizedText(str(rungs[rung]), kind, str(rung))


def hours_said(card: CompetenceCard) -> LocalizedText:
    """How many hours a week, in words; empty when not known."""
    low, high = _hours(card.hours_min), _hours(card.hours_max)
    if low and low == high:
        return _counted("hours_exact", hours=low)
    if low and high:
        return _counted("hours_between", low=low, high=high)
    if high:
        return _counted("hours_up_to", hours=high)
    return _counted("hours_at_least", hours=low) if low else LocalizedText("")


def _counted(key: str, **values: str) -> LocalizedText:
    """A heading that counts: 1 time, 30 timer, and as many forms as her language has."""
    text = danish(PhraseKind.HEADING, key, values).format(**values)
    return LocalizedText(text, PhraseKind.HEADING, key, values)


def _hours(hours: float | None) -> str:
    return "" if hours is None else f"{hours:g}".replace(".", ",")


def range_said(card: CompetenceCard) -> LocalizedText:
    """How far from home, in words; empty when not known."""
    place = find_place(card.postcode) if card.postcode else None
    home = f"{card.postcode} {place.town}" if place else (card.postcode or "")
    km = str(card.range_km) if card.range_km else ""
    if km and home:
        text = _("op til %(km)s km fra %(home)s", km=km, home=home)
        return LocalizedText(text, "heading", "distance_from_home", {"km": km, "home": home})
    if km:
        return LocalizedText(_("op til %(km)s km", km=km), "heading", "distance_up_to", {"km": km})
    return (
        LocalizedText(_("bor i %(home)s", home=home), "heading", "lives_in", {"home": home})
        if home
        else LocalizedText("")
    )


def shifts_said(card: CompetenceCard) -> tuple[LocalizedText, ...]:
    """Which hours outside the ordinary day suit her, and which do not; what was not asked stays unsaid."""
    yes = tuple(_shift_said(shift) for shift in Shift if shift.value in card.shifts_yes)
    no = tuple(_shift_said(shift) for shift in Shift if shift.value in card.shifts_no)
    lines = []
    if yes:
        lines.append(
            LocalizedText(_("kan: %(shifts)s", shifts=_listed(yes)), "heading", "can_work", {"shifts": yes})
        )
    if no:
        lines.append(
            LocalizedText(
                _("kan ikke: %(shifts)s", shifts=_listed(no)), "heading", "cannot_work", {"shifts": no}
            )
        )
    return tuple(lines)


def shifts_text(card: CompetenceCard) -> str:
    return " · ".join(line.danish for line in shifts_said(card))


def _shift_said(shift: Shift) -> LocalizedText:
    return LocalizedText(str(shift.label).lower(), "shift", shift.value)


def transport_said(card: CompetenceCard) -> tuple[LocalizedText, ...]:
    return tuple(
        LocalizedText(str(way.label).lower(), "transport", way.value)
        for way in Transport
        if way.value in card.transport
    )


def _listed(texts: Iterable[LocalizedText]) -> str:
    return ", ".join(text.danish for text in texts)


def danish_course_text(card: CompetenceCard) -> str:
    """Course, module and exam in one line: "Danskuddannelse 2, modul 4 · Prøve i Dansk 1 (ca. A2)"."""
    course = str(card.danish_course.label) if card.danish_course else ""
    if course and card.danish_module:
        course = _("%(course)s, modul %(module)s", course=course, module=card.danish_module)
    return " · ".join(filter(None, (course, str(card.danish_exam.label) if card.danish_exam else "")))


def wishes_text(card: CompetenceCard) -> str:
    return ", ".join(str(industry.label) for industry in Industry if industry.value in card.wishes)


def week_text(week: Mapping[str, list[str]]) -> str:
    """ "Mandag–fredag: kl. 7–17, efter kl. 17; Lørdag: ..."; empty when nobody has asked."""
    runs = []
    for parts, days in groupby(Weekday, key=lambda day: _parts_text(week.get(day.value, []))):
        first, *others = days
        if parts:
            until = f"–{str(others[-1].label).lower()}" if others else ""
            runs.append(f"{first.label}{until}: {parts}")
    return "; ".join(runs)


def _parts_text(parts: Sequence[str]) -> str:
    return ", ".join(str(part.label).lower() for part in PartOfDay if part.value in parts)
