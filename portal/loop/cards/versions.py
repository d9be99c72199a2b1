"""The card as it was: what one version holds, and what changed from one to the next."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, Final

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.base.terms import (
    DANISH_READING_LEVELS,
    DANISH_SPEAKING_LEVELS,
    SKILL_LEVELS,
    DanishCourse,
    DanishExam,
    Industry,
    LanguageLevel,
    PartOfDay,
    Shift,
    SkillSource,
    Transport,
    Weekday,
)
from portal.loop.cards.models import CompetenceCard, Setting
from portal.web.presentation import da_date

Content = Mapping[str, Any]

_FIELDS: Final = (
    "goal", "next_step", "wishes", "danish_speaking", "danish_reading", "danish_course", "danish_module",
    "danish_exam", "hours_min", "hours_max", "week", "shifts_yes", "shifts_no", "postcode", "range_km",
    "transport", "is_active",
)  # fmt: skip
_LABELS: Final[dict[str, LazyString]] = {
    "goal": _l("Mit mål"),
    "next_step": _l("Næste skridt"),
    "wishes": _l("Ønsker arbejde i"),
    "danish_speaking": _l("Taler dansk"),
    "danish_reading": _l("Læser dansk"),
    "danish_course": _l("Danskuddannelse"),
    "danish_module": _l("Modul"),
    "danish_exam": _l("Bestået prøve"),
    "hours_min": _l("Mindst timer om ugen"),
    "hours_max": _l("Højst timer om ugen"),
    "week": _l("Ugen"),
    "shifts_yes": _l("Kan arbejde"),
    "shifts_no": _l("Kan ikke arbejde"),
    "postcode": _l("Bor i postnummer"),
    "range_km": _l("Kan rejse højst (km)"),
    "transport": _l("Kommer på arbejde"),
    "is_active": _l("Tager del i matchningen"),
}
_WORDS: Final[dict[str, Mapping[Any, Any]]] = {
    "wishes": {one.value: one.label for one in Industry},
    "danish_speaking": DANISH_SPEAKING_LEVELS,
    "danish_reading": DANISH_READING_LEVELS,
    "danish_course": {one.value: one.label for one in DanishCourse},
    "danish_exam": {one.value: one.label for one in DanishExam},
    "shifts_yes": {one.value: one.label for one in Shift},
    "shifts_no": {one.value: one.label for one in Shift},
    "transport": {one.value: one.label for one in Transport},
    "is_active": {True: _l("ja"), False: _l("nej, holder pause")},
}


@dataclass(frozen=True)
class Change:
    """One thing that differs between two versions, in words; an empty side was not there."""

    what: str
    before: str
    after: str


def snapshot(card: CompetenceCard) -> dict[str, Any]:
    """Everything on the card as plain values that survive JSON."""
    return {
        **{name: getattr(card, name) for name in _FIELDS},
        "evidence": {
            str(line.id): {
                "name": line.skill.name if line.skill else line.text,
                "text": line.text,
                "level": line.level,
                "source": line.source.value,
                "seen_on": line.seen_on.isoformat(),
                "seen_at": line.seen_at,
                "setting": line.setting,
            }
            for line in card.evidence
        },
        "certificates": {
            str(line.id): {
                "text": line.text,
                "valid_until": line.valid_until.isoformat() if line.valid_until else None,
            }
            for line in card.certificates
        },
        "languages": {line.name: {"level": line.level.value, "shown": line.shown} for line in card.languages},
    }


def changes(before: Content, after: Content) -> list[Change]:
    """What differs, in the order of the card."""
    return [
        *_field_changes(before, after),
        *_line_changes(before, after, "languages", language_text),
        *_line_changes(before, after, "evidence", evidence_text),
        *_line_changes(before, after, "certificates", certificate_text),
    ]


def _field_changes(before: Content, after: Content) -> Iterator[Change]:
    for name in _FIELDS:
        old, new = before.get(name), after.get(name)
        if (old or None) != (new or None) or (old is False) != (new is False):
            yield Change(str(_LABELS[name]), field_text(name, old), field_text(name, new))


def _line_changes(before: Content, after: Content, kind: str, say: Any) -> Iterator[Change]:
    old, new = before.get(kind, {}), after.get(kind, {})
    for key in [*old, *(key for key in new if key not in old)]:
        if old.get(key) != new.get(key):
            was, now = old.get(key), new.get(key)
            title, said_before = say(key, was) if was else ("", "")
            title, said_now = say(key, now) if now else (title, "")
            yield Change(title, said_before, said_now)


@dataclass(frozen=True)
class AsItWas:
    """A whole version in words: pairs of a label or name and what was said."""

    facts: list[tuple[str, str]]
    skills: list[tuple[str, str]]
    certificates: list[tuple[str, str]]
    languages: list[tuple[str, str]]


def as_it_was(content: Content) -> AsItWas:
    return AsItWas(
        [(str(_LABELS[name]), field_text(name, content.get(name))) for name in _FIELDS],
        sorted(evidence_text(key, line) for key, line in content["evidence"].items()),
        [certificate_text(key, line) for key, line in content["certificates"].items()],
        [language_text(key, line) for key, line in content["languages"].items()],
    )


def field_text(name: str, value: Any) -> str:
    """One field in words."""
    words = _WORDS.get(name, {})
    if name == "week":
        return week_text(value or {})
    if isinstance(value, list):
        return ", ".join(str(words.get(one, one)) for one in value)
    if value is None or value == "":
        return ""
    if isinstance(value, float):
        return f"{value:g}".replace(".", ",")
    return str(words.get(value, value))


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


def evidence_text(_key: str, line: Content) -> tuple[str, str]:
    """The skill and what was said of it."""
    who = line["seen_at"] or str(SkillSource(line["source"]).label)
    if line["setting"]:
        who = f"{who}, {str(Setting(line['setting']).label).lower()}"
    said = _(
        "%(level)s (%(who)s, %(day)s)",
        level=SKILL_LEVELS[line["level"]],
        who=who,
        day=da_date(date.fromisoformat(line["seen_on"])),
    )
    own = "" if line["text"].lower() == line["name"].lower() else f" “{line['text']}”"
    return line["name"] + own, said


def certificate_text(_key: str, line: Content) -> tuple[str, str]:
    until = line["valid_until"]
    if until is None:
        return line["text"], _("gælder altid")
    return line["text"], _("gælder til %(date)s", date=da_date(date.fromisoformat(until)))


def language_text(name: str, line: Content) -> tuple[str, str]:
    level = str(LanguageLevel(line["level"]).label)
    return name, _("%(level)s, vises på kortet", level=level) if line["shown"] else _(
        "%(level)s, vises ikke", level=level
    )
