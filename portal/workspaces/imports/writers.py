"""From understood rows to records, one writer per kind: what a row would change, and the change itself.

A writer reads all it needs in a few statements, so that five thousand rows cost no more reads than five.
Writing goes through the rooms' own services; what no service offers (an employer that moved) is changed here, with its
line.
"""

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload, selectinload

from portal.base.database import db
from portal.base.errors import DomainError
from portal.base.folding import case_key
from portal.base.terms import SkillSource, TaskKind
from portal.lexicon import fold
from portal.loop.cards import services as cards
from portal.loop.cards.models import CompetenceCard, SkillEvidence
from portal.loop.citizens import services as citizens
from portal.loop.citizens.doubles import Described, Lookalike, PeopleOnFile
from portal.loop.citizens.models import Citizen
from portal.loop.employers import services as employers
from portal.loop.employers.models import ContactPerson, Employer, Workplace
from portal.loop.openings import services as openings
from portal.loop.openings.models import Opening, OpeningStatus
from portal.shared.accounts.models import User
from portal.shared.audit import services as audit
from portal.shared.rules.checks import Born
from portal.shared.skills import queries as vocabulary
from portal.shared.skills import services as skills
from portal.shared.skills.models import JobTitle, Skill
from portal.shared.skills.relations import AboveItself, RelationsInCircle, circle_through
from portal.workspaces.imports.effects import Answers, RowEffect, RowRefused
from portal.workspaces.imports.kinds import (
    CARD_COLUMNS,
    CardRow,
    EmployerRow,
    FirstStatus,
    OpeningRow,
    UnderstoodRow,
    WordRow,
    natural_key,
)
from portal.workspaces.imports.language_hours import LanguageHoursWriter
from portal.workspaces.imports.models import ImportKind
from portal.workspaces.imports.situations import MembershipWriter, SpellWriter, citizens_by_case


class EmployerWriter:
    """Employers by CVR, their workplaces by P-number, contacts by e-mail. The name is the workplace's own, and the
    employer's as long as it has only one."""

    def __init__(self, rows: Sequence[UnderstoodRow], *, municipality_id: int, today: date) -> None:
        self._rows, self._municipality_id, self._today = rows, municipality_id, today
        self._first_lines: dict[str, UnderstoodRow] = {}
        for understood in rows:
            self._first_lines.setdefault(understood.row.cvr, understood)
        self.load()

    def load(self) -> None:
        found = db.session.scalars(
            sa.select(Employer)
            .where(Employer.cvr.in_(self._first_lines))
            .options(
                selectinload(Employer.workplaces),
                selectinload(Employer.contacts),
                joinedload(Employer.municipality),
            )
        )
        self._known = {employer.cvr: employer for employer in found}

    def compare(self, understood: UnderstoodRow) -> RowEffect:
        row: EmployerRow = understood.row
        first = self._first_lines[row.cvr]
        if first.row.industry is not row.industry:
            reason = _("Samme CVR har en anden branche på linje %(line)s.", line=first.line)
            raise RowRefused("industry", reason)
        if row.heads is not None and row.heads < row.full_time_staff:
            reason = _("Der kan ikke være færre personer end årsværk.")
            raise RowRefused("heads", reason)
        employer = self._known.get(row.cvr)
        if employer is None:
            return RowEffect.NEW
        if employer.municipality_id != self._municipality_id:
            reason = _("Virksomheden hører til %(name)s Kommune.", name=employer.municipality.name)
            raise RowRefused("cvr", reason)
        workplace = _workplace(employer, row)
        if workplace is None:
            return RowEffect.NEW
        same = (
            _stored(workplace) == _wanted(workplace, row)
            and employer.industry is row.industry
            and self._employer_name(employer, row) == employer.name
            and _contact_is_same(employer, row)
        )
        return RowEffect.UNCHANGED if same else RowEffect.CHANGED

    def _employer_name(self, employer: Employer, row: EmployerRow) -> str:
        return row.name if len(employer.workplaces) == 1 else employer.name

    def write(self, understood: UnderstoodRow, *, by: User | None, at: datetime) -> None:
        row: EmployerRow = understood.row
        employer = self._known.get(row.cvr)
        if employer is None:
            described = employers.EmployerDetails(row.cvr, row.name, row.industry, self._municipality_id)
            employer = employers.add_employer(described, by=by, at=at)
        workplace = _workplace(employer, row)
        if workplace is None:
            details = employers.WorkplaceDetails(
                row.p_number, row.name, row.address, row.postcode, row.full_time_staff, heads=row.heads
            )
            employers.add_workplace(employer, details, stated_on=self._today, by=by, at=at)
        elif _stored(workplace) != _wanted(workplace, row):
            self._edit_workplace(workplace, row, by=by, at=at)
        self._edit_employer(employer, row, by=by, at=at)
        self._put_contact(employer, row, by=by, at=at)
        self._known[row.cvr] = employer

    def _edit_workplace(
        self, workplace: Workplace, row: EmployerRow, *, by: User | None, at: datetime
    ) -> None:
        if workplace.full_time_staff != row.full_time_staff or workplace.staff_stated_on is None:
            workplace.staff_stated_on = self._today
        workplace.heads, workplace.p_number = _heads(workplace, row), row.p_number
        workplace.name, workplace.address, workplace.postcode = row.name, row.address, row.postcode
        workplace.full_time_staff = row.full_time_staff
        audit.record("workplace-edited", subject=workplace, by=by, at=at)

    def _edit_employer(self, employer: Employer, row: EmployerRow, *, by: User | None, at: datetime) -> None:
        name = self._employer_name(employer, row)
        if (employer.name, employer.industry) == (name, row.industry):
            return
        employer.name = name
        if employer.industry is not row.industry:
            employers.change_trade(employer, row.industry, on=self._today, at=at)
        employer.version += 1
        audit.record("employer-edited", subject=employer, by=by, at=at)

    def _put_contact(self, employer: Employer, row: EmployerRow, *, by: User | None, at: datetime) -> None:
        contact = _contact(employer, row)
        if contact is None:
            details = employers.ContactDetails(row.contact_name, row.contact_email, row.contact_phone)
            employers.add_contact(employer, details, user=None, by=by, at=at)
        elif not _contact_is_same(employer, row):
            contact.name, contact.phone = row.contact_name, row.contact_phone
            audit.record("contact-edited", subject=contact, by=by, at=at)

    def finish(self, *, changed: int, at: datetime) -> None:
        return


