"""Commands of the vocabulary, and how a text is understood."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from itertools import islice
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
from portal.lexicon import OFFERED_FROM, WEIGHED_FROM, Hit, Lookup, Remark, fold
from portal.lexicon.remarks import is_health
from portal.shared.accounts.models import User
from portal.shared.audit import services as audit
from portal.shared.skills import queries
from portal.shared.skills.models import (
    JobTitle,
    JobTitleTask,
    Skill,
    SkillCategory,
    SkillLadder,
    SkillSynonym,
    VocabularyVersion,
)
from portal.shared.skills.pictograms import pictograms
from portal.shared.skills.relations import AboveItself, RelationsInCircle, circle_through

NOTE_LENGTH: Final = 200
"""Letters of a version's note."""

GUESSES_KEPT: Final = 20
"""Meanings stored with a text the lexicon is unsure of. Two texts are as alike as the meanings they share: with five
each, rivals lower down are lost, and nDCG@10 on public data is .006 lower (docs/adr/004-matching.md)."""

ALTERNATIVES: Final = 5
"""Meanings somebody is asked to choose among."""

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
        "Færdigheden bruges på kort, i åbninger, i forløb eller af en stilling og kan ikke fjernes. "
        "Giv den et andet navn, eller fjern ordene fra den."
    )


class UnknownPictogram(DomainError):
    def __init__(self, name: str) -> None:
        super().__init__(_("Portalen har intet piktogram, der hedder “%(name)s”.", name=name))


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
    confirmed: bool = False
    """Whether the skill is what others in the municipality said of the same words; `alternatives` are what else."""
    remark: Remark | None = None
    """Why words mean no skill as they stand, and what their writer is told: health, languages, wishes, not finished."""
    text: str = ""
    """The words, where they were found in a longer text."""
    belongs_elsewhere: int | None = None
    """What a text for a card surely is, though no card holds it as a skill: a condition or another language."""


def understand(text: str, *, for_card: bool = False) -> UnderstoodText:
    """The concept behind one text, taken only when the lexicon is sure."""
    return understand_all([text], for_card=for_card)[0]


def understand_all(texts: Sequence[str], *, for_card: bool = False) -> list[UnderstoodText]:
    """One answer per text, in order, with one look at the vocabulary.

    `for_card`: what no card holds as a skill, conditions of openings and other languages, is neither taken nor offered.
    """
    book = queries.book()
    kept_off = book.kept_off_cards if for_card else frozenset()
    lookups = book.lexicon.look_up(texts, 1)
    unsure = [lookup.text for lookup in lookups if lookup.accepted is None]
    guessed = iter(book.lexicon.look_up(unsure, GUESSES_KEPT))
    return [_understood(lookup if lookup.accepted else next(guessed), book, kept_off) for lookup in lookups]


def find_tasks(text: str, *, for_card: bool) -> list[UnderstoodText]:
    """The tasks that a line, a list or a pasted text names, in its order; each `text` is the words it was found in.

    An ad says much that is no task: of it, only what is known or likely. Who tells of herself for a card sees all she
    wrote again: what is unknown, and with its remark what belongs elsewhere.
    """
    book = queries.book()
    if for_card:
        return list(_told(text, book))
    lookups = book.lexicon.find_tasks(text, GUESSES_KEPT)
    found = [replace(_understood(one, book, frozenset()), text=one.text) for one in lookups]
    return [one for one in found if one.skill_id or one.alternatives]


_SENTENCE: Final = re.compile(r"[^.!?\n]+")


def tells_of_health(text: str) -> bool:
    """Whether a sentence of the text tells of its writer's own health, which stands nowhere in the portal."""
    return any(is_health(fold(sentence)) for sentence in _SENTENCE.findall(text))


