"""Where the citizens of the demo are: groups of the plan, spells, steps towards work, arrival. Some nobody wrote down.

The script counts in days before today; each line is written a few days after what it tells, and an end when it has
come, as a consultant would.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import sqlalchemy as sa

from portal.base.clock import danish_day
from portal.base.database import db
from portal.base.terms import SpellKind
from portal.demo.script import ScriptedArrival, ScriptedMember, ScriptedSpell, ScriptedStep
from portal.demo.world import World, citizen_named
from portal.interventions.target_groups import queries, situations
from portal.interventions.target_groups.models import Spell, SpellProposal
from portal.interventions.target_groups.situations import (
    ArrivalDetails,
    MembershipDetails,
    SpellDetails,
)
from portal.loop.citizens.models import Citizen

WRITTEN_AFTER: Final = 3
"""Days until a consultant writes down what happened."""
CONFIRMED_AFTER: Final = 9
LEFT_OPEN_DAYS: Final = 300
"""Jobs that were proposed within this time wait for a consultant to confirm them."""


class Situations:
    """Plans each line on the day it was written."""

    def __init__(self, world: World) -> None:
        self.world, self.script, self.time = world, world.script, world.time

    def plan(self) -> None:
        for arrival in self.script.arrivals:
            self._when_known(arrival.person, arrival.days_ago, partial(self._arrive, arrival))
        for member in self.script.members:
            self._when_known(member.person, member.from_days_ago, partial(self._join, member))
        for spell in self.script.spells:
            self._when_known(spell.person, spell.from_days_ago, partial(self._begin, spell))
        for step in self.script.steps:
            self._when_known(step.person, step.days_ago, partial(self._place, step))
        for days_ago in range(self.time.days, LEFT_OPEN_DAYS, -CONFIRMED_AFTER):
            self.time.plan(days_ago, self._confirm_jobs)
        for job in self.script.job_ends:
            self.time.plan(job.days_ago - WRITTEN_AFTER, partial(self._end_job, job.person, job.days_ago))

    def _when_known(self, person: str, days_ago: int, act: partial[None]) -> None:
        """A few days later, and not before she is in the portal herself."""
        known_for = self.world.named(person).scripted.known_for_days
        self.time.plan(max(0, min(days_ago, known_for) - WRITTEN_AFTER), act)

    def _arrive(self, scripted: ScriptedArrival, at: datetime) -> None:
        citizen, arrived_on = citizen_named(scripted.person), self.time.day(scripted.days_ago)
        begun = arrived_on + timedelta(days=21)
        details = ArrivalDetails(
            arrived_on, begun, begun + timedelta(weeks=scripted.programme_weeks, days=-1)
        )
        by = self.world.consultant_of(citizen.municipality_id)
        situations.note_arrival(citizen.id, details, by=by, at=at)

    def _join(self, scripted: ScriptedMember, at: datetime) -> None:
        citizen = citizen_named(scripted.person)
        by = self.world.consultant_of(citizen.municipality_id)
        group = self.world.groups[citizen.municipality_id][scripted.group]
        joined = MembershipDetails(self.time.day(scripted.from_days_ago))
        membership = situations.add_member(group, citizen, joined, by=by, at=at)
        if scripted.until_days_ago is not None:
            left = MembershipDetails(
                joined.from_on, self.time.day(scripted.until_days_ago), scripted.end_reason
            )
            self.time.plan(
                scripted.until_days_ago - WRITTEN_AFTER,
                lambda at: situations.correct_membership(membership, left, by=by, at=at),
            )

    def _begin(self, scripted: ScriptedSpell, at: datetime) -> None:
        citizen = citizen_named(scripted.person)
        by = self.world.consultant_of(citizen.municipality_id)
        begun = SpellDetails(
            scripted.kind, self.time.day(scripted.from_days_ago), None, scripted.hours_per_week
        )
        spell = situations.add_spell(citizen.id, begun, by=by, at=at)
        if scripted.until_days_ago is not None:
            self.time.plan(
                scripted.until_days_ago - WRITTEN_AFTER + 1,
                partial(self._end, spell, scripted.until_days_ago),
            )

    def _end(self, spell: Spell, until_days_ago: int, at: datetime) -> None:
        """It was the last day; who wrote it is who writes of her."""
        citizen = db.session.get_one(Citizen, spell.citizen_id)
        by = self.world.consultant_of(citizen.municipality_id)
        details = SpellDetails(spell.kind, spell.from_on, self.time.day(until_days_ago), spell.hours_per_week)
        situations.correct_spell(spell, details, by=by, at=at)

    def _place(self, scripted: ScriptedStep, at: datetime) -> None:
        citizen = citizen_named(scripted.person)
        by = self.world.consultant_of(citizen.municipality_id)
        step = self.world.ladders[citizen.municipality_id][scripted.step]
        situations.place_on_step(citizen, step, from_on=self.time.day(scripted.days_ago), by=by, at=at)

    def _confirm_jobs(self, at: datetime) -> None:
        """Whom an employer hired works there from the next day, as the consultant was told."""
        waiting = (
            sa.select(SpellProposal).where(SpellProposal.decided_at.is_(None)).order_by(SpellProposal.id)
        )
        for proposal in db.session.scalars(waiting).all():
            by = self.world.consultant_of(proposal.citizen.municipality_id)
            details = SpellDetails(proposal.kind, proposal.from_on, None, proposal.hours_per_week)
            if proposal.from_on <= danish_day(at):
                situations.confirm_proposal(proposal, details, by=by, at=at)

    def _end_job(self, person: str, days_ago: int, _at: datetime) -> None:
        for spell in self._open_jobs(citizen_named(person)):
            self._end(spell, days_ago, _at)

    def _open_jobs(self, citizen: Citizen) -> Iterator[Spell]:
        for spell in queries.spells_of(citizen.id):
            if spell.kind is SpellKind.ORDINARY_WORK and spell.until_on is None:
                yield spell
