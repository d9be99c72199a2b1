"""The partnerships that count: what the figure is the length of."""

from collections.abc import Iterable
from datetime import date

from portal.loop.partnerships.counting import PartnershipStanding, standing_on_days


def counting_on(municipality_id: int, day: date) -> list[PartnershipStanding]:
    return counting_on_days(municipality_id, [day])[day]


def counting_on_days(municipality_id: int, days: Iterable[date]) -> dict[date, list[PartnershipStanding]]:
    standings = standing_on_days(municipality_id, days)
    return {day: [standing for standing in listed if standing.counts] for day, listed in standings.items()}
