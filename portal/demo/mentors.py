"""The mentors of the demo: a corps in Halsnæs with agreements of every kind, and what Fredensborg's plan began."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, Final

import sqlalchemy as sa

from portal.base.clock import danish_day
from portal.base.database import db
from portal.demo.timeline import morning_of
from portal.demo.world import World
from portal.interventions.mentoring import queries, services
from portal.interventions.mentoring.models import (
    Mentor,
    MentorAgreement,
    MentorEnd,
    MentorOrigin,
    MentorYesVia,
)
from portal.interventions.mentoring.services import AgreementDetails, MentorDetails
from portal.loop.citizens.models import Citizen
from portal.shared.accounts.models import Municipality


@dataclass(frozen=True)
class ScriptedMentor:
    name: str
    origin: MentorOrigin
    languages: str
    hours: float
    since_days_ago: int
    employer: str | None = None
    pledged_after: int | None = 3
    """Days until the pledge; None: not yet."""


CORPS: Final = (
    ScriptedMentor("Grethe Holm", MentorOrigin.CORPS, "engelsk", 4, 1000),
    ScriptedMentor("Samira Nasser", MentorOrigin.CORPS, "arabisk, engelsk", 3, 900),
    ScriptedMentor("Bo Lindgaard", MentorOrigin.EMPLOYER, "", 2, 800, employer="fjord"),
    ScriptedMentor("Inge Storm", MentorOrigin.EMPLOYER, "tysk", 3, 640, employer="solhoej"),
    ScriptedMentor(
        "Ruth Abraha", MentorOrigin.MUNICIPALITY, "tigrinya, amharisk", 6, 500, pledged_after=None
    ),
    ScriptedMentor("Poul Vester", MentorOrigin.CORPS, "", 3, 12, pledged_after=None),
)


@dataclass(frozen=True)
class ScriptedMentoring:
    person: str
    mentor: str
    agreed: str
    hours: float
    from_days_ago: int
    weeks: int
    answer: MentorYesVia | None = MentorYesVia.PHONE
    ended_days_ago: int | None = None
    why: MentorEnd | None = None


AGREEMENTS: Final = (
    ScriptedMentoring(
        "Amal Darwish", "Samira Nasser", "At ringe, når noget er svært på arbejdet", 1, 860, 13
    ),
    ScriptedMentoring(
        "Mariam Habte", "Grethe Holm", "At øve ordene for rengøring", 1, 800, 16, MentorYesVia.PAPER
    ),
    ScriptedMentoring(
        "Zahra Noori",
        "Grethe Holm",
        "At finde rundt og spørge om hjælp",
        2,
        620,
        20,
        MentorYesVia.MEETING,
        560,
        MentorEnd.IN_WORK,
    ),
    ScriptedMentoring(
        "Oksana Melnyk", "Bo Lindgaard", "At lære køkkenets rutiner", 1, 480, 13, MentorYesVia.LINK
    ),
    ScriptedMentoring("Svitlana Tkachenko", "Inge Storm", "At tale med beboerne", 2, 300, 13),
    ScriptedMentoring(
        "Letebrhan Kidane", "Ruth Abraha", "At læse breve og vagtplan", 2, 150, 26, MentorYesVia.MEETING
    ),
    ScriptedMentoring(
        "Rima Al-Khatib", "Samira Nasser", "At følges de første dage og tale om ugen", 2, 25, 20
    ),
    ScriptedMentoring("Tsige Haile", "Ruth Abraha", "At forstå vagtplan og lønseddel", 1, -4, 12, None),
)

WRITTEN_BEFORE: Final = 6
"""Days before an agreement begins that it is written."""


class Mentoring:
    """Plans each line on the day it was written."""

    def __init__(self, world: World) -> None:
        self.world, self.time = world, world.time
        self.mentors: dict[str, Mentor] = {}

    def plan(self) -> None:
        for mentor in CORPS:
            self.time.plan(mentor.since_days_ago, partial(self._add, mentor))
        for agreement in AGREEMENTS:
            self.time.plan(agreement.from_days_ago + WRITTEN_BEFORE, partial(self._agree, agreement))

    def _add(self, scripted: ScriptedMentor, at: datetime) -> None:
        by, home = self.world.consultant_of(self.world.home.id), self.world.home
        employer = self.world.employers[scripted.employer] if scripted.employer else None
        details = MentorDetails(
            name=scripted.name,
            origin=scripted.origin,
            hours_per_week=scripted.hours,
            employer_id=employer.id if employer else None,
            languages=scripted.languages,
            email=f"{scripted.name.split()[0].lower()}@mentor.example",
            phone="47 90 12 30",
            is_shared=scripted.origin is MentorOrigin.CORPS,
            pledged_on=None if scripted.pledged_after is None else danish_day(at),
        )
        self.mentors[scripted.name] = services.add_mentor(home.id, details, by=by, at=at)

    def _agree(self, scripted: ScriptedMentoring, at: datetime) -> None:
        first_name, _space, last_name = scripted.person.partition(" ")
        citizen = db.session.scalars(
            sa.select(Citizen).where(Citizen.first_name == first_name, Citizen.last_name == last_name)
        ).one()
        by, from_on = self.world.consultant_of(citizen.municipality_id), self.time.day(scripted.from_days_ago)
        placements = queries.open_placements(by, citizen)
        details = AgreementDetails(
            scripted.agreed,
            scripted.hours,
            from_on,
            from_on + timedelta(weeks=scripted.weeks),
            danish_day(at),
            placements[0].id if placements else None,
        )
        agreement = services.propose_mentor(self.mentors[scripted.mentor], citizen, details, by=by, at=at)
        if scripted.answer is not None:
            services.answer_as_mentor(agreement, is_yes=True, via=scripted.answer, by=by, at=at)
        if scripted.ended_days_ago is not None and scripted.why is not None:
            self.time.plan(scripted.ended_days_ago, partial(self._end, agreement, scripted.why))

    def _end(self, agreement: MentorAgreement, why: MentorEnd, at: datetime) -> None:
        by = self.world.consultant_of(self.world.home.id)
        services.end_agreement(agreement, on=danish_day(at), reason=why, by=by, at=at)


# --- What a plan's year began ----------------------------------------------------------------------------------


PAST_MENTORS: Final = ("Karen Toft", "Jens Holst", "Aase Bang")
PAST_WEEKS: Final = 13


def begin_past_courses(
    place: Municipality, people: Sequence[int], first: date, last: date, *, by_id: int
) -> None:
    """One for each of the people (their ids), spread over the days: put in as it stood then."""
    told_at = morning_of(first)
    mentors = [
        Mentor(
            municipality_id=place.id,
            name=name,
            origin=MentorOrigin.CORPS,
            hours_per_week=10,
            pledged_on=first,
            created_at=told_at,
            archived_at=morning_of(last + timedelta(days=400)),
        )
        for name in PAST_MENTORS
    ]
    db.session.add_all(mentors)
    db.session.flush()
    span = (last - first).days
    for number, citizen_id in enumerate(people):
        from_on = first + timedelta(days=number * span // len(people))
        db.session.add(
            MentorAgreement(
                mentor_id=mentors[number % len(mentors)].id,
                citizen_id=citizen_id,
                agreed="At følges ved begyndelsen",
                hours_per_week=1,
                from_on=from_on,
                until_on=from_on + timedelta(weeks=PAST_WEEKS),
                citizen_agreed_on=from_on,
                proposed_at=morning_of(from_on),
                proposed_by_id=by_id,
                agreed_at=morning_of(from_on),
                answered_via=MentorYesVia.MEETING,
                answer_recorded_by_id=by_id,
            )
        )
    db.session.flush()


def forget_past_courses(place: Municipality, people: Sequence[int]) -> None:
    """With the people; no mentor of then has anything left."""
    db.session.execute(sa.delete(MentorAgreement).where(MentorAgreement.citizen_id.in_(people)))
    of_then: Any = sa.delete(Mentor).where(
        Mentor.municipality_id == place.id, Mentor.name.in_(PAST_MENTORS), Mentor.archived_at.is_not(None)
    )
    db.session.execute(of_then)
