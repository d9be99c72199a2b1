"""The young people of the demo: counted each year without names, and a parent's yes for the one who has a card."""

from dataclasses import dataclass
from datetime import date, datetime, time
from functools import partial
from typing import Final

import sqlalchemy as sa

from portal.base.clock import DANISH_TIME, danish_day
from portal.base.database import db
from portal.demo.world import World
from portal.interventions.young import queries, services
from portal.interventions.young.models import ParentsYesVia, YoungPlaceKind
from portal.interventions.young.services import TallyNumbers
from portal.loop.citizens.models import Citizen

COUNTED: Final = (11, 12)
"""Month and day: in November each year."""


@dataclass(frozen=True)
class ScriptedCount:
    kind: YoungPlaceKind
    name: str
    by_year: dict[int, tuple[int, int, int, int]]
    """Has a job, wants one, wants none, nobody knows; of the plan's years, and by years before this one from 0."""


PLACES: Final = (
    ScriptedCount(
        YoungPlaceKind.RECEPTION_CLASS,
        "Modtageklassen på Enghaveskolen",
        {2019: (6, 14, 8, 0), 2020: (8, 13, 7, 2), 2021: (11, 10, 7, 1), 2: (9, 10, 5, 6), 1: (11, 9, 6, 2)},
    ),
    ScriptedCount(
        YoungPlaceKind.YOUTH_UNIT,
        "Ungeenheden",
        {
            2019: (7, 19, 12, 0),
            2020: (9, 18, 10, 5),
            2021: (13, 15, 9, 3),
            2: (12, 14, 8, 7),
            1: (15, 11, 9, 4),
            0: (18, 9, 9, 2),
        },
    ),
    ScriptedCount(
        YoungPlaceKind.HOUSING_AREA,
        "Havneparken",
        {
            2019: (5, 9, 6, 0),
            2020: (6, 9, 5, 6),
            2021: (8, 7, 6, 2),
            2: (7, 8, 6, 9),
            1: (8, 8, 6, 5),
            0: (10, 6, 7, 3),
        },
    ),
)
LONG_AGO: Final = 1000
"""What is above it is a year, below it so many years before this one."""


class YoungPeople:
    """What was counted in the plan's years is put in as of that day; the last years happen on theirs."""

    def __init__(self, world: World) -> None:
        self.world, self.time = world, world.time

    def plan(self) -> None:
        for place in PLACES:
            for year, numbers in place.by_year.items():
                if year < LONG_AGO:
                    day = self._day(self.time.today.year - year)
                    self.time.plan(self.time.days_ago(day), partial(self._count, place, day, numbers))
        for person in self.world.people:
            if person.key == "ung":
                self.time.plan(
                    person.scripted.known_for_days - 1, partial(self._note_yes, person.scripted.first_name)
                )

    def tell_plan_years(self) -> None:
        for place in PLACES:
            for year, numbers in place.by_year.items():
                if year >= LONG_AGO:
                    day = self._day(year)
                    self._count(place, day, numbers, datetime.combine(day, time(14), DANISH_TIME))

    def _day(self, year: int) -> date:
        return date(year, *COUNTED)

    def _count(
        self, place: ScriptedCount, day: date, numbers: tuple[int, int, int, int], at: datetime
    ) -> None:
        home, by = self.world.home, self.world.consultant_of(self.world.home.id)
        counted = TallyNumbers(day, *numbers)
        services.count_young(services.place_named(home.id, place.kind, place.name), counted, by=by, at=at)

    def _note_yes(self, first_name: str, at: datetime) -> None:
        citizen = db.session.scalars(sa.select(Citizen).where(Citizen.first_name == first_name)).one()
        if queries.is_under_age(citizen, danish_day(at)):
            by = self.world.consultant_of(citizen.municipality_id)
            services.note_parents_yes(
                citizen, said_on=danish_day(at), via=ParentsYesVia.MEETING, by=by, at=at
            )
