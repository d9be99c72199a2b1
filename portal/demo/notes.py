"""The notes of the demo: what was agreed when somebody talked with a citizen, and one that was about another."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

import sqlalchemy as sa

from portal.base.clock import danish_day
from portal.base.database import db
from portal.demo.world import World
from portal.loop.citizens.models import Citizen
from portal.loop.notes import services
from portal.loop.notes.models import CitizenNote


@dataclass(frozen=True)
class ScriptedNote:
    person: str
    days_ago: int
    text: str
    struck_after: int | None = None
    """Days until it was struck out; None: it stands."""


NOTES: Final = (
    ScriptedNote("Rima Al-Khatib", 40, "Du har kørekort og kan køre til Frederiksværk.", struck_after=2),
    ScriptedNote(
        "Rima Al-Khatib",
        10,
        "Vi talte om køkkenet. Du vil gerne begynde klokken ni, så du kan følge børnene i skole.",
    ),
    ScriptedNote("Letebrhan Kidane", 60, "Vi læste vagtplanen sammen. Ruth ringer på onsdag."),
    ScriptedNote("Letebrhan Kidane", 14, "Du er glad for holdet og vil prøve en hel dag om ugen."),
    ScriptedNote("Mariam Habte", 20, "Vi aftalte, at du viser gulvvaskemaskinen for den nye kollega."),
    ScriptedNote(
        "Tsige Haile", 5, "Du vil gerne arbejde med ældre. Jeg ringer til plejehjemmet i denne uge."
    ),
)


class Notes:
    """Plans each note on the day it was written."""

    def __init__(self, world: World) -> None:
        self.world, self.time = world, world.time

    def plan(self) -> None:
        for scripted in NOTES:
            self.time.plan(scripted.days_ago, partial(self._write, scripted))

    def _write(self, scripted: ScriptedNote, at: datetime) -> None:
        first_name, _space, last_name = scripted.person.partition(" ")
        citizen = db.session.scalars(
            sa.select(Citizen).where(Citizen.first_name == first_name, Citizen.last_name == last_name)
        ).one()
        by = self.world.consultant_of(citizen.municipality_id)
        note = services.write_note(citizen, text=scripted.text, said_on=danish_day(at), by=by, at=at)
        if scripted.struck_after is not None:
            self.time.plan(scripted.days_ago - scripted.struck_after, partial(self._strike, note))

    def _strike(self, note: CitizenNote, at: datetime) -> None:
        by = self.world.consultant_of(note.citizen.municipality_id)
        services.strike_note(note, reason="Det var en anden borger.", by=by, at=at)
