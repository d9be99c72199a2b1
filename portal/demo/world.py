"""The ground the story stands on: two municipalities with their staff, the rules and the vocabulary in force."""

import random
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal

import sqlalchemy as sa

from portal.base.clock import DANISH_TIME, danish_day
from portal.base.database import db, end_reading
from portal.base.terms import Effort
from portal.config import DEFAULTS
from portal.demo.accounts import DEMO_PASSWORD
from portal.demo.script import PUBLIC_DOMAIN, Profile, ScriptedPerson, read_script
from portal.demo.timeline import Timeline
from portal.interventions.target_groups import services as target_groups
from portal.interventions.target_groups.models import LadderStep, TargetGroup
from portal.ledger.goals.plans import load_plan
from portal.loop.cards.models import CompetenceCard
from portal.loop.citizens.models import Citizen
from portal.loop.employers.models import Employer
from portal.shared.accounts.models import Municipality, User
from portal.shared.accounts.secrets import Passwords
from portal.shared.neighbours.services import agree
from portal.shared.rules.law.case import Readiness
from portal.shared.rules.queries import law_on
from portal.shared.rules.services import RuleDetails, load_reference_rules, put_rule
from portal.shared.skills import services as skills
from portal.shared.skills.models import JobTitle, Skill
from portal.shared.skills.services import UnderstoodText
from portal.web.permissions import Role
from portal.web.presentation import da_date
from portal.workspaces.imports.reference import Reference, bring_in

SEED = 2_101
OWN_RULE_DAYS = 16
"""So long ago the committee of Halsnæs decided a number of its own."""


def citizen_named(person: str) -> Citizen:
    """The citizen of the story who is called so."""
    first_name, _space, last_name = person.partition(" ")
    named = sa.select(Citizen).where(Citizen.first_name == first_name, Citizen.last_name == last_name)
    return db.session.scalars(named).one()


class Person:
    """A citizen of the demo; `card` is there once she is in the portal and has one."""

    def __init__(self, scripted: ScriptedPerson, profile: Profile) -> None:
        self.scripted, self.profile = scripted, profile
        self.card: CompetenceCard | None = None
        self.busy_until = date.min

    @property
    def key(self) -> str | None:
        return self.scripted.key


