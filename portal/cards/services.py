"""Commands of cards. Every one that changes what the matcher sees raises `version` and announces it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from portal import events
from portal.accounts.models import User
from portal.audit import services as audit
from portal.cards import queries
from portal.cards.models import Certificate, CompetenceCard, SkillEvidence
from portal.citizens.models import Citizen, CitizenStatus
from portal.database import check_version, db
from portal.errors import DomainError
from portal.events import Renewal, WordingsMoved
from portal.permissions import Role
from portal.skills import services as skills
from portal.skills.models import Skill, SkillCategory
from portal.skills.services import Understood
from portal.terms import SkillSource

FIRST_NUMBER = 1000
"""Card numbers start above it, so that they never look like the number of rows."""


CHUNK: Final = 5_000
"""Ids in one statement; databases bound the number of parameters."""


class CardExists(DomainError):
    message = _l("Borgeren har allerede et kompetencekort.")


class HoursOutOfOrder(DomainError):
    message = _l("Det højeste antal timer skal være mindst det laveste.")


class EvidenceStands(DomainError):
    """What a workplace saw is not for others to delete; a newer observation stands beside it."""

    message = _l("Det, en arbejdsplads har set, bliver stående. Tilføj noget nyt ved siden af.")


class NotYourWords(DomainError):
    message = _l("Det er konsulenten, der har skrevet det. Tal med konsulenten, hvis det skal væk.")


class ConditionOfOpening(DomainError):
    """Attests, lifts and shifts belong to openings (docs/rules.md#conditions)."""

    message = _l(
        "Det er et vilkår i en stilling og står ikke på kortet. Svar om arbejdstider under “Ret kortet”."
    )


@dataclass(frozen=True)
class CardDetails:
    """What stands on a card besides skills. None and empty mean "not known"."""

    wishes: Sequence[str] = ()
    danish_speaking: int | None = None
    danish_reading: int | None = None
    hours_min: float | None = None
    hours_max: float | None = None
    postcode: str | None = None
    range_km: int | None = None
    shifts_yes: Sequence[str] = ()
    shifts_no: Sequence[str] = ()
    goal: str = ""
    next_step: str = ""


def changed(card: CompetenceCard, changes: Mapping[str, Any]) -> CardDetails:
    """What stands on the card now, with some of it changed: for one answer that leaves the others alone."""
    standing = {part.name: getattr(card, part.name) for part in fields(CardDetails)}
    return CardDetails(**{**standing, **changes})


def create_card(citizen: Citizen, *, by: User | None, at: datetime) -> CompetenceCard:
    """An empty card: everything on it is "not known". Raises CardExists."""
    if queries.card_of(citizen) is not None:
        raise CardExists
    card = CompetenceCard(
        citizen_id=citizen.id,
        municipality_id=citizen.municipality_id,
        number=f"K-{FIRST_NUMBER + citizen.id}",
        is_active=citizen.status is CitizenStatus.ACTIVE,
        created_at=at,
        updated_at=at,
    )
    db.session.add(card)
    db.session.flush()
    audit.record("card-created", subject=card, by=by, at=at, citizen_id=citizen.id)
    db.session.flush()
    return card


def edit_card(
    card: CompetenceCard,
    details: CardDetails,
    *,
    seen_version: int | None = None,
    by: User | None,
    at: datetime,
) -> None:
    """Raises StaleVersion when somebody saved in between, HoursOutOfOrder."""
    check_version(card, seen_version)
    low, high = details.hours_min, details.hours_max
    if low is not None and high is not None and high < low:
        raise HoursOutOfOrder
    card.wishes = [str(wish) for wish in details.wishes]
    card.danish_speaking, card.danish_reading = details.danish_speaking, details.danish_reading
    card.hours_min, card.hours_max = details.hours_min, details.hours_max
    card.postcode, card.range_km = details.postcode or None, details.range_km
    card.shifts_yes = [str(shift) for shift in details.shifts_yes]
    card.shifts_no = [str(shift) for shift in details.shifts_no]
    card.goal, card.next_step = details.goal, details.next_step
    _changed(card, "card-edited", by=by, at=at)


def add_evidence(  # noqa: PLR0913 - one observation has these parts, and placements hand them over
    card: CompetenceCard,
    *,
    text: str,
    level: int,
    source: SkillSource,
    by: User | None,
    at: datetime,
    seen_on: date,
    skill_id: int | None = None,
    confidence: float | None = None,
    chosen: bool = False,
    own_words: bool = False,
    seen_at: str | None = None,
    placement_id: int | None = None,
    note: str = "",
) -> SkillEvidence | None:
    """Put one statement of one skill on the card, beside what stands there; free text is understood here.

    `chosen` says that its writer picked the skill when asked what she means, `own_words` that she picked none.
    Raises ConditionOfOpening for attests, lifts and shifts. An employer's assessment of one leaves nothing (None):
    it stands in the placement, and must not stop its end.
    """
    told = Understood(skill_id, 1.0 if confidence is None else confidence)
    meaning = told if skill_id is not None or own_words else skills.understand(text)
    if _is_condition(meaning.skill_id):
        if source is SkillSource.EMPLOYER:
            return None
        raise ConditionOfOpening
    evidence = SkillEvidence(
        card_id=card.id,
        skill_id=meaning.skill_id,
        text=text,
        level=level,
        source=source,
        confidence=meaning.confidence,
        chosen=chosen,
        guesses=meaning.guesses,
        seen_on=seen_on,
        seen_at=seen_at,
        placement_id=placement_id,
        note=note,
    )
    card.evidence.append(evidence)
    _changed(card, "skill-added", by=by, at=at)
    return evidence


def _is_condition(skill_id: int | None) -> bool:
    skill = db.session.get(Skill, skill_id) if skill_id is not None else None
    return skill is not None and skill.category is SkillCategory.STILLINGSBETINGELSE


def may_remove(evidence: SkillEvidence, role: Role) -> bool:
    """A citizen removes her own words, a consultant also what consultants saw; nobody what a workplace saw."""
    if evidence.source is SkillSource.EMPLOYER:
        return False
    return evidence.source is SkillSource.OWN or role is Role.CONSULTANT


def remove_own_evidence(card: CompetenceCard, evidence: SkillEvidence, *, by: User, at: datetime) -> None:
    """Raises EvidenceStands for what a workplace saw, NotYourWords for a citizen and a consultant's line."""
    if not may_remove(evidence, by.role):
        raise EvidenceStands if evidence.source is SkillSource.EMPLOYER else NotYourWords
    card.evidence.remove(evidence)
    _changed(card, "skill-removed", by=by, at=at)


def add_certificate(  # noqa: PLR0913 - as add_evidence
    card: CompetenceCard,
    *,
    text: str,
    valid_until: date | None,
    by: User | None,
    at: datetime,
    skill_id: int | None = None,
    own_words: bool = False,
) -> Certificate:
    """`skill_id` when its writer has chosen what it is, `own_words` when none, else the text is understood.

    Raises ConditionOfOpening: an attest is asked of a place, never kept on a card.
    """
    chosen = skill_id is not None
    meaning = Understood(skill_id) if chosen or own_words else skills.understand(text)
    if _is_condition(meaning.skill_id):
        raise ConditionOfOpening
    certificate = Certificate(
        card_id=card.id,
        skill_id=meaning.skill_id,
        text=text,
        chosen=chosen,
        guesses=meaning.guesses,
        valid_until=valid_until,
    )
    card.certificates.append(certificate)
    _changed(card, "certificate-added", by=by, at=at)
    return certificate


def remove_certificate(card: CompetenceCard, certificate: Certificate, *, by: User, at: datetime) -> None:
    card.certificates.remove(certificate)
    _changed(card, "certificate-removed", by=by, at=at)


def relink(skill: Skill, change: WordingsMoved, *, at: datetime) -> Renewal:
    """Understand anew what is written with these phrases; a condition of openings is linked to no card.

    Every card touched has a new version; only the first are matched within this request.
    """
    if skill.category is SkillCategory.STILLINGSBETINGELSE:
        change = change._replace(added=frozenset())
    touched = sorted(
        skills.link_phrases(SkillEvidence, SkillEvidence.card_id, skill, change)
        | skills.link_phrases(Certificate, Certificate.card_id, skill, change)
    )
    for start in range(0, len(touched), CHUNK):
        some = CompetenceCard.id.in_(touched[start : start + CHUNK])
        values = {"version": CompetenceCard.version + 1, "updated_at": at}
        db.session.execute(sa.update(CompetenceCard).where(some).values(values))
    db.session.expire_all()
    now = touched[: change.at_once]
    statement = sa.select(CompetenceCard).where(CompetenceCard.id.in_(now)).order_by(CompetenceCard.id)
    for card in db.session.scalars(statement).all():
        events.card_changed.send(card, at=at)
    return Renewal(len(now), len(touched) - len(now))


def set_active(card: CompetenceCard, active: bool, *, at: datetime) -> None:
    """Follow the citizen in and out of the matching."""
    card.is_active, card.updated_at = active, at
    card.version += 1
    db.session.flush()


def _changed(card: CompetenceCard, action: str, *, by: User | None, at: datetime) -> None:
    card.version += 1
    card.updated_at = at
    audit.record(action, subject=card, by=by, at=at, citizen_id=card.citizen_id)
    db.session.flush()
    events.card_changed.send(card, at=at)
    db.session.flush()
