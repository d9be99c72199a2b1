"""Rows in bulk: how they get ids and reach the database, and the employers and people of a large municipality."""

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count, islice
from typing import Any

import sqlalchemy as sa

from portal import matching
from portal.base.clock import danish_day
from portal.base.database import db
from portal.base.terms import Industry, SkillArea, SkillSource
from portal.demo.reading import read_document
from portal.demo.script import DATA, read_script
from portal.loop.cards import showing
from portal.loop.cards.fields import for_matcher
from portal.loop.cards.models import CompetenceCard, SkillEvidence
from portal.loop.citizens.models import Citizen
from portal.loop.employers.models import ContactPerson, Employer, EmployerTrade, Workplace
from portal.loop.matches.weights import all_in_force
from portal.loop.partnerships.models import Partnership, PartnershipConsultant
from portal.shared.accounts.models import Municipality, User
from portal.shared.rules import queries as rules
from portal.shared.skills.models import Skill, SkillCategory
from portal.shared.skills.queries import vocabulary_version
from portal.web.permissions import Role

Row = dict[str, Any]
Advance = Callable[[int], object]

SEED = 40_000
CHUNK = 2_000
HISTORY_DAYS = 3 * 365

CVR_WEIGHTS = (2, 7, 6, 5, 4, 3, 2)
FIRST_CVR_BODY = 9_910_000


@dataclass(frozen=True)
class LoggedAction:
    action: str
    purpose: str | None
    is_look: bool = False


@dataclass(frozen=True)
class LargeWords:
    """What names and lines are made of (data/large.toml)."""

    place_beginnings: tuple[str, ...]
    place_endings: tuple[str, ...]
    postcodes: dict[str, tuple[str, ...]]
    employer_beginnings: dict[Industry, tuple[str, ...]]
    opening_titles: dict[Industry, tuple[str, ...]]
    audit_line: tuple[LoggedAction, ...]


@dataclass(frozen=True)
class Size:
    """How many rows there are in all, the demo's own included."""

    citizens: int = 10_000
    openings: int = 2_000
    employers: int = 100
    matches: int = 50_000
    audit: int = 200_000
    consultants: int = 14

    @property
    def steps(self) -> int:
        """For a progress bar."""
        return self.citizens + self.openings + self.matches + self.audit


LARGE = Size()


