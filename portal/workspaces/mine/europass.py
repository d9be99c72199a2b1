"""Her skills in the terms of the European Learning Model (ELM 3), the model behind Europass, as JSON-LD.

Not a signed credential: what she, her consultant and her workplaces have said. A skill that is ESCO's goes out with
ESCO's identifier (skills/esco.py), every other with one of our own. The context stands in the file, so that it can be
read without the net. Source: docs/export.md
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from portal.base.terms import SKILL_LEVELS
from portal.loop.cards.fields import CARD_FIELDS
from portal.shared.skills.esco import esco_uri
from portal.workspaces.mine.everything import Everything, Row, card_row

ELM: Final = "http://data.europa.eu/snb/model/elm/"
ESCO_SKILLS: Final = "http://data.europa.eu/esco/concept-scheme/skills"
OWN_SKILLS: Final = "urn:det-gode-match:skills"

CONTEXT: Final[Mapping[str, Any]] = {
    "@vocab": ELM,
    "id": "@id",
    "type": "@type",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dcterms": "http://purl.org/dc/terms/",
    "Concept": "skos:Concept",
    "prefLabel": {"@id": "skos:prefLabel", "@container": "@language"},
    "inScheme": {"@id": "skos:inScheme", "@type": "@id"},
    "title": {"@id": "dcterms:title", "@container": "@language"},
    "issued": "dcterms:issued",
    "noteLiteral": {"@container": "@language"},
    "givenName": {"@container": "@language"},
    "familyName": {"@container": "@language"},
}


def profile(everything: Everything) -> dict[str, Any]:
    """A Person with a claim for each skill on the card, the best that was said of it, and for each certificate."""
    citizen = everything.citizen
    claims = [
        *_skills(everything.tables["skill_evidence"]),
        *_certificates(everything.tables["certificates"]),
    ]
    return {
        "@context": dict(CONTEXT),
        "id": "urn:det-gode-match:person",
        "type": "Person",
        "givenName": _da(citizen.first_name),
        "familyName": _da(citizen.last_name),
        "issued": everything.at.isoformat(),
        "additionalNote": _notes(everything),
        "hasClaim": claims,
    }


def _skills(evidence: Iterable[Row]) -> list[dict[str, Any]]:
    best: dict[str, Row] = {}
    for line in evidence:
        name = line["skill_id"] or line["text"]
        if line["level"] > 0 and (name not in best or line["level"] >= best[name]["level"]):
            best[name] = line
    return [_achievement(f"skill-{line['id']}", name, line) for name, line in best.items()]


def _achievement(key: str, name: str, line: Row) -> dict[str, Any]:
    level = str(SKILL_LEVELS[line["level"]])
    said = [level, line["seen_at"] or line["source"], line["seen_on"]]
    return {
        "id": f"urn:det-gode-match:claim:{key}",
        "type": "LearningAchievement",
        "title": _da(name),
        "additionalNote": [_note(", ".join(said))],
        "specifiedBy": {
            "type": "LearningAchievementSpecification",
            "title": _da(name),
            "learningOutcome": [_outcome(name, known=line["skill_id"] is not None)],
        },
    }


def _outcome(name: str, *, known: bool) -> dict[str, Any]:
    uri = esco_uri(name) if known else None
    outcome: dict[str, Any] = {"type": "LearningOutcome", "title": _da(name)}
    if uri:
        outcome["relatedESCOSkill"] = [_concept(uri, name, ESCO_SKILLS)]
    elif known:
        outcome["relatedSkill"] = [_concept(f"{OWN_SKILLS}:{name.replace(' ', '-')}", name, OWN_SKILLS)]
    return outcome


def _concept(uri: str, name: str, scheme: str) -> dict[str, Any]:
    return {"id": uri, "type": "Concept", "prefLabel": _da(name), "inScheme": scheme}


def _certificates(rows: Iterable[Row]) -> list[dict[str, Any]]:
    return [
        {
            "id": f"urn:det-gode-match:claim:certificate-{row['id']}",
            "type": "LearningAchievement",
            "title": _da(row["text"]),
            **({"additionalNote": [_note(f"gælder til {row['valid_until']}")]} if row["valid_until"] else {}),
        }
        for row in rows
    ]


def _notes(everything: Everything) -> list[dict[str, Any]]:
    """What of her card goes into the file in words, and the languages she wants shown."""
    told = card_row(everything) or {}
    noted = (
        field.kind.in_words(told.get(field.column)) for field in CARD_FIELDS.values() if field.in_europass
    )
    texts = [words for words in noted if words]
    shown = [row for row in everything.tables["card_languages"] if row["shown"]]
    texts += [f"{row['name']}: {row['level']}" for row in shown]
    return [_note(text) for text in texts]


def _note(text: str) -> dict[str, Any]:
    return {"type": "Note", "noteLiteral": _da(text)}


def _da(text: str) -> dict[str, list[str]]:
    return {"da": [text]}
