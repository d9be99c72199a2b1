"""Reads of cards: scoped to the reader, grouped for the page and the paper, and as the matcher sees them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby, pairwise
from typing import Any

import sqlalchemy as sa
from babel.dates import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload, selectinload

from portal import matching
from portal.base import events
from portal.base.alphabet import alphabet_key
from portal.base.clock import danish_midnight
from portal.base.database import db
from portal.base.events import PlaceWorked
from portal.base.terms import (
    SKILL_LEVELS,
    Industry,
    Language,
    SkillArea,
    SkillSource,
)
from portal.loop.cards.fields import MATCHED, for_matcher, paper_lines
from portal.loop.cards.models import CardVersion, Certificate, CompetenceCard, SkillEvidence, WishedWork
from portal.loop.cards.paper import (
    CardOnPaper,
    CertificateOnPaper,
    LanguageOnPaper,
    LineOnPaper,
    SecondLanguage,
    SkillGroupOnPaper,
    SkillOnPaper,
    StepOnPaper,
    TitleOnPaper,
    TriedPlaceOnPaper,
)
from portal.loop.cards.reach import TitleReached, UsualTask, UsualTitle, reaches
from portal.loop.cards.versions import FieldChange, changes
from portal.loop.cards.wording import LocalizedText, danish_course_text, reading_said, speaking_said
from portal.loop.citizens.models import Citizen
from portal.shared.accounts.models import User
from portal.shared.skills import queries as vocabulary
from portal.shared.skills.models import JobTitle, JobTitleTask, SkillCategory
from portal.shared.skills.stored import AS_STORED, ReadAs, StoredMeaning
from portal.shared.skills.translations import PhraseKind, danish, translated, words_of
from portal.web.permissions import Action, Scope

PRINT_VALID_DAYS = 182
"""A printed card ages: after half a year it is talked through and printed again."""

CERTIFICATE_LEVEL = 4
"""A certificate is held or not; held, it satisfies any level an opening asks."""

_OWN_GROUP = ""
_GROUP_LABELS = {
    SkillCategory.FAGLIG.value: _l("Opgaver på arbejde"),
    SkillCategory.UFORMEL.value: _l("Erfaring fra hjem og forening"),
    SkillCategory.PERSONLIG.value: _l("Sådan er jeg på arbejde"),
    SkillCategory.SPROGLIG.value: _l("Sprog i hverdagen"),
    SkillCategory.CERTIFIKAT.value: _l("Kurser"),
    _OWN_GROUP: _l("Andet, med mine egne ord"),
}


@dataclass(frozen=True)
class SkillOnCard:
    """One skill with everything that was said about it, newest first."""

    name: str
    evidence: tuple[SkillEvidence, ...]

    @property
    def best(self) -> SkillEvidence:
        """The highest level; among equals what others saw, and last."""
        return max(self.evidence, key=lambda line: (line.level, line.source.trust, line.seen_on, line.id))

    @property
    def own_words(self) -> tuple[str, ...]:
        """What was written, where it differs from the vocabulary's phrase."""
        return tuple(
            dict.fromkeys(line.text for line in self.evidence if line.text.lower() != self.name.lower())
        )


@dataclass(frozen=True)
class SkillGroup:
    """`key` is the category's value; empty for what stands in own words."""

    label: str
    skills: tuple[SkillOnCard, ...]
    key: str = ""


def own_card_ids(user: User) -> sa.Select[int]:
    """The signed-in citizen's card; as a subquery in what she may see."""
    return (
        sa.select(CompetenceCard.id)
        .join(Citizen, CompetenceCard.citizen_id == Citizen.id)
        .where(Citizen.user_id == user.id)
    )


def cards_seen_by(user: User) -> sa.Select[CompetenceCard]:
    """A consultant sees her municipality's cards, a citizen her own; employers only what a review opens to them."""
    statement = sa.select(CompetenceCard)
    scope = user.scope_of(Action.READ_CARD)
    if scope is Scope.MUNICIPALITY:
        return statement.where(CompetenceCard.municipality_id == user.municipality_id)
    if scope is Scope.CITIZEN:
        return statement.where(CompetenceCard.id.in_(own_card_ids(user)))
    return statement.where(sa.false())


def card_for(user: User, card_id: int) -> CompetenceCard:
    """The card with its citizen, evidence and certificates. Raises NoResultFound for a stranger's card."""
    wanted = cards_seen_by(user).where(CompetenceCard.id == card_id)
    return db.session.scalars(wanted.options(*_WHOLE)).unique().one()


