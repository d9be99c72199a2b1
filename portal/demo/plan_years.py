"""The years that the two plans were written for: put in with the days of that time, counted, frozen and forgotten.

Nobody of then is in the portal today. Every goal of the plans is frozen by the portal's own service as of the counting
day that followed it, and after that the people are erased as every person is: what stays is what the portal promises,
figures whose lines tell of nobody. Their employers take part no more.
"""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, Final

import sqlalchemy as sa

from portal.base.clock import danish_day
from portal.base.database import db
from portal.base.terms import Industry, PlacementForm, SkillSource
from portal.base.working_days import after_working_hours
from portal.demo.cohorts import PAST_FIRST, forget_past_places, hold_past_cohorts
from portal.demo.goals import freeze
from portal.demo.lives import DrawnSpell, LifeCourse, spells_of, turns_on
from portal.demo.mentors import begin_past_courses, forget_past_courses
from portal.demo.pathways import begin_past_packages, forget_past_packages
from portal.demo.reading import read_document
from portal.demo.script import DATA
from portal.demo.timeline import morning_of
from portal.demo.world import World
from portal.demo.young import YoungPeople
from portal.interventions.target_groups.models import (
    LadderStep,
    Membership,
    MembershipSource,
    Spell,
    SpellSource,
    StepPlacing,
    TargetGroup,
)
from portal.ledger.goals import freezing, queries
from portal.ledger.goals.erased import leave_parts_of_all
from portal.ledger.goals.models import FrozenLinePerson
from portal.ledger.goals.plans import load_plan
from portal.loop.cards.models import CompetenceCard, SkillEvidence
from portal.loop.citizens.models import Citizen
from portal.loop.employers.models import Employer, EmployerStatus, EmployerTrade, Sector, Workplace
from portal.loop.openings.models import Opening, OpeningPublication, OpeningStatus
from portal.loop.partnerships.models import Partnership, PartnershipConsultant
from portal.shared.accounts.models import Municipality, User
from portal.web.permissions import Role

SEED: Final = 2_007
WRITTEN_AFTER: Final = 3
"""DrawnSpell until what happened is read in from the case system."""
ANSWER_HOURS: Final = 24
"""Of working days: what employers were promised then."""

Row = dict[str, Any]


@dataclass(frozen=True)
class PastConsultant:
    name: str
    municipality: str
    from_on: date
    until_on: date


@dataclass(frozen=True)
class PastEmployer:
    """An employer that takes part no more. Without an agreement it had openings alone."""

    municipality: str
    cvr: str
    p_number: str
    name: str
    industry: Industry
    postcode: str
    since_on: date
    title: str
    published_on: tuple[date, ...]
    signed_on: date | None = None
    ended_on: date | None = None
    answered_late: tuple[date, ...] = ()
    """Of the days it published something, those after which it waited too long."""


@dataclass(frozen=True)
class CrowdGroup:
    """Who of a crowd was in a group of the plan."""

    key: str
    from_on: date
    lives: dict[LifeCourse, int]
    age_from: int | None = None
    age_until: int | None = None
    step: str | None = None
    """The step of the ladder on which they stood."""
    lifted_to: str | None = None
    """The one that most of those with an activity reached."""
    works_on: str | None = None
    """The one of those who found work."""


@dataclass(frozen=True)
class Crowd:
    """People that a plan spoke of, by how it went for them."""

    municipality: str
    known_from: date
    known_until: date
    until_on: date
    lives: dict[LifeCourse, int]
    groups: tuple[CrowdGroup, ...] = ()
    cards: int = 0
    cards_from: date | None = None
    cards_until: date | None = None
    mentor_courses: int = 0
    job_packages: int = 0
    """So many of those in work or activity began with a mentor, in the days of the cards."""
    met_within_days: int | None = None
    """They were met, and got a card, at most so many days after they came."""