def _workplace(employer: Employer, row: EmployerRow) -> Workplace | None:
    """By its P-number; else the one at the same address that nobody has said a P-number of yet."""
    for place in employer.workplaces:
        if place.p_number == row.p_number:
            return place
    here = _address(row.address, row.postcode)
    unsaid = (place for place in employer.workplaces if not place.p_number)
    return next((place for place in unsaid if _address(place.address, place.postcode) == here), None)


def _address(street: str, postcode: str) -> tuple[str, str]:
    return " ".join(street.casefold().split()), postcode


def _stored(workplace: Workplace) -> tuple[Any, ...]:
    place = workplace
    return place.p_number, place.name, place.address, place.postcode, place.full_time_staff, place.heads


def _wanted(workplace: Workplace, row: EmployerRow) -> tuple[Any, ...]:
    staff = row.full_time_staff
    return row.p_number, row.name, row.address, row.postcode, staff, _heads(workplace, row)


def _heads(workplace: Workplace, row: EmployerRow) -> int | None:
    """What the file says; else what is known, unless the staff has outgrown it."""
    if row.heads is not None or workplace.heads is None:
        return row.heads
    return workplace.heads if workplace.heads >= row.full_time_staff else None


def _contact(employer: Employer, row: EmployerRow) -> ContactPerson | None:
    return next((one for one in employer.contacts if one.email.lower() == row.contact_email), None)


def _contact_is_same(employer: Employer, row: EmployerRow) -> bool:
    contact = _contact(employer, row)
    return contact is not None and (contact.name, contact.phone) == (row.contact_name, row.contact_phone)


_DETAILS = frozenset(one.name for one in dataclasses.fields(openings.OpeningDetails))


