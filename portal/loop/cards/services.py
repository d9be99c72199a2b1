"""Commands of cards. Every one that changes what the matcher sees raises `version` and announces it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from portal.base import events
from portal.base.database import check_version, db
from portal.base.errors import DomainError
from portal.base.events import Renewal, WordingsMoved
from portal.base.terms import (
    DanishCourse,
    DanishExam,
    LanguageLevel,
    PartOfDay,
    Shift,
    SkillArea,
    SkillSource,
    Weekday,
)
from portal.lexicon import Remark
from portal.loop.cards import queries, showing
from portal.loop.cards.fields import EDITED
from portal.loop.cards.models import (
    CardLanguage,
    CardVersion,
    Certificate,
    CompetenceCard,
    Frequency,
    Setting,
    SkillEvidence,
    TaskAnswer,
    WishedWork,
)
from portal.loop.cards.versions import snapshot
from portal.loop.citizens.models import Citizen, CitizenStatus
from portal.shared.accounts.models import User
from portal.shared.audit import services as audit
from portal.shared.skills import services as skills
from portal.shared.skills.models import JobTitle, Skill, SkillCategory
from portal.shared.skills.services import UnderstoodText
from portal.web.permissions import Action, Role, Scope, may

FIRST_NUMBER = 1000
"""Card numbers start above it, so that they never look like the number of rows."""


MOST_WISHES: Final = 10
"""Wished titles and tasks on one card: who wishes for everything says nothing to go by."""

CHUNK: Final = 5_000
"""Ids in one statement; databases bound the number of parameters."""


class CardExists(DomainError):
    message = _l("Borgeren har allerede et kompetencekort.")


class HoursOutOfOrder(DomainError):
    message = _l("Det højeste antal timer skal være mindst det laveste.")


class EvidenceStands(DomainError):
    """What stands on an assessment sheet goes only with the sheet; a newer observation stands beside it."""

    message = _l("Det, der står på et vurderingsark, bliver stående. Tilføj noget nyt ved siden af.")


class NeedsASheet(DomainError):
    """Only a closed sheet says what was seen in a placement, and whether the workplace took part."""

    message = _l("Det, der er set i et forløb, kommer på kortet med vurderingsarket.")


class NotYourWords(DomainError):
    message = _l("Det er konsulenten, der har skrevet det. Tal med konsulenten, hvis det skal væk.")


class NotOnCards(DomainError):
    """It is known what it is, and that no card holds it as a skill."""


class ConditionOfOpening(NotOnCards):
    """Attests, lifts and shifts belong to openings (docs/rules.md#conditions)."""

    message = _l(
        "Det er et vilkår i en stilling og står ikke på kortet. Svar om arbejdstider under “Ret kortet”."
    )


class NoWork(DomainError):
    """A certificate, a trait, a language or a condition is nothing one works with."""

    message = _l("Det er ikke noget, man arbejder med. Skriv en stilling eller en opgave.")


class TooManyWishes(DomainError):
    message = _l("Der kan stå 10 ønsker på kortet. Fjern et af dem først.")


class LanguageHasItsPlace(NotOnCards):
    """A language hints at origin: it has a field of its own, where she says whether others may see it."""

    message = _l("Sprog har deres eget sted. Skriv det under “Ret kortet”, og vælg, om andre må se det.")


class HealthStaysOff(NotOnCards):
    """Health stands nowhere in the portal."""

    message = _l(
        "Helbred hører ikke hjemme på et kort. Tal med kommunen om det, og skriv her kun, hvad du kan."
    )


@dataclass(frozen=True)
class SpokenLanguage:
    """A language besides Danish; printed and shown to employers only when `shown`."""

    name: str
    level: LanguageLevel
    shown: bool = False


@dataclass(frozen=True)
class CardDetails:
    """What stands on a card besides skills: the languages and every field the form has. None and empty: not known.

    A newly filled `week` answers the shifts too (`shifts_of_week`), whatever `shifts_yes` and `shifts_no` say.
    """

    wishes: Sequence[str] = ()
    danish_speaking: int | None = None
    danish_reading: int | None = None
    danish_course: DanishCourse | None = None
    danish_module: int | None = None
    danish_exam: DanishExam | None = None
    languages: Sequence[SpokenLanguage] = ()
    hours_min: float | None = None
    hours_max: float | None = None
    postcode: str | None = None
    range_km: int | None = None
    transport: Sequence[str] = ()
    week: Mapping[str, Sequence[str]] = field(default_factory=dict)
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
    _keep_version(card, "card-created", by=by, at=at)
    showing.settle_new(card, at=at)
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
    told = {field.column: field.kind.stored(getattr(details, field.column)) for field in EDITED}
    if not told["danish_course"]:
        told["danish_module"] = None
    if told["week"] and told["week"] != card.week:
        yes, no = shifts_of_week(told["week"])
        told |= {"shifts_yes": [str(shift) for shift in yes], "shifts_no": [str(shift) for shift in no]}
    for column, value in told.items():
        setattr(card, column, value)
    _put_languages(card, details.languages)
    _changed(card, "card-edited", by=by, at=at)


def shifts_of_week(week: Mapping[str, Sequence[str]]) -> tuple[list[Shift], list[Shift]]:
    """Which shifts the week says yes and no to: a week that was filled in leaves nothing unknown."""
    parts = {part for chosen in week.values() for part in chosen}
    can = {
        Shift.EARLY_MORNING: PartOfDay.EARLY_MORNING in parts,
        Shift.EVENING: PartOfDay.EVENING in parts,
        Shift.WEEKEND: any(week.get(day) for day in (Weekday.SATURDAY, Weekday.SUNDAY)),
        Shift.NIGHT: PartOfDay.NIGHT in parts,
    }
    return [shift for shift in Shift if can[shift]], [shift for shift in Shift if not can[shift]]


def _put_languages(card: CompetenceCard, wanted: Sequence[SpokenLanguage]) -> None:
    stored = {line.name.casefold(): line for line in card.languages}
    kept = []
    for language in {one.name.casefold(): one for one in wanted}.values():
        line = stored.get(language.name.casefold()) or CardLanguage(card_id=card.id)
        line.name, line.level, line.shown = language.name, language.level, language.shown
        kept.append(line)
    card.languages = kept


@dataclass(frozen=True)
class Told:
    """What somebody says in her own words, and what it was taken to mean.

    `chosen` says that its writer picked the skill when asked what she means, `own_words` that she picked none.
    """

    text: str
    skill_id: int | None = None
    chosen: bool = False
    own_words: bool = False


@dataclass(frozen=True)
class ToldSkill(Told):
    level: int = 0
    confidence: float | None = None


@dataclass(frozen=True)
class ToldCertificate(Told):
    valid_until: date | None = None


def add_evidence(  # noqa: PLR0913 - one statement has these parts
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
) -> SkillEvidence:
    """Put one statement of one skill on the card, beside what stands there; free text is understood here.

    `chosen` and `own_words` as in `Told`. Raises NotOnCards for attests, lifts and shifts, for languages and for
    health; NeedsASheet for what is seen in a placement.
    """
    told = ToldSkill(text, skill_id, chosen, own_words, level, confidence)
    evidence = _put_skill(card, told, source=source, seen_on=seen_on)
    _changed(card, "skill-added", by=by, at=at)
    return evidence


def add_told(
    card: CompetenceCard,
    told: Iterable[ToldSkill | ToldCertificate],
    *,
    source: SkillSource,
    by: User,
    at: datetime,
    seen_on: date,
) -> None:
    """Put all that one text told on the card as one change. Raises as `add_evidence`, and nothing is put."""
    for one in told:
        if isinstance(one, ToldCertificate):
            _put_certificate(card, one)
        else:
            _put_skill(card, one, source=source, seen_on=seen_on)
    _changed(card, "tasks-put-on-card", by=by, at=at)


def _put_skill(card: CompetenceCard, told: ToldSkill, *, source: SkillSource, seen_on: date) -> SkillEvidence:
    if source.is_from_a_sheet:
        raise NeedsASheet
    meaning = _meaning_of(told, 1.0 if told.confidence is None else told.confidence)
    evidence = SkillEvidence(
        card_id=card.id,
        skill_id=meaning.skill_id,
        text=told.text,
        level=told.level,
        source=source,
        confidence=meaning.confidence,
        chosen=told.chosen,
        guesses=meaning.guesses,
        seen_on=seen_on,
    )
    card.evidence.append(evidence)
    return evidence


@dataclass(frozen=True)
class TriedTask:
    """A task the citizen says she has done, with what it amounts to."""

    task_key: str
    text: str
    skill_id: int | None
    level: int
    frequency: Frequency
    setting: Setting


def add_tried_tasks(
    card: CompetenceCard, tried: Sequence[TriedTask], *, by: User | None, at: datetime, seen_on: date
) -> None:
    """Put all she told on the card as one change, in her own words."""
    card.evidence.extend(
        SkillEvidence(
            card_id=card.id,
            skill_id=one.skill_id,
            text=one.text,
            level=one.level,
            source=SkillSource.OWN,
            chosen=one.skill_id is not None,
            seen_on=seen_on,
            task_key=one.task_key,
            frequency=one.frequency,
            setting=one.setting,
        )
        for one in tried
    )
    _changed(card, "tasks-put-on-card", by=by, at=at)


@dataclass(frozen=True)
class Observed:
    """What a sheet says of one task; `level` 1-4."""

    text: str
    skill_id: int | None
    level: int
    by_workplace: bool
    """Whether the workplace said that it saw it; else it is the consultant's word alone."""
    note: str = ""


def add_observed(  # noqa: PLR0913 - where and when it was seen, and what it was seen in
    card: CompetenceCard,
    seen: Sequence[Observed],
    *,
    seen_on: date,
    seen_at: str,
    placement_id: int,
    assessment_id: int,
    by: User,
    at: datetime,
) -> None:
    """Put a whole sheet on the card as one change. Attests, lifts and shifts belong to openings and are left out.

    The workplace, `seen_at`, is named only at what it took part in.
    """
    card.evidence.extend(
        SkillEvidence(
            card_id=card.id,
            skill_id=one.skill_id,
            text=one.text,
            level=one.level,
            source=SkillSource.EMPLOYER if one.by_workplace else SkillSource.CONSULTANT_ONLY,
            seen_on=seen_on,
            seen_at=seen_at if one.by_workplace else None,
            placement_id=placement_id,
            assessment_id=assessment_id,
            note=one.note,
        )
        for one in seen
        if not _is_condition(one.skill_id)
    )
    _changed(card, "assessment-put-on-card", by=by, at=at)


def withdraw_observed(card: CompetenceCard, *, assessment_id: int, by: User, at: datetime) -> None:
    """Take one sheet's evidence off the card."""
    for line in list(card.evidence):
        if line.assessment_id == assessment_id:
            card.evidence.remove(line)
    _changed(card, "assessment-taken-off-card", by=by, at=at)


def _meaning_of(told: Told, confidence: float = 1.0) -> UnderstoodText:
    """What its writer told, or else what the text is understood as."""
    if told.skill_id is not None or told.own_words:
        meaning = UnderstoodText(told.skill_id, confidence)
    else:
        meaning = skills.understand(told.text, for_card=True)
    if _is_condition(meaning.skill_id) or _is_condition(meaning.belongs_elsewhere):
        raise ConditionOfOpening
    if meaning.belongs_elsewhere is not None:
        raise LanguageHasItsPlace
    if meaning.remark is Remark.HEALTH:
        raise HealthStaysOff
    return meaning


def _is_condition(skill_id: int | None) -> bool:
    skill = db.session.get(Skill, skill_id) if skill_id is not None else None
    return skill is not None and skill.category is SkillCategory.STILLINGSBETINGELSE


def may_remove(evidence: SkillEvidence, role: Role) -> bool:
    """A citizen removes her own words, a consultant also what consultants saw; nobody what stands on a sheet."""
    if evidence.source.is_from_a_sheet:
        return False
    return evidence.source is SkillSource.OWN or may(role, Action.MANAGE_CITIZENS)


def remove_own_evidence(card: CompetenceCard, evidence: SkillEvidence, *, by: User, at: datetime) -> None:
    """Take a line back, with the answer it came from: else the next summary would put it on the card again.

    Raises EvidenceStands for what stands on a sheet, NotYourWords for a citizen and a consultant's line.
    """
    if not may_remove(evidence, by.role):
        raise EvidenceStands if evidence.source.is_from_a_sheet else NotYourWords
    db.session.execute(
        sa.delete(TaskAnswer).where(TaskAnswer.card_id == card.id, TaskAnswer.task_key == evidence.task_key)
    )
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

    Raises NotOnCards: an attest is asked of a place, never kept on a card, and neither are languages and health.
    """
    told = ToldCertificate(text, skill_id, skill_id is not None, own_words, valid_until)
    certificate = _put_certificate(card, told)
    _changed(card, "certificate-added", by=by, at=at)
    return certificate


def _put_certificate(card: CompetenceCard, told: ToldCertificate) -> Certificate:
    meaning = _meaning_of(told)
    certificate = Certificate(
        card_id=card.id,
        skill_id=meaning.skill_id,
        text=told.text,
        chosen=told.chosen,
        guesses=meaning.guesses,
        valid_until=told.valid_until,
    )
    card.certificates.append(certificate)
    return certificate


def remove_certificate(card: CompetenceCard, certificate: Certificate, *, by: User, at: datetime) -> None:
    card.certificates.remove(certificate)
    _changed(card, "certificate-removed", by=by, at=at)


def add_wish(card: CompetenceCard, wished: JobTitle | Skill, *, by: User, at: datetime) -> None:
    """Note that she would like to work with it. Raises NoWork, TooManyWishes.

    A wish never takes an opening away: where she has named trades, the wish's trade is named too.
    """
    is_title = isinstance(wished, JobTitle)
    if not is_title and wished.category not in WORK:
        raise NoWork
    if any(wished in (line.title, line.skill) for line in card.wished_work):
        return
    if len(card.wished_work) >= MOST_WISHES:
        raise TooManyWishes
    line = WishedWork(said_at=at, by_id=by.id)
    line.title, line.skill = (wished, None) if is_title else (None, wished)
    card.wished_work.append(line)
    if card.wishes and wished.area is not SkillArea.FAELLES and wished.area.value not in card.wishes:
        card.wishes = [*card.wishes, wished.area.value]
    _changed(card, "wish-added", by=by, at=at)


WORK: Final = frozenset({SkillCategory.FAGLIG, SkillCategory.UFORMEL})
"""What kinds of skill are work that one may wish for."""


def remove_wish(card: CompetenceCard, wish: WishedWork, *, by: User, at: datetime) -> None:
    """Take a wish back; the trades she has named stay."""
    card.wished_work.remove(wish)
    _changed(card, "wish-removed", by=by, at=at)


def relink(skill: Skill, change: WordingsMoved, *, at: datetime) -> Renewal:
    """Understand anew what is written with these phrases; what no card holds as a skill is linked to none.

    Every card touched has a new version; only the first are matched within this request.
    """
    if skill.category is SkillCategory.STILLINGSBETINGELSE or skill.is_other_language:
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


def take_joined(
    card: CompetenceCard, versions: int | None, *, is_active: bool, by: User | None, at: datetime
) -> None:
    """The card of two citizens who became one: it has `versions` behind it where it took in another card's."""
    if versions is not None:
        card.version = versions
    card.is_active = is_active
    _changed(card, "cards-merged", by=by, at=at)


def set_active(card: CompetenceCard, active: bool, *, at: datetime) -> None:
    """Follow the citizen in and out of the matching."""
    card.is_active, card.updated_at = active, at
    card.version += 1
    _keep_version(card, "card-set-active" if active else "card-set-passive", by=None, at=at)
    db.session.flush()


def leave_matching(citizen: Citizen, *, at: datetime) -> None:
    """The citizen was set passive."""
    card = queries.card_of(citizen)
    if card is not None:
        set_active(card, False, at=at)


def join_matching(citizen: Citizen, *, at: datetime) -> None:
    """The citizen is active again."""
    card = queries.card_of(citizen)
    if card is not None:
        set_active(card, True, at=at)
        events.card_changed.send(card, at=at)


def _changed(card: CompetenceCard, action: str, *, by: User | None, at: datetime) -> None:
    card.version += 1
    card.updated_at = at
    audit.record(action, subject=card, by=by, at=at, citizen_id=card.citizen_id)
    db.session.flush()
    _keep_version(card, action, by=by, at=at)
    if by is not None and by.scope is Scope.CITIZEN:
        showing.note_shown(card, at=at)
    showing.settle(card, at=at)
    events.card_changed.send(card, at=at)
    db.session.flush()


def kept_version(card: CompetenceCard, *, at: datetime) -> CardVersion:
    """The card as it stands now, to hold on to; a card older than its history gets its first version."""
    kept = queries.version_now(card)
    return kept if kept is not None else _keep_version(card, "card-edited", by=None, at=at)


def _keep_version(card: CompetenceCard, action: str, *, by: User | None, at: datetime) -> CardVersion:
    """So that the card can be read as it was on any day."""
    by_id = by.id if by is not None else None
    kept = CardVersion(
        card_id=card.id, version=card.version, at=at, action=action, by_id=by_id, content=snapshot(card)
    )
    db.session.add(kept)
    return kept