@dataclass(frozen=True)
class PlanYears:
    consultant: PastConsultant
    employer: tuple[PastEmployer, ...]
    crowd: tuple[Crowd, ...]


@cache
def read_plan_years() -> PlanYears:
    return read_document(DATA / "plan_years.toml", PlanYears)


@dataclass
class Somebody:
    """One of a crowd, until she is forgotten."""

    life: LifeCourse
    known_on: date
    age_band: tuple[int, int] = (22, 58)
    citizen_id: int = 0
    joined: dict[str, date] = field(default_factory=dict)
    """By group of the plan."""
    spells: list[DrawnSpell] = field(default_factory=list)


def tell_plan_years(world: World) -> None:
    """All of it, for both municipalities."""
    YoungPeople(world).tell_plan_years()
    told = PlanYearsLoader(world)
    told.take_in_employers()
    for place in world.places.values():
        told.take_in_people(place)
        told.hold_past_cohorts(place)
        load_plan(place, at=world.beginning_of(place))  # a change is counted from what there was
        told.freeze(place)
        told.forget_people(place)


class PlanYearsLoader:
    """Puts in what was, one municipality after the other."""

    def __init__(self, world: World) -> None:
        self.world, self.script = world, read_plan_years()
        self.draw = random.Random(SEED)  # noqa: S311 - varied, not secret
        self.people: dict[str, list[Somebody]] = {name: [] for name in world.places}

    # --- Employers -----------------------------------------------------------------------------------------------

    def take_in_employers(self) -> None:
        """With their agreements, and what they published."""
        consultant = self._past_consultant()
        for employer in self.script.employer:
            self._take_in_employer(employer, consultant)
        db.session.flush()

    def _past_consultant(self) -> User:
        """Somebody who left long ago: her name stands at the agreements, and she cannot sign in."""
        scripted = self.script.consultant
        user = User(
            email=None,
            name=scripted.name,
            role=Role.CONSULTANT,
            municipality_id=self.world.places[scripted.municipality].id,
            is_demo=True,
            created_at=morning_of(scripted.from_on),
            disabled_at=morning_of(scripted.until_on),
        )
        db.session.add(user)
        db.session.flush()
        return user

    def _take_in_employer(self, scripted: PastEmployer, consultant: User) -> None:
        place, since = self.world.places[scripted.municipality], morning_of(scripted.since_on)
        employer = Employer(
            cvr=scripted.cvr,
            name=scripted.name,
            industry=scripted.industry,
            municipality_id=place.id,
            sector=Sector.PRIVATE,
            approved_at=since,
            trades=[EmployerTrade(industry=scripted.industry, from_on=scripted.since_on, recorded_at=since)],
            status=EmployerStatus.PASSIVE,
            passive_since=morning_of((scripted.ended_on or scripted.published_on[-1]) + timedelta(days=90)),
        )
        site = Workplace(
            employer=employer,
            p_number=scripted.p_number,
            name=scripted.name,
            address="Stationsvej 1",
            postcode=scripted.postcode,
            full_time_staff=Decimal(12),
            staff_stated_on=scripted.since_on,
        )
        db.session.add_all((employer, site))
        db.session.flush()
        if scripted.signed_on is not None:
            self._sign(employer, scripted, scripted.signed_on, consultant)
            self._publish_again_and_again(employer, site, scripted)
        else:
            for day in scripted.published_on:
                self._publish(employer, site, scripted, [day])

    def _sign(self, employer: Employer, scripted: PastEmployer, signed_on: date, consultant: User) -> None:
        ended_at = None if scripted.ended_on is None else morning_of(scripted.ended_on)
        signed = Partnership(
            employer=employer,
            municipality_id=employer.municipality_id,
            signed_on=signed_on,
            ends_on=scripted.ended_on,
            end_recorded_at=ended_at,
            created_at=morning_of(signed_on),
        )
        signed.namings.append(
            PartnershipConsultant(
                user=consultant,
                from_on=signed_on,
                until_on=scripted.ended_on,
                recorded_at=morning_of(signed_on),
            )
        )
        db.session.add(signed)

    def _publish_again_and_again(self, employer: Employer, site: Workplace, scripted: PastEmployer) -> None:
        """One post that came up each year."""
        self._publish(employer, site, scripted, scripted.published_on)

    def _publish(
        self, employer: Employer, site: Workplace, scripted: PastEmployer, days: Sequence[date]
    ) -> None:
        up_at = morning_of(days[0])
        due_at = after_working_hours(up_at, ANSWER_HOURS)
        late = days[0] in scripted.answered_late
        opening = Opening(
            employer=employer,
            workplace=site,
            municipality_id=employer.municipality_id,
            title=scripted.title,
            form=PlacementForm.PRAKTIK,
            industry=scripted.industry,
            hours_per_week=25,
            starts_on=days[0] + timedelta(days=28),
            ends_on=days[-1] + timedelta(days=200),
            postcode=scripted.postcode,
            status=OpeningStatus.EXPIRED,
            created_at=up_at - timedelta(hours=2),
            published_at=up_at,
            expires_on=days[-1] + timedelta(days=90),
            answer_due_at=due_at,
            answered_at=due_at + timedelta(days=3) if late else up_at + (due_at - up_at) / 2,
            publications=[OpeningPublication(at=morning_of(day)) for day in days],
        )
        db.session.add(opening)

    # --- People --------------------------------------------------------------------------------------------------

    def take_in_people(self, place: Municipality) -> None:
        """The crowds of a plan, with the groups they were in, their spells, steps and cards."""
        ladder = self.world.ladders[place.id]
        for crowd in self.script.crowd:
            if crowd.municipality != place.name:
                continue
            people = self._crowd(crowd)
            self._register(place, people)
            self._write_memberships(people, self.world.groups[place.id])
            self._write_spells(people)
            self._write_steps(crowd, people, ladder)
            self._make_cards(place, crowd, people)
            self._begin_mentor_courses(place, crowd, people)
            self._begin_packages(place, crowd, people)
            self.people[place.name] += people

    def _crowd(self, crowd: Crowd) -> list[Somebody]:
        span = (crowd.known_until - crowd.known_from).days
        people = [
            Somebody(life, crowd.known_from + timedelta(days=self.draw.randrange(span)))
            for life, number in crowd.lives.items()
            for _each in range(number)
        ]
        self.draw.shuffle(people)
        for group in crowd.groups:
            self._enrol(group, people)
        for one in people:
            begun = min(one.joined.values(), default=one.known_on)
            one.spells = spells_of(one.life, begun, crowd.until_on, self.draw)
        return people

    def _enrol(self, group: CrowdGroup, people: Sequence[Somebody]) -> None:
        """The group's people are the first of each life; those of one group are not those of the next."""
        wanted = dict(group.lives)
        fresh = sorted(people, key=lambda one: len(one.joined))
        for one in fresh:
            if wanted.get(one.life, 0):
                wanted[one.life] -= 1
                one.joined[group.key] = max(group.from_on, one.known_on)
                if group.age_from is not None and group.age_until is not None:
                    one.age_band = group.age_from, group.age_until

    def _register(self, place: Municipality, people: Sequence[Somebody]) -> None:
        names = [person.scripted for person in self.world.people]
        rows = [
            {
                "municipality_id": place.id,
                "case_reference": f"{one.known_on.year % 100:02}/{3_000 + 13 * number + one.known_on.day}-{number}",
                "first_name": names[number % len(names)].first_name,
                "last_name": names[number * 7 % (len(names) - 1)].last_name,
                "birth_year": one.known_on.year - self.draw.randint(*one.age_band),
                "created_at": morning_of(one.known_on),
            }
            for number, one in enumerate(people, start=len(self.people[place.name]))
        ]
        for one, citizen_id in zip(people, _stored(Citizen, rows), strict=True):
            one.citizen_id = citizen_id

    def _write_memberships(self, people: Iterable[Somebody], groups: Mapping[str, TargetGroup]) -> None:
        rows = [
            {
                "group_id": groups[key].id,
                "citizen_id": one.citizen_id,
                "from_on": joined_on,
                "source": MembershipSource.IMPORT,
                "recorded_at": morning_of(joined_on + timedelta(days=WRITTEN_AFTER)),
            }
            for one in people
            for key, joined_on in one.joined.items()
        ]
        _stored(Membership, rows)

    def _write_spells(self, people: Iterable[Somebody]) -> None:
        """An end is another row than the beginning: it was not known then."""
        rows = [row for one in people for spell in one.spells for row in _rows_of(one, spell)]
        _stored(Spell, rows)

    def _write_steps(
        self, crowd: Crowd, people: Sequence[Somebody], ladder: Mapping[str, LadderStep]
    ) -> None:
        rows: list[Row] = []
        for group in crowd.groups:
            for one in people:
                if group.step is not None and group.key in one.joined:
                    rows += self._steps_of(one, group, ladder)
        _stored(StepPlacing, rows)

    def _steps_of(self, one: Somebody, group: CrowdGroup, ladder: Mapping[str, LadderStep]) -> Iterator[Row]:
        assert group.step is not None
        assert group.lifted_to is not None
        assert group.works_on is not None
        joined_on, turn = one.joined[group.key], turns_on(one.spells)
        yield _placing(one, ladder[group.step], joined_on)
        if turn is not None and turn > joined_on:
            yield _placing(one, ladder[group.works_on], turn)
        elif one.life is LifeCourse.ACTIVITY and self.draw.random() < 0.75:
            yield _placing(
                one, ladder[group.lifted_to], joined_on + timedelta(days=self.draw.randrange(120, 640))
            )

    def _make_cards(self, place: Municipality, crowd: Crowd, people: Sequence[Somebody]) -> None:
        made = list(self._card_days(crowd, people))
        rows = [
            {
                "citizen_id": one.citizen_id,
                "municipality_id": place.id,
                "number": f"K-{1_000 + one.citizen_id}",
                "is_active": False,
                "created_at": morning_of(day),
                "updated_at": morning_of(day),
                "shown_to_her_at": morning_of(day),
                "counts_from_at": morning_of(day),
            }
            for one, day in made
        ]
        skills = list(self.world.skills.items())
        lines = [
            {
                "card_id": card_id,
                "skill_id": skill_id,
                "text": name,
                "level": self.draw.choice((1, 2, 2, 3)),
                "source": SkillSource.OWN,
                "seen_on": day,
            }
            for card_id, (_one, day) in zip(_stored(CompetenceCard, rows), made, strict=True)
            for name, skill_id in self.draw.sample(skills, 6)
        ]
        _stored(SkillEvidence, lines)

    def _begin_mentor_courses(self, place: Municipality, crowd: Crowd, people: Sequence[Somebody]) -> None:
        if not crowd.mentor_courses or crowd.cards_from is None or crowd.cards_until is None:
            return
        helped = [one for one in people if one.life in (LifeCourse.WORK, LifeCourse.ACTIVITY)]
        begin_past_courses(
            place,
            [one.citizen_id for one in helped[: crowd.mentor_courses]],
            crowd.cards_from,
            crowd.cards_until,
            by_id=self.world.consultant_of(place.id).id,
        )

    def hold_past_cohorts(self, place: Municipality) -> None:
        """At home, where the plan of then had groups: the members of its first group who were there."""
        members = [
            one.citizen_id
            for one in self.people[place.name]
            if (joined := one.joined.get("first")) is not None and joined < PAST_FIRST
        ]
        if place is self.world.home:
            hold_past_cohorts(place, members, by_id=self.world.consultant_of(place.id).id)

    def _begin_packages(self, place: Municipality, crowd: Crowd, people: Sequence[Somebody]) -> None:
        if not crowd.job_packages or crowd.cards_from is None or crowd.cards_until is None:
            return
        helped = [one for one in people if one.life in (LifeCourse.WORK, LifeCourse.ACTIVITY)]
        begin_past_packages(
            place,
            [one.citizen_id for one in helped[-crowd.job_packages :]],
            crowd.cards_from,
            crowd.cards_until,
            by_id=self.world.consultant_of(place.id).id,
        )

    def _card_days(self, crowd: Crowd, people: Sequence[Somebody]) -> Iterator[tuple[Somebody, date]]:
        """Of those in an effort some were asked what they can; who came later was soon met."""
        if crowd.met_within_days is not None:
            for one in people:
                yield one, one.known_on + timedelta(days=self.draw.randrange(1, crowd.met_within_days))
        elif crowd.cards_from is not None and crowd.cards_until is not None:
            span = (crowd.cards_until - crowd.cards_from).days
            for one in [one for one in people if one.spells][: crowd.cards]:
                yield one, crowd.cards_from + timedelta(days=self.draw.randrange(span))

    # --- Their figures stay, and they are forgotten -----------------------------------------------------------------

    def freeze(self, place: Municipality) -> None:
        """On the counting day that followed each goal's last day, in the order of time."""
        over = [
            goal for goal in queries.goals_of(place.id) if goal.last_on < danish_day(self.world.time.begin)
        ]
        for goal in over:
            freeze(goal, morning_of(freezing.day_of_freezing(goal)))

    def forget_people(self, place: Municipality) -> None:
        """As every person is erased, but all at once: what the ledger keeps of them is its own to say."""
        last_on = max(crowd.until_on for crowd in self.script.crowd if crowd.municipality == place.name)
        leave_parts_of_all(place, at=morning_of(last_on))
        ids = [one.citizen_id for one in self.people[place.name]]
        forget_past_courses(place, ids)
        forget_past_places(ids)
        forget_past_packages(ids)
        hers = sa.select(CompetenceCard.id).where(CompetenceCard.citizen_id.in_(ids))
        db.session.execute(sa.delete(SkillEvidence).where(SkillEvidence.card_id.in_(hers)))
        for table in (FrozenLinePerson, Membership, Spell, StepPlacing, CompetenceCard):
            db.session.execute(sa.delete(table).where(table.citizen_id.in_(ids)))
        db.session.execute(sa.delete(Citizen).where(Citizen.id.in_(ids)))
        db.session.expire_all()