class OpeningWriter:
    """Openings at workplaces that are known. New ones are drafts; "opslået" publishes, and nothing takes one down."""

    def __init__(self, rows: Sequence[UnderstoodRow], *, municipality_id: int, today: date) -> None:
        self._rows, self._municipality_id, self._today = rows, municipality_id, today
        self.load()

    def load(self) -> None:
        cvrs = {understood.row.cvr for understood in self._rows}
        places = db.session.scalars(
            sa.select(Workplace)
            .join(Workplace.employer)
            .where(Employer.cvr.in_(cvrs), Employer.municipality_id == self._municipality_id)
            .options(joinedload(Workplace.employer))
        ).all()
        self._workplaces = {(place.employer.cvr, place.p_number): place for place in places}
        by_id = {place.id: place for place in places}
        found = db.session.scalars(
            sa.select(Opening)
            .where(Opening.workplace_id.in_(by_id))
            .options(selectinload(Opening.tasks))
            .order_by(Opening.id)
        )
        self._known = {_opening_key(opening, by_id[opening.workplace_id]): opening for opening in found}

    def compare(self, understood: UnderstoodRow) -> RowEffect:
        row: OpeningRow = understood.row
        if (row.cvr, row.p_number) not in self._workplaces:
            reason = _("Kommunen har ingen virksomhed med det CVR- og P-nummer. Indlæs virksomheden først.")
            raise RowRefused("p_number", reason)
        self._check(row)
        opening = self._known.get(natural_key(ImportKind.OPENINGS, row))
        if opening is None:
            return RowEffect.NEW
        if not self._same(opening, row):
            if opening.status is OpeningStatus.WITHDRAWN:
                raise RowRefused("", _("Åbningen er trukket tilbage og kan ikke rettes."))
            return RowEffect.CHANGED
        return RowEffect.CHANGED if self._publishes(opening, row) else RowEffect.UNCHANGED

    def _check(self, row: OpeningRow) -> None:
        problem = None
        if row.ends_on is not None and row.ends_on < row.starts_on:
            problem = "ends_on", _("Slutdatoen ligger før startdatoen.")
        elif (row.danish_speaking or row.danish_reading) and not row.danish_use:
            problem = "danish_use", _("Skriv, hvad dansk skal bruges til, når der stilles krav om dansk.")
        elif row.status is FirstStatus.PUBLISHED and not (row.must or row.nice or row.learn):
            problem = "must", _("Skriv mindst én opgave, når åbningen skal slås op.")
        if problem is not None:
            raise RowRefused(*problem)

    def _same(self, opening: Opening, row: OpeningRow) -> bool:
        details = self._details(row, opening)
        tasks = {(task.kind, task.text, task.level) for task in opening.tasks}
        wanted = {(task.kind, task.text, task.level) for task in _drafts(row)}
        workplace = self._workplaces[row.cvr, row.p_number]
        return tasks == wanted and all(
            getattr(opening, name) == value
            for name, value in {
                **vars(details),
                "industry": details.industry or workplace.employer.industry,
                "postcode": details.postcode or workplace.postcode,
            }.items()
        )

    def _publishes(self, opening: Opening, row: OpeningRow) -> bool:
        return opening.status is OpeningStatus.DRAFT and row.status is FirstStatus.PUBLISHED

    def _details(self, row: OpeningRow, opening: Opening | None) -> openings.OpeningDetails:
        """What the row says; what it has no column for, and the title, stay as they stand."""
        said = {name: value for name, value in vars(row).items() if name in _DETAILS}
        kept = {name: getattr(opening, name) for name in _DETAILS - set(said)} if opening else {}
        return openings.OpeningDetails(**{**said, **kept, "title": opening.title if opening else row.title})

    def write(self, understood: UnderstoodRow, *, by: User | None, at: datetime) -> None:
        row: OpeningRow = understood.row
        key = natural_key(ImportKind.OPENINGS, row)
        opening = self._known.get(key)
        details = self._details(row, opening)
        if opening is None:
            workplace = self._workplaces[row.cvr, row.p_number]
            opening = openings.create_opening(workplace, details, _drafts(row), by=by, at=at)
        elif not self._same(opening, row):
            openings.edit_opening(opening, details, _drafts(row), by=by, at=at)
        if self._publishes(opening, row):
            openings.publish_opening(opening, by=by, at=at, today=self._today)
        self._known[key] = opening

    def finish(self, *, changed: int, at: datetime) -> None:
        return


def _opening_key(opening: Opening, place: Workplace) -> tuple[Any, ...]:
    return place.employer.cvr, place.p_number, opening.title.casefold(), opening.starts_on, opening.form