def _told(text: str, book: queries.Book) -> Iterator[UnderstoodText]:
    """Each piece once; a sentence of a wish or of health stays whole: its pieces alone say other things."""
    sentences = [sentence.strip() for sentence in _SENTENCE.findall(text) if sentence.strip()]
    pieces = book.lexicon.pieces_of(text)
    written = [_as_written(piece, text) for piece in pieces]
    lookups = iter(book.lexicon.look_up([*sentences, *pieces, *written], GUESSES_KEPT))
    remarks = {one.text: one.remark for one in islice(lookups, len(sentences)) if one.remark is not None}
    said: set[str] = set()
    for joined, bare in zip(list(islice(lookups, len(pieces))), lookups, strict=True):
        helps = _probability(joined) > max(_probability(bare), HELPS_FROM)
        lookup = joined if helps else bare
        around = next((one for one in remarks if lookup.text.casefold() in one.casefold()), "")
        found = _as_told(lookup, around, remarks.get(around), book)
        if fold(found.text) not in said:  # two ways to write one skill both stand: they are her words
            said.add(fold(found.text))
            yield found


HELPS_FROM: Final = 0.5
"""How likely a shared verb must make a piece: nearly any word after "snitte" is a little like vegetables."""


def _as_written(piece: str, text: str) -> str:
    """The piece without the verb of the one before it, where it was given that: "snitte grønt og gulvvask"."""
    _verb, _, bare = piece.partition(" ")
    is_joined = piece.casefold() not in text.casefold()
    return bare if is_joined and bare and bare.casefold() in text.casefold() else piece


def _probability(lookup: Lookup) -> float:
    return lookup.best.probability if lookup.best else 0.0


def _as_told(lookup: Lookup, around: str, remark: Remark | None, book: queries.Book) -> UnderstoodText:
    """One piece, read with what the sentence around it says of the whole."""
    if remark in (Remark.PLAN, Remark.HEALTH) and lookup.remark is not Remark.HEALTH:
        return UnderstoodText(None, remark=remark, text=around)
    if remark is Remark.UNDER_WAY and lookup.remark is None:
        lookup = replace(lookup, hits=_without(book.certificates, lookup))
    return replace(_understood(lookup, book, book.kept_off_cards), text=lookup.text)


def _without(concepts: frozenset[int], lookup: Lookup) -> tuple[Hit, ...]:
    return tuple(hit for hit in lookup.hits if hit.concept not in concepts)


_UNFINISHED: Final = (Remark.PLAN, Remark.UNDER_WAY)
"""Who wishes for a certificate, or is on her way to it, does not have it: nobody is offered to say she has."""


def _understood(lookup: Lookup, book: queries.Book, kept_off: frozenset[int]) -> UnderstoodText:
    sure = lookup.accepted
    if sure is not None and sure.concept in kept_off:
        is_language = sure.concept not in book.conditions
        return UnderstoodText(
            None, belongs_elsewhere=sure.concept, remark=Remark.LANGUAGE if is_language else None
        )
    if sure is not None:
        return UnderstoodText(sure.concept, sure.probability, book.names[sure.concept])
    unfinished = book.certificates if lookup.remark in _UNFINISHED else frozenset()
    lookup = replace(lookup, hits=_without(kept_off | unfinished, lookup))
    guesses = _guesses(lookup, book)
    offered = (hit for hit in lookup.hits[:ALTERNATIVES] if hit.probability >= OFFERED_FROM)
    lookup = replace(lookup, hits=tuple(offered))
    if not lookup.worth_asking:
        return UnderstoodText(None, denied=lookup.negated, guesses=guesses, remark=lookup.remark)
    alternatives = tuple(
        Alternative(
            hit.concept, book.names[hit.concept], hit.label, hit.probability, hit.concept in book.conditions
        )
        for hit in lookup.hits
    )
    return UnderstoodText(
        None, alternatives=alternatives, denied=lookup.negated, guesses=guesses, remark=lookup.remark
    )


def _guesses(lookup: Lookup, book: queries.Book) -> tuple[tuple[int, float], ...]:
    """Nothing for what somebody denies or has not done yet; and never a condition, for no card can hold one."""
    if lookup.negated or lookup.remark is not None:
        return ()
    return tuple(
        (hit.concept, hit.probability)
        for hit in lookup.hits
        if hit.concept not in book.conditions and hit.probability >= WEIGHED_FROM
    )


@dataclass(frozen=True)
class SkillDetails:
    """What a skill of the vocabulary is, besides its other wordings."""

    name: str
    english: str
    area: SkillArea
    category: SkillCategory
    ladder: SkillLadder | None = None
    """None: the usual one of its category."""
    pictogram: str | None = None

    def columns(self) -> dict[str, Any]:
        """Raises UnknownPictogram."""
        if self.pictogram is not None and self.pictogram not in pictograms():
            raise UnknownPictogram(self.pictogram)
        return asdict(replace(self, ladder=self.ladder or self.category.usual_ladder))


