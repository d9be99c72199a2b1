"""Commands of the vocabulary, and how a text is understood."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

from portal.base import events
from portal.base.database import check_version, db
from portal.base.errors import DomainError
from portal.base.events import Renewal, WordingsMoved
from portal.base.terms import SkillArea
from portal.lexicon import Lookup, fold
from portal.shared.accounts.models import User
from portal.shared.audit import services as audit
from portal.shared.skills import queries
from portal.shared.skills.models import JobTitle, Skill, SkillCategory, SkillSynonym, VocabularyVersion

NOTE_LENGTH: Final = 200
"""Letters of a version's note."""

RENEWED_AT_ONCE: Final = 5
"""Cards, and openings, matched anew within the request that changes a word; the rest is left for `rematch`.

Most phrases stand in fewer places, and one opening against 10,000 citizens takes about a second.
"""


class LabelTaken(DomainError):
    """A wording belongs to another skill already. `label` is the wording."""

    def __init__(self, label: str) -> None:
        super().__init__(_l("Ordet “%(label)s” hører allerede til en anden færdighed.", label=label))
        self.label = label


class LabelEmpty(DomainError):
    """Nothing but punctuation."""

    message = _l("Skriv et ord med bogstaver eller tal.")


class SkillInUse(DomainError):
    message = _l(
        "Færdigheden bruges på kort, i åbninger eller i forløb og kan ikke fjernes. "
        "Giv den et andet navn, eller fjern ordene fra den."
    )


@dataclass(frozen=True)
class Alternative:
    """A skill that a text may mean, and the wording of it that was closest."""

    skill_id: int
    name: str
    wording: str
    probability: float
    is_condition: bool = False
    """Attests, lifts and shifts: an opening may ask for them, a card never holds them."""


@dataclass(frozen=True)
class UnderstoodText:
    """What a text was taken to mean; without `skill_id` it stands in its own words.

    `confidence` (0-1) is how sure the concept is. Where the lexicon was unsure, or the text says what somebody can
    *not* do (`denied`), `alternatives` are what to ask about, likeliest first.
    """

    skill_id: int | None
    confidence: float = 1.0
    name: str | None = None
    alternatives: tuple[Alternative, ...] = ()
    denied: bool = False
    guesses: tuple[tuple[int, float], ...] = ()
    """What the words may mean, likely or not, as the matcher weighs it: (skill id, probability)."""


def understand(text: str) -> UnderstoodText:
    """The concept behind one text, taken only when the lexicon is sure."""
    return understand_all([text])[0]


def understand_all(texts: Sequence[str]) -> list[UnderstoodText]:
    """One answer per text, in order, with one look at the vocabulary."""
    book = queries.book()
    return [_understood(lookup, book) for lookup in book.lexicon.look_up(texts)]


def _understood(lookup: Lookup, book: queries.Book) -> UnderstoodText:
    if lookup.accepted is not None:
        concept = lookup.accepted.concept
        return UnderstoodText(concept, lookup.accepted.probability, book.names[concept])
    guesses = _guesses(lookup, book)
    if not lookup.worth_asking:
        return UnderstoodText(None, denied=lookup.negated, guesses=guesses)
    alternatives = tuple(
        Alternative(
            hit.concept, book.names[hit.concept], hit.label, hit.probability, hit.concept in book.conditions
        )
        for hit in lookup.hits
    )
    return UnderstoodText(None, alternatives=alternatives, denied=lookup.negated, guesses=guesses)


def _guesses(lookup: Lookup, book: queries.Book) -> tuple[tuple[int, float], ...]:
    """Nothing for what somebody denies; and never a condition, for no card can hold one."""
    if lookup.negated:
        return ()
    return tuple((hit.concept, hit.probability) for hit in lookup.hits if hit.concept not in book.conditions)


@dataclass(frozen=True)
class SkillDetails:
    """What a skill of the vocabulary is, besides its other wordings."""

    name: str
    english: str
    area: SkillArea
    category: SkillCategory


