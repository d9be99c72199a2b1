"""What is changed in a placement of the demo while it runs: it is extended, paused, or goes on in another form."""

from dataclasses import replace
from datetime import datetime, timedelta

from portal.base.clock import danish_day
from portal.demo.script import ScriptedChange
from portal.loop.placements.agreed import DAY, Agreed
from portal.loop.placements.changes import Wish, change_placement
from portal.loop.placements.findings import PlacementTerms
from portal.loop.placements.going_on import go_on
from portal.loop.placements.models import ChangeKind, Placement
from portal.shared.accounts.models import User
from portal.shared.rules.law.case import Grounds

DAYS_TO_A_PAUSE = 5
"""From the day on which it is agreed."""


def change(placement: Placement, scripted: ScriptedChange, *, by: User, at: datetime) -> None:
    """Extend or pause it, by the weeks of the script; VITAS is still to be told."""
    agreed, weeks = Agreed.of(placement), timedelta(weeks=scripted.weeks)
    if scripted.kind is ChangeKind.EXTENDED:
        from_on = agreed.ends_on + DAY
        agreed = replace(agreed, ends_on=agreed.ends_on + weeks)
    else:
        from_on = danish_day(at) + timedelta(days=DAYS_TO_A_PAUSE)
        agreed = replace(agreed, pauses=((from_on, from_on + weeks - DAY),))
    wish = Wish(scripted.kind, agreed, from_on, scripted.reason)
    change_placement(placement, wish, seen_version=placement.version, by=by, at=at)


def continue_in(
    placement: Placement, scripted: ScriptedChange, grounds: Grounds, *, by: User, at: datetime
) -> Placement:
    """What it goes on in, from the day after its last."""
    assert scripted.form is not None
    starts_on = placement.ends_on + DAY
    terms = PlacementTerms(
        scripted.form,
        scripted.hours_per_week,
        starts_on,
        starts_on + timedelta(weeks=scripted.weeks, days=-1),
        grounds=grounds,
    )
    return go_on(placement, terms, young={}, by=by, at=at)