def _rows_of(one: Somebody, spell: DrawnSpell) -> Iterator[Row]:
    row = {
        "citizen_id": one.citizen_id,
        "kind": spell.kind,
        "from_on": spell.from_on,
        "hours_per_week": spell.hours_per_week,
        "source": SpellSource.IMPORT,
    }
    known_at = morning_of(max(spell.from_on, one.known_on) + timedelta(days=WRITTEN_AFTER))
    if spell.until_on is None:
        yield {**row, "until_on": None, "recorded_at": known_at, "replaced_at": None}
        return
    ended_at = max(known_at, morning_of(spell.until_on + timedelta(days=WRITTEN_AFTER)))
    if ended_at > known_at:
        yield {**row, "until_on": None, "recorded_at": known_at, "replaced_at": ended_at}
    yield {**row, "until_on": spell.until_on, "recorded_at": ended_at, "replaced_at": None}


def _placing(one: Somebody, step: LadderStep, day: date) -> Row:
    return {
        "citizen_id": one.citizen_id,
        "step_id": step.id,
        "from_on": day,
        "recorded_at": morning_of(day + timedelta(days=WRITTEN_AFTER)),
    }


def _stored(model: Any, rows: list[Row]) -> list[int]:
    """The ids of the new rows, in their order."""
    if not rows:
        return []
    statement = sa.insert(model).returning(model.id, sort_by_parameter_order=True)
    return list(db.session.scalars(statement, rows))
