"""The talks of the demo after somebody was hired: held when they were due, but the last one, which waits."""

from datetime import datetime
from typing import Final

import sqlalchemy as sa

from portal.base.clock import danish_day
from portal.base.database import db
from portal.demo.world import World
from portal.interventions.aftercare.models import AfterHired, JobTalk, StillThere
from portal.interventions.aftercare.queries import OPEN
from portal.interventions.aftercare.services import TalkDetails, hold_talk

LEFT_OPEN_DAYS: Final = 40
"""Talks that were due within this time have not been held yet."""
EVERY: Final = 5
"""Days from one look at the list to the next."""
SAID: Final = {1: AfterHired.GOES_ON, 3: AfterHired.MORE_HOURS, 6: AfterHired.NO_HELP}


class Aftercare:
    """Holds what is due, as a consultant who looks at the list now and then would."""

    def __init__(self, world: World) -> None:
        self.world, self.time = world, world.time

    def plan(self) -> None:
        for days_ago in range(self.time.days, LEFT_OPEN_DAYS, -EVERY):
            self.time.plan(days_ago, self._hold_due)

    def _hold_due(self, at: datetime) -> None:
        today = danish_day(at)
        due = sa.select(JobTalk).where(JobTalk.due_on <= today, *OPEN).order_by(JobTalk.due_on, JobTalk.id)
        for talk in db.session.scalars(due).all():
            by = self.world.consultant_of(talk.citizen.municipality_id)
            hours = talk.placement.hours_at_end + (5 if talk.months == max(SAID) else 0)
            said = TalkDetails(today, StillThere.YES, SAID[talk.months], hours_per_week=hours)
            hold_talk(talk, said, seen_version=talk.version, by=by, at=at)
