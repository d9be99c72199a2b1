"""How long an employer knows the people it was shown, by the rows of the day it asks. Source: docs/rules.md#names"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from portal.base.clock import DANISH_TIME
from portal.shared.rules.queries import standing_values_on

AFTER_PLACEMENT = "names-after-placement"
IN_PROPOSALS = "names-in-proposals"


@dataclass(frozen=True)
class NamesKept:
    """What is young enough on a day to be known still."""

    ended_since: date
    """A placement that ended on that day or later."""
    answered_since: datetime
    """A proposal without a placement that was last answered then or later."""


def names_kept_on(day: date) -> NamesKept:
    """Where the book has no row for the day, names go with the placement, and proposals the day after."""
    days = standing_values_on((AFTER_PLACEMENT, IN_PROPOSALS), day)
    return NamesKept(
        ended_since=day - timedelta(days=int(days.get(AFTER_PLACEMENT, 0))),
        answered_since=datetime.combine(
            day - timedelta(days=int(days.get(IN_PROPOSALS, 0))), time.min, DANISH_TIME
        ),
    )