class World:
    """Whom and what the story speaks of, by the keys of the script. One seeded draw varies what nobody wrote down."""

    def __init__(self, time: Timeline) -> None:
        self.time = time
        self.script = read_script()
        self.draw = random.Random(SEED)  # noqa: S311 - varied, not secret
        self.places: dict[str, Municipality] = {}
        self.users: dict[str, User] = {}
        self.employers: dict[str, Employer] = {}
        self.owners: dict[str, User] = {}
        self.skills: dict[str, int] = {}
        self.titles: dict[str, int] = {}
        self.groups: dict[int, Mapping[str, TargetGroup]] = {}
        """By municipality and the plan's keys."""
        self.ladders: dict[int, dict[str, LadderStep]] = {}
        """By municipality and the steps' names."""
        profiles = self.script.profiles
        self.people = [Person(one, profiles[one.profile]) for one in self.script.people]
        self.people.sort(key=lambda one: one.key is None)  # whom the story names comes first
        passwords = Passwords(memory_kib=DEFAULTS["ARGON2_MEMORY_KIB"], rounds=DEFAULTS["ARGON2_ROUNDS"])
        self.password_hash = passwords.hash(DEMO_PASSWORD)
        self._meanings: dict[str, UnderstoodText] = {}
        end_reading()
        self._reference = Reference.read()

    # --- How it is found -----------------------------------------------------------------------------------------

    def found(self) -> None:
        self._found_municipalities()
        for one in self.script.staff:
            self.users[one.key] = self.add_user(
                one.name, one.role, one.email, one.municipality, at=self.time.begin
            )
        load_reference_rules(self.time.begin)
        self._load_vocabulary()
        self._load_plans()

    def _found_municipalities(self) -> None:
        for one in self.script.municipalities:
            self.places[one.name] = Municipality(
                name=one.name,
                unit_term="Virksomhedsindgangen",
                phone=one.phone,
                email=one.email,
                records_since_on=one.records_since_on,
                efforts=[effort.value for effort in Effort],
            )
        db.session.add_all(self.places.values())
        db.session.flush()
        home, next_door = self.places.values()
        begin = self.time.begin
        agree(home, next_door, starts_on=danish_day(begin), by=None, at=begin, today=danish_day(begin))

    def decide_own_rule(self, at: datetime) -> None:
        """From the new year somebody in Halsnæs is talked with before a praktik goes on beyond ten weeks."""
        law = law_on("praktik-weeks", danish_day(at))
        if law is None:
            return
        put_rule(
            RuleDetails(
                key=law.key,
                title=law.title,
                value=Decimal(10),
                unit=law.unit,
                valid_from=date(self.time.today.year + 1, 1, 1),
                valid_to=None,
                reference="Beskæftigelsesudvalget",
                source=f"Referat {da_date(danish_day(at))}, punkt 7",
                checked_by=self.users["leder"].name,
                checked_on=danish_day(at),
                municipality_id=self.home.id,
            ),
            by=self.users["leder"],
            at=at,
        )

    def _load_vocabulary(self) -> None:
        bring_in(self._reference, at=self.time.begin)
        self.skills = {skill.name: skill.id for skill in db.session.scalars(sa.select(Skill))}
        self.titles = {title.name: title.id for title in db.session.scalars(sa.select(JobTitle))}

    def _load_plans(self) -> None:
        """Each municipality's groups and goals, and its steps towards work, since its records begin."""
        for place in self.places.values():
            self.groups[place.id] = load_plan(place, at=self.beginning_of(place)).groups
        for one in self.script.ladders:
            place = self.places[one.municipality]
            steps = [
                target_groups.StepDetails(
                    name, Readiness.JOB_READY if name in one.job_ready else Readiness.OTHER
                )
                for name in one.steps
            ]
            ladder = target_groups.create_ladder(
                place.id, one.name, steps, by=None, at=self.beginning_of(place)
            )
            self.ladders[place.id] = {step.name: step for step in ladder.steps}

    def beginning_of(self, place: Municipality) -> datetime:
        """The first morning of a municipality's records."""
        return datetime.combine(place.records_since_on, time(9), DANISH_TIME)

    def add_user(self, name: str, role: Role, email: str | None, place: str | None, *, at: datetime) -> User:
        user = User(
            email=email,
            name=name,
            role=role,
            municipality_id=self.places[place].id if place else None,
            password_hash=self.password_of(email),
            is_demo=True,
            created_at=at,
        )
        db.session.add(user)
        db.session.flush()
        return user

    def password_of(self, email: str | None) -> str | None:
        return self.password_hash if email and email.endswith(PUBLIC_DOMAIN) else None

    # --- What the story asks it ----------------------------------------------------------------------------------

    @property
    def home(self) -> Municipality:
        return self.places[self.script.home.name]

    def person(self, key: str) -> Person:
        return next(one for one in self.people if one.key == key)

    def named(self, name: str) -> Person:
        return next(
            one for one in self.people if f"{one.scripted.first_name} {one.scripted.last_name}" == name
        )

    def consultant_of(self, municipality_id: int) -> User:
        """Karin at home, Lene next door."""
        return self.users["konsulent" if municipality_id == self.home.id else "konsulent2"]

    def leader_of(self, place: Municipality) -> User:
        return self.users["leder" if place is self.home else "leder2"]

    def some_consultant_of(self, municipality_id: int) -> User:
        """Karin sees to most of Halsnæs; Jonas now and then."""
        if municipality_id != self.home.id:
            return self.consultant_of(municipality_id)
        return self.users["kollega" if self.draw.random() < 0.25 else "konsulent"]

    def owner_of(self, employer_id: int) -> User:
        """Who answers for an employer."""
        return next(self.owners[key] for key, one in self.employers.items() if one.id == employer_id)

    def meaning_of(self, words: str) -> UnderstoodText:
        """What the lexicon makes of a citizen's words; all of them are read at once, the first time."""
        if not self._meanings:
            texts = [text for profile in self.script.profiles.values() for text in profile.words]
            self._meanings = dict(zip(texts, skills.understand_all(texts, for_card=True), strict=True))
        return self._meanings[words]
