"""The groups of the demo: one that is over, one that meets now, one for the young; and those of the plan's years.

Each is made some weeks before its first day; who came is written on the day of each session, and the hours at the
language school when a month is over.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Final

import sqlalchemy as sa
from dateutil.relativedelta import relativedelta

from portal.base.clock import danish_day
from portal.base.database import db
from portal.base.terms import Weekday
from portal.demo.timeline import morning_of
from portal.demo.world import World
from portal.interventions.cohorts import language, places, queries, services
from portal.interventions.cohorts.attendance import record_attendance
from portal.interventions.cohorts.language import HoursDetails, TeamGoalDetails
from portal.interventions.cohorts.models import (
    Cohort,
    CohortEnrolment,
    CohortExit,
    CohortKind,
    CohortSession,
    CohortSort,
    EnrolmentReason,
    EnrolmentState,
    Presence,
    SessionState,
)
from portal.interventions.cohorts.places import EnrolmentDetails
from portal.interventions.cohorts.services import CohortDetails, LeadDetails, ThemeDetails
from portal.interventions.cohorts.times import MeetingTime
from portal.loop.citizens.models import Citizen
from portal.shared.accounts.models import Municipality

SEED: Final = 1_612
MADE_BEFORE: Final = 21
"""Days before its first that a group is made."""
WRITTEN_AFTER: Final = 4
"""Days after a month that its hours at the language school are read."""
MONTHS_BEFORE: Final = 5
"""So long before the group the hours of its members are known."""


@dataclass(frozen=True)
class ScriptedCohort:
    """A group, counted in days before today; `people` in the order of its list."""

    sort: CohortSort
    name: str
    place: str
    partner: str
    from_days_ago: int
    weeks: int
    times: tuple[MeetingTime, ...]
    people: tuple[str, ...] = ()
    exits: tuple[tuple[str, int, CohortExit], ...] = ()
    """Who went on to what, and how many days ago."""
    waiting: tuple[str, ...] = ()
    is_led: bool = False
    """By Tine, who is no consultant."""


def _time(weekday: Weekday, begins: time, ends: time) -> MeetingTime:
    return MeetingTime(weekday, begins, ends)


COHORTS: Final = (
    ScriptedCohort(
        CohortSort.SPECIAL_TEACHING,
        "Undervisning for en lille gruppe",
        "Rådhuset i Frederiksværk",
        "",
        690,
        13,
        (
            _time(Weekday.TUESDAY, time(9), time(11, 30)),
            _time(Weekday.THURSDAY, time(9), time(11, 30)),
        ),
        (
            "Amal Darwish",
            "Farida Rahimi",
            "Hodan Warsame",
            "Iryna Kovalenko",
            "Esperance Mukendi",
            "Freweini Gebre",
            "Natalia Bondar",
            "Shirin Karimi",
            "Aylin Demir",
            "Halyna Shevchuk",
            "Grâce Ilunga",
        ),
        (
            ("Natalia Bondar", 615, CohortExit.PRAKTIK),
            ("Aylin Demir", 630, CohortExit.STOPPED),
            ("Esperance Mukendi", 605, CohortExit.OTHER_OFFER),
        ),
    ),
    ScriptedCohort(
        CohortSort.SPECIAL_TEACHING,
        "Undervisning for en lille gruppe, forår",
        "Rådhuset i Frederiksværk",
        "",
        285,
        13,
        (_time(Weekday.TUESDAY, time(9), time(11, 30)),),
        (
            "Selam Tesfay",
            "Mariam Habte",
            "Zahra Noori",
            "Letebrhan Kidane",
            "Svitlana Tkachenko",
            "Masuma Hosseini",
            "Farida Rahimi",
            "Amal Darwish",
            "Hodan Warsame",
            "Iryna Kovalenko",
        ),
        (("Svitlana Tkachenko", 215, CohortExit.PRAKTIK),),
    ),
    ScriptedCohort(
        CohortSort.CAMPAIGN,
        "Fritidsjob for unge",
        "Ungdomsskolen",
        "Ungeenheden",
        250,
        4,
        (_time(Weekday.WEDNESDAY, time(15), time(16, 30)),),
    ),
    ScriptedCohort(
        CohortSort.GUIDANCE,
        "Gruppevejledning om arbejde",
        "Jobcentret, Hundested",
        "",
        12,
        8,
        (_time(Weekday.WEDNESDAY, time(13), time(15)),),
        ("Tsige Haile",),
    ),
    ScriptedCohort(
        CohortSort.MATERNITY_CAFE,
        "Barselscafé Maglehøj",
        "Beboerhuset, Maglehøj",
        "Det boligsociale område Maglehøj",
        82,
        24,
        (_time(Weekday.MONDAY, time(9, 30), time(12)), _time(Weekday.THURSDAY, time(9, 30), time(12))),
        (
            "Rima Al-Khatib",
            "Laleh Ahmadi",
            "Mehret Woldu",
            "Parwana Sultani",
            "Senait Berhane",
            "Golnaz Rezaei",
            "Fadumo Ali",
            "Liudmyla Moroz",
        ),
        (("Golnaz Rezaei", 12, CohortExit.PRAKTIK),),
        ("Elif Kaya",),
        is_led=True,
    ),
)

GOALS: Final = (
    ("Rima Al-Khatib", "Praktik i et køkken, når barnet går i vuggestue", "Er begyndt i barselscaféen"),
    ("Laleh Ahmadi", "Tre dage om ugen på sprogskolen", "Har fået plads i vuggestuen"),
)


class Groups:
    """Plans each line on the day it was written."""

    def __init__(self, world: World) -> None:
        self.world, self.time = world, world.time
        self.draw = random.Random(SEED)  # noqa: S311 - varied, not secret

    def plan(self) -> None:
        for scripted in COHORTS:
            self.time.plan(scripted.from_days_ago + MADE_BEFORE, partial(self._make, scripted))

    def _citizen(self, person: str) -> Citizen:
        citizen = self._known(person)
        assert citizen is not None, person
        return citizen

    def _known(self, person: str) -> Citizen | None:
        """None: she is not in the portal yet."""
        first_name, _space, last_name = person.partition(" ")
        return db.session.scalars(
            sa.select(Citizen).where(
                Citizen.first_name == first_name,
                Citizen.last_name == last_name,
                Citizen.municipality_id == self.world.home.id,
            )
        ).one_or_none()

    def _make(self, scripted: ScriptedCohort, at: datetime) -> None:
        home = self.world.home
        by = self.world.consultant_of(home.id)
        kind = next(one for one in queries.kinds_for(home.id) if one.sort is scripted.sort)
        first = self.time.day(scripted.from_days_ago)
        details = CohortDetails(
            name=scripted.name,
            capacity=kind.capacity,
            first_on=first,
            last_on=first + timedelta(weeks=scripted.weeks, days=-1),
            purpose=kind.purpose,
            group_id=None if scripted.sort is CohortSort.CAMPAIGN else self.world.groups[home.id]["first"].id,
            lead_id=by.id,
            place=scripted.place,
            partner=scripted.partner,
            times=scripted.times,
            themes=[ThemeDetails(theme.name) for theme in kind.themes],
        )
        cohort = services.create_cohort(kind, details, by=by, at=at)
        if scripted.is_led:
            days = LeadDetails(first, details.last_on, danish_day(at))
            services.let_lead(cohort, self.world.users["holdleder"], days, by=by, at=at)
        self.time.plan(scripted.from_days_ago + 2, partial(self._enrol, scripted, cohort))
        for session in queries.sessions_of(cohort.id):
            self.time.plan(self.time.days_ago(session.on_day), partial(self._hold, scripted, session.id))
        for person, days_ago, exit_to in scripted.exits:
            self.time.plan(days_ago, partial(self._leave, cohort, person, exit_to))
        self._plan_hours(scripted, details.last_on)

    def _enrol(self, scripted: ScriptedCohort, cohort: Cohort, at: datetime) -> None:
        by = self.world.consultant_of(self.world.home.id)
        place = EnrolmentDetails(EnrolmentState.PLACED, EnrolmentReason.SCHOOL_AGAIN, cohort.first_on)
        for person in scripted.people:
            places.enrol(cohort, self._citizen(person), place, by=by, at=at)
        for person in scripted.waiting:
            waits = replace(place, state=EnrolmentState.WAITING)
            places.enrol(cohort, self._citizen(person), waits, by=by, at=at)
        for person, sentence, last_step in GOALS:
            if person in scripted.people:
                goal = TeamGoalDetails(sentence, last_step, "Samtale om praktik med virksomhedskonsulenten")
                language.write_goal(self._citizen(person).id, goal, seen_id=None, by=by, at=at)

    def _hold(self, scripted: ScriptedCohort, session_id: int, at: datetime) -> None:
        """Most come, more of them as the weeks go by. What was today is left to be ticked."""
        session = db.session.get_one(CohortSession, session_id)
        if session.on_day == self.time.today:
            return
        by = (
            self.world.users["holdleder"] if scripted.is_led else self.world.consultant_of(self.world.home.id)
        )
        expected = queries.expected_at(session)
        if not expected:
            services.settle(session, SessionState.HELD, by=by, at=at)
            return
        draw = self.draw
        told = {one.citizen_id: draw.choices(tuple(Presence), weights=(8, 1, 1))[0] for one in expected}
        record_attendance(session, told, seen_version=session.version, by=by, at=at)

    def _leave(self, cohort: Cohort, person: str, exit_to: CohortExit, at: datetime) -> None:
        citizen = self._citizen(person)
        row = next(one for one in queries.enrolments(cohort.id) if one.citizen_id == citizen.id)
        ends = EnrolmentDetails(row.state, row.reason, row.from_on, danish_day(at), exit_to)
        by = self.world.consultant_of(self.world.home.id)
        places.correct_enrolment(row, ends, by=by, at=at)

    # --- Hours at the language school ------------------------------------------------------------------------------

    def _plan_hours(self, scripted: ScriptedCohort, last: date) -> None:
        """Month by month, from before the group until it is over."""
        first = self.time.day(scripted.from_days_ago).replace(day=1)
        month = first - relativedelta(months=MONTHS_BEFORE)
        while month <= last:
            read_on = month + relativedelta(months=1, days=WRITTEN_AFTER)
            act = partial(self._write_hours, scripted.people, month, is_after=month >= first)
            self.time.plan(min(self.time.days_ago(read_on), self.time.days), act)
            month += relativedelta(months=1)

    def _write_hours(self, people: Sequence[str], month: date, at: datetime, *, is_after: bool) -> None:
        draw, by = self.draw, self.world.consultant_of(self.world.home.id)
        for person in people:
            planned = draw.choice((36, 40, 48))
            share = draw.uniform(0.7, 0.95) if is_after else draw.uniform(0.4, 0.75)
            citizen = self._known(person)
            if citizen is not None:
                hours = HoursDetails(month, planned, round(planned * share))
                language.write_hours(citizen.id, hours, by=by, at=at)


# --- The plan's years --------------------------------------------------------------------------------------------

PAST_FIRST: Final = date(2020, 1, 13)
PAST_LAST: Final = date(2020, 4, 30)
PAST_CAMPAIGN: Final = (date(2020, 9, 9), date(2020, 9, 16), date(2020, 9, 23))
PAST_PLACES: Final = 12


def hold_past_cohorts(place: Municipality, people: Sequence[int], *, by_id: int) -> None:
    """A small group of then (their ids), and three sessions for the young: put in as it stood."""
    small = _past(
        place, CohortSort.SPECIAL_TEACHING, "Særligt undervisningsforløb 2020", PAST_FIRST, PAST_LAST
    )
    db.session.add_all(
        CohortEnrolment(
            cohort_id=small.id,
            citizen_id=citizen_id,
            number=number,
            state=EnrolmentState.PLACED,
            reason=EnrolmentReason.TOWARDS_WORK,
            from_on=PAST_FIRST,
            until_on=PAST_LAST,
            recorded_at=morning_of(PAST_FIRST),
            recorded_by_id=by_id,
        )
        for number, citizen_id in enumerate(people[:PAST_PLACES], start=1)
    )
    young = _past(
        place, CohortSort.CAMPAIGN, "Informationskampagne 2020", PAST_CAMPAIGN[0], PAST_CAMPAIGN[-1]
    )
    db.session.add_all(
        CohortSession(
            cohort_id=young.id,
            on_day=day,
            begins_at=time(15),
            ends_at=time(16, 30),
            state=SessionState.HELD,
            settled_at=morning_of(day),
            settled_by_id=by_id,
        )
        for day in PAST_CAMPAIGN
    )
    db.session.flush()


def _past(place: Municipality, sort: CohortSort, name: str, first: date, last: date) -> Cohort:
    kind = db.session.scalars(
        sa.select(CohortKind).where(CohortKind.sort == sort, CohortKind.municipality_id.is_(None))
    ).one()
    cohort = Cohort(
        municipality_id=place.id,
        kind_id=kind.id,
        name=name,
        capacity=kind.capacity,
        first_on=first,
        last_on=last,
        created_at=morning_of(first),
    )
    db.session.add(cohort)
    db.session.flush()
    return cohort


def forget_past_places(people: Sequence[int]) -> None:
    """With the people; the groups themselves tell of nobody."""
    db.session.execute(sa.delete(CohortEnrolment).where(CohortEnrolment.citizen_id.in_(people)))
