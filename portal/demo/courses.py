"""The courses of the demo: what was passed in three years, what is under way, and runs that close gaps of today.

Selam Tesfay's card says nothing of the tasks of "Aftenrengøring på rådhuset": the next run of "Rengøring, grundkursus"
brings the two over the bar. Amal Darwish and "Anretning og servering" wait for "Servering og borddækning".
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from portal.base.clock import danish_day
from portal.base.terms import Industry
from portal.demo.world import World, citizen_named
from portal.interventions.courses import seats, services
from portal.interventions.courses.models import CostBearer, Course, CourseRun, CourseSeat
from portal.interventions.courses.services import CourseDetails, RunDetails, Taught
from portal.shared.accounts.models import User
from portal.shared.skills.queries import ids_of


@dataclass(frozen=True)
class ScriptedCourse:
    name: str
    industry: Industry
    provider: str
    teaches: tuple[tuple[str, int], ...]
    certificate: str = ""
    place: str = "Halsnæs"
    since_days_ago: int = 1080
    description: str = ""


HYGIENE: Final = "Hygiejne og fødevaresikkerhed"
CLEANING: Final = "Rengøring, grundkursus"
CANTEEN: Final = "Kantine og buffet"
SERVING: Final = "Servering og borddækning"
HOME: Final = "Praktisk hjælp i hjemmet"

COURSES: Final = (
    ScriptedCourse(
        HYGIENE,
        Industry.KOEKKEN,
        "Fjordens Kursuscenter",
        (("håndhygiejne", 3), ("køkkenhygiejne", 3)),
        "hygiejnebevis",
        description="To dage om bakterier, temperatur og rene hænder. Slutter med en prøve.",
    ),
    ScriptedCourse(
        CLEANING,
        Industry.RENGOERING,
        "Fjordens Kursuscenter",
        (("gulvvask og mopning", 3), ("støvsugning", 3), ("kontorrengøring", 2)),
    ),
    ScriptedCourse(
        CANTEEN,
        Industry.KOEKKEN,
        "Kantineskolen Nord",
        (
            ("skære og klargøre grøntsager", 2),
            ("buffet og opfyldning", 2),
            ("tilberedning af varm mad", 2),
            ("kolde retter og salater", 2),
        ),
        since_days_ago=420,
    ),
    ScriptedCourse(
        SERVING,
        Industry.KOEKKEN,
        "Kantineskolen Nord",
        (("borddækning", 2), ("servering for gæster", 2), ("anretning af fade og tallerkener", 2)),
        since_days_ago=40,
    ),
    ScriptedCourse(
        HOME,
        Industry.PLEJE,
        "Plejeskolen Fredensborg",
        (("praktisk hjælp i hjemmet", 2), ("indkøb for borger", 2)),
        place="Fredensborg",
        since_days_ago=300,
    ),
)


@dataclass(frozen=True)
class ScriptedRun:
    course: str
    begins_days_ago: int
    """Below 0: in so many days."""
    days: int
    seats: int
    town: str
    bearer: CostBearer = CostBearer.MUNICIPALITY
    times: str = ""
    shared: bool = False
    passed: tuple[str, ...] = ()
    attending: tuple[str, ...] = ()
    booked: tuple[str, ...] = ()
    wished: tuple[str, ...] = ()
    stopped: tuple[str, ...] = ()


RUNS: Final = (
    ScriptedRun(HYGIENE, 905, 2, 8, "Frederiksværk", passed=("Amal Darwish", "Selam Tesfay")),
    ScriptedRun(CLEANING, 700, 12, 10, "Hundested", passed=("Mariam Habte", "Zahra Noori")),
    ScriptedRun(
        HYGIENE, 545, 2, 8, "Frederiksværk", passed=("Abdi Jama", "Grâce Ilunga"), stopped=("Hodan Warsame",)
    ),
    ScriptedRun(
        CLEANING, 335, 12, 10, "Hundested", CostBearer.SHARED, passed=("Svitlana Tkachenko", "Senait Berhane")
    ),
    ScriptedRun(HYGIENE, 165, 2, 8, "Frederiksværk", passed=("Mehret Woldu",)),
    ScriptedRun(
        CANTEEN,
        9,
        26,
        6,
        "Frederiksværk",
        times="mandag, onsdag og fredag 9-14",
        attending=("Yuliia Savchenko",),
    ),
    ScriptedRun(
        CANTEEN,
        -12,
        26,
        6,
        "Frederiksværk",
        times="mandag, onsdag og fredag 9-14",
        booked=("Rima Al-Khatib",),
        wished=("Farida Rahimi",),
    ),
    ScriptedRun(
        SERVING,
        -20,
        10,
        4,
        "Hundested",
        CostBearer.EMPLOYER,
        times="tirsdag og torsdag 10-15",
    ),
    ScriptedRun(CLEANING, -34, 12, 10, "Hundested", times="hver dag 8-13"),
    ScriptedRun(HOME, -28, 14, 12, "Fredensborg", CostBearer.STATE, times="hver dag 9-14", shared=True),
)

WRITTEN_BEFORE: Final = 45
"""Days before its first one that a run is written, and no later than ten days ago."""
SEATS_BEFORE: Final = 21


class Courses:
    """Plans each line on the day it was written."""

    def __init__(self, world: World) -> None:
        self.world, self.time = world, world.time
        self.courses: dict[str, Course] = {}

    def plan(self) -> None:
        for course in COURSES:
            self.time.plan(course.since_days_ago, partial(self._create, course))
        for run in RUNS:
            self.time.plan(max(10, run.begins_days_ago + WRITTEN_BEFORE), partial(self._hold, run))

    def _create(self, scripted: ScriptedCourse, at: datetime) -> None:
        place = self.world.places[scripted.place]
        keys = ids_of([name for name, _level in scripted.teaches] + [scripted.certificate])
        details = CourseDetails(
            name=scripted.name,
            industry=scripted.industry,
            provider=scripted.provider,
            description=scripted.description,
            certificate=scripted.certificate,
            certificate_skill_id=keys.get(scripted.certificate),
            certificate_years=5 if scripted.certificate else None,
            teaches=tuple(Taught(keys[name], level) for name, level in scripted.teaches),
        )
        by = self.world.consultant_of(place.id)
        self.courses[scripted.name] = services.create_course(place.id, details, by=by, at=at)

    def _hold(self, scripted: ScriptedRun, at: datetime) -> None:
        course, first = self.courses[scripted.course], self.time.day(scripted.begins_days_ago)
        details = RunDetails(
            first_day=first,
            last_day=first + timedelta(days=scripted.days - 1),
            place=scripted.town,
            seats=scripted.seats,
            cost_bearer=scripted.bearer,
            times=scripted.times,
            shared_with_neighbours=scripted.shared,
        )
        run = services.create_run(course, details, by=self.world.consultant_of(course.municipality_id), at=at)
        on_it = (*scripted.passed, *scripted.attending, *scripted.booked, *scripted.wished, *scripted.stopped)
        given = max(8, scripted.begins_days_ago + SEATS_BEFORE)
        for person in on_it:
            self.time.plan(given, partial(self._take_seat, scripted, run, person))

    def _take_seat(self, scripted: ScriptedRun, run: CourseRun, person: str, at: datetime) -> None:
        citizen = citizen_named(person)
        by = self.world.consultant_of(citizen.municipality_id)
        seat = seats.wish_seat(run, citizen, by=by, at=at)
        if person in scripted.wished:
            return
        seats.book_seat(seat, by=by, at=at)
        if person in (*scripted.passed, *scripted.attending, *scripted.stopped):
            self.time.plan(scripted.begins_days_ago, partial(self._begin, seat))
        last = scripted.begins_days_ago - scripted.days + 1
        if person in scripted.passed:
            self.time.plan(last, partial(self._pass, seat))
        elif person in scripted.stopped:
            self.time.plan(last, partial(self._stop, seat))

    def _begin(self, seat: CourseSeat, at: datetime) -> None:
        seats.begin_seat(seat, danish_day(at), by=self._by(seat), at=at)

    def _pass(self, seat: CourseSeat, at: datetime) -> None:
        seats.pass_seat(seat, danish_day(at), by=self._by(seat), at=at)

    def _stop(self, seat: CourseSeat, at: datetime) -> None:
        seats.stop_seat(seat, danish_day(at), by=self._by(seat), at=at)

    def _by(self, seat: CourseSeat) -> User:
        return self.world.consultant_of(seat.citizen.municipality_id)