def _drafts(row: OpeningRow) -> list[openings.TaskDraft]:
    kinds = ((TaskKind.MUST, row.must), (TaskKind.NICE, row.nice), (TaskKind.LEARN, row.learn))
    return [openings.TaskDraft(text, kind, level) for kind, tasks in kinds for text, level in tasks]


class CardWriter:
    """Citizens by case reference, with their cards. An empty cell says nothing, so it erases nothing; a skill is put
    beside what stands, as the citizen's own words."""

    def __init__(
        self,
        rows: Sequence[UnderstoodRow],
        *,
        municipality_id: int,
        today: date,
        answers: Answers = MappingProxyType({}),
    ) -> None:
        self._rows, self._municipality_id, self._today = rows, municipality_id, today
        self._answers = answers
        self.questions: dict[int, list[Lookalike]] = {}
        """By line who its person may be: asked of every new one."""
        self.repeats: dict[int, list[Lookalike]] = {}
        """By line the lines before it that may be about the same person, each as its `citizen_id`."""
        self._register: PeopleOnFile | None = None
        self._in_file = PeopleOnFile()
        self._told: dict[int, int] = {}
        """By citizen the line that is about her."""
        self._made: dict[int, int] = {}
        """By line the citizen that was made of it."""
        self.load()

    def load(self) -> None:
        self._citizens = citizens_by_case(self._municipality_id, self._rows)
        ids = [
            *(citizen.id for citizen in self._citizens.values()),
            *(chosen for chosen in self._answers.values() if chosen is not None),
        ]
        held = db.session.scalars(
            sa.select(CompetenceCard)
            .where(CompetenceCard.citizen_id.in_(ids))
            .options(selectinload(CompetenceCard.evidence), selectinload(CompetenceCard.languages))
        )
        self._cards = {card.citizen_id: card for card in held}
        texts = list({text for understood in self._rows for text, _level in understood.row.skills})
        self._meanings: dict[str, skills.UnderstoodText] = {}
        if texts:
            self._meanings = dict(zip(texts, skills.understand_all(texts, for_card=True), strict=True))
        self._conditions = vocabulary.book().conditions

    def compare(self, understood: UnderstoodRow) -> RowEffect:
        row: CardRow = understood.row
        for text, _level in row.skills:
            elsewhere = self._meanings[text].belongs_elsewhere
            if elsewhere in self._conditions:
                reason = _("“%(text)s” er et vilkår i en stilling og står ikke på et kort.", text=text)
                raise RowRefused("skills", reason)
            if elsewhere is not None:
                reason = _("“%(text)s” er et sprog. Skriv det på kortet under sprog.", text=text)
                raise RowRefused("skills", reason)
        self._check_birth(row)
        citizen = self._citizens.get(case_key(row.case_reference)) or self._answered(understood)
        self._check_told_once(citizen, understood.line)
        card = self._cards.get(citizen.id) if citizen else None
        if citizen is None or card is None:
            return RowEffect.NEW
        same = (
            _identity(citizen) == _identity_in(row, citizen)
            and self._details(row, card) == cards.changed(card, {})
            and not _new_skills(row, card)
        )
        return RowEffect.UNCHANGED if same else RowEffect.CHANGED

    def _answered(self, understood: UnderstoodRow) -> Citizen | None:
        """Who somebody said the row is about, of those it looks like. Raises RowRefused while nobody has said it."""
        row: CardRow = understood.row
        if self._register is None:
            self._register = PeopleOnFile.of(self._municipality_id)
        described = Described(row.first_name, row.last_name, _born(row), None, row.case_reference)
        alike, repeats = self._register.lookalikes(described), self._in_file.lookalikes(described)
        self._in_file.add(described, line=understood.line)
        if not alike and not repeats:
            return None
        if alike:
            self.questions[understood.line] = alike
        if repeats:
            self.repeats[understood.line] = repeats
        people = {one.citizen_id for one in alike}
        chosen = self._answers.get(understood.line, 0)
        if chosen is not None and chosen not in people:
            who = [
                *(one.called for one in alike),
                *(_("linje %(line)s", line=one.citizen_id) for one in repeats),
            ]
            raise RowRefused("first_name", _("Ligner %(who)s. Er det den samme?", who="; ".join(who)))
        return None if chosen is None else db.session.get_one(Citizen, chosen)

    def _check_told_once(self, citizen: Citizen | None, line: int) -> None:
        """Two rows of one person under two numbers: nobody knows which is right. Raises RowRefused."""
        if citizen is None:
            return
        first = self._told.setdefault(citizen.id, line)
        if first != line:
            reason = _("Linje %(line)s handler om samme borger. Slet den ene række i filen.", line=first)
            raise RowRefused("case_reference", reason)

    def _check_birth(self, row: CardRow) -> None:
        born_on, birth_year = _birth(row)
        year = born_on.year if born_on else birth_year
        if row.birth_year is not None and row.birth_year != year:
            reason = _("Året er et andet end i fødselsdatoen.")
            raise RowRefused("birth_year", reason)
        if (born_on and born_on > self._today) or (year and year > self._today.year):
            key = "birth_year" if row.born is None else "born"
            raise RowRefused(key, _("Fødslen ligger i fremtiden."))

    def _details(self, row: CardRow, card: CompetenceCard) -> cards.CardDetails:
        """What the card says once the row is on it: what the row leaves open stays."""
        told: dict[str, Any] = {}
        for csv, fields in CARD_COLUMNS.items():
            values = row.facts[csv.key] if len(fields) > 1 else (row.facts[csv.key],)
            if any(value not in (None, "", ()) for value in values):
                told |= {
                    field.column: field.kind.stored(value)
                    for field, value in zip(fields, values, strict=True)
                }
        return cards.changed(card, told)

    def write(self, understood: UnderstoodRow, *, by: User | None, at: datetime) -> None:
        row: CardRow = understood.row
        citizen = self._put_citizen(understood, by=by, at=at)
        card = self._cards.get(citizen.id) or cards.create_card(citizen, by=by, at=at)
        for text, level in _new_skills(row, card):
            card.evidence.append(self._evidence(text, level))
        # one announcement for the whole row: suggestions are renewed once, not once per skill
        cards.edit_card(card, self._details(row, card), by=by, at=at)
        self._citizens[case_key(row.case_reference)], self._cards[citizen.id] = citizen, card

    def _put_citizen(self, understood: UnderstoodRow, *, by: User | None, at: datetime) -> Citizen:
        row: CardRow = understood.row
        citizen = self._citizens.get(case_key(row.case_reference))
        others: Iterable[int] = ()
        if citizen is None:
            citizen = self._answered(understood)
            others = [one.citizen_id for one in self.questions.get(understood.line, ())]
            others += [
                self._made[one.citizen_id]
                for one in self.repeats.get(understood.line, ())
                if one.citizen_id in self._made
            ]
        if citizen is None:
            made = citizens.create_citizen(
                municipality_id=self._municipality_id,
                case_reference=row.case_reference,
                first_name=row.first_name,
                last_name=row.last_name,
                born=_born(row),
                consultant=by,
                others=others,
                by=by,
                at=at,
            )
            self._made[understood.line] = made.id
            return made
        told = _identity_in(row, citizen)
        if _identity(citizen) != told:
            citizen.first_name, citizen.last_name, citizen.born_on, citizen.birth_year = told
            citizen.version += 1
            audit.record("citizen-edited", subject=citizen, by=by, at=at, citizen_id=citizen.id)
        return citizen

    def _evidence(self, text: str, level: int) -> SkillEvidence:
        meaning = self._meanings[text]
        return SkillEvidence(
            skill_id=meaning.skill_id,
            text=text,
            level=level,
            source=SkillSource.OWN,
            confidence=meaning.confidence,
            guesses=meaning.guesses,
            seen_on=self._today,
        )

    def finish(self, *, changed: int, at: datetime) -> None:
        return