def add_skill(
    details: SkillDetails, *, synonyms: Sequence[str] = (), by: User | None, at: datetime
) -> tuple[Skill, Renewal]:
    """A new skill; what is written with its wordings is it from now on. Raises LabelTaken, LabelEmpty."""
    labels = {_folded(details.name): details.name, **_distinct(synonyms, details.name)}
    _refuse_taken(labels, None)
    skill = Skill(**asdict(details), folded=_folded(details.name))
    db.session.add(skill)
    _put_synonyms(skill, _distinct(synonyms, details.name))
    audit.record("skill-made", subject=skill, by=by, at=at)
    new_version(_("Ny færdighed: %(name)s", name=skill.name), at, by=by)
    return skill, _announce(skill, added=labels, at=at)


def edit_skill(
    skill: Skill, details: SkillDetails, *, seen_version: int | None, by: User, at: datetime
) -> Renewal:
    """Change a skill. A new name leaves the old one among its other wordings.

    Raises StaleVersion, LabelTaken, LabelEmpty.
    """
    check_version(skill, seen_version)
    folded, before = _folded(details.name), skill.folded
    _refuse_taken({folded: details.name}, skill)
    labels = {synonym.folded: synonym.label for synonym in skill.synonyms if synonym.folded != folded}
    if folded != before:
        labels[before] = skill.name
    is_new = folded not in {before, *(synonym.folded for synonym in skill.synonyms)}
    for name, value in asdict(details).items():
        setattr(skill, name, value)
    skill.folded = folded
    skill.version += 1
    _put_synonyms(skill, labels)
    audit.record("skill-edited", subject=skill, by=by, at=at)
    new_version(_("Rettet: %(name)s", name=skill.name), at, by=by)
    return _announce(skill, added={folded} if is_new else (), at=at)


def add_synonym(skill: Skill, label: str, *, by: User | None, at: datetime) -> Renewal:
    """One more wording; what is written so is the skill from now on. Raises LabelTaken, LabelEmpty."""
    folded = _folded(label)
    if folded == skill.folded or folded in {synonym.folded for synonym in skill.synonyms}:
        return Renewal()
    _refuse_taken({folded: label}, skill)
    skill.synonyms.append(SkillSynonym(label=label.strip(), folded=folded))
    skill.version += 1
    audit.record("synonym-added", subject=skill, by=by, at=at)
    new_version(_("%(name)s: også “%(label)s”", name=skill.name, label=label.strip()), at, by=by)
    return _announce(skill, added={folded}, at=at)


def remove_synonym(synonym: SkillSynonym, *, by: User, at: datetime) -> Renewal:
    """Take a wording back; what is written so stands in its own words again, but for what a writer chose herself."""
    skill, label, folded = synonym.skill, synonym.label, synonym.folded
    skill.synonyms.remove(synonym)
    skill.version += 1
    audit.record("synonym-removed", subject=skill, by=by, at=at)
    new_version(_("%(name)s: ikke længere “%(label)s”", name=skill.name, label=label), at, by=by)
    return _announce(skill, removed={folded}, at=at)


def remove_skill(skill: Skill, *, by: User, at: datetime) -> None:
    """Take a skill out of the vocabulary. Raises SkillInUse: the database refuses while anything is linked to it."""
    name = skill.name
    audit.record("skill-taken-out", subject=skill, by=by, at=at)
    try:
        with db.session.begin_nested():
            db.session.delete(skill)
    except IntegrityError as error:
        raise SkillInUse from error
    new_version(_("Fjernet: %(name)s", name=name), at, by=by)


def _folded(label: str) -> str:
    folded = fold(label)
    if not folded:
        raise LabelEmpty
    return folded


def _announce(
    skill: Skill,
    *,
    added: Iterable[str] = (),
    removed: Iterable[str] = (),
    at_once: int = RENEWED_AT_ONCE,
    at: datetime,
) -> Renewal:
    """Tell the rooms above which wordings moved; returns what they did about it."""
    db.session.flush()
    change = events.WordingsMoved(frozenset(added), frozenset(removed), at_once)
    answers = [answer for _, answer in events.vocabulary_changed.send(skill, change=change, at=at)]
    return Renewal(sum(answer.now for answer in answers), sum(answer.later for answer in answers))