def cards_among(user: User, card_ids: Iterable[int]) -> list[CompetenceCard]:
    """Those of the cards that the user sees, whole, in the order they were made."""
    wanted = cards_seen_by(user).where(CompetenceCard.id.in_(list(card_ids)))
    return list(db.session.scalars(wanted.options(*_WHOLE).order_by(CompetenceCard.id)).unique())


def own_card(user: User) -> CompetenceCard | None:
    """The signed-in citizen's card, if a consultant has made one."""
    statement = sa.select(CompetenceCard).where(CompetenceCard.id.in_(own_card_ids(user))).options(*_WHOLE)
    return db.session.scalars(statement).unique().one_or_none()


def cards_by_citizen() -> sa.FromClause:
    """Answers `events.cards_by_citizen`."""
    return CompetenceCard.__table__


def card_of(citizen: Citizen) -> CompetenceCard | None:
    """The citizen's card, or None before a consultant has made one."""
    return db.session.scalar(sa.select(CompetenceCard).where(CompetenceCard.citizen_id == citizen.id))


_WHOLE = (
    joinedload(CompetenceCard.citizen).joinedload(Citizen.municipality),
    selectinload(CompetenceCard.evidence).joinedload(SkillEvidence.skill),
    joinedload(CompetenceCard.certificates).joinedload(Certificate.skill),
    joinedload(
        CompetenceCard.languages
    ),  # as the certificates, a few rows each: not worth statements of their own
    joinedload(CompetenceCard.wished_work).options(
        joinedload(WishedWork.title), joinedload(WishedWork.skill)
    ),
)


@dataclass(frozen=True)
class VersionStep:
    """One change of a card: which version it made, when, by whom (empty: the portal) and what changed."""

    version: int
    at: datetime
    action: str
    by: str
    changes: tuple[FieldChange, ...]


VERSIONS_SHOWN = 50
"""The latest changes on one page; any day can be asked for."""


def version_steps(card: CompetenceCard, *, name_staff: bool) -> list[VersionStep]:
    """The latest changes, newest first. `name_staff`: colleagues by name, else only "kommunen"."""
    rows = db.session.execute(
        sa.select(CardVersion, User)
        .outerjoin(User, User.id == CardVersion.by_id)
        .where(CardVersion.card_id == card.id)
        .order_by(CardVersion.version.desc())
        .limit(VERSIONS_SHOWN + 1)
    ).all()
    steps = []
    for (later, user), (earlier, _user) in pairwise([*rows, (None, None)]):
        if later is not None:
            before = earlier.content if earlier is not None else {}
            steps.append(
                VersionStep(
                    later.version, later.at, later.action, _who(user, name_staff),
                    tuple(changes(before, later.content)),
                )
            )  # fmt: skip
    return steps[:VERSIONS_SHOWN]


def _who(user: User | None, name_staff: bool) -> str:
    if user is None:
        return _("Portalen")
    if user.scope is Scope.CITIZEN:
        return _("Borgeren selv")
    return user.name if name_staff else _("Kommunen")


def version_now(card: CompetenceCard) -> CardVersion | None:
    """The version that was kept when the card was last changed."""
    statement = sa.select(CardVersion).where(
        CardVersion.card_id == card.id, CardVersion.version == card.version
    )
    return db.session.scalar(statement)


def version_on(card: CompetenceCard, day: date) -> CardVersion | None:
    """The card as it stood at the end of the day; None before the first version that was kept."""
    ends = danish_midnight(day + timedelta(days=1))
    statement = (
        sa.select(CardVersion)
        .where(CardVersion.card_id == card.id, CardVersion.at < ends)
        .order_by(CardVersion.at.desc(), CardVersion.version.desc())
        .limit(1)
    )
    return db.session.scalar(statement)


@dataclass(frozen=True)
class SkillProgress:
    """One skill over time: how she sees it and what others saw, oldest first."""

    name: str
    own: tuple[SkillEvidence, ...]
    observed: tuple[SkillEvidence, ...]

    @property
    def lines(self) -> tuple[SkillEvidence, ...]:
        return tuple(sorted(self.own + self.observed, key=lambda line: (line.seen_on, line.id)))

    @property
    def spans_days(self) -> bool:
        """Whether there is anything to draw: one day is a dot."""
        return self.lines[0].seen_on != self.lines[-1].seen_on


