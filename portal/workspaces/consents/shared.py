"""What an employer sees by a consent: of one version of the card the fields that were opened, and nothing else."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.base import events
from portal.base.clock import danish_day
from portal.base.events import PlaceWorked
from portal.base.terms import LanguageLevel, SkillSource
from portal.loop.cards.fields import CARD_FIELDS, CardField, SharedField
from portal.loop.cards.queries import latest_first
from portal.loop.cards.versions import certificate_text
from portal.shared.skills.models import Skill, SkillCategory
from portal.shared.skills.queries import skills_by_name
from portal.web.presentation import da_month
from portal.workspaces.consents.models import Consent

_GROUPS: Final = {
    SkillCategory.FAGLIG.value: _l("Opgaver på arbejde"),
    SkillCategory.UFORMEL.value: _l("Erfaring fra hjem og forening"),
    SkillCategory.PERSONLIG.value: _l("På arbejde"),
    SkillCategory.SPROGLIG.value: _l("Sprog i hverdagen"),
    SkillCategory.CERTIFIKAT.value: _l("Kurser"),
    "": _l("Andet, med egne ord"),
}


_FACTS: Final = {
    SharedField.HOURS: SharedField.HOURS.label,
    SharedField.DANISH: SharedField.DANISH.label,
    SharedField.RANGE: _l("Afstand"),
}
"""What is shown as labelled lines, under which heading."""


@dataclass(frozen=True)
class SharedSkill:
    name: str
    level: int
    seen: str = ""
    """In whose eyes and when; empty when that was not opened."""
    own_words: tuple[str, ...] = ()


@dataclass(frozen=True)
class SharedCard:
    """Everything the page shows; what was not opened is empty."""

    number: str
    first_name: str = ""
    goal: str = ""
    next_step: str = ""
    groups: list[tuple[str, list[SharedSkill]]] = field(default_factory=list)
    facts: list[tuple[str, list[tuple[str, str]]]] = field(default_factory=list)
    """Headings with labelled lines: hours, Danish, range."""
    languages: list[tuple[str, str]] = field(default_factory=list)
    certificates: list[tuple[str, str]] = field(default_factory=list)
    places: list[str] = field(default_factory=list)


def shared_card(consent: Consent, *, today: date) -> SharedCard:
    opened, content = set(consent.opens), consent.version.content
    names = (line["name"] for line in content["evidence"].values())
    open_to = OpenedCard(opened, content, skills_by_name(names))
    as_it_was_on = danish_day(consent.version.at)
    return SharedCard(
        number=consent.card.number,
        first_name=consent.card.citizen.first_name if SharedField.FIRST_NAME in opened else "",
        goal=open_to.words(CARD_FIELDS["goal"]),
        next_step=open_to.words(CARD_FIELDS["next_step"]),
        groups=open_to.groups(),
        facts=open_to.facts(),
        languages=open_to.languages(),
        certificates=open_to.certificates(today),
        places=open_to.places(events.places_worked(consent.card_id, by=as_it_was_on)),
    )


@dataclass(frozen=True)
class OpenedCard:
    opened: set[SharedField]
    content: Mapping[str, Any]
    skills: Mapping[str, Skill]
    """The vocabulary's skills by name; what is not among them, somebody wrote freely."""

    def words(self, field: CardField) -> str:
        """What the version says; empty when she has not opened it. A field that came later, it does not have."""
        if field.opened_by not in self.opened:
            return ""
        return field.kind.shared(self.content.get(field.column))

    def groups(self) -> list[tuple[str, list[SharedSkill]]]:
        if SharedField.SKILLS not in self.opened:
            return []
        by_name: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
        for line in self.content["evidence"].values():
            if self._may_name(line):
                skill = self.skills.get(line["name"])
                by_name[skill.category if skill else "", line["name"]].append(line)
        found = []
        for category, label in _GROUPS.items():
            skills = [self._skill(name, lines) for (of, name), lines in by_name.items() if of == category]
            held = sorted((one for one in skills if one.level > 0), key=lambda one: (-one.level, one.name))
            if held:
                found.append((str(label), held))
        return found

    def _may_name(self, line: Mapping[str, Any]) -> bool:
        """What was written freely only with her own words; a language besides Danish only with the languages,
        because it hints at origin."""
        skill = self.skills.get(line["name"])
        if skill is None:
            return SharedField.OWN_WORDS in self.opened
        return not skill.is_other_language or SharedField.LANGUAGES in self.opened

    def _skill(self, name: str, lines: list[Mapping[str, Any]]) -> SharedSkill:
        best = max(
            lines, key=lambda line: (line["level"], SkillSource(line["source"]).trust, line["seen_on"])
        )
        own = dict.fromkeys(line["text"] for line in lines if line["text"].lower() != name.lower())
        return SharedSkill(
            name=name[:1].upper() + name[1:],
            level=best["level"],
            seen=self._seen(best) if SharedField.EVIDENCE in self.opened else "",
            own_words=tuple(own) if SharedField.OWN_WORDS in self.opened else (),
        )

    def _seen(self, line: Mapping[str, Any]) -> str:
        """The month is enough, and the workplace's name only where she opened the places."""
        month = da_month(date.fromisoformat(line["seen_on"]))
        who = SkillSource(line["source"]).label
        if line["seen_at"] and SharedField.PLACES in self.opened:
            who = line["seen_at"]
        return _("%(who)s, %(month)s", who=who, month=month)

    def facts(self) -> list[tuple[str, list[tuple[str, str]]]]:
        found = []
        for opened_by, title in _FACTS.items():
            if opened_by in self.opened:
                fields = [field for field in CARD_FIELDS.values() if field.opened_by is opened_by]
                rows = [(str(field.short_title), self.words(field)) for field in fields]
                found.append((str(title), [row for row in rows if row[1]]))
        return found

    def languages(self) -> list[tuple[str, str]]:
        """Never more than the card itself shows to others."""
        if SharedField.LANGUAGES not in self.opened:
            return []
        shown = {name: line for name, line in self.content["languages"].items() if line["shown"]}
        return [(name, str(LanguageLevel(line["level"]).label)) for name, line in shown.items()]

    def certificates(self, today: date) -> list[tuple[str, str]]:
        if SharedField.CERTIFICATES not in self.opened:
            return []
        lines = self.content["certificates"].items()
        valid = [
            (key, line)
            for key, line in lines
            if line["valid_until"] is None or date.fromisoformat(line["valid_until"]) >= today
        ]
        return [certificate_text(key, line) for key, line in valid]

    def places(self, worked: Iterable[PlaceWorked]) -> list[str]:
        """Where she has worked, the latest first: by her placements, and where the version says she was seen."""
        if SharedField.PLACES not in self.opened:
            return []
        seen = [
            PlaceWorked(line["seen_at"], date.fromisoformat(line["seen_on"]))
            for line in self.content["evidence"].values()
            if line["seen_at"]
        ]
        return [place.name for place in latest_first([*worked, *seen])]