def add_skill(
    details: SkillDetails, *, synonyms: Sequence[str] = (), by: User | None, at: datetime
) -> tuple[Skill, Renewal]:
    """A new skill; what is written with its wordings is it from now on.

    Raises LabelTaken, LabelEmpty, UnknownPictogram.
    """
    labels = {_folded(details.name): details.name, **_distinct(synonyms, details.name)}
    _refuse_taken(labels, None)
    skill = Skill(**details.columns(), folded=_folded(details.name))
    db.session.add(skill)
    _put_synonyms(skill, _distinct(synonyms, details.name))
    audit.record("skill-made", subject=skill, by=by, at=at)
    new_version(_("Ny færdighed: %(name)s", name=skill.name), at, by=by)
    return skill, _announce(skill, added=labels, at=at)


def edit_skill(
    skill: Skill, details: SkillDetails, *, seen_version: int | None, by: User, at: datetime
) -> Renewal:
    """Change a skill. A new name leaves the old one among its other wordings.

    Raises StaleVersion, LabelTaken, LabelEmpty, UnknownPictogram.
    """
    check_version(skill, seen_version)
    return _edit(skill, details, by=by, at=at)


def rename_shipped(skill: Skill, name: str, *, at: datetime) -> None:
    """The portal's files call it otherwise from now on; what a curator has called it stays. Raises LabelTaken."""
    if skill.name == skill.shipped_as:
        details = SkillDetails(name, skill.english, skill.area, skill.category, skill.ladder, skill.pictogram)
        _edit(skill, details, by=None, at=at)
    skill.shipped_as = name
    db.session.flush()


def _edit(skill: Skill, details: SkillDetails, *, by: User | None, at: datetime) -> Renewal:
    folded, before = _folded(details.name), skill.folded
    _refuse_taken({folded: details.name}, skill)
    labels = {synonym.folded: synonym.label for synonym in skill.synonyms if synonym.folded != folded}
    if folded != before:
        labels[before] = skill.name
    is_new = folded not in {before, *(synonym.folded for synonym in skill.synonyms)}
    _set(skill, details)
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


def release_wordings(synonyms: Sequence[SkillSynonym], *, at: datetime) -> None:
    """Take wordings from their skills that are to be others' within the same transaction."""
    for synonym in synonyms:
        skill = synonym.skill
        skill.synonyms.remove(synonym)
        skill.version += 1
        audit.record("synonym-removed", subject=skill, by=None, at=at)
        _announce(skill, removed={synonym.folded}, at_once=0, at=at)


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


def _set(skill: Skill, details: SkillDetails) -> None:
    for name, value in details.columns().items():
        setattr(skill, name, value)


def add_broader(skill: Skill, broader: Skill, *, by: User, at: datetime) -> None:
    """From now on the skill is a kind of the other. Raises AboveItself, RelationsInCircle."""
    if broader not in skill.broader:
        _put_broader(skill, [*skill.broader, broader])
        note = _("%(name)s hører under %(broader)s", name=skill.name, broader=broader.name)
        _note_relation(skill, note, by=by, at=at)


def remove_broader(skill: Skill, broader: Skill, *, by: User, at: datetime) -> None:
    """The skill is no longer a kind of the other."""
    if broader in skill.broader:
        _put_broader(skill, [one for one in skill.broader if one is not broader])
        note = _("%(name)s hører ikke længere under %(broader)s", name=skill.name, broader=broader.name)
        _note_relation(skill, note, by=by, at=at)


def _note_relation(skill: Skill, note: str, *, by: User, at: datetime) -> None:
    skill.version += 1
    audit.record("skill-edited", subject=skill, by=by, at=at)
    new_version(note, at, by=by)
    db.session.flush()


def _put_broader(skill: Skill, broader: Sequence[Skill]) -> None:
    """Raises AboveItself, RelationsInCircle."""
    if skill in broader:
        raise AboveItself
    # whoever relates two skills waits for the other: together they could make a circle that neither sees
    db.session.execute(sa.select(Skill.id).order_by(Skill.id).with_for_update())
    above = {**queries.broader_ids(), skill.id: [one.id for one in broader]}
    circle = circle_through(skill.id, above)
    if circle:
        names = {one.id: one.name for one in db.session.scalars(sa.select(Skill).where(Skill.id.in_(circle)))}
        raise RelationsInCircle([names[skill_id] for skill_id in circle])
    skill.broader = list(broader)