def progress(card: CompetenceCard) -> list[SkillProgress]:
    """The skills with most to tell first: seen by both, then by how often something was said."""
    by_skill: dict[str, list[SkillEvidence]] = defaultdict(list)
    for line in sorted(card.evidence, key=lambda line: (line.seen_on, line.id)):
        by_skill[line.skill.name if line.skill else line.text].append(line)
    found = [
        SkillProgress(
            _sentence(name),
            tuple(line for line in lines if line.source is SkillSource.OWN),
            tuple(line for line in lines if line.source is not SkillSource.OWN),
        )
        for name, lines in by_skill.items()
    ]
    return sorted(
        found, key=lambda one: (not (one.own and one.observed), -len(one.own) - len(one.observed), one.name)
    )


def evidence_of(card: CompetenceCard, evidence_id: int) -> SkillEvidence:
    """Raises NoResultFound for another card's line."""
    statement = sa.select(SkillEvidence).where(
        SkillEvidence.id == evidence_id, SkillEvidence.card_id == card.id
    )
    return db.session.scalars(statement).one()


def certificate_of(card: CompetenceCard, certificate_id: int) -> Certificate:
    """Raises NoResultFound for another card's certificate."""
    statement = sa.select(Certificate).where(Certificate.id == certificate_id, Certificate.card_id == card.id)
    return db.session.scalars(statement).one()


def wish_of(card: CompetenceCard, wish_id: int) -> WishedWork:
    """Raises NoResultFound for another card's wish."""
    statement = sa.select(WishedWork).where(WishedWork.id == wish_id, WishedWork.card_id == card.id)
    return db.session.scalars(statement).one()


def skill_groups(card: CompetenceCard) -> list[SkillGroup]:
    """The card's skills by kind, the best first; all that was said of one skill stands together."""
    lines: dict[tuple[str, str], list[SkillEvidence]] = defaultdict(list)
    for line in card.evidence:
        group = line.skill.category.value if line.skill else _OWN_GROUP
        lines[group, line.skill.name if line.skill else line.text].append(line)
    groups = []
    for key, label in _GROUP_LABELS.items():
        skills = [
            SkillOnCard(
                _sentence(name), tuple(sorted(found, key=lambda line: (line.seen_on, line.id), reverse=True))
            )
            for (group, name), found in lines.items()
            if group == key
        ]
        if skills:
            skills.sort(
                key=lambda skill: (-skill.best.level, -skill.best.source.trust, alphabet_key(skill.name))
            )
            groups.append(SkillGroup(str(label), tuple(skills), key))
    return groups


def _sentence(name: str) -> str:
    return name[:1].upper() + name[1:]


def second_language(language: Language, *, only_reviewed: bool) -> SecondLanguage:
    """The language beside Danish on paper."""
    return SecondLanguage(
        language.value,
        language.direction.value,
        lambda kind, key: translated(PhraseKind(kind), key, language),
        only_reviewed,
    )


def card_on_paper(
    card: CompetenceCard, *, url: str, printed_on: date, trade: Industry | None = None, usable: bool = False
) -> CardOnPaper:
    """What the printed card shows: only what she can (level 1 and up), and never a note or a wish.

    `usable`: on the back, where the card can be used.
    """
    municipality = card.citizen.municipality
    danish_on_paper = LanguageOnPaper(
        LocalizedText(_("Dansk"), "heading", "danish"),
        speaking_said(card),
        reading_said(card),
        danish_course_text(card),
    )
    return CardOnPaper(
        first_name=card.citizen.first_name,
        number=card.number,
        printed_on=printed_on,
        valid_until=printed_on + timedelta(days=PRINT_VALID_DAYS),
        url=url,
        unit_name=f"{municipality.unit_term}, {municipality.name} Kommune",
        unit_phone=municipality.phone,
        goal=card.goal,
        next_step=card.next_step,
        groups=tuple(_group_on_paper(group) for group in skill_groups(card)),
        languages=(
            *((danish_on_paper,) if danish_on_paper.is_known else ()),
            *(
                LanguageOnPaper(line.name, course=str(line.level.label))
                for line in card.languages
                if line.shown
            ),
        ),
        certificates=tuple(
            CertificateOnPaper(line.text, line.valid_until)
            for line in card.certificates
            if line.valid_until is None or line.valid_until >= printed_on
        ),
        availability=tuple(LineOnPaper(label, values) for label, values in paper_lines(card)),
        week={day: tuple(parts) for day, parts in card.week.items()},
        places_tried=tuple(
            TriedPlaceOnPaper(place.name, format_date(place.last_on, "MMMM y", locale="da"))
            for place in places_tried(card, on=printed_on)
        ),
        way=tuple(
            StepOnPaper(f"{step.number}. {step.name}", LocalizedText(step.state, *step.phrase))
            for step in events.way_of(card.citizen_id)
        ),
        words_of_the_trade=tuple(
            LocalizedText(danish(PhraseKind.WORD, key), PhraseKind.WORD, key)
            for key in (words_of(trade) if trade else ())
        ),
        usable_as=tuple(_title_on_paper(one) for one in titles_reached(card, on=printed_on) if one.is_reached)
        if usable
        else (),
    )


