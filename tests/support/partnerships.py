"""The partnerships that count: what the figure is the length of."""

from collections.abc import Iterable
from datetime import date, datetime

from portal.base.terms import Industry
from portal.loop.employers.models import Employer
from portal.loop.partnerships.counting import PartnershipStanding, standing_on_days


def counting_on(
    municipality_id: int, day: date, *, known_at: datetime | None = None
) -> list[PartnershipStanding]:
    return counting_on_days(municipality_id, [day], known_at=known_at)[day]


def counting_on_days(
    municipality_id: int, days: Iterable[date], *, known_at: datetime | None = None
) -> dict[date, list[PartnershipStanding]]:
    standings = standing_on_days(municipality_id, days, known_at=known_at)
    return {day: [standing for standing in listed if standing.counts] for day, listed in standings.items()}


def trade_on(employer: Employer, day: date) -> Industry | None:
    """As its rows say that stand; None before it came."""
    standing = (trade for trade in reversed(employer.trades) if trade.replaced_at is None)
    return next((trade.industry for trade in standing if trade.from_on <= day), None)