Birth = tuple[date | None, int | None]
"""The day, or the year alone."""


def _birth(row: CardRow) -> Birth:
    if isinstance(row.born, date):
        return row.born, None
    return None, row.born or row.birth_year


def _born(row: CardRow) -> Born | None:
    day, year = _birth(row)
    if day is not None:
        return Born.on(day)
    return None if year is None else Born.in_year(year)


def _identity(citizen: Citizen) -> tuple[str, str, date | None, int | None]:
    return citizen.first_name, citizen.last_name, citizen.born_on, citizen.birth_year


def _identity_in(row: CardRow, citizen: Citizen) -> tuple[str, str, date | None, int | None]:
    """Once the row is written: a row without a birth leaves it, and a year alone leaves the day that lies in it."""
    born_on, birth_year = _birth(row)
    known = citizen.born_on
    if (born_on, birth_year) == (None, None) or (known is not None and known.year == birth_year):
        born_on, birth_year = known, citizen.birth_year
    return row.first_name, row.last_name, born_on, birth_year


def _new_skills(row: CardRow, card: CompetenceCard) -> list[tuple[str, int]]:
    held: dict[str, set[int]] = defaultdict(set)
    for line in card.evidence:
        held[line.text.casefold()].add(line.level)
    return [(text, level) for text, level in row.skills if level not in held[text.casefold()]]