def _title_on_paper(reach: TitleReached) -> TitleOnPaper:
    return TitleOnPaper(
        LocalizedText(reach.title, PhraseKind.TITLE, reach.title),
        held=len(reach.held),
        total=len(reach.tasks),
        level_short=tuple(
            LocalizedText(task.name, PhraseKind.SKILL, task.name) for task in reach.level_short
        ),
        missing=tuple(LocalizedText(task.name, PhraseKind.SKILL, task.name) for task in reach.missing),
    )


def _group_on_paper(group: SkillGroup) -> SkillGroupOnPaper:
    lines = []
    for skill in group.skills:
        best = skill.best
        if best.level == 0:
            continue
        words = "; ".join(skill.own_words)
        seen_by = best.seen_at or str(best.source.label)
        if best.setting is not None:
            seen_by = f"{seen_by}, {str(best.setting.label).lower()}"
        lines.append(
            SkillOnPaper(
                skill.name, best.level, str(SKILL_LEVELS[best.level]), words, seen_by, best.seen_on,
                key=best.skill.name if best.skill else "",
            )
        )  # fmt: skip
    return SkillGroupOnPaper(LocalizedText(group.label, "group", group.key or "own_words"), tuple(lines))


def places_tried(card: CompetenceCard, *, on: date) -> list[PlaceWorked]:
    """Where she has worked, the latest first: her placements say it, also when the workplace never answered."""
    seen = [
        PlaceWorked(line.seen_at, line.seen_on)
        for line in card.evidence
        if line.source is SkillSource.EMPLOYER and line.seen_at
    ]
    return latest_first([*events.places_worked(card.id, by=on), *seen])


def latest_first(places: Iterable[PlaceWorked]) -> list[PlaceWorked]:
    """Each workplace once."""
    last: dict[str, date] = {}
    for name, last_on in places:
        last[name] = max(last_on, last.get(name, last_on))
    found = [PlaceWorked(name, last_on) for name, last_on in last.items()]
    return sorted(found, key=lambda place: place.last_on, reverse=True)


def titles_reached(card: CompetenceCard, *, on: date) -> list[TitleReached]:
    """How far the card reaches each job title, the best first: those with anything of it, and those she wishes for."""
    wished, book = {wish.title_id for wish in card.wished_work}, vocabulary.book()
    titles = [
        UsualTitle(*title, tuple(UsualTask(task.skill_id, task.task, task.level) for task in tasks))
        for title, tasks in groupby(book.usual_tasks, lambda row: (row.id, row.name, row.area.value))
    ]
    found = reaches(card_as_read(card, book, on=on), titles, book.relations)
    return [one for one in found if one.is_reached or one.title_id in wished]


TITLES_SHOWN = 10
"""The best titles on a page; the others come when she asks for more."""


def card_input(card: CompetenceCard, *, on: date) -> matching.Card:
    """The card as the matcher sees it on that day: without the person, and without expired certificates."""
    return card_inputs(sa.select(CompetenceCard).where(CompetenceCard.id == card.id), on=on)[0]


def card_as_read(card: CompetenceCard, book: vocabulary.Book, *, on: date) -> matching.Card:
    """The same for a page that has read the whole card already and writes nothing: no further SQL."""
    usual = book.tasks_of_titles
    wished, trades = _wishes_of(
        (wish.skill_id or task, wish.title.area if wish.title else None)
        for wish in card.wished_work
        for task in (usual.get(wish.title_id) or (None,) if wish.title_id else (None,))
    )
    held = [
        _held(line, StoredMeaning.of(line.skill_id, line.confidence, line.guesses)) for line in card.evidence
    ]
    held += [
        _proved(paper.text, StoredMeaning.of(paper.skill_id, 1.0, paper.guesses))
        for paper in card.certificates
        if paper.valid_until is None or paper.valid_until >= on
    ]
    return matching.Card(
        id=card.id,
        version=card.version,
        skills=tuple(held),
        wished=frozenset(wished),
        wished_industries=frozenset(trades if card.wished_work else card.wishes),
        **for_matcher({field.column: getattr(card, field.column) for field in MATCHED}),
    )


