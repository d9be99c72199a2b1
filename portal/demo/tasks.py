"""The tasks of the demo: what Karin has to do these days, and what she gave a colleague."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import sqlalchemy as sa

from portal.base.database import db
from portal.demo.world import World
from portal.loop.citizens.models import Citizen
from portal.workspaces.tasks import services
from portal.workspaces.tasks.services import TaskAbout, TaskDetails


@dataclass(frozen=True)
class ScriptedTask:
    """`due`: days after today; `person` and `employer`: whom it is about."""

    title: str
    made_days_ago: int
    due: int
    person: str | None = None
    employer: str | None = None
    is_colleagues: bool = False
    done_days_ago: int | None = None


TASKS: Final = (
    ScriptedTask("Aftal et besøg på arbejdspladsen", 6, -1, person="Rima Al-Khatib"),
    ScriptedTask("Hør, hvornår næste vagtplan er klar", 4, 0, employer="fjord"),
    ScriptedTask("Bestil tolk til samtalen", 3, 0, person="Tsige Haile"),
    ScriptedTask("Send pjecen om løntilskud", 3, 1, employer="solhoej"),
    ScriptedTask("Skriv dagsorden til teammødet", 2, 2),
    ScriptedTask("Ring om buskort", 2, 3, person="Letebrhan Kidane", is_colleagues=True),
    ScriptedTask("Find et tidspunkt til rundvisning", 9, -3, employer="fjord", done_days_ago=4),
)


class DeskTasks:
    """Plans each task on the day it was written."""

    def __init__(self, world: World) -> None:
        self.world, self.time = world, world.time

    def plan(self) -> None:
        for scripted in TASKS:
            self.time.plan(scripted.made_days_ago, partial(self._make, scripted))

    def _make(self, scripted: ScriptedTask, at: datetime) -> None:
        home = self.world.home
        by = self.world.consultant_of(home.id)
        owner = self.world.users["kollega"] if scripted.is_colleagues else by
        details = TaskDetails(scripted.title, self.time.today + timedelta(days=scripted.due), owner)
        task = services.make_task(details, self._about(scripted), by=by, at=at)
        if scripted.done_days_ago is not None:
            self.time.plan(scripted.done_days_ago, lambda then: services.finish_task(task, by=owner, at=then))

    def _about(self, scripted: ScriptedTask) -> TaskAbout:
        if scripted.employer is not None:
            return TaskAbout(employer=self.world.employers[scripted.employer])
        if scripted.person is None:
            return TaskAbout()
        first_name, _space, last_name = scripted.person.partition(" ")
        found = sa.select(Citizen).where(Citizen.first_name == first_name, Citizen.last_name == last_name)
        return TaskAbout(citizen=db.session.scalars(found).one())
