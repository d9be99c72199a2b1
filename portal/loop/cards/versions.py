"""The card as it was: what one version holds, and what changed from one to the next."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from portal.base.terms import SKILL_LEVELS, LanguageLevel, SkillSource
from portal.loop.cards.fields import CARD_FIELDS, CardField
from portal.loop.cards.models import CompetenceCard, Setting
from portal.loop.cards.translator import Translator
from portal.loop.cards.value_kinds import FreeText
from portal.web.presentation import da_date
from portal.web.reading import filled, spoken

Content = Mapping[str, Any]


@dataclass(frozen=True)
class FieldChange:
    """One thing that differs between two versions, in words; an empty side was not there."""

    what: str
    before: str
    after: str


def snapshot(card: CompetenceCard) -> dict[str, Any]:
    """Everything on the card as plain values that survive JSON."""
    return {
        **{name: getattr(card, name) for name in CARD_FIELDS},
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
        "wished": {str(line.id): line.name for line in card.wished_work},
    }


def changes(before: Content, after: Content) -> list[FieldChange]:
    """What differs, in the order of the card."""
    return [
        *_field_changes(before, after),
        *_line_changes(before, after, "wished", wish_text),
        *_line_changes(before, after, "languages", language_text),
        *_line_changes(before, after, "evidence", evidence_text),
        *_line_changes(before, after, "certificates", certificate_text),
    ]


def _field_changes(before: Content, after: Content) -> Iterator[FieldChange]:
    for name, field in CARD_FIELDS.items():
        old, new = before.get(name), after.get(name)
        if field.kind.differ(old, new):
            yield FieldChange(str(field.title), _in_words(field, old), _in_words(field, new))


def _in_words(field: CardField, value: Any) -> str:
    told = field.kind.in_words(value)
    return _written(told) if told and isinstance(field.kind, FreeText) else told


def _written(text: str) -> str:
    """What somebody wrote, marked as such on a page in another language."""
    return text if spoken() is None else Translator(spoken()).written(text)


def _named(name: str) -> str:
    """A task or a title by its name in the language of the page."""
    return name if spoken() is None else Translator(spoken()).named(name)


def _line_changes(before: Content, after: Content, kind: str, say: Any) -> Iterator[FieldChange]:
    old, new = before.get(kind, {}), after.get(kind, {})
    for key in [*old, *(key for key in new if key not in old)]:
        if old.get(key) != new.get(key):
            was, now = old.get(key), new.get(key)
            title, said_before = say(key, was) if was else ("", "")
            title, said_now = say(key, now) if now else (title, "")
            yield FieldChange(title, said_before, said_now)


@dataclass(frozen=True)
class AsItWas:
    """A whole version in words: pairs of a label or name and what was said."""

    facts: list[tuple[str, str]]
    skills: list[tuple[str, str]]
    certificates: list[tuple[str, str]]
    languages: list[tuple[str, str]]
    wished: list[str]


def as_it_was(content: Content) -> AsItWas:
    return AsItWas(
        [(str(field.title), _in_words(field, content.get(name))) for name, field in CARD_FIELDS.items()],
        sorted(evidence_text(key, line) for key, line in content["evidence"].items()),
        [certificate_text(key, line) for key, line in content["certificates"].items()],
        [language_text(key, line) for key, line in content["languages"].items()],
        [_named(one) for one in content.get("wished", {}).values()],
    )


def wish_text(_key: str, name: str) -> tuple[str, str]:
    return _("Vil gerne arbejde med"), _named(name)


def evidence_text(_key: str, line: Content) -> tuple[str, str]:
    """The skill and what was said of it."""
    who = _written(line["seen_at"]) if line["seen_at"] else str(SkillSource(line["source"]).label)
    if line["setting"]:
        who += f", {str(Setting(line['setting']).label).lower()}"
    said = filled(
        "%(level)s (%(who)s, %(day)s)",
        level=SKILL_LEVELS[line["level"]],
        who=who,
        day=da_date(date.fromisoformat(line["seen_on"])),
    )
    if line["text"].lower() == line["name"].lower():
        return _named(line["name"]), said
    return filled("%(name)s “%(words)s”", name=_named(line["name"]), words=_written(line["text"])), said


def certificate_text(_key: str, line: Content) -> tuple[str, str]:
    until = line["valid_until"]
    if until is None:
        return _named(line["text"]), _("gælder altid")
    return _named(line["text"]), _("gælder til %(date)s", date=da_date(date.fromisoformat(until)))


def language_text(name: str, line: Content) -> tuple[str, str]:
    level = str(LanguageLevel(line["level"]).label)
    return _written(name), _("%(level)s, vises på kortet", level=level) if line["shown"] else _(
        "%(level)s, vises ikke", level=level
    )