def put_skill(
    details: SkillDetails,
    synonyms: Sequence[str] = (),
    *,
    broader: Sequence[Skill] | None = None,
    at: datetime,
) -> bool:
    """Add the skill or bring it up to date; returns whether anything changed. Without `broader` that stays.

    Raises LabelTaken, UnknownPictogram, AboveItself, RelationsInCircle. The caller raises the version with
    `new_version` once all is put. What is written with its wordings is linked at once, and left for `rematch` to
    match anew.
    """
    labels = _distinct(synonyms, details.name)
    skill = db.session.scalar(sa.select(Skill).where(Skill.name == details.name))
    if skill is not None and _is_so(skill, details, labels, broader):
        return False
    _refuse_taken({fold(details.name): details.name, **labels}, skill)
    if skill is None:
        before: set[str] = set()
        skill = Skill(**details.columns(), folded=fold(details.name))
        db.session.add(skill)
    else:
        before = {skill.folded, *(synonym.folded for synonym in skill.synonyms)}
        skill.version += 1
        _set(skill, details)
    _put_synonyms(skill, labels)
    if broader is not None:
        _put_broader(skill, broader)
    audit.record("skill-put", subject=skill, by=None, at=at)
    after = {skill.folded, *labels}
    _announce(skill, added=after - before, removed=before - after, at_once=0, at=at)
    return True


def _is_so(
    skill: Skill, details: SkillDetails, labels: Mapping[str, str], broader: Sequence[Skill] | None
) -> bool:
    same = all(getattr(skill, name) == value for name, value in details.columns().items())
    related = broader is None or set(broader) == set(skill.broader)
    return same and related and labels == {synonym.folded: synonym.label for synonym in skill.synonyms}


def _distinct(synonyms: Sequence[str], name: str) -> dict[str, str]:
    """Folded form -> label, without blanks and repeats of the name."""
    labels: dict[str, str] = {}
    for label in synonyms:
        folded = fold(label)
        if folded and folded != fold(name):
            labels.setdefault(folded, label.strip())
    return labels


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


@dataclass(frozen=True)
class TitleDetails:
    """What a job title is, besides its tasks."""

    name: str
    english: str
    area: SkillArea
    synonyms: tuple[str, ...] = ()


def put_title(
    details: TitleDetails, *, tasks: Sequence[tuple[Skill, int]] | None = None, at: datetime
) -> bool:
    """Add the job title or bring it up to date, with its tasks and their levels; returns whether anything changed.

    Without `tasks` those that it has stay.
    """
    labels = list(_distinct(details.synonyms, details.name).values())
    wanted = {**asdict(details), "synonyms": labels}
    title = db.session.scalar(sa.select(JobTitle).where(JobTitle.name == details.name))
    if title is None:
        title = JobTitle(**wanted)
        db.session.add(title)
    else:
        had = [(task.skill, task.level) for task in title.tasks]
        same = all(getattr(title, name) == value for name, value in wanted.items())
        if same and (tasks is None or had == list(tasks)):
            return False
        for name, value in wanted.items():
            setattr(title, name, value)
    if tasks is not None:
        _put_tasks(title, tasks)
    audit.record("job-title-put", subject=title, by=None, at=at)
    return True


def _put_tasks(title: JobTitle, tasks: Sequence[tuple[Skill, int]]) -> None:
    title.tasks = []
    db.session.flush()  # what comes again is another row with the same key
    title.tasks = [
        JobTitleTask(skill=skill, level=level, position=position)
        for position, (skill, level) in enumerate(tasks)
    ]
    db.session.flush()


def new_version(note: str, at: datetime, *, by: User | None = None) -> VocabularyVersion:
    """Name what changed; from now on texts are understood with the new words."""
    version = VocabularyVersion(at=at, note=note[:NOTE_LENGTH])
    db.session.add(version)
    audit.record("vocabulary-changed", subject=version, by=by, at=at)
    return version
