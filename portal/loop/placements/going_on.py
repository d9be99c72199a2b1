"""A placement goes on in another form, in one thread: praktik, then løntilskud, then hours that are paid."""

from datetime import datetime

from portal.base import events
from portal.loop.placements import changes, follow_ups, services
from portal.loop.placements.findings import PlacementTerms
from portal.loop.placements.models import Placement
from portal.shared.accounts.models import User


def go_on(
    placement: Placement,
    terms: PlacementTerms,
    *,
    young: dict[str, object],
    stop_reason: str = "",
    by: User,
    at: datetime,
) -> Placement:
    """Plan what it goes on in. It ends the day before, and what the three expect is to be said anew.

    The follow-ups of the days after that are agreed of the new one. `terms.young` is not asked: `young` are the
    answers as they are kept.

    Raises WrongStep unless it is running, GoesOnTooEarly, EndsInThePast, and as plan_placement.
    """
    ahead = [talk for talk in placement.follow_ups if talk.is_open and talk.due_on >= terms.starts_on]
    for talk in ahead:
        follow_ups.call_off(talk, by=by, at=at)
    changes.make_room_for(placement, terms.form, terms.starts_on, by=by, at=at)
    new = services.plan_placement(
        placement.review,
        form=terms.form,
        hours_per_week=terms.hours_per_week,
        starts_on=terms.starts_on,
        ends_on=terms.ends_on,
        long_reason=terms.long_reason,
        stop_reason=stop_reason,
        grounds=terms.grounds,
        young=young,
        continues=placement,
        by=by,
        at=at,
    )
    first, last = follow_ups.days_for(new)
    for talk in ahead:
        if first <= talk.due_on <= last:
            follow_ups.add_follow_up(new, due_on=talk.due_on, by=by, at=at)
    change = changes.last_of_terms(placement)
    events.placement_changed.send(placement, change=change, by=by, at=at)
    return new
