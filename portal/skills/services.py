"""Commands of the vocabulary, and how a text is understood."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from portal.accounts.models import User
from portal.audit import services as audit
from portal.database import db
from portal.errors import DomainError
from portal.lexicon import Lookup, fold
from portal.skills import queries
from portal.skills.models import JobTitle, Skill, SkillCategory, SkillSynonym, VocabularyVersion
from portal.terms import SkillArea


class LabelTaken(DomainError):
    """A wording belongs to another skill already. `label` is the wording."""

    def __init__(self, label: str) -> None:
        super().__init__(_l("Ordet “%(label)s” hører allerede til en anden færdighed.", label=label))
        self.label = label


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
class Understood:
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


def understand(text: str) -> Understood:
    """The concept behind one text, taken only when the lexicon is sure."""
    return understand_all([text])[0]


def understand_all(texts: Sequence[str]) -> list[Understood]:
    """One answer per text, in order, with one look at the vocabulary."""
    book = queries.book()
    return [_understood(lookup, book) for lookup in book.lexicon.look_up(texts)]


def _understood(lookup: Lookup, book: queries.Book) -> Understood:
    if lookup.accepted is not None:
        concept = lookup.accepted.concept
        return Understood(concept, lookup.accepted.probability, book.names[concept])
    guesses = _guesses(lookup, book)
    if not lookup.worth_asking:
        return Understood(None, denied=lookup.negated, guesses=guesses)
    alternatives = tuple(
        Alternative(
            hit.concept, book.names[hit.concept], hit.label, hit.probability, hit.concept in book.conditions
        )
        for hit in lookup.hits
    )
    return Understood(None, alternatives=alternatives, denied=lookup.negated, guesses=guesses)


def _guesses(lookup: Lookup, book: queries.Book) -> tuple[tuple[int, float], ...]:
    """Nothing for what somebody denies; and never a condition, for no card can hold one."""
    if lookup.negated:
        return ()
    return tuple((hit.concept, hit.probability) for hit in lookup.hits if hit.concept not in book.conditions)


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

    Raises LabelTaken. The caller raises the version with `new_version` once all is put.
    """
    labels = _distinct(synonyms, name)
    skill = db.session.scalar(sa.select(Skill).where(Skill.name == name))
    if skill is None:
        skill = Skill(name=name, english=english, area=area, category=category)
        db.session.add(skill)
    elif _as_stored(skill) == (english, area, category, labels):
        return False
    db.session.flush()
    _refuse_taken({fold(name): name, **labels}, skill)
    skill.english, skill.area, skill.category = english, area, category
    _put_synonyms(skill, labels)
    audit.record("skill-put", subject=skill, by=None, at=at)
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


def _refuse_taken(labels: dict[str, str], skill: Skill) -> None:
    taken = db.session.scalar(
        sa.select(SkillSynonym)
        .where(SkillSynonym.folded.in_(labels), SkillSynonym.skill_id != skill.id)
        .limit(1)
    )
    if taken is not None:
        raise LabelTaken(labels[taken.folded])
    for name in db.session.scalars(sa.select(Skill.name).where(Skill.id != skill.id)):
        if fold(name) in labels:
            raise LabelTaken(name)


def _put_synonyms(skill: Skill, labels: dict[str, str]) -> None:
    kept = [synonym for synonym in skill.synonyms if synonym.folded in labels]
    for synonym in kept:
        synonym.label = labels[synonym.folded]
    known = {synonym.folded for synonym in kept}
    new = [
        SkillSynonym(label=label, folded=folded) for folded, label in labels.items() if folded not in known
    ]
    skill.synonyms = kept + new
    db.session.flush()


def put_title(
    name: str, english: str, area: SkillArea, synonyms: Sequence[str], *, at: datetime, by: User | None = None
) -> bool:
    """Add the job title or bring it up to date; returns whether anything changed."""
    labels = list(_distinct(synonyms, name).values())
    title = db.session.scalar(sa.select(JobTitle).where(JobTitle.name == name))
    if title is None:
        title = JobTitle(name=name, english=english, area=area, synonyms=labels)
        db.session.add(title)
    elif (title.english, title.area, title.synonyms) == (english, area, labels):
        return False
    title.english, title.area, title.synonyms = english, area, labels
    audit.record("job-title-put", subject=title, by=by, at=at)
    return True


def new_version(note: str, at: datetime, *, by: User | None = None) -> VocabularyVersion:
    """Name what changed; from now on texts are understood with the new words."""
    version = VocabularyVersion(at=at, note=note)
    db.session.add(version)
    audit.record("vocabulary-changed", subject=version, by=by, at=at)
    return version