class WordWriter:
    """Skills and job titles by name; one new version of the vocabulary for the whole file."""

    def __init__(self, rows: Sequence[UnderstoodRow], *, municipality_id: int | None, today: date) -> None:
        self._rows = rows
        self.load()

    def load(self) -> None:
        related = selectinload(Skill.synonyms), selectinload(Skill.broader)
        self._skills = {skill.name: skill for skill in db.session.scalars(sa.select(Skill).options(*related))}
        self._titles = {title.name: title for title in vocabulary.titles()}
        words = [understood.row for understood in self._rows if understood.row.category is not None]
        self._named = {word.name for word in words} | self._skills.keys()
        self._broader = {skill.name: [one.name for one in skill.broader] for skill in self._skills.values()}
        self._broader |= {word.name: word.broader for word in words if word.broader is not None}
        self._owners = {skill.folded: skill.name for skill in self._skills.values()}
        self._synonyms = {one.folded: one for skill in self._skills.values() for one in skill.synonyms}
        self._claims: dict[str, tuple[str, int]] = {}
        for understood in self._rows:
            if understood.row.category is not None:
                for folded in (fold(understood.row.name), *_words(understood.row)):
                    self._claims.setdefault(folded, (understood.row.name, understood.line))

    def compare(self, understood: UnderstoodRow) -> RowEffect:
        row: WordRow = understood.row
        if row.category is None:
            self._check_title(row)
            stored = self._titles.get(row.name)
            same = stored is not None and self._title_is_so(stored, row)
        else:
            self._check_skill(row)
            stored = self._skills.get(row.name)
            same = stored is not None and self._skill_is_so(stored, row)
        if stored is None:
            return RowEffect.NEW
        return RowEffect.UNCHANGED if same else RowEffect.CHANGED

    def _check_title(self, row: WordRow) -> None:
        for key, said in (("broader", row.broader), ("ladder", row.ladder), ("pictogram", row.pictogram)):
            if said:
                reason = _("“%(name)s” er en stilling. Det har kun færdigheder.", name=row.name)
                raise RowRefused(key, reason)
        self._refuse_unknown("tasks", [name for name, _level in row.tasks or ()])

    def _check_skill(self, row: WordRow) -> None:
        if row.tasks:
            reason = _("“%(name)s” er en færdighed. Kun stillinger har opgaver.", name=row.name)
            raise RowRefused("tasks", reason)
        self._refuse_taken(row)
        self._refuse_unknown("broader", row.broader or ())
        circle = circle_through(row.name, self._broader) if row.broader else []
        if circle:
            refusal = AboveItself() if len(circle) == 2 else RelationsInCircle(circle)
            raise RowRefused("broader", str(refusal.message))

    def _refuse_unknown(self, key: str, names: Iterable[str]) -> None:
        for name in names:
            if name not in self._named:
                reason = _(
                    "Hverken ordlisten eller filen har en færdighed, der hedder “%(name)s”.", name=name
                )
                raise RowRefused(key, reason)

    def _refuse_taken(self, row: WordRow) -> None:
        """A wording is one skill's; it moves where the file takes it from the one and gives it to the other."""
        for folded, label in {fold(row.name): row.name, **_words(row)}.items():
            claimed_by, line = self._claims[folded]
            if claimed_by != row.name:
                reason = _(
                    "“%(label)s” står også på linje %(line)s. Et ord hører til én færdighed.",
                    label=label,
                    line=line,
                )
                raise RowRefused("synonyms", reason)
            synonym = self._synonyms.get(folded)
            owner = self._owners.get(folded) or (synonym.skill.name if synonym else row.name)
            if owner != row.name and not (synonym and self._in_file(owner)):
                reason = _("“%(label)s” hører allerede til “%(owner)s”.", label=label, owner=owner)
                raise RowRefused("synonyms", reason)

    def _in_file(self, name: str) -> bool:
        return fold(name) in self._claims and self._claims[fold(name)][0] == name

    def _title_is_so(self, title: JobTitle, row: WordRow) -> bool:
        tasks = tuple((task.skill.name, task.level) for task in title.tasks)
        labels = {fold(label): label for label in title.synonyms}
        said = (row.english, row.area, _words(row), tasks if row.tasks is None else row.tasks)
        return (title.english, title.area, labels, tasks) == said

    def _skill_is_so(self, skill: Skill, row: WordRow) -> bool:
        labels = {synonym.folded: synonym.label for synonym in skill.synonyms}
        broader = {one.name for one in skill.broader}
        said = _skill_details(row, skill), _words(row), broader if row.broader is None else set(row.broader)
        stored = skills.SkillDetails(
            skill.name, skill.english, skill.area, skill.category, skill.ladder, skill.pictogram
        )
        return (stored, labels, broader) == said

    def write(self, understood: UnderstoodRow, *, by: User | None, at: datetime) -> None:
        row: WordRow = understood.row
        if row.category is None:
            self._write_title(row, at=at)
            return
        broader = None if row.broader is None else [self._skill(name) for name in row.broader]
        details = _skill_details(row, self._skills.get(row.name))
        moving = [
            self._synonyms[folded] for folded in (fold(row.name), *_words(row)) if folded in self._synonyms
        ]
        skills.release_wordings([one for one in moving if one.skill and one.skill.name != row.name], at=at)
        skills.put_skill(details, row.synonyms, broader=broader, at=at)

    def _write_title(self, row: WordRow, *, at: datetime) -> None:
        tasks = None if row.tasks is None else [(self._skill(name), level) for name, level in row.tasks]
        details = skills.TitleDetails(row.name, row.english, row.area, row.synonyms)
        skills.put_title(details, tasks=tasks, at=at)

    def _skill(self, name: str) -> Skill:
        """Stored before this one, for what others name is written first. Raises SkillNotWritten."""
        found = db.session.scalar(sa.select(Skill).where(Skill.name == name))
        if found is None:
            raise SkillNotWritten(name)
        return found

    def finish(self, *, changed: int, at: datetime) -> None:
        if changed:
            skills.new_version(_("%(number)s ord indlæst fra en fil", number=changed), at)


