"""What the pages of a citizen say of her courses: the consultant's, and her own in her language."""

from typing import Any

from portal.base import clock
from portal.interventions.courses import queries
from portal.interventions.courses.models import SeatStatus
from portal.loop.citizens.models import Citizen
from portal.shared.accounts.models import User
from portal.web.permissions import Action


def beside_citizen(citizen: Citizen, reader: User) -> dict[str, Any] | None:
    """Her courses and seats, for who may see them."""
    if not reader.may(Action.RECORD_EFFORTS):
        return None
    return {"seats": queries.seats_of_citizen(citizen.id)}


def hers(citizen: Citizen, _reader: User) -> dict[str, Any] | None:
    """Her own courses, the next first; what she stopped or wished in vain she finds in all that is stored of her."""
    today = clock.today()
    shown = [
        seat
        for seat in queries.seats_of_citizen(citizen.id)
        if seat.status is not SeatStatus.STOPPED
        and not seat.run.is_cancelled
        and (seat.status is not SeatStatus.WISHED or seat.run.last_day >= today)
    ]
    if not shown:
        return None
    return {"seats": sorted(shown, key=lambda seat: (seat.status is SeatStatus.PASSED, seat.run.first_day))}
