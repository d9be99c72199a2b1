"""The packages of the demo, who is on them and how far, and what Fredensborg's plan began."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, Final

import sqlalchemy as sa

from portal.base.clock import danish_day
from portal.base.database import db
from portal.base.terms import Industry
from portal.demo.timeline import morning_of
from portal.demo.world import World, citizen_named
from portal.interventions.pathways import journeys, queries, services, ways
from portal.interventions.pathways.journeys import LevelsNotSeen
from portal.interventions.pathways.models import (
    Journey,
    JourneyEnd,
    PassedReason,
    SkipReason,
    StepKind,
    StepState,
)
from portal.interventions.pathways.offers import OfferDetails, offer_step, withdraw_offer
from portal.interventions.pathways.services import PackageDetails, WrittenStep
from portal.interventions.pathways.shipped import shipped_packages
from portal.shared.accounts.models import Municipality


@dataclass(frozen=True)
class ScriptedWay:
    """Somebody on a package: when she began, the days on which she took a step, and how it ended."""

    person: str
    package: str
    from_days_ago: int
    taken: tuple[int, ...] = ()
    skipped: SkipReason | None = None
    """Why the first step is not taken."""
    ended_days_ago: int | None = None
    why: JourneyEnd | None = None


WAYS: Final = (
    ScriptedWay("Amal Darwish", "koekken", 960, (950, 900, 800), None, 690, JourneyEnd.IN_WORK),
    ScriptedWay("Hodan Warsame", "koekken", 900, (895, 860), None, 780, JourneyEnd.OTHER_WAY),
    ScriptedWay("Iryna Kovalenko", "rengoering", 760, (750, 720, 660), None, 560, JourneyEnd.IN_WORK),
    ScriptedWay("Freweini Gebre", "pleje", 700, (690, 640, 560, 440), None, 340, JourneyEnd.ALL_REACHED),
    ScriptedWay("Halyna Shevchuk", "koekken", 520, (515, 480), None, 410, JourneyEnd.STOPPED),
    ScriptedWay("Letebrhan Kidane", "rengoering", 330, (325, 290, 230)),
    ScriptedWay("Nour Khalil", "koekken", 300, (295, 240)),
    ScriptedWay("Dawit Araya", "pleje", 250, (240, 180)),
    ScriptedWay("Viktoriia Lysenko", "koekken", 160, (150, 110), SkipReason.KNOWN_ALREADY),
    ScriptedWay("Rima Al-Khatib", "koekken", 240, (235, 200)),
    ScriptedWay("Selam Tesfay", "rengoering", 95, (92, 75, 40)),
    ScriptedWay("Mariam Habte", "rengoering", 66, (62, 30)),
    ScriptedWay("Rana Shaheen", "pleje", 50, (45, 15)),
    ScriptedWay("Senait Berhane", "rengoering", 70, (65, 30)),
    ScriptedWay("Tsige Haile", "rengoering", 12, (5,)),
)


@dataclass(frozen=True)
class ScriptedOffer:
    """An employer that takes a step, by its number in the package."""

    employer: str
    package: str
    number: int
    from_days_ago: int
    places: int = 1
    until_days_ago: int | None = None
    withdrawn_days_ago: int | None = None


OFFERS: Final = (
    ScriptedOffer("fjord", "koekken", 2, 700, 2),
    ScriptedOffer("havn", "koekken", 3, 420),
    ScriptedOffer("melby", "koekken", 4, 200),
    ScriptedOffer("blank", "rengoering", 2, 600, 2),
    ScriptedOffer("blank", "rengoering", 3, 300),
    ScriptedOffer("klit", "rengoering", 2, 500, withdrawn_days_ago=90),
    ScriptedOffer("solhoej", "pleje", 2, 650, 2),
    ScriptedOffer("nord", "pleje", 3, 240, until_days_ago=-120),
)

TAKEN_INTO_USE: Final = 1_000
"""Days ago."""


class Pathways:
    """Plans each line on the day it was written."""

    def __init__(self, world: World) -> None:
        self.world, self.time = world, world.time

    def plan(self) -> None:
        for place in self.world.places.values():
            self.time.plan(TAKEN_INTO_USE, partial(self._take_into_use, place))
        for way in WAYS:
            self.time.plan(way.from_days_ago, partial(self._begin, way))
        for offered in OFFERS:
            self.time.plan(offered.from_days_ago, partial(self._offer, offered))
        self.time.plan(1, self._follow_placements)

    def _take_into_use(self, place: Municipality, at: datetime) -> None:
        for shipped in shipped_packages().values():
            services.take_into_use(shipped, place.id, by=self.world.consultant_of(place.id), at=at)

    def _offer(self, scripted: ScriptedOffer, at: datetime) -> None:
        employer, by = self.world.employers[scripted.employer], self.world.consultant_of(self.world.home.id)
        [package] = [
            one
            for one in queries.packages_in_use(employer.municipality_id)
            if one.copy_of == scripted.package
        ]
        until_on = None if scripted.until_days_ago is None else self.time.day(scripted.until_days_ago)
        details = OfferDetails(danish_day(at), until_on, scripted.places)
        offer = offer_step(employer, package.steps[scripted.number - 1], details, by=by, at=at)
        if scripted.withdrawn_days_ago is not None:
            self.time.plan(scripted.withdrawn_days_ago, lambda then: withdraw_offer(offer, by=by, at=then))

    def _begin(self, way: ScriptedWay, at: datetime) -> None:
        citizen = citizen_named(way.person)
        [package] = [
            one for one in queries.packages_in_use(citizen.municipality_id) if one.copy_of == way.package
        ]
        by = self.world.consultant_of(citizen.municipality_id)
        journey = journeys.begin_on_package(citizen, package, from_on=danish_day(at), by=by, at=at)
        if way.skipped is not None:
            journeys.skip_step(journey.steps[0], reason=way.skipped, by=by, at=at)
        for days_ago in way.taken:
            self.time.plan(days_ago, partial(self._take, journey.id))
        if way.ended_days_ago is not None and way.why is not None:
            self.time.plan(way.ended_days_ago, partial(self._end, journey.id, way.why))

    def _take(self, journey_id: int, at: datetime) -> None:
        """The next step; where a placement of its form runs, that carries it."""
        journey = db.session.get_one(Journey, journey_id)
        step = journey.next
        if step is None or not journey.is_open:
            return
        by = self.world.consultant_of(journey.citizen.municipality_id)
        running = [
            one
            for one in ways.open_placements_of(journey.citizen_id)
            if one.form is step.kind.placement_form and one.started_at is not None
        ]
        begin = partial(journeys.begin_step, step, on=danish_day(at), by=by, at=at)
        try:
            begin()
        except LevelsNotSeen:
            begin(passed=PassedReason.SEEN_ON_COURSE)
        if running:
            journeys.carry(step, running[0], by=by, at=at)

    def _follow_placements(self, at: datetime) -> None:
        """What is under way in a form that she is placed in is carried by that."""
        for way in WAYS:
            citizen = citizen_named(way.person)
            journey, by = ways.journey_of(citizen.id), self.world.consultant_of(citizen.municipality_id)
            step = journey.now if journey else None
            for placement in ways.open_placements_of(citizen.id):
                fits = step is not None and placement.form is step.kind.placement_form
                if step is not None and fits and step.placement_id is None and step.began_on is not None:
                    journeys.carry(step, placement, by=by, at=at)

    def _end(self, journey_id: int, why: JourneyEnd, at: datetime) -> None:
        journey = db.session.get_one(Journey, journey_id)
        by, today = self.world.consultant_of(journey.citizen.municipality_id), danish_day(at)
        for step in journey.steps:
            if step.state is StepState.UNDER_WAY and why is not JourneyEnd.STOPPED:
                journeys.reach_step(step, on=today, by=by, at=at)
        journeys.end_journey(journey, until_on=today, reason=why, by=by, at=at)


# --- What a plan's year began ----------------------------------------------------------------------------------

PAST_PACKAGE: Final = "Jobpakke til køkkenet 2007-08"
PAST_WEEKS: Final = 26


def begin_past_packages(
    place: Municipality, people: Sequence[int], first: date, last: date, *, by_id: int
) -> None:
    """Each of the people (their ids) on a package of then, spread over the days: put in as it stood then."""
    steps = (WrittenStep("Afklaring", StepKind("course"), 4), WrittenStep("Praktik", StepKind("praktik"), 13))
    details = PackageDetails(PAST_PACKAGE, Industry("koekken"), "En jobpakke fra planens tid.", steps)
    package = services.create_package(place.id, details, by=None, at=morning_of(first))
    package.archived_at = morning_of(last + timedelta(weeks=PAST_WEEKS))
    span = (last - first).days
    for number, citizen_id in enumerate(people):
        from_on = first + timedelta(days=number * span // len(people))
        db.session.add(
            Journey(
                citizen_id=citizen_id,
                package_id=package.id,
                name=package.name,
                from_on=from_on,
                until_on=from_on + timedelta(weeks=PAST_WEEKS),
                end_reason=JourneyEnd.ALL_REACHED,
                recorded_at=morning_of(from_on),
                recorded_by_id=by_id,
            )
        )
    db.session.flush()


def forget_past_packages(people: Sequence[int]) -> None:
    """With the people: nobody is on the package of then."""
    theirs: Any = sa.delete(Journey).where(Journey.citizen_id.in_(people))
    db.session.execute(theirs)