class SkillNotWritten(DomainError):
    """The row names a skill of the file that could itself not be written."""

    def __init__(self, name: str) -> None:
        super().__init__(_("Rækken med “%(name)s”, som den nævner, kunne ikke indlæses.", name=name))


def _skill_details(row: WordRow, stored: Skill | None) -> skills.SkillDetails:
    """What the row says of the skill; what its file has no column for stays."""
    assert row.category is not None
    ladder = row.ladder or (stored.ladder if stored else row.category.usual_ladder)
    kept = stored.pictogram if stored else None
    pictogram = kept if row.pictogram is None else row.pictogram or None
    return skills.SkillDetails(row.name, row.english, row.area, row.category, ladder, pictogram)


def _words(row: WordRow) -> dict[str, str]:
    """As the vocabulary stores them: without blanks and repeats of the name."""
    words: dict[str, str] = {}
    for label in row.synonyms:
        if fold(label) and fold(label) != fold(row.name):
            words.setdefault(fold(label), label)
    return words


WRITERS: dict[ImportKind, type[Any]] = {
    ImportKind.EMPLOYERS: EmployerWriter,
    ImportKind.OPENINGS: OpeningWriter,
    ImportKind.CARDS: CardWriter,
    ImportKind.MEMBERSHIPS: MembershipWriter,
    ImportKind.SPELLS: SpellWriter,
    ImportKind.LANGUAGE_HOURS: LanguageHoursWriter,
    ImportKind.VOCABULARY: WordWriter,
}