def card_inputs(
    cards: sa.Select[CompetenceCard], *, on: date, read_as: ReadAs = AS_STORED
) -> list[matching.Card]:
    """The selected cards as the matcher sees them: three SQL statements for any number, in order of id.

    `read_as` is how phrases are taken that are to be understood anew.
    """
    ids = cards.with_only_columns(CompetenceCard.id).order_by(None)
    skills = _skill_inputs(ids, on=on, read_as=read_as)
    wished, trades = _wish_inputs(ids)
    card = CompetenceCard
    columns = [getattr(card, field.column) for field in MATCHED]
    rows = db.session.execute(
        sa.select(card.id, card.version, *columns).where(card.id.in_(ids)).order_by(card.id)
    )
    return [
        matching.Card(
            id=row["id"],
            version=row["version"],
            skills=tuple(skills.get(row["id"], ())),
            wished=frozenset(wished.get(row["id"], ())),
            wished_industries=frozenset(trades[row["id"]] if row["id"] in wished else row["wishes"]),
            **for_matcher(row),
        )
        for row in rows.mappings()
    ]


def _wish_inputs(ids: sa.Select[int]) -> tuple[dict[int, set[int]], dict[int, set[str]]]:
    """By card the tasks she would like, her wished titles' own among them, and the trades of those titles.

    Who has wished work is wished by that; a card without says what trades it named.
    """
    wish, task = WishedWork, JobTitleTask
    rows = db.session.execute(
        sa.select(wish.card_id, sa.func.coalesce(wish.skill_id, task.skill_id), JobTitle.area)
        .outerjoin(JobTitle, JobTitle.id == wish.title_id)
        .outerjoin(task, task.title_id == wish.title_id)
        .where(wish.card_id.in_(ids))
        .order_by(wish.card_id)
    )
    found = {
        card_id: _wishes_of((skill_id, area) for _id, skill_id, area in of_card)
        for card_id, of_card in groupby(rows, lambda row: row[0])
    }
    return {one: tasks for one, (tasks, _) in found.items()}, {
        one: named for one, (_, named) in found.items()
    }


def _wishes_of(wishes: Iterable[tuple[int | None, SkillArea | None]]) -> tuple[set[int], set[str]]:
    """The tasks and the trades that are wished for, of (task, area of the wished title)."""
    read = list(wishes)
    tasks = {skill_id for skill_id, _area in read if skill_id is not None}
    trades = {area for _skill_id, area in read if area is not None}
    return tasks, {area.value for area in trades - {SkillArea.FAELLES}}


def _skill_inputs(ids: sa.Select[int], *, on: date, read_as: ReadAs) -> dict[int, list[matching.CardSkill]]:
    """What each card holds, then what its certificates prove: one statement."""
    found: dict[int, list[matching.CardSkill]] = defaultdict(list)
    line, paper = SkillEvidence, Certificate
    lines = sa.select(
        sa.literal(line.__tablename__).label("table"), line.id, line.card_id, line.text, line.skill_id, line.guesses,
        line.confidence, line.level, line.source, line.seen_on, line.seen_at,
    ).where(line.card_id.in_(ids))  # fmt: skip
    nothing = (
        sa.cast(sa.null(), column.type) for column in (line.level, line.source, line.seen_on, line.seen_at)
    )
    papers = sa.select(
        sa.literal(paper.__tablename__), paper.id, paper.card_id, paper.text, paper.skill_id, paper.guesses,
        sa.literal(1.0), *nothing,
    ).where(paper.card_id.in_(ids), sa.or_(paper.valid_until.is_(None), paper.valid_until >= on))  # fmt: skip
    both: sa.CompoundSelect[Any] = sa.union_all(lines, papers)
    for row in db.session.execute(both.order_by(sa.desc("table"), "id")):
        stored = StoredMeaning.of(row.skill_id, row.confidence, row.guesses)
        meaning = StoredMeaning(*read_as.get((row.table, row.id), stored))
        is_paper = row.table == paper.__tablename__
        found[row.card_id].append(_proved(row.text, meaning) if is_paper else _held(row, meaning))
    return found


def _held(line: Any, meaning: StoredMeaning) -> matching.CardSkill:
    """`line` is the row or the entity."""
    return matching.CardSkill(
        line.text,
        meaning.skill_id,
        line.level,
        line.source.value,
        line.seen_on.isoformat(),
        line.seen_at,
        meaning.confidence,
        meaning.guesses,
    )


def _proved(text: str, meaning: StoredMeaning) -> matching.CardSkill:
    """What a certificate says: it is had, whoever asks."""
    own = SkillSource.OWN.value
    return matching.CardSkill(
        text, meaning.skill_id, CERTIFICATE_LEVEL, own, None, None, guesses=meaning.guesses
    )