class Bulk:
    """Makes rows with ids of its own, so that rows can point at each other before they are stored."""

    def __init__(self, at: datetime, size: Size, advance: Advance) -> None:
        self.at, self.size, self.advance = at, size, advance
        self.today = danish_day(at)
        self.draw = random.Random(SEED)  # noqa: S311 - varied, not secret
        self.words = read_document(DATA / "large.toml", LargeWords)
        self.people, self.profiles = read_script().ordinary_people(), read_script().shared_profiles()
        self.homes = {place.name: place for place in db.session.scalars(sa.select(Municipality))}
        self.names = tuple(name for name in self.words.postcodes if name in self.homes)
        self.skills = self._skills_by_industry()
        named = db.session.execute(sa.select(Skill.id, Skill.name)).all()
        self.skill_names: dict[int, str] = {row.id: row.name for row in named}
        self.workplaces: list[tuple[Row, Row]] = []
        self.vocabulary = vocabulary_version()
        self.counting = rules.rule_book(showing.LEAST_SKILLS)
        self.weights = all_in_force(home.id for home in self.homes.values())
        self.cards: dict[int, tuple[Row, matching.Card]] = {}
        self.by_skill: dict[tuple[str, int], list[int]] = defaultdict(list)
        self._ids: dict[str, Iterator[int]] = {}
        self.consultants: dict[str, list[int]] = {}

    def next_id(self, model: Any) -> int:
        name = model.__tablename__
        if name not in self._ids:
            last = db.session.scalar(sa.select(sa.func.max(model.id))) or 0
            self._ids[name] = count(last + 1)
        return next(self._ids[name])

    def store(self, model: Any, rows: Iterable[Row], *, advance: bool = False) -> None:
        source = iter(rows)
        while chunk := list(islice(source, CHUNK)):
            db.session.execute(sa.insert(model.__table__), chunk)
            if advance:
                self.advance(len(chunk))

    def missing(self, model: Any, wanted: int) -> int:
        return max(0, wanted - (db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0))

    def moment(self, days_ago: float) -> datetime:
        return self.at - timedelta(days=days_ago, minutes=self.draw.randrange(480))

    def home(self) -> str:
        return self.names[0] if self.draw.random() < 0.8 else self.names[-1]

    def consultant(self, home: str) -> int:
        return self.draw.choice(self.consultants[home])

    def _skills_by_industry(self) -> dict[Industry, tuple[list[int], list[int]]]:
        """For each trade its own tasks, and what all trades share."""
        own: dict[str, list[int]] = defaultdict(list)
        useful = (SkillCategory.FAGLIG, SkillCategory.PERSONLIG, SkillCategory.UFORMEL)
        statement = sa.select(Skill.id, Skill.area).where(Skill.category.in_(useful)).order_by(Skill.id)
        for skill_id, area in db.session.execute(statement):
            own[area.value].append(skill_id)
        shared = own[SkillArea.FAELLES.value]
        return {industry: (own[industry.value], shared) for industry in Industry}

    # --- Staff, employers, people -----------------------------------------------------------------------------------

    def add_staff(self) -> None:
        rows = []
        for number in range(self.size.consultants):
            home = self.names[0] if number % 5 else self.names[-1]
            rows.append(
                {
                    "id": self.next_id(User),
                    "email": None,
                    "name": f"Konsulent {number + 3}",
                    "role": Role.CONSULTANT,
                    "municipality_id": self.homes[home].id,
                    "is_demo": True,
                    "created_at": self.moment(HISTORY_DAYS),
                }
            )
        self.store(User, rows)
        statement = (
            sa.select(User.id, Municipality.name).join(User.municipality).where(User.role == Role.CONSULTANT)
        )
        found: dict[str, list[int]] = defaultdict(list)
        for user_id, home in db.session.execute(statement.order_by(User.id)):
            found[home].append(user_id)
        self.consultants = dict(found)

    def add_employers(self) -> None:
        wanted = self.missing(Employer, self.size.employers)
        employers, places, contacts = [], [], []
        for number, cvr in enumerate(cvr_numbers(wanted)):
            employer = self._employer(number, cvr)
            employers.append(employer)
            home = self.name_of(employer["municipality_id"])
            for site in range(1 + (number % 7 == 0)):
                place = self._workplace(employer, home, number * 10 + site)
                places.append(place)
                self.workplaces.append((employer, place))
            contacts.append(self._contact(employer, number))
        self.store(Employer, employers)
        self.store(EmployerTrade, (_first_trade(employer) for employer in employers))
        self.store(Workplace, places)
        self.store(ContactPerson, contacts)
        self._sign(employers)

    def name_of(self, municipality_id: int) -> str:
        return next(name for name, place in self.homes.items() if place.id == municipality_id)

    def _employer(self, number: int, cvr: str) -> Row:
        industry = tuple(Industry)[number % 3]
        beginnings, endings = self.words.place_beginnings, self.words.place_endings
        lies_at = beginnings[number % len(beginnings)] + endings[number // len(beginnings) % len(endings)]
        return {
            "id": self.next_id(Employer),
            "cvr": cvr,
            "name": f"{self.words.employer_beginnings[industry][number % 4]} {lies_at} ApS",
            "industry": industry,
            "municipality_id": self.homes[self.home()].id,
            "approved_at": self.moment(HISTORY_DAYS - number),
        }

    def _workplace(self, employer: Row, home: str, number: int) -> Row:
        return {
            "id": self.next_id(Workplace),
            "employer_id": employer["id"],
            "p_number": f"{1_992_000_000 + number}",
            "name": employer["name"],
            "address": f"Bygaden {number % 200 + 1}",
            "postcode": self.draw.choice(self.words.postcodes[home]),
            "full_time_staff": Decimal(self.draw.choice((8, 15, 30, 60, 120))),
            "staff_stated_on": self.today - timedelta(days=self.draw.randrange(10, 160)),
        }

    def _contact(self, employer: Row, number: int) -> Row:
        return {
            "id": self.next_id(ContactPerson),
            "employer_id": employer["id"],
            "name": f"Kontakt {number + 1}",
            "email": f"firma{number}@firma.example",
            "phone": f"48 {10 + number % 80} 00 {10 + number % 90}",
            "added_at": employer["approved_at"],
            "confirmed_at": self.moment(0),
        }

    def _sign(self, employers: Sequence[Row]) -> None:
        signed, named = [], []
        for employer in employers[::2]:
            home = self.name_of(employer["municipality_id"])
            on = self.today - timedelta(days=self.draw.randrange(100, HISTORY_DAYS))
            partnership_id = self.next_id(Partnership)
            signed.append(
                {
                    "id": partnership_id,
                    "employer_id": employer["id"],
                    "municipality_id": employer["municipality_id"],
                    "signed_on": on,
                    "created_at": self.moment((self.today - on).days),
                }
            )
            if self.draw.random() < 0.8:
                named.append(
                    {
                        "id": self.next_id(PartnershipConsultant),
                        "partnership_id": partnership_id,
                        "user_id": self.consultant(home),
                        "from_on": on,
                        "recorded_at": signed[-1]["created_at"],
                    }
                )
        self.store(Partnership, signed)
        self.store(PartnershipConsultant, named)

    def add_citizens(self) -> None:
        wanted = self.missing(Citizen, self.size.citizens)
        people, cards, evidence = [], [], []
        for number in range(wanted):
            home = self.home()
            created_at = self.moment(self.draw.uniform(5, HISTORY_DAYS))
            person = self._citizen(number, home, created_at)
            card, lines = self._card(person, home, created_at)
            people.append(person)
            cards.append(card)
            evidence.extend(lines)
        self.store(Citizen, people, advance=True)
        self.store(CompetenceCard, cards)
        self.store(SkillEvidence, evidence)

    def _citizen(self, number: int, home: str, created_at: datetime) -> Row:
        return {
            "id": self.next_id(Citizen),
            "municipality_id": self.homes[home].id,
            "case_reference": f"{created_at.year % 100:02}/{50_000 + number}",
            "first_name": self.people[number % len(self.people)].first_name,
            "last_name": self.people[number * 7 % (len(self.people) - 1)].last_name,
            "born_on": date(1962, 1, 1) + timedelta(days=self.draw.randrange(15_000)),
            "consultant_id": self.consultant(home) if number % 13 else None,
            "created_at": created_at - timedelta(days=number % 11, hours=2),
        }

    def _card(self, person: Row, home: str, created_at: datetime) -> tuple[Row, list[Row]]:
        industries = self.draw.sample(tuple(Industry), self.draw.choice((1, 1, 2)))
        low, high = self.draw.choice(((10.0, 25.0), (15.0, 37.0), (20.0, 37.0), (None, 30.0), (None, None)))
        card_id = self.next_id(CompetenceCard)
        card: Row = {
            "id": card_id,
            "citizen_id": person["id"],
            "municipality_id": person["municipality_id"],
            "number": f"K-{1000 + person['id']}",
            "is_active": True,
            "wishes": [industry.value for industry in industries],
            "danish_speaking": self.draw.choice((0, 1, 1, 2, 2, 3, None)),
            "danish_reading": self.draw.choice((0, 1, 1, 2, None)),
            "hours_min": low,
            "hours_max": high,
            "postcode": self.draw.choice(self.words.postcodes[home]),
            "range_km": self.draw.choice((10, 15, 20, 30, None)),
            "shifts_yes": [],
            "shifts_no": [],
            "goal": self.draw.choice(self.draw.choice(self.profiles).goals),
            "created_at": created_at,
            "updated_at": created_at,
        }
        lines = [
            self._evidence(card_id, skill_id, created_at.date())
            for skill_id in self._skills_for_card(industries)
        ]
        card |= self._shown(card, len(lines))
        seen = self._as_card(card, lines)
        self.cards[card_id] = card, seen
        for line in lines:
            self.by_skill[home, line["skill_id"]].append(card_id)
        return card, lines

    def _shown(self, card: Row, skills: int) -> Row:
        """Most were shown their card some days later; what it counted from then, the rule of the day says."""
        made = card["created_at"]
        at = min(self.at, made + timedelta(days=2)) if card["id"] % 6 else None
        asked = self.counting.on(danish_day(made), card["municipality_id"])
        if showing.LEAST_SKILLS not in asked:
            return {"shown_to_her_at": at, "counts_from_at": made}
        is_full = skills >= asked.whole(showing.LEAST_SKILLS)
        return {"shown_to_her_at": at, "counts_from_at": at if is_full else None}

    def _skills_for_card(self, industries: Sequence[Industry]) -> list[int]:
        chosen: dict[int, None] = {}
        for industry in industries:
            own, shared = self.skills[industry]
            chosen.update(dict.fromkeys(self.draw.sample(own, 4)))
            chosen.update(dict.fromkeys(self.draw.sample(shared, 2)))
        return list(chosen)

    def _evidence(self, card_id: int, skill_id: int, on: date) -> Row:
        seen = self.draw.random()
        source = (
            SkillSource.OWN if seen < 0.7 else SkillSource.CONSULTANT if seen < 0.9 else SkillSource.EMPLOYER
        )
        number = self.next_id(SkillEvidence)
        return {
            "id": number,
            "card_id": card_id,
            "skill_id": skill_id,
            "text": self.skill_names[skill_id],
            "level": self.draw.choice((1, 2, 2, 3, 3, 4)),
            "source": source,
            "assessment_id": number
            if source is SkillSource.EMPLOYER
            else None,  # as if a sheet stood behind it
            "confidence": 1.0,
            "seen_on": on,
        }

    def _as_card(self, card: Row, lines: Sequence[Row]) -> matching.Card:
        return matching.Card(
            id=card["id"],
            version=1,
            **for_matcher(card),
            skills=tuple(
                matching.CardSkill(
                    line["text"],
                    line["skill_id"],
                    line["level"],
                    line["source"].value,
                    line["seen_on"].isoformat(),
                    None,
                )
                for line in lines
            ),
        )


def cvr_numbers(count: int) -> list[str]:
    """Numbers with a valid check sum, one after the other, from a range that is not in use."""
    found: list[str] = []
    body = FIRST_CVR_BODY
    while len(found) < count:
        rest = sum(int(digit) * weight for digit, weight in zip(str(body), CVR_WEIGHTS, strict=True)) % 11
        if rest != 1:  # never issued: the check digit would be 10
            found.append(f"{body}{(11 - rest) % 11}")
        body += 1
    return found


def _first_trade(employer: Row) -> Row:
    return {
        "employer_id": employer["id"],
        "industry": employer["industry"],
        "from_on": danish_day(employer["approved_at"]),
        "recorded_at": employer["approved_at"],
    }