def link_phrases(rows: Any, owner: Any, skill: Skill, change: WordingsMoved) -> set[int]:
    """Link the rows written with exactly these phrases to the skill, or free them of it; returns their owners' ids.

    What a writer chose herself stays. `rows` is a model with `folded`, `chosen`, `skill_id` and `guesses`.
    """
    columns = rows.__table__.c
    moves = (
        (change.added, columns.skill_id.is_distinct_from(skill.id), skill.id),
        (change.removed, columns.skill_id == skill.id, None),
    )
    owners: set[int] = set()
    for phrases, which, skill_id in moves:
        if phrases:
            certain: dict[str, Any] = {"confidence": 1.0} if "confidence" in columns else {}
            values = {"skill_id": skill_id, "guesses": [], **certain}
            written_so = sa.and_(columns.folded.in_(phrases), columns.chosen.is_(False), which)
            statement = sa.update(rows.__table__).where(written_so).values(values)
            owners |= set(db.session.scalars(statement.returning(columns[owner.key])))
    return owners


def put_skill(
    name: str,
    english: str,
    area: SkillArea,
    category: SkillCategory,
    synonyms: Sequence[str],
    *,
    at: datetime,
) -> bool:
    """Add the skill or bring it up to date; returns whether anything changed.

    Raises LabelTaken. The caller raises the version with `new_version` once all is put. What is written with its
    wordings is linked at once, and left for `rematch` to match anew.
    """
    labels = _distinct(synonyms, name)
    skill = db.session.scalar(sa.select(Skill).where(Skill.name == name))
    if skill is not None and _as_stored(skill) == (english, area, category, labels):
        return False
    _refuse_taken({fold(name): name, **labels}, skill)
    if skill is None:
        before: set[str] = set()
        skill = Skill(name=name, folded=fold(name), english=english, area=area, category=category)
        db.session.add(skill)
    else:
        before = {skill.folded, *(synonym.folded for synonym in skill.synonyms)}
        skill.version += 1
    skill.english, skill.area, skill.category = english, area, category
    _put_synonyms(skill, labels)
    audit.record("skill-put", subject=skill, by=None, at=at)
    after = {skill.folded, *labels}
    _announce(skill, added=after - before, removed=before - after, at_once=0, at=at)
    return True


def _distinct(synonyms: Sequence[str], name: str) -> dict[str, str]:
    """Folded form -> label, without blanks and repeats of the name."""
    labels: dict[str, str] = {}
    for label in synonyms:
        folded = fold(label)
        if folded and folded != fold(name):
            labels.setdefault(folded, label.strip())
    return labels


def _as_stored(skill: Skill) -> tuple[str, SkillArea, SkillCategory, dict[str, str]]:
    labels = {synonym.folded: synonym.label for synonym in skill.synonyms}
    return skill.english, skill.area, skill.category, labels


def _refuse_taken(labels: Mapping[str, str], skill: Skill | None) -> None:
    """A wording is one skill's, as its name or beside it. Raises LabelTaken."""
    own = skill.id if skill is not None else None
    for column, owner in ((SkillSynonym.folded, SkillSynonym.skill_id), (Skill.folded, Skill.id)):
        statement = sa.select(column).where(column.in_(labels), owner.is_distinct_from(own)).limit(1)
        taken = db.session.scalar(statement)
        if taken is not None:
            raise LabelTaken(labels[taken])


def _put_synonyms(skill: Skill, labels: Mapping[str, str]) -> None:
    kept = [synonym for synonym in skill.synonyms if synonym.folded in labels]
    for synonym in kept:
        synonym.label = labels[synonym.folded]
    known = {synonym.folded for synonym in kept}
    new = [
        SkillSynonym(label=label, folded=folded) for folded, label in labels.items() if folded not in known
    ]
    skill.synonyms = kept + new
    db.session.flush()


def put_title(name: str, english: str, area: SkillArea, synonyms: Sequence[str], *, at: datetime) -> bool:
    """Add the job title or bring it up to date; returns whether anything changed."""
    labels = list(_distinct(synonyms, name).values())
    title = db.session.scalar(sa.select(JobTitle).where(JobTitle.name == name))
    if title is None:
        title = JobTitle(name=name, english=english, area=area, synonyms=labels)
        db.session.add(title)
    elif (title.english, title.area, title.synonyms) == (english, area, labels):
        return False
    title.english, title.area, title.synonyms = english, area, labels
    audit.record("job-title-put", subject=title, by=None, at=at)
    return True


def new_version(note: str, at: datetime, *, by: User | None = None) -> VocabularyVersion:
    """Name what changed; from now on texts are understood with the new words."""
    version = VocabularyVersion(at=at, note=note[:NOTE_LENGTH])
    db.session.add(version)
    audit.record("vocabulary-changed", subject=version, by=by, at=at)
    return version
